"""What a benchmark asks and what comes back. Importing this file loads no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imprint.types import Role, Turn


@dataclass(frozen=True)
class Item:
    """One question, put to every arm in the same words."""

    id: str
    """Unique within a person."""
    question: str
    """The last user turn. No arm's memory has seen it."""
    kind: str
    """The benchmark's own type: "temporal", "never_told", ..."""
    answer: str = ""
    """The gold answer; empty where there is none."""
    accept: tuple[str, ...] = ()
    """Other forms that count as right."""
    new_tokens: int = 0
    """Longest generated reply; 0: nothing is generated."""
    options: tuple[str, ...] = ()
    """Full texts whose likelihood as the assistant's reply is compared; in an order fixed by the item's own seed."""
    right: int = -1
    """Index into `options` of the right one, also where they are only asked by letter."""
    lettered: tuple["Lettered", ...] = ()
    """The same choice asked by letter, once an order of the options; the first is the order of `options`."""
    evidence: tuple[str, ...] = ()
    """Ids of the turns that hold the answer: what `oracle_text` reads."""
    before: tuple[tuple[Role, str], ...] = ()
    """(role, text) of the messages between what was told and the question. They enter no memory."""
    system: str = ""
    """The benchmark's instruction, in the system message of every arm."""
    teach: str = ""
    """An answer that is teacher-forced: how far is the arm from the same model reading what was told (fidelity)?"""
    avoid: tuple[str, ...] = ()
    """Values that a right reply does not hold: the old value of a changed fact, what else was told."""
    preference: str = ""
    """What the person prefers, in words: for a judge of the reply. No arm reads it."""
    ask: str = ""
    """The user turn a reply is generated from, where it differs from `question`."""


@dataclass(frozen=True)
class Lettered:
    """One prompt that shows the options with letters."""

    text: str
    """The user turn, question and options included."""
    letters: tuple[str, ...]
    """What the assistant may reply: ("A", "B", "C", "D") or ("(a)", ...)."""
    order: tuple[int, ...]
    """order[i]: index into `Item.options` of the option shown at place i."""


@dataclass(frozen=True)
class Person:
    """One user: what they told, which enters a memory by hear and sleep alone, and what is asked later."""

    user: str
    turns: tuple[Turn, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Loaded:
    """A benchmark's people for one seed."""

    people: tuple[Person, ...]
    files: tuple[Path, ...] = ()
    """The files that were read: their sha256 goes into the result."""
    note: str = ""
    """What differs from the published protocol; printed under every table made of it."""


@dataclass(frozen=True)
class Likelihood:
    """log p of one text as the assistant's reply."""

    total: float
    """Sum over its tokens, nats."""
    tokens: int


@dataclass(frozen=True)
class Answers:
    """What one arm made of one item."""

    reply: str = ""
    options: tuple[Likelihood, ...] = ()
    letters: tuple[tuple[float, ...], ...] = ()
    """log p of each letter, once a `Lettered`, in the order shown."""
    measured: Mapping[str, float] | None = None
    """Of `Item.teach`: "kl", KL(reading || arm) summed over its tokens, in nats, full vocabulary; "tokens"; "exact",
    1.0 where every token was the arg-max; "exact_reading", the same of the model that reads."""


Scores = dict[str, float]
"""Named scores of one item; a score that does not apply to it is absent."""
