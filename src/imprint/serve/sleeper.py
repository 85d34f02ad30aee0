"""Sleep in the background: who has turns that are not consolidated is read from the store, so nothing else is kept.

It has the model only while no request wants it, gives it away between two steps, and saves a checkpoint when it stops.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from imprint.companion import Companion
from imprint.fit.runs import Interrupted
from imprint.methods.base import Method
from imprint.serve.access import Log
from imprint.serve.metrics import Metrics
from imprint.serve.scope import key_of_name
from imprint.serve.settings import ServeConfig
from imprint.serve.turns import ModelTurns
from imprint.types import ImprintError

LOOK = 1.0
"""Seconds between two looks at who has been quiet long enough."""
AGAIN = 60.0
"""Seconds before a sleep that failed is tried again."""


@dataclass(frozen=True)
class Sleeping:
    """The sleep that runs."""

    name: str
    """Stored name of the user."""
    stage: str = ""
    done: int = 0
    total: int = 0
    note: str = ""
    """Figures of the stage; no text of the user."""
    paused: bool = False
    """A request has the model."""


class Sleeper:
    """A thread that sleeps on one user after the other."""

    def __init__(
        self, companion: Companion, turns: ModelTurns, config: ServeConfig, metrics: Metrics, log: Log
    ) -> None:
        self._companion = companion
        self._turns = turns
        self._config = config
        self._metrics = metrics
        self._log = log
        self._state = threading.Condition()
        self._asked: list[str] = []
        self._quiet: dict[str, float] = {}
        self._order: dict[str, None] = {}
        """Who waits, the longest wait first."""
        self._served: dict[str, int] = {}
        """Key -> when it last had its turn."""
        self._turn = 0
        self._stop = threading.Event()
        self._closing = False
        self.now: Sleeping | None = None
        self.learns = type(companion.method).consolidate is not Method.consolidate
        self._thread = threading.Thread(target=self._run, name="imprint-sleep")

    def start(self) -> None:
        """Start the thread. Users who were waiting when the last server ended wait again."""
        self._thread.start()

    def close(self) -> None:
        """Stop the sleep at hand, which saves its checkpoint, and end the thread."""
        with self._state:
            self._closing = True
            self._stop.set()
            self._state.notify()
        self._turns.wake()
        self._thread.join()

    def heard(self, name: str) -> None:
        """A user said something: wait until they have been quiet for a while."""
        with self._state:
            self._quiet[name] = time.monotonic() + self._config.sleep_after

    def ask(self, name: str) -> None:
        """Sleep on this user next, quiet or not."""
        with self._state:
            if name not in self._asked:
                self._asked.append(name)
            self._state.notify()

    def asked(self, name: str) -> bool:
        """Whether a sleep of this user was asked for and has not begun."""
        with self._state:
            return name in self._asked

    def changed(self, name: str) -> None:
        """Turns of this user were forgotten or erased: a sleep on them is of no use any more."""
        with self._state:
            self._quiet.pop(name, None)
            self._asked = [each for each in self._asked if each != name]
            if self.now is not None and self.now.name == name:
                self._stop.set()
        self._turns.wake()

    def waiting(self) -> dict[str, int]:
        """Stored names of users with turns that are not consolidated, and how many."""
        return self._companion.store.unslept(self._companion.method.name) if self.learns else {}

    def _run(self) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._closing or self._asked, timeout=LOOK)
                if self._closing:
                    return
            name = self._next()
            if name is not None:
                self._sleep(name)

    def _next(self) -> str | None:
        try:
            waiting = self.waiting()
        except ImprintError:
            return None
        self._metrics.sleep_waiting.set(len(waiting))
        with self._state:
            asked = self._asked.pop(0) if self._asked else None
            now = time.monotonic()
            self._quiet = {name: until for name, until in self._quiet.items() if until > now}
            ready = [name for name in waiting if name not in self._quiet] if self._config.sleep else []
            chosen = asked or self._fairly(waiting, ready)
            if chosen is not None:
                self._took(chosen)
            return chosen

    def _took(self, name: str) -> None:
        self._turn += 1
        self._served[key_of_name(name)] = self._turn
        self._order.pop(name, None)

    def _fairly(self, waiting: Iterable[str], ready: Sequence[str]) -> str | None:
        """The longest wait of the key whose last turn is longest ago."""
        now = set(waiting)
        self._order = {name: None for name in (*self._order, *waiting) if name in now}
        able = set(ready)
        names = [name for name in self._order if name in able]
        return min(names, key=lambda name: self._served.get(key_of_name(name), 0), default=None)

    def _sleep(self, name: str) -> None:
        with self._state:
            self._stop.clear()
            if self._closing:
                return
            self.now = Sleeping(name)
        self._metrics.sleeping.set(1)
        began, outcome = time.monotonic(), "done"
        try:
            with self._turns.sleep(self._stop) as mine:
                if mine:
                    self._companion.sleep(name, _Watched(self, self._turns), self._stop)
        except Interrupted:
            outcome = "stopped"
        except Exception as error:
            # Stopped because turns were forgotten: its checkpoint may not be kept, and that is no mistake.
            outcome = "stopped" if self._stop.is_set() else "failed"
            if outcome == "failed":
                self._log.failed("mistake", error)
                with self._state:
                    self._quiet[name] = time.monotonic() + AGAIN
        finally:
            with self._state:
                self.now = None
            self._metrics.sleeping.set(0)
            self._metrics.sleeps.labels(outcome).inc()
            self._log.line("sleep", outcome=outcome, seconds=round(time.monotonic() - began, 1))

    def show(self, **figures: object) -> None:
        """Progress of the sleep at hand."""
        if self.now is not None:
            self.now = replace(self.now, **figures)

    @property
    def stop(self) -> threading.Event:
        """Set when the sleep at hand is to end."""
        return self._stop


class _Watched:
    """Progress that is shown, and the place where a sleep lets requests go first."""

    def __init__(self, sleeper: Sleeper, turns: ModelTurns) -> None:
        self._sleeper = sleeper
        self._turns = turns

    def start(self, what: str, total: int) -> None:
        """A stage begins."""
        self._sleeper.show(stage=what, done=0, total=total, note="")
        self._between()

    def advance(self, done: int, note: str = "") -> None:
        """A step is done."""
        self._sleeper.show(done=done, note=note)
        self._between()

    def _between(self) -> None:
        self._sleeper.show(paused=True)
        self._turns.offer(self._sleeper.stop)
        self._sleeper.show(paused=False)
