"""Which category a liked thing belongs to."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from imprint.encode.base import Encoder
from imprint.study.topics import EncoderTopics, category_by_words, head_noun


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


class Axes(Encoder):
    """Every text on its own axis, except that Zorbo lies with the games."""

    id = "axes"
    width = 40

    def __init__(self) -> None:
        self._place: dict[str, int] = {}

    def encode(self, texts: Sequence[str]) -> Tensor:
        rows = torch.zeros(len(texts), self.width)
        for i, text in enumerate(texts):
            same = next((known for known in self._place if "game" in known), text) if text == "Zorbo" else text
            rows[i, self._place.setdefault(same, len(self._place))] = 1.0
        return rows


def test_an_encoder_finds_the_nearest_description() -> None:
    topics = EncoderTopics(Axes())
    assert topics("Zorbo") == "game"


def test_an_encoder_may_find_nothing_near() -> None:
    assert EncoderTopics(Axes())("Quux") == ""
