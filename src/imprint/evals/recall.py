"""`recall`: how much of what a user told does a memory give back? Made-up users, or your own from a file."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from imprint.evals.benchmark import Benchmark
from imprint.evals.choice import choice_scores
from imprint.evals.items import Answers, Item, Loaded, Person, Scores
from imprint.evals.match import is_refusal, stands_in
from imprint.evals.people import make_people
from imprint.evals.people.people import MOST_FACTS
from imprint.evals.people.vocabulary import Part
from imprint.evals.recall_file import NEVER_TOLD, TOLD, read_people
from imprint.evals.rows import evenly
from imprint.types import ImprintError


@dataclass(frozen=True)
class RecallOptions:
    """What `--set` and the table [evals.recall] may change."""

    facts: int = 32
    """Facts and preferences a made-up user tells, 1 to 256; about half of each."""
    users: int = 2
    """Made-up users of each seed."""
    measured: int = 0
    """How many of the users are asked; 0: all. The others lend their memory to `other_user`."""
    questions: int = 0
    """Questions a user is asked about what they told, evenly over fact, preference and changed; 0: about everything."""
    part: Part = "test"
    """Made-up users to measure with, or users that share no value and no wording with them, to choose settings by."""

    def __post_init__(self) -> None:
        if not 1 <= self.facts <= MOST_FACTS:
            raise ValueError(f"facts is {self.facts}, expected 1 to {MOST_FACTS}")
        if self.users < 1:
            raise ValueError(f"users is {self.users}, expected 1 or more")
        if self.measured < 0:
            raise ValueError(f"measured is {self.measured}, expected 0 or more")
        if self.questions < 0:
            raise ValueError(f"questions is {self.questions}, expected 0 or more")


class Recall(Benchmark):
    """Users who tell facts among small talk, and are asked for them later in words nobody planned for."""

    name: ClassVar[str] = "recall"
    options_class: ClassVar[type] = RecallOptions
    headline: ClassVar[str] = "exact"
    licence: ClassVar[str] = "generated; your own file: yours"
    options: RecallOptions

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """The made-up users of `seed`, or those of the JSONL file `data`, whatever the seed."""
        if data is None:
            people = make_people(seed, self.options.users, self.options.facts, self.options.part)
        else:
            people = read_people(data)
        asked = self.options.measured or len(people)
        if asked > len(people):
            raise ImprintError(
                f"measured is {asked}, and there are {len(people)} users", "Set measured to fewer, or 0: all"
            )
        chosen = [
            self._asked(person, seed) if n < asked else replace(person, items=()) for n, person in enumerate(people)
        ]
        return Loaded(_limited(chosen, limit, f"recall-{seed}"), (data,) if data else (), self._note(data))

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """exact, and choice where options were asked, of what was told; refused and leaked of what was not; unchanged
        of what has nothing to do with the user."""
        if item.kind == NEVER_TOLD:
            leaked = stands_in(item.avoid, answers.reply)
            return {"refused": float(is_refusal(answers.reply)), "leaked": float(leaked)}
        if item.kind not in TOLD:
            return {"unchanged": float(answers.reply == bare.reply)}
        right = stands_in((item.answer, *item.accept), answers.reply) and not stands_in(item.avoid, answers.reply)
        scores = {"exact": float(right)}
        if answers.options:
            ways = choice_scores(item, answers, bare)
            scores |= {"choice": ways["joint"], "choice_normalised": ways["normalised"]}
        return scores

    def _asked(self, person: Person, seed: int) -> Person:
        """The person with `questions` of the told items, and all others."""
        told = [place for place, item in enumerate(person.items) if item.kind in TOLD]
        kept = evenly([person.items[place].kind for place in told], self.options.questions, f"{person.user}-{seed}")
        places = {told[place] for place in kept}
        items = [item for place, item in enumerate(person.items) if place in places or item.kind not in TOLD]
        return replace(person, items=tuple(items))

    def _note(self, data: Path | None) -> str:
        if data:
            return "people of the user's own file"
        return "made-up users of the training part" if self.options.part == "train" else ""


def _limited(people: list[Person], limit: int, seed: str) -> tuple[Person, ...]:
    """The people with at most `limit` items among them, evenly over kinds; a person left without one stays."""
    places = [(n, item) for n, person in enumerate(people) for item in person.items]
    kept = evenly([item.kind for _, item in places], limit, seed)
    found: list[list[Item]] = [[] for _ in people]
    for place in kept:
        n, item = places[place]
        found[n].append(item)
    return tuple(replace(person, items=tuple(items)) for person, items in zip(people, found, strict=True))
