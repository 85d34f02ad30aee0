"""What folds turns into facts: a reader, the line before a turn, and corrections."""

from imprint.study.reader import CORRECTION, Reader, Understood, correction, read_on
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


def test_a_turn_is_read_with_the_line_it_answers() -> None:
    turns = [said("Where?", "assistant"), said("Cork"), said("and Bantry")]
    facts, before = read_on(Echo(), (), turns)
    assert [fact.value for fact in facts][1:] == ["Where?>Cork", ">and Bantry"]
    assert before == ""


def test_read_in_two_goes_as_in_one() -> None:
    turns = [said("Where?", "assistant"), said("Cork"), said("Since when?", "assistant"), said("May")]
    whole = read_on(Echo(), (), turns)
    for cut in range(len(turns) + 1):
        facts, before = read_on(Echo(), (), turns[:cut])
        assert read_on(Echo(), facts, turns[cut:], before) == whole


def test_a_correction_takes_the_place_of_all_that_was_told_of_the_same() -> None:
    pet = Fact("pet_name", "dog", "Biscuit", "2")
    text, source = correction(pet, "Rex: the Second")
    facts, _ = read_on(RULES, (LIVES, pet), [said(text, source=source)])
    assert source.startswith(CORRECTION)
    assert facts == (LIVES, Fact("pet_name", "dog", "Rex: the Second", text))


def test_a_correction_for_a_kind_without_about_leaves_the_others() -> None:
    text, source = correction(LIVES, "Bantry")
    other = Fact("work", "", "diver", "3")
    assert read_on(RULES, (other, LIVES), [said(text, source=source)])[0] == (other, Fact("home", "", "Bantry", text))


def test_the_rules_read_what_extract_finds() -> None:
    _, read = RULES.understand("I live in Cork.", "")
    assert [(one.kind, one.value) for one in read] == [("home", "Cork")]
    assert RULES.understand("What is 2 + 2?", "") == (0.0, ())
    facts, _ = read_on(RULES, (), turns_of("I live in Cork."))
    assert facts[0].value == "Cork"


def test_the_default_reader_is_the_rules() -> None:
    from imprint.encode.hashing import Hashing

    assert open_reader("", Hashing()) is RULES
