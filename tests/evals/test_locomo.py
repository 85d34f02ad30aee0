"""LoCoMo: who is asked what, which turns hold the answer, and what is no such file."""

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from imprint.config import read_section
from imprint.data import read_conversation
from imprint.evals.items import Item, Loaded, Person
from imprint.evals.locomo import LoCoMo, LoCoMoOptions
from imprint.types import ImprintError


def turn(speaker: str, name: str, text: str, **extra: str) -> dict[str, Any]:
    return {"speaker": speaker, "dia_id": name, "text": text, **extra}


def asked(question: str, answer: object, category: int, *evidence: str) -> dict[str, Any]:
    return {"question": question, "answer": answer, "category": category, "evidence": list(evidence)}


def conversation(name: str = "talk-1") -> dict[str, Any]:
    talk: dict[str, Any] = {
        "speaker_a": "Imre",
        "speaker_b": "Noor",
        "session_10": [turn("Imre", "D10:1", "The kiln is here."), turn("Noor", "D10:2", "I keep two canaries.")],
        "session_10_date_time": "12:03 am on 2 January, 2025",
        "session_2": [turn("Noor", "D2:1", "My canoe!", blip_caption="a green canoe"), turn("Imre", "D2:2", "  ")],
        "session_2_date_time": "12:30 pm on 9 November, 2024",
        "session_1": [turn("Imre", "D1:1", "I took up pottery."), turn("Noor", "D1:2", "Since when?")],
        "session_1_date_time": "9:05 am on 14 June, 2024",
    }
    talk |= {f"session_{n}_date_time": "9:05 am on 3 March, 2025" for n in range(11, 27)}
    rows = [
        asked("What did Imre tell Noor about first?", "pottery", 4, "D1:1"),
        asked("How many canaries does noor have?", 2, 1, "D10:2"),
        asked("What came in January?", "a kiln", 2, "D10:1"),
        asked("Would Noor's boat suit Imre?", "yes; it is big", 3, "D2:1; D10:1 D:1:2", "D1:1", "D01:01"),
        asked("Which canoe did Noor sink?", "unused", 5, "D2:1", "D4:36"),
        {"question": "Is Imre a baker?", "adversarial_answer": "a baker", "category": 5, "evidence": []},
    ]
    return {"sample_id": name, "conversation": talk, "qa": rows}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two conversations as published, with the licence's notice beside them."""
    (tmp_path / "LICENSE.txt").write_text("Attribution-NonCommercial 4.0 International\n", encoding="utf-8")
    path = tmp_path / "talks.json"
    path.write_text(json.dumps([conversation("talk-1"), conversation("talk-2")]), encoding="utf-8")
    return path


def load(path: Path | None, seed: int = 0, limit: int = 0, **options: tuple[str, ...]) -> Loaded:
    return LoCoMo(LoCoMoOptions(**options)).load(path, seed, limit)


def item(person: Person, name: str) -> Item:
    return next(each for each in person.items if each.id == name)


def evidence(person: Person, name: str) -> list[str]:
    texts = {turn.id: turn.text for turn in person.turns}
    return [texts[each] for each in item(person, name).evidence]


def picked(loaded: Loaded) -> set[tuple[str, str]]:
    return {(person.user, each.id) for person in loaded.people for each in person.items}


# Who is asked what.


def test_each_speaker_is_a_person_with_the_whole_conversation(file):
    people = load(file).people
    assert [person.user for person in people] == ["talk-1-imre", "talk-1-noor", "talk-2-imre", "talk-2-noor"]
    noor = people[1]
    assert [(turn.user, turn.role, turn.text) for turn in noor.turns] == [
        ("talk-1-noor", "assistant", "I took up pottery."),
        ("talk-1-noor", "user", "Since when?"),
        ("talk-1-noor", "user", "My canoe! [shares a photo: a green canoe]"),
        ("talk-1-noor", "assistant", "The kiln is here."),
        ("talk-1-noor", "user", "I keep two canaries."),
    ]


def test_turns_are_those_that_ingest_hears(file):
    heard = tuple(read_conversation(file, "talk-2-imre", "locomo", "talk-2", "Imre"))
    assert load(file).people[2].turns == heard


