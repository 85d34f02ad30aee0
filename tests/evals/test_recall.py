"""`recall`: who is asked what, and hand-worked scores."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from imprint.config import read_section
from imprint.evals import open_benchmark
from imprint.evals.items import Answers, Item, Likelihood, Loaded
from imprint.evals.recall import Recall, RecallOptions
from imprint.types import ImprintError

DOG = Item("dog", "What's my dog called?", "fact", "Biscuit", ("Biscuit", "Biscuits"), 24, ("Rex.", "Biscuit."), 1)
TOWN = replace(DOG, id="town", kind="changed", answer="Tralee", accept=("Tralee",), avoid=("Kendal",))
CAT = Item("cat", "What's my cat called?", "never_told", new_tokens=24, avoid=("Biscuit", "Tralee"))
PERU = Item("peru", "What is the capital of Peru?", "irrelevant", new_tokens=24)


def load(seed: int = 0, limit: int = 0, **options: Any) -> Loaded:
    return Recall(RecallOptions(**{"facts": 8, **options})).load(None, seed, limit)


def score(item: Item, reply: str, bare: str = "") -> dict[str, float]:
    return Recall(RecallOptions()).score(item, Answers(reply), Answers(bare))


def items(loaded: Loaded) -> list[Item]:
    return [item for person in loaded.people for item in person.items]


def test_it_is_opened_by_name_with_its_options() -> None:
    benchmark = open_benchmark("recall", {"facts": 16, "part": "train"})
    assert benchmark.options == RecallOptions(facts=16, part="train")
    assert benchmark.headline == "exact"


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({"facts": 0}, "facts is 0, expected 1 to 256"),
        ({"facts": 257}, "facts is 257, expected 1 to 256"),
        ({"users": 0}, "users is 0"),
        ({"measured": -1}, "measured is -1, expected 0 or more"),
        ({"questions": -1}, "questions is -1"),
    ],
)
def test_options_that_make_no_sense_are_refused(table: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        RecallOptions(**table)


def test_options_are_read_from_a_table() -> None:
    assert read_section(RecallOptions, {"facts": 64, "measured": 1}, "[evals.recall]").measured == 1


def test_the_same_seed_loads_the_same_people_and_another_seed_others() -> None:
    assert load() == load()
    assert load().people[0].user == "recall-0-0"
    assert load(seed=1).people[1].user == "recall-1-1"
    assert load().people[0].turns != load(seed=1).people[0].turns
    assert load().files == ()


def test_the_training_part_says_so() -> None:
    loaded = Recall(RecallOptions(facts=8, part="train")).load(None, 0, 0)
    assert loaded.people[0].user == "recall-train-0-0"
    assert "training part" in loaded.note
    assert load().note == ""


def test_users_who_are_not_measured_tell_but_are_not_asked() -> None:
    people = load(users=3, measured=1).people
    assert [bool(person.items) for person in people] == [True, False, False]
    assert all(person.turns for person in people)
    with pytest.raises(ImprintError, match="measured is 3, and there are 2 users"):
        load(users=2, measured=3)


def test_a_limit_is_spread_over_kinds_and_keeps_everyone() -> None:
    loaded = load(limit=10, users=3)
    assert Counter(item.kind for item in items(loaded)) == dict.fromkeys(
        ("fact", "preference", "changed", "never_told", "irrelevant"), 2
    )
    assert len(loaded.people) == 3
    assert loaded == load(limit=10, users=3)
    assert len(items(load(limit=10_000))) == len(items(load()))


def test_fewer_questions_are_spread_over_what_was_told() -> None:
    counts = Counter(item.kind for item in load(facts=32, questions=6, users=1).people[0].items)
    assert counts == {"fact": 2, "preference": 2, "changed": 2, "never_told": 8, "irrelevant": 4}
    assert sum(Counter(item.kind for item in load(questions=0, users=1).people[0].items).values()) == 16


@pytest.mark.parametrize(
    ("reply", "exact"),
    [
        ("Your dog is called Biscuit.", 1.0),
        ("BISCUIT", 1.0),
        ("biscuits", 1.0),
        ("Biscuity", 0.0),
        ("Rex", 0.0),
        ("", 0.0),
    ],
)
def test_exact_is_an_accepted_answer_as_whole_words(reply: str, exact: float) -> None:
    assert score(DOG, reply) == {"exact": exact}


@pytest.mark.parametrize(
    ("reply", "exact"),
    [("You live in Tralee.", 1.0), ("Kendal", 0.0), ("You moved from Kendal to Tralee.", 0.0), ("tralee", 1.0)],
)
def test_a_changed_fact_is_wrong_when_the_old_value_stands_in_the_reply(reply: str, exact: float) -> None:
    assert score(TOWN, reply) == {"exact": exact}


@pytest.mark.parametrize(
    ("first", "second", "choice", "normalised"),
    [
        (Likelihood(-9.0, 3), Likelihood(-5.0, 5), 1.0, 1.0),
        (Likelihood(-6.0, 3), Likelihood(-8.0, 8), 0.0, 1.0),
        (Likelihood(-4.0, 1), Likelihood(-2.0, 0), 1.0, 1.0),
        (Likelihood(-4.0, 4), Likelihood(-5.0, 1), 0.0, 0.0),
    ],
)
def test_choice_is_the_likelier_of_two(first: Likelihood, second: Likelihood, choice: float, normalised: float) -> None:
    answers = Answers("Rex", (first, second))
    scores = Recall(RecallOptions()).score(DOG, answers, answers)
    assert scores == {"exact": 0.0, "choice": choice, "choice_normalised": normalised}


@pytest.mark.parametrize(
    ("reply", "refused", "leaked"),
    [
        ("You haven't told me.", 1.0, 0.0),
        ("Your cat is called Biscuit.", 0.0, 1.0),
        ("Your cat is called Mimi.", 0.0, 0.0),
        ("I don't know your cat, only biscuit.", 1.0, 1.0),
    ],
)
def test_never_told_is_right_when_it_refuses(reply: str, refused: float, leaked: float) -> None:
    assert score(CAT, reply) == {"refused": refused, "leaked": leaked}


def test_irrelevant_is_right_when_the_reply_is_the_bare_models() -> None:
    assert score(PERU, "Lima.", "Lima.") == {"unchanged": 1.0}
    assert score(PERU, "Lima", "Lima.") == {"unchanged": 0.0}
