"""LoCoMo's published scores, each rule worked by hand."""

import pytest

from imprint.evals.items import Answers, Item
from imprint.evals.locomo import LoCoMo, LoCoMoOptions
from imprint.evals.words import bag_f1, list_f1, normalised


def scores(kind: str, gold: str, reply: str) -> dict[str, float]:
    accept = ("no information available", "not mentioned") if kind == "adversarial" else ()
    return LoCoMo(LoCoMoOptions()).score(Item("q", "?", kind, gold, accept), Answers(reply=reply), Answers())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Cat, and a  Dog!", "cat dog"),
        ("3,000", "3000"),
        ("red,blue", "redblue"),
        ("Maya's re-run", "mayas rerun"),
        ("Andes anchor theatre", "andes anchor theatre"),
        ("A-team", "ateam"),
        ("An", ""),
        ("Noor’s", "noor’s"),
    ],
)
def test_normalised_words(text, words):
    assert normalised(text) == words


@pytest.mark.parametrize(
    ("reply", "gold", "f1"),
    [
        ("the green canoe", "green canoe", 1.0),
        ("Green canoe, with paddles", "green canoe", 2 / 3),  # precision 2/4, recall 2/2
        ("painting kilns", "painted kiln", 1.0),  # both paint, kiln
        ("canoe canoe canoe", "canoe trip canoe", 2 / 3),  # two of three and two of three
        ("7 May 2024", "May 7, 2024", 1.0),  # order does not count
        ("canaries", "canoe", 0.0),
        ("", "canoe", 0.0),
        ("the", "canoe", 0.0),
        ("the", "a", 0.0),
    ],
)
def test_bag_f1(reply, gold, f1):
    assert bag_f1(reply, gold) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("reply", "gold", "f1"),
    [
        ("swimming, pottery", "pottery, swimming", 1.0),
        ("pottery", "pottery, swimming", 1 / 2),
        ("pottery, chess, golf, tea", "pottery", 1.0),  # parts too many cost nothing
        ("pottery and swimming", "pottery, swimming", 2 / 3),  # one part of two words: precision 1/2, recall 1
        ("3,000 steps", "3000 steps", 1 / 2),  # split before commas are dropped: "3" and "000 steps"
        ("3000 steps", "3,000 steps", 1 / 4),  # golds "3": 0 and "000 steps": 1/2
        ("", "pottery, swimming", 0.0),
        ("pottery", "pottery,", 1 / 2),  # the empty gold is met by nothing
        ("2", "2", 1.0),
    ],
)
def test_list_f1(reply, gold, f1):
    assert list_f1(reply, gold) == pytest.approx(f1)


@pytest.mark.parametrize("kind", ["temporal", "single-hop"])
def test_plain_types_do_not_split(kind):
    assert scores(kind, "pottery, swimming", "pottery") == {"f1": pytest.approx(2 / 3), "exact": 0.0}
    assert scores(kind, "pottery; swimming", "pottery") == {"f1": pytest.approx(2 / 3), "exact": 0.0}
    assert scores(kind, "a red kiln", "Red kilns") == {"f1": 1.0, "exact": 0.0}
    assert scores(kind, "a red kiln", "The red kiln.") == {"f1": 1.0, "exact": 1.0}


def test_open_domain_counts_what_stands_before_the_semicolon():
    assert scores("open-domain", "Yes; the canoe is big, and green", "yes") == {"f1": 1.0, "exact": 1.0}
    assert scores("open-domain", "Yes; the canoe is big, and green", "big")["f1"] == 0.0
    assert scores("open-domain", "likely, yes; so", "likely")["f1"] == pytest.approx(2 / 3)


def test_multi_hop_splits_at_commas_only():
    assert scores("multi-hop", "pottery, swimming", "swimming") == {"f1": 0.5, "exact": 0.0}
    assert scores("multi-hop", "pottery, swimming", "Pottery and swimming")["exact"] == 1.0
    assert scores("multi-hop", "pottery; swimming", "swimming")["f1"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("No information available", 1.0),
        ("There is NO INFORMATION AVAILABLE on that.", 1.0),
        ("It was not mentioned.", 1.0),
        ("not  mentioned", 0.0),
        ("No", 0.0),
        ("I do not know", 0.0),
        ("", 0.0),
    ],
)
def test_adversarial_items_want_one_of_two_phrases(reply, right):
    assert scores("adversarial", "", reply) == {"f1": right, "adversarial": right}


def test_the_phrases_help_nowhere_else():
    assert scores("single-hop", "pottery", "No information available") == {"f1": 0.0, "exact": 0.0}


@pytest.mark.parametrize("kind", ["multi-hop", "temporal", "open-domain", "single-hop"])
def test_an_empty_reply_scores_nothing(kind):
    assert scores(kind, "pottery", "") == {"f1": 0.0, "exact": 0.0}
    assert scores(kind, "the", "") == {"f1": 0.0, "exact": 0.0}
