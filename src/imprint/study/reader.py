"""The seam every reader of turns stands behind: what does this turn tell about its speaker?"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from imprint.study.claims import label_of
from imprint.types import Fact, Turn


@dataclass(frozen=True)
class Understood:
    """One thing read out of a turn."""

    kind: str
    about: str
    value: str
    """In the turn's own words."""
    polarity: int
    changes: bool
    """Whether something told before is no longer so."""
    sure: float
    """Probability that kind, about and value are right."""


CORRECTION = "correct:"
"""A turn with this at the start of its source, the kind after it, says what a fact's value really is."""


def correction(fact: Fact, value: str) -> tuple[str, str]:
    """Text and source of the turn that corrects a fact."""
    return f"{label_of(fact)}: {value}", f"{CORRECTION}{fact.kind}:{fact.about}"


def corrected(facts: tuple[Fact, ...], turn: Turn) -> tuple[Fact, ...]:
    """The facts with the value that a correction gives: it replaces all that was told of the same kind and about."""
    kind, _, about = turn.source.removeprefix(CORRECTION).partition(":")
    _, _, value = turn.text.partition(": ")
    new = Fact(kind, about, value.strip(), turn.id)
    return (*(fact for fact in facts if (fact.kind, fact.about) != (kind, about)), new)


class Reader(ABC):
    """Reads the user's turns, one at a time."""

    answers: bool
    """Whether the assistant's line before a turn is looked at."""
    id: str
    """Which reader, which weights: part of the fingerprint of every memory that is made from what it read."""

    @abstractmethod
    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        """Probability that the turn tells something lasting, and what. `before`: the assistant's line it answers."""

    @abstractmethod
    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        """The facts after one more turn; nothing but facts, turn and the line before decides."""


def read_on(
    reader: Reader, facts: tuple[Fact, ...], turns: Sequence[Turn], before: str = ""
) -> tuple[tuple[Fact, ...], str]:
    """The facts after these turns, and the assistant's line that the next turn may answer ("" after a user's turn)."""
    for turn in turns:
        facts = corrected(facts, turn) if turn.source.startswith(CORRECTION) else reader.fold(facts, turn, before)
        before = turn.text if turn.role == "assistant" else ""
    return facts, before
