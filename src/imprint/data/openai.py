"""Reads OpenAI messages: JSON with one or many conversations, or JSONL, a message or conversation a line."""

from collections.abc import Iterator
from typing import Any

from imprint.data.files import lines, parse_json
from imprint.data.messages import Message, Request, own_id

NOT_TURNS = ("system", "developer", "tool", "function")
TEXT_PARTS = ("text", "input_text", "output_text")


def fits(value: object) -> bool:
    """Whether `value` (a JSON file, or the first line of a JSONL file) looks like OpenAI messages."""
    first = value[0] if isinstance(value, list) and value else value
    if first is not value and isinstance(first, list) and first:
        first = first[0]
    return isinstance(first, dict) and ("role" in first or "messages" in first)


def read(value: Any, request: Request) -> Iterator[Message]:
    """The messages of a parsed JSON file, or of a JSONL file when `value` is None."""
    if value is None:
        yield from _stream(request)
    elif isinstance(value, dict) and "role" in value:
        yield from _message(value, "", 0, "", request)
    elif isinstance(value, dict):
        yield from _conversation(value, "", 0, request)
    else:
        entries = request.need(value, list, "")
        if entries and isinstance(entries[0], dict) and "messages" not in entries[0]:
            yield from _conversation(entries, "", 0, request)
            return
        for number, entry in enumerate(entries):
            yield from _conversation(entry, f"[{number}]", number, request)


def _stream(request: Request) -> Iterator[Message]:
    """Lines that are messages make up one conversation."""
    for number, text in lines(request):
        if not text.strip():
            continue
        where = f"line {number}"
        value = request.need(parse_json(request, text, number), dict, where)
        if "messages" in value:
            yield from _conversation(value, f"{where}: ", number, request)
        else:
            yield from _message(value, f"{where}: ", 0, "", request)


def _conversation(value: Any, where: str, number: int, request: Request) -> Iterator[Message]:
    """A list of messages, or an object that has one under "messages"."""
    identity = ""
    if not isinstance(value, list):
        value = request.need(value, dict, where)
        identity = own_id(value.get("conversation_id")) or own_id(value.get("id"))
        where = _field(where, "messages")
        value = request.need(value.get("messages"), list, where)
    for index, entry in enumerate(value):
        yield from _message(entry, f"{where}[{index}]", number, identity, request)


def _message(value: Any, where: str, number: int, identity: str, request: Request) -> Iterator[Message]:
    """The message at `where`, or nothing when it is not a turn."""
    value = request.need(value, dict, where.removesuffix(": "))
    role = value.get("role")
    if role in NOT_TURNS:
        request.on_skip(f"{role} message")
        return
    if role not in ("user", "assistant"):
        expected = ", ".join(("user", "assistant", *NOT_TURNS))
        raise request.wrong(_field(where, "role"), f"expected one of {expected}")
    text = _text(value.get("content"), role, _field(where, "content"), request)
    if text.strip():
        yield Message(number, identity, role, text)
    else:
        request.on_skip("empty message")


def _text(content: Any, role: str, where: str, request: Request) -> str:
    # An assistant message that only calls tools has no content.
    if isinstance(content, str):
        return request.accept(content, where)
    if content is None and role == "assistant":
        return ""
    if not isinstance(content, list):
        raise request.wrong(where, "expected a string or a list of parts")
    texts: list[str] = []
    for index, entry in enumerate(content):
        part = request.need(entry, dict, f"{where}[{index}]")
        if part.get("type") in TEXT_PARTS:
            texts.append(request.need(part.get("text"), str, f"{where}[{index}].text"))
        else:
            request.on_skip("part that is not text")
    return request.accept("\n".join(texts), where)


def _field(where: str, name: str) -> str:
    """The JSON path of `name` inside `where`; a where that ends in ": " is a line, whose paths start anew."""
    return f"{where}{name}" if not where or where.endswith(": ") else f"{where}.{name}"
