"""The seam every reader of turns stands behind: what does this turn tell about its speaker?"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imprint.study.claims import label_of
from imprint.types import Fact, Turn

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


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
    """Probability that kind and value are right."""


CORRECTION = "correct:"
"""Begins the source of a turn that says what a fact's value really is; kind and turn of the fact follow."""
Line = tuple[str, str]
"""The assistant's line that a turn may answer, and the conversation it stands in; two empty texts for none."""
NO_LINE: Line = ("", "")
MOST_LINE = 240
"""Characters of a line that are kept: its end."""


def correction(fact: Fact, value: str) -> tuple[str, str]:
    """Text and source of the turn that corrects a fact."""
    return f"{label_of(fact)}: {value}", f"{CORRECTION}{fact.kind}:{fact.turn}"


def corrected(facts: tuple[Fact, ...], turn: Turn) -> tuple[Fact, ...] | None:
    """The facts with the value that a correction gives; None where the turn corrects none of them."""
    kind, _, id = turn.source.removeprefix(CORRECTION).partition(":")
    if turn.role != "user" or not turn.source.startswith(CORRECTION):
        return None
    told = (fact for fact in facts if (fact.kind, fact.turn) == (kind, id))
    old = next((fact for fact in told if turn.text.startswith(f"{label_of(fact)}: ")), None)
    if old is None:
        return None
    value = turn.text.removeprefix(f"{label_of(old)}: ").strip()
    new = Fact(old.kind, old.about, value, turn.id) if value else None
    return tuple(new if fact is old else fact for fact in facts) if new else None


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

    def foresee(self, fact: Fact, text: str, before: str) -> "Float[Tensor, ' f'] | None":
        """Which questions the fact answers that was read in this turn, as one row; None: the reader foresees none."""
        return None

    def likely(
        self, questions: "Float[Tensor, 'b e']", foreseen: "Float[Tensor, 'n f']", texts: Sequence[str] = ()
    ) -> "tuple[Float[Tensor, 'b n'], Float[Tensor, ' b']]":
        """Logits of each foreseen row for each question, and the probability that a question asks for one of them.

        texts: the questions' own words, where they are to count as well.
        """
        raise NotImplementedError(f"the reader {self.id} foresees nothing")


def read_on(
    reader: Reader, facts: tuple[Fact, ...], turns: Sequence[Turn], line: Line = NO_LINE
) -> tuple[tuple[Fact, ...], Line]:
    """The facts after these turns, and the line that the next turn may answer."""
    answered, line = lines_before(turns, line)
    for turn, before in zip(turns, answered, strict=True):
        mended = corrected(facts, turn)
        facts = reader.fold(facts, turn, before) if mended is None else mended
    return facts, line


def lines_before(turns: Sequence[Turn], line: Line = NO_LINE) -> tuple[list[str], Line]:
    """The assistant's line that each turn answers, "" for none, and the line that the next turn may answer.

    A correction answers nothing and takes no line away.
    """
    answered = []
    for turn in turns:
        answered.append(line[1] if line[0] == turn.source else "")
        if not turn.source.startswith(CORRECTION):
            line = (turn.source, turn.text[-MOST_LINE:]) if turn.role == "assistant" else NO_LINE
    return answered, line
