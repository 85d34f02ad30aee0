"""LoCoMo: questions about months of talk between two people (Maharana et al., ACL 2024), published scoring."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from imprint.data import locomo, read_conversation
from imprint.data.files import check_file, load_json
from imprint.data.messages import Request, listing
from imprint.evals.benchmark import Benchmark
from imprint.evals.items import Answers, Item, Loaded, Person, Scores
from imprint.evals.licence import check_notice
from imprint.evals.rows import evenly
from imprint.evals.words import bag_f1, list_f1, normalised
from imprint.types import ImprintError, Turn

TYPES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
"""Question types by the published number; in some papers 1 and 4 are swapped."""
ABSENT = ("no information available", "not mentioned")
"""What the reply to an adversarial question must contain."""
NEW_TOKENS = 32
"""Longest reply, in tokens, as published."""
SYSTEM = (
    "The user is {user}, who talked with {other}. Answer the question with a short phrase, in exact words from the "
    'conversation wherever possible. If the conversation does not mention it, say "No information available".'
)
NOTE = (
    "Each speaker's own turns are that person's memory, the other's are the assistant's. A question goes to the "
    "speaker it names first, to speaker_a where it names none, and is asked as it stands: no hint to use dates, and "
    "adversarial ones openly instead of as a choice of two. Stems are Porter's own, not NLTK's."
)
_SOURCE = "https://github.com/snap-research/locomo"
_DIALOGUE_ID = re.compile(r"D:?(\d{1,6}):(\d{1,6})")


@dataclass(frozen=True)
class LoCoMoOptions:
    """What to ask. Table `[evals.locomo]`."""

    samples: tuple[str, ...] = ()
    """Ids of the conversations, such as "conv-26"; empty: every one in the file."""
    types: tuple[str, ...] = ()
    """Question types, values of TYPES; empty: all five."""

    def __post_init__(self) -> None:
        for name in self.types:
            if name not in TYPES.values():
                raise ValueError(f"types has {name!r}, expected some of {', '.join(TYPES.values())}")


@dataclass(frozen=True)
class _Asked:
    """One question of a conversation, before it has found its person and its evidence."""

    number: int
    text: str
    kind: str
    answer: str
    evidence: tuple[tuple[int, int], ...]
    """(session, turn) of each turn named; a turn that was never written may be among them."""


@dataclass(frozen=True)
class _Talk:
    """One conversation of the file."""

    id: str
    speakers: tuple[str, str]
    asked: tuple[_Asked, ...]


class LoCoMo(Benchmark):
    """The published questions, types and scores; one person for each speaker of each conversation."""

    name: ClassVar[str] = "locomo"
    options_class: ClassVar[type] = LoCoMoOptions
    headline: ClassVar[str] = "f1"
    licence: ClassVar[str] = "CC BY-NC 4.0"

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """A person who is asked nothing is left out; so is evidence that names no turn."""
        if data is None:
            raise ImprintError("locomo needs its data file", f"Get locomo10.json from {_SOURCE}, name it with --data")
        check_file(data)
        request = Request(data, "", "", lambda _: None, lambda _: None)
        value = load_json(request)
        if not locomo.fits(value):
            problem = "not a LoCoMo file: expected a list of objects with sample_id, conversation and qa"
            raise request.wrong("", problem, f"Get locomo10.json from {_SOURCE}")
        check_notice(data, _SOURCE)
        talks = self._talks(value, request)
        people: list[Person] = []
        for talk, asked in zip(talks, _spread(talks, seed, limit), strict=True):
            for place in (0, 1):
                mine = [each for each in asked if _routed(each.text, talk.speakers) == place]
                if mine:
                    people.append(_person(talk, place, mine, value, request))
        if not people:
            raise request.wrong("", "no question in it is of the kind asked for", "Choose others with --set")
        if len({person.user for person in people}) < len(people):
            raise request.wrong("", "two of its people would share one user name", "Rename a sample_id or a speaker")
        return Loaded(tuple(people), (data,), NOTE)

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """f1 of every item, 0 to 1; adversarial: the same of those items alone; exact: the reply has the words of the
        gold and no others, in its order, punctuation and a, an, the, and aside."""
        reply, gold = answers.reply, item.answer
        if item.kind == "adversarial":
            right = float(any(phrase in reply.lower() for phrase in item.accept))
            return {"f1": right, "adversarial": right}
        if item.kind == "open-domain":
            gold = gold.split(";")[0]
        f1 = list_f1(reply, gold) if item.kind == "multi-hop" else bag_f1(reply, gold)
        return {"f1": f1, "exact": float(normalised(reply) == normalised(gold) != "")}

    def _talks(self, value: list[Any], request: Request) -> list[_Talk]:
        """The conversations asked for with the questions asked for, in the file's order."""
        names = [
            request.need(request.need(each, dict, f"[{i}]").get("sample_id"), str, f"[{i}].sample_id")
            for i, each in enumerate(value)
        ]
        if unknown := [name for name in self.options.samples if name not in names]:
            problem = f"holds no sample {listing(unknown)}; samples: {listing(names)}"
            raise request.wrong("", problem, "Choose others with --set samples=NAME")
        wanted = self.options.samples or names
        return [
            _talk(value[i], f"[{i}]", self.options.types, request) for i, name in enumerate(names) if name in wanted
        ]


