"""How much of what people tell is understood at all: a floor under eleven conversations, six of them never tuned on."""

import json
from pathlib import Path

import pytest

from imprint.study.rules import extract
from imprint.types import Turn

PEOPLE = Path(__file__).parents[2] / "examples" / "people"


def understood(part: str) -> tuple[int, int]:
    """Told things whose answer stands in the value of some fact, and told things."""
    hits = told = 0
    for path in sorted(PEOPLE.glob("*.json")):
        person = json.loads(path.read_text(encoding="utf-8"))
        if person["part"] != part:
            continue
        turns = [Turn(str(i), "p", turn["role"], turn["text"]) for i, turn in enumerate(person["turns"])]
        values = [fact.value.lower() for fact in extract(turns)]
        asked = [question for question in person["questions"] if question["answer"]]
        told += len(asked)
        hits += sum(any(word in value for value in values for word in question["accept"]) for question in asked)
    return hits, told


@pytest.mark.parametrize(("part", "least", "of"), [("dev", 44, 60), ("test", 54, 72)])
def test_what_people_tell_is_understood_no_less_than_before(part: str, least: int, of: int) -> None:
    hits, told = understood(part)
    assert told == of
    assert hits >= least
