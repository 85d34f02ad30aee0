"""A run of long work: it reports progress, keeps a checkpoint, and stops between steps when the user asks it to."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from imprint.types import Progress


class Interrupted(KeyboardInterrupt):
    """The user stopped a run; its checkpoint is saved and the next run goes on from there."""


class Silent:
    """Progress that nobody watches."""

    def start(self, what: str, total: int) -> None:
        """Nothing is shown."""

    def advance(self, done: int, note: str = "") -> None:
        """Nothing is shown."""


@dataclass
class Run:
    """What a fit needs from outside: somewhere to report to and somewhere to keep its checkpoint."""

    progress: Progress = field(default_factory=Silent)
    load: Callable[[str], bytes | None] = lambda key: None
    """The checkpoint saved under this key, if any."""
    save: Callable[[str, bytes], None] = lambda key, data: None
    every: float = 20.0
    """Seconds between checkpoints."""

    stop: threading.Event = field(default_factory=threading.Event)
    """Set from a signal handler or another thread: the fit saves and raises `Interrupted` after the step at hand."""

    def due(self, last: float) -> bool:
        """Is it time for a checkpoint, `last` being `time.monotonic()` of the one before?"""
        return time.monotonic() - last >= self.every


@contextmanager
def stopped_by_ctrl_c(run: Run) -> Iterator[None]:
    """Turn Ctrl-C into `run.stop` while inside, so that no step is torn. Only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        run.stop.set()

    before = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
