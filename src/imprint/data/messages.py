"""What a reader is asked, what it hands over, and the checks every message passes at the door."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from imprint.types import MAX_TEXT, ImprintError, Role

T = TypeVar("T")
_NAMES: dict[type, str] = {dict: "an object", list: "a list", str: "a string"}


@dataclass(frozen=True)
class Message:
    """One message a reader keeps, before it has an id."""

    conversation: int
    """Which conversation of the file it belongs to; messages of one conversation come in order."""
    conversation_id: str
    """The conversation's own id; empty when the file has none."""
    role: Role
    text: str
    time: str = ""
    """ISO 8601, UTC; empty when the file does not say."""


@dataclass(frozen=True)
class Request:
    """Which file to read, whose memory it is for, and whom to tell about progress."""

    path: Path
    sample: str
    speaker: str
    on_bytes: Callable[[int], object]
    """Called with the number of bytes just read; the calls add up to the file's size."""
    on_skip: Callable[[str], object]
    """Called with the reason ("system message", "empty message", ...) for each thing that is not a turn."""

    def wrong(self, where: str, problem: str, remedy: str = "") -> ImprintError:
        """The error to raise for `where`, a line or a JSON path; empty for the file as a whole."""
        place = f"{self.path}: {where}" if where else str(self.path)
        return ImprintError(f"{place}: {problem}", remedy)

    def quiet(self) -> "Request":
        """The same request for a look ahead that is not progress."""
        return replace(self, on_bytes=lambda _: None)

    def need(self, value: object, kind: type[T], where: str) -> T:
        """`value` if it is of the JSON type `kind`, else an error that names `where`."""
        if not isinstance(value, kind):
            raise self.wrong(where, f"expected {_NAMES[kind]}")
        return value

    def accept(self, text: str, where: str) -> str:
        """`text` if it may be a turn: at most MAX_TEXT characters, all of which UTF-8 can hold."""
        if len(text) > MAX_TEXT:
            raise self.wrong(where, f"the message is longer than {MAX_TEXT} characters", "Split or remove it")
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            problem = f"character {error.start} is half of a surrogate pair"
            raise self.wrong(where, problem, "Remove it or write the whole character") from None
        return text


def listing(names: Iterable[str]) -> str:
    """Names found in a file, safe to print on one line: at most 20, cut to 40 characters each."""
    every = list(names)
    shown = ["".join(c if c.isprintable() else "?" for c in name[:40]) for name in every[:20]]
    more = [f"and {len(every) - 20} more"] if len(every) > 20 else []
    return ", ".join(shown + more) or "none"


def own_id(value: object) -> str:
    """A conversation's own id as text; empty unless it is a short printable string or an integer."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= 200 and text.isprintable() else ""
