"""Progress of long work on stderr: a bar with an estimate, or a line every half minute where there is no terminal."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

EVERY = 30.0
"""Seconds between lines where there is no terminal."""


class Bar:
    """An `imprint.types.Progress` that draws one line a stage."""

    def __init__(self) -> None:
        self._plain = not Console(stderr=True).is_terminal
        self._stage, self._total, self._last = "", 0, time.monotonic()
        self._bars = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
            disable=self._plain,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "Bar":
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def start(self, what: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        self._task = self._bars.add_task(what, total=total, note="")
        self._stage, self._total = what, total

    def advance(self, done: int, note: str = "") -> None:
        """`done` steps of the stage are finished."""
        if self._task is not None:
            self._bars.update(self._task, completed=done, note=note)
        if self._plain and time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            sys.stderr.write(f"{self._stage}: {done} of {self._total}{f', {note}' if note else ''}\n")
