"""How well readers understand natural talk: the corpus's own labels against what each reader takes out of a turn."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from imprint.data.talk import Label, Part, Said, Talk
from imprint.evals.families import family_of
from imprint.evals.stats import Interval, ratio, resamples
from imprint.study.extractor.abouts import same_about, same_value
from imprint.study.reader import Reader, Understood
from imprint.study.rewrite import second_person
from imprint.types import Progress

HEADLINE = "value"
BINS = 10
"""Of equal width, for the reliability of a reader's `sure`."""
Parts = tuple[float, float]


@dataclass(frozen=True)
class Outcome:
    """What a reader made of one turn."""

    said: Said
    tells: float
    read: tuple[Understood, ...]
    milliseconds: float


def read_all(said: Sequence[Said], reader: Reader, progress: Progress) -> list[Outcome]:
    """Every turn through the reader, one at a time, as a conversation brings them."""
    return list(read_each(said, reader, progress))


def read_each(said: Sequence[Said], reader: Reader, progress: Progress) -> Iterator[Outcome]:
    """As `read_all`, for a reader that may stop."""
    progress.start(f"read with {reader.id}", len(said))
    for number, one in enumerate(said, 1):
        began = time.perf_counter()
        tells, read = reader.understand(one.text, one.before)
        yield Outcome(one, tells, read, 1000 * (time.perf_counter() - began))
        progress.advance(number)


def about_right(label: Label, read: Understood) -> bool:
    """The kind is one that the label takes, and so is what fills it. A kind of the bank named "about" takes a noun."""
    return any(
        kind == read.kind and (not about or same_about(about, read.about))
        for kind, about in ((label.kind, label.about), *label.also)
    )


def value_right(label: Label, read: Understood) -> bool:
    """The value of one of the label's readers."""
    wanted = [value for value in (label.value, label.second) if value]
    # The rules hand values back in the second person.
    return any(same_value(read.value, value) or same_value(read.value, second_person(value)) for value in wanted)


def parts_of(one: Outcome) -> dict[str, Parts]:
    """Each score as numerator and denominator: sums over turns make the mean. Of several facts the best counts."""
    told, spoke = one.said.told, bool(one.read)
    if told is None:
        return {"tells_f1": (0.0, float(spoke)), "tells_precision": (0.0, float(spoke)), "false": (float(spoke), 1.0)}
    value = any(value_right(told, read) for read in one.read)
    about = any(about_right(told, read) for read in one.read)
    both = any(about_right(told, read) and value_right(told, read) for read in one.read)
    changes = any(read.changes for read in one.read)
    parts = {
        "tells_f1": (2.0 * spoke, 1.0 + spoke),
        "tells_precision": (float(spoke), float(spoke)),
        "tells_recall": (float(spoke), 1.0),
        "value": (float(value), 1.0),
        "about": (float(about), 1.0),
        "both": (float(both), 1.0),
        "facts": (float(len(one.read)), 1.0),
        "polarity": (float(any(read.polarity == told.polarity for read in one.read)), 1.0),
        "changes_precision": (float(changes and told.changes), float(changes)),
    }
    return {**parts, "changes": (float(changes), 1.0)} if told.changes else parts


def scored(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """Every score of a reader with its interval."""
    return intervals([(one.said, parts_of(one)) for one in outcomes])


def intervals(rows: Sequence[tuple[Said, Mapping[str, Parts]]]) -> dict[str, Interval]:
    """Each name's mean over the turns that have it, with its interval; voices are drawn first, then their turns."""
    found = {}
    for name in sorted({name for _, parts in rows for name in parts}):
        having = [(said, parts[name]) for said, parts in rows if name in parts]
        if sum(part[1] for _, part in having):
            found[name] = ratio([part for _, part in having], resamples([said.voice for said, _ in having]))
    return found


def reliability(outcomes: Sequence[Outcome]) -> list[list[float]]:
    """[mean of `sure`, share that was right, turns] of each bin that holds any, over the telling turns read."""
    rows = [(one.read[0].sure, _right(one)) for one in outcomes if one.said.told is not None and one.read]
    bins = []
    for number in range(BINS):
        inside = [row for row in rows if min(int(BINS * row[0]), BINS - 1) == number]
        if inside:
            sure, right = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            bins.append([sure, right, float(len(inside))])
    return bins


def _right(one: Outcome) -> float:
    assert one.said.told is not None
    return float(about_right(one.said.told, one.read[0]) and value_right(one.said.told, one.read[0]))


def arm_of(talk: Talk, outcomes: Sequence[Outcome], method: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """One reader as a row of a result file: scores over the part, by form, register, variety and what is told."""
    main = [one for one in outcomes if talk.part_of(one.said) != "unseen"]
    scores: dict[str, Any] = {name: asdict(found) for name, found in scored(main).items()}
    spent = median(one.milliseconds for one in outcomes)
    scores["milliseconds"] = {"mean": spent, "low": None, "high": None, "n": len(outcomes)}
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        voice = talk.voices[one.said.voice]
        if talk.part_of(one.said) == "unseen":
            groups.setdefault("kinds never trained on", []).append(one)
        elif one.said.told is not None:
            named = (one.said.form, f"register: {voice.register}", f"variety: {voice.variety}")
            for name in (*named, f"told: {family_of(one.said.told.kind)}"):
                groups.setdefault(name.replace("_", " "), []).append(one)
    found = {name: scored(group) for name, group in sorted(groups.items())}
    kinds = {
        score: {name: asdict(group[score]) for name, group in found.items() if score in group}
        for score in (HEADLINE, "about")
    }
    return {
        "method": method,
        "settings": dict(settings),
        "scores": scores,
        "kinds": kinds,
        "cost": {},
        "reliability": reliability(main),
    }


def turns_of(talk: Talk, part: Part) -> list[Said]:
    """The turns a part is measured on; with the test voices come the kinds that no training turn tells."""
    return talk.part(part) + (talk.part("unseen") if part == "test" else [])
