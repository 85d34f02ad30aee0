"""What may enter a store: names, turns, methods, checksums. The same rules hold for every back end."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from imprint.types import MAX_TEXT, ImprintError, Turn

MAX_NAME = 128
MAX_ID = 128
MAX_SOURCE = 1_000
"""Longest `source` and `time` of a turn, in characters."""
_NAME_RULE = f"Use 1 to {MAX_NAME} letters, digits and . _ @ + - (no spaces, no slashes)"
_METHOD = re.compile(r"[a-z0-9_]{1,64}")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def check_user(name: str) -> str:
    """The NFC form of a user name. ImprintError when it is not one; the error says the rule."""
    plain = unicodedata.normalize("NFC", name) if len(name) <= 4 * MAX_NAME else ""
    if not 1 <= len(plain) <= MAX_NAME or plain in (".", "..") or not all(map(_name_character, plain)):
        raise ImprintError("that is not a user name", _NAME_RULE)
    return plain


def _name_character(character: str) -> bool:
    if character in "._@+-":
        return True
    # Enclosing marks (Me) and variation selectors turn digits into emoji, so they do not count as marks.
    category = unicodedata.category(character)
    return (category[0] == "L" or category in ("Nd", "Mn", "Mc")) and ord(character) not in _VARIATION_SELECTORS


def check_method(method: str) -> str:
    """A method's name as it may stand in a row or a file name."""
    if not _METHOD.fullmatch(method):
        raise ImprintError("that is not a method's name", "Use lower-case letters, digits and _")
    return method


def check_turns(user: str, turns: Sequence[Turn]) -> None:
    """ImprintError when a turn cannot be kept exactly as it is. The error names it by its place."""
    for place, turn in enumerate(turns, start=1):
        problem = _problem(user, turn)
        if problem:
            raise ImprintError(f"turn {place} {problem}; nothing was written", "Correct it and run it again")


def _problem(user: str, turn: Turn) -> str:
    if turn.user != user and check_user(turn.user) != user:
        return "belongs to another user"
    if not 1 <= len(turn.id) <= MAX_ID or not turn.id.isprintable():
        return f"has an id that is not 1 to {MAX_ID} printable characters"
    if turn.role not in ("user", "assistant"):
        return "has a role that is neither user nor assistant"
    if len(turn.text) > MAX_TEXT:
        return f"is longer than {MAX_TEXT} characters"
    if len(turn.time) > MAX_SOURCE or len(turn.source) > MAX_SOURCE:
        return f"has a time or source longer than {MAX_SOURCE} characters"
    for part in (turn.text, turn.time, turn.source):
        if "\0" in part:
            return "holds a NUL character"
        if not _encodable(part):
            return "holds half of a surrogate pair, which is not text"
    return ""


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def seal(*columns: object) -> str:
    """Checksum over a row's columns, so that a flipped bit in any of them, or in their types, shows."""
    return hashlib.blake2b(ascii(columns).encode(), digest_size=16).hexdigest()
