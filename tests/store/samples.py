"""Turns and memories that several tests of the store share, and what lies in a home folder."""

import os
import subprocess
import sys
from pathlib import Path

from imprint.store import SQLiteStore
from imprint.types import Turn


def turn(number: int, user: str = "ada", text: str = "") -> Turn:
    return Turn(f"{number:016x}", user, "user", text or f"I keep {number} bees", f"2025-01-01T00:00:{number % 60:02}Z")


def turns(count: int, user: str = "ada", start: int = 0) -> list[Turn]:
    return [turn(number, user) for number in range(start, start + count)]


def heard(store: SQLiteStore, count: int, user: str = "ada", method: str = "lpm") -> str:
    """Add `count` turns and publish a memory of all of them; returns the epoch."""
    store.add(user, turns(count, user))
    epoch = store.snapshot(user).epoch
    store.publish(user, method, b"memory of %d" % count, epoch, count, 0)
    return epoch


def files(home: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def holding(home: Path, needle: str) -> list[str]:
    """Files whose name or bytes hold a text."""
    raw = needle.encode()
    return [name for name, content in files(home).items() if raw in content or needle in name]


def python(code: str, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with the package on its path."""
    return subprocess.run(
        [*prefix, sys.executable, "-c", code, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


def environment() -> dict[str, str]:
    """This process's environment, with the package and the tests on the path."""
    import imprint

    source = Path(imprint.__file__).parent.parent
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(source), str(Path(__file__).parents[2])])}
