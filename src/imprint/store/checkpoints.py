"""Rows of saved fits. Every function works inside the caller's transaction."""

import hashlib
import sqlite3

from imprint.store.base import MAX_BLOB
from imprint.store.checks import seal
from imprint.store.versions import Series
from imprint.types import ImprintError

MAX_KEY = 256


def save(conn: sqlite3.Connection, owner: int, series: Series, key: str, data: bytes) -> None:
    """Keep `data` in place of what has the same key. owner: the user's row."""
    if not 1 <= len(key) <= MAX_KEY:
        raise ValueError(f"a checkpoint's key has 1 to {MAX_KEY} characters")
    if len(data) > MAX_BLOB:
        raise ImprintError(f"a checkpoint is larger than {MAX_BLOB >> 20} MiB", "Choose a smaller memory")
    conn.execute(
        "INSERT INTO checkpoint (user, method, key, seal, data) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (user, method, key) DO UPDATE SET seal = excluded.seal, data = excluded.data",
        (owner, series.method, key, _seal(series, key, data), data),
    )


def load(conn: sqlite3.Connection, owner: int, series: Series, key: str) -> bytes | None:
    """The saved bytes; None when there are none, and when they are damaged: a fit can always start anew."""
    row = conn.execute(
        "SELECT seal, data FROM checkpoint WHERE user = ? AND method = ? AND key = ?",
        (owner, series.method, key),
    ).fetchone()
    if row is None or not isinstance(row[1], bytes) or _seal(series, key, row[1]) != row[0]:
        return None
    return row[1]


def drop(conn: sqlite3.Connection, owner: int, method: str | None = None) -> int:
    """Delete the checkpoints of one method, or of all; returns how many."""
    if method is None:
        return conn.execute("DELETE FROM checkpoint WHERE user = ?", (owner,)).rowcount
    return conn.execute("DELETE FROM checkpoint WHERE user = ? AND method = ?", (owner, method)).rowcount


def _seal(series: Series, key: str, data: bytes) -> str:
    return seal(series.user, series.method, key, hashlib.sha256(data).hexdigest())
