"""What the pictures of a page show; templates draw them as SVG."""

from dataclasses import dataclass

import torch
from torch import Tensor

from imprint.tensors import Memory
from imprint.types import Fact

MOST_CELLS = 32


@dataclass(frozen=True)
class Slot:
    """One slot of a memory."""

    fact: Fact
    cells: tuple[float, ...]
    """Length of each of its rows, from 0 for the shortest of all slots to 1 for the longest."""
    keys: int
    """How many question wordings lead to it."""


def slots_of(memory: Memory) -> list[Slot]:
    """The slots, in the order they were told; none for a method without."""
    facts = [Fact(**fact) for fact in memory.meta.get("facts", [])]
    rows = _lengths(_rows_of(memory), len(facts))
    owner = memory.tensors.get("key_fact")
    keys = owner.tolist() if owner is not None else []
    return [Slot(fact, cells, keys.count(i)) for i, (fact, cells) in enumerate(zip(facts, rows, strict=True))]


def _rows_of(memory: Memory) -> Tensor | None:
    """Rows of the slots; with a shared network 1 for a row in use, and what a fit added to it."""
    held = memory.tensors
    if "codes" not in held or "residual" not in held:
        return held.get("values")
    used = (held["codes"] >= 0).float()[..., None]
    return torch.cat([used, held["residual"].float()], -1)


def _lengths(values: Tensor | None, slots: int) -> list[tuple[float, ...]]:
    if values is None or values.dim() != 3 or len(values) != slots or not values.numel():
        return [()] * slots
    norms = values.detach().float().norm(dim=-1)[:, :MOST_CELLS]
    low, high = norms.min(), norms.max()
    return [tuple(row) for row in ((norms - low) / (high - low).clamp_min(1e-9)).tolist()]


@dataclass(frozen=True)
class Held:
    """One tensor of a memory."""

    name: str
    shape: str
    bytes: int


def tensors_of(memory: Memory) -> list[Held]:
    """The tensors, by name."""
    return [
        Held(name, " x ".join(map(str, tensor.shape)), tensor.numel() * tensor.element_size())
        for name, tensor in sorted(memory.tensors.items())
    ]
