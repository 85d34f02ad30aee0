"""Reads plain "Name: text" lines. A line without a name, or indented, goes on with the turn above."""

import re
from collections.abc import Iterator
from typing import Any

from imprint.data.files import lines
from imprint.data.messages import Message, Request, listing
from imprint.types import MAX_TEXT

_LINE = re.compile(r"([^\W\d_][\w.'’\- ]{0,39}):(?:\s+(.*))?")
_PARTICLES = frozenset(("al", "bin", "da", "de", "del", "der", "di", "el", "la", "le", "ten", "van", "von"))
USERS = frozenset(("user", "you", "me", "human"))
ASSISTANTS = frozenset(("assistant", "ai", "bot", "chatbot", "chatgpt", "claude", "copilot", "gemini", "gpt", "model"))


def fits(value: object) -> bool:
    """Whether the first line of a text file names a speaker."""
    return isinstance(value, str) and split(value) is not None


def split(line: str) -> tuple[str, str] | None:
    """Speaker and text of a line, or None when it names no speaker."""
    match = _LINE.fullmatch(line)
    if not match:
        return None
    words = match[1].split()
    # "I told her: no" is no name: the later words of a name start with a capital letter.
    if len(words) > 1 and any(word[0].islower() and word not in _PARTICLES for word in words[1:]):
        return None
    return " ".join(words), match[2] or ""


def read(_: Any, request: Request) -> Iterator[Message]:
    """The turns of a text file, which is gone through twice: once for the names, once for the turns."""
    speaker = _speaker(request)
    name, start, length = "", 0, -1
    parts: list[str] = []
    for number, line in lines(request):
        named = split(line)
        if named is None and not name:
            if line.strip():
                raise request.wrong(f"line {number}", 'expected "Name: text"')
            continue
        if named is not None:
            yield from _turn(name, speaker, parts, request)
            name, start, parts, length = named[0], number, [], -1
        text = line if named is None else named[1]
        if not text.strip() and (named is not None or not parts):
            continue
        parts.append(text)
        length += len(text) + 1
        # Checked while it grows: a file in which no second name is found is one long message.
        if text.strip() and length > MAX_TEXT:
            request.accept("\n".join(parts), f"line {start}")
    yield from _turn(name, speaker, parts, request)


def _turn(name: str, speaker: str, parts: list[str], request: Request) -> Iterator[Message]:
    text = "\n".join(parts).strip()
    if text:
        yield Message(0, "", "user" if name.casefold() == speaker else "assistant", text)
    elif name:
        request.on_skip("empty message")


def _speaker(request: Request) -> str:
    """The case-folded name whose memory this is: the one asked for, or the obvious one."""
    names: dict[str, None] = {}
    for _, line in lines(request.quiet()):
        if (named := split(line)) is not None:
            names[named[0]] = None
    folded = {name.casefold() for name in names}
    wanted = request.speaker.casefold()
    if wanted:
        if wanted in folded or not folded:
            return wanted
        problem = f"the speaker asked for is not in it; names: {listing(names)}"
        raise request.wrong("", problem, "Choose one with --speaker")
    for likely in (folded & USERS, folded - ASSISTANTS, folded):
        if len(likely) == 1:
            return likely.pop()
    if not folded:
        return ""
    raise request.wrong("", f"whose memory it is is not clear; names: {listing(names)}", "Choose one with --speaker")
