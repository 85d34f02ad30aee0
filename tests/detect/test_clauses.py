"""Casual writing made regular, and cut into clauses."""

import pytest

from imprint.detect.clauses import clauses
from imprint.detect.frames import frame_of
from imprint.detect.text import is_cased, regular


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("im vegan", "I am vegan"),
        ("ive got two kids", "I have got two kids"),
        ("I don’t eat pork", "I do not eat pork"),
        ("cant stand it lol", "can not stand it"),
        ("my wifes called Jo", "my wife is called Jo"),
        ("my wife's job", "my wife's job"),
        ("my sister's wedding", "my sister's wedding"),
        ("my birthday's 12 March", "my birthday is 12 March"),
        ("up at 6 a.m. in St. Ives", "up at 6am in St Ives"),
        ("my bf and i", "my boyfriend and I"),
        ("names dev, 19", "name is dev, 19"),
        ("its ill-fitting but ill go", "its ill-fitting but I will go"),
    ],
)
def test_writing_is_made_regular(written: str, expected: str) -> None:
    assert regular(written) == expected


def test_lower_case_writers_are_recognised() -> None:
    assert not is_cased(regular("im tom and i live in cork. Hello"))
    assert is_cased(regular("I live in Cork."))


@pytest.mark.parametrize(
    ("text", "moods"),
    [
        ("I'm vegan, what can I eat?", ["statement", "question"]),
        ("What can I cook for her, she's vegan?", ["question", "statement"]),
        ("If I had a dog I'd walk more", ["supposed"]),
        ("write me a poem", ["command"]),
        ("Did I tell you I'm vegan?", ["statement"]),
        ("can't stand olives", ["statement"]),
    ],
)
def test_moods_are_told_apart(text: str, moods: list[str]) -> None:
    assert [clause.mood for clause in clauses(text)] == moods


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("been vegetarian since uni", ["I have been vegetarian since uni"]),
        ("I'm a nurse and work nights", ["I am a nurse", "I work nights"]),
        ("My sister lives in Cork and works at a bank", ["My sister lives in Cork", "My sister works at a bank"]),
        ("hi im tom i live in cork", ["I am tom", "I live in cork"]),
        ("I love cherries and hate dill", ["I love cherries", "I hate dill"]),
        ("I like cooking and baking", ["I like cooking and baking"]),
        ("Age: 47.", ["I am 47"]),
        ("My eldest, Pauline, lives in Toronto", ["My eldest, Pauline, lives in Toronto"]),
    ],
)
def test_dropped_subjects_come_back(text: str, restored: list[str]) -> None:
    assert [clause.text for clause in clauses(text) if clause.frame.verb] == restored


@pytest.mark.parametrize(
    ("predicate", "verb", "rest", "flags"),
    [
        ("do not eat meat any more", "eat", "meat", {"negative", "ended"}),
        ("used to live in Leeds", "live", "in Leeds", {"ended", "past"}),
        ("have been working as a barista", "work", "as a barista", {"perfect", "doing"}),
        ("am really not a fan of golf", "be", "a fan of golf", {"negative"}),
        ("have got a dog", "have", "a dog", set()),
        ("no longer work nights", "work", "nights", {"negative", "ended"}),
        ("am learning Welsh", "learn", "Welsh", {"doing"}),
    ],
)
def test_a_predicate_is_read(predicate: str, verb: str, rest: str, flags: set[str]) -> None:
    frame = frame_of("I", predicate)
    names = ("negative", "ended", "past", "perfect", "doing", "seldom")
    assert (frame.verb, frame.rest, {name for name in names if getattr(frame, name)}) == (verb, rest, flags)
