"""Rows of memory versions. Every function works inside the caller's transaction."""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from imprint.store.base import MAX_BLOB, VERSIONS_KEPT, Overtaken, StoredMemory, Version
from imprint.store.checks import seal
from imprint.types import ImprintError


@dataclass(frozen=True)
class Series:
    """One user's memory by one method: what versions are counted in."""

    user: str
    method: str


@dataclass(frozen=True)
class Draft:
    """A version to be."""

    blob: bytes
    heard: int
    slept: int
    after: int | None = None
    """Version it was made from, 0 for none; None: it takes the place of whatever is there."""


@dataclass(frozen=True)
class _Row:
    id: int
    version: int
    sha256: str
    heard: int
    slept: int
    created: str
    bytes: int


def publish(conn: sqlite3.Connection, owner: int, series: Series, draft: Draft) -> int:
    """Store the draft as the next version, drop damaged and old ones; returns its number."""
    (turns,) = conn.execute("SELECT count(*) FROM turn WHERE user = ?", (owner,)).fetchone()
    if not 0 <= draft.slept <= draft.heard <= turns:
        raise ValueError(f"heard {draft.heard} and slept {draft.slept} do not fit a ledger of {turns} turns")
    if len(draft.blob) > MAX_BLOB:
        raise ImprintError(
            f"the {series.method} memory is larger than {MAX_BLOB >> 20} MiB",
            "Choose a smaller size in its config",
        )
    rows = _rows(conn, owner, series)
    sound = [row for row in rows.values() if row is not None]
    if sound and _blob(conn, sound[0]) is None:
        sound = sound[1:]  # damaged: it makes room for its mended successor
    if draft.after is not None and draft.after != (sound[0].version if sound else 0):
        raise Overtaken(f"the {series.method} memory of {series.user} was written meanwhile", "Run it again")
    digest = hashlib.sha256(draft.blob).hexdigest()
    if sound and (sound[0].sha256, sound[0].heard, sound[0].slept) == (digest, draft.heard, draft.slept):
        return sound[0].version
    kept = {row.id for row in sound[: VERSIONS_KEPT - 1]}
    conn.executemany("DELETE FROM memory WHERE id = ?", [(key,) for key in rows if key not in kept])
    key, number = conn.execute(
        "INSERT INTO series (user, method, last) VALUES (?, ?, 1)"
        " ON CONFLICT (user, method) DO UPDATE SET last = last + 1 RETURNING id, last",
        (owner, series.method),
    ).fetchone()
    created = datetime.now(UTC).isoformat(timespec="seconds")
    mark = seal(series.user, series.method, number, digest, draft.heard, draft.slept, created)
    conn.execute(
        "INSERT INTO memory (series, version, sha256, heard, slept, created, seal, blob)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, number, digest, draft.heard, draft.slept, created, mark, draft.blob),
    )
    return number


def newest(conn: sqlite3.Connection, owner: int, epoch: str, series: Series) -> StoredMemory | None:
    """The newest version with its bytes, both checked."""
    rows = _rows(conn, owner, series)
    if not rows:
        return None
    row = next(iter(rows.values()))
    blob = None if row is None else _blob(conn, row)
    if row is None or blob is None:
        raise _damaged(series)
    return StoredMemory(row.version, blob, row.sha256, row.heard, row.slept, epoch, row.created)


def history(conn: sqlite3.Connection, owner: int, series: Series) -> list[Version]:
    """All kept versions, newest first, without reading their bytes."""
    rows = _rows(conn, owner, series).values()
    sound = [row for row in rows if row is not None]
    if len(sound) < len(rows):
        raise _damaged(series)
    return [Version(row.version, row.sha256, row.heard, row.slept, row.created, row.bytes) for row in sound]


def methods(conn: sqlite3.Connection, owner: int) -> list[str]:
    """Methods that have a version."""
    rows = conn.execute(
        "SELECT CAST(method AS TEXT) FROM series WHERE user = ? AND id IN (SELECT series FROM memory) ORDER BY method",
        (owner,),
    ).fetchall()
    return [method for (method,) in rows]


def unslept(conn: sqlite3.Connection, method: str) -> dict[str, int]:
    """Users with turns that their newest version has not consolidated, and how many."""
    rows = conn.execute(
        "SELECT CAST(name AS TEXT), turns - coalesce((SELECT slept FROM memory JOIN series ON series.id = memory.series"
        " WHERE series.user = user.id AND series.method = ? ORDER BY memory.id DESC LIMIT 1), 0) AS waiting"
        " FROM user WHERE waiting > 0 ORDER BY name",
        (method,),
    ).fetchall()
    return dict(rows)


def size(conn: sqlite3.Connection, method: str) -> tuple[int, int]:
    """How many users there are, and the bytes of their newest versions."""
    row = conn.execute(
        "SELECT (SELECT count(*) FROM user), coalesce(sum(length(blob)), 0) FROM memory"
        " WHERE id IN (SELECT max(memory.id) FROM memory JOIN series ON series.id = memory.series"
        " WHERE series.method = ? GROUP BY series.id)",
        (method,),
    ).fetchone()
    return row


def drop_from(conn: sqlite3.Connection, owner: int, place: int) -> int:
    """Delete every version that heard the turn at `place` (from 0), of all methods; returns how many."""
    return conn.execute(
        "DELETE FROM memory WHERE heard > ? AND series IN (SELECT id FROM series WHERE user = ?)",
        (place, owner),
    ).rowcount


def _rows(conn: sqlite3.Connection, owner: int, series: Series) -> dict[int, _Row | None]:
    """The series by row id, newest first; None where the seal does not fit."""
    found = conn.execute(
        "SELECT memory.id, version, sha256, heard, slept, created, length(blob), seal"
        " FROM memory JOIN series ON series.id = memory.series"
        " WHERE series.user = ? AND series.method = ? ORDER BY memory.id DESC",
        (owner, series.method),
    ).fetchall()
    return {
        key: _Row(key, *sealed, bytes=size) if seal(series.user, series.method, *sealed) == mark else None
        for key, *sealed, size, mark in found
    }


def _blob(conn: sqlite3.Connection, row: _Row) -> bytes | None:
    """A version's bytes, or None when they are damaged."""
    (blob,) = conn.execute("SELECT blob FROM memory WHERE id = ?", (row.id,)).fetchone()
    return blob if isinstance(blob, bytes) and hashlib.sha256(blob).hexdigest() == row.sha256 else None


def _damaged(series: Series) -> ImprintError:
    return ImprintError(
        f"the stored {series.method} memory of {series.user} is damaged on disk",
        f"Make it again from the ledger: imprint sleep --user {series.user} --method {series.method}",
    )
