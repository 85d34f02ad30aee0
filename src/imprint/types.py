"""The plain nouns that cross a folder border. Importing this file loads no torch; tensors live in `tensors.py`."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Role = Literal["user", "assistant"]
QuestionKind = Literal["recall", "yes", "no", "about"]
MAX_TEXT = 100_000
"""Longest message accepted, in characters."""


class ImprintError(Exception):
    """Something the user can mend. `remedy` is the command or step that mends it; both are printed on one line."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}. {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class Turn:
    """One message of a conversation, as the ledger keeps it."""

    id: str
    """16 hex digits, derived from source, position, role, text and time: a message read twice has the same id."""
    user: str
    """Whose memory it belongs to."""
    role: Role
    """Only turns of role "user" write."""
    text: str
    time: str = ""
    """ISO 8601, UTC; empty when the source does not say."""
    source: str = ""
    """Where it was heard: "chat", or a conversation's id inside an ingested file."""


@dataclass(frozen=True)
class Fact:
    """One thing a user told about themselves, as the study understood it."""

    kind: str
    """A kind of the question bank ("name", "pet_name", "likes", ...), or "statement" for one kept whole."""
    about: str
    """What it is about, normalised and lower case ("dog", "coffee", "sister")."""
    value: str
    """The answer in the user's own words, second person ("Biscuit", "your sister Maja")."""
    turn: str
    """Id of the turn that said so. A later turn with the same (kind, about) supersedes an earlier one."""
    polarity: int = 1
    """+1 likes, has, does; -1 dislikes, avoids, no longer has."""
    sure: float = 1.0
    """How likely the reader holds it that kind and value are right, in hundredths."""


@dataclass(frozen=True)
class Question:
    """One row of study material."""

    text: str
    answer: str
    kind: QuestionKind
    turn: str
    """Id of the turn it was made from."""
    fact: int
    """Index into `Study.facts`; rows of one fact share one slot."""


@dataclass(frozen=True)
class Study:
    """What was understood from a user's turns, and the questions made of it. Deterministic given turns and seed."""

    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]
    turns: tuple[Turn, ...] = ()
    """The user's own turns it was made from: what a teacher reads and plain fine-tuning learns."""


@dataclass(frozen=True)
class Fingerprint:
    """Where a memory is valid: it may only be read by the same method, backbone, shared weights and encoder."""

    method: str
    method_version: int
    config: str
    """Hash of the method's resolved config."""
    backbone: str
    """Hash of the frozen model's weights."""
    encoder: str
    weights: str = ""
    """Hash of the shared weights; empty while a method has none."""


@runtime_checkable
class Progress(Protocol):
    """What long work reports to. A bar on a terminal, nothing in a test."""

    def start(self, what: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        ...

    def advance(self, done: int, note: str = "") -> None:
        """`done` steps of the stage are finished."""
        ...


@dataclass(frozen=True)
class Trace:
    """One slot that a question read."""

    fact: Fact
    weight: float
    """Share of the attention, 0 to 1."""


@dataclass(frozen=True)
class Why:
    """Why a memory spoke, or kept silent."""

    spoke: bool
    told: float
    """Likeness of the question to the nearest key of what was told; where the reader of the turns foresaw questions,
    the probability that one of these is asked."""
    null: float
    """Likeness to the nearest null key: something not told, or nothing about the user at all; or 1 - told."""
    nearest_null: str
    traces: tuple[Trace, ...]
    """Slots by weight, heaviest first."""


@dataclass(frozen=True)
class Effect:
    """What a reply owes to one slot."""

    slot: int
    """Place of the slot in the memory."""
    fact: Fact
    weight: float
    """Share of the attention, 0 to 1."""
    fall: float
    """By how much the log-probability of the reply falls when the slot is taken out of the memory, in nats."""


@dataclass(frozen=True)
class Effects:
    """What a reply owes to the slots of a memory, each taken out in turn."""

    reply: str
    """What the frozen model answers with the whole memory."""
    log_probability: float
    """Of the reply with the whole memory, in nats, summed over its tokens."""
    shut: float
    """By how much that falls when the gate is shut: the bare model."""
    slots: tuple[Effect, ...]
    """By weight, heaviest first."""

    @property
    def first(self) -> Effect | None:
        """The slot that the reply owes most to; None where it owes nothing to any of them."""
        best = max(self.slots, key=lambda each: each.fall, default=None)
        return best if best and best.fall > 0 else None
