"""What a pattern hands back, and what it may look at."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imprint.detect.clauses import Clause
from imprint.study.lexicon import ANIMALS, FEMALE, MALE
from imprint.study.spans import singular
from imprint.study.topics import category_by_words
from imprint.types import Fact


@dataclass(frozen=True)
class Found:
    """A fact before it knows its turn."""

    kind: str
    about: str
    value: str
    polarity: int = 1
    sure: float = 1.0


@dataclass
class People:
    """Who "she", "he" and "it" stand for: the last one named of each sort."""

    names: dict[str, str] = field(default_factory=dict)
    """Name, lower case -> relation or animal."""
    she: str = ""
    he: str = ""
    it: str = ""
    they: str = ""
    named_pets: set[str] = field(default_factory=set)
    """Animals that had a name before this turn: "we named her ..." is not about them."""

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "People":
        """As told so far: the latest told relative of each sort may be meant by a turn that opens with "She ..."."""
        people = cls()
        for fact in facts:
            if fact.kind in ("partner", "relative", "pet_name"):
                for name in re.split(r", | and ", fact.value):
                    people.names[name.lower()] = fact.about
            if fact.kind in ("partner", "relative", "relative_work", "relative_home", "pet_name"):
                people.mention(fact.about)
            elif fact.kind == "pet_kind" and singular(fact.value.split()[-1]) in ANIMALS:
                people.mention(singular(fact.value.split()[-1]))
        people.they = ""
        people.named_pets = {fact.about for fact in facts if fact.kind == "pet_name"}
        return people

    def only_names(self) -> None:
        """Forget who the pronouns stood for."""
        self.she = self.he = self.it = self.they = ""

    def mention(self, relation: str) -> None:
        """`relation` ("sister", "dog") was just spoken of."""
        if relation in FEMALE:
            self.she = relation
        elif relation in MALE:
            self.he = relation
        else:
            self.she = self.he = relation
        if relation in ANIMALS:
            self.it = relation
            self.named_pets.discard(relation)
        self.they = relation

    def relation_of(self, subject: str) -> str:
        """Relation a subject stands for ("she", "Ines", "my sister Ines"); "" when nobody the user told of."""
        low = subject.lower()
        if low in ("she", "he", "it", "they", "who"):
            return getattr(self, "they" if low == "who" else low)
        return self.names.get(low, "")


@dataclass(frozen=True)
class Scene:
    """One clause, and who was spoken of so far."""

    clause: Clause
    people: People
    before: Clause | None = None
    """The clause before it in the same turn: what "it" and "them" may stand for."""

    def category(self, value: str, verb: str = "") -> str:
        """food, drink, music, ...; "" when unknown."""
        return category_by_words(value, verb)


Reader = Callable[[Scene], list[Found]]


def one(kind: str, about: str, value: str, polarity: int = 1) -> list[Found]:
    """The fact, or none when its value is empty."""
    return [Found(kind, about, value, polarity)] if value else []


def first_of(readers: Sequence[Reader], scene: Scene) -> list[Found]:
    """What the first reader that finds something finds."""
    return next((found for read in readers if (found := read(scene))), [])
