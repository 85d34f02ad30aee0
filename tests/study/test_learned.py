"""The learned reader beside the patterns: who is believed where, what is kept whole, and what each fact foresees."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.encode.minilm import MiniLM, find_weights
from imprint.study.extractor.extractor import Extractor, Read, open_extractor
from imprint.study.learned import LearnedReader, overlap
from imprint.study.reader import read_on
from imprint.types import Fact, Turn

QUIET = Read(0.0, "about", "", "", 1, 0.0, 0.0, torch.zeros(3))


def reading(kind: str, value: str, sure: float, tells: float = 0.9, changes: float = 0.0, polarity: int = 1) -> Read:
    """What the network would say; `foreseen` names the reading."""
    mark = torch.tensor([len(value), sure, changes])
    return Read(tells, kind, "", value, polarity, changes, sure, mark)


class Script(Extractor):
    """The shipped network, but for what it reads: given for some texts, nothing for the others."""

    def __init__(self, shipped: Extractor, script: dict[str, Read]) -> None:
        super().__init__(shipped.encoder, shipped.net, shipped.kept, shipped.prototypes, shipped.asking)
        self.script = script
        self.seen: list[str] = []

    def read_all(self, said: Sequence[tuple[str, str]]) -> list[Read]:
        self.seen += [text for text, _ in said]
        return [self.script.get(text, QUIET) for text, _ in said]


class Scripted(LearnedReader):
    """A reader whose network follows a script."""

    def __init__(self, extractor: Extractor, script: dict[str, Read]) -> None:
        network = Script(extractor, script)
        super().__init__(network)
        self.seen = network.seen


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    return open_extractor(MiniLM(find_weights(), tmp_path_factory.mktemp("home")))


def said(text: str, number: int = 1) -> Turn:
    return Turn(f"{number:016x}", "mira", "user", text, "", "chat")


def values(facts: Sequence[Fact]) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in facts]


CORK = "I live in Cork, the wet end of it."


@pytest.mark.parametrize(
    ("sure", "kept"),
    [(0.9, [("origin", "Cork, the wet end")]), (0.4, [("home", "Cork")])],
)
def test_where_both_speak_of_one_thing_the_network_is_believed_if_it_is_sure(
    extractor: Extractor, sure: float, kept: list[tuple[str, str]]
) -> None:
    reader = Scripted(extractor, {CORK: reading("origin", "Cork, the wet end", sure)})
    assert values(reader.fold((), said(CORK), "")) == kept
    assert [(one.kind, one.value) for one in reader.understand(CORK, "")[1]] == kept


def test_what_the_network_did_not_see_the_patterns_add_and_statements_they_do_not(extractor: Extractor) -> None:
    text = "I live in Cork and the stairs are a lot."
    reader = Scripted(extractor, {text: reading("home_detail", "stairs", 0.6)})
    facts = reader.fold((), said(text), "")
    assert values(facts) == [("home", "Cork"), ("home_detail", "stairs")]
    assert [fact.sure for fact in facts] == [0.9, 0.6]
    assert [one.sure for one in reader.understand(text, "")[1]] == [0.6, 0.9]
    told = "my back is a barometer."
    assert Scripted(extractor, {told: reading("health", "", 0.6)}).fold((), said(told), "") == ()


def test_the_patterns_are_not_believed_where_the_network_sees_nothing_told(extractor: Extractor) -> None:
    assert Scripted(extractor, {}).fold((), said(CORK), "") == ()
    assert Scripted(extractor, {}).understand(CORK, "") == (0.0, ())


def test_a_sentence_that_tells_something_else_is_read_by_itself(extractor: Extractor) -> None:
    whole = "My aunt bakes. I swim on Mondays. It rained."
    script = {
        whole: reading("relative_work", "bakes", 0.6),
        "My aunt bakes.": reading("hobby", "bakes", 0.9),
        "I swim on Mondays.": reading("habit", "Mondays", 0.4),
    }
    reader = Scripted(extractor, script)
    assert [one.value for one in reader.understand(whole, "")[1]][:2] == ["bakes", "Mondays"]
    assert reader.seen == [whole, "My aunt bakes.", "I swim on Mondays."]  # nobody speaks of themselves in the third
    reader = Scripted(extractor, script | {"I swim on Mondays.": reading("habit", "Mondays", 0.2)})
    assert "Mondays" not in [one.value for one in reader.understand(whole, "")[1] if one.kind == "habit"]


def test_of_a_long_turn_a_bounded_number_of_sentences_is_read(extractor: Extractor) -> None:
    text = " ".join(f"I saw {number} hens." for number in range(500))
    reader = Scripted(extractor, {text: reading("about", "hens", 0.6)})
    reader.understand(text, "")
    assert len(reader.seen) == 1 + reader.most


def test_what_is_over_is_taken_back_and_the_sentence_kept(extractor: Extractor) -> None:
    chess = Fact("hobby", "", "chess and go", "0" * 16)
    text = "Nice weather. chess is history for me."
    read = reading("hobby", "chess", 0.8, changes=0.9, polarity=-1)
    facts = Scripted(extractor, {text: read}).fold((chess,), said(text), "")
    assert ("hobby", "go") in values(facts)
    (kept,) = [fact for fact in facts if fact.turn == said(text).id]
    assert (kept.kind, kept.about, kept.value) == ("about", "chess", "chess is history for you")


def test_what_the_patterns_end_stays_where_the_network_sees_no_change(extractor: Extractor) -> None:
    plays = Fact("instrument", "", "cello", "0" * 16)
    text = "I don't play the cello any more."
    for changes, left in ((0.0, [("instrument", "cello")]), (0.3, [])):
        reader = Scripted(extractor, {text: reading("about", "", 0.0, tells=0.3, changes=changes)})
        assert [one for one in values(reader.fold((plays,), said(text), "")) if one[0] == "instrument"] == left
        both = Fact("instrument", "", "cello and piano", "0" * 16)
        (fact,) = [one for one in reader.fold((both,), said(text), "") if one.kind == "instrument"]
        assert fact.value == ("piano" if changes else "cello and piano")


@pytest.mark.parametrize(
    ("held", "text", "left"),
    [
        (Fact("drink_habit", "", "coffee", "0" * 16), "I don't drink coffee any more.", [("drink_habit", "coffee")]),
        (Fact("likes_food", "", "olives", "0" * 16), "I hate olives.", [("dislikes_food", "olives")]),
    ],
)
def test_without_a_change_nothing_is_ended_but_opposites(
    extractor: Extractor, held: Fact, text: str, left: list[tuple[str, str]]
) -> None:
    reader = Scripted(extractor, {text: reading("about", "", 0.0, tells=0.3)})
    assert values(reader.fold((held,), said(text), "")) == left


def test_a_new_trip_takes_no_time_from_the_old_one(extractor: Extractor) -> None:
    held = (Fact("plan_trip", "", "Rome", "0" * 16), Fact("plan_trip_time", "", "in May", "0" * 16))
    text = "I'm going to Lisbon."
    reader = Scripted(extractor, {text: reading("about", "", 0.0, tells=0.3)})
    assert values(reader.fold(held, said(text), "")) == [("plan_trip", "Lisbon")]


@pytest.mark.parametrize("sure", [0.4, 0.9])
def test_words_of_earlier_turns_do_not_decide_what_stands(extractor: Extractor, sure: float) -> None:
    held = (Fact("hobby", "", "chess", "0" * 16),)
    text = "My hobby is pottery, my chess club closed."
    reader = Scripted(extractor, {text: reading("club", "chess club", sure)})
    assert values(reader.fold(held, said(text), "")) == [("hobby", "chess and pottery"), ("club", "chess club")]


def test_a_change_on_a_kind_of_many_ends_none_of_them(extractor: Extractor) -> None:
    held = (Fact("allergy", "", "peanuts, kiwi and latex", "0" * 16),)
    text = "walnuts are out too now"
    (fact,) = Scripted(extractor, {text: reading("allergy", "walnuts", 0.6, changes=0.9)}).fold(held, said(text), "")
    assert "walnuts" in fact.value
    assert "latex" in fact.value


def test_each_fact_foresees_what_was_read_of_it(extractor: Extractor) -> None:
    whole = "I live in Cork. My knee is tin."
    script = {
        whole: reading("health", "tin", 0.9),
        "I live in Cork.": reading("origin", "Cork", 0.9),
        "My knee is tin.": reading("about", "knee", 0.9),
    }
    reader = Scripted(extractor, script)
    row = reader.foresee(Fact("health", "", "tin", "1"), whole, "")
    assert row is not None
    assert torch.equal(row, script[whole].foreseen)
    for kept, part in (("your knee is bent", "My knee is tin."), ("it is raining", whole)):
        of = reader.foresee(Fact("about", "knee", kept, "1"), whole, "")
        assert of is not None
        assert torch.equal(of, script[part].foreseen)
    other = reader.foresee(Fact("health", "knee", "tin", "1"), whole, "")
    assert other is not None
    assert not torch.equal(other[:3], row)
    certain = reader.foresee(Fact("home", "", "Cork", "1"), whole, "")
    assert certain is not None
    width, kinds = extractor.prototypes.shape[1], extractor.kept.kinds
    assert kinds[int(certain[width:].argmax())] == "home"
    assert certain[width:].max() > 0.99
    assert certain[:width].norm().item() == pytest.approx(1, abs=1e-5)
    assert reader.foresee(Fact("statement", "", "x", "1"), whole, "") is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("the cello", "Cello and the piano", True),
        ("the cello", "the piano", False),
        ("in Cork", "cork", True),
        ("", "cork", False),
    ],
)
def test_values_overlap_in_words_that_say_something(left: str, right: str, same: bool) -> None:
    assert overlap(left, right) is overlap(right, left) is same


TALK = [
    "I'm allergic to walnuts and I play the cello.",
    "we've moved to Leeds, forget about York",
    "I don't play the cello any more.",
    "thanks, that helps",
    "My sister Beatriz is a vet. What time is it there?",
    "assistant: What do you play?",
]


@given(places=st.lists(st.integers(0, 5), max_size=3), order=st.permutations(TALK))
@settings(deadline=None, max_examples=6)
def test_read_in_several_goes_as_in_one(extractor: Extractor, places: list[int], order: list[str]) -> None:
    reader, turns = LearnedReader(extractor), [said(text, number) for number, text in enumerate(order)]
    turns = [replace(t, role="assistant") if t.text.startswith("assistant") else t for t in turns]
    whole = read_on(reader, (), turns)
    facts, line, start = (), ("", ""), 0
    for end in [*sorted(places), len(turns)]:
        facts, line = read_on(reader, facts, turns[start:end], line)
        start = max(start, end)
    assert (facts, line) == whole
