"""Progress of long work as a bar with an estimate, on stderr."""

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


class Bar:
    """An `imprint.types.Progress` that draws one line a stage. On something that is no terminal it draws nothing."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=Console(stderr=True),
            disable=not Console(stderr=True).is_terminal,
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

    def advance(self, done: int, note: str = "") -> None:
        """`done` steps of the stage are finished."""
        if self._task is not None:
            self._bars.update(self._task, completed=done, note=note)
