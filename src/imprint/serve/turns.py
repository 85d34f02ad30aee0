"""Whose turn it is with the model: requests first, a sleep between its steps while nobody asks, or once it is due."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class ModelTurns:
    """A lock with two sides. Whoever sleeps gives it away at the next step once requests want it.

    most: seconds that a sleep waits for a step while requests hold the model; 0 sets no limit.
    """

    def __init__(self, most: float = 0.0) -> None:
        self._most = most
        self._state = threading.Condition()
        self._wanted = False
        self._held = False
        self._since: float | None = None
        """When the sleep that waits began to."""
        self._due = False
        """That sleep has the next step."""

    @contextmanager
    def requests(self) -> Iterator[None]:
        """Hold the model for requests; whoever sleeps hands it over first."""
        with self._state:
            self._wanted = True
            self._state.wait_for(lambda: not self._held)
            self._held = True
        try:
            yield
        finally:
            with self._state:
                self._wanted = self._held = False
                self._state.notify_all()

    def give_way(self) -> None:
        """Between two steps of requests: let a sleep that has waited long enough make one."""
        with self._state:
            if not self._most or self._since is None or time.monotonic() - self._since < self._most:
                return
            self._due, self._held = True, False
            self._state.notify_all()
            self._state.wait_for(lambda: not self._due and not self._held)
            self._held = True

    @contextmanager
    def sleep(self, stop: threading.Event) -> Iterator[bool]:
        """Hold the model while nobody asks; False when `stop` was set before it was free."""
        got = self._take(stop)
        try:
            yield got
        finally:
            self._give()

    def offer(self, stop: threading.Event) -> bool:
        """Between two steps of a sleep: let requests go first. True if they did."""
        with self._state:
            if not self._wanted:
                return False
        self._give()
        self._take(stop)
        return True

    def wake(self) -> None:
        """Have those who wait look at their `stop` again."""
        with self._state:
            self._state.notify_all()

    def _take(self, stop: threading.Event) -> bool:
        with self._state:
            self._since = time.monotonic()
            # A sleep that is to stop takes the model back all the same: its last step saves a checkpoint.
            self._state.wait_for(lambda: not self._held and (not self._wanted or self._due or stop.is_set()))
            self._held, self._since, self._due = True, None, False
            return not stop.is_set()

    def _give(self) -> None:
        with self._state:
            self._held = False
            self._state.notify_all()