def test_a_question_goes_to_the_speaker_it_names_first(file):
    imre, noor = load(file, samples=("talk-1",)).people
    assert [each.id for each in imre.items] == ["q0", "q2", "q5"]
    assert [each.id for each in noor.items] == ["q1", "q3", "q4"]


def test_a_name_inside_a_word_is_no_name(file):
    value = [conversation()]
    value[0]["qa"] = [asked("What do Noors and imres say to Noor?", "hello", 4)]
    file.write_text(json.dumps(value), encoding="utf-8")
    assert [person.user for person in load(file).people] == ["talk-1-noor"]


def test_items_carry_question_type_answer_and_instruction(file):
    imre, noor = load(file, samples=("talk-1",)).people
    assert Counter(each.kind for each in imre.items + noor.items) == {
        "multi-hop": 1,
        "temporal": 1,
        "open-domain": 1,
        "single-hop": 1,
        "adversarial": 2,
    }
    first = item(imre, "q0")
    assert (first.question, first.kind, first.answer) == (
        "What did Imre tell Noor about first?",
        "single-hop",
        "pottery",
    )
    assert (first.new_tokens, first.accept, first.options) == (32, (), ())
    assert first.system.startswith("The user is Imre, who talked with Noor.")
    assert "No information available" in first.system
    assert {each.system for each in imre.items} == {first.system}


def test_a_number_as_answer_becomes_text(file):
    assert item(load(file).people[1], "q1").answer == "2"


def test_adversarial_items_have_no_answer_with_or_without_the_key(file):
    imre, noor = load(file, samples=("talk-1",)).people
    for each in (item(imre, "q5"), item(noor, "q4")):
        assert (each.kind, each.answer) == ("adversarial", "")
        assert each.accept == ("no information available", "not mentioned")


def test_what_the_numbers_mean_is_said_beside_them(file):
    loaded = load(file)
    assert loaded.files == (file,)
    assert "own turns are that person's memory" in loaded.note
    assert "the speaker it names first" in loaded.note
    assert (LoCoMo.name, LoCoMo.headline, LoCoMo.licence) == ("locomo", "f1", "CC BY-NC 4.0")


def test_names_become_user_names_of_the_store(file):
    value = [conversation("talk 1/a")]
    value[0]["conversation"] = json.loads(json.dumps(value[0]["conversation"]).replace("Imre", "Zoé O'Hara"))
    value[0]["qa"] = [asked("Where is Zoé O'Hara's kiln?", "here", 4)]
    file.write_text(json.dumps(value), encoding="utf-8")
    assert [person.user for person in load(file).people] == ["talk-1-a-zoé-o-hara"]


# Which turns hold the answer.


def test_evidence_skips_the_empty_turn_and_orders_sessions_by_number(file):
    imre, noor = load(file, samples=("talk-1",)).people
    assert evidence(imre, "q2") == ["The kiln is here."]
    assert evidence(noor, "q1") == ["I keep two canaries."]
    assert evidence(imre, "q0") == ["I took up pottery."]


def test_several_ids_in_one_string_a_slip_and_a_repeat_are_read(file):
    assert evidence(load(file).people[1], "q3") == [
        "My canoe! [shares a photo: a green canoe]",
        "The kiln is here.",
        "Since when?",
        "I took up pottery.",
    ]


def test_evidence_that_names_no_turn_is_left_out(file):
    imre, noor = load(file, samples=("talk-1",)).people
    assert evidence(noor, "q4") == ["My canoe! [shares a photo: a green canoe]"]
    assert item(imre, "q5").evidence == ()


@pytest.mark.parametrize("named", [[], ["D2:2"], ["D"], ["D1:"], ["see above"], ["D11:1"], ["D99999999999:1"]])
def test_odd_evidence_is_no_evidence(file, named):
    value = [conversation()]
    value[0]["qa"] = [asked("Where is Imre?", "here", 4, *named)]
    file.write_text(json.dumps(value), encoding="utf-8")
    assert load(file).people[0].items[0].evidence == ()


