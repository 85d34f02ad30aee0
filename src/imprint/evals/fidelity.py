"""`fidelity`: how much of what the same model knows when it reads the text does a memory recover? (METHODS 6)

F = 1 - sum KL(reading || with memory) / sum KL(reading || without), sums over the answer tokens of held-out
questions, full vocabulary. 1 equals reading the text, 0 no memory, below 0 is harmful.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from imprint.evals.benchmark import Benchmark
from imprint.evals.items import Answers, Item, Loaded, Scores
from imprint.evals.recall import Recall, RecallOptions

LEAST_KL = 0.05
"""Nats a token: where reading changes less than this, there is nothing to recover and the item is dropped."""


@dataclass(frozen=True)
class FidelityOptions:
    """Table [evals.fidelity]."""

    facts: int = 32
    """Told by each person, as in `recall`."""
    users: int = 2
    measured: int = 1
    """Of the users, how many are asked; the others lend their memory to `other_user`."""

    def __post_init__(self) -> None:
        self.recall()

    def recall(self) -> RecallOptions:
        """The options of `recall` that make the same people; its rules are the rules here."""
        return RecallOptions(facts=self.facts, users=self.users, measured=self.measured)


class Fidelity(Benchmark):
    """The people and questions of `recall`, each answer teacher-forced instead of generated."""

    name: ClassVar[str] = "fidelity"
    options_class: ClassVar[type] = FidelityOptions
    headline: ClassVar[str] = "fidelity"
    licence: ClassVar[str] = "generated"
    options: FidelityOptions

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """The told questions of recall's people: on things never told, reading has nothing to give."""
        loaded = Recall(self.options.recall()).load(data, seed, 0)
        people, left = [], limit
        for person in loaded.people:
            told = [item for item in person.items if item.kind in ("fact", "preference", "changed")]
            kept = told[:left] if limit else told
            left -= len(kept)
            people.append(replace(person, items=tuple(map(_taught, kept))))
        return replace(loaded, people=tuple(people))

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """kl and kl_none in nats a token, exact and exact_reading under teacher forcing; an item may be dropped."""
        if not answers.measured or not bare.measured:
            return {}
        tokens, without = answers.measured["tokens"], bare.measured["kl"]
        shared = {"exact": answers.measured["exact"], "exact_reading": answers.measured["exact_reading"]}
        if without / tokens < LEAST_KL:
            return {"dropped": 1.0, **shared}
        both = {"kl": answers.measured["kl"] / tokens, "kl_none": without / tokens, "tokens": tokens}
        return {"dropped": 0.0, "fidelity": 1 - answers.measured["kl"] / without, **both, **shared}

    def parts(self, name: str, scores: Scores) -> tuple[float, float]:
        """The fidelity of many items is a ratio of sums, not a mean of ratios."""
        if name != "fidelity":
            return scores[name], 1.0
        without = scores["kl_none"] * scores["tokens"]
        return without - scores["kl"] * scores["tokens"], without


def _taught(item: Item) -> Item:
    return Item(item.id, item.question, item.kind, item.answer, evidence=item.evidence, teach=item.answer)
