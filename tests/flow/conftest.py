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
        """Its exit status, or minus the signal that killed it."""
        return self._nursery.order({"do": "wait", "pid": self.pid})


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

    def order(self, order: dict) -> int:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def start(self, work: str, home: Path, journal: Path, **more: float) -> Process:
        order = {"do": "start", "work": work, "home": str(home), "journal": str(journal), **more}
        return Process(self, self.order(order), journal)

    def close(self) -> None:
        self._parent.communicate()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()
