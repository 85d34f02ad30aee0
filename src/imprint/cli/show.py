"""What a memory holds and why it spoke, as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from imprint.types import Fact, Turn

if TYPE_CHECKING:
    from imprint.companion import Companion
    from imprint.store import Receipt


def fact_line(fact: Fact) -> str:
    """One slot: the turn it came from, what it is about, the value."""
    about = f" ({fact.about})" if fact.about else ""
    sure = "" if fact.sure == 1 else f"  ({fact.sure:.0%} sure)"
    return f"{fact.turn}  {fact.kind}{about}: {fact.value}{sure}"


def waiting(companion: "Companion", user: str) -> str:
    """How much the memory has heard and not consolidated yet, and the command that does; empty when all is done."""
    from imprint.methods.base import Method

    state = companion.recall(user)
    learns = type(companion.method).consolidate is not Method.consolidate
    if not learns or state.slept == state.heard:
        return ""
    return f"{state.heard - state.slept} of {state.heard} turns are not consolidated yet: imprint sleep --user {user}"


def memory_lines(companion: "Companion", user: str) -> Iterator[str]:
    """Version, size and slots of a user's memory."""
    state = companion.recall(user)
    facts = [Fact(**fact) for fact in state.memory.meta.get("facts", [])]
    name = companion.method.name
    heard = f"{state.heard} turns heard, {state.slept} slept on"
    yield f"{user}: {name}, version {state.version}, {heard}, {state.bytes:,} bytes"
    for fact in facts:
        yield fact_line(fact)
    if waits := waiting(companion, user):
        yield waits


def why_lines(companion: "Companion", user: str, question: Turn) -> Iterator[str]:
    """The gate's decision and the slots the question read."""
    why = companion.why(user, [question])
    if why is None:
        yield f"The method {companion.method.name} has no slots to trace, or the memory is empty"
        return
    said = {turn.id: turn.text for turn in companion.store.turns(user)}
    verdict = "The memory spoke" if why.spoke else "The memory kept silent"
    yield f'{verdict}: nearest told {why.told:.2f}, nearest untold {why.null:.2f} ("{why.nearest_null}")'
    for trace in why.traces if why.spoke else ():
        yield f"{trace.weight:5.0%}  {fact_line(trace.fact)}"
        if trace.fact.turn in said:
            yield f"       said: {said[trace.fact.turn]}"


def receipt_lines(receipt: "Receipt") -> Iterator[str]:
    """What forgetting removed, and what is still to be removed."""
    yield f"Forgot {_count(receipt.turns, 'turn')} and dropped {_count(receipt.versions, 'memory version')}"
    if receipt.leftover:
        yield leftover_line(receipt)


def leftover_line(receipt: "Receipt") -> str:
    """Why bytes may still be there."""
    return f"Not all bytes are gone yet: {receipt.leftover}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
