"""The question bank grown from the corpus: how people there ask for each kind of fact, and when it should matter."""

import json
import re
from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.data.talk import Said, Talk
from imprint.encode.base import Encoder
from imprint.study.bank import Kind, filled, written_kinds

MOST = 16
"""Wordings taken from the corpus for a kind."""
MOST_SITUATIONS = 6
TOO_NEAR = 0.93
"""Likeness to a wording that the bank has already."""


def asked_in(talk: Talk, encoder: Encoder) -> str:
    """The text of `study/bank/asked.toml`: wordings and situations of the part train, most different first.

    Wordings that name what they are about get {about} in its place; those of a kind with {about} that do not name it
    are left out. Turns of the other parts give nothing.
    """
    said = talk.part("train")
    tables = []
    for name, kind in written_kinds().items():
        told = [one for one in said if one.told is not None and one.told.kind == name]
        wordings = _different(encoder, list(kind.ask), list(dict.fromkeys(_wordings(kind, told))), MOST)
        situations = _different(encoder, [], [one.told.situation for one in told if one.told], MOST_SITUATIONS)
        if wordings:
            tables.append(f"[{name}]\nask = [\n{_listed(wordings)}]\nsituations = [\n{_listed(situations)}]\n")
    return "# Made by `imprint train bank --data data/talk`; CC BY 4.0, as the corpus.\n\n" + "\n".join(tables)


def _wordings(kind: Kind, told: Sequence[Said]) -> Iterator[str]:
    for one in told:
        assert one.told is not None
        for question in one.told.questions:
            if "{" in question:
                continue
            if not kind.about:
                yield question
                continue
            open_question, found = re.subn(rf"(?i)\b{re.escape(one.told.about)}\b", "{about}", question)
            if found == 1 and not re.search(r"\b(?:a|an) \{about\}", open_question):
                yield open_question


def _different(encoder: Encoder, known: list[str], offered: list[str], most: int) -> list[str]:
    """At most `most` of the offered texts, each time the one least like all that is there."""
    if not offered:
        return []
    rows = encoder.encode([filled(text, "it") for text in offered])
    near: Float[Tensor, " o"] = torch.full((len(offered),), -1.0)
    if known:
        near = (rows @ encoder.encode([filled(text, "it") for text in known]).T).max(1).values
    chosen: list[int] = []
    while len(chosen) < min(most, len(offered)):
        best = int(near.argmin())
        if near[best] > TOO_NEAR:
            break
        chosen.append(best)
        near = torch.maximum(near, rows @ rows[best])
        near[best] = 2.0
    return [offered[i] for i in chosen]


def _listed(texts: Sequence[str]) -> str:
    return "".join(f"    {json.dumps(text, ensure_ascii=False)},\n" for text in texts)
