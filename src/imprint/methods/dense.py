"""The baseline that retrieves by meaning: the told turns nearest to the question by sentence encoder, as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from imprint.methods.base import Method
from imprint.methods.parts.transcript import SHARE, Format, append, fitting, said_in, transcript
from imprint.tensors import Context, Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class DenseConfig:
    """Table [methods.dense]."""

    top: int = 5
    """Turns put into the prompt."""
    format: Format = "instruct"
    """How the turns stand in the prompt."""

    def __post_init__(self) -> None:
        if self.top < 1:
            raise ValueError(f"top is {self.top}, expected at least 1")


class Dense(Method):
    """Keeps the user's turns with a sentence vector each, in half precision, and reads the nearest few."""

    name: ClassVar[str] = "dense"
    version: ClassVar[int] = 1
    config_class: ClassVar[type] = DenseConfig
    config: DenseConfig

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Adds the user's own turns and their vectors [n, e]."""
        new = said_in(turns)
        if not new:
            return memory
        vectors = self.encoder.encode([said.text for said in new]).half()
        if "vectors" in memory.tensors:
            vectors = torch.cat([memory.tensors["vectors"], vectors])
        kept = append(memory, turns)
        return Memory(kept.fingerprint, {**kept.tensors, "vectors": vectors}, kept.meta)

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The turns with the largest cosine to the question, in order of telling."""
        if "vectors" not in memory.tensors or not turns:
            return None
        likeness = memory.tensors["vectors"].float() @ self.encoder.encode([turns[-1].text])[0]
        best = likeness.argsort(descending=True, stable=True)[: self.config.top].tolist()
        budget = int(SHARE * self.backbone.window)
        text = fitting(self.backbone, transcript(memory), best, self.config.format, budget)
        return Context(text) if text else None
