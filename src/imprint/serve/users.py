"""One user's turns and memory, as the JSON routes and the pages show and change them. Names are stored names."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from imprint.companion import Companion, State
from imprint.data import turn_id
from imprint.data.ids import conversation_source
from imprint.serve.engine import Engine
from imprint.serve.errors import ApiError
from imprint.serve.metrics import Metrics
from imprint.serve.scope import Scope
from imprint.serve.sleeper import Sleeper
from imprint.store.archive import pack, unpack
from imprint.store.base import Receipt, Version
from imprint.types import ImprintError, Role, Turn, Why

Said = tuple[Role, str]
"""Role and text of one message."""


def nobody() -> ApiError:
    """Nothing is kept of this user."""
    return ApiError(404, "nothing was heard from this user yet", "no_memory", "user")


@dataclass(frozen=True)
class Users:
    """What can be done with a user."""

    companion: Companion
    engine: Engine
    sleeper: Sleeper
    metrics: Metrics

    async def state(self, name: str) -> State:
        """The memory, caught up with the ledger. ApiError 404: nothing was heard."""
        state = await self.engine.call(lambda: self.companion.recall(name))
        if not state.heard:
            raise nobody()
        return state

    async def everyone(self, scope: Scope) -> list[str]:
        """The ids of all users of a scope, sorted."""
        names = await run_in_threadpool(self.companion.store.users)
        return sorted(user for name in names if (user := scope.user(name)) is not None)

    async def turns(self, name: str) -> list[Turn]:
        """The ledger in order; empty for an unknown user."""
        return await run_in_threadpool(self.companion.store.turns, name)

    async def history(self, name: str) -> list[Version]:
        """The kept versions of the memory, newest first. ApiError 404: nothing was heard."""
        await self._known(name)
        return await run_in_threadpool(self.companion.store.history, name, self.companion.method.name)

    async def why(self, name: str, question: str) -> Why | None:
        """Which slots a question reads and the turns they came from; None for a method without slots."""
        await self._known(name)
        turn = Turn("question", name, "user", question)
        return await self.engine.call(lambda: self.companion.why(name, [turn]))

    async def hear(self, name: str, said: Sequence[Said], source: str = "", newest: bool = False) -> list[Turn]:
        """Add what is new of a conversation to the ledger, durable on return; returns the new turns.

        source: the conversation's id; without one it is known by how it opens. newest: only what the user said since
        the last answer, and that answer; what came before was heard in its time, or not to be heard, or is forgotten.
        """
        new = await run_in_threadpool(self._hear, name, said, source, newest)
        self.metrics.turns.inc(len(new))
        if new:
            self.sleeper.heard(name)
        return new

    def _hear(self, name: str, said: Sequence[Said], source: str, newest: bool) -> list[Turn]:
        ledger = self.companion.store.turns(name)
        source = source or _conversation(ledger, said)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        # The id leaves the time out: a client sends the whole conversation again with every message.
        turns = [
            Turn(turn_id(source, place, role, text, ""), name, role, text, now, source)
            for place, (role, text) in enumerate(said)
        ]
        known = {turn.id for turn in ledger}
        begin = 0
        if newest:
            answers = [place for place, (role, _) in enumerate(said) if role == "assistant"]
            begin = answers[-1] if answers else 0
            # The answer to something the ledger does not hold may repeat it.
            begin += bool(answers) and all(turn.source != source for turn in ledger)
        new = [turn for turn in turns[begin:] if turn.id not in known]
        self.companion.store.add(name, new)
        return new

    async def sleep(self, name: str) -> None:
        """Consolidate soon. ApiError 404: nothing was heard."""
        await self._known(name)
        self.sleeper.ask(name)

    async def forget(self, name: str, turn_ids: Sequence[str]) -> Receipt:
        """Remove turns, to the last byte; what is left is written anew, and consolidated in the background.

        ApiError 404: there is no such turn.
        """
        known = {turn.id for turn in await self.turns(name)}
        if not set(turn_ids) <= known:
            raise ApiError(404, "this user has no such turn", "no_turn", "turn")
        receipt = await run_in_threadpool(self.companion.store.forget, name, turn_ids)
        self.sleeper.changed(name)
        await self.engine.call(lambda: self.companion.recall(name))
        return receipt

    async def erase(self, name: str) -> Receipt:
        """Remove everything of a user. ApiError 404: nothing is kept."""
        await self._known(name)
        receipt = await run_in_threadpool(self.companion.store.erase, name)
        self.sleeper.changed(name)
        return receipt

    async def export(self, name: str) -> bytes:
        """A .zip of turns and memories. ApiError 404: nothing is kept."""
        await self._known(name)
        return await run_in_threadpool(pack, self.companion.store, name)

    async def import_(self, name: str, archive: bytes) -> int:
        """Take over the turns of an archive; returns how many. The memory is made anew from them, not taken.

        ImprintError: it is damaged, or the user has other turns.
        """
        contents = await run_in_threadpool(unpack, self.companion.store, archive, name, False)
        self.sleeper.heard(name)
        return len(contents.turns)

    async def _known(self, name: str) -> None:
        if not (await run_in_threadpool(self.companion.store.snapshot, name)).epoch:
            raise nobody()


def sleep_of(sleeper: Sleeper, name: str, state: State) -> dict[str, object]:
    """How a user's sleep stands, as JSON."""
    now = sleeper.now
    if now is not None and now.name == name:
        figures = asdict(now)
        del figures["name"]
        return {"state": "sleeping", **figures}
    waiting = state.heard - state.slept if sleeper.learns else 0
    return {"state": "waiting" if waiting else "done", "turns": waiting}


def _conversation(ledger: Sequence[Turn], said: Sequence[Said]) -> str:
    """The id of the conversation that `said` goes on with.

    One that opens with words heard before, after something else was heard, is a new one: telling a thing again is
    telling it anew. The same request sent twice is not.
    """
    asked = [text for role, text in said if role == "user"]
    first = conversation_source("chat", asked[0] if asked else said[0][1])
    held: dict[str, list[Said]] = {}
    for turn in ledger:
        if turn.source == first or turn.source.startswith(f"{first}-"):
            held.setdefault(turn.source, []).append((turn.role, turn.text))
    if not held:
        return first
    common = {source: _common(turns, said) for source, turns in held.items()}
    best = max(held, key=lambda source: (common[source], list(held).index(source)))
    if len(asked) == 1 and ledger[-1].source != best:
        return f"{first}-{len(held) + 1}"
    return best


def _common(held: Sequence[Said], said: Sequence[Said]) -> int:
    return next((i for i, (a, b) in enumerate(zip(held, said, strict=False)) if a != b), min(len(held), len(said)))


def checked(text: str) -> str:
    """A message that may be kept. ImprintError: it holds something that is not text."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ImprintError("the message holds bytes that are not text", "Send UTF-8 text without NUL")
    return text
