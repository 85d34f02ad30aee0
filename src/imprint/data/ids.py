"""Ids of turns: the same message at the same place of the same conversation always has the same one."""

import json
from hashlib import blake2b


def turn_id(source: str, position: int, role: str, text: str, time: str) -> str:
    """16 hex digits of one turn. `position` counts the turns before it in its conversation `source`."""
    return _hash([source, position, role, text, time])


def conversation_source(fmt: str, first_text: str) -> str:
    """16 hex digits that stand for a conversation without an id of its own.

    Made of the format and the first message, never of the path, so that a moved or longer file keeps its ids.
    """
    return _hash([fmt, first_text])


def _hash(parts: list[str | int]) -> str:
    # JSON keeps the borders between the parts: ["ab", "c"] and ["a", "bc"] differ.
    canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return blake2b(canonical.encode("utf-8"), digest_size=8).hexdigest()
