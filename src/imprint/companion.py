"""The whole flow on one page: hear, sleep, reply, forget. Everything else is a step of it.

hear   turn -> ledger -> method.write -> memory
sleep  ledger -> study -> method.consolidate -> memory
reply  turns -> method.read(memory, turns) -> injection -> backbone -> tokens
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from imprint.backbone import open_backbone
from imprint.backbone.base import Backbone, Message, Request, Sampling
from imprint.backbone.decode import Piece, Reply, generate, reply
from imprint.backbone.inject import dropped_messages
from imprint.config import Config
from imprint.encode import open_encoder
from imprint.fit.runs import Run, Silent
from imprint.methods import check_method, open_method
from imprint.methods.base import Method
from imprint.store import Receipt, Snapshot, SQLiteStore, Store
from imprint.store.base import Overtaken
from imprint.store.blob import dump, load
from imprint.study.questions import make_study
from imprint.tensors import Memory
from imprint.types import Effects, ImprintError, Progress, Study, Turn, Why


@dataclass(frozen=True)
class State:
    """A user's memory and how far it has come."""

    memory: Memory
    heard: int
    """Turns of the ledger it was made from."""
    slept: int
    """Turns that were consolidated; the rest is written online only."""
    version: int
    bytes: int
    """Size of the memory as stored."""


