"""Generation, one forward a step for the whole batch: streamed pieces, or whole replies."""

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from imprint.backbone.base import Backbone, Request, Sampling
from imprint.backbone.head import Head
from imprint.backbone.inject import Batch, build
from imprint.backbone.stream import TextStream
from imprint.types import ImprintError

Reason = Literal["eos", "stop", "length", "broken"]
"""broken: the row's logits were not numbers."""
FEW = 256
"""Tokens looked at first for top_p."""


class Broken(ImprintError):
    """A row's logits are not numbers, mostly because its memory is damaged."""

    def __init__(self) -> None:
        super().__init__("the model's output for this request is not a number", "Make the memory anew: imprint sleep")


@dataclass(frozen=True)
class Piece:
    """One token of one row. The texts of a row's pieces, joined, are its reply."""

    row: int
    text: str
    """What became certain with this token; often empty."""
    token: int
    done: bool = False
    """The row's last piece."""
    reason: Reason | None = None
    """Why the row ended; None while it goes on."""


@dataclass(frozen=True)
class Reply:
    """What a row generated."""

    text: str
    tokens: tuple[int, ...]
    """Generated ids, the end token included."""
    reason: Reason
    dropped: int
    """Oldest messages cut because the window was full."""
    prompt_tokens: int
    soft_tokens: int
    """Positions the memory took besides text."""


def generate(backbone: Backbone, requests: Sequence[Request]) -> Iterator[Piece]:
    """Pieces of all rows as they come. A row's result does not depend on its neighbours' seeds or memories.

    Raises ImprintError, at the call, on invalid sampling values, a memory made for another model or a message
    that does not fit; Broken on the way.
    """
    return _stream(backbone, requests, _prepare(backbone, requests)) if requests else iter(())


def reply(backbone: Backbone, requests: Sequence[Request], head: Head | None = None) -> list[Reply]:
    """Whole replies, in the order of the requests; `head` as for `build`. Errors as `generate`."""
    if not requests:
        return []
    batch = _prepare(backbone, requests, head)
    texts: list[list[str]] = [[] for _ in requests]
    tokens: list[list[int]] = [[] for _ in requests]
    reasons: list[Reason] = ["length" for _ in requests]
    for piece in _stream(backbone, requests, batch):
        texts[piece.row].append(piece.text)
        tokens[piece.row].append(piece.token)
        reasons[piece.row] = piece.reason or reasons[piece.row]
    return [
        Reply(
            "".join(texts[i]),
            tuple(tokens[i]),
            reasons[i],
            prompt.dropped,
            len(prompt.ids),
            batch.soft_tokens[i],
        )
        for i, prompt in enumerate(batch.prompts)
    ]


def check_sampling(s: Sampling) -> None:
    """Raise ImprintError on a value that means nothing."""
    if s.max_new_tokens < 1:
        raise ImprintError(f"max_new_tokens is {s.max_new_tokens}", "Ask for 1 or more")
    if not (math.isfinite(s.temperature) and s.temperature >= 0):
        raise ImprintError(f"temperature is {s.temperature}", "Use 0 (greedy) or a positive number")
    if not 0 < s.top_p <= 1:
        raise ImprintError(f"top_p is {s.top_p}", "Use a number above 0, at most 1")
    if not -(1 << 63) <= s.seed < 1 << 63:
        raise ImprintError("seed does not fit 64 bits", "Use a smaller one")
    if any(not stop for stop in s.stop):
        raise ImprintError("a stop string is empty", "Leave it out")


@torch.no_grad()
def _prepare(backbone: Backbone, requests: Sequence[Request], head: Head | None = None) -> Batch:
    for request in requests:
        check_sampling(request.sampling)
    return build(backbone, requests, head)


def _stream(backbone: Backbone, requests: Sequence[Request], batch: Batch) -> Iterator[Piece]:
    rows = [Row(backbone, request.sampling) for request in requests]
    steps = max(r.sampling.max_new_tokens for r in requests)
    # The whole mask at once: a step looks at a slice of it instead of making a longer one.
    mask = torch.cat([batch.mask, batch.mask.new_ones(len(rows), steps)], dim=1)
    seen = batch.mask.shape[1]
    entering = batch.rows
    for _ in range(steps):
        logits = step(backbone, batch.adapters, entering, mask[:, :seen], batch.cache)
        tokens = choose(logits, rows)
        for i, (row, token) in enumerate(zip(rows, tokens.tolist(), strict=True)):
            if not row.done:
                piece = row.take(i, token)
                if piece.reason == "broken":
                    raise Broken
                yield piece
        if all(row.done for row in rows):
            return
        # A finished row stays in the batch and is fed its own last choice; nobody reads it.
        entering, seen = _embed(backbone, tokens), seen + 1


