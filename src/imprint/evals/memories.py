"""Memories of a benchmark's people, made by the product's own hear and sleep and kept for the next benchmark."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from imprint.backbone.base import Backbone
from imprint.companion import Companion
from imprint.encode.base import Encoder
from imprint.evals.arms import FITTED, ORACLE, Arm
from imprint.evals.items import Person
from imprint.methods import open_method
from imprint.methods.base import Method
from imprint.store import SQLiteStore
from imprint.store.blob import dump
from imprint.tensors import Memory
from imprint.types import Progress


@dataclass(frozen=True)
class Made:
    """A person's memory by one arm, and what it cost."""

    method: Method
    memory: Memory
    bytes: int
    trainable: int
    write_seconds: float
    sleep_seconds: float


class Memories:
    """One store a method and config below `folder`; a person's memory is made once, whichever benchmark asks."""

    def __init__(
        self,
        folder: Path,
        backbone: Backbone,
        encoder: Encoder,
        methods: Mapping[str, Mapping[str, Any]],
        reader: str = "",
    ) -> None:
        self._folder, self._backbone, self._encoder, self._tables = folder, backbone, encoder, methods
        self._reader = reader
        self._open: dict[str, Method] = {}

    def method(self, arm: Arm, seed: int) -> Method:
        """The arm's method, opened once a config. `oracle_text` is laid out as full_context lays text out."""
        name = "full_context" if arm.method == ORACLE else arm.method
        table = replace(arm, method=name).table(self._tables, seed)
        reader = arm.reader or self._reader
        key = json.dumps([name, table, reader], sort_keys=True)
        if key not in self._open:
            self._open[key] = open_method(name, {name: table}, self._backbone, self._encoder, reader)
        return self._open[key]

    def made(self, arm: Arm, seed: int, person: Person, progress: Progress) -> Made:
        """The person's memory after hearing and, where the method learns asleep, sleeping; made only once."""
        method = self.method(arm, seed)
        if not person.turns:
            return Made(method, method.empty(), 0, 0, 0.0, 0.0)
        folder = self._folder / _hash(astuple(method.fingerprint()))
        user = _hash([(turn.id, turn.role, turn.text, turn.time) for turn in person.turns])
        clock = folder / f"{user}.json"
        with SQLiteStore(folder) as store:
            companion = Companion(store, method)
            stored = store.memory(user, method.name)
            ready = stored is not None and (stored.slept if arm.method in FITTED else stored.heard) == len(person.turns)
            if not ready or not clock.exists():
                spent = _read(clock)
                began = time.perf_counter()
                companion.hear(user, [replace(turn, user=user) for turn in person.turns])
                heard = time.perf_counter()
                try:
                    if arm.method in FITTED:
                        companion.sleep(user, progress)
                finally:
                    write = max(spent.get("write", 0.0), heard - began)
                    slept = time.perf_counter() - heard if arm.method in FITTED else 0.0
                    _keep(clock, {"write": write, "sleep": spent.get("sleep", 0.0) + slept})
            memory = companion.recall(user).memory
        spent = _read(clock)
        size = 0 if method.name == "none" else len(dump(memory))
        return Made(method, memory, size, method.trainable(memory), spent["write"], spent["sleep"])


def noise(memory: Memory, seed: int) -> Memory:
    """The control `random`: every value replaced by noise of its own rms, every code by one drawn at random.

    Keys stay, so the gate still opens.
    """
    generator = torch.Generator().manual_seed(seed)

    def other(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.is_floating_point():
            return torch.randn(tensor.shape, generator=generator) * tensor.float().square().mean().sqrt()
        most = int(tensor.max()) + 1 if tensor.numel() else 1
        drawn = torch.randint(0, max(most, 1), tensor.shape, generator=generator, dtype=tensor.dtype)
        return torch.where(tensor < 0, tensor, drawn)  # below zero: a row without a code

    tensors = {name: tensor if name.startswith("key_") else other(tensor) for name, tensor in memory.tensors.items()}
    return replace(memory, tensors=tensors)


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:24]


def _read(path: Path) -> dict[str, float]:
    return json.loads(path.read_text()) if path.exists() else {}


def _keep(path: Path, value: dict[str, float]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value))
    part.replace(path)
