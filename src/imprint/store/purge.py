"""Removes the bytes of deleted rows from the files.

secure_delete zeroes deleted cells and freed pages, but a B-tree that splits or merges its pages leaves copies
of moved cells in the gaps of old ones, where no later delete finds them. VACUUM writes the file anew from its
live rows, and the truncating checkpoint removes the older pages from the write-ahead log. Both are needed.
"""

import sqlite3
import time
from pathlib import Path

from imprint.store.connect import explain

_IN_MEMORY = 256 * 1024 * 1024
"""Largest database rewritten by way of memory, in bytes; above, by way of an unlinked temporary file."""

_AGAIN = "repeat this command to finish the removal"


def purge(conn: sqlite3.Connection, path: Path, wait: float) -> str:
    """Rewrite the file and empty its log; returns "" or why bytes may be left.

    The `purge` rows that forget and erase write in their transaction stay until this has worked, so a kill or
    a reader in between only delays the removal to the next open, forget or erase.
    wait: seconds to wait for readers and for other programs' removals.
    """
    try:
        (newest,) = conn.execute("SELECT max(id) FROM purge").fetchone()
        # VACUUM fills the log: let it begin at the start again where no reader is in the way.
        conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if path.stat().st_size > _IN_MEMORY:
            conn.execute("PRAGMA temp_store = FILE")
        conn.execute("VACUUM")
        if not _empty_log(conn, wait):
            return f"another program still reads the database; close it and {_AGAIN}"
        # Another process may have added a row since: it is not covered by our VACUUM and stays.
        conn.execute("DELETE FROM purge WHERE id <= ?", (newest or 0,))
    except sqlite3.Error as error:
        told = explain(error, path)
        if told is None:
            raise
        return f"{told.problem}; mend that and {_AGAIN}"
    finally:
        conn.execute("PRAGMA temp_store = MEMORY")
    return ""


def _empty_log(conn: sqlite3.Connection, wait: float) -> bool:
    """Move the log's pages into the database and cut it to nothing; False when others were in the way."""
    deadline = time.monotonic() + wait
    while True:
        (blocked, _, _) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not blocked:
            return True
        # SQLite waits for readers itself, but another program's checkpoint it reports at once.
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)


def pending(conn: sqlite3.Connection) -> bool:
    """Whether an earlier removal was cut off."""
    return conn.execute("SELECT 1 FROM purge LIMIT 1").fetchone() is not None
