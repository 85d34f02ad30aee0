"""The control: no memory. The bare model answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from imprint.methods.base import Method
from imprint.tensors import Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class NoMemoryConfig:
    """Table [methods.none]: nothing to set."""


class NoMemory(Method):
    """Remembers nothing and injects nothing."""

    name: ClassVar[str] = "none"
    version: ClassVar[int] = 1
    config_class: ClassVar[type] = NoMemoryConfig

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Returns the memory unchanged."""
        return memory

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """Always None."""
        return None
