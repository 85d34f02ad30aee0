"""Requests -> one left-padded batch: soft rows put in place, KV prefixes in front, adapters by row."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from imprint.backbone.base import Backbone, Prompt, Request
from imprint.backbone.head import Head
from imprint.tensors import Adapter, Injection, KVPrefix, soft_of, text_of
from imprint.types import ImprintError

REBUILD = "Rebuild the memory for this model: imprint sleep"


@dataclass(frozen=True)
class Batch:
    """What one prefill needs. `mask` covers cached entries and `rows`, each padded (False) on the left."""

    rows: Float[Tensor, "b t d"]
    mask: Bool[Tensor, "b s"]
    cache: Any
    adapters: AbstractContextManager[None]
    prompts: tuple[Prompt, ...]
    soft_tokens: tuple[int, ...]
    """Positions a row's memory takes besides its text: rows of a soft prompt, entries of a KV prefix."""


def build(backbone: Backbone, requests: Sequence[Request], head: Head | None = None) -> Batch:
    """Template, cut, place and pad. Gradients flow into soft rows, KV prefixes and adapter tensors.

    head: what all requests begin with, already run (`head.share`); their rows start after it.
    Raises ImprintError when a memory was made for another model, ContextTooLong when a row cannot fit.
    """
    soft = tuple(positions(backbone, r.injection) for r in requests)
    prompts = tuple(prompt_of(backbone, r) for r in requests)
    skip = len(head.ids) if head else 0
    rows = [_place(backbone, p, r.injection)[skip:] for p, r in zip(prompts, requests, strict=True)]
    longest = max(len(row) for row in rows)
    padded = torch.stack([torch.cat([row.new_zeros(longest - len(row), row.shape[1]), row]) for row in rows])
    lengths = torch.tensor([len(row) for row in rows], device=padded.device)
    mask = torch.arange(longest, device=padded.device) >= (longest - lengths)[:, None]
    if head is None:
        kv, kv_mask = _prefixes(backbone, requests, padded)
    else:
        kv = head.kv.expand(-1, -1, len(requests), -1, -1, -1).clone()
        kv_mask = mask.new_ones(len(requests), kv.shape[4])
    return Batch(
        rows=padded,
        mask=torch.cat([kv_mask, mask], dim=1),
        cache=backbone.new_cache(kv),
        adapters=backbone.adapters([r.injection if isinstance(r.injection, Adapter) else None for r in requests]),
        prompts=prompts,
        soft_tokens=soft,
    )


def dropped_messages(backbone: Backbone, request: Request) -> int:
    """How many of the oldest messages `build` cuts from this request."""
    return prompt_of(backbone, request).dropped


def positions(backbone: Backbone, injection: Injection) -> int:
    """Positions an injection takes besides its text, its shape checked."""
    soft = soft_of(injection)
    if soft is not None:
        k, d = soft.rows.shape
        if d != backbone.width:
            raise ImprintError(f"the soft prompt was made for another model: width {d}, here {backbone.width}", REBUILD)
        return k
    if isinstance(injection, KVPrefix):
        l, two, heads, p, width = injection.kv.shape
        if two != 2 or (l, heads, width) != backbone.kv_shape:
            got, here = (l, heads, width), backbone.kv_shape
            raise ImprintError(
                f"the KV prefix was made for another model: (layers, heads, head width) {got}, here {here}",
                REBUILD,
            )
        return p
    return 0


def prompt_of(backbone: Backbone, request: Request) -> Prompt:
    """The request's tokens, with room left for its soft rows and its answer."""
    reserve = request.sampling.max_new_tokens + positions(backbone, request.injection)
    return backbone.prompt(request.messages, text_of(request.injection), reserve)


def _place(backbone: Backbone, prompt: Prompt, injection: Injection) -> Float[Tensor, "t d"]:
    """The prompt's rows with the soft prompt among them."""
    rows = backbone.embed(torch.tensor(prompt.ids, dtype=torch.long))
    soft = soft_of(injection)
    if soft is None or len(soft.rows) == 0:
        return rows
    at = prompt.prefix_at if soft.placement == "prefix" else prompt.late_at
    return torch.cat([rows[:at], soft.rows.to(rows), rows[at:]])


def _prefixes(
    backbone: Backbone, requests: Sequence[Request], like: Tensor
) -> tuple[Float[Tensor, "l 2 b h_kv p d_h"] | None, Bool[Tensor, "b p"]]:
    """The KV prefixes of a batch, padded on the left to one length, and which entries are real."""
    l, heads, width = backbone.kv_shape
    empty = like.new_zeros(l, 2, heads, 0, width)
    kvs = [r.injection.kv.to(like) if isinstance(r.injection, KVPrefix) else empty for r in requests]
    longest = max(kv.shape[3] for kv in kvs)
    lengths = torch.tensor([kv.shape[3] for kv in kvs], device=like.device)
    mask = torch.arange(longest, device=like.device) >= (longest - lengths)[:, None]
    if longest == 0:
        return None, mask
    padded = [torch.cat([kv.new_zeros(l, 2, heads, longest - kv.shape[3], width), kv], dim=3) for kv in kvs]
    return torch.stack(padded, dim=2), mask
