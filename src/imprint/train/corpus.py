"""Checks of the corpus beyond its schema, and the figures of its datasheet: `imprint train extractor --check-data`."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.data.talk import Form, Label, Said, Talk
from imprint.encode.base import Encoder
from imprint.study.bank import load_kinds
from imprint.types import Progress

TOO_NEAR = 0.95
"""Likeness of two turns above which one of them is a copy."""
OPENING = 3
"""Words of a frame's opening."""
MOST_ALIKE, SHARE_ALIKE = 12, 0.003
"""Most turns that may open with the same words: so many, or this share of all."""


@dataclass(frozen=True)
class Checked:
    """What is wrong, a line each, and what the corpus is like."""

    problems: tuple[str, ...]
    figures: dict[str, float]


def check_corpus(talk: Talk, encoder: Encoder, progress: Progress) -> Checked:
    """Every rule that a machine can check. The schema itself is checked as the files are read."""
    problems = [problem for one in talk.said if one.told is not None for problem in _label(one, one.told)]
    problems += _repeated(talk.said)
    problems += [f"split.json: there is no kind {kind!r}" for kind in talk.split["unseen"] if kind not in load_kinds()]
    if not talk.said:
        return Checked((*problems, "there is no turn in the corpus"), {})
    progress.start("compare turns", len(talk.said))
    rows = []
    for one in talk.said:
        rows.append(encoder.encode([one.text])[0])
        progress.advance(len(rows))
    near, other = _nearest(torch.stack(rows))
    for i, likeness in enumerate(near):
        if likeness > TOO_NEAR and i < other[i]:
            problems.append(f"{talk.said[i].id} and {talk.said[other[i]].id} say nearly the same ({likeness:.2f})")
    return Checked(tuple(problems), _figures(talk, near))


def _label(one: Said, label: Label) -> Iterator[str]:
    kinds = load_kinds()
    for kind, about in ((label.kind, label.about), *label.also):
        if kind not in kinds:
            yield f"{one.id}: there is no kind {kind!r} in the question bank"
        elif bool(about) != bool(kinds[kind].about):
            yield f"{one.id}: the kind {kind} {'needs an about' if not about else 'takes no about'}"
    if len({question.lower() for question in label.questions}) < 3:
        yield f"{one.id}: two of its questions are the same"
    for question in (*label.questions, label.situation):
        if len(label.value) > 3 and label.value.lower() in question.lower():
            yield f"{one.id}: a question or the situation gives the value away"
    if one.form == "change" and not label.changes:
        yield f"{one.id}: the form is change, and yet nothing changes"
    if one.form == "answer" and not one.before:
        yield f"{one.id}: an answer needs the line before it"


def _repeated(said: Sequence[Said]) -> Iterator[str]:
    texts = Counter(" ".join(one.text.lower().split()) for one in said)
    yield from (f"{count} turns say {text!r}" for text, count in texts.items() if count > 1)
    ids = Counter(one.id for one in said)
    yield from (f"the id {id} stands {count} times" for id, count in ids.items() if count > 1)
    openings = Counter(" ".join(_words(one.text)[:OPENING]) for one in said)
    most = max(MOST_ALIKE, SHARE_ALIKE * len(said))
    yield from (f"{n} turns open with {words!r}" for words, n in openings.items() if n > most)


def _nearest(rows: Float[Tensor, "n e"]) -> tuple[list[float], list[int]]:
    """For each row, likeness and number of the row most like it."""
    likeness: list[float] = []
    other: list[int] = []
    for start in range(0, len(rows), 512):
        near = rows[start : start + 512] @ rows.T
        near[torch.arange(len(near)), torch.arange(start, start + len(near))] = -1
        best = near.max(1)
        likeness += best.values.tolist()
        other += best.indices.tolist()
    return likeness, other


def _figures(talk: Talk, near: Sequence[float]) -> dict[str, float]:
    told = [one for one in talk.said if one.told is not None]
    labels = [one.told for one in told if one.told is not None]
    ordered = sorted(near)
    found: dict[str, float] = {
        "turns": len(talk.said),
        "voices": len(talk.voices),
        "telling": len(told) / max(len(talk.said), 1),
        "kinds": len({label.kind for label in labels}),
        "abouts": len({(label.kind, label.about) for label in labels}),
        "values": len({label.value.lower() for label in labels}),
        "changes": sum(label.changes for label in labels) / max(len(told), 1),
        "after an assistant's line": sum(bool(one.before) for one in talk.said) / len(talk.said),
        "words a turn": sum(len(_words(one.text)) for one in talk.said) / len(talk.said),
        "nearest neighbour, median": ordered[len(ordered) // 2],
        "nearest neighbour, 95th percentile": ordered[int(0.95 * len(ordered))],
        "nearest neighbour, highest": ordered[-1],
    }
    for n in (1, 2, 3):
        grams = [gram for one in talk.said for gram in _grams(_words(one.text), n)]
        found[f"distinct-{n}"] = len(set(grams)) / max(len(grams), 1)
    openings = Counter(" ".join(_words(one.text)[:OPENING]) for one in talk.said)
    found["turns sharing their first three words"] = sum(n for n in openings.values() if n > 1) / len(talk.said)
    forms = Counter(one.form for one in talk.said)
    found["fewest turns of a form"] = min(forms[form] for form in get_args(Form))
    return {name: float(figure) for name, figure in found.items()}


def _grams(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w'’]+", text.lower())
