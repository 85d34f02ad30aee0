"""Which topics a made-up user has something to tell about, which of them change, and what the values are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from imprint.evals.people.kinds import Kind, Topic, kinds
from imprint.evals.people.vocabulary import PARTS, Part

_SPARE = 1
"""How many values of a topic stay untold, so that there is always a wrong answer of the same kind."""
_LARGE = 20
"""A kind with more topics than this always has something told; it is never kept for what is not told."""


@dataclass(frozen=True)
class Told:
    """One thing a user tells."""

    topic: Topic
    value: str
    """What is true at the end."""
    old: str = ""
    """What was told first, where it changed."""


@dataclass
class Draw:
    """Draws values so that no user has one value twice, whatever it stands for."""

    rng: Random
    used: set[str] = field(default_factory=set)
    """In lower case, all names of a value."""

    def free(self, values: Iterable[str]) -> list[str]:
        """The values not drawn so far."""
        return [value for value in values if self.used.isdisjoint(value.lower().split("|"))]

    def take(self, values: Iterable[str], spare: int = _SPARE) -> str:
        """A fresh value; empty when not more than `spare` are left."""
        free = self.free(values)
        if len(free) <= spare:
            return ""
        value = self.rng.choice(free)
        self.used.update(value.lower().split("|"))
        return value


@dataclass(frozen=True)
class Choice:
    """What one user tells, and what they might have told but did not."""

    told: tuple[Told, ...]
    untold: tuple[Topic, ...]
    """Those of kinds the user tells nothing of come first."""


def choose(draw: Draw, facts: int, part: Part) -> Choice:
    """`facts` topics, about half of them preferences, one in eight (at least one) with a value that changes."""
    rng = draw.rng
    topics = {kind.name: _topics(kind, draw, part) for kind in kinds()}
    # The kinds that nothing is told of; as many as can be asked about.
    silent: set[str] = set()
    told: list[Told] = []
    for sort, share in (("fact", facts - facts // 2), ("preference", facts // 2)):
        own = [kind for kind in kinds() if kind.sort == sort]
        silent |= _silent(rng, own, topics, share)
        told += _told(draw, [topics[kind.name] for kind in own if kind.name not in silent], share)
    told = _changed(draw, told, max(1, facts // 8))
    rng.shuffle(told)
    known = {one.topic.id for one in told}
    heard = {one.topic.kind.name for one in told}
    every = [topic for each in topics.values() for topic in each]
    untold = [topic for topic in every if topic.id not in known and heard.isdisjoint(topic.kind.near)]
    rng.shuffle(untold)
    # One topic of each kind before the second of any, kinds without a word before the others.
    ranks: dict[str, int] = {}
    order = []
    for topic in untold:
        ranks[topic.kind.name] = ranks.get(topic.kind.name, -1) + 1
        order.append((topic.kind.name in heard, ranks[topic.kind.name]))
    ranked = sorted(zip(order, range(len(order)), untold, strict=True), key=lambda row: row[:2])
    return Choice(tuple(told), tuple(topic for _, _, topic in ranked))


def _topics(kind: Kind, draw: Draw, part: Part) -> list[Topic]:
    """All topics of a kind in random order; what they are about is drawn where the kind says so."""
    half = PARTS.index(part)
    if kind.abouts[0]:
        values = kind.cases[""][half]
        return [Topic(kind, draw.take(kind.abouts[half]), values) for _ in range(kind.count)]
    found = [Topic(kind, about, values[half]) for about, values in kind.cases.items()]
    draw.rng.shuffle(found)
    return found


def _silent(rng: Random, own: list[Kind], topics: dict[str, list[Topic]], share: int) -> set[str]:
    """Up to eight kinds to say nothing of, while `share` topics (a few may run out of values) are left."""
    left = sum(len(topics[kind.name]) for kind in own)
    small = [kind for kind in own if len(topics[kind.name]) <= _LARGE]
    found: set[str] = set()
    for kind in rng.sample(small, len(small)):
        count = len(topics[kind.name])
        if len(found) < 8 and left - count >= share + 12:
            found.add(kind.name)
            left -= count
    return found


def _told(draw: Draw, by_kind: list[list[Topic]], share: int) -> list[Told]:
    """`share` topics with their values: one of every kind in random order, then a second of each, and so on.

    A kind that can change comes first, so that every user has a fact that can.
    """
    draw.rng.shuffle(by_kind)
    by_kind.sort(key=lambda each: not each[0].kind.change)
    first, rest = by_kind[:1], by_kind[1:]
    draw.rng.shuffle(rest)
    found: list[Told] = []
    for rank in range(max(len(each) for each in by_kind)):
        for each in first + rest:
            if len(found) == share:
                return found
            if rank < len(each) and (value := draw.take(each[rank].values)):
                found.append(Told(each[rank], value))
    if len(found) < share:
        raise AssertionError(f"only {len(found)} topics have values left, {share} wanted")
    return found


def _changed(draw: Draw, told: list[Told], count: int) -> list[Told]:
    """`told` with a later value for `count` of them, as far as there are fresh values."""
    changed: dict[str, Told] = {}
    for one in draw.rng.sample(told, len(told)):
        if len(changed) < count and one.topic.kind.change and (value := draw.take(one.topic.values)):
            changed[one.topic.id] = Told(one.topic, value, one.value)
    return [changed.get(one.topic.id, one) for one in told]
