"""The nouns made of tensors: a user's `Memory`, and the four ways into a frozen model. Checked at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.types import Fingerprint, ImprintError

Placement = Literal["prefix", "late"]


def _check(name: str, tensor: Tensor, dims: int) -> None:
    if tensor.dim() != dims:
        raise ImprintError(
            f"{name} has {tensor.dim()} dimensions, expected {dims}", "Rebuild the memory: imprint sleep"
        )
    if not tensor.is_floating_point():
        raise ImprintError(f"{name} is {tensor.dtype}, expected floating point", "Rebuild the memory: imprint sleep")
    if not bool(torch.isfinite(tensor.detach()).all()):
        raise ImprintError(f"{name} holds values that are not finite", "Rebuild the memory: imprint sleep")


@dataclass(frozen=True)
class Memory:
    """What a method keeps of one user. A value: methods take one and return a new one, never change it in place."""

    fingerprint: Fingerprint
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    """JSON values: provenance (turn ids), counts, flags. No time and no path: same ledger, same bytes."""


@dataclass(frozen=True)
class SoftPrompt:
    """Rows that stand where token embeddings stand. METHODS: soft tokens P."""

    rows: Float[Tensor, "k d"]
    placement: Placement = "late"
    """"prefix": before the first user turn; "late": after the last user turn, before the assistant header."""

    def __post_init__(self) -> None:
        _check("soft prompt", self.rows, 2)


@dataclass(frozen=True)
class KVPrefix:
    """Keys (after RoPE) and values of p positions that precede the conversation, for every layer."""

    kv: Float[Tensor, "l 2 h_kv p d_h"]

    def __post_init__(self) -> None:
        _check("KV prefix", self.kv, 5)


@dataclass(frozen=True)
class Adapter:
    """LoRA tensors under PEFT's state-dict names."""

    tensors: Mapping[str, Tensor]
    rank: int
    alpha: float
    targets: tuple[str, ...]
    """Names of the adapted linear layers, e.g. ("q_proj", "v_proj")."""

    def __post_init__(self) -> None:
        for name, tensor in self.tensors.items():
            _check(f"adapter tensor {name}", tensor, 2)


@dataclass(frozen=True)
class Context:
    """Text that joins the system message: the way in of retrieval and full context."""

    text: str


@dataclass(frozen=True)
class Hybrid:
    """Text with soft rows beside it: retrieved turns, and rows that help the model to use them."""

    context: Context
    soft: SoftPrompt


Injection = SoftPrompt | KVPrefix | Adapter | Context | Hybrid | None


def text_of(injection: Injection) -> Context | None:
    """The text an injection brings, if any."""
    return injection.context if isinstance(injection, Hybrid) else injection if isinstance(injection, Context) else None


def soft_of(injection: Injection) -> SoftPrompt | None:
    """The soft rows an injection brings, if any."""
    return injection.soft if isinstance(injection, Hybrid) else injection if isinstance(injection, SoftPrompt) else None
