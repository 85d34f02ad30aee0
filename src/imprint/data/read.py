"""The one way in: a file becomes turns, whatever its format."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.data import chatgpt, locomo, openai, text
from imprint.data.files import Layout, check_file, layout_of, lines, load_json
from imprint.data.ids import conversation_source, turn_id
from imprint.data.messages import Message, Request
from imprint.types import ImprintError, Turn


@dataclass(frozen=True)
class Format:
    """One kind of file: how to tell it, and how to read it."""

    what: str
    """For the user, in a few words."""
    fits: Callable[[object], bool]
    """Given the parsed JSON file, or the first line (parsed, if JSONL): is it this format?"""
    read: Callable[[Any, Request], Iterator[Message]]
    """Given the parsed JSON file, or None to go through the file's lines, its messages."""
    layouts: tuple[Layout, ...]
    """How such a file may be laid out, the likeliest first."""
    options: tuple[str, ...] = ()
    """Which of "sample" and "speaker" mean something here."""


FORMATS = {
    "openai": Format("OpenAI messages, JSON or JSONL", openai.fits, openai.read, ("json", "jsonl")),
    "chatgpt": Format("conversations.json of a ChatGPT export", chatgpt.fits, chatgpt.read, ("json",)),
    "locomo": Format("a LoCoMo file", locomo.fits, locomo.read, ("json",), options=("sample", "speaker")),
    "text": Format('"Name: text" lines', text.fits, text.read, ("text",), options=("speaker",)),
}


def read_conversation(
    path: Path,
    user: str,
    fmt: str = "auto",
    sample: str = "",
    speaker: str = "",
    on_bytes: Callable[[int], object] = lambda _: None,
    on_skip: Callable[[str], object] = lambda _: None,
) -> Iterator[Turn]:
    """The turns of a conversation file, as turns of `user`'s memory, in the order they were said.

    `fmt` is a name of FORMATS, or "auto" to go by the content. `sample` chooses a conversation of a LoCoMo
    file, `speaker` says whose memory it is where people go by name. `on_bytes` hears how many bytes were just
    read, `on_skip` the reason for each thing that is not a turn. JSONL and text are read as the iterator goes
    on; a JSON file is checked whole before the first turn. Raises ImprintError, from the iterator, naming the
    file and the place in it.
    """
    check_file(path)
    request = Request(path, sample, speaker, on_bytes, on_skip)
    name, messages = _messages(fmt, request)
    heard = False
    for turn in _turns(messages, user, name):
        heard = heard or turn.role == "user"
        yield turn
    if not heard:
        whose = "that speaker" if speaker else "the user"
        raise request.wrong("", f"no message of {whose} in it", "Check that it is the right file")


def _messages(fmt: str, request: Request) -> tuple[str, Iterable[Message]]:
    """The name of the file's format, and its messages."""
    if fmt != "auto" and fmt not in FORMATS:
        raise ImprintError(f'there is no format "{fmt}"', f"Formats: auto, {', '.join(FORMATS)}")
    layout, first = layout_of(request.path)
    if fmt != "auto" and layout not in FORMATS[fmt].layouts:
        layout = FORMATS[fmt].layouts[0]
    value = load_json(request) if layout == "json" else None
    name = fmt if fmt != "auto" else _recognise(first if value is None else value, layout, request)
    for option in ("sample", "speaker"):
        if getattr(request, option) and option not in FORMATS[name].options:
            raise request.wrong("", f"{name} files have no {option} to choose", f"Leave out --{option}")
    messages = FORMATS[name].read(value, request)
    if layout == "json":
        messages = list(messages)
        if not any(message.role == "user" for message in messages):
            messages = []
    return name, messages


def _recognise(value: object, layout: Layout, request: Request) -> str:
    for name, each in FORMATS.items():
        if layout in each.layouts and each.fits(value):
            return name
    # A file that is no text at all gets the error that says so.
    if layout != "json":
        for _ in lines(request.quiet()):
            pass
    known = "; ".join(f"{name}: {each.what}" for name, each in FORMATS.items())
    raise request.wrong("", "not a conversation file of a known format", f"Formats are {known}")


def _turns(messages: Iterable[Message], user: str, fmt: str) -> Iterator[Turn]:
    """Messages with ids: each conversation counts its own positions."""
    sources: dict[int, str] = {}
    positions: Counter[int] = Counter()
    openings: Counter[str] = Counter()
    for message in messages:
        number = message.conversation
        if number not in sources:
            source = message.conversation_id
            if not source:
                source = conversation_source(fmt, message.text)
                openings[source] += 1
                # Conversations of one file that open with the same words are still different ones.
                if openings[source] > 1:
                    source = f"{source}-{openings[source]}"
            sources[number] = source
        source, position = sources[number], positions[number]
        positions[number] += 1
        identity = turn_id(source, position, message.role, message.text, message.time)
        yield Turn(identity, user, message.role, message.text, message.time, source)
