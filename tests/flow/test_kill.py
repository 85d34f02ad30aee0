"""SIGKILL at random instants of hearing, sleeping and forgetting: what was acknowledged is there, and nothing else."""

import random
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from imprint.companion import Companion
from imprint.store.blob import dump
from imprint.tensors import SoftPrompt
from imprint.types import Turn
from tests.contracts.samples import turn
from tests.flow.child import said
from tests.flow.conftest import Nursery
from tests.flow.samples import USER, made, method, opened, stored
from tests.store.samples import files

WORD = re.compile(rb"Q[bcdfghklmn]o\d+")
"""What `said` puts into every turn, another one into each."""
LONGEST = 0.6
"""Seconds a process lives at most."""


@dataclass
class Expected:
    """What a user's ledger holds, and how much of it was slept on."""

    told: list[int]
    slept: int

    def after(self, step: dict) -> "Expected":
        gone = set(step["turns"])
        if step["try"] == "hear":
            return Expected(self.told + step["turns"], self.slept)
        if step["try"] == "sleep":
            return Expected(self.told, len(self.told))
        left = [number for number in self.told if number not in gone]
        return Expected(left, sum(number not in gone for number in self.told[: self.slept]))

    def turns(self) -> list[Turn]:
        return [turn(number, said(number)) for number in self.told]


def states(lines: list[dict]) -> tuple[Expected, Expected, str]:
    """Before and after the step that was cut off, and what it was."""
    steps = [line for line in lines if "try" in line]
    done = sum("done" in line for line in lines)
    assert len(steps) - done in (0, 1)
    before = Expected([], 0)
    for step in steps[:done]:
        before = before.after(step)
    return (before, before.after(steps[-1]), steps[-1]["try"]) if len(steps) > done else (before, before, "")


def kill_at_random(nursery: Nursery, folder: Path, seed: int) -> int:
    """One life; returns how many steps were acknowledged."""
    home = folder / "home"
    process = nursery.live(home, seed)
    process.until(lambda line: "ready" in line)
    time.sleep(random.Random(seed).uniform(0, LONGEST))
    process.signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before, after, verb = states(process.lines())
    with opened(home) as companion:
        kept = companion.store.turns(USER)
        assert kept in (before.turns(), after.turns())
        state = companion.recall(USER)
        assert dump(state.memory) == made(kept, state.slept)
        if kept:
            assert (stored(companion), state.heard) == (dump(state.memory), len(kept))
        # A forgetting that was cut off may have lost the sleep, too; `sleep` brings it back.
        assert state.slept in (before.slept, after.slept) or verb == "forget"
        works_on(companion, kept)
    forgotten_for_good(home, kept)
    return sum("done" in line for line in process.lines())


def forgotten_for_good(home: Path, kept: list[Turn]) -> None:
    """No file holds a word of a turn that is not in the ledger."""
    content = b"".join(files(home).values())
    known = {word for told in kept for word in WORD.findall(told.text.encode())}
    assert len(known) == len(kept)
    assert set(WORD.findall(content)) == known


def works_on(companion: Companion, kept: list[Turn]) -> None:
    """After the crash the user sleeps, and is answered."""
    fresh = turn(10**6, "My cat is called Olm.")
    companion.hear(USER, [fresh])
    assert companion.sleep(USER).slept == len(kept) + 1
    memory = companion.recall(USER).memory
    question = turn(10**6 + 1, "Which name have I given to my cat?")
    assert isinstance(method().read(memory, [question]), SoftPrompt)


@pytest.mark.parametrize("seed", range(10))
def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, nursery: Nursery, seed: int) -> None:
    kill_at_random(nursery, tmp_path, seed)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_kills_lose_nothing(tmp_path: Path, nursery: Nursery) -> None:
    done = 0
    for seed in range(1000, 1100):
        folder = tmp_path / str(seed)
        folder.mkdir()
        done += kill_at_random(nursery, folder, seed)
    assert done > 300
