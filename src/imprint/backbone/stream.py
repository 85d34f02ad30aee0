"""Token ids -> text while they come: no half characters, and nothing of a stop string or after it."""

from collections.abc import Callable, Sequence

HALF = "\N{REPLACEMENT CHARACTER}"
"""What a decoder writes for bytes that are not a whole character (yet)."""
LONGEST_CHARACTER = 4
"""Bytes, so at most as many tokens."""


class TextStream:
    """The text of one row. Each piece is final: what was handed out is never taken back."""

    def __init__(self, detokenize: Callable[[Sequence[int]], str], stop: Sequence[str]) -> None:
        self._detokenize = detokenize
        self._stop = tuple(stop)
        self._ids: list[int] = []
        # Tokens before `_read` are handed out. Those from `_context` on are decoded again with the new ones,
        # since some decoders (Metaspace) write a token differently at the start of a text.
        self._context = 0
        self._read = 0
        self._held = ""
        self.stopped = False

    def push(self, token: int) -> str:
        """The text that is certain after one more token; sets `stopped` at a stop string."""
        self._ids.append(token)
        return self._release(self._decoded())

    def flush(self) -> str:
        """The rest, when no more tokens come. Bytes that never became a character are left out."""
        rest = self._text(len(self._ids)).rstrip(HALF)
        self._context = self._read = len(self._ids)
        text = self._release(rest)
        if self.stopped:
            return text
        text, self._held = text + self._held, ""
        return text

    def _decoded(self) -> str:
        end = len(self._ids)
        text = self._text(end)
        if text.endswith(HALF):
            if end - self._read <= 2 * LONGEST_CHARACTER:
                return ""
            # Bytes that stay wrong: hand out all but the last few, which may still become a character.
            end -= LONGEST_CHARACTER
            text = self._text(end)
        elif not text:
            return ""
        self._context, self._read = self._read, end
        return text

    def _text(self, end: int) -> str:
        """Text of the tokens from `_read` to `end`."""
        before = self._detokenize(self._ids[self._context : self._read])
        return self._detokenize(self._ids[self._context : end])[len(before) :]

    def _release(self, text: str) -> str:
        """What of the held text and `text` is certain not to begin a stop string."""
        text = self._held + text
        found = [at for at in (text.find(stop) for stop in self._stop) if at >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        keep = max((_overlap(text, stop) for stop in self._stop), default=0)
        cut = len(text) - keep
        self._held = text[cut:]
        return text[:cut]


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that begins `stop`."""
    return next((n for n in range(min(len(text), len(stop) - 1), 0, -1) if stop.startswith(text[-n:])), 0)