def test_of_two_turns_with_one_id_the_first_is_meant(file):
    value = [conversation()]
    value[0]["conversation"]["session_10"][0]["dia_id"] = "D1:1"
    del value[0]["conversation"]["session_10"][1]["dia_id"]
    file.write_text(json.dumps(value), encoding="utf-8")
    imre, noor = load(file).people
    assert evidence(imre, "q0") == ["I took up pottery."]
    assert item(noor, "q1").evidence == ()


# Choosing.


def test_options_choose_conversations_and_types(file):
    loaded = load(file, samples=("talk-2",), types=("temporal", "multi-hop"))
    assert picked(loaded) == {("talk-2-imre", "q2"), ("talk-2-noor", "q1")}


def test_a_person_who_is_asked_nothing_is_left_out(file):
    assert [person.user for person in load(file, types=("temporal",)).people] == ["talk-1-imre", "talk-2-imre"]


def test_options_come_from_a_table_and_refuse_an_unknown_type():
    assert read_section(LoCoMoOptions, {"samples": ["conv-26"]}, "x") == LoCoMoOptions(samples=("conv-26",))
    with pytest.raises(ValueError, match="types has 'multi', expected some of multi-hop, temporal"):
        LoCoMoOptions(types=("multi",))


def large(file: Path) -> Path:
    """Three conversations with 24, 24 and 4 questions; the first two have few of one type."""
    value = [conversation(name) for name in ("talk-1", "talk-2", "talk-3")]
    for each in value:
        each["qa"] = [asked("Who is Noor?", "a friend", kind) for kind in (1, 2, 4, 5) for _ in range(7)]
    for each in value[:2]:
        del each["qa"][:4]
    value[2]["qa"] = value[2]["qa"][::7]
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def test_a_limit_is_spread_over_conversations_and_over_types(file):
    loaded = load(large(file), limit=28)
    assert {person.user: len(person.items) for person in loaded.people} == {
        "talk-1-noor": 12,
        "talk-2-noor": 12,
        "talk-3-noor": 4,
    }
    for person in loaded.people[:2]:
        assert Counter(each.kind for each in person.items) == dict.fromkeys(
            ("multi-hop", "temporal", "single-hop", "adversarial"), 3
        )


def test_what_a_small_group_cannot_give_the_others_give(file):
    loaded = load(large(file), limit=44)
    assert [len(person.items) for person in loaded.people] == [20, 20, 4]
    kinds = Counter(each.kind for each in loaded.people[0].items)
    assert kinds["multi-hop"] == 3
    assert sorted(kinds.values()) == [3, 5, 6, 6]


def test_a_limit_above_all_and_no_limit_give_every_item_in_order(file):
    assert load(file, limit=1000) == load(file)
    assert [each.id for each in load(large(file)).people[0].items] == [f"q{n}" for n in range(24)]


def test_the_choice_depends_on_the_seed_alone(file):
    large(file)
    assert load(file, seed=3, limit=10) == load(file, seed=3, limit=10)
    assert len({frozenset(picked(load(file, seed=seed, limit=10))) for seed in range(4)}) == 4


def test_a_smaller_limit_is_part_of_a_larger_one(file):
    large(file)
    growing = [picked(load(file, limit=limit)) for limit in (1, 5, 17, 40)]
    assert [len(each) for each in growing] == [1, 5, 17, 40]
    assert growing[0] < growing[1] < growing[2] < growing[3]


# Bad data.


def failure(path: Path | None, samples: tuple[str, ...] = ()) -> str:
    with pytest.raises(ImprintError) as caught:
        load(path, samples=samples)
    return str(caught.value).removeprefix(f"{path}: ")


def test_no_file_and_a_missing_file_say_so(tmp_path):
    assert failure(None).startswith("locomo needs its data file. Get locomo10.json from https://")
    assert failure(tmp_path / "gone.json") == f"{tmp_path / 'gone.json'} does not exist. Check the path"
    assert failure(tmp_path) == f"{tmp_path} is a directory. Name a file in it"


