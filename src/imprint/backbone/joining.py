"""Decoding that requests join between steps: a batch whose rows come and go, one forward a step for all of them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from imprint.backbone.base import Backbone, Request
from imprint.backbone.decode import Piece, Row, check_sampling, choose, step
from imprint.backbone.inject import build
from imprint.tensors import Adapter, Injection


@dataclass(frozen=True)
class Joined:
    """A request that became a row."""

    piece: Piece
    """Its first token; `piece.row` is the row's number from now on."""
    prompt_tokens: int
    soft_tokens: int
    """Positions the memory took besides text."""
    dropped: int
    """Oldest messages cut because the window was full."""


@dataclass(frozen=True)
class _Live:
    number: int
    row: Row
    injection: Injection


class Decoding:
    """Rows under way. Users, memories, lengths and sampling may differ from row to row.

    A row's tokens are those it would have alone, up to sums of floats in another order (docs/architecture.md).
    """

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._live: list[_Live] = []
        self._next = 0
        self._cache: Any = None
        self._mask: Bool[Tensor, "b s"] = torch.zeros(0, 0, dtype=torch.bool)
        self._tokens: Int[Tensor, " b"] = torch.zeros(0, dtype=torch.long)
        self._adapters: AbstractContextManager[None] = backbone.adapters([])

    @property
    def rows(self) -> int:
        """How many rows go on."""
        return sum(not live.row.done for live in self._live)

    @property
    def length(self) -> int:
        """Positions of the longest row so far."""
        return self._mask.shape[1] if self.rows else 0

    @torch.no_grad()
    def join(self, requests: Sequence[Request]) -> list[Joined]:
        """Prefill the requests and add them to the batch. ImprintError: one cannot be run; none joined then."""
        for request in requests:
            check_sampling(request.sampling)
        batch = build(self._backbone, requests)
        logits = step(self._backbone, batch.adapters, batch.rows, batch.mask, batch.cache)
        new = [_Live(self._next + i, Row(self._backbone, r.sampling), r.injection) for i, r in enumerate(requests)]
        self._next += len(new)
        tokens = choose(logits, [live.row for live in new])
        joined = [
            Joined(live.row.take(live.number, token), len(prompt.ids), soft, prompt.dropped)
            for live, token, prompt, soft in zip(new, tokens.tolist(), batch.prompts, batch.soft_tokens, strict=True)
        ]
        self._merge(new, batch.cache, batch.mask, tokens)
        return joined

    def leave(self, number: int) -> None:
        """Take a row out that nobody waits for any more."""
        for live in self._live:
            if live.number == number:
                live.row.done = True

    @torch.no_grad()
    def step(self) -> list[Piece]:
        """One token more for every row that goes on."""
        if not self.rows:
            self._clear()
            return []
        going = [not live.row.done for live in self._live]
        # A longest row that ended would make the others carry its length.
        if 2 * sum(going) <= len(going) or (not all(going) and not self._mask[going, 0].any()):
            self._merge()
        rows = [live.row for live in self._live]
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(rows), 1)], dim=1)
        entering = self._backbone.embed(self._tokens[:, None])
        logits = step(self._backbone, self._adapters, entering, self._mask, self._cache)
        self._tokens = choose(logits, rows)
        return [
            live.row.take(live.number, token)
            for live, token in zip(self._live, self._tokens.tolist(), strict=True)
            if not live.row.done
        ]

    def _clear(self) -> None:
        self._live, self._cache = [], None
        self._mask, self._tokens = self._mask[:0, :0], self._tokens[:0]
        self._adapters = self._backbone.adapters([])

    def _merge(
        self,
        new: Sequence[_Live] = (),
        cache: Any = None,
        mask: Bool[Tensor, "b s"] | None = None,
        tokens: Int[Tensor, " b"] | None = None,
    ) -> None:
        """Drop rows that ended, add those that came: both caches become one, aligned at their ends."""
        parts = [(self._live, self._cache, self._mask, self._tokens)]
        if mask is not None and tokens is not None:
            parts.append((list(new), cache, mask, tokens))
        kept = [[i for i, live in enumerate(part[0]) if not live.row.done] for part in parts]
        chosen = [(part, rows) for part, rows in zip(parts, kept, strict=True) if rows]
        if not chosen:
            self._clear()
            return
        masks = [_trimmed(part[2][rows]) for part, rows in chosen]
        length = max(m.shape[1] for m in masks)
        # All of it first: what fails in between leaves the batch as it was.
        live = [part[0][i] for part, rows in chosen for i in rows]
        cache = self._backbone.join_caches(
            [(part[1], rows, m.shape[1]) for (part, rows), m in zip(chosen, masks, strict=True)], length
        )
        whole = torch.cat([torch.cat([m.new_zeros(len(m), length - m.shape[1]), m], dim=1) for m in masks])
        last = torch.cat([part[3][rows] for part, rows in chosen])
        adapters = self._backbone.adapters(
            [each.injection if isinstance(each.injection, Adapter) else None for each in live]
        )
        self._live, self._cache, self._mask, self._tokens, self._adapters = live, cache, whole, last, adapters


def _trimmed(mask: Bool[Tensor, "b s"]) -> Bool[Tensor, "b t"]:
    """The mask without leading positions that are padding in every row."""
    return mask[:, int(mask.any(0).long().argmax()) :]
