"""One user's turns and memory, as the JSON routes and the pages show and change them. Names are stored names."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from imprint.companion import Companion, State
from imprint.serve.conversations import Said, fresh
from imprint.serve.engine import Busy, Engine
from imprint.serve.errors import ApiError
from imprint.serve.metrics import Metrics
from imprint.serve.scope import Scope
from imprint.serve.sleeper import Sleeper
from imprint.store.archive import pack, unpack
from imprint.store.base import Receipt, Version
from imprint.store.unzip import Contents
from imprint.types import ImprintError, Turn, Why


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
    _locks: tuple[threading.Lock, ...] = field(default_factory=lambda: tuple(threading.Lock() for _ in range(64)))

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
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._alone(name):
            new = fresh(name, self.companion.store.turns(name), said, now, source, newest)
            self.companion.store.add(name, new)
        return new

    def _alone(self, name: str) -> threading.Lock:
        """Held between reading a user's ledger and adding to it. Users may share one; none needs two."""
        return self._locks[hash(name) % len(self._locks)]

    async def sleep(self, name: str) -> bool:
        """Consolidate soon; False when all of it is consolidated. ApiError 404: nothing was heard."""
        await self._known(name)
        try:
            state = await self.engine.call(lambda: self.companion.recall(name))
        except Busy:
            raise
        except ImprintError:  # made with another model or damaged: a sleep makes it anew
            needed = True
        else:
            needed = state.slept < state.heard
        if needed:
            self.sleeper.ask(name)
        return needed

    async def forget(self, name: str, turn_ids: Sequence[str]) -> Receipt:
        """Remove turns, to the last byte; what is left is written anew, and consolidated in the background.

        ApiError 404: there is no such turn.
        """
        known = {turn.id for turn in await self.turns(name)}
        if not set(turn_ids) <= known:
            raise ApiError(404, "this user has no such turn", "no_turn", "turn")
        receipt = await run_in_threadpool(self.companion.store.forget, name, turn_ids)
        self.sleeper.changed(name)
        with suppress(ImprintError):  # the turns are gone; who asks next catches the memory up
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

    async def import_(self, name: str, archive: bytes, most: int) -> int:
        """Take over the turns of an archive; returns how many. The memory is made anew from them, not taken.

        ImprintError: it is damaged, has more than `most` turns, or the user has other ones.
        """

        def check(contents: Contents) -> None:
            if len(contents.turns) > most:
                raise ImprintError(
                    f"the archive has more than {most} turns", "Import fewer, or raise max_import_turns in [serve]"
                )
            if not all(_in_address(turn.id) for turn in contents.turns):
                raise ImprintError(
                    "a turn of the archive has an id that cannot stand in an address", "Use ids of letters and digits"
                )

        def unpacked() -> Contents:
            with self._alone(name):
                return unpack(self.companion.store, archive, name, False, check)

        contents = await run_in_threadpool(unpacked)
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


def _in_address(turn_id: str) -> bool:
    return turn_id.isprintable() and turn_id not in (".", "..") and not set(turn_id) & set("/\\?#")


def checked(text: str) -> str:
    """A message that may be kept. ImprintError: it holds something that is not text."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ImprintError("the message holds bytes that are not text", "Send UTF-8 text without NUL")
    return text
