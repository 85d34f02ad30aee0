"""Flipped bits: an error or the same content, never a silent wrong answer."""

import random
import sqlite3
from pathlib import Path

import pytest

from imprint.store import SQLiteStore
from imprint.types import ImprintError
from tests.store.samples import heard, turn, turns


def corrupt(home: Path, statement: str, *values: object) -> None:
    """Change a row behind the store's back."""
    conn = sqlite3.connect(home / "imprint.db")
    assert conn.execute(statement, values).rowcount == 1
    conn.commit()
    conn.close()


@pytest.mark.parametrize("place", range(11))
def test_a_flipped_bit_of_a_memory_names_user_and_remedy(home: Path, store: SQLiteStore, place: int) -> None:
    heard(store, 2)
    blob = bytearray(b"memory of 2")
    blob[place] ^= 1 << place % 8
    corrupt(home, "UPDATE memory SET blob = ?", bytes(blob))
    with pytest.raises(ImprintError, match="memory of ada is damaged.*imprint sleep --user ada"):
        store.memory("ada", "lpm")


@pytest.mark.parametrize(
    "change", ["heard = 1", "slept = 1", "version = 3", "sha256 = ''", "seal = ''", "created = ''"]
)
def test_a_changed_record_of_a_memory_is_damage_too(home: Path, store: SQLiteStore, change: str) -> None:
    heard(store, 2)
    corrupt(home, f"UPDATE memory SET {change}")
    for read in (store.memory, store.history):
        with pytest.raises(ImprintError, match="damaged"):
            read("ada", "lpm")


def test_making_the_memory_again_mends_it(home: Path, store: SQLiteStore) -> None:
    epoch = heard(store, 2)
    corrupt(home, "UPDATE memory SET blob = x'00'")
    assert store.publish("ada", "lpm", b"memory of 2", epoch, 2, 0) == 2
    kept = store.memory("ada", "lpm")
    assert kept is not None
    assert kept.blob == b"memory of 2"
    assert [version.version for version in store.history("ada", "lpm")] == [2]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "I keep 2 bees"),
        ("role", "assistant"),
        ("time", ""),
        ("source", "x"),
        ("seq", 77),
        ("text", b"\xff"),
    ],
)
def test_a_changed_turn_is_an_error_for_its_user_alone(
    home: Path, store: SQLiteStore, column: str, value: object
) -> None:
    heard(store, 2)
    heard(store, 2, "bob")
    if isinstance(value, bytes):
        corrupt(home, f"UPDATE turn SET {column} = CAST(? AS TEXT) WHERE seq = 1", value)
    else:
        corrupt(home, f"UPDATE turn SET {column} = ? WHERE seq = 1", value)
    with pytest.raises(ImprintError, match="of ada is damaged on disk.*forget 0000000000000000 --user ada") as told:
        store.turns("ada")
    assert "bees" not in str(told.value)
    assert store.turns("bob") == turns(2, "bob")
    store.forget("ada", [turn(0).id])
    assert store.turns("ada") == [turn(1)]


def test_a_turn_moved_to_another_user_is_damage(home: Path, store: SQLiteStore) -> None:
    store.add("ada", turns(2))
    store.add("bob", [turn(9, "bob")])
    corrupt(home, "UPDATE turn SET user = 2 WHERE seq = 1")
    with pytest.raises(ImprintError, match="ledger of ada is damaged on disk: it should hold 2 turns"):
        store.turns("ada")
    with pytest.raises(ImprintError, match="ledger of bob is damaged"):
        store.turns("bob")


def test_a_sleep_of_more_turns_than_there_are_is_damage(home: Path, store: SQLiteStore) -> None:
    epoch = heard(store, 2)
    store.publish("ada", "lpm", b"x", epoch, 2, 2)
    corrupt(home, "UPDATE sleep SET covered = 66")
    with pytest.raises(ImprintError, match="record of ada's sleeps is damaged"):
        store.snapshot("ada")


def test_a_damaged_checkpoint_is_no_checkpoint(home: Path, store: SQLiteStore) -> None:
    epoch = heard(store, 2)
    store.save_checkpoint("ada", "lpm", "k", b"state", epoch)
    corrupt(home, "UPDATE checkpoint SET data = x'00'")
    assert store.load_checkpoint("ada", "lpm", "k") is None
    store.save_checkpoint("ada", "lpm", "k", b"state", epoch)
    assert store.load_checkpoint("ada", "lpm", "k") == b"state"
    corrupt(home, "UPDATE checkpoint SET key = 'other'")
    assert store.load_checkpoint("ada", "lpm", "other") is None


def contents(home: Path) -> list[object]:
    """What each user's ledger and memory read as; an error is one line."""
    found: list[object] = []
    try:
        with SQLiteStore(home, wait=0.1) as store:
            for user in ("ada", "bob"):
                for read in (store.turns, lambda user, s=store: getattr(s.memory(user, "lpm"), "blob", None)):
                    try:
                        found.append(read(user))
                    except ImprintError as error:
                        found.append(str(error))
    except ImprintError as error:
        found.append(str(error))
    return found


def test_any_flipped_bit_of_the_file_is_an_error_or_the_same_content(home: Path) -> None:
    """Or no memory: it is then made again from the ledger. A ledger never comes back short or changed."""
    with SQLiteStore(home) as store:
        for user in ("ada", "bob"):
            heard(store, 30, user)
    path = home / "imprint.db"
    whole = path.read_bytes()
    right = contents(home)
    assert right[0] == turns(30)
    draw = random.Random(7)
    used = [place for place, byte in enumerate(whole) if byte]
    places = [*range(100), *draw.sample(used, 250)]
    silent = []
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << draw.randrange(8)
        for old in home.glob("imprint.db*"):
            old.unlink()
        path.write_bytes(flipped)
        answers = zip(contents(home), right, strict=False)
        silent += [place for answer, true in answers if not isinstance(answer, str) and answer not in (true, None)]
    assert silent == []
