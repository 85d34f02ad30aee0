"""What the rest of imprint asks of a store: an append-only ledger of turns, and the memories made from it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from imprint.types import ImprintError, Turn

_Store = TypeVar("_Store", bound="Store")  # not Self: the run-time shape checks of the tests do not know it

MAX_BLOB = 256 * 1024 * 1024
"""Largest memory or checkpoint accepted, in bytes."""
VERSIONS_KEPT = 5
"""Versions of one (user, method) memory that are kept for undo; older ones are pruned."""


@dataclass(frozen=True)
class Snapshot:
    """A user's ledger at one instant."""

    epoch: str
    """Random token that changes with every forget and erase; empty for a user the store does not know."""
    turns: tuple[Turn, ...]
    """In the order of their first append."""
    slept: int
    """Number of leading turns covered by the last sleep that is still valid; 0 = never slept."""


@dataclass(frozen=True)
class Version:
    """One stored version of a (user, method) memory, without its bytes."""

    version: int
    """Counts up from 1 and is never used twice within one epoch."""
    sha256: str
    heard: int
    """Number of leading ledger turns it was made from."""
    slept: int
    """Number of those that were consolidated."""
    created: str
    """ISO 8601, UTC."""
    bytes: int
    """Size of the blob."""


@dataclass(frozen=True)
class StoredMemory:
    """The newest version of a (user, method) memory. Its checksum was verified."""

    version: int
    blob: bytes
    sha256: str
    heard: int
    slept: int
    epoch: str
    """The user's epoch when it was read: what to publish the next version with."""
    created: str


@dataclass(frozen=True)
class Receipt:
    """What forgetting or erasing removed."""

    user: str
    turns: int
    versions: int
    """Memory versions, of all methods."""
    checkpoints: int
    leftover: str = ""
    """Empty when no byte is left in any file; else why some may be, and what finishes the removal."""


class Overtaken(ImprintError):
    """Another version was published since the one a memory was made from was read."""


class Store(ABC):
    """Keeps users' ledgers and memories. Whatever is not a user name raises ImprintError."""

    @abstractmethod
    def add(self, user: str, turns: Sequence[Turn]) -> int:
        """Append turns to the ledger; returns how many were new. Durable on return, all or none.

        A turn whose id the user's ledger already holds is ignored. ImprintError: text that cannot be kept.
        """

    @abstractmethod
    def turns(self, user: str) -> list[Turn]:
        """The user's ledger in order; empty for an unknown user. ImprintError: a row is damaged on disk."""

    @abstractmethod
    def users(self) -> list[str]:
        """Names of all users, sorted."""

    @abstractmethod
    def unslept(self, method: str) -> dict[str, int]:
        """Users whose newest memory by this method has not consolidated all turns, and how many it has not."""

    @abstractmethod
    def size(self, method: str) -> tuple[int, int]:
        """How many users there are, and the bytes of their newest memories by this method."""

    @abstractmethod
    def snapshot(self, user: str) -> Snapshot:
        """Ledger, epoch and sleep of one instant, read in one transaction."""

    @abstractmethod
    def publish(
        self, user: str, method: str, blob: bytes, epoch: str, heard: int, slept: int, after: int | None = None
    ) -> int:
        """Store a new version of a memory made from the first `heard` turns; returns its number.

        after: the version it was made from, 0 for none; `Overtaken` is raised when that is not the newest any more.

        The same blob, heard and slept as the newest version makes no new one. ImprintError: the epoch changed
        since the snapshot, so the memory may hold what was forgotten meanwhile.
        """

    @abstractmethod
    def memory(self, user: str, method: str) -> StoredMemory | None:
        """The newest version, or None. ImprintError: it is damaged on disk."""

    @abstractmethod
    def history(self, user: str, method: str) -> list[Version]:
        """The kept versions, newest first."""

    @abstractmethod
    def methods(self, user: str) -> list[str]:
        """Methods the user has a memory of, sorted."""

    @abstractmethod
    def forget(self, user: str, turn_ids: Sequence[str]) -> Receipt:
        """Remove turns, every memory version that heard one, and the user's checkpoints, bytes included.

        ImprintError: an id is unknown; nothing is changed then.
        """

    @abstractmethod
    def erase(self, user: str) -> Receipt:
        """Remove everything of a user, bytes included. For an unknown user the receipt counts zero."""

    @abstractmethod
    def save_checkpoint(self, user: str, method: str, key: str, data: bytes, epoch: str) -> None:
        """Keep the state of a long fit, in place of one with the same key. ImprintError: stale epoch."""

    @abstractmethod
    def load_checkpoint(self, user: str, method: str, key: str) -> bytes | None:
        """The saved state, or None when there is none or it is damaged: the fit then starts anew."""

    @abstractmethod
    def drop_checkpoints(self, user: str, method: str) -> None:
        """Remove all checkpoints of one method."""

    @abstractmethod
    def sleeping(self, user: str) -> AbstractContextManager[None]:
        """Hold the user's sleep, one across all processes. ImprintError: the user is already sleeping."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections. Closing twice is no error."""

    def __enter__(self: _Store) -> _Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
