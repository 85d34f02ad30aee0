"""PrefEval (Zhao et al., 2025, arXiv 2502.09597): a preference, filler turns, and a question it bears on."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from imprint.data import turn_id
from imprint.evals.benchmark import Benchmark
from imprint.evals.choice import choice_scores, lettered, rotations
from imprint.evals.items import Answers, Item, Loaded, Person, Scores
from imprint.evals.prefeval_files import (
    Form,
    Messages,
    Preference,
    check_folder,
    filler_file,
    find_topics,
    read_filler,
    read_topic,
    topic_files,
)
from imprint.evals.rows import evenly
from imprint.types import ImprintError, Turn

if TYPE_CHECKING:
    from imprint.evals.judge import Judge

PUBLISHED_TOPICS = 20
REPLY_TOKENS = 300
"""Longest reply of the published generation task."""
CHOICE_TOKENS = 16
"""Longest generated choice. The published 5 begin after a `<choice>` that was put into the model's mouth."""
_INSTRUCTION = "Which one suits me best? Answer with its letter alone: A, B, C or D."
_TAGGED = "Which one suits me best? Answer with its letter alone, in this form: <choice>B</choice>"
# The published parse takes the first tag and the first capital in it.
_CHOICE = re.compile(r"<choice\b[^>]*>([^<]*)", re.IGNORECASE)


@dataclass(frozen=True)
class PrefEvalOptions:
    """What `--set` and the table `[evals.prefeval]` may change."""

    form: Form = "explicit"
    """How a preference is told: in a sentence; by choosing among offers; in passing, in a talk with a persona."""
    distractors: int = 0
    """Pairs of filler messages between what was told and the question; published: 0, 3, 5, 10, ... 300."""
    per_user: int = 1
    """Preferences one user tells, each of another topic; published: 1."""
    topics: tuple[str, ...] = ()
    """Only these; empty: all."""
    letters: bool = True
    """Ask by letter too."""
    rotate: bool = False
    """Ask by letter in all four rotations: measures what the order does."""
    generate: bool = False
    """Generate a reply too, for a judge."""
    choose: bool = False
    """Generate a letter too, and read it out of its tag as published."""

    def __post_init__(self) -> None:
        if self.distractors < 0:
            raise ValueError(f"distractors is {self.distractors}, expected 0 or more")
        if self.per_user < 1:
            raise ValueError(f"per_user is {self.per_user}, expected 1 or more")
        if len(set(self.topics)) < len(self.topics):
            raise ValueError("topics names one twice")
        if self.rotate and not self.letters:
            raise ValueError("rotate needs letters")
        if self.generate and self.choose:
            raise ValueError("generate and choose exclude each other: an item has one reply")


