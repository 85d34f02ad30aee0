"""Teacher forcing: what the frozen model, with whatever is injected, expects at each token of a given answer."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from imprint.backbone.base import Backbone, Request
from imprint.backbone.head import Head
from imprint.backbone.inject import build


@dataclass(frozen=True)
class Forced:
    """The logits of one batch over the answer positions, padded to the longest answer."""

    logits: Float[Tensor, "b a v"]
    targets: Int[Tensor, "b a"]
    """Answer token ids; -100 where a shorter answer is padded."""


def answer_ids(backbone: Backbone, answer: str) -> tuple[int, ...]:
    """Tokens of an assistant's answer, ended by the model's end token."""
    return (*backbone.tokenize(answer), min(backbone.eos))


def forced(
    backbone: Backbone,
    requests: Sequence[Request],
    answers: Sequence[Sequence[int]],
    head: Head | None = None,
    adapters: AbstractContextManager[None] | None = None,
) -> Forced:
    """Logits at every token of `answers[i]` as the reply to `requests[i]`, each given the tokens before it.

    Gradients reach what is injected. adapters: the rows' adapters where the caller has entered none yet but
    keeps them for many batches; without it they are made anew.
    """
    batch = build(backbone, requests, head)
    longest = max(len(answer) for answer in answers)
    padded = torch.tensor([[*answer, *[-100] * (longest - len(answer))] for answer in answers])
    entered = padded[:, :-1]
    rows = torch.cat([batch.rows, backbone.embed(entered.clamp(min=0)).to(batch.rows)], 1)
    mask = torch.cat([batch.mask, (entered != -100).to(batch.mask.device)], 1)
    with adapters or batch.adapters:
        states = backbone.hidden(rows, mask, batch.cache)
    return Forced(backbone.logits(states[:, batch.rows.shape[1] - 1 :]), padded)


def log_likelihoods(out: Forced) -> list[tuple[float, int]]:
    """(sum of log p over the answer's tokens, in nats; number of tokens) of each row."""
    real = out.targets != -100
    chosen = out.logits.log_softmax(-1).gather(2, out.targets.clamp(min=0)[..., None])[..., 0]
    return [(float(row[keep].double().sum()), int(keep.sum())) for row, keep in zip(chosen, real, strict=True)]
