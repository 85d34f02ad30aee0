"""Whose turn it is with the model: requests first, a sleep between its steps while nobody asks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ModelTurns:
    """A lock with two sides. Whoever sleeps gives it away at the next step once requests want it."""

    def __init__(self) -> None:
        self._state = threading.Condition()
        self._wanted = False
        self._held = False

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
            # A sleep that is to stop takes the model back all the same: its last step saves a checkpoint.
            self._state.wait_for(lambda: not self._held and (not self._wanted or stop.is_set()))
            self._held = True
            return not stop.is_set()

    def _give(self) -> None:
        with self._state:
            self._held = False
            self._state.notify_all()
