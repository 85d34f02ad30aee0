"""Opens imprint.db the same safe way every time, and turns SQLite's errors into sentences."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imprint.store import locks, migrations
from imprint.types import ImprintError

DATABASE = "imprint.db"
_PRAGMAS = (
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",  # no user's text in a temporary file outside the home folder
    "trusted_schema = OFF",
    "cell_size_check = ON",
)
_BACKUP = "Restore it from a backup, or set IMPRINT_HOME to another folder"


class StoreError(ImprintError):
    """The disk or the database refused."""


def explain(error: sqlite3.Error, path: Path) -> ImprintError | None:
    """The sentence for an error of SQLite's, without any of its values; None for a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    match code & 0xFF:
        case sqlite3.SQLITE_NOTADB:
            return StoreError(f"{path} is not an imprint database", _BACKUP)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_ERROR | sqlite3.SQLITE_MISMATCH | sqlite3.SQLITE_FORMAT:
            return StoreError(f"{path} is damaged", _BACKUP)
        case sqlite3.SQLITE_FULL:
            return StoreError(f"the disk is full: {path}", "Free some space and run it again; nothing was lost")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(
                f"{path} cannot be opened for writing",
                "Check who owns it and its folder, or set IMPRINT_HOME",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return StoreError(f"another program is using {path}", "Run it again in a moment; nothing was lost")
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_NOLFS:
            return StoreError(
                f"the disk refused to read or write {path}", "Check its space and health; nothing was lost"
            )
        case sqlite3.SQLITE_NOMEM | sqlite3.SQLITE_TOOBIG:
            return StoreError(f"there is not enough memory to use {path}", "Free some memory and run it again")
        case _:
            return None


@contextmanager
def plain_errors(path: Path, remedy: str = "Mend that, or set IMPRINT_HOME to another folder") -> Iterator[None]:
    """Whatever the disk or SQLite says inside, the user reads one line."""
    try:
        yield
    except sqlite3.Error as error:
        told = explain(error, path)
        if told is None:
            raise
        raise told from error
    except UnicodeDecodeError as error:  # from sqlite3 itself, when a message quotes a damaged schema
        raise StoreError(f"{path} is damaged", _BACKUP) from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StoreError(f"cannot use {error.filename or path}: {reason}", remedy) from error


def connect(path: Path, wait: float) -> sqlite3.Connection:
    """A connection to a database that exists: WAL, synced, zeroing what it deletes.

    wait: seconds to wait for a lock.
    """
    conn = sqlite3.connect(
        path.absolute().as_uri() + "?mode=rw",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # A damaged byte must reach the seal's check, not an error message that quotes the text around it.
        conn.text_factory = _decode
        (mode,) = conn.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise ImprintError(
                f"the disk that holds {path} cannot keep a write-ahead log",
                "Set IMPRINT_HOME to a local disk",
            )
        for pragma in _PRAGMAS:
            conn.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        conn.close()
        raise
    return conn


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def prepare(home: Path, wait: float) -> Path:
    """Create what is missing in the home folder, bring the schema up to date; returns the database's path.

    ImprintError: not ours, damaged, truncated, or made by a newer imprint. No file is changed then.
    """
    path = home / DATABASE
    if not home.is_dir():
        home.mkdir(mode=0o700, parents=True)
    if not path.exists():
        _create(home, path)
    if path.stat().st_size == 0:
        raise ImprintError(f"{path} is empty, it was cut off", _BACKUP)
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):
            path.chmod(path.stat().st_mode & 0o700)
    if _applied(path, wait) != migrations.names():
        conn = connect(path, wait)
        try:
            conn.execute("BEGIN IMMEDIATE")
            migrations.migrate(conn)
            conn.execute("COMMIT")
        finally:
            conn.close()
    return path


def _create(home: Path, path: Path) -> None:
    """Make the first file whole under another name, then rename: an empty imprint.db is never a new one."""
    lock = home / "locks" / "create.lock"
    descriptor = locks.take(lock, wait=True)
    assert descriptor is not None
    try:
        if path.exists():
            return
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise ImprintError(f"{path} is missing but its log {wal.name} is there", "Put the database back beside it")
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        conn = sqlite3.connect(fresh, isolation_level=None)
        try:
            conn.execute("PRAGMA journal_mode = MEMORY").fetchall()
            conn.execute("PRAGMA synchronous = FULL")
            conn.execute("BEGIN IMMEDIATE")
            migrations.migrate(conn)
            conn.execute("COMMIT")
            conn.execute("PRAGMA journal_mode = WAL").fetchall()  # programs that open it at once must not race to it
        finally:
            conn.close()
        os.rename(fresh, path)
        sync_folder(home)
    finally:
        locks.release(lock, descriptor)


def _applied(path: Path, wait: float) -> list[str]:
    """Look before writing: nothing is changed in a file of someone else's or of a newer imprint."""
    conn = sqlite3.connect(path.absolute().as_uri() + "?mode=rw", uri=True, timeout=wait, isolation_level=None)
    try:
        conn.text_factory = _decode
        (marked,) = conn.execute("PRAGMA application_id").fetchone()
        if marked != migrations.APPLICATION_ID:
            raise ImprintError(f"{path} is not an imprint database", _BACKUP)
        applied = migrations.applied(conn)
        if set(applied) - set(migrations.names()):
            raise ImprintError(f"{path} was written by a newer imprint", "Upgrade imprint: pip install -U imprint")
        return applied
    finally:
        conn.close()


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
