"""Turns what a user tells into a conversation: messages of their own manner, small talk and short replies between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from imprint.evals.people.choose import Told
from imprint.evals.people.forms import capital, follow
from imprint.evals.people.vocabulary import PARTS, Part, read

MANNERS = {"tidy": 0.0, "mixed": 0.2, "casual": 0.6}
"""How a user writes, and the share of their messages that is all lower case."""


@dataclass(frozen=True)
class Message:
    """One message, and which topics it tells the value of that counts in the end."""

    role: str
    text: str
    topics: tuple[str, ...] = ()


class Writer:
    """Writes the conversation of one user."""

    def __init__(self, rng: Random, part: Part) -> None:
        self.rng = rng
        self.part: Part = part
        self.lower = MANNERS[rng.choice(list(MANNERS))]
        self.small: list[list[str]] = rng.sample(self._own("small"), len(self._own("small")))
        self.acks = self._cycle(self._own("acks"))
        self.change_acks = self._cycle(self._own("change_acks"))
        self.forms: dict[str, Iterator[str]] = {}

    def conversation(self, told: Sequence[Told]) -> list[Message]:
        """All messages in order. A change comes after what it changes, most often a good deal later."""
        rng = self.rng
        timed: list[tuple[float, list[Message]]] = []
        for group in self._groups(told):
            when = rng.uniform(0, 0.75)
            timed.append((when, self._telling(group)))
            timed += [(rng.uniform(max(when, 0.4) + 0.01, 1), self._change(one)) for one in group if one.old]
        timed += [(rng.uniform(0, 1), self._small_talk()) for _ in range(1 + len(told) // 4)]
        return [message for _, block in sorted(timed, key=lambda pair: pair[0]) for message in block]

    def _groups(self, told: Sequence[Told]) -> list[list[Told]]:
        """Most things are told alone, some two or three in one breath."""
        groups: list[list[Told]] = []
        left = list(told)
        while left:
            size = self.rng.choices((1, 2, 3), (0.72, 0.2, 0.08))[0]
            groups.append(left[:size])
            left = left[size:]
        return groups

    def _telling(self, group: list[Told]) -> list[Message]:
        rng = self.rng
        text = self._pick("openers") if len(group) == 1 and rng.random() < 0.2 else ""
        for one in group:
            form = self._form(one.topic.kind.name, one.topic.kind.told(self.part))
            if text and one is not group[0]:
                text = f"{_closed(text)}{self._pick('joiners')}"
            goes_on = bool(text) and not text.endswith(("! ", ". "))
            sentence = one.topic.fill(follow(form) if goes_on else form, one.old or one.value)
            text += sentence if goes_on or not text else capital(sentence)
        topics = tuple(one.topic.id for one in group if not one.old)
        if self.small and rng.random() < 0.15:
            ask, reply = self.small.pop()
            text = f"{_closed(text)}{self._pick('bridges')}{ask}"
        else:
            reply = next(self.acks)
        return [Message("user", self._manner(text), topics), Message("assistant", reply)]

    def _change(self, one: Told) -> list[Message]:
        form = self._form(f"{one.topic.kind.name} changed", one.topic.kind.changed(self.part))
        text = self._manner(one.topic.fill(form, one.value, one.old))
        return [Message("user", text, (one.topic.id,)), Message("assistant", next(self.change_acks))]

    def _small_talk(self) -> list[Message]:
        """A question about something else and its answer; a sum when those of the list are all used."""
        a, b = self.rng.randrange(12, 99), self.rng.randrange(3, 30)
        sums = ((f"What's {a} plus {b}?", a + b), (f"How much is {a} times {b}?", a * b), (f"{a} minus {b}?", a - b))
        ask, reply = self.small.pop() if self.small else self.rng.choice(sums)
        return [
            Message("user", self._manner(ask)),
            Message("assistant", reply if isinstance(reply, str) else f"{reply}."),
        ]

    def _manner(self, text: str) -> str:
        """Forms that begin in lower case stay as they are in a casual message and are mended in a tidy one."""
        if self.rng.random() < self.lower:
            text = text.lower().removesuffix(".")
            if text[-1] not in "?!" and self.rng.random() < 0.2:
                text += self._pick("tails")
            return text
        return text if self.lower else _closed(capital(text))

    def _form(self, name: str, every: Sequence[str]) -> str:
        """The next form of a kind: all of them in random order before one comes again."""
        if name not in self.forms:
            self.forms[name] = self._cycle(every)
        return next(self.forms[name])

    def _own(self, name: str) -> list[Any]:
        """The half of a list of talk.toml that is for users of this part."""
        return read("talk.toml")[name][PARTS.index(self.part) :: 2]

    def _cycle(self, every: Sequence[str]) -> Iterator[str]:
        """All of them in random order, again and again."""
        while True:
            yield from self.rng.sample(every, len(every))

    def _pick(self, name: str) -> str:
        return self.rng.choice(read("talk.toml")[name])


def _closed(text: str) -> str:
    """`text` with a mark at its end."""
    return text if text[-1:] in ".?!" or not text else f"{text}."
