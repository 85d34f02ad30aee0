"""Statements that no pattern takes are facts of their own, by what they were about."""

from imprint.study.rules import extract, fold
from imprint.types import Fact, Turn


def statements(*texts: str) -> list[str]:
    turns = [Turn(str(i), "ida", "user", text) for i, text in enumerate(texts)]
    return [fact.value for fact in extract(turns) if fact.kind == "statement"]


MIXED = "my dog is called Pepper. our street floods whenever the river is high"


def test_a_telling_statement_without_a_pattern_is_kept_in_the_second_person() -> None:
    assert statements(MIXED) == ["your street floods"]


def test_questions_and_small_talk_are_not_kept() -> None:
    assert statements("what time is it in Tokyo?", "lovely weather today", "write me a poem") == []


def test_the_same_words_again_change_nothing() -> None:
    assert statements(MIXED, MIXED, MIXED.upper()) == statements(MIXED)


def test_a_statement_that_a_pattern_took_is_not_kept_twice() -> None:
    facts = extract([Turn("1", "ida", "user", "my dog is called Pepper")])
    assert Fact("pet_name", "dog", "Pepper", "1") in facts
    assert not [fact for fact in facts if fact.kind == "statement"]


def test_a_fact_told_again_adds_no_statement() -> None:
    assert statements("my dog is called Pepper", "as I said, my dog is called Pepper") == []


def test_what_was_said_before_stays() -> None:
    later = "my sister Ines is visiting. Ines is a dentist now"
    assert statements(MIXED, later)[0] == statements(MIXED)[0]


def test_the_assistant_adds_nothing() -> None:
    assert fold((), Turn("1", "ida", "assistant", "my uncle built the shed")) == ()
