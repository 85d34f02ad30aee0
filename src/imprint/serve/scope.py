"""A client's user id -> the name it is kept under. No two ids of any two keys share a name.

With a key, `ID` is kept under `+KEY.ID`, where bytes other than letters, digits and . _ - are written `+xx`. Without
keys, an id that is a name of the command line is that user; any other is kept under `+local.ID`. Names of the command
line that begin with `+` cannot be asked for by their own name.
"""

import re
import unicodedata
from dataclasses import dataclass

from imprint.store.checks import MAX_NAME, check_user
from imprint.types import ImprintError

MAX_USER = 128
"""Longest user id of a client, in characters."""
LOCAL = "local"
DEFAULT_USER = "default"
"""Who speaks when a request names nobody."""
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_ESCAPED = re.compile(rb"\+([0-9a-f]{2})")
_REFUSED = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Control and format characters, halves of surrogate pairs, line breaks."""


class BadUser(ImprintError):
    """Not a user id."""


class LongUser(ImprintError):
    """A user id that the store has no room for once it is spelled as a name."""

    def __init__(self, size: int, room: int) -> None:
        super().__init__(
            f"the user id is too long: it takes {size} of at most {room}. Each of A-Z a-z 0-9 . _ - takes 1,"
            " every other byte of its UTF-8 takes 3",
            "Shorten it, or send a hash of it",
        )


@dataclass(frozen=True)
class Scope:
    """The users one key may name."""

    key: str = ""
    """The key's id; empty where no key is asked for."""

    def name(self, user: str) -> str:
        """The name `user` is kept under. BadUser: not an id. LongUser."""
        _check(user)
        if not self.key and not user.startswith("+") and _is_name(user):
            return user
        prefix, escaped = self._prefix(), _escape(user)
        room = MAX_NAME - len(prefix)
        if len(escaped) > room:
            raise LongUser(len(escaped), room)
        return prefix + escaped

    def user(self, name: str) -> str | None:
        """The id that is kept under `name`; None when it is of another scope."""
        if not self.key and not name.startswith("+"):
            return name
        prefix = self._prefix()
        if not name.startswith(prefix):
            return None
        raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name.removeprefix(prefix).encode())
        user = raw.decode("utf-8", "replace")
        return user if self._kept_as(user) == name else None

    def _kept_as(self, user: str) -> str:
        try:
            return self.name(user)
        except (BadUser, LongUser):
            return ""

    def _prefix(self) -> str:
        return f"+{self.key or LOCAL}."


def key_of_name(name: str) -> str:
    """The id of the key whose user is kept under `name`; empty for names of the command line."""
    key, dot, _ = name.removeprefix("+").partition(".")
    return key if dot and name.startswith("+") else ""


def _check(user: str) -> None:
    if not 1 <= len(user) <= MAX_USER:
        raise BadUser("the user id is empty or too long", f"Use 1 to {MAX_USER} characters")
    if user in (".", "..") or any(c in "/\\\ufffd" or unicodedata.category(c) in _REFUSED for c in user):
        raise BadUser(
            "that is not a user id", "Use an id without slashes, control and invisible characters, and not . or .."
        )


def _is_name(user: str) -> bool:
    try:
        return check_user(user) == user
    except ImprintError:
        return False


def _escape(user: str) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"+{byte:02x}" for byte in user.encode())
