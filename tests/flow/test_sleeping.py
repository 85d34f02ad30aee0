"""Sleep takes minutes in real life: what if there are two, someone presses Ctrl-C, forgets or talks meanwhile?"""

import shutil
import signal
from pathlib import Path

import pytest

from imprint.fit.rows import PREFILL_BATCH
from imprint.store import SQLiteStore
from imprint.types import ImprintError, Turn
from tests.flow.child import INTERRUPTED, REFUSED, STOPPED
from tests.flow.conftest import Nursery, Process
from tests.flow.samples import TOLD, USER, made, opened, stored
from tests.store.samples import holding

FIRST = ("fit", 1)
"""A step in the middle of a sleep."""


def heard(home: Path, count: int = len(TOLD)) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD[:count])


def steps(process: Process) -> list[int]:
    """The steps of the fit that a process reported."""
    return [line["done"] for line in process.lines() if line.get("stage") == "fit" and "done" in line]


def test_there_is_one_sleep_at_a_time(home: Path, nursery: Nursery) -> None:
    heard(home)
    other = nursery.sleep(home, FIRST)
    with opened(home) as companion, pytest.raises(ImprintError, match=f"{USER} is already sleeping. Wait"):
        companion.sleep(USER)
    late = nursery.sleep(home, name="late")
    assert late.wait() == REFUSED
    assert other.wait() == 0
    with opened(home) as companion:
        assert companion.recall(USER).slept == len(TOLD)
        assert stored(companion) == made(TOLD, len(TOLD))
        assert companion.sleep(USER).version == companion.recall(USER).version


def test_other_users_sleep_at_the_same_time(home: Path, nursery: Nursery) -> None:
    heard(home)
    other = nursery.sleep(home, FIRST)
    theirs = [Turn(said.id, "bertram", said.role, said.text) for said in TOLD[:3]]
    with opened(home) as companion:
        companion.hear("bertram", theirs)
        companion.sleep("bertram")
        assert stored(companion, "bertram") == made(theirs, 3)
        assert other.wait() == 0
        assert stored(companion) == made(TOLD, len(TOLD))


def checkpoints(home: Path) -> int:
    """How many there are, counted in a copy that is erased."""
    copy = home.parent / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    with SQLiteStore(copy) as store:
        return store.erase(USER).checkpoints


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_saves_and_the_next_sleep_goes_on(home: Path, nursery: Nursery, times: int) -> None:
    heard(home)
    done = 0
    for number in range(times):
        sleeper = nursery.sleep(home, ("fit", done + 1), f"journal {number}")
        sleeper.signal(signal.SIGINT)
        assert sleeper.wait() == INTERRUPTED
        assert steps(sleeper) == [done + 1]
        done += 1
        assert checkpoints(home) == 1
    with opened(home) as companion:
        assert companion.recall(USER).slept == 0
        assert stored(companion) == made(TOLD)
    last = nursery.sleep(home)
    assert last.wait() == 0
    assert steps(last)[0] == done + 1
    assert checkpoints(home) == 0
    with opened(home) as companion:
        assert stored(companion) == made(TOLD, len(TOLD))


def test_ctrl_c_before_the_fit_loses_nothing(home: Path, nursery: Nursery) -> None:
    heard(home)
    sleeper = nursery.sleep(home, ("prefill", PREFILL_BATCH))
    sleeper.signal(signal.SIGINT)
    assert sleeper.wait() == STOPPED
    with opened(home) as companion:
        assert stored(companion) == made(TOLD)
        companion.sleep(USER)
        assert stored(companion) == made(TOLD, len(TOLD))


def test_after_a_kill_the_user_can_sleep_again(home: Path, nursery: Nursery) -> None:
    heard(home)
    sleeper = nursery.sleep(home, FIRST)
    sleeper.signal(signal.SIGKILL)
    assert sleeper.wait() == -signal.SIGKILL
    with opened(home) as companion:
        companion.sleep(USER)
        assert stored(companion) == made(TOLD, len(TOLD))


def test_what_is_said_during_a_sleep_is_heard_and_comes_after_it(home: Path, nursery: Nursery) -> None:
    heard(home, 5)
    sleeper = nursery.sleep(home, FIRST)
    with opened(home) as companion:
        companion.hear(USER, TOLD[5:])
        assert stored(companion) == made(TOLD)
        assert sleeper.wait() == 0
        state = companion.recall(USER)
        assert (state.heard, state.slept) == (len(TOLD), 5)
        assert stored(companion) == made(TOLD, 5)


def test_forgetting_waits_until_the_sleep_has_ended(home: Path, nursery: Nursery) -> None:
    heard(home)
    sleeper = nursery.sleep(home, FIRST)
    with opened(home) as companion:
        with pytest.raises(ImprintError, match="already sleeping"):
            companion.forget(USER, [TOLD[1].id])
        assert companion.store.turns(USER) == TOLD
        assert sleeper.wait() == 0
        companion.forget(USER, [TOLD[1].id])
        left = [TOLD[0], *TOLD[2:]]
        assert stored(companion) == made(left, len(left))


def test_a_sleep_does_not_publish_what_was_forgotten_meanwhile(home: Path, nursery: Nursery) -> None:
    """Someone who goes past the companion, straight to the store."""
    heard(home)
    left = [TOLD[0], *TOLD[2:]]
    sleeper = nursery.sleep(home, FIRST)
    with opened(home) as companion:
        companion.store.forget(USER, [TOLD[1].id])
        assert sleeper.wait() == REFUSED
        assert "forgotten while this memory was made. Run it again" in sleeper.lines()[-1]["refused"]
        assert companion.recall(USER).slept == 0
        assert stored(companion) == made(left)
        assert holding(home, "Biscuit") == []
        companion.sleep(USER)
        assert stored(companion) == made(left, len(left))


def test_a_sleep_does_not_bring_an_erased_user_back(home: Path, nursery: Nursery) -> None:
    heard(home)
    sleeper = nursery.sleep(home, FIRST)
    with opened(home) as companion:
        companion.erase(USER)
        companion.hear(USER, TOLD[:1])
        assert sleeper.wait() == REFUSED
        assert stored(companion) == made(TOLD[:1])
    assert holding(home, "Biscuit") == []
