"""First person said back in the second."""

import pytest

from imprint.study.claims import first_person
from imprint.study.rewrite import second_person, shortened


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I am a nurse", "you are a nurse"),
        ("I was born in Oslo", "you were born in Oslo"),
        ("I'm tall and I've got red hair", "you're tall and you've got red hair"),
        ("my cat hates me", "your cat hates you"),
        ("we moved because of our dog", "you moved because of your dog"),
        ("the red one is mine", "the red one is yours"),
        ("I hurt myself", "you hurt yourself"),
        ("I live here and am a nurse", "you live here and are a nurse"),
        ("I really was late", "you really were late"),
        ("I told you about your answer", "you told me about my answer"),
        ("MY OWN shop", "your OWN shop"),
        ("I was told my cat hates me, I've got proof", "you were told your cat hates you, you've got proof"),
    ],
)
def test_the_user_becomes_you(said: str, expected: str) -> None:
    assert second_person(said) == expected


def test_words_that_only_look_like_pronouns_stay() -> None:
    text = "Amy and Ian run a mine in Miami at 7 am"
    assert second_person(text) == text


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("you gave up your job", "I gave up my job"),
        ("your dog bit you", "my dog bit me"),
        ("you are vegan", "I am vegan"),
    ],
)
def test_and_back_again(told: str, expected: str) -> None:
    assert first_person(told) == expected


def test_a_long_statement_is_cut_at_a_joint() -> None:
    text = "you moved to the north of Spain with your two dogs because the rent was low"
    assert shortened(text) == "you moved to the north of Spain with your two dogs"
    assert shortened("short.") == "short"