def _talk(sample: dict[str, Any], place: str, types: Sequence[str], request: Request) -> _Talk:
    talk = request.need(sample.get("conversation"), dict, f"{place}.conversation")
    first, second = (
        request.need(talk.get(key), str, f"{place}.conversation.{key}") for key in ("speaker_a", "speaker_b")
    )
    rows = request.need(sample.get("qa"), list, f"{place}.qa")
    asked = (_asked(row, number, f"{place}.qa[{number}]", request) for number, row in enumerate(rows))
    chosen = tuple(each for each in asked if not types or each.kind in types)
    return _Talk(sample["sample_id"], (first, second), chosen)


def _asked(row: Any, number: int, where: str, request: Request) -> _Asked:
    row = request.need(row, dict, where)
    text = request.accept(request.need(row.get("question"), str, f"{where}.question"), f"{where}.question")
    category = row.get("category")
    if type(category) is not int or category not in TYPES:
        raise request.wrong(f"{where}.category", "expected a number from 1 to 5")
    answer = row.get("answer")
    if TYPES[category] == "adversarial":
        # Two published items have an answer, "No"; what counts is that the conversation does not say.
        answer = ""
    elif not isinstance(answer, str | int | float) or isinstance(answer, bool):
        raise request.wrong(f"{where}.answer", "expected a string or a number")
    named: list[tuple[int, int]] = []
    for i, entry in enumerate(request.need(row.get("evidence", []), list, f"{where}.evidence")):
        named.extend(_dialogue_ids(request.need(entry, str, f"{where}.evidence[{i}]")))
    gold = request.accept(str(answer), f"{where}.answer")
    return _Asked(number, text, TYPES[category], gold, tuple(dict.fromkeys(named)))


def _dialogue_ids(text: str) -> Iterator[tuple[int, int]]:
    """(session, turn) of each id in a string such as "D8:6; D9:17"; "D:11:26" is a published slip for "D11:26"."""
    for match in _DIALOGUE_ID.finditer(text):
        yield int(match[1]), int(match[2])


def _spread(talks: Sequence[_Talk], seed: int, limit: int) -> list[tuple[_Asked, ...]]:
    """At most `limit` questions (0: all), evenly over the conversations and over the types in each, in their order."""
    owners = [talk.id for talk in talks for _ in talk.asked]
    shares = Counter(owners[place] for place in evenly(owners, limit, f"locomo-{seed}"))
    kept: list[tuple[_Asked, ...]] = []
    for talk in talks:
        kinds = [each.kind for each in talk.asked]
        # A limit of 0 would mean all of them.
        places = evenly(kinds, shares[talk.id], f"locomo-{seed}-{talk.id}") if shares[talk.id] else []
        kept.append(tuple(talk.asked[place] for place in places))
    return kept


def _routed(question: str, speakers: Sequence[str]) -> int:
    """0 or 1: the speaker whose name stands first in the question, 0 where neither does."""
    places = []
    for name in speakers:
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE)
        places.append(match.start() if match else len(question))
    return places.index(min(places))


def _person(talk: _Talk, place: int, asked: Sequence[_Asked], value: Any, request: Request) -> Person:
    """Speaker number `place` of `talk`, with the whole conversation as their ledger."""
    speaker, other = talk.speakers[place], talk.speakers[1 - place]
    user = _user_name(f"{talk.id}-{speaker}")
    turns = tuple(read_conversation(request.path, user, "locomo", talk.id, speaker))
    chosen = Request(request.path, talk.id, speaker, lambda _: None, lambda _: None)
    heard = _heard(turns, locomo.dialogue_ids(value, chosen))
    items = tuple(
        Item(
            id=f"q{each.number}",
            question=each.text,
            kind=each.kind,
            answer=each.answer,
            accept=ABSENT if each.kind == "adversarial" else (),
            new_tokens=NEW_TOKENS,
            evidence=tuple(heard[key] for key in each.evidence if key in heard),
            system=SYSTEM.format(user=speaker, other=other),
        )
        for each in asked
    )
    return Person(user, turns, items)


def _user_name(name: str) -> str:
    """`name` in lower case, with "-" for what a store takes in no user name."""
    plain = unicodedata.normalize("NFC", name.lower())
    return "".join(c if c.isalpha() or c.isdecimal() or c in "._@+-" else "-" for c in plain)


def _heard(turns: Sequence[Turn], named: Iterator[str]) -> dict[tuple[int, int], str]:
    """Turn.id by (session, turn): the first where a file gives one id twice."""
    heard: dict[tuple[int, int], str] = {}
    for turn, name in zip(turns, named, strict=True):
        for key in _dialogue_ids(name):
            heard.setdefault(key, turn.id)
    return heard