def test_bytes_that_are_no_text_are_named_by_place(file):
    file.write_bytes(b'[{"sample_id": "caf\xe9"}]')
    assert failure(file) == "byte 19: not UTF-8 text. Save it as UTF-8 text"


@pytest.mark.parametrize(
    "value",
    [
        [{"preference": "I never eat olives.", "question": "What pizza?", "explanation": "Olives."}],
        {"messages": []},
        [],
        ["talk"],
    ],
)
def test_a_file_of_another_benchmark_is_refused(file, value):
    file.write_text(json.dumps(value), encoding="utf-8")
    assert failure(file).startswith("not a LoCoMo file: expected a list of objects with sample_id, conversation and qa")


def test_a_table_is_refused_at_its_first_line(file):
    file.write_text("question,choice0,choice1\nWhy?,a,b\n", encoding="utf-8")
    assert failure(file) == "line 1, column 1: not valid JSON (Expecting value)"


def test_the_licence_lies_beside_the_file_or_one_folder_up(file):
    deeper = file.parent / "data" / "talks.json"
    deeper.parent.mkdir()
    deeper.write_bytes(file.read_bytes())
    assert load(deeper).people == load(file).people
    (file.parent / "LICENSE.txt").unlink()
    told = failure(file)
    assert told.startswith("no LICENSE file with its terms (CC BY-NC 4.0) beside it or one folder up. ")
    assert told.endswith("Get the LICENSE of https://github.com/snap-research/locomo and put it there")
    (file.parent / "LICENSE").write_text("Apache License", encoding="utf-8")
    assert failure(file) == told
    (deeper.parent / "LICENSE").write_text("Attribution-NonCommercial 4.0 International", encoding="utf-8")
    assert load(deeper).people


def test_an_unknown_sample_lists_what_there_is(file):
    assert failure(file, samples=("talk-2", "conv-1")) == (
        "holds no sample conv-1; samples: talk-1, talk-2. Choose others with --set samples=NAME"
    )


@pytest.mark.parametrize(
    ("way", "value", "problem"),
    [
        (["sample_id"], 7, "[1].sample_id: expected a string"),
        (["conversation"], [], "[1].conversation: expected an object"),
        (["conversation", "speaker_b"], None, "[1].conversation.speaker_b: expected a string"),
        (["conversation", "session_1", 0, "speaker"], "Ada", "[1].conversation.session_1[0].speaker: expected one of"),
        (["qa"], {}, "[1].qa: expected a list"),
        (["qa", 2], "x", "[1].qa[2]: expected an object"),
        (["qa", 2, "question"], None, "[1].qa[2].question: expected a string"),
        (["qa", 2, "question"], "half \ud800", "[1].qa[2].question: character 5 is half of a surrogate pair"),
        (["qa", 2, "category"], 6, "[1].qa[2].category: expected a number from 1 to 5"),
        (["qa", 2, "category"], True, "[1].qa[2].category: expected a number from 1 to 5"),
        (["qa", 2, "answer"], None, "[1].qa[2].answer: expected a string or a number"),
        (["qa", 2, "answer"], ["a"], "[1].qa[2].answer: expected a string or a number"),
        (["qa", 2, "evidence"], "D1:1", "[1].qa[2].evidence: expected a list"),
        (["qa", 2, "evidence"], [3], "[1].qa[2].evidence[0]: expected a string"),
    ],
)
def test_wrong_shapes_name_the_place(file, way, value, problem):
    talks: Any = [conversation("talk-1"), copy.deepcopy(conversation("talk-2"))]
    target = talks[1]
    for key in way[:-1]:
        target = target[key]
    target[way[-1]] = value
    file.write_text(json.dumps(talks), encoding="utf-8")
    assert failure(file).startswith(problem)


def test_a_file_without_such_a_question_says_so(file):
    value = conversation()
    value["qa"] = []
    file.write_text(json.dumps([value]), encoding="utf-8")
    assert failure(file) == "no question in it is of the kind asked for. Choose others with --set"


def test_two_people_never_share_a_user_name(file):
    value = [conversation("talk 1"), conversation("talk-1")]
    file.write_text(json.dumps(value), encoding="utf-8")
    assert "two of its people would share one user name" in failure(file)
