"""Threads and processes that hear one user at the same time: every version is what its turns make."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from torch import Tensor

from imprint.companion import Companion
from imprint.encode.base import Encoder
from imprint.store import Snapshot, SQLiteStore
from imprint.store.blob import dump
from imprint.store.connect import DATABASE
from imprint.types import ImprintError
from tests.contracts.samples import make, told, turn
from tests.flow.samples import TOLD, USER, backbone, encoder, made, method, opened, stored


def versions(home: Path) -> list[tuple[int, int, bytes]]:
    """heard, slept and bytes of every version, as they lie in the file."""
    conn = sqlite3.connect(home / DATABASE)
    found = conn.execute("SELECT heard, slept, blob FROM memory").fetchall()
    conn.close()
    return found


@pytest.mark.parametrize("case", ["lpm", "bm25"])
def test_many_threads_hear_one_user(home: Path, case: str) -> None:
    lines = told(*[f"{said.text} That was {i}." for i in range(2) for said in TOLD])
    with opened(home, case) as companion:

        def hear(start: int) -> None:
            for said in lines[start::4]:
                companion.hear(USER, [said])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(hear, range(4)))
        ledger = companion.store.turns(USER)
        assert {said.id for said in ledger} == {said.id for said in lines}
        companion.recall(USER)
        assert stored(companion) == made(ledger, case=case)
        assert all(blob == made(ledger[:heard], slept, case) for heard, slept, blob in versions(home))


class Between(SQLiteStore):
    """A store between two of whose reads another process gets its turn."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.meanwhile: Callable[[], object] | None = None

    def snapshot(self, user: str) -> Snapshot:
        found = super().snapshot(user)
        if self.meanwhile is not None:
            other, self.meanwhile = self.meanwhile, None
            other()
        return found


OTHERS: dict[str, Callable[[Companion], object]] = {
    "hears": lambda other: other.hear(USER, TOLD[6:]),
    "hears and sleeps": lambda other: (other.hear(USER, TOLD[6:]), other.sleep(USER)),
    "sleeps": lambda other: other.sleep(USER),
    "forgets": lambda other: other.forget(USER, [TOLD[1].id]),
    "forgets and hears": lambda other: (other.forget(USER, [TOLD[1].id]), other.hear(USER, TOLD[6:])),
    "erases": lambda other: other.erase(USER),
}


@pytest.mark.parametrize("case", ["lpm", "bm25"])
@pytest.mark.parametrize("what", OTHERS)
@pytest.mark.parametrize("unwritten", [False, True])
def test_no_version_knows_more_than_it_says(home: Path, what: str, case: str, unwritten: bool) -> None:
    """Else it would outlive the forgetting of a turn it knows."""
    with Between(home) as store, opened(home, case) as other:
        companion = Companion(store, method(case))
        companion.hear(USER, TOLD[:3])
        if unwritten:
            store.add(USER, TOLD[3:6])
        else:
            companion.hear(USER, TOLD[3:6])
        store.meanwhile = lambda: OTHERS[what](other)
        with suppress(ImprintError):  # the turns it read were forgotten meanwhile
            companion.recall(USER)
        assert store.meanwhile is None
        ledger = store.turns(USER)
        assert all(blob == made(ledger[:heard], slept, case) for heard, slept, blob in versions(home))
        assert dump(companion.recall(USER).memory) == made(ledger, companion.recall(USER).slept, case)


class Waiting(Encoder):
    """The tests' encoder, which takes its time for one word: until `go` is set."""

    def __init__(self, word: str) -> None:
        self.id, self.width = encoder().id, encoder().width
        self.word = word
        self.reached, self.go = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> Tensor:
        if any(self.word in text for text in texts):
            self.reached.set()
            assert self.go.wait(30)
        return encoder().encode(texts)


def test_a_sleep_is_not_lost_to_a_turn_heard_meanwhile(home: Path) -> None:
    """The turn is in the ledger; while it is written, a sleep that covers it begins and ends."""
    slow = Waiting("Olm")
    with SQLiteStore(home) as store, ThreadPoolExecutor(1) as pool:
        sleeper, hearer = Companion(store, method()), Companion(store, make("lpm", backbone(), slow))
        sleeper.hear(USER, TOLD)
        cat = turn(40, "My cat is called Olm.")
        hearing = pool.submit(hearer.hear, USER, [cat])
        assert slow.reached.wait(30)
        try:
            assert sleeper.sleep(USER).slept == len(TOLD) + 1
        finally:
            slow.go.set()
        hearing.result()
        assert sleeper.recall(USER).slept == len(TOLD) + 1
        assert stored(sleeper) == made([*TOLD, cat], len(TOLD) + 1)
