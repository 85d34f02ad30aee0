"""What many prompts begin with, run once: a shared context is prefilled for all questions about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone, Prompt
from imprint.tensors import Adapter, Injection, KVPrefix, soft_of

LEAST = 16
"""A common beginning shorter than this is not worth a prefill of its own."""


@dataclass(frozen=True)
class Head:
    """The first tokens of several prompts, and the keys and values they (and a KV prefix before them) leave."""

    ids: tuple[int, ...]
    kv: Float[Tensor, "l 2 1 h_kv p d_h"]


@torch.no_grad()
def share(
    backbone: Backbone, prompts: Sequence[Prompt], injections: Sequence[Injection], inside: Head | None = None
) -> Head | None:
    """Run the common beginning of these prompts; None where there is too little of one.

    It ends before any soft rows. Prompts whose rows come after different KV prefixes or adapters share nothing.
    inside: a shorter head of theirs that was run already; it is extended, or returned where it can not be.
    """
    carriers = {id(i) for i in injections if isinstance(i, KVPrefix | Adapter)}
    if len(carriers) > 1 or (carriers and not all(isinstance(i, KVPrefix | Adapter) for i in injections)):
        return None
    ids = _common(prompts, injections)
    if inside is not None and ids[: len(inside.ids)] != inside.ids:
        inside = None
    done = len(inside.ids) if inside else 0
    if len(prompts) < 2 or len(ids) < done + LEAST:
        return inside
    before = _before(injections[0]) if inside is None else inside.kv
    past = 0 if before is None else before.shape[4]
    # A copy: the cache writes into the room behind what it was given.
    cache = backbone.new_cache(None if before is None else before.clone())
    rows = backbone.embed(torch.tensor([ids[done:]]))
    with backbone.adapters([injections[0] if isinstance(injections[0], Adapter) else None]):
        backbone.hidden(rows, torch.ones(1, past + len(ids) - done, dtype=torch.bool), cache)
    return Head(ids, backbone.read_cache(cache))


def _before(injection: Injection) -> Float[Tensor, "l 2 1 h_kv p d_h"] | None:
    return injection.kv[:, :, None] if isinstance(injection, KVPrefix) else None


def _common(prompts: Sequence[Prompt], injections: Sequence[Injection]) -> tuple[int, ...]:
    """At least one token of each prompt stays outside: its logits are wanted."""
    ends = []
    for prompt, injection in zip(prompts, injections, strict=True):
        soft = soft_of(injection)
        cut = len(prompt.ids) if soft is None else prompt.prefix_at if soft.placement == "prefix" else prompt.late_at
        ends.append(min(cut, len(prompt.ids) - 1))
    shortest = min(ends)
    first = prompts[0].ids[:shortest]
    equal = min(
        next((i for i, (a, b) in enumerate(zip(first, p.ids, strict=False)) if a != b), shortest) for p in prompts
    )
    return first[:equal]
