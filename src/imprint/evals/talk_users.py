"""Composes users of `recall` from the corpus of natural talk: things told in people's own words, some changed later.

A user's turns come from one voice as far as it goes. No turn is used for a second user while one that fits is unused,
and no two users change the same thing in the same way.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from imprint.data.talk import Label, Said, Talk
from imprint.evals.match import stands_in
from imprint.evals.people.forms import bare, forms
from imprint.evals.recall_file import NEVER_TOLD
from imprint.study.extractor.abouts import same_about
from imprint.study.rewrite import second_person
from imprint.types import ImprintError

APART = 3
"""Other turns of the user between a thing and its change, at least."""
MANY = (
    *("likes_", "dislikes_", "access_need", "achievement", "allergy", "avoid_food", "cannot", "cause", "club"),
    *("collection", "cooking", "degree", "driving", "fear", "goal", "health", "hobby", "home_detail", "language"),
    *("learning", "life_event", "medication", "memory_event", "nationality", "past_job", "pet_need", "relative_need"),
    *("reply_style", "skill", "sport", "visited", "volunteering"),
)
"""How kinds begin of which several things are true at once: a second one does not end the first."""
GROWS = ("age", "relative_age")
"""Kinds whose new value must fit the old one; no sixteen-year-old turns thirty-eight."""
YES_OR_NO = ("alcohol", "children_count", "driving", "marital", "religion", "smoking")
"""Kinds of which all values of polarity -1 say the same: no."""
KIN = (
    ("pet_kind", "pet_name", "pet_breed", "pet_need", "likes_animal"),
    ("partner", "marital", "anniversary", "household", "children_count"),
    ("relative", "relative_work", "relative_home", "relative_age", "relative_need", "children_count", "household"),
    ("home", "dwelling", "home_detail", "origin", "nationality", "language", "commute", "neighbour"),
    ("work", "employer", "workplace_detail", "work_hours", "boss", "commute", "past_job", "skill"),
    ("wake_time", "bed_time", "sleep", "rhythm", "work_hours"),
    ("age", "birthday", "studies", "school", "degree", "learning"),
    ("allergy", "diet", "avoid_food", "likes_food", "cooking", "breakfast", "health", "medication"),
    ("health", "access_need", "cannot", "driving"),
    ("alcohol", "drink_habit", "likes_drink", "breakfast"),
    ("hobby", "sport", "likes_sport", "likes_activity", "club", "learning", "skill", "habit", "collection"),
    ("weekly", "weekend", "evening", "club", "volunteering", "habit"),
    ("plan_trip", "plan_trip_time", "travel_style", "visited", "likes_place"),
    ("plan_event", "plan_event_time", "deadline"),
    ("vehicle", "driving", "commute"),
    ("phone", "computer", "app", "contact"),
    ("name", "nickname"),
    ("cause", "volunteering", "religion"),
    ("goal", "learning", "deadline"),
    ("life_event", "memory_event", "achievement", "marital", "home"),
)
"""Kinds that often give each other away: what the vet said of a collie tells that there is a dog."""


@dataclass(frozen=True)
class Wanted:
    """What is to be composed."""

    part: Literal["train", "dev", "test"]
    users: int
    facts: int
    """Things a user tells."""
    changed: int
    """Of these, things that are told anew."""
    seed: int
    questions: int = 1
    """Questions about each thing, 1 to 3."""
    never_told: int = 6
    """Questions about things a user did not tell."""

    def __post_init__(self) -> None:
        if self.users < 1 or self.facts < 1 or min(self.changed, self.never_told) < 0 or not 1 <= self.questions <= 3:
            problem = "users and facts must be 1 or more, questions 1 to 3, changed and never told 0 or more"
            raise ImprintError(problem, "Choose other numbers")
        if self.changed > self.facts:
            raise ImprintError(f"changed is {self.changed}, more than the {self.facts} facts", "Ask for fewer changes")


@dataclass(frozen=True)
class Telling:
    """A turn that tells something."""

    said: Said
    label: Label
    values: tuple[str, ...]
    """What answers its questions: the label's value, and the second reader's where it is another one."""
    plain: tuple[str, ...]
    """The values in lower case, with and without an article."""
    fillings: tuple[tuple[str, str], ...]
    """Every (topic, about) it may be understood as; liking and disliking are one topic."""

    @classmethod
    def of(cls, said: Said, label: Label) -> "Telling":
        """The turn with what is compared again and again worked out once."""
        values = tuple(dict.fromkeys(filter(None, (label.value, label.second))))
        plain = tuple(dict.fromkeys(form for value in values for form in (value.lower(), bare(value.lower()))))
        kinds = ((label.kind, label.about), *label.also)
        return cls(said, label, values, plain, tuple((_topic(kind), about) for kind, about in kinds))


Change = tuple[Telling, Telling]
"""The turn that tells a thing and the one that tells it anew."""


def compose(
    talk: Talk,
    part: Literal["train", "dev", "test"],
    users: int,
    facts: int,
    changed: int,
    seed: int,
    questions: int = 1,
    never_told: int = 6,
) -> list[dict[str, Any]]:
    """`users` rows in the format of `recall_file`, the same for the same seed. ImprintError where the part has not
    enough turns for them."""
    return _Composer(talk, Wanted(part, users, facts, changed, seed, questions, never_told)).rows()


def _accepted(values: Sequence[str]) -> list[str]:
    """The values in every form that counts as the same answer; a reply says "your" where the user said "my"."""
    said = [form for value in values for form in (value, second_person(value))]
    return list(dict.fromkeys(form for value in said for form in (value, *forms(value))))


def alike(left: Telling, right: Telling) -> bool:
    """A value of one stands in a value of the other, or both say no: they can not be told apart."""
    if any(_either_in(a, b) for a in left.plain for b in right.plain):
        return True
    kinds = (left.label.kind, right.label.kind)
    return kinds[0] == kinds[1] and kinds[0] in YES_OR_NO and left.label.polarity == right.label.polarity == -1


def confusable(left: Telling, right: Telling) -> bool:
    """A question about one may be understood as about the other."""
    return any(
        topic == other and (not about or not filler or same_about(about, filler))
        for topic, about in left.fillings
        for other, filler in right.fillings
    )


def replaces(new: Telling, old: Telling) -> bool:
    """`new` changes what `old` told, which is then no longer so."""
    kind = new.label.kind
    if not new.label.changes or old.label.changes or old.label.kind != kind or kind.startswith(MANY) or kind in GROWS:
        return False
    return same_about(new.label.about, old.label.about) and not alike(new, old)


def _either_in(a: str, b: str) -> bool:
    """Whole words of one are the other. Whether letters of it are is asked first: most values share none."""
    return (a in b and stands_in((a,), b)) or (b in a and stands_in((b,), a))


def _words(one: Telling) -> set[str]:
    """The longer words of its values, so that two which share some may be told apart from two which share none."""
    return {word.rstrip("s") for value in one.plain for word in value.split() if len(word) > 3}


def _topic(kind: str) -> str:
    return kind.removeprefix("dis") if kind.startswith("dislikes_") else kind


def _kin(kind: str) -> set[str]:
    """The kind's topic and those it is akin to."""
    topic = _topic(kind)
    return {topic}.union(*(group for group in KIN if topic in group))


