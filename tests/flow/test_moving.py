"""A memory made elsewhere, or damaged on disk, is refused in one clear line, and sleeping makes it anew."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from imprint.backbone.tiny import tiny_backbone
from imprint.companion import Companion
from imprint.encode.hashing import Hashing
from imprint.methods import open_method
from imprint.methods.base import Method
from imprint.store import SQLiteStore
from imprint.store.blob import dump
from imprint.store.connect import DATABASE
from imprint.tensors import SoftPrompt
from imprint.types import ImprintError
from tests.contracts.samples import SMALL, make, slept
from tests.flow.samples import DOG, SHORT, TOLD, USER, asked, backbone, encoder, made, method, opened, stored

MENDED = rf"imprint sleep --user {USER}"


def moved(where: str) -> Method:
    if where == "language model":
        return make("lpm", tiny_backbone("llama", seed=3), encoder())
    if where == "wider language model":
        return make("lpm", tiny_backbone("qwen3", width=64), encoder())
    if where == "sentence encoder":
        return make("lpm", backbone(), Hashing(128))
    return open_method("lpm", {"lpm": SMALL["lpm"] | {"rate": 0.123}}, backbone(), encoder())


@pytest.mark.parametrize("where", ["language model", "wider language model", "sentence encoder", "settings"])
def test_elsewhere_it_is_refused_until_the_user_slept_there(home: Path, where: str) -> None:
    there = moved(where)
    with opened(home) as companion:
        companion.hear(USER, TOLD[:4])
        companion.sleep(USER)
    with SQLiteStore(home) as store:
        companion = Companion(store, there)
        with pytest.raises(ImprintError, match=rf"made with (another|other) {where.removeprefix('wider ')}.*{MENDED}"):
            companion.request(USER, asked(DOG), SHORT)
        with pytest.raises(ImprintError, match=MENDED):
            companion.hear(USER, TOLD[4:])
        assert companion.store.turns(USER) == TOLD
        companion.sleep(USER)
        assert stored(companion) == dump(slept(there, TOLD))
        assert isinstance(there.read(companion.recall(USER).memory, asked(DOG)), SoftPrompt)


def test_of_an_older_version_of_the_method_it_is_refused(home: Path) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD)
        state = companion.sleep(USER)
        print_ = state.memory.fingerprint
        newer = replace(state.memory, fingerprint=replace(print_, method_version=print_.method_version + 1))
        epoch = companion.store.snapshot(USER).epoch
        companion.store.publish(USER, "lpm", dump(newer), epoch, state.heard, state.slept)
        with pytest.raises(ImprintError, match=f"made by another version of its method.*{MENDED}"):
            companion.recall(USER)
        companion.sleep(USER)
        assert stored(companion) == made(TOLD, len(TOLD))


def flip(home: Path, place: int) -> None:
    """Turn one bit of the newest memory around, as a failing disk would."""
    with sqlite3.connect(home / DATABASE) as conn:
        (key, blob) = conn.execute("SELECT id, blob FROM memory ORDER BY id DESC LIMIT 1").fetchone()
        damaged = bytearray(blob)
        damaged[place] ^= 4
        conn.execute("UPDATE memory SET blob = ? WHERE id = ?", (bytes(damaged), key))
    conn.close()


@pytest.mark.parametrize("place", [3, 200, -5])
def test_a_flipped_bit_is_refused_and_sleeping_mends_it(home: Path, place: int) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD)
        companion.sleep(USER)
    flip(home, place)
    with opened(home) as companion:
        for use in (companion.recall, companion.sleep, companion.recall):
            if use == companion.recall and companion.store.history(USER, "lpm")[0].version == 2:
                with pytest.raises(ImprintError, match=f"lpm memory of {USER} is damaged on disk. .*{MENDED}"):
                    use(USER)
            else:
                use(USER)
        assert stored(companion) == made(TOLD, len(TOLD))


def test_forgetting_works_where_a_memory_is_damaged(home: Path) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD[:3])
        companion.hear(USER, TOLD[3:])
        companion.sleep(USER)
        flip(home, 100)
        companion.forget(USER, [TOLD[6].id])
        left = [*TOLD[:6], *TOLD[7:]]
        assert stored(companion) == made(left, len(left))


def test_two_models_take_turns_with_one_user(home: Path) -> None:
    """Each sleep moves the user; the ledger is the truth for both."""
    there = moved("language model")
    with SQLiteStore(home) as store:
        ours, theirs = Companion(store, method()), Companion(store, there)
        ours.hear(USER, TOLD[:4])
        theirs.sleep(USER)
        theirs.hear(USER, TOLD[4:])
        assert stored(theirs) == dump(there.write(slept(there, TOLD[:4]), TOLD[4:]))
        ours.sleep(USER)
        assert stored(ours) == made(TOLD, len(TOLD))
