"""Rows of the ledger. Every function works inside the caller's transaction."""

import sqlite3
from collections.abc import Iterable, Sequence

from imprint.store.checks import seal
from imprint.types import ImprintError, Turn

_BACKUP = "Restore imprint.db from a backup"


def append(conn: sqlite3.Connection, owner: int, user: str, turns: Iterable[Turn]) -> int:
    """Add the turns whose ids are new; returns how many. owner: the user's row."""
    # AUTOINCREMENT's own count: the number of a forgotten turn is not given to another.
    last = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'turn'").fetchone()
    first = seq = 1 + (last[0] if last else 0)
    for turn in turns:
        columns = (turn.id, turn.role, turn.text, turn.time, turn.source)
        done = conn.execute(
            "INSERT INTO turn (seq, user, id, role, text, time, source, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (user, id) DO NOTHING",
            (seq, owner, *columns, seal(user, seq, *columns)),
        )
        seq += done.rowcount
    conn.execute("UPDATE user SET turns = turns + ? WHERE id = ?", (seq - first, owner))
    return seq - first


def read(conn: sqlite3.Connection, owner: int, user: str) -> tuple[Turn, ...]:
    """The user's turns in order, each checked against its seal, and their number."""
    rows = conn.execute(
        "SELECT seq, id, role, text, time, source, seal FROM turn WHERE user = ? ORDER BY seq", (owner,)
    ).fetchall()
    (count,) = conn.execute("SELECT turns FROM user WHERE id = ?", (owner,)).fetchone()
    if len(rows) != count:
        raise ImprintError(f"the ledger of {user} is damaged on disk: it should hold {count} turns", _BACKUP)
    before = 0
    for place, (seq, *columns, sealed) in enumerate(rows, start=1):
        in_order, before = seq > before, seq
        if not in_order or seal(user, seq, *columns) != sealed:
            raise ImprintError(
                f"turn {place} of {user} is damaged on disk",
                f"{_BACKUP}, or remove it: imprint memory forget {columns[0]} --user {user}",
            )
    return tuple(Turn(ident, user, role, text, time, source) for _, ident, role, text, time, source, _ in rows)


def slept(conn: sqlite3.Connection, owner: int, user: str, turns: int) -> int:
    """Leading turns covered by the last sleep that is still valid. turns: length of the ledger."""
    (covered,) = conn.execute("SELECT coalesce(max(covered), 0) FROM sleep WHERE user = ?", (owner,)).fetchone()
    if type(covered) is not int or not 0 <= covered <= turns:
        raise ImprintError(f"the record of {user}'s sleeps is damaged on disk", _BACKUP)
    return covered


def forget(conn: sqlite3.Connection, owner: int, user: str, ids: Sequence[str]) -> tuple[int, int]:
    """Delete turns and the sleeps that covered one; returns how many turns, and the first one's place.

    Places count from 0. ImprintError before anything is deleted: an id is not in the ledger.
    """
    rows = sorted(conn.execute("SELECT seq, id FROM turn WHERE user = ?", (owner,)).fetchall())
    places = {ident: place for place, (_, ident) in enumerate(rows)}
    unknown = [ident for ident in ids if ident not in places]
    if unknown:
        raise ImprintError(
            f"{user} has no turn {unknown[0][:32]!r}; nothing was forgotten",
            f"List the turns: imprint memory show --user {user}",
        )
    gone = sorted(places[ident] for ident in set(ids))
    conn.executemany("DELETE FROM turn WHERE seq = ?", [(rows[place][0],) for place in gone])
    conn.execute("UPDATE user SET turns = turns - ? WHERE id = ?", (len(gone), owner))
    conn.execute("DELETE FROM sleep WHERE user = ? AND covered > ?", (owner, gone[0]))
    return len(gone), gone[0]
