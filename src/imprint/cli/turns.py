"""Turns that are typed: what a person says on the command line or in a chat."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from imprint.data import turn_id
from imprint.types import MAX_TEXT, ImprintError, Role, Turn

if TYPE_CHECKING:
    from imprint.backbone.base import Sampling
    from imprint.config import Config


def spoken(user: str, text: str, role: Role = "user") -> Turn:
    """A turn said now. ImprintError: empty, no text, or longer than a message may be."""
    if not text.strip():
        raise ImprintError("the message is empty", "Say something")
    if len(text) > MAX_TEXT:
        raise ImprintError(
            f"the message has {len(text)} characters, at most {MAX_TEXT} are taken", "Shorten or split it"
        )
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text):
        raise ImprintError("the message holds bytes that are not UTF-8 text", "Type it anew")
    time = datetime.now(UTC).isoformat(timespec="microseconds")
    return Turn(turn_id("chat", 0, role, text, time), user, role, text, time, "chat")


def turn_ids(words: Iterable[str]) -> list[str]:
    """Ids of turns as typed. ImprintError: none, or something no id is."""
    ids = list(words)
    if not ids or not all(map(str.isprintable, ids)):
        raise ImprintError("name the turns to forget by their ids", "memory show lists them")
    return ids


def sampling(config: "Config") -> "Sampling":
    """How replies are sampled, from the config."""
    from imprint.backbone.base import Sampling

    chosen = config.sampling
    return Sampling(chosen.max_new_tokens, chosen.temperature, chosen.top_p)
