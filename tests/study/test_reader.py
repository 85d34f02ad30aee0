"""What folds turns into facts: a reader, the line before a turn, and corrections."""

import pytest

from imprint.study.reader import NO_LINE, Reader, Understood, correction, read_on
from imprint.study.readers import RULES, open_reader
from imprint.types import Fact, Turn
from tests.study.told import turns_of

LIVES = Fact("home", "", "Cork", "1")


class Echo(Reader):
    """Keeps what it was shown."""

    id, answers = "echo", True

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        return 1.0, (Understood("about", "line", f"{before}>{text}", 1, False, 1.0),)

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        return (*facts, *(Fact(u.kind, u.about, u.value, turn.id) for u in self.understand(turn.text, before)[1]))


def said(text: str, role: str = "user", source: str = "chat") -> Turn:
    return Turn(text, "mira", "assistant" if role == "assistant" else "user", text, "", source)


TALK = [
    said("Where?", "assistant"),
    said("Cork"),
    said("and Bantry"),
    said("Since when?", "assistant"),
    said("every day", source="elsewhere"),
    said("May"),
    said("What about " + "x" * 300, "assistant"),
    said("no"),
]


def test_a_turn_is_read_with_the_line_it_answers() -> None:
    facts, line = read_on(Echo(), (), TALK)
    answered = {fact.turn: fact.value.rpartition(">")[0] for fact in facts}
    assert answered["Cork"] == "Where?"
    assert answered["and Bantry"] == answered["every day"] == answered["May"] == ""
    assert answered["no"] == "x" * 240
    assert line == NO_LINE


def test_a_correction_between_question_and_answer_answers_nothing_and_hides_nothing() -> None:
    text, source = correction(LIVES, "Bantry")
    asked = [said("Do you smoke?", "assistant"), said(text, source=source), said("every day, since May")]
    facts, _ = read_on(Echo(), (LIVES,), asked)
    assert facts[0] == Fact("home", "", "Bantry", text)
    assert facts[-1].value == "Do you smoke?>every day, since May"


def test_read_in_two_goes_as_in_one() -> None:
    text, source = correction(Fact("about", "line", "Where?>Cork", "Cork"), "Youghal")
    turns = [*TALK, said("Sure?", "assistant"), said(text, source=source), said("yes")]
    whole = read_on(Echo(), (), turns)
    assert "Youghal" in [fact.value for fact in whole[0]]
    for cut in range(len(turns) + 1):
        facts, line = read_on(Echo(), (), turns[:cut])
        assert read_on(Echo(), facts, turns[cut:], line) == whole


def test_a_correction_takes_the_place_of_the_fact_and_of_no_other() -> None:
    pet, other = Fact("pet_name", "dog", "Biscuit", "2"), Fact("statement", "dog", "your dog snores", "3")
    twin = Fact("statement", "dog", "your dog sings", "4")
    text, source = correction(pet, "Rex: the Second")
    facts, _ = read_on(RULES, (LIVES, pet, other, twin), [said(text, source=source)])
    assert facts == (LIVES, Fact("pet_name", "dog", "Rex: the Second", text), other, twin)
    text, source = correction(twin, "your dog hums")
    assert "dog" not in source
    facts, _ = read_on(RULES, (LIVES, pet, other, twin), [said(text, source=source)])
    assert facts == (LIVES, pet, other, Fact("statement", "dog", "your dog hums", text))


def test_of_two_relatives_told_in_one_turn_the_right_one_is_corrected() -> None:
    sister, brother = Fact("relative", "sister", "Maja", "1"), Fact("relative", "brother", "Tom", "1")
    text, source = correction(brother, "Timo")
    facts, _ = read_on(RULES, (sister, brother), [said(text, source=source)])
    assert facts == (sister, Fact("relative", "brother", "Timo", text))


@pytest.mark.parametrize(
    "turn",
    [
        said("where I live: Bantry", "assistant", "correct:home:1"),
        said("where I live: Bantry", source="correct:home:2"),
        said("where I live: ", source="correct:home:1"),
        said("here is an essay", source="correct:home:1"),
        said("here is an essay", source="correct:my essay"),
    ],
)
def test_what_only_looks_like_a_correction_is_a_turn_like_others(turn: Turn) -> None:
    assert "Bantry" not in [fact.value for fact in read_on(RULES, (LIVES,), [turn])[0] if fact.kind == "home"]
    assert LIVES in read_on(RULES, (LIVES,), [turn])[0]


def test_a_list_that_no_turn_touches_stays_whole() -> None:
    allergies = Fact("allergy", "", "peanuts, shellfish, kiwi and latex", "1")
    assert read_on(RULES, (allergies,), turns_of("What time is it?", "I live in Cork."))[0][0] == allergies


def test_the_rules_read_what_extract_finds() -> None:
    _, read = RULES.understand("I live in Cork.", "")
    assert [(one.kind, one.value) for one in read] == [("home", "Cork")]
    assert RULES.understand("What is 2 + 2?", "") == (0.0, ())
    facts, _ = read_on(RULES, (), turns_of("I live in Cork."))
    assert facts[0].value == "Cork"
    assert [one.changes for one in RULES.understand("I hate olives.", "")[1]] == [False]
    assert [one.changes for one in RULES.understand("Actually, I live in Cork.", "")[1]] == [True]


def test_without_the_encoder_of_the_learned_reader_auto_is_the_rules() -> None:
    from imprint.encode.hashing import Hashing

    assert open_reader("auto", Hashing()) is open_reader("", Hashing()) is RULES
