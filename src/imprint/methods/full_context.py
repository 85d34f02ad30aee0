"""The baseline that reads everything: what the user said, as text, newest first until the budget is full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from imprint.methods.base import Method
from imprint.methods.parts.transcript import append, notes, texts
from imprint.tensors import Context, Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class FullContextConfig:
    """Table [methods.full_context]."""

    share: float = 0.75
    """Share of the model's window that told turns may fill; the rest is for the conversation and the reply."""

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}, expected between 0 and 1")


class FullContext(Method):
    """Puts as many of the user's own turns before the conversation as fit."""

    name: ClassVar[str] = "full_context"
    version: ClassVar[int] = 1
    config_class: ClassVar[type] = FullContextConfig
    config: FullContextConfig

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Adds the text of the user's own turns."""
        return append(memory, turns)

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The newest told turns that fit, in the order they were told."""
        budget = int(self.config.share * self.backbone.window)
        chosen: list[str] = []
        for text in reversed(texts(memory)):
            budget -= len(self.backbone.tokenize(f"- {text}\n"))
            if budget < 0:
                break
            chosen.insert(0, text)
        return Context(notes(chosen)) if chosen else None
