"""SIGKILL at random instants: every acknowledged operation is there afterwards, and no half one."""

import copy
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imprint.store import SQLiteStore
from tests.store import crash_child
from tests.store.crash_child import KEY, METHODS, USER
from tests.store.model import Kept, same, seen
from tests.store.samples import environment, files, turn


def apply(model: Kept, step: dict) -> None:
    """Do to the model what the child did to the store."""
    match step["do"]:
        case "add":
            model.add([turn(number, USER, f"turn {number} " * 40) for number in step["turns"]])
        case "forget":
            model.forget([turn(number).id for number in step["turns"]])
        case "checkpoint":
            model.checkpoints["lpm", KEY] = bytes([step["fill"]]) * step["size"]
        case "publish":
            model.publish(step["method"], bytes([step["fill"]]) * step["size"], step["heard"], step["slept"])


def states(journal: Path) -> tuple[Kept, Kept]:
    """What must be there: the state before the operation that was cut off, and the one after it."""
    lines = journal.read_text().split("\n")
    entries = [json.loads(line) for line in lines[:-1]]  # the last one has no newline when it was torn
    steps = [entry["try"] for entry in entries if "try" in entry]
    done = sum("done" in entry for entry in entries)
    assert len(steps) - done in (0, 1)
    before = Kept()
    for step in steps[:done]:
        apply(before, step)
    after = copy.deepcopy(before)
    for step in steps[done:]:
        apply(after, step)
    return before, after


def kill_at_random(folder: Path, seed: int) -> int:
    """One round; returns the number of acknowledged operations."""
    home, journal = folder / "home", folder / "journal"
    draw = random.Random(seed)
    enough = draw.randrange(12)  # operations, not seconds: on a busy machine a second is no work at all
    child = subprocess.Popen(
        [sys.executable, crash_child.__file__, str(home), str(journal), str(seed)], env=environment()
    )
    try:
        deadline = time.monotonic() + 30
        while acknowledged(journal) < enough and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.03))
        assert child.poll() is None
    finally:
        child.kill()
        child.wait()
    before, after = states(journal)
    with SQLiteStore(home) as store:
        found = seen(store, USER, METHODS, (KEY,))
        slept = store.snapshot(USER).slept
        sound = store._connection().execute("PRAGMA integrity_check").fetchone()
        store.add(USER, [turn(10**6)])
    assert sound == ("ok",)
    assert (same(found, before) and slept == max(before.sleeps, default=0)) or (
        same(found, after) and slept == max(after.sleeps, default=0)
    )
    forgotten_for_good(home, found)
    return acknowledged(journal)


def acknowledged(journal: Path) -> int:
    """Operations that returned; -1 until the child is ready."""
    text = journal.read_text() if journal.exists() else ""
    return text.count('"done"') if "\n" in text else -1


def forgotten_for_good(home: Path, found: Kept) -> None:
    """Opening finished a removal that the kill cut off: no text is in the files that is not in the ledger."""
    content = b"".join(files(home).values())
    kept = {told.text for told in found.turns}
    left = [n for n in range(2000) if f"turn {n} turn {n} ".encode() in content and f"turn {n} " * 40 not in kept]
    assert left == []


@pytest.mark.parametrize("seed", range(20))
def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, seed: int) -> None:
    kill_at_random(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_five_hundred_kills_lose_nothing(tmp_path: Path, block: int) -> None:
    done = 0
    for seed in range(1000 + block * 50, 1050 + block * 50):
        folder = tmp_path / str(seed)
        folder.mkdir()
        done += kill_at_random(folder, seed)
    assert done > 100