class Companion:
    """One frozen model, one method of memory, many users."""

    def __init__(self, store: Store, method: Method) -> None:
        self.store = store
        self.method = method
        self.backbone: Backbone = method.backbone

    @classmethod
    @contextmanager
    def open(
        cls, config: Config, home: Path, store: Path | None = None, notice: Callable[[str], None] | None = None
    ) -> Iterator["Companion"]:
        """The companion of a data folder: model, encoder and method as `config` says.

        store: keep users elsewhere than in `home`. notice: told in one line before first-time work.
        """
        if config.threads:
            torch.set_num_threads(config.threads)
        check_method(config.method)
        with SQLiteStore(store or home) as opened:
            backbone = open_backbone(config.model, home, notice)
            method = open_method(
                config.method, config.methods, backbone, open_encoder(config.encoder, home), config.reader
            )
            yield cls(opened, method)

    def hear(self, user: str, turns: Sequence[Turn]) -> int:
        """Append turns to the ledger, durable on return, and write them; returns how many were new."""
        new = self.store.add(user, turns)
        if new:
            self.recall(user)
        return new

    def recall(self, user: str) -> State:
        """The user's memory, caught up with the ledger: turns a crash or another process left unwritten are written.

        ImprintError: it was made with another model, method version or encoder, or is damaged.
        """
        snapshot = self.store.snapshot(user)
        stored = self.store.memory(user, self.method.name)
        if stored is None:
            memory, heard, slept, version = self.method.empty(), 0, 0, 0
        else:
            memory = load(stored.blob, self.method.fingerprint(), user)
            heard, slept, version = stored.heard, stored.slept, stored.version
            if heard >= len(snapshot.turns):  # more: another process heard and wrote since the snapshot
                return State(memory, heard, slept, stored.version, len(stored.blob))
        memory = self.method.write(memory, snapshot.turns[heard:])
        try:
            return self._publish(user, memory, snapshot, slept, version)
        except Overtaken:  # a sleep, or another hearing, ended meanwhile: go on from there
            return self.recall(user)

    def _publish(self, user: str, memory: Memory, snapshot: Snapshot, slept: int, after: int | None = None) -> State:
        heard, blob = len(snapshot.turns), dump(memory)
        if not heard:
            return State(memory, 0, 0, 0, 0)
        version = self.store.publish(user, self.method.name, blob, snapshot.epoch, heard, slept, after)
        return State(memory, heard, slept, version, len(blob))

    def sleep(self, user: str, progress: Progress | None = None, stop: threading.Event | None = None) -> State:
        """Consolidate everything heard. Replays the ledger, so it also moves a user to another model or method.

        Raises `Interrupted` when stopped, by Ctrl-C or by setting `stop`; the next call goes on where it was.
        ImprintError: nothing was heard, or the user is already sleeping in another process.
        """
        with self.store.sleeping(user):
            return self._replay(user, None, progress, stop)

    def _replay(
        self, user: str, slept: int | None, progress: Progress | None, stop: threading.Event | None = None
    ) -> State:
        """Make the memory anew from the ledger, consolidating the first `slept` turns (all of them by default)."""
        snapshot = self.store.snapshot(user)
        if not snapshot.turns:
            raise ImprintError(f"nothing was heard from {user!r} yet", f"imprint ingest FILE --user {user}")
        slept = len(snapshot.turns) if slept is None else slept
        name = self.method.name
        run = Run(
            progress or Silent(),
            load=lambda key: self.store.load_checkpoint(user, name, key),
            save=lambda key, data: self.store.save_checkpoint(user, name, key, data, snapshot.epoch),
            stop=stop or threading.Event(),
        )
        memory = self.method.write(self.method.empty(), snapshot.turns[:slept])
        memory = self.method.consolidate(memory, self._study(snapshot.turns[:slept]), run)
        memory = self.method.write(memory, snapshot.turns[slept:])
        state = self._publish(user, memory, snapshot, slept)
        self.store.drop_checkpoints(user, name)
        return state

    def study(self, user: str) -> Study:
        """What was understood from the user's turns, and the questions made of it."""
        return self._study(self.store.snapshot(user).turns)

    def _study(self, turns: Sequence[Turn]) -> Study:
        return make_study(turns, self.method.reader)

    def stream(self, user: str, turns: Sequence[Turn], sampling: Sampling) -> tuple[int, Iterator[Piece]]:
        """Answer the conversation `turns`, whose last turn is the user's, token by token.

        Returns how many of the oldest messages were cut because the window is full, and the pieces.
        """
        request = self.request(user, turns, sampling)
        return dropped_messages(self.backbone, request), generate(self.backbone, [request])

    def reply(self, user: str, turns: Sequence[Turn], sampling: Sampling) -> Reply:
        """Answer the conversation `turns` at once."""
        return reply(self.backbone, [self.request(user, turns, sampling)])[0]

    def request(self, user: str, turns: Sequence[Turn], sampling: Sampling) -> Request:
        """The row of a batch that answers this user: the conversation and what the memory injects into it."""
        injection = self.method.read(self.recall(user).memory, turns)
        return Request(tuple(Message(turn.role, turn.text) for turn in turns), injection, sampling)

    def why(self, user: str, turns: Sequence[Turn]) -> Why | None:
        """Which slots the last turn reads, and the turns they came from."""
        return self.method.why(self.recall(user).memory, turns)

    def effects(self, user: str, turns: Sequence[Turn], sampling: Sampling) -> Effects | None:
        """What the reply owes to the slots that the last turn reads; None where no slot entered the reply."""
        return self.method.effects(self.recall(user).memory, turns, sampling)

    def forget(self, user: str, turn_ids: Sequence[str], progress: Progress | None = None) -> Receipt:
        """Remove turns and replay the rest: the memory has the bytes of one that never heard them.

        What was consolidated is consolidated again. If that is interrupted, the turns are forgotten all the same and
        `sleep` finishes the work.
        """
        with self.store.sleeping(user):
            before = self.store.history(user, self.method.name)
            turns = self.store.turns(user)
            receipt = self.store.forget(user, turn_ids)
            gone = set(turn_ids)
            slept = sum(turn.id not in gone for turn in turns[: before[0].slept if before else 0])
            left = self.store.history(user, self.method.name)
            if slept and (not left or left[0].slept != slept):
                self._replay(user, slept, progress)
            elif len(turns) > len(gone):
                self.recall(user)
        return receipt

    def erase(self, user: str) -> Receipt:
        """Remove everything of a user, to the last byte."""
        return self.store.erase(user)
