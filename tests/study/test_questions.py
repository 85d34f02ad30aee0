"""Questions and answers made of facts."""

import re
import subprocess
import sys

import pytest

from imprint.study.bank import load_kinds
from imprint.study.claims import question_of, statement_of
from imprint.study.nearmiss import false_question, known_words
from imprint.study.questions import make_study, wordings_of
from imprint.types import Fact, Question, Study
from tests.study.told import TELLS, facts_of, turns_of

TOLD = ("My name is Priya and I live in Cork.", "I've got a cat called Miso.", "I love dosa.", "I stopped smoking.")
SMALL_TALK = ("hello!", "What do parrots eat?", "thanks, that's really helpful")


def rows(study: Study, kind: str, about: str = "") -> list[Question]:
    number = [(fact.kind, fact.about) for fact in study.facts].index((kind, about))
    return [question for question in study.questions if question.fact == number]


def test_a_fact_is_asked_for_confirmed_and_denied() -> None:
    made = rows(make_study(turns_of(*TOLD)), "home")
    assert [row.kind for row in made] == ["recall"] * 6 + ["about", "yes", "no"]
    assert {row.answer for row in made if row.kind in ("recall", "about")} == {"Cork"}
    assert [row.answer for row in made if row.kind in ("yes", "no")] == [
        "Yes, you live in Cork.",
        "No, you live in Cork.",
    ]
    assert {row.text for row in made if row.kind == "recall"} <= set(load_kinds()["home"].ask)
    assert {row.turn for row in made} == {"t0"}


def test_a_statement_is_asked_for_by_its_topic() -> None:
    made = rows(make_study(turns_of(*TOLD)), "about", "smoking")
    assert {row.answer for row in made if row.kind != "no" and row.kind != "yes"} == {"you stopped smoking"}
    assert any("smoking" in row.text for row in made)


@pytest.mark.parametrize(
    ("fact", "statement", "question"),
    [
        (Fact("home", "", "Cork", "t"), "You live in Cork.", "Do I live in Cork?"),
        (Fact("work", "", "nurse", "t"), "You work as a nurse.", "Do I work as a nurse?"),
        (
            Fact("pet_kind", "", "cat and iguana", "t"),
            "You have a cat and an iguana.",
            "Do I have a cat and an iguana?",
        ),
        (Fact("relative", "sister", "Ines", "t"), "Your sister's name is Ines.", "Is my sister's name Ines?"),
        (Fact("likes_food", "", "dosa", "t"), "You like eating dosa.", "Do I like dosa?"),
        (Fact("dislikes_food", "", "olives", "t", -1), "You don't like eating olives.", "Do I dislike olives?"),
        (
            Fact("weekly", "monday", "call your mum", "t"),
            "On Mondays you call your mum.",
            "Do I call my mum on Mondays?",
        ),
        (Fact("about", "job", "you quit your job", "t"), "You quit your job.", "Did I tell you that I quit my job?"),
        (Fact("instrument", "", "cello", "t"), "You play the cello.", "Do I play the cello?"),
        (Fact("origin", "", "Gdansk", "t"), "You grew up in Gdansk.", "Did I grow up in Gdansk?"),
    ],
)
def test_a_fact_becomes_a_sentence_and_a_question(fact: Fact, statement: str, question: str) -> None:
    assert (statement_of(fact), question_of(fact)) == (statement, question)


@pytest.mark.parametrize(("text", "kind", "about", "value"), TELLS)
def test_a_no_is_never_true_and_a_yes_always(text: str, kind: str, about: str, value: str) -> None:
    study = make_study(turns_of(text))
    true = {question_of(fact).lower() for fact in study.facts}
    for row in study.questions:
        assert "{" not in row.text + row.answer
        if row.kind == "no":
            assert row.answer.startswith("No, ")
            assert row.text.lower() not in true
        if row.kind == "yes":
            assert row.answer.startswith("Yes, ")


def test_a_near_miss_avoids_all_that_was_told() -> None:
    fact = Fact("pet_kind", "", "dog", "t")
    animals = set(re.findall(r"\w+", "parrot tortoise ferret hamster goldfish goat gecko donkey canary hedgehog snake"))
    assert false_question(fact, known_words(animals), "key") == "Do I have a pony?"
    assert false_question(fact, known_words([*animals, "pony"]), "key") == ""


def test_a_liking_is_denied_by_its_opposite() -> None:
    fact = Fact("likes_food", "", "dosa", "t")
    assert false_question(fact, known_words(["dosa"]), "key") == "Do I dislike dosa?"


def test_a_date_is_denied_by_another_month() -> None:
    asked = false_question(Fact("birthday", "", "12 March", "t"), known_words(["12 March"]), "key")
    assert re.fullmatch(r"Is my birthday 12 (?!March)[A-Z][a-z]+\?", asked)


def test_the_same_turns_and_seed_give_the_same_study() -> None:
    assert make_study(turns_of(*TOLD), seed=3) == make_study(turns_of(*TOLD), seed=3)
    assert make_study(turns_of(*TOLD), seed=3) != make_study(turns_of(*TOLD), seed=4)


def test_small_talk_changes_no_question() -> None:
    plain = make_study(turns_of(*TOLD))
    mixed = make_study([*turns_of(*TOLD), *(turn for turn in turns_of(*[""] * 4, *SMALL_TALK)[4:])])
    told = [row for row in mixed.questions if mixed.facts[row.fact].turn in {"t0", "t1", "t2", "t3"}]
    assert [(row.text, row.answer, row.kind) for row in told] == [
        (row.text, row.answer, row.kind) for row in plain.questions
    ]


def test_a_study_does_not_hang_on_hash_order() -> None:
    code = (
        "from imprint.study.questions import make_study; from imprint.types import Turn;"
        f"turns = [Turn(str(i), 'u', 'user', t) for i, t in enumerate({TOLD!r})]; print(repr(make_study(turns)))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment(seed)
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert "Priya" in seen.pop()


def _environment(seed: str) -> dict[str, str]:
    import imprint

    return {"PYTHONHASHSEED": seed, "PYTHONPATH": str(next(iter(imprint.__path__)) + "/..")}


def test_keys_are_all_wordings_of_the_kind() -> None:
    wordings = wordings_of(Fact("relative", "brothers", "Ali and Omar", "t"))
    assert len(wordings) == len(load_kinds()["relative"].ask)
    assert "What's my brothers' name?" in wordings


def test_fewer_wordings_may_be_asked_for() -> None:
    made = rows(make_study(turns_of(*TOLD), wordings=2), "home")
    assert [row.kind for row in made].count("recall") == 2


def test_a_study_keeps_the_turns_it_was_made_from() -> None:
    assert [turn.text for turn in make_study(turns_of(*TOLD)).turns] == list(TOLD)


def test_no_facts_no_questions() -> None:
    assert make_study([]) == Study((), (), ())
    assert facts_of(*SMALL_TALK) == []
