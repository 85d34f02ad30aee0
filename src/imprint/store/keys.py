"""API keys: kept as hashes in imprint.db, shown once when they are made."""

import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imprint.store.connect import connect, plain_errors, prepare
from imprint.types import ImprintError

_FORM = re.compile(r"imprint-([0-9a-f]{16})-([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Key:
    """One key, without its secret."""

    id: str
    """16 hex digits; its users are kept under names that begin with it."""
    name: str
    created: str
    """ISO 8601, UTC."""
    revoked: str
    """The same; empty while it is valid."""


class Keys:
    """The keys of a data folder. Any number of threads and processes may use them at once."""

    def __init__(self, home: Path, wait: float = 10.0) -> None:
        self._guard = threading.Lock()
        with plain_errors(home):
            self._path = prepare(home, wait)
            self._conn = connect(self._path, wait)

    def add(self, name: str) -> tuple[Key, str]:
        """A new key and its text, which is kept nowhere. ImprintError: the name is taken, or none."""
        if not _NAME.fullmatch(name):
            raise ImprintError("that is not a key's name", "Use 1 to 64 letters, digits and . _ -")
        key, secret = Key(secrets.token_hex(8), name, _now(), ""), secrets.token_urlsafe(32)
        with self._guard, plain_errors(self._path):
            added = self._conn.execute(
                "INSERT INTO key (id, name, hash, created, revoked) VALUES (?, ?, ?, ?, '') ON CONFLICT DO NOTHING",
                (key.id, name, _hash(secret), key.created),
            ).rowcount
        if not added:
            raise ImprintError(f"there is a key {name} already", "Choose another name: imprint keys list")
        return key, f"imprint-{key.id}-{secret}"

    def list(self) -> list[Key]:
        """All keys, also revoked ones, oldest first."""
        with self._guard, plain_errors(self._path):
            rows = self._conn.execute("SELECT id, name, created, revoked FROM key ORDER BY rowid").fetchall()
        return [Key(*row) for row in rows]

    def revoke(self, name: str) -> Key:
        """Make a key invalid, by its name or id. ImprintError: there is no such valid key."""
        with self._guard, plain_errors(self._path):
            row = self._conn.execute(
                "UPDATE key SET revoked = ? WHERE ? IN (name, id) AND revoked = ''"
                " RETURNING id, name, created, revoked",
                (_now(), name),
            ).fetchone()
        if row is None:
            raise ImprintError(f"there is no valid key {name}", "See which there are: imprint keys list")
        return Key(*row)

    def any(self) -> bool:
        """Whether a key was ever added: from then on nothing is answered without one."""
        with self._guard, plain_errors(self._path):
            return self._conn.execute("SELECT 1 FROM key LIMIT 1").fetchone() is not None

    def several(self) -> bool:
        """Whether more than one key is valid."""
        with self._guard, plain_errors(self._path):
            return len(self._conn.execute("SELECT 1 FROM key WHERE revoked = '' LIMIT 2").fetchall()) > 1

    def check(self, text: str) -> str | None:
        """The id of the valid key that reads `text`, or None."""
        found = _FORM.fullmatch(text)
        with self._guard, plain_errors(self._path):
            row = self._conn.execute(
                "SELECT hash FROM key WHERE id = ? AND revoked = ''", (found[1] if found else "",)
            ).fetchone()
        expected = row[0] if row else b"\0" * 32
        right = hmac.compare_digest(expected, _hash(found[2] if found else text))
        return found[1] if found and row and right else None

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()


def _hash(secret: str) -> bytes:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
