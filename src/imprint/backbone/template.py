"""Conversation -> token ids, through the model's own chat template. No text is read as a special token."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from jinja2.exceptions import TemplateError
from transformers import PreTrainedTokenizerBase

from imprint.backbone.base import ContextTooLong, Message, Prompt
from imprint.tensors import Context
from imprint.types import ImprintError

PLAIN = (
    "{% for m in messages %}"
    "{% if m.role == 'system' %}{{ m.content }}\n\n"
    "{% else %}{{ 'User' if m.role == 'user' else 'Assistant' }}: {{ m.content }}\n{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
"""For base models, which have no chat template of their own."""

# Qwen3's template opens a reasoning block unless told not to; templates that do not know the word ignore it.
OPTIONS: dict[str, Any] = {"enable_thinking": False}


class Template:
    """One tokenizer's way of writing conversations down."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer: Any = tokenizer
        own = tokenizer.get_chat_template() if tokenizer.chat_template else None
        self.source: str = own or self._plain()
        # Added tokens that are only text (runs of spaces in GPT-NeoX, HTML tags in Gemma) stay what they are.
        self.control = tuple(
            sorted(
                token.content
                for token in tokenizer.added_tokens_decoder.values()
                if token.content.strip() and (token.special or token.content in self.source)
            )
        )
        self.has_system = self._accepts("system", "user")
        self.alternates = not (self._accepts("user", "user") and self._accepts("assistant", "user"))

    def _plain(self) -> str:
        first = self.tokenizer("a")["input_ids"][:1]
        return ("{{ bos_token }}" if first == [self.tokenizer.bos_token_id] else "") + PLAIN

    def _accepts(self, *roles: str) -> bool:
        """Whether a conversation of these roles can be written down with nothing left out."""
        texts = [f"probe{i}" for i in range(len(roles))]
        try:
            text = self._render([{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)], False)
        except TemplateError:
            return False
        return all(t in text for t in texts)

    def _render(self, chat: list[dict[str, str]], header: bool) -> str:
        text = self.tokenizer.apply_chat_template(
            chat, chat_template=self.source, add_generation_prompt=header, tokenize=False, **OPTIONS
        )
        return str(text)

    def tokenize(self, text: str) -> list[int]:
        """Ids of plain text; special-token strings in it are read as text."""
        mark = _unused_mark([text])
        return self._pieces(self._broken(text, mark), mark)

    def _broken(self, text: str, mark: str) -> str:
        """`text` with a mark inside every special-token string, where `_pieces` cuts it in two.

        Half a surrogate pair, which JSON can carry and tokenizers 0.23 refuses with a TypeError, becomes "?".
        """
        text = text.encode("utf-8", "replace").decode()
        for token in self.control:
            text = text.replace(token, token[0] + mark + token[1:])
        return text

    def _pieces(self, text: str, mark: str) -> list[int]:
        pieces = [piece for piece in text.split(mark) if piece]
        return [i for piece in pieces for i in self.tokenizer(piece, add_special_tokens=False)["input_ids"]]

    def ids(self, system: str, dialogue: Sequence[Message], header: bool) -> list[int]:
        """Ids of a conversation, with or without the assistant header at its end."""
        mark = _unused_mark([system, *(m.text for m in dialogue)])
        chat = [{"role": m.role, "content": self._broken(m.text, mark)} for m in dialogue]
        system = self._broken(system, mark)
        if system and self.has_system:
            chat.insert(0, {"role": "system", "content": system})
        elif system:
            first = next(m for m in chat if m["role"] == "user")
            first["content"] = f"{system}\n\n{first['content']}"
        try:
            return self._pieces(self._render(chat, header), mark)
        except TemplateError as error:
            raise ImprintError(
                f"the model's chat template refused the conversation ({type(error).__name__})",
                "Check the order of its messages",
            ) from error

    def end_of_turn(self) -> set[int]:
        """The special token that the template writes right after an assistant's text, if there is one."""
        chat = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "xyzzy"}]
        after = self._render(chat, False).rpartition("xyzzy")[2].lstrip()
        added = self.tokenizer.added_tokens_decoder
        return {i for i, token in added.items() if token.special and after.startswith(token.content)}

    def prompt(self, messages: Sequence[Message], context: Context | None, window: int, reserve: int) -> Prompt:
        """The conversation in at most `window - reserve` positions, oldest messages cut first."""
        said = [m.text for m in messages if m.role == "system"]
        system = "\n\n".join(t for t in (*said, context.text if context else "") if t.strip())
        dialogue = [m for m in messages if m.role != "system"]
        if not any(m.role == "user" for m in dialogue):
            raise ImprintError("the conversation has no user message", "Add one")
        dropped, ids = self._fit(system, dialogue, window, reserve)
        kept = self._shaped(dialogue[dropped:])
        first = next(i for i, m in enumerate(kept) if m.role == "user")
        other = [*kept[:first], Message("user", _unlike(kept[first].text)), *kept[first + 1 :]]
        return Prompt(
            ids=tuple(ids),
            prefix_at=_common(ids, self.ids(system, other, header=True)),
            late_at=_common(ids, self.ids(system, kept, header=False)),
            dropped=dropped,
        )

    def _fit(self, system: str, dialogue: list[Message], window: int, reserve: int) -> tuple[int, list[int]]:
        """How many of the oldest messages must go, and the ids of the rest. Cuts only before a user's."""
        users = [i for i, m in enumerate(dialogue) if m.role == "user"]
        cuts = users if users[0] == 0 or self.alternates else [0, *users]
        needed = 0

        def fit(cut: int) -> list[int] | None:
            nonlocal needed
            ids = self.ids(system, self._shaped(dialogue[cut:]), header=True)
            needed = len(ids) + reserve
            return ids if needed <= window else None

        whole = fit(cuts[0])  # most conversations fit
        if whole is not None:
            return cuts[0], whole
        last = fit(cuts[-1])
        if last is None:
            raise ContextTooLong(
                f"context too long: the last message, its memory and the answer need {needed} positions,"
                f" the model takes {window}",
                "Shorten the message or ask for a shorter answer",
            )
        best, low, high = (cuts[-1], last), 1, len(cuts) - 1
        while low < high:
            middle = (low + high) // 2
            ids = fit(cuts[middle])
            if ids is None:
                low = middle + 1
            else:
                best, high = (cuts[middle], ids), middle
        return best

    def _shaped(self, dialogue: Sequence[Message]) -> list[Message]:
        """Neighbours of one role joined, for templates that demand user and assistant in turn."""
        if not self.alternates:
            return list(dialogue)
        joined: list[Message] = []
        for m in dialogue:
            if joined and joined[-1].role == m.role:
                joined[-1] = Message(m.role, f"{joined[-1].text}\n\n{m.text}")
            else:
                joined.append(m)
        return joined


def _unused_mark(texts: Sequence[str]) -> str:
    """A string of private-use characters that occurs in none of the texts."""
    marks = (f"\ue000{n}\ue001" for n in count())
    return next(mark for mark in marks if not any(mark in text for text in texts))


def _unlike(text: str) -> str:
    """A text whose first token differs from that of `text`."""
    return "0" if not text.lstrip().startswith("0") else "a"


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    """Length of the common prefix."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
