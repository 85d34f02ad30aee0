"""Detector B: lasting statements about the user, and what looks like them."""

import pytest

from imprint.detect.rules import RuleDetector
from imprint.types import Turn
from tests.study.told import SILENT, TELLS

DETECTOR = RuleDetector()


def probability(text: str, question: str = "") -> float:
    before = Turn("a", "mira", "assistant", question) if question else None
    return DETECTOR.probability(Turn("t", "mira", "user", text), before)


@pytest.mark.parametrize("text", sorted({row[0] for row in TELLS}))
def test_what_lasts_is_remembered(text: str) -> None:
    assert probability(text) >= 0.5


@pytest.mark.parametrize("text", SILENT)
def test_what_passes_is_not_remembered(text: str) -> None:
    assert probability(text) < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "What should I cook tonight? I'm allergic to shellfish.",
        "can you help me plan a menu, im vegan",
        "Any ideas for my sister Ines?",
        "thanks! by the way I've moved to Ghent",
    ],
)
def test_a_mixed_turn_is_judged_by_its_best_sentence(text: str) -> None:
    assert probability(text) >= 0.5


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What's your name?", "Sam."),
        ("Nice! Where do you live?", "Cork"),
        ("Do you have any pets?", "two cats and a tortoise"),
        ("What is your favourite food?", "dosa, hands down"),
    ],
)
def test_a_short_answer_counts_after_its_question(question: str, answer: str) -> None:
    assert probability(answer, question) >= 0.5
    assert probability(answer, "Shall I go on?") < 0.5


def test_the_assistant_is_never_remembered() -> None:
    assert DETECTOR.probability(Turn("t", "mira", "assistant", "I'm vegan and I live in Cork."), None) == 0.0


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "-", "my", "I", "I'm", "\n\n", "a" * 5000])
def test_scraps_are_not_remembered(text: str) -> None:
    assert probability(text) < 0.5
