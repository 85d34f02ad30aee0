"""What a memory holds and why it spoke, as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from imprint.types import Effects, Fact, Turn, Why

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
    yield verdict_line(companion, why)
    said = {turn.id: turn.text for turn in companion.store.turns(user)}
    for trace in why.traces if why and why.spoke else ():
        yield f"{trace.weight:5.0%}  {fact_line(trace.fact)}"
        if trace.fact.turn in said:
            yield f"       said: {said[trace.fact.turn]}"


def verdict_line(companion: "Companion", why: Why | None) -> str:
    """What the gate decided."""
    if why is None:
        return f"The method {companion.method.name} has no slots to trace, or the memory is empty"
    verdict = "The memory spoke" if why.spoke else "The memory kept silent"
    return f'{verdict}: nearest told {why.told:.2f}, nearest untold {why.null:.2f} ("{why.nearest_null}")'


def effect_lines(companion: "Companion", user: str, question: Turn, owed: Effects | None) -> Iterator[str]:
    """The gate's decision, and what the reply owes to the slots beside their attention."""
    why = companion.why(user, [question])
    yield verdict_line(companion, why)
    if owed is None:
        if why is not None:
            yield "So the bare model answers, and no slot has an effect"
            if waits := waiting(companion, user):
                yield waits
        return
    yield f"The reply, log-probability {owed.log_probability:.2f}: {' '.join(owed.reply.split())}"
    yield "attention  effect  the slot that is taken out"
    said = {turn.id: turn.text for turn in companion.store.turns(user)}
    for each in owed.slots:
        yield f"{each.weight:9.0%}  {_nats(each.fall)}  {fact_line(each.fact)}"
        if each.fact.turn in said:
            yield f"{'':19}said: {said[each.fact.turn]}"
    yield f"{'':9}  {_nats(owed.shut)}  all of them: the gate shut, the bare model"


def _nats(value: float) -> str:
    return f"{value if abs(value) >= 0.005 else 0:6.2f}"


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
