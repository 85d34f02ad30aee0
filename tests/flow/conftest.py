"""Processes of their own that tests can start, interrupt and kill."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flow import child
from tests.store.samples import environment


class Process:
    """One companion at work elsewhere."""

    def __init__(self, nursery: "Nursery", pid: int, journal: Path) -> None:
        self._nursery = nursery
        self.pid = pid
        self.journal = journal

    def lines(self) -> list[dict]:
        """What it wrote down so far; a line that is not finished does not count."""
        if not self.journal.exists():
            return []
        return [json.loads(line) for line in self.journal.read_text().split("\n")[:-1]]

    def until(self, seen: Callable[[dict], bool]) -> None:
        """Wait for a line of its journal."""
        deadline = time.monotonic() + 30
        while not any(map(seen, self.lines())):
            assert time.monotonic() < deadline, "the process does not get there"
            time.sleep(0.002)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Let it go on where it holds; its exit status, or minus the signal that killed it."""
        self.journal.with_suffix(".released").touch()
        return self._nursery.wait(self.pid)


class Nursery:
    """A process with everything loaded, from which companions are forked."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, child.__file__],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running: set[int] = set()

    def _order(self, order: dict) -> int:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def live(self, home: Path, seed: int) -> Process:
        """Someone who hears, sleeps and forgets without end, as `seed` says."""
        return self._start({"work": "live", "seed": seed}, home, home.parent / "journal")

    def sleep(self, home: Path, hold: tuple[str, int] = ("", 0), name: str = "journal") -> Process:
        """One sleep. It holds at a step (stage, number), which is waited for."""
        process = self._start({"work": "sleep", "hold": hold}, home, home.parent / name)
        if hold[0]:
            process.until(lambda line: (line.get("stage"), line.get("done")) == hold)
        return process

    def _start(self, order: dict, home: Path, journal: Path) -> Process:
        pid = self._order({"do": "start", "home": str(home), "journal": str(journal), "hold": [], **order})
        self._running.add(pid)
        return Process(self, pid, journal)

    def wait(self, pid: int) -> int:
        self._running.remove(pid)
        return self._order({"do": "wait", "pid": pid})

    def close(self) -> None:
        for pid in self._running:  # of a test that failed
            os.kill(pid, signal.SIGKILL)
        self._parent.communicate()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()
