"""The schema of imprint.db as named steps. Append only: a step that was released is never edited."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

APPLICATION_ID = 0x696D7072
"""Marks a SQLite file as imprint's ("impr")."""

Migration = Callable[[sqlite3.Connection], None]


def m001_ledger(conn: sqlite3.Connection) -> None:
    """Users, turns, memory versions, checkpoints, and the purges still to be finished."""
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in (
        """CREATE TABLE user (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            epoch TEXT NOT NULL,
            turns INTEGER NOT NULL DEFAULT 0
        ) STRICT""",
        """CREATE TABLE turn (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
            id TEXT NOT NULL,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            time TEXT NOT NULL,
            source TEXT NOT NULL,
            seal TEXT NOT NULL,
            UNIQUE (user, id)
        ) STRICT""",
        "CREATE INDEX turn_order ON turn (user, seq)",
        """CREATE TABLE series (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
            method TEXT NOT NULL,
            last INTEGER NOT NULL,
            UNIQUE (user, method)
        ) STRICT""",
        """CREATE TABLE memory (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            heard INTEGER NOT NULL,
            slept INTEGER NOT NULL,
            created TEXT NOT NULL,
            seal TEXT NOT NULL,
            blob BLOB NOT NULL,
            UNIQUE (series, version)
        ) STRICT""",
        """CREATE TABLE sleep (
            user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
            covered INTEGER NOT NULL,
            PRIMARY KEY (user, covered)
        ) STRICT""",
        """CREATE TABLE checkpoint (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
            method TEXT NOT NULL,
            key TEXT NOT NULL,
            seal TEXT NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (user, method, key)
        ) STRICT""",
        "CREATE TABLE purge (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT",
    ):
        conn.execute(statement)


def m002_keys(conn: sqlite3.Connection) -> None:
    """API keys of the server, hashed."""
    conn.execute(
        """CREATE TABLE key (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            hash BLOB NOT NULL,
            created TEXT NOT NULL,
            revoked TEXT NOT NULL
        ) STRICT"""
    )


MIGRATIONS: tuple[Migration, ...] = (m001_ledger, m002_keys)


def applied(conn: sqlite3.Connection) -> list[str]:
    """Names of the steps a database has been through, in order."""
    return [name for (name,) in conn.execute("SELECT name FROM migration ORDER BY rowid").fetchall()]


def migrate(conn: sqlite3.Connection, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Apply the steps that are missing. The caller holds the write transaction."""
    conn.execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied TEXT NOT NULL) STRICT")
    done = set(applied(conn))
    for step in steps:
        if step.__name__ not in done:
            step(conn)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            conn.execute("INSERT INTO migration (name, applied) VALUES (?, ?)", (step.__name__, now))


def names(steps: Sequence[Migration] = MIGRATIONS) -> list[str]:
    """The names this version of imprint knows."""
    return [step.__name__ for step in steps]