def _sort(kind: str) -> str:
    taste = kind.startswith(("likes_", "dislikes_")) or kind in ("prefers", "favourite")
    return "preference" if taste else "fact"


def _fits(one: Telling, told: Iterable[Telling]) -> bool:
    return not any(confusable(one, other) or alike(one, other) for other in told)


class _Composer:
    """Which turns there are, and how often each was used so far. The seed's shuffle decides between equals."""

    def __init__(self, talk: Talk, wanted: Wanted) -> None:
        self.rng = Random(f"talk-{wanted.part}-{wanted.seed}")
        self.wanted = wanted
        said = talk.part(wanted.part)
        said = self.rng.sample(said, len(said))
        self.register = {name: voice.register for name, voice in talk.voices.items()}
        self.telling = [Telling.of(one, one.told) for one in said if one.told]
        self.quiet = [one for one in said if one.told is None]
        self.kinds: dict[str, list[Telling]] = {}
        for one in self.telling:
            self.kinds.setdefault(one.label.kind, []).append(one)
        pairs = ((old, new) for group in self.kinds.values() for new in group for old in group)
        self.changes: list[Change] = [(old, new) for old, new in pairs if replaces(new, old)]
        self.used: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()

    def rows(self) -> list[dict[str, Any]]:
        """One row a user. Changes are dealt first, because they are scarce."""
        voices: list[str] = []
        dealt: list[list[Change]] = []
        for number in range(self.wanted.users):
            voices.append(self.voice(Counter(voices), number))
            dealt.append(self.deal_changes(voices[-1], number))
        return [self.row(n, voice, changes) for n, (voice, changes) in enumerate(zip(voices, dealt, strict=True))]

    def voice(self, had: Counter[str], made: int) -> str:
        """The voice of the next user: one that still has changes of its own, of these the one with the fewest users."""
        free = Counter({new.said.id: new.said.voice for _, new in self.changes if not self.used[new.said.id]}.values())
        voices = dict.fromkeys(one.said.voice for one in self.telling)
        if not voices:
            raise self.short(made)
        return max(voices, key=lambda voice: (min(free[voice], self.wanted.changed), -had[voice]))

    def deal_changes(self, voice: str, made: int) -> list[Change]:
        """Changes for a user; no other user gets the same."""

        def order(change: Change) -> tuple[Any, ...]:
            old, new = (one.said for one in change)
            apart = (old.voice != new.voice, self.register[old.voice] != self.register[new.voice])
            return self.used[new.id], new.voice != voice, self.used[old.id], *apart

        found: list[Change] = []
        for old, new in sorted(self.changes, key=order):
            told = [one for change in found for one in change]
            if len(found) < self.wanted.changed and _fits(old, told) and _fits(new, told):
                found.append((old, new))
        if len(found) < self.wanted.changed:
            raise self.short(made)
        self.changes = [change for change in self.changes if change not in found]
        self.used.update(one.said.id for change in found for one in change)
        return found

    def row(self, number: int, voice: str, changes: Sequence[Change]) -> dict[str, Any]:
        """One user: what is told, between what else is said, and what is asked."""
        told = [one for change in changes for one in change]
        single = [one for one in self.telling if not one.label.changes]
        for one in sorted(single, key=lambda one: (self.used[one.said.id], one.said.voice != voice)):
            if len(told) == self.wanted.facts + self.wanted.changed:
                break
            if _fits(one, told):
                told.append(one)
        singles = told[2 * len(changes) :]
        self.used.update(one.said.id for one in singles)
        count = max(len(told), APART)
        quiet = sorted(self.quiet, key=lambda one: (self.used[one.id], one.voice != voice))[:count]
        self.used.update(one.id for one in quiet)
        if len(told) < self.wanted.facts + self.wanted.changed or changes and len(singles) + len(quiet) < APART:
            raise self.short(number)
        turns, places = _turns(self.ordered([*(one.said for one in singles), *quiet], changes))
        asked = [question for one in singles for question in self.questions(one, None, told, places, number)]
        for old, new in changes:
            asked += self.questions(new, old, told, places, number)
        self.rng.shuffle(asked)
        asked += self.never_told(voice, told, [turn["text"] for turn in turns], number)
        return {"user": f"talk-{self.wanted.part}-{self.wanted.seed}-{number}", "turns": turns, "questions": asked}

    def ordered(self, others: list[Said], changes: Sequence[Change]) -> list[Said]:
        """All turns in random order, a change after its thing with APART turns between, or more."""
        found = self.rng.sample(others, len(others))
        for old, _ in changes:
            found.insert(self.rng.randint(0, len(found) - APART), old.said)
        for old, new in changes:
            found.insert(self.rng.randint(found.index(old.said) + APART + 1, len(found)), new.said)
        return found

    def questions(
        self, one: Telling, old: Telling | None, told: Sequence[Telling], places: dict[str, int], made: int
    ) -> list[dict[str, Any]]:
        """Some of the label's questions about what `one` told, or changed where there is an `old`."""
        wrong = old or self.distractor(one, told)
        if wrong is None:
            raise self.short(made)
        return [
            {
                "question": question,
                "answer": one.label.value,
                "accept": _accepted(one.values),
                "distractor": wrong.label.value,
                "kind": "changed" if old else _sort(one.label.kind),
                "turn": places[one.said.id],
            }
            for question in self.rng.sample(one.label.questions, self.wanted.questions)
        ]

    def distractor(self, one: Telling, told: Sequence[Telling]) -> Telling | None:
        """A turn whose value answers wrongly, of the same kind where there is one; the user told nothing like it."""
        kind, kin, words = one.label.kind, _kin(one.label.kind), _words(one)
        akin = [other for name, group in self.kinds.items() if name != kind and _topic(name) in kin for other in group]

        def order(other: Telling) -> tuple[bool, bool]:
            """Polar diaries are no wrong answer to polar expeditions."""
            elsewhere = other.label.kind == kind and not same_about(other.label.about, one.label.about)
            return elsewhere, not words.isdisjoint(_words(other))

        for pool in (self.kinds[kind], akin, self.telling):
            for other in sorted(self.rng.sample(pool, len(pool)), key=order):
                if not any(alike(other, each) for each in told):
                    return other
        return None

    def never_told(self, voice: str, told: Sequence[Telling], texts: Sequence[str], made: int) -> list[dict[str, Any]]:
        """Questions about kinds of which the user told nothing, nor anything that gives it away."""
        known = {"about"}.union(*(_kin(topic) for one in told for topic, _ in one.fillings))
        found: list[dict[str, Any]] = []
        order = sorted(self.telling, key=lambda one: (self.asked[one.said.id], one.said.voice != voice))
        for one in order:
            topics = {topic for topic, _ in one.fillings}
            if len(found) == self.wanted.never_told or one.label.changes or topics & known:
                continue
            if not any(stands_in(one.values, text) for text in texts):
                known |= topics
                self.asked[one.said.id] += 1
                found.append({"question": self.rng.choice(one.label.questions), "kind": NEVER_TOLD})
        if len(found) < self.wanted.never_told:
            raise self.short(made)
        return found

    def short(self, made: int) -> ImprintError:
        """The error of a part in which too little is said."""
        each = f"who tell {self.wanted.facts} things and change {self.wanted.changed}"
        problem = f"the part {self.wanted.part} has turns for {made} users {each}, not for {self.wanted.users}"
        fewer = f"Ask for {made} users or fewer" if made else "Ask for fewer things told, changed and never told"
        return ImprintError(problem, f"{fewer}, or take another part: train has the most turns")


def _turns(said: Iterable[Said]) -> tuple[list[dict[str, str]], dict[str, int]]:
    """The turns, an assistant's line before each that follows one, and the place of each by its id."""
    turns: list[dict[str, str]] = []
    places: dict[str, int] = {}
    for one in said:
        if one.before:
            turns.append({"role": "assistant", "text": one.before})
        places[one.id] = len(turns)
        turns.append({"role": "user", "text": one.text})
    return turns, places
