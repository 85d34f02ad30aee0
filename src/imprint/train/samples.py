"""Turns of the corpus ready for training the reader: tokens and targets as numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.data.talk import Label, Said
from imprint.encode.minilm import MiniLM, Pair
from imprint.study.bank import filled, load_kinds
from imprint.study.extractor.abouts import normal_about


@dataclass(frozen=True)
class Sample:
    """One turn: what the network reads, and what it should say."""

    said: Said
    pair: Pair
    kinds: tuple[int, ...] = ()
    """Numbers of the kinds that are right; empty for a turn that tells nothing."""
    value: tuple[int, int] = (0, 0)
    """First and last token of the value."""
    about: tuple[int, int] = (0, 0)
    """First and last token of what fills {about}; (0, 0): it does not stand in the turn."""
    filler: str = ""
    """What fills {about}, normalised; "" where the kind has none."""
    asked: Float[Tensor, "3 e"] | None = None
    """Vectors of the three questions."""


def samples(encoder: MiniLM, said: Sequence[Said], kinds: Sequence[str], done: Callable[[int], None]) -> list[Sample]:
    """The turns with their targets. A label of a kind that is not among `kinds` has no kind target."""
    made = []
    number = {kind: i for i, kind in enumerate(kinds)}
    for one in said:
        pair = encoder.pair(one.before, one.text)
        made.append(Sample(one, pair, **_targets(encoder, one, pair, number)))
        done(len(made))
    return made


def _targets(encoder: MiniLM, one: Said, pair: Pair, number: Mapping[str, int]) -> dict[str, Any]:
    label = one.told
    if label is None:
        return {}
    value = _span(pair, label.start, label.start + len(label.value))
    right = tuple(number[kind] for kind, _ in ((label.kind, label.about), *label.also) if kind in number)
    return {
        "kinds": right,
        "value": value,
        "about": _about_span(one.text, pair, label),
        "filler": normal_about(label.about),
        "asked": encoder.encode(label.questions),
    }


def _span(pair: Pair, start: int, end: int) -> tuple[int, int]:
    inside = [i for i, place in enumerate(pair.places) if place and place[0] < end and place[1] > start]
    return (inside[0], inside[-1]) if inside else (0, 0)


def _about_span(text: str, pair: Pair, label: Label) -> tuple[int, int]:
    """Where a run of one to four words stands in the turn that is, normalised, what fills {about}."""
    wanted = normal_about(label.about)
    if not wanted:
        return (0, 0)
    words = _words(text)
    for size in (1, 2, 3, 4):
        for at in range(len(words) - size + 1):
            start, end = words[at][0], words[at + size - 1][1]
            if normal_about(text[start:end]) == wanted:
                return _span(pair, start, end)
    return (0, 0)


def _words(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        bare = word.strip('.,!?;:"()')
        if bare:
            first = start + word.index(bare)
            found.append((first, first + len(bare)))
    return found


def questions(encoder: MiniLM, kinds: Sequence[str], said: Sequence[Said]) -> list[tuple[int, Pair]]:
    """Number of a kind and a text that asks for it: the bank's wordings, the turns' questions and their situations."""
    asked = [(name, text) for name, texts in _wordings(kinds).items() for text in texts]
    for one in said:
        if one.told is not None and one.told.kind in kinds:
            asked += [(one.told.kind, text) for text in (*one.told.questions, one.told.situation)]
    number = {kind: i for i, kind in enumerate(kinds)}
    return [(number[kind], encoder.pair("", text)) for kind, text in asked]


def prototypes(encoder: MiniLM, kinds: Sequence[str], said: Sequence[Said]) -> Float[Tensor, "k e"]:
    """The mean vector of each kind's wordings in the bank and of the training turns' questions, norm 1."""
    asked = _wordings(kinds)
    for one in said:
        if one.told is not None and one.told.kind in asked:
            asked[one.told.kind] += one.told.questions
    rows = [encoder.encode(texts).mean(0) for texts in asked.values()]
    return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


def _wordings(kinds: Sequence[str]) -> dict[str, list[str]]:
    """The bank's wordings of each kind, their {about} filled with its defaults in turn."""
    asked: dict[str, list[str]] = {kind: [] for kind in kinds}
    for name, kind in load_kinds().items():
        if name in asked:
            abouts = kind.defaults or ("",)
            asked[name] += [filled(wording, abouts[i % len(abouts)]) for i, wording in enumerate(kind.ask)]
    return asked


def fillers(kinds: Sequence[str], said: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    """What fills {about} of each kind: the bank's defaults and what the training turns name."""
    found = {name: {normal_about(one) for one in load_kinds()[name].defaults} for name in kinds if name in load_kinds()}
    for one in said:
        if one.told is not None and one.told.about:
            found.setdefault(one.told.kind, set()).add(normal_about(one.told.about))
    return {kind: tuple(sorted(known)) for kind, known in found.items() if known and kind != "about"}
