"""Gets at a file's text: whole or line by line, always UTF-8, always bounded; errors say where."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NoReturn

from imprint.data.messages import Request
from imprint.types import ImprintError

WHOLE_LIMIT = 512 * 1024**2
"""Largest file that is parsed as one JSON value, in bytes."""
LINE_LIMIT = 64 * 1024**2
"""Longest line of a file that is read line by line, in bytes."""
_BOM = b"\xef\xbb\xbf"
_CHUNK = 1024**2

Layout = Literal["json", "jsonl", "text"]


def check_file(path: Path) -> None:
    """Refuse what can not be a conversation file before anything is read from it."""
    if path.is_dir():
        raise ImprintError(f"{path} is a directory", "Name a file in it")
    if not path.exists():
        raise ImprintError(f"{path} does not exist", "Check the path")
    if not path.is_file():
        raise ImprintError(f"{path} is not a regular file", "Save it as a file first")
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise ImprintError(f"{path} can not be read: {error.strerror}", "Check its permissions") from None
    if not head:
        raise ImprintError(f"{path} is empty")
    if head == b"PK\x03\x04":
        raise ImprintError(f"{path} is a zip archive", "Unpack it and name the file inside, such as conversations.json")


def layout_of(path: Path) -> tuple[Layout, object]:
    """How a file is laid out, and its first line: parsed for JSONL, as it is for text, None for JSON."""
    with path.open("rb") as file:
        first = _next_line(file).removeprefix(_BOM).strip()
        if not first:
            raise ImprintError(f"{path} is empty")
        if first[:1] not in (b"{", b"["):
            return "text", first.decode("utf-8", errors="replace")
        if first[:1] == b"[" or not _next_line(file):
            return "json", None
    try:
        return "jsonl", json.loads(first)
    except (ValueError, RecursionError):
        return "json", None


def _next_line(file: Any) -> bytes:
    """The next line that is not blank, cut at LINE_LIMIT; empty at the end of the file."""
    for raw in iter(lambda: file.readline(LINE_LIMIT), b""):
        if raw.removeprefix(_BOM).strip():
            return raw
    return b""


def lines(request: Request) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, without its line end. LF and CRLF; nothing else ends a line."""
    start = 0
    with request.path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(LINE_LIMIT + 1), b""), start=1):
            if len(raw) > LINE_LIMIT:
                raise request.wrong(f"line {number}", f"longer than {LINE_LIMIT} bytes", "Split it")
            text = _decode(request, raw, start)
            request.on_bytes(len(raw))
            start += len(raw)
            yield number, text.removesuffix("\n").removesuffix("\r")


def load_json(request: Request) -> Any:
    """The file parsed as one JSON value."""
    size = request.path.stat().st_size
    if size > WHOLE_LIMIT:
        problem = f"{size} bytes is too much for a file that is read whole (limit {WHOLE_LIMIT})"
        raise request.wrong("", problem, "Split it, or write one JSON object a line (JSONL)")
    data = bytearray()
    with request.path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            data += chunk
            request.on_bytes(len(chunk))
    return parse_json(request, _decode(request, bytes(data), 0))


def parse_json(request: Request, text: str, line: int = 0) -> Any:
    """One JSON value out of `text`: line number `line` of a JSONL file, or the whole file when that is 0."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(request, error, line)
    except RecursionError:
        raise request.wrong(f"line {line}" if line else "", "the JSON is nested too deeply") from None
    except ValueError:
        # Python refuses to convert integers of more than 4300 digits.
        raise request.wrong(f"line {line}" if line else "", "a number in the JSON is too long") from None


def _refuse(request: Request, error: json.JSONDecodeError, line: int) -> NoReturn:
    where = f"line {line or error.lineno}, column {error.colno}"
    if error.msg.startswith("Unterminated string") or not error.doc[error.pos :].strip():
        place = f"line {line}" if line else ""
        raise request.wrong(place, "the JSON is cut off before its end", "Get the file again") from None
    if error.msg == "Extra data":
        raise request.wrong(where, "there is more text after the end of the JSON value") from None
    raise request.wrong(where, f"not valid JSON ({error.msg})") from None


def _decode(request: Request, raw: bytes, start: int) -> str:
    """`raw`, which lies `start` bytes into the file, as text without a byte order mark."""
    skip = len(_BOM) if start == 0 and raw.startswith(_BOM) else 0
    try:
        text, problem, offset = raw[skip:].decode("utf-8"), "", len(raw)
    except UnicodeDecodeError as error:
        text, problem, offset = "", "not UTF-8 text", skip + error.start
    if (nul := raw.find(b"\0", 0, offset)) >= 0:
        problem, offset = "a NUL byte: this is not a text file", nul
    if problem:
        raise request.wrong(f"byte {start + offset}", problem, "Save it as UTF-8 text")
    return text