class PrefEval(Benchmark):
    """Four options of which one respects the preference; or a free reply that a judge checks."""

    name = "prefeval"
    options_class = PrefEvalOptions
    headline = "normalised"
    licence = "CC BY-NC 4.0"
    options: PrefEvalOptions

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """One person for every `per_user` items; the last ones tell fewer where topics run out."""
        form = self.options.form
        folder = check_folder(data)
        topics = self._topics(folder)
        pool = [item for topic in topics for item in read_topic(folder, form, topic)]
        before = read_filler(folder, self.options.distractors)
        seed_text = f"{self.name}-{seed}"
        chosen = [pool[place] for place in evenly([item.topic for item in pool], limit, seed_text)]
        groups = _groups(chosen, self.options.per_user, random.Random(seed_text))
        people = tuple(self._person(f"user-{n:04d}", group, before) for n, group in enumerate(groups, 1))
        files = tuple(chain.from_iterable(topic_files(folder, form, topic) for topic in topics))
        return Loaded(people, files + ((filler_file(folder),) if before else ()), self._note(len(topics)))

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """`choice_scores`; "extracted": 1 where the generated letter is the right one, of none 0; of a free reply
        "reply_words" and what a judge found."""
        scores = choice_scores(item, answers, bare)
        if self.options.choose:
            scores["extracted"] = float(parse_choice(answers.reply) == "ABCD"[item.right])
        if self.options.generate:
            scores |= {"reply_words": float(len(answers.reply.split())), **(answers.measured or {})}
        return scores

    def judged(self, item: Item, answers: Answers, judge: "Judge") -> dict[str, float] | None:
        """The published checks of a free reply."""
        return judge.check(item.question, item.preference, answers.reply) if self.options.generate else None

    def _topics(self, folder: Path) -> tuple[str, ...]:
        found = find_topics(folder, self.options.form)
        if unknown := [topic for topic in self.options.topics if topic not in found]:
            raise ImprintError(f"{folder} has no topic {unknown[0]!r}", f"Topics: {', '.join(found)}")
        topics = self.options.topics or found
        if self.options.per_user > len(topics):
            problem = f"per_user is {self.options.per_user}, but there are {len(topics)} topics"
            raise ImprintError(problem, "A user tells at most one preference of each: set it lower")
        return topics

    def _person(self, user: str, group: Sequence[Preference], before: Messages) -> Person:
        turns: list[Turn] = []
        items = []
        for preference in group:
            told = self._told(user, preference)
            turns += told
            items.append(self._item(preference, told, before))
        return Person(user, tuple(turns), tuple(items))

    def _told(self, user: str, preference: Preference) -> list[Turn]:
        source = f"{self.name}-{self.options.form}-{preference.topic}-{preference.place}"
        return [
            Turn(turn_id(source, position, role, text, ""), user, role, text, "", source)
            for position, (role, text) in enumerate(preference.told)
        ]

    def _item(self, preference: Preference, told: Sequence[Turn], before: Messages) -> Item:
        name = f"{preference.topic}-{preference.place}"
        # The item's own seed: neither the form, nor the run's seed, nor its neighbours change the order.
        order = random.Random(f"{self.name}-options-{name}").sample(range(4), 4)
        options = tuple(preference.options[i] for i in order)
        tagged = lettered(preference.question, options, rotations(4)[:1], _TAGGED)
        return Item(
            id=name,
            question=preference.question,
            kind=preference.topic,
            new_tokens=self._new_tokens(),
            options=options,
            right=order.index(0),
            lettered=lettered(preference.question, options, self._orders(), _INSTRUCTION),
            evidence=tuple(turn.id for turn in told if turn.role == "user"),
            before=before,
            preference=preference.text,
            ask=tagged[0].text if self.options.choose else "",
        )

    def _new_tokens(self) -> int:
        if self.options.choose:
            return CHOICE_TOKENS
        return REPLY_TOKENS if self.options.generate else 0

    def _orders(self) -> tuple[tuple[int, ...], ...]:
        if not self.options.letters:
            return ()
        return rotations(4) if self.options.rotate else rotations(4)[:1]

    def _note(self, topics: int) -> str:
        parts = ["options and letters are compared by likelihood, published: a letter is generated (extracted)"]
        if self.options.form == "explicit":
            parts.append("what is told is the user's turn alone, published: with the model's own reply to it")
        if topics < PUBLISHED_TOPICS:
            parts.append(f"{topics} of {PUBLISHED_TOPICS} published topics")
        if self.options.per_user > 1:
            parts.append(f"a user tells {self.options.per_user} preferences, published: 1")
        if self.options.distractors:
            parts.append(f"{self.options.distractors} pairs of filler turns stand before the question, in no memory")
        if self.options.generate:
            parts.append("replies are judged by the four published checks in our own words, or not at all")
        return "; ".join(parts)


def parse_choice(text: str) -> str | None:
    """The letter of a generated `<choice>B</choice>`; None where there is none [code: PrefEval utils/utils_mcq.py].

    The first tag counts, and the first capital A to D in it; the end tag may be missing. A reply that goes on after a
    `<choice>` given to the model needs that put back before it.
    """
    tag = _CHOICE.search(text)
    letter = re.search("[ABCD]", tag[1]) if tag else None
    return letter[0] if letter else None


def _groups(items: Sequence[Preference], size: int, draw: random.Random) -> Iterator[list[Preference]]:
    """`items` in groups of `size` different topics, each time those with most items left, so that few groups are
    smaller; which go together is drawn."""
    left: dict[str, list[Preference]] = {}
    for item in draw.sample(items, len(items)):
        left.setdefault(item.topic, []).append(item)
    while left:
        fullest = sorted(left, key=lambda topic: -len(left[topic]))[:size]
        yield [left[topic].pop(0) for topic in fullest]
        left = {topic: more for topic, more in left.items() if more}
