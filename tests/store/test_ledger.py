import dataclasses
import threading
from pathlib import Path

import pytest

from imprint.store import SQLiteStore
from imprint.types import MAX_TEXT, ImprintError, Turn
from tests.store.samples import python, turn, turns


def test_turns_come_back_whole_and_in_order(store: SQLiteStore) -> None:
    told = [
        Turn("b", "ada", "user", "I like \u2615 and\r\n'quotes\"; --", "2025-01-01T00:00:00Z", "chat"),
        Turn("a", "ada", "assistant", "", "", "file#3"),
    ]
    assert store.add("ada", told) == 2
    assert store.turns("ada") == told


def test_a_turn_that_is_there_is_ignored(store: SQLiteStore) -> None:
    store.add("ada", turns(3))
    changed = dataclasses.replace(turn(1), text="something else")
    assert store.add("ada", [changed, turn(5), turn(5), turn(0)]) == 1
    assert store.turns("ada") == [*turns(3), turn(5)]


def test_users_have_ledgers_of_their_own(store: SQLiteStore) -> None:
    store.add("bob", turns(2, "bob"))
    store.add("ada", turns(1))
    assert store.users() == ["ada", "bob"]
    assert store.turns("bob") == turns(2, "bob")
    assert store.turns("eve") == []


def test_an_unknown_user_is_an_empty_snapshot(store: SQLiteStore) -> None:
    found = store.snapshot("ada")
    assert (found.epoch, found.turns, found.slept) == ("", (), 0)
    assert store.add("ada", []) == 0
    assert store.users() == []


def test_the_longest_text_is_kept(store: SQLiteStore) -> None:
    store.add("ada", [turn(1, text="\U0001f41d" * MAX_TEXT)])
    assert store.turns("ada")[0].text == "\U0001f41d" * MAX_TEXT


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("text", "x" * (MAX_TEXT + 1), "longer than 100000 characters"),
        ("text", "half \ud83d of a pair", "half of a surrogate pair"),
        ("text", "a\0b", "NUL"),
        ("source", "\udfff", "half of a surrogate pair"),
        ("time", "x" * 1001, "longer than 1000"),
        ("id", "", "has an id"),
        ("id", "a\nb", "has an id"),
        ("user", "bob", "belongs to another user"),
    ],
)
def test_what_cannot_be_kept_writes_nothing(store: SQLiteStore, field: str, value: str, reason: str) -> None:
    bad = dataclasses.replace(turn(1), **{field: value})
    with pytest.raises(ImprintError, match=reason) as told:
        store.add("ada", [turn(0), bad])
    assert "turn 2" in str(told.value)
    assert store.users() == []


def test_other_spelling_of_the_name_reaches_the_same_ledger(store: SQLiteStore) -> None:
    store.add("Zoe\u0308", turns(1, "Zoe\u0308"))
    assert store.add("Zo\u00eb", turns(2, "Zo\u00eb")) == 1
    assert store.turns("Zoe\u0308") == turns(2, "Zo\u00eb")


def test_a_second_open_store_sees_what_the_first_acknowledged(home: Path, store: SQLiteStore) -> None:
    with SQLiteStore(home) as other:
        store.add("ada", turns(1))
        assert other.turns("ada") == turns(1)
        other.add("ada", turns(3))
    assert store.turns("ada") == turns(3)


def test_threads_write_through_connections_of_their_own(store: SQLiteStore) -> None:
    workers = [
        threading.Thread(target=store.add, args=(f"u{n}", turns(20, f"u{n}"))) for n in range(4) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [store.turns(f"u{n}") for n in range(4)] == [turns(20, f"u{n}") for n in range(4)]


WRITER = """
import sys
from pathlib import Path
from imprint.store import SQLiteStore
from tests.store.samples import turn
with SQLiteStore(Path(sys.argv[1])) as store:
    for number in range(int(sys.argv[2]), 60, 2):
        store.add("ada", [turn(number)])
"""


def test_two_processes_write_one_ledger(home: Path, store: SQLiteStore) -> None:
    done: list[int] = []
    workers = [
        threading.Thread(target=lambda n=n: done.append(python(WRITER, str(home), str(n)).returncode)) for n in (0, 1)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [kept.id for kept in store.turns("ada")]
    assert done == [0, 0]
    assert sorted(ids) == [turn(number).id for number in range(60)]
    assert [i for i in ids if int(i, 16) % 2] == sorted(i for i in ids if int(i, 16) % 2)


def test_a_closed_store_says_so(home: Path) -> None:
    store = SQLiteStore(home)
    store.close()
    store.close()
    with pytest.raises(ImprintError, match="closed"):
        store.users()
