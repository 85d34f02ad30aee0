"""What the reader takes out of each turn, and what of it the memory holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from imprint.companion import Companion
from imprint.serve.engine import Engine
from imprint.study.reader import CORRECTION, Understood, lines_before
from imprint.types import Fact, Turn


@dataclass(frozen=True)
class Reading:
    """One turn and what became of it."""

    turn: Turn
    tells: float | None
    """Probability that it tells something lasting; None where nobody reads it, as the assistant's."""
    understood: tuple[Understood, ...]
    held: tuple[Fact, ...]
    """Facts of the memory that came from it."""
    corrects: bool
    """Whether it is the correction of a fact."""


async def readings(
    companion: Companion, engine: Engine, ledger: Sequence[Turn], shown: Sequence[Turn], facts: Sequence[Fact]
) -> list[Reading]:
    """The turns shown, each read as it was when it was written. Between two turns, answers go on."""
    answered, _ = lines_before(ledger)
    before = {turn.id: line for turn, line in zip(ledger, answered, strict=True)}
    found = []
    for turn in shown:
        tells, understood = None, ()
        corrects = turn.source.startswith(CORRECTION)
        if turn.role == "user" and companion.method.studies and not corrects:
            line = before[turn.id]
            tells, understood = await engine.call(
                lambda text=turn.text, line=line: companion.method.reader.understand(text, line)
            )
        held = tuple(fact for fact in facts if fact.turn == turn.id)
        found.append(Reading(turn, tells, understood, held, corrects))
    return found