# These two switch gradients off inside the call only: around a `yield` they would be off for the caller too.
@torch.no_grad()
def step(
    backbone: Backbone,
    adapters: AbstractContextManager[None],
    rows: Float[Tensor, "b t d"],
    mask: Bool[Tensor, "b s"],
    cache: Any,
) -> Float[Tensor, "b v"]:
    """Logits of the next token of each row; `cache` is extended by `rows`."""
    with adapters:
        return backbone.forward(rows, mask, cache, last_only=True)[:, -1]


@torch.no_grad()
def _embed(backbone: Backbone, tokens: Int[Tensor, " b"]) -> Float[Tensor, "b 1 d"]:
    return backbone.embed(tokens[:, None])


class Row:
    """One row under way: its random numbers, its text, how far it is."""

    def __init__(self, backbone: Backbone, sampling: Sampling) -> None:
        self.sampling = sampling
        self.random = torch.Generator().manual_seed(sampling.seed)
        self.done = False
        self.broken = False
        """Its last logits were not numbers."""
        self._eos = backbone.eos
        self._text = TextStream(backbone.detokenize, sampling.stop)
        self._count = 0

    def take(self, row: int, token: int) -> Piece:
        """The piece that this token makes; `done` once the row ends with it."""
        if self.broken:
            self.done = True
            return Piece(row, "", token, True, "broken")
        self._count += 1
        text, reason = "", None
        if token in self._eos:
            reason = "eos"
        else:
            text = self._text.push(token)
            if self._text.stopped:
                reason = "stop"
            elif self._count == self.sampling.max_new_tokens:
                reason = "length"
        if reason in ("eos", "length"):
            text += self._text.flush()
            reason = "stop" if self._text.stopped else reason
        self.done = reason is not None
        return Piece(row, text, token, self.done, reason)


def choose(logits: Float[Tensor, "b v"], rows: Sequence[Row]) -> Int[Tensor, " b"]:
    """The next token of each row, as its sampling says. A row whose logits are not numbers becomes `broken`."""
    tokens = logits.argmax(-1)
    # -inf among others is a token that cannot be; NaN and +inf show in the largest.
    for i, (row, right) in enumerate(zip(rows, logits.amax(-1).isfinite().tolist(), strict=True)):
        row.broken = not right
        if right and row.sampling.temperature > 0 and not row.done:
            tokens[i] = _sample(logits[i], row.sampling, row.random)
    return tokens


def _sample(logits: Float[Tensor, " v"], sampling: Sampling, random: torch.Generator) -> int:
    """One draw by inverting the cumulative distribution: one random number a token, whatever top_p leaves."""
    scores = logits.double().cpu()
    # The largest first becomes 0, which no temperature, however small, makes infinite.
    probabilities = torch.softmax((scores - scores.max()) / sampling.temperature, -1)
    ids = torch.arange(len(probabilities))
    if sampling.top_p < 1:
        probabilities, ids = _nucleus(probabilities, sampling.top_p)
    mass = probabilities.cumsum(-1)
    draw = torch.rand((), generator=random, dtype=torch.float64) * mass[-1]
    # right=True never lands on a token of probability 0; the clamp is for a draw that rounds up to the end.
    chosen = int(torch.searchsorted(mass, draw, right=True))
    return int(ids[min(chosen, int(probabilities.nonzero()[-1]))])


def _nucleus(probabilities: Float[Tensor, " v"], top_p: float) -> tuple[Float[Tensor, " n"], Int[Tensor, " n"]]:
    """The smallest set of tokens whose mass reaches top_p, likeliest first (arXiv 1904.09751).

    A token stays if the mass before it is below top_p.
    """
    # Sorting a whole vocabulary takes longer than all else here, and the likeliest few nearly always suffice.
    top, ids = probabilities.topk(min(FEW, len(probabilities)))
    if float(top.sum()) < top_p:
        top, ids = probabilities.sort(descending=True)
    keep = top.cumsum(-1) - top < top_p
    return top[keep], ids[keep]
