"""Trains how the reader of talk finds what a question asks for: `study/extractor/asking.py`."""

import random
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from imprint.encode.base import Encoder
from imprint.methods.parts.nullkeys import shared_null_keys
from imprint.study.bank import null_wordings
from imprint.study.extractor.asking import ALIKE, Asking
from imprint.train.logistic import logistic
from imprint.train.samples import Sample

SCALE = 20.0
"""Factor on unit vectors, so that a weight of ordinary size tells them apart."""
DECAY = 1e-3
NOT_ABOUT_THEM = ("task", "question", "present_task", "smalltalk", "opinion")
"""Forms of turns that ask for nothing about the user."""
TOLD, UNTOLD, DRAWS = 14, 10, 6
"""Things told and asked for, things only asked for, and how often they are drawn from each voice: the odds."""


def fit_asking(
    encoder: Encoder, kinds: Sequence[str], train: Sequence[Sample], dev: Sequence[tuple[Sample, Tensor]]
) -> Asking:
    """The map on the bank's wordings, the training turns' questions and the turns that tell nothing; the odds on dev.

    dev: turns with what the trained reader foresees of them, see `foreseen_row`.
    """
    quiet = [one.said.text for one in train if one.said.form in NOT_ABOUT_THEM]
    vectors, right = _asked(encoder, kinds, train, quiet)
    linear = torch.nn.Linear(vectors.shape[1], len(kinds) + 1)
    for one in linear.parameters():
        torch.nn.init.zeros_(one)
    optimizer = torch.optim.LBFGS(linear.parameters(), max_iter=60, history_size=10)

    def loss() -> float:
        optimizer.zero_grad()
        found = torch.nn.functional.cross_entropy(SCALE * linear(vectors), right)
        found = found + DECAY * linear.weight.pow(2).sum()
        found.backward()
        return found.item()

    optimizer.step(loss)
    weight, bias = (SCALE * linear.weight.detach()).half().float(), (SCALE * linear.bias.detach()).half().float()
    asking = Asking(weight, bias, (1.0, 1.0, -1.0, 0.0))
    return Asking(weight, bias, _odds(encoder, asking, dev)) if any(one.kinds for one, _ in dev) else asking


def _asked(
    encoder: Encoder, kinds: Sequence[str], train: Sequence[Sample], quiet: Sequence[str]
) -> tuple[Float[Tensor, "q e"], Int[Tensor, " q"]]:
    """Vectors of what is asked, and the number of the kind it asks for; the last number is for none."""
    number, none = {kind: i for i, kind in enumerate(kinds)}, len(kinds)
    bank = null_wordings()
    vectors = [shared_null_keys(encoder).encode([wording.text for wording in bank]).float()]
    right = [number.get(wording.kind, none) for wording in bank]
    for one in train:
        if one.asked is not None and one.kinds:
            vectors.append(one.asked)
            right += [one.kinds[0]] * len(one.asked)
    vectors.append(encoder.encode(quiet))
    return torch.cat(vectors), torch.tensor(right + [none] * len(quiet))


def _odds(encoder: Encoder, asking: Asking, dev: Sequence[tuple[Sample, Tensor]]) -> tuple[float, float, float, float]:
    """Logistic fit over made-up memories, each of one voice: what was told, what was not, and what is no question."""
    draw = random.Random(0)
    voices: dict[str, list[tuple[Sample, Tensor]]] = {}
    for one in dev:
        voices.setdefault(one[0].said.voice, []).append(one)
    quiet = encoder.encode([one.said.text for one, _ in dev if one.said.form in NOT_ABOUT_THEM])
    rows, told = [], []
    for own in voices.values():
        telling = [one for one in own if one[0].kinds and one[0].asked is not None]
        if not telling:
            continue
        for _ in range(DRAWS):
            draw.shuffle(telling)
            known, rest = telling[:TOLD], telling[TOLD:]
            kinds = {kind for one, _ in known for kind in one.kinds}
            others = [one for one, _ in rest if not kinds & set(one.kinds)][:UNTOLD]
            foreseen = torch.stack([row for _, row in known])
            about = [one.asked for one, _ in known if one.asked is not None]
            asked = torch.cat([*about, *(one.asked[:1] for one in others if one.asked is not None), quiet])
            rows += _evidence(asking, asked, foreseen)
            told += [1.0] * sum(map(len, about)) + [0.0] * (len(asked) - sum(map(len, about)))
    a, m, n, offset = logistic(np.array(rows), np.array(told))
    return a, m, n, offset


def _evidence(asking: Asking, asked: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]) -> list[list[float]]:
    alike, meet, none = asking.evidence(asked, foreseen)
    best = (ALIKE * alike + meet).argmax(1, keepdim=True)
    columns = [alike.gather(1, best)[:, 0], meet.gather(1, best)[:, 0], none, torch.ones(len(asked))]
    return torch.stack(columns, 1).tolist()
