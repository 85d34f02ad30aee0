import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from imprint.store import SQLiteStore, purge
from imprint.types import ImprintError
from tests.store.samples import files, heard, holding, python, turn, turns

CANARY = "quetzalcoatlus"


def fill(store: SQLiteStore, user: str) -> str:
    """A user whose ledger, versions and checkpoints are full of the canary; returns the epoch."""
    store.add(user, [turn(n, user, f"{CANARY} {n} " + "y" * (n * 37 % 5000)) for n in range(40)])
    epoch = store.snapshot(user).epoch
    for number in range(9):
        store.publish(user, "lpm", (f"{user} {CANARY} {number} " * 3000).encode(), epoch, number, number // 2)
        store.publish(user, "plum", f"{user} {CANARY} {number}".encode(), epoch, 40, 0)
    store.save_checkpoint(user, "plum", f"{user}-{CANARY}", CANARY.encode() * 9999, epoch)
    return epoch


def test_forgetting_removes_the_turn_and_what_heard_it(store: SQLiteStore) -> None:
    epoch = heard(store, 6)
    for count in (2, 3, 4):
        store.publish("ada", "bm25", b"%d" % count, epoch, count, count)
    store.save_checkpoint("ada", "lpm", "k", b"state", epoch)
    receipt = store.forget("ada", [turn(4).id, turn(2).id, turn(4).id])
    assert (receipt.turns, receipt.versions, receipt.checkpoints, receipt.leftover) == (2, 3, 1, "")
    assert store.turns("ada") == [turn(0), turn(1), turn(3), turn(5)]
    assert store.memory("ada", "lpm") is None
    assert [kept.heard for kept in store.history("ada", "bm25")] == [2]
    assert store.load_checkpoint("ada", "lpm", "k") is None
    assert store.snapshot("ada").epoch not in ("", epoch)


def test_the_last_sleep_before_a_forgotten_turn_stays_valid(store: SQLiteStore) -> None:
    epoch = heard(store, 6)
    for slept in (1, 3, 5):
        store.publish("ada", "lpm", b"%d" % slept, epoch, 6, slept)
    store.forget("ada", [turn(3).id])
    assert store.snapshot("ada").slept == 3
    store.forget("ada", [turn(0).id])
    assert store.snapshot("ada").slept == 0


def test_a_version_number_is_not_used_twice(store: SQLiteStore) -> None:
    heard(store, 3)
    store.forget("ada", [turn(0).id])
    assert store.publish("ada", "lpm", b"new", store.snapshot("ada").epoch, 2, 0) == 2


def test_a_forgotten_turn_can_be_told_again_and_is_the_newest_then(store: SQLiteStore) -> None:
    store.add("ada", turns(3))
    store.forget("ada", [turn(2).id])
    store.add("ada", [turn(7)])
    store.add("ada", turns(3))
    assert store.turns("ada") == [turn(0), turn(1), turn(7), turn(2)]


def test_an_unknown_turn_changes_nothing(store: SQLiteStore) -> None:
    epoch = heard(store, 3)
    store.add("bob", [turn(9, "bob")])
    with pytest.raises(ImprintError, match="nothing was forgotten"):
        store.forget("ada", [turn(0).id, turn(9).id])
    assert (store.turns("ada"), store.snapshot("ada").epoch) == (turns(3), epoch)
    assert store.memory("ada", "lpm") is not None
    with pytest.raises(ImprintError, match="nothing is kept of eve"):
        store.forget("eve", [turn(0).id])


def test_forgetting_nothing_changes_nothing(store: SQLiteStore) -> None:
    epoch = heard(store, 3)
    assert store.forget("ada", []).turns == 0
    assert store.snapshot("ada").epoch == epoch


def test_erasing_counts_what_it_removed_and_spares_the_others(store: SQLiteStore) -> None:
    fill(store, "xanthippe")
    heard(store, 3, "bob")
    receipt = store.erase("xanthippe")
    assert (receipt.turns, receipt.versions, receipt.checkpoints, receipt.leftover) == (40, 10, 1, "")
    assert store.users() == ["bob"]
    assert store.turns("bob") == turns(3, "bob")
    kept = store.memory("bob", "lpm")
    assert kept is not None
    assert kept.blob == b"memory of 3"
    assert store.erase("xanthippe").turns == 0


def test_no_byte_of_an_erased_user_is_left(home: Path, store: SQLiteStore) -> None:
    with SQLiteStore(home) as other:
        heard(store, 30, "bob")
        fill(other, "xanthippe")
        assert len(other.turns("xanthippe")) == 40
        with store.sleeping("xanthippe"):
            assert holding(home, CANARY)
            assert store.erase("xanthippe").leftover == ""
            assert holding(home, CANARY) == holding(home, "xanthippe") == []
        assert [name for name in files(home) if name.startswith("locks")] == []
    assert holding(home, CANARY) == holding(home, "xanthippe") == []


def test_no_byte_of_a_forgotten_turn_is_left(home: Path, store: SQLiteStore) -> None:
    fill(store, "xanthippe")
    assert store.forget("xanthippe", [kept.id for kept in store.turns("xanthippe")]).leftover == ""
    assert holding(home, CANARY) == []


def test_pages_that_split_and_merge_keep_no_copies(home: Path, store: SQLiteStore) -> None:
    """secure_delete alone leaves some of these texts in the gaps of B-tree pages."""
    draw = random.Random(1)
    told = {n: f"{CANARY}{n:06d}." + "z" * draw.randrange(600) for n in range(3000)}
    store.add("ada", [turn(n, text=text) for n, text in told.items()])
    order = draw.sample(range(3000), 2600)
    for start in range(0, 2600, 650):
        store.forget("ada", [turn(n).id for n in order[start : start + 650]])
    everything = b"".join(files(home).values())
    assert [n for n in order if f"{CANARY}{n:06d}.".encode() in everything] == []
    assert f"{CANARY}{min(set(told) - set(order)):06d}.".encode() in everything


def reader(home: Path) -> sqlite3.Connection:
    """Another program in the middle of reading the database."""
    conn = sqlite3.connect(home / "imprint.db", isolation_level=None, check_same_thread=False)
    conn.execute("BEGIN")
    conn.execute("SELECT count(*) FROM turn").fetchone()
    return conn


def test_a_reader_in_the_way_is_told_and_the_next_command_finishes(home: Path, store: SQLiteStore) -> None:
    fill(store, "xanthippe")
    conn = reader(home)
    receipt = store.erase("xanthippe")
    assert "another program still reads" in receipt.leftover
    assert store.users() == []
    assert holding(home, CANARY)
    conn.close()
    assert store.erase("xanthippe").leftover == ""
    assert holding(home, CANARY) == holding(home, "xanthippe") == []


def test_opening_the_store_finishes_a_removal_that_was_cut_off(home: Path, store: SQLiteStore) -> None:
    fill(store, "xanthippe")
    conn = reader(home)
    store.erase("xanthippe")
    conn.close()
    with SQLiteStore(home):
        assert holding(home, CANARY) == holding(home, "xanthippe") == []


def test_the_removal_waits_for_a_reader_that_ends(home: Path) -> None:
    with SQLiteStore(home, wait=20.0) as store:
        fill(store, "xanthippe")
        ends = threading.Timer(0.4, reader(home).close)
        ends.start()
        assert store.erase("xanthippe").leftover == ""
        ends.join()
        assert holding(home, CANARY) == []


def test_a_removal_that_came_after_the_rewriting_is_not_taken_for_done(
    home: Path, store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard(store, 3)
    with closing(sqlite3.connect(home / "imprint.db", isolation_level=None)) as other:
        empty_log = purge._empty_log

        def late(conn: sqlite3.Connection, wait: float) -> bool:
            other.execute("INSERT INTO purge DEFAULT VALUES")
            return empty_log(conn, wait)

        with monkeypatch.context() as patch:
            patch.setattr(purge, "_empty_log", late)
            assert store.erase("ada").leftover == ""
        assert purge.pending(other)
        assert store.forget("ada", []).leftover == ""
        assert not purge.pending(other)


def test_each_receipt_is_true_when_it_is_given(home: Path) -> None:
    def remove(user: str) -> tuple[str, list[str]]:
        fill(store, user)
        return store.erase(user).leftover, holding(home, user)

    with SQLiteStore(home, wait=60.0) as store, ThreadPoolExecutor(8) as pool:
        heard(store, 30, "bob")
        assert list(pool.map(remove, [f"xanthippe-{number}" for number in range(8)])) == [("", [])] * 8
        assert store.turns("bob") == turns(30, "bob")


REMOVER = """
import sys
from pathlib import Path
from imprint.store import SQLiteStore
from tests.store.samples import turn, turns
user = sys.argv[2]
with SQLiteStore(Path(sys.argv[1])) as store:
    for number in range(6):
        store.add(user, turns(8, user))
        store.publish(user, "lpm", bytes([number]) * 100_000, store.snapshot(user).epoch, 8, 4)
        assert store.forget(user, [turn(3).id]).leftover == ""
        assert len(store.turns(user)) == 7
        assert store.erase(user).leftover == ""
"""


def test_several_processes_remove_at_once(home: Path, store: SQLiteStore) -> None:
    heard(store, 3, "bob")
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda number: python(REMOVER, str(home), f"xanthippe{number}"), range(3)))
    assert [run.stderr for run in runs] == ["", "", ""]
    assert holding(home, "xanthippe") == []
    assert store.turns("bob") == turns(3, "bob")
