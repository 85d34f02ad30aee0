"""The baseline that reads everything: what the user said, as text, newest first until the budget is full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from imprint.backbone.base import Backbone
from imprint.encode.base import Encoder
from imprint.methods.base import Method
from imprint.methods.parts.once import Once
from imprint.methods.parts.transcript import SHARE, Format, append, fitting, transcript
from imprint.study.reader import Reader
from imprint.study.readers import RULES
from imprint.tensors import Context, Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class FullContextConfig:
    """Table [methods.full_context]."""

    share: float = SHARE
    """Share of the model's window that told turns may fill; the rest is for the conversation and the reply."""
    format: Format = "instruct"
    """How the turns stand in the prompt."""

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}, expected between 0 and 1")


class FullContext(Method):
    """Puts as many of the user's own turns before the conversation as fit."""

    name: ClassVar[str] = "full_context"
    version: ClassVar[int] = 2
    config_class: ClassVar[type] = FullContextConfig
    config: FullContextConfig

    def __init__(self, config: FullContextConfig, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        super().__init__(config, backbone, encoder, reader)
        self._context = Once(self._newest)

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Adds the user's own turns."""
        return append(memory, turns)

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The newest told turns that fit, in the order they were told, whatever is asked."""
        return self._context(memory)

    def _newest(self, memory: Memory) -> Context | None:
        said = transcript(memory)
        budget = int(self.config.share * self.backbone.window)
        text = fitting(self.backbone, said, range(len(said) - 1, -1, -1), self.config.format, budget)
        return Context(text) if text else None
