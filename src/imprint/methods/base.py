"""What every method of memory is: four verbs over a `Memory` value. A method is final; variants are files or config."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from imprint.backbone.base import Backbone, Sampling
from imprint.encode.base import Encoder
from imprint.fit.runs import Run
from imprint.study.reader import Reader
from imprint.study.readers import RULES
from imprint.tensors import Injection, Memory
from imprint.types import Effects, Fingerprint, Study, Turn, Why


class Method(ABC):
    """A frozen model's way to remember one user.

    Every verb is a pure function of its arguments, the config and the frozen weights: same inputs, same bytes.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    """Raised when the same ledger would give other bytes; older memories are then rebuilt by `imprint sleep`."""
    config_class: ClassVar[type]
    notice: str = ""
    """A line for whoever sleeps, where this model makes the method work otherwise than it could."""
    studies: ClassVar[bool] = False
    """Whether memories are made from what a reader understood, so that another reader makes other memories."""

    def __init__(
        self, config: Any, backbone: Backbone, encoder: Encoder, reader: Reader = RULES, weights: str = ""
    ) -> None:
        self.config = config
        self.backbone = backbone
        self.encoder = encoder
        self.reader = reader
        self.weights = weights

    def fingerprint(self) -> Fingerprint:
        """Where this method's memories are valid."""
        config = hashlib.sha256(repr(self.config).encode()).hexdigest()[:16]
        read_with = self.reader.id if self.studies and self.reader.id != RULES.id else ""
        weights = "+".join(part for part in (self.weights, read_with) if part)
        return Fingerprint(self.name, self.version, config, self.backbone.id, self.encoder.id, weights)

    def empty(self) -> Memory:
        """The memory of a user who said nothing: reads as `None`, so the bare model answers."""
        return Memory(self.fingerprint())

    @abstractmethod
    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Fold turns in, online: no gradient, no generation. write(write(m, a), b) has the bytes of write(m, a + b)."""

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the memory against the frozen model on the study. Methods that do not learn return it unchanged."""
        return memory

    @abstractmethod
    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """What enters the model for the conversation `turns`, whose last turn is the user's; `None` leaves it bare."""

    def trainable(self, memory: Memory) -> int:
        """How many of the user's own parameters were fitted by gradient; 0 before the first fit."""
        return 0

    def why(self, memory: Memory, turns: Sequence[Turn]) -> Why | None:
        """Which slots the last turn reads and from which turns they came; None for methods without slots."""
        return None

    def effects(self, memory: Memory, turns: Sequence[Turn], sampling: Sampling, most: int = 5) -> Effects | None:
        """What the reply owes to each of the slots that the last turn attends to most, at most `most` of them.

        None where no slot entered the reply: the memory keeps silent, or the method has no slots.
        """
        return None
