"""Reads a ChatGPT data export, `conversations.json`: a list of conversations, each a tree of messages."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from imprint.data.messages import Message, Request, own_id

TEXT_CONTENT = ("text", "multimodal_text")
"""Content types that are talk; thoughts, code for tools, custom instructions and the like are not."""


def fits(value: object) -> bool:
    """Whether a parsed JSON file looks like an export, or like one conversation of it."""
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and "mapping" in first


def read(value: Any, request: Request) -> Iterator[Message]:
    """The messages of a parsed export in the order of time: an export lists the newest conversation first."""
    single = isinstance(value, dict)
    entries = [value] if single else request.need(value, list, "")
    dated: list[tuple[str, Message]] = []
    for number, entry in enumerate(entries):
        latest = ""
        for message in _conversation(entry, "" if single else f"[{number}]", number, request):
            # A message without a time, or with one before its parent's, stays behind the message before it.
            latest = max(latest, message.time)
            dated.append((latest, message))
    dated.sort(key=lambda pair: pair[0])
    for _, message in dated:
        yield message


def _conversation(value: Any, where: str, number: int, request: Request) -> Iterator[Message]:
    """The branch that was open last, from its root to `current_node`."""
    value = request.need(value, dict, where)
    dot = f"{where}." if where else ""
    mapping = request.need(value.get("mapping"), dict, f"{dot}mapping")
    if not mapping:
        request.on_skip("empty conversation")
        return
    identity = own_id(value.get("conversation_id")) or own_id(value.get("id"))
    node_id = request.need(value.get("current_node"), str, f"{dot}current_node")
    if node_id not in mapping:
        raise request.wrong(f"{dot}current_node", "names no node of mapping")
    path: list[tuple[str, Any]] = []
    seen: set[str] = set()
    # The root's parent is null, or in some exports the id of a node that is not there.
    while isinstance(node_id, str) and node_id in mapping:
        place = f"{dot}mapping.{own_id(node_id)}"
        if node_id in seen:
            raise request.wrong(f"{place}.parent", "the parents run in a circle")
        seen.add(node_id)
        node = request.need(mapping[node_id], dict, place)
        path.append((f"{place}.message", node.get("message")))
        node_id = node.get("parent")
    for place, message in reversed(path):
        if message is not None:
            yield from _message(message, place, number, identity, request)


def _message(value: Any, where: str, number: int, identity: str, request: Request) -> Iterator[Message]:
    """The message at `where`, or nothing when people do not see it as theirs or the assistant's."""
    value = request.need(value, dict, where)
    author = request.need(value.get("author"), dict, f"{where}.author")
    role = request.need(author.get("role"), str, f"{where}.author.role")
    if role not in ("user", "assistant"):
        request.on_skip("system message" if role == "system" else "tool message")
        return
    metadata = value.get("metadata")
    if isinstance(metadata, dict) and metadata.get("is_visually_hidden_from_conversation"):
        request.on_skip("hidden message")
        return
    content = request.need(value.get("content"), dict, f"{where}.content")
    if content.get("content_type", "text") not in TEXT_CONTENT or value.get("recipient", "all") != "all":
        request.on_skip("message that is not talk")
        return
    text = _text(content.get("parts"), f"{where}.content.parts", request)
    if text.strip():
        yield Message(number, identity, role, text, _time(value.get("create_time"), f"{where}.create_time", request))
    else:
        request.on_skip("empty message")


def _text(parts: Any, where: str, request: Request) -> str:
    texts: list[str] = []
    for index, part in enumerate(request.need(parts, list, where)):
        if isinstance(part, dict) and part.get("content_type") == "audio_transcription":
            part = request.need(part.get("text"), str, f"{where}[{index}].text")
        if isinstance(part, str):
            texts.append(part)
        else:
            request.on_skip("part that is not text")
    return request.accept("\n".join(texts), where)


def _time(value: Any, where: str, request: Request) -> str:
    """Seconds since 1970 as ISO 8601 in whole seconds."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        try:
            return datetime.fromtimestamp(math.floor(value), UTC).replace(tzinfo=None).isoformat() + "Z"
        except (OverflowError, ValueError, OSError):
            pass
    raise request.wrong(where, "expected a time in seconds since 1970")
