"""Reads anyone's own users for `recall`: JSONL, one user a line, checked before anything is measured.

{"user": "mira", "turns": [{"role": "user", "text": "..."}], "questions": [{"question": "...", "answer": "Biscuit",
"accept": ["Biscuit"], "distractor": "Rex", "kind": "fact", "turn": 0}]}

`turn`, the place of the turn that told it, may be missing; so may `accept`. Questions of the kinds never_told and
irrelevant need no answer and no distractor.
"""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast

from imprint.data import turn_id
from imprint.data.files import parse_json
from imprint.data.messages import Request
from imprint.evals.items import Item, Person
from imprint.evals.match import stands_in
from imprint.evals.people.people import NEW_TOKENS
from imprint.evals.rows import open_request, text_lines
from imprint.types import MAX_TEXT, ImprintError, Role, Turn

TOLD = ("fact", "preference", "changed")
NEVER_TOLD = "never_told"
KINDS = (*TOLD, NEVER_TOLD, "irrelevant")
_FORMAT = "docs/benchmarks.md shows the format"


def read_people(path: Path) -> tuple[Person, ...]:
    """The people of the file. ImprintError names the line and what is wrong with it."""
    request = open_request(path)
    people: dict[str, Person] = {}
    for number, line in text_lines(request):
        if not line.strip():
            continue
        if line.lstrip().startswith("["):
            raise request.wrong(f"line {number}", "a JSON list, expected one user a line", _FORMAT)
        person = _Line(request, number).person(parse_json(request, line, number))
        if person.user in people:
            raise request.wrong(
                f"line {number}", "user: this name stands on an earlier line", "Give each user one line"
            )
        people[person.user] = person
    if not people:
        raise request.wrong("", "no users in it", _FORMAT)
    if not any(person.items for person in people.values()):
        raise request.wrong("", "no questions in it", _FORMAT)
    return tuple(people.values())


class _Line:
    """One line of the file; its errors name it."""

    def __init__(self, request: Request, number: int) -> None:
        self.request = request
        self.number = number

    def wrong(self, where: str, problem: str) -> ImprintError:
        return self.request.wrong(f"line {self.number}", f"{where}: {problem}", _FORMAT)

    def person(self, value: Any) -> Person:
        if not isinstance(value, dict):
            raise self.request.wrong(f"line {self.number}", "expected an object", _FORMAT)
        user = self.text(value, "user", "")
        told = self.listed(value, "turns", "")
        turns = tuple(self.turn(user, place, turn) for place, turn in enumerate(told))
        if not any(turn.role == "user" for turn in turns):
            raise self.wrong("turns", "the user says nothing")
        asked = self.listed(value, "questions", "")
        items = tuple(self.item(user, place, question, turns) for place, question in enumerate(asked))
        return Person(user, turns, _leaks(items))

    def turn(self, user: str, place: int, value: Any) -> Turn:
        where = f"turns[{place}]"
        role = self.text(value, "role", where)
        if role not in ("user", "assistant"):
            raise self.wrong(f"{where}.role", 'expected "user" or "assistant"')
        text = self.text(value, "text", where)
        return Turn(turn_id(user, place, role, text, ""), user, cast(Role, role), text, "", user)

    def item(self, user: str, place: int, value: Any, turns: tuple[Turn, ...]) -> Item:
        where = f"questions[{place}]"
        question = self.text(value, "question", where)
        kind = self.text(value, "kind", where)
        if kind not in KINDS:
            raise self.wrong(f"{where}.kind", f"expected one of {', '.join(KINDS)}")
        evidence = self.evidence(value, where, turns)
        name = str(place)
        if kind not in TOLD:
            return Item(name, question, kind, new_tokens=NEW_TOKENS, evidence=evidence)
        answer = self.text(value, "answer", where)
        distractor = self.text(value, "distractor", where)
        accept = self.accept(value, where)
        if distractor.casefold() in {text.casefold() for text in (answer, *accept)}:
            raise self.wrong(f"{where}.distractor", "is an accepted answer")
        if kind == "changed" and all(stands_in((distractor,), text) for text in (answer, *accept)):
            raise self.wrong(f"{where}.distractor", "the old value stands in every accepted answer")
        texts = [_sentence(answer), _sentence(distractor)]
        # The item's own seed: its neighbours do not change the order.
        right = Random(f"recall-{user}-{question}").randrange(2)
        avoid = (distractor,) if kind == "changed" else ()
        options = (texts[right], texts[1 - right])
        return Item(name, question, kind, answer, accept, NEW_TOKENS, options, right, evidence=evidence, avoid=avoid)

    def accept(self, value: dict[str, Any], where: str) -> tuple[str, ...]:
        found = value.get("accept", [])
        if not isinstance(found, list) or not all(isinstance(text, str) and text.strip() for text in found):
            raise self.wrong(f"{where}.accept", "expected a list of texts")
        return tuple(found)

    def evidence(self, value: dict[str, Any], where: str, turns: tuple[Turn, ...]) -> tuple[str, ...]:
        place = value.get("turn")
        if place is None:
            return ()
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(turns):
            raise self.wrong(f"{where}.turn", f"expected the place of a turn, 0 to {len(turns) - 1}")
        if turns[place].role != "user":
            raise self.wrong(f"{where}.turn", "that turn is the assistant's")
        return (turns[place].id,)

    def listed(self, value: dict[str, Any], key: str, where: str) -> list[Any]:
        found = value.get(key)
        if not isinstance(found, list):
            raise self.wrong(key, "missing" if found is None else "expected a list")
        return found

    def text(self, value: Any, key: str, where: str) -> str:
        """A text that is there, not blank, not too long and can be written as UTF-8."""
        place = f"{where}.{key}" if where else key
        if not isinstance(value, dict):
            raise self.wrong(where, "expected an object")
        found = value.get(key)
        if found is None:
            raise self.wrong(place, "missing")
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(place, "expected a text that is not empty")
        if len(found) > MAX_TEXT:
            raise self.wrong(place, f"longer than {MAX_TEXT} characters")
        return self.request.accept(found, f"line {self.number}: {place}")


def _leaks(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The same items; of things never told, a right reply holds no answer to what was told."""
    values = tuple(dict.fromkeys(item.answer for item in items if item.answer))
    return tuple(
        replace(item, avoid=tuple(v for v in values if not stands_in((v,), item.question)))
        if item.kind == NEVER_TOLD
        else item
        for item in items
    )


def _sentence(text: str) -> str:
    """`text` as the assistant's whole reply."""
    text = text[:1].upper() + text[1:]
    return text if text[-1] in ".!?" else f"{text}."
