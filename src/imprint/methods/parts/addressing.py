"""Which slot does a question mean, and is it about the user at all? Keys by sentence encoder, null keys for the rest.

METHODS 5.2 (our own idea, measured there): MiniLM keys find the slot better than the frozen model's own states, and
keys for every kind of fact the user did NOT tell, plus general instructions, keep the memory out of unrelated answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from imprint.tensors import Memory
from imprint.types import Fact

ASK, STATEMENT, YES, NO = range(4)
"""Uses of a key: a wording of the question, the statement itself, a yes question, a no question."""
FORESEEN = "foreseen"
"""Tensor [n, f]: for each fact, the questions that the reader foresaw when it read its turn (`Reader.foresee`)."""


@dataclass(frozen=True)
class GateConfig:
    """When the memory speaks. Cosines of unit sentence vectors."""

    margin: float = 0.0
    """How much nearer the nearest told key must be than the nearest null key."""
    floor: float = 0.3
    """Least likeness of the nearest told key."""
    statement_bonus: float = 0.35
    """Added to the likeness of question and statement, which is lower than that of two questions."""
    personal: float = 0.05
    """The bonus counts only for a question that is this much nearer to some wording about a user than to any
    general instruction: "What is the capital of France?" gets none."""
    sharpness: float = 400.0
    """Factor on the slot scores before the softmax over slots (beta of METHODS 5.1)."""
    probable: float = 0.5
    """With a reader that foresees questions: least probability that something told is asked for."""
    wording: bool = True
    """With a reader that foresees questions: whether a message's wording counts beside what it may ask for."""
    decided: float = 4.0
    """With a reader that foresees questions: factor on its logits before the softmax over slots."""

    def __post_init__(self) -> None:
        for name in ("sharpness", "decided"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected more than 0")


@dataclass(frozen=True)
class Keys:
    """The addresses of one memory."""

    vectors: Float[Tensor, "w e"]
    fact: Int[Tensor, " w"]
    """Which fact a key belongs to."""
    use: Int[Tensor, " w"]
    """ASK, STATEMENT, YES or NO. A YES or NO key addresses the slot of that answer, not the fact's own."""

    def moved(self, kept: Sequence[int]) -> "Keys":
        """The keys of the facts that stay: `kept[i]` is the old number of fact i, or -1 for a new one."""
        place = {old: new for new, old in enumerate(kept) if old >= 0}
        rows = [i for i, fact in enumerate(self.fact.tolist()) if fact in place]
        fact = torch.tensor([place[int(self.fact[i])] for i in rows], dtype=torch.int64)
        return Keys(self.vectors[rows], fact, self.use[rows])

    def joined(self, other: "Keys") -> "Keys":
        """These keys and `other`, in the order of their facts, so that the order of writing leaves no trace."""
        fact = torch.cat([self.fact, other.fact])
        order = torch.argsort(fact, stable=True)
        vectors, use = torch.cat([self.vectors, other.vectors]), torch.cat([self.use, other.use])
        return Keys(vectors[order], fact[order], use[order])


def facts_of(memory: Memory) -> tuple[Fact, ...]:
    """What was understood from which turn: the provenance of the slots, in slot order. It never enters the model."""
    return tuple(Fact(**fact) for fact in memory.meta.get("facts", []))


def slot_scores(
    queries: Float[Tensor, "b e"], keys: Keys, facts: int, gate: GateConfig, personal: bool = True
) -> Float[Tensor, "b n"]:
    """Likeness of each query to each slot: the best of its keys. Slots: the facts, then Yes, then No (n = facts + 2).

    personal: whether the queries are about the user at all, so that statements get their bonus.
    """
    bonus = torch.where(keys.use == STATEMENT, gate.statement_bonus if personal else 0.0, 0.0)
    likeness = queries @ keys.vectors.float().T + bonus
    slot = torch.where(keys.use == YES, facts, torch.where(keys.use == NO, facts + 1, keys.fact))
    scores = torch.full((queries.shape[0], facts + 2), -1.0)
    return scores.scatter_reduce(1, slot.expand_as(likeness), likeness, "amax")


def attention(scores: Float[Tensor, "b n"], gate: GateConfig) -> Float[Tensor, "b n"]:
    """a = softmax(beta * score) over the slots (METHODS 5.1)."""
    return (gate.sharpness * scores).softmax(-1)
