"""Companions on one tiny frozen model, and what their memories must be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from imprint.backbone.base import Backbone, Sampling
from imprint.backbone.tiny import tiny_backbone
from imprint.companion import Companion
from imprint.encode.base import Encoder
from imprint.encode.hashing import Hashing
from imprint.fit.runs import Interrupted, Run
from imprint.methods.base import Method
from imprint.store import SQLiteStore
from imprint.store.blob import dump
from imprint.study.questions import make_study
from imprint.types import Turn
from tests.contracts.samples import make, told

USER = "ottilie"
TOLD = told(
    "Hi, my name is Ottilie.",
    "My dog is called Biscuit.",
    "How tall is a giraffe?",
    "I live in Aarhus.",
    "I'm allergic to walnuts.",
    "Actually, I moved to Lund last month.",
    "I play the cello.",
    "My dog's name is Marzipan now.",
)
SHORT = Sampling(max_new_tokens=8)
DOG = "Which name have I given to my dog?"


@lru_cache(maxsize=1)
def backbone() -> Backbone:
    """Frozen, so everyone may share it."""
    return tiny_backbone("llama")


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    return Hashing()


@lru_cache
def method(case: str = "lpm") -> Method:
    return make(case, backbone(), encoder())


@contextmanager
def opened(home: Path, case: str = "lpm") -> Iterator[Companion]:
    """A companion of this data folder."""
    with SQLiteStore(home) as store:
        yield Companion(store, method(case))


def made(turns: Sequence[Turn], slept: int = 0, case: str = "lpm") -> bytes:
    """The bytes of a memory made from nothing: these turns, of which the first `slept` were consolidated."""
    by = method(case)
    memory = by.write(by.empty(), turns[:slept])
    if slept:
        memory = by.consolidate(memory, make_study(turns[:slept]), Run())
    return dump(by.write(memory, turns[slept:]))


def stored(companion: Companion, user: str = USER) -> bytes:
    """The newest version as it lies in the store."""
    found = companion.store.memory(user, companion.method.name)
    assert found is not None
    return found.blob


class StopAt:
    """Progress watched by someone who presses Ctrl-C at this step of the fit."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._stage = ""

    def start(self, what: str, total: int) -> None:
        self._stage = what

    def advance(self, done: int, note: str = "") -> None:
        if self._stage == "fit" and done == self._step:
            raise Interrupted


def asked(question: str) -> list[Turn]:
    return [Turn("f" * 16, USER, "user", question)]
