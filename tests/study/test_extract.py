"""Facts from everyday sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.study.bank import load_kinds
from imprint.study.rules import extract, fold
from imprint.types import Fact, Turn
from tests.study.told import SILENT, TELLS, facts_of, told, turns_of


@pytest.mark.parametrize(("text", "kind", "about", "value"), TELLS)
def test_a_sentence_tells_its_fact(text: str, kind: str, about: str, value: str) -> None:
    assert (kind, about, value) in [(fact.kind, fact.about, fact.value) for fact in facts_of(text)]


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_made_up(text: str) -> None:
    assert facts_of(text) == []


def test_every_fact_is_of_a_kind_the_bank_can_ask_for() -> None:
    kinds = load_kinds()
    for text, *_ in TELLS:
        for fact in facts_of(text):
            assert fact.kind in kinds
            assert bool(fact.about) == bool(kinds[fact.kind].about)


def test_one_turn_may_hold_several_facts() -> None:
    found = told("I'm Dev, 19, from Leicester. I've got a dog called Rex and I play bass, but I can't stand jazz.")
    assert found == {
        ("name", ""): "Dev",
        ("age", ""): "19",
        ("origin", ""): "Leicester",
        ("pet_kind", ""): "dog",
        ("pet_name", "dog"): "Rex",
        ("instrument", ""): "bass",
        ("dislikes_music", ""): "jazz",
    }


def test_pronouns_point_to_the_person_spoken_of() -> None:
    found = told("My sister Ines is here. She lives in Porto and she's a vet.")
    assert found[("relative_home", "sister")] == "Porto"
    assert found[("relative_work", "sister")] == "vet"


def test_a_pronoun_may_point_to_the_turn_before() -> None:
    found = told("We adopted a dog.", "We named her Pesto.", "She's a whippet.")
    assert found[("pet_name", "dog")] == "Pesto"
    assert found[("pet_breed", "dog")] == "whippet"


def test_a_pronoun_of_somebody_else_points_to_nobody() -> None:
    found = told("My sister Ines is a vet.", "I read about Marie Curie. She lived in Paris.")
    assert ("relative_home", "sister") not in found


def test_a_remembered_turn_without_a_pattern_keeps_its_statement() -> None:
    (fact,) = facts_of("My garden is on a steep slope")
    assert (fact.kind, fact.about, fact.value) == ("about", "garden", "your garden is on a steep slope")


def test_what_the_assistant_says_is_not_about_the_user() -> None:
    assert extract([Turn("a", "mira", "assistant", "I live in Cork and I'm vegan.")]) == ()


def test_a_fact_names_the_turn_that_said_so() -> None:
    assert [(fact.kind, fact.turn) for fact in facts_of("hello", "I live in Cork", "I'm vegan")] == [
        ("home", "t1"),
        ("diet", "t2"),
    ]


def test_values_are_short_and_in_the_second_person() -> None:
    for text, *_ in TELLS:
        for fact in facts_of(text):
            assert 1 <= len(fact.value.split()) <= 12
            assert not {"i", "my", "me", "i'm"} & set(fact.value.lower().split())


def test_a_thing_of_no_known_category_is_kept_as_such() -> None:
    assert told("I love Zorbo") == {("likes_thing", "zorbo"): "Zorbo"}


TEXTS = st.lists(st.sampled_from([row[0] for row in TELLS] + SILENT), max_size=8)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_hearing_one_by_one_is_hearing_at_once(texts: list[str]) -> None:
    turns = turns_of(*texts)
    facts: tuple[Fact, ...] = ()
    for turn in turns:
        facts = fold(facts, turn)
    assert facts == extract(turns)
    assert len({(fact.kind, fact.about, fact.value) for fact in facts}) == len(facts)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(["I", "my", "have", "a", "not", "is", ",", ".", "?", "called", "Rex", "and", "don't"])
    ).map(" ".join)
)
def test_any_text_is_survived(text: str) -> None:
    assert extract(turns_of(text)) == extract(turns_of(text))
