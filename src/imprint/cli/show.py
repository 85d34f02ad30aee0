"""What a memory holds and why it spoke, as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from imprint.types import Fact, Turn

if TYPE_CHECKING:
    from imprint.companion import Companion


def fact_line(fact: Fact) -> str:
    """One slot: the turn it came from, what it is about, the value."""
    about = f" ({fact.about})" if fact.about else ""
    return f"{fact.turn}  {fact.kind}{about}: {fact.value}"


def memory_lines(companion: "Companion", user: str) -> Iterator[str]:
    """Version, size and slots of a user's memory."""
    state = companion.recall(user)
    facts = [Fact(**fact) for fact in state.memory.meta.get("facts", [])]
    name = companion.method.name
    yield f"{user}: {name}, version {state.version}, {state.heard} turns heard, {state.slept} slept on, {state.bytes:,} bytes"
    for fact in facts:
        yield fact_line(fact)
    if state.slept < state.heard:
        yield f"{state.heard - state.slept} turns are not consolidated yet: imprint sleep --user {user}"


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
