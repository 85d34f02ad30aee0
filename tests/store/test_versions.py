import hashlib
from pathlib import Path

import pytest

from imprint.store import SQLiteStore
from imprint.types import ImprintError
from tests.store.samples import heard, turns


def test_the_newest_version_comes_back(store: SQLiteStore) -> None:
    epoch = heard(store, 4)
    assert store.publish("ada", "lpm", b"\0second", epoch, 4, 3) == 2
    kept = store.memory("ada", "lpm")
    assert kept is not None
    assert (kept.version, kept.blob, kept.heard, kept.slept, kept.epoch) == (2, b"\0second", 4, 3, epoch)
    assert kept.sha256 == hashlib.sha256(b"\0second").hexdigest()
    assert kept.created.endswith("+00:00")


def test_methods_count_on_their_own(store: SQLiteStore) -> None:
    epoch = heard(store, 2)
    assert store.publish("ada", "bm25", b"", epoch, 1, 0) == 1
    assert store.methods("ada") == ["bm25", "lpm"]
    assert store.memory("ada", "none") is None
    assert store.memory("eve", "lpm") is None
    assert store.history("eve", "lpm") == store.methods("eve") == []


def test_the_same_memory_again_is_no_new_version(store: SQLiteStore) -> None:
    epoch = heard(store, 2)
    assert store.publish("ada", "lpm", b"memory of 2", epoch, 2, 0) == 1
    assert store.publish("ada", "lpm", b"memory of 2", epoch, 2, 1) == 2
    assert len(store.history("ada", "lpm")) == 2


def test_five_versions_are_kept_newest_first(store: SQLiteStore) -> None:
    epoch = heard(store, 1)
    for number in range(2, 9):
        store.publish("ada", "lpm", b"x" * number, epoch, 1, 0)
    assert [(kept.version, kept.bytes) for kept in store.history("ada", "lpm")] == [(n, n) for n in (8, 7, 6, 5, 4)]


def test_the_last_sleep_is_remembered_after_its_versions_are_pruned(store: SQLiteStore) -> None:
    epoch = heard(store, 3)
    store.publish("ada", "lpm", b"slept", epoch, 3, 2)
    for number in range(6):
        store.publish("ada", "bm25", b"%d" % number, epoch, 3, 0)
        store.publish("ada", "lpm", b"%d" % number, epoch, 3, 2)
    assert store.snapshot("ada").slept == 2


def test_a_memory_made_before_a_forget_is_refused(store: SQLiteStore) -> None:
    epoch = heard(store, 3)
    store.forget("ada", [turns(3)[2].id])
    with pytest.raises(ImprintError, match="forgotten.*Run it again"):
        store.publish("ada", "lpm", b"stale", epoch, 2, 0)
    with pytest.raises(ImprintError, match="forgotten.*Run it again"):
        store.save_checkpoint("ada", "lpm", "k", b"stale", epoch)
    assert store.memory("ada", "lpm") is None
    assert store.load_checkpoint("ada", "lpm", "k") is None


def test_a_memory_made_before_an_erase_is_refused(store: SQLiteStore) -> None:
    epoch = heard(store, 3)
    store.erase("ada")
    with pytest.raises(ImprintError, match="erased.*Run it again"):
        store.publish("ada", "lpm", b"stale", epoch, 2, 0)
    store.add("ada", turns(3))
    with pytest.raises(ImprintError, match="Run it again"):
        store.publish("ada", "lpm", b"stale", epoch, 2, 0)


@pytest.mark.parametrize(("count", "slept"), [(3, 0), (1, 2), (1, -1)])
def test_a_memory_of_turns_that_are_not_there_is_a_mistake(store: SQLiteStore, count: int, slept: int) -> None:
    epoch = heard(store, 2)
    with pytest.raises(ValueError, match="do not fit a ledger of 2 turns"):
        store.publish("ada", "lpm", b"x", epoch, count, slept)


def test_a_method_name_is_not_a_path(store: SQLiteStore) -> None:
    epoch = heard(store, 1)
    with pytest.raises(ImprintError, match="not a method's name"):
        store.publish("ada", "../lpm", b"x", epoch, 1, 0)


def test_checkpoints_are_replaced_and_dropped(store: SQLiteStore) -> None:
    epoch = heard(store, 1)
    for key, data in [("a", b"1"), ("b", b"2"), ("a", b"3")]:
        store.save_checkpoint("ada", "lpm", key, data, epoch)
    store.save_checkpoint("ada", "plum", "a", b"4", epoch)
    assert [store.load_checkpoint("ada", "lpm", key) for key in "abc"] == [b"3", b"2", None]
    store.drop_checkpoints("ada", "lpm")
    assert store.load_checkpoint("ada", "lpm", "a") is None
    assert store.load_checkpoint("ada", "plum", "a") == b"4"


def test_one_sleep_a_user(home: Path, store: SQLiteStore) -> None:
    with SQLiteStore(home) as other, store.sleeping("ada"):
        with pytest.raises(ImprintError, match="ada is already sleeping"), other.sleeping("ada"):
            pass
        with other.sleeping("bob"):
            pass
    with store.sleeping("ada"):
        pass
    assert list((home / "locks").iterdir()) == []
