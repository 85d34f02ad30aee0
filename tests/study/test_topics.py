"""Which category a liked thing belongs to."""

import pytest

from imprint.study.topics import category_by_words, head_noun


@pytest.mark.parametrize(
    ("value", "verb", "category"),
    [
        ("a good dosa", "", "food"),
        ("olives", "", "food"),
        ("oat milk", "", "drink"),
        ("old jazz", "", "music"),
        ("Zorbo", "listen", "music"),
        ("Zorbo", "read", "book"),
        ("rugby", "watch", "sport"),
        ("hiking in the rain", "", "activity"),
        ("thunderstorms", "", "weather"),
        ("horror films", "", "film"),
        ("octopus", "eat", "food"),
        ("Zorbo", "", ""),
    ],
)
def test_words_and_verb_tell_the_category(value: str, verb: str, category: str) -> None:
    assert category_by_words(value, verb) == category


def test_the_head_noun_stands_before_prepositions() -> None:
    assert head_noun("old maps of Asia") == "maps"
