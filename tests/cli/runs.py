"""Runs the real command line: in this process, where it is fast, or in one of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imprint as package
from imprint.cli.main import run
from imprint.store import SQLiteStore
from imprint.types import Turn

COMMAND = (sys.executable, "-m", "imprint.cli.main")
USER = "mira"
CONVERSATION = """\
Mira: My dog is called Biscuit.
Assistant: A good name for a dog.
Mira: I work as a cartographer.
Assistant: Maps of what?
Mira: Of old harbours. I live in Ghent.
"""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


class Keyboard(io.TextIOBase):
    """A person who types the next line when it is asked for, then Ctrl-D."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)

    def readline(self, size: int | None = -1, /) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return next((f"{line}\n" for line in self._lines), "")


def imprint(*words: str, typed: Iterable[str] = ()) -> Done:
    """Run a command in this process. typed: lines from the keyboard."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = Keyboard(typed)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(words)
    finally:
        sys.stdin = before
    return Done(code, out.getvalue(), err.getvalue())


def process(*words: str | bytes, typed: bytes = b"") -> Done:
    """Run a command in a process of its own."""
    done = subprocess.run([*COMMAND, *words], env=environment(), input=typed, capture_output=True, timeout=120)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def environment() -> dict[str, str]:
    """This process's environment, with the package and the tests on the path."""
    source, root = Path(package.__file__).resolve().parents[1], Path(__file__).resolve().parents[2]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return inherited | {"PYTHONPATH": os.pathsep.join([str(source), str(root)])}


def refused(done: Done, *said: str) -> str:
    """The one line on stderr with which a command ended; it printed nothing else."""
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("imprint: ")
    assert done.err.endswith("\n")
    assert done.err.count("\n") == 1, done.err
    for words in said:
        assert words in done.err, done.err
    assert "a mistake in imprint" not in done.err
    return done.err


def ledger(home: Path, user: str = USER) -> list[Turn]:
    """What the home folder keeps of a user."""
    with SQLiteStore(home) as store:
        return store.turns(user)


def texts(home: Path, user: str = USER) -> list[str]:
    """The messages the home folder keeps of a user."""
    return [turn.text for turn in ledger(home, user)]


def lines_of(count: int) -> list[dict[str, Any]]:
    """Messages of a long conversation, none like another."""
    return [{"role": "user", "content": f"Shelf {number} holds {number} maps."} for number in range(count)]
