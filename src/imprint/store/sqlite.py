"""The store in one SQLite file the user owns: imprint.db in the home folder."""

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Literal

from imprint.store import checkpoints, ledger, locks, versions
from imprint.store.base import Receipt, Snapshot, Store, StoredMemory, Version
from imprint.store.checks import check_method, check_turns, check_user
from imprint.store.connect import connect, plain_errors, prepare
from imprint.store.purge import pending, purge
from imprint.store.versions import Series
from imprint.types import ImprintError, Turn


class SQLiteStore(Store):
    """Any number of threads and processes may use one home folder at once; not across a fork.

    home: folder of the database, made with mode 0700 when it is missing.
    wait: seconds to wait for another program's write, or for its reading while bytes are being removed.
    ImprintError: the file is damaged, not ours, from a newer imprint, or cannot be written.
    """

    def __init__(self, home: Path, wait: float = 10.0) -> None:
        self._home = home
        self._wait = wait
        self._guard = threading.Lock()
        self._purging = threading.Lock()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._process = os.getpid()
        self._closed = False
        with plain_errors(home):
            self._path = prepare(home, wait)
        with self._errors():
            if pending(self._connection()):
                purge(self._connection(), self._path, self._wait)

    def add(self, user: str, turns: Sequence[Turn]) -> int:
        user = check_user(user)
        check_turns(user, turns)
        if not turns:
            return 0
        with self._transaction("IMMEDIATE") as conn:
            conn.execute("INSERT OR IGNORE INTO user (name, epoch) VALUES (?, ?)", (user, _new_epoch()))
            return ledger.append(conn, _known(conn, user), user, turns)

    def turns(self, user: str) -> list[Turn]:
        return list(self.snapshot(user).turns)

    def users(self) -> list[str]:
        with self._errors():
            rows = self._connection().execute("SELECT CAST(name AS TEXT) FROM user ORDER BY name").fetchall()
        return [name for (name,) in rows]

    def unslept(self, method: str) -> dict[str, int]:
        with self._errors():
            return versions.unslept(self._connection(), check_method(method))

    def size(self, method: str) -> tuple[int, int]:
        with self._errors():
            return versions.size(self._connection(), check_method(method))

    def snapshot(self, user: str) -> Snapshot:
        user = check_user(user)
        with self._transaction("DEFERRED") as conn:
            found = _find(conn, user)
            if found is None:
                return Snapshot("", (), 0)
            owner, epoch = found
            turns = ledger.read(conn, owner, user)
            return Snapshot(epoch, turns, ledger.slept(conn, owner, user, len(turns)))

    def publish(
        self, user: str, method: str, blob: bytes, epoch: str, heard: int, slept: int, after: int | None = None
    ) -> int:
        series = Series(check_user(user), check_method(method))
        with self._transaction("IMMEDIATE") as conn:
            owner = _in_epoch(conn, series.user, epoch)
            number = versions.publish(conn, owner, series, versions.Draft(blob, heard, slept, after))
            if slept:
                conn.execute("INSERT OR IGNORE INTO sleep (user, covered) VALUES (?, ?)", (owner, slept))
            return number

    def memory(self, user: str, method: str) -> StoredMemory | None:
        series = Series(check_user(user), check_method(method))
        with self._transaction("DEFERRED") as conn:
            found = _find(conn, series.user)
            return None if found is None else versions.newest(conn, *found, series)

    def history(self, user: str, method: str) -> list[Version]:
        series = Series(check_user(user), check_method(method))
        with self._transaction("DEFERRED") as conn:
            found = _find(conn, series.user)
            return [] if found is None else versions.history(conn, found[0], series)

    def methods(self, user: str) -> list[str]:
        user = check_user(user)
        with self._transaction("DEFERRED") as conn:
            found = _find(conn, user)
            return [] if found is None else versions.methods(conn, found[0])

    def forget(self, user: str, turn_ids: Sequence[str]) -> Receipt:
        user = check_user(user)
        if not turn_ids:
            return Receipt(user, 0, 0, 0, self._finish_purge())
        with self._transaction("IMMEDIATE") as conn:
            owner = _known(conn, user)
            gone, first = ledger.forget(conn, owner, user, turn_ids)
            dropped = versions.drop_from(conn, owner, first)
            saved = checkpoints.drop(conn, owner)
            conn.execute("UPDATE user SET epoch = ? WHERE id = ?", (_new_epoch(), owner))
            conn.execute("INSERT INTO purge DEFAULT VALUES")
        return Receipt(user, gone, dropped, saved, self._finish_purge())

    def erase(self, user: str) -> Receipt:
        user = check_user(user)
        turns = dropped = saved = 0
        with self._transaction("IMMEDIATE") as conn:
            found = _find(conn, user)
            if found is not None:
                turns, dropped, saved = _counts(conn, found[0])
                # ON DELETE CASCADE takes everything else of theirs along.
                conn.execute("DELETE FROM user WHERE id = ?", (found[0],))
                conn.execute("INSERT INTO purge DEFAULT VALUES")
        # A sleep that is still running loses its lock file too; its publish is refused by the epoch.
        with suppress(OSError):
            locks.lock_path(self._home, user).unlink(missing_ok=True)
        return Receipt(user, turns, dropped, saved, self._finish_purge())

    def save_checkpoint(self, user: str, method: str, key: str, data: bytes, epoch: str) -> None:
        series = Series(check_user(user), check_method(method))
        with self._transaction("IMMEDIATE") as conn:
            checkpoints.save(conn, _in_epoch(conn, series.user, epoch), series, key, data)

    def load_checkpoint(self, user: str, method: str, key: str) -> bytes | None:
        series = Series(check_user(user), check_method(method))
        with self._transaction("DEFERRED") as conn:
            found = _find(conn, series.user)
            return None if found is None else checkpoints.load(conn, found[0], series, key)

    def drop_checkpoints(self, user: str, method: str) -> None:
        user, method = check_user(user), check_method(method)
        with self._transaction("IMMEDIATE") as conn:
            found = _find(conn, user)
            if found is not None:
                checkpoints.drop(conn, found[0], method)

    @contextmanager
    def sleeping(self, user: str) -> Iterator[None]:
        user = check_user(user)
        path = locks.lock_path(self._home, user)
        with plain_errors(path):
            descriptor = locks.take(path, wait=False)
        if descriptor is None:
            raise ImprintError(f"{user} is already sleeping", "Wait until that sleep has ended, then run it again")
        try:
            yield
        finally:
            locks.release(path, descriptor)

    def close(self) -> None:
        with self._guard:
            self._closed = True
            connections = list(self._connections.values())
            self._connections.clear()
        for conn in connections:
            conn.close()

    def _finish_purge(self) -> str:
        # One at a time: those who wait find that the next one's covered theirs too.
        with self._purging, self._errors():
            conn = self._connection()
            return purge(conn, self._path, self._wait) if pending(conn) else ""

    def _errors(self) -> AbstractContextManager[None]:
        return plain_errors(self._path)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection. Those of threads that ended are closed on the way."""
        thread = threading.current_thread()
        with self._guard:
            if self._closed:
                raise ImprintError("the store is closed", "Open it again")
            if os.getpid() != self._process:  # SQLite: a connection carried across a fork corrupts the file
                raise ImprintError("the store was opened before a fork", "Open it in the process that uses it")
            if thread not in self._connections:
                for ended in [other for other in self._connections if not other.is_alive()]:
                    self._connections.pop(ended).close()
                self._connections[thread] = connect(self._path, self._wait)
            return self._connections[thread]

    @contextmanager
    def _transaction(self, kind: Literal["DEFERRED", "IMMEDIATE"]) -> Iterator[sqlite3.Connection]:
        with self._errors():
            conn = self._connection()
            conn.execute(f"BEGIN {kind}")
            try:
                yield conn
                conn.execute("COMMIT")
            finally:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")


def _new_epoch() -> str:
    return secrets.token_hex(8)


def _find(conn: sqlite3.Connection, user: str) -> tuple[int, str] | None:
    """Row id and epoch of a user."""
    found = conn.execute("SELECT id, CAST(epoch AS TEXT) FROM user WHERE name = ?", (user,)).fetchone()
    # A damaged index would make a user look new, and their ledger empty.
    if found is None and conn.execute("SELECT 1 FROM user NOT INDEXED WHERE name = ?", (user,)).fetchone():
        raise ImprintError(f"the entry of {user} is damaged on disk", "Restore imprint.db from a backup")
    return found


def _known(conn: sqlite3.Connection, user: str) -> int:
    found = _find(conn, user)
    if found is None:
        raise ImprintError(f"nothing is kept of {user}", f"Let it hear something first: imprint chat --user {user}")
    return found[0]


def _in_epoch(conn: sqlite3.Connection, user: str, epoch: str) -> int:
    """Row id of a user of whom nothing was forgotten since `epoch`."""
    found = _find(conn, user)
    if found is None:
        raise ImprintError(f"nothing is kept of {user}, who may have been erased meanwhile", "Run it again")
    if found[1] != epoch:
        raise ImprintError(f"a turn of {user} was forgotten while this memory was made", "Run it again")
    return found[0]


def _counts(conn: sqlite3.Connection, owner: int) -> tuple[int, int, int]:
    """Turns, memory versions and checkpoints of a user."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM turn WHERE user = :owner),"
        " (SELECT count(*) FROM memory JOIN series ON series.id = memory.series WHERE series.user = :owner),"
        " (SELECT count(*) FROM checkpoint WHERE user = :owner)",
        {"owner": owner},
    ).fetchone()
    return row
