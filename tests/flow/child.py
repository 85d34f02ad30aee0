"""Companions in processes of their own, forked from one that has everything loaded: a start takes milliseconds.

Reads orders as JSON lines. {"do": "start", "work": ..., ...} is answered by the new process's number,
{"do": "wait", "pid": ...} by how it ended: its exit status, or minus the signal that killed it.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from imprint.fit.runs import Interrupted
from imprint.methods.parts.nullkeys import shared_null_keys
from imprint.types import ImprintError
from tests.contracts.samples import turn
from tests.flow.samples import USER, encoder, method, opened

INTERRUPTED, STOPPED, REFUSED = 130, 131, 2
"""How a sleep ends: stopped with a checkpoint, stopped before there was one, refused."""


class Journal:
    """Progress that is written down, each line synced. At the step `hold` (stage, number) it waits to be released."""

    def __init__(self, path: Path, hold: list) -> None:
        self._log = open(path, "a")  # noqa: SIM115 - it ends with the process
        self._released = path.with_suffix(".released")
        self._hold = hold
        self._stage = ""

    def say(self, line: dict) -> None:
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()
        os.fsync(self._log.fileno())

    def start(self, what: str, total: int) -> None:
        self._stage = what

    def advance(self, done: int, note: str = "") -> None:
        self.say({"stage": self._stage, "done": done})
        while [self._stage, done] == self._hold and not self._released.exists():
            time.sleep(0.002)


def sleep(home: Path, journal: Journal) -> int:
    """One sleep; the exit status says how it ended."""
    with opened(home) as companion:
        try:
            companion.sleep(USER, journal)
        except Interrupted:
            return INTERRUPTED
        except KeyboardInterrupt:
            return STOPPED
        except ImprintError as error:
            journal.say({"refused": str(error)})
            return REFUSED
    return 0


STATEMENTS = (
    "My name is {}.",
    "My dog is called {}.",
    "I live in {}.",
    "I'm allergic to {}.",
    "My sister is called {}.",
    "My favourite colour is {}.",
    "How far is it to {}?",
)


def said(number: int) -> str:
    """What turn `number` says; later ones change what earlier ones told."""
    return STATEMENTS[number % len(STATEMENTS)].format(f"Q{'bcdfghklmn'[number % 10]}o{number}")


def live(home: Path, journal: Journal, seed: int) -> int:
    """Hears, sleeps and forgets until it is killed."""
    draw = random.Random(seed)
    told: list[int] = []
    fresh = 0
    with opened(home) as companion:
        journal.say({"ready": True})
        while True:
            verb = draw.choice(["hear", "hear", "sleep", "forget"]) if 2 < len(told) < 8 else "hear"
            if len(told) >= 8:
                verb = "forget"
            numbers = list(range(fresh, fresh + draw.randint(1, 3))) if verb == "hear" else []
            if verb == "forget":
                numbers = draw.sample(told, draw.randint(1, 3))
            journal.say({"try": verb, "turns": numbers})
            if verb == "hear":
                companion.hear(USER, [turn(number, said(number)) for number in numbers])
                told, fresh = told + numbers, fresh + len(numbers)
            elif verb == "sleep":
                companion.sleep(USER)
            else:
                companion.forget(USER, [turn(number, "").id for number in numbers])
                told = [number for number in told if number not in numbers]
            journal.say({"done": verb})


def work(order: dict) -> int:
    journal = Journal(Path(order["journal"]), order["hold"])
    if order["work"] == "sleep":
        return sleep(Path(order["home"]), journal)
    return live(Path(order["home"]), journal, order["seed"])


def start(order: dict) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
        status = work(order)
    finally:
        os._exit(status)


def ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    method()
    shared_null_keys(encoder())
    for line in sys.stdin:
        order = json.loads(line)
        answer = start(order) if order["do"] == "start" else ended(order["pid"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
