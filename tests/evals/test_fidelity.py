"""Fidelity is a ratio of sums, and drops what reading does not change."""

import pytest

from imprint.evals.fidelity import Fidelity, FidelityOptions
from imprint.evals.items import Answers, Item

ITEM = Item("q", "?", "fact", answer="tea", teach="tea")


def answers(kl: float, tokens: float = 2.0) -> Answers:
    return Answers(measured={"kl": kl, "tokens": tokens, "exact": 1.0, "exact_reading": 0.0})


@pytest.fixture
def fidelity() -> Fidelity:
    return Fidelity(FidelityOptions(facts=8))


def test_an_item_by_hand(fidelity: Fidelity):
    scores = fidelity.score(ITEM, answers(1.0), answers(4.0))
    assert scores["fidelity"] == 0.75
    assert (scores["kl"], scores["kl_none"]) == (0.5, 2.0)
    assert (scores["exact"], scores["exact_reading"], scores["dropped"]) == (1.0, 0.0, 0.0)
    assert fidelity.score(ITEM, answers(8.0), answers(4.0))["fidelity"] == -1.0


def test_many_items_are_a_ratio_of_sums(fidelity: Fidelity):
    each = [fidelity.score(ITEM, answers(0.0), answers(1.0)), fidelity.score(ITEM, answers(9.0), answers(9.0))]
    parts = [fidelity.parts("fidelity", scores) for scores in each]
    assert sum(a for a, _ in parts) / sum(b for _, b in parts) == pytest.approx(0.1)
    assert fidelity.parts("kl", each[1]) == (4.5, 1.0)


def test_what_reading_does_not_change_is_dropped(fidelity: Fidelity):
    scores = fidelity.score(ITEM, answers(0.0), answers(0.09))
    assert scores == {"dropped": 1.0, "exact": 1.0, "exact_reading": 0.0}


def test_an_item_that_could_not_be_asked_has_no_score(fidelity: Fidelity):
    assert fidelity.score(ITEM, Answers(), answers(1.0)) == {}


def test_only_told_things_are_asked_and_nothing_is_generated(fidelity: Fidelity):
    loaded = fidelity.load(None, 0, 5)
    items = [item for person in loaded.people for item in person.items]
    assert len(items) == 5
    assert all(item.teach == item.answer != "" and not item.new_tokens and not item.options for item in items)
    assert len(loaded.people) == 2
    assert loaded.people[1].turns
