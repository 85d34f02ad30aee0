"""Anyone's own users: what is read, and what a bad file is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from imprint.data import turn_id
from imprint.evals.items import Item
from imprint.evals.recall import Recall, RecallOptions
from imprint.types import ImprintError

DOG = {
    "question": "What's my dog called?",
    "answer": "biscuit",
    "accept": ["Biscuit the dog"],
    "distractor": "Rex",
    "kind": "fact",
    "turn": 0,
}
TOWN = {"question": "Where do I live?", "answer": "Oban", "accept": [], "distractor": "Tenby", "kind": "changed"}
CAT = {"question": "What's my cat called?", "kind": "never_told"}
SEVEN = {"question": "What is three plus four?", "answer": "", "accept": [], "kind": "irrelevant"}
TURNS = [{"role": "user", "text": "Biscuit, my dog, says hi."}, {"role": "assistant", "text": "Hi!"}]
MIRA = {"user": "mira", "turns": TURNS, "questions": [DOG, TOWN, CAT, SEVEN]}


def write(folder: Path, *people: Any) -> Path:
    path = folder / "people.jsonl"
    path.write_text("\n\n".join(json.dumps(person) for person in people), encoding="utf-8")
    return path


def load(path: Path, limit: int = 0, **options: Any) -> Any:
    return Recall(RecallOptions(**options)).load(path, 0, limit)


def read_one(folder: Path) -> dict[str, Item]:
    return {item.question: item for item in load(write(folder, MIRA)).people[0].items}


def refusal(path: Path) -> str:
    with pytest.raises(ImprintError) as caught:
        load(path)
    return str(caught.value)


def test_a_file_of_ones_own_users_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, MIRA, MIRA | {"user": "noor"})
    loaded = load(path)
    assert [person.user for person in loaded.people] == ["mira", "noor"]
    assert loaded.files == (path,)
    assert "own file" in loaded.note
    first = loaded.people[0].turns[0]
    assert (first.role, first.text, first.user) == ("user", TURNS[0]["text"], "mira")
    assert first.id == turn_id("mira", 0, "user", TURNS[0]["text"], "")
    assert len({turn.id for person in loaded.people for turn in person.turns}) == 4


def test_a_question_becomes_an_item(tmp_path: Path) -> None:
    item = read_one(tmp_path)["What's my dog called?"]
    assert (item.kind, item.answer, item.accept) == ("fact", "biscuit", ("Biscuit the dog",))
    assert sorted(item.options) == ["Biscuit.", "Rex."]
    assert item.options[item.right] == "Biscuit."
    assert item.evidence == (turn_id("mira", 0, "user", TURNS[0]["text"], ""),)
    assert item.avoid == ()


def test_a_changed_fact_avoids_its_old_value(tmp_path: Path) -> None:
    item = read_one(tmp_path)["Where do I live?"]
    assert item.avoid == ("Tenby",)
    assert item.evidence == ()


def test_what_was_never_told_avoids_every_answer(tmp_path: Path) -> None:
    assert read_one(tmp_path)["What's my cat called?"].avoid == ("biscuit", "Oban")
    assert read_one(tmp_path)["What is three plus four?"].avoid == ()


def test_limits_and_measured_hold_for_ones_own_users(tmp_path: Path) -> None:
    path = write(tmp_path, MIRA, MIRA | {"user": "noor"})
    counts = [len(person.items) for person in load(path, measured=1).people]
    assert counts == [4, 0]
    assert [len(person.items) for person in load(path, measured=2, users=1).people] == [4, 4]
    with pytest.raises(ImprintError, match="measured is 3, and there are 2 users"):
        load(path, measured=3)
    assert sum(len(person.items) for person in load(path, limit=3).people) == 3
    assert [len(person.items) for person in load(path, questions=1).people] == [3, 3]


def test_the_order_of_options_does_not_hang_on_the_neighbours(tmp_path: Path) -> None:
    both = load(write(tmp_path, MIRA)).people[0].items[1]
    alone = load(write(tmp_path, MIRA | {"questions": [TOWN]})).people[0].items[0]
    assert (both.options, both.right) == (alone.options, alone.right)


def without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != key}


@pytest.mark.parametrize(
    ("person", "wrong"),
    [
        ([1], "line 3: a JSON list"),
        ("text", "line 3: expected an object"),
        (without(MIRA, "user"), "line 3: user: missing"),
        (MIRA | {"user": " "}, "line 3: user: expected a text that is not empty"),
        (MIRA, "line 3: user: this name stands on an earlier line"),
        (MIRA | {"turns": []}, "line 3: turns: the user says nothing"),
        (MIRA | {"turns": TURNS[1:]}, "line 3: turns: the user says nothing"),
        (MIRA | {"turns": "hi"}, "line 3: turns: expected a list"),
        (MIRA | {"turns": ["hi"]}, "line 3: turns[0]: expected an object"),
        (MIRA | {"turns": [TURNS[0] | {"role": "bot"}]}, 'turns[0].role: expected "user" or "assistant"'),
        (MIRA | {"turns": [*TURNS, {"role": "user", "text": ""}]}, "turns[2].text: expected a text"),
        (MIRA | {"turns": [{"role": "user", "text": "\ud800"}]}, "turns[0].text: character 0 is half of a surrogate"),
        (MIRA | {"turns": [{"role": "user", "text": "a" * 100_001}]}, "turns[0].text: longer than 100000"),
        (without(MIRA, "questions"), "line 3: questions: missing"),
        (MIRA | {"questions": [without(DOG, "question")]}, "questions[0].question: missing"),
        (MIRA | {"questions": [CAT, DOG | {"kind": "trivia"}]}, "questions[1].kind: expected one of fact, preference"),
        (MIRA | {"questions": [without(DOG, "kind")]}, "questions[0].kind: missing"),
        (MIRA | {"questions": [DOG | {"answer": 3}]}, "questions[0].answer: expected a text"),
        (MIRA | {"questions": [without(DOG, "distractor")]}, "questions[0].distractor: missing"),
        (MIRA | {"questions": [DOG | {"distractor": "BISCUIT"}]}, "questions[0].distractor: is an accepted answer"),
        (MIRA | {"questions": [TOWN | {"answer": "New Tenby"}]}, "distractor: the old value stands in every accepted"),
        (MIRA | {"questions": [DOG | {"accept": "Biscuit"}]}, "questions[0].accept: expected a list of texts"),
        (MIRA | {"questions": [DOG | {"accept": [""]}]}, "questions[0].accept: expected a list of texts"),
        (MIRA | {"questions": [DOG | {"turn": 2}]}, "questions[0].turn: expected the place of a turn, 0 to 1"),
        (MIRA | {"questions": [DOG | {"turn": True}]}, "questions[0].turn: expected the place of a turn"),
        (MIRA | {"questions": [DOG | {"turn": 1}]}, "questions[0].turn: that turn is the assistant's"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(tmp_path: Path, person: Any, wrong: str) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(f"{json.dumps(MIRA)}\n\n{json.dumps(person)}\n", encoding="utf-8")
    message = refusal(path)
    assert message.startswith(f"{path}: line 3: ")
    assert wrong in message
    assert "Biscuit, my dog" not in message


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    assert "does not exist" in refusal(path)
    path.write_bytes(b"")
    assert "is empty" in refusal(path)
    path.write_bytes(b"\n \n")
    assert refusal(path).startswith(f"{path}: no users in it")
    path.write_text(json.dumps(MIRA | {"questions": []}), encoding="utf-8")
    assert refusal(path).startswith(f"{path}: no questions in it")
    path.write_bytes(b"PK\x03\x04 a zip")
    assert "zip" in refusal(path)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(json.dumps(MIRA).encode() + b"\n{\xff\n")
    assert "line 2: not UTF-8 text" in refusal(path)


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(json.dumps(MIRA) + '\n{"user": nobody}\n', encoding="utf-8")
    assert "line 2, column 10: not valid JSON" in refusal(path)


def test_a_file_of_another_benchmark_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps([{"sample_id": "conv-1", "conversation": {}, "qa": []}], indent=1), encoding="utf-8")
    assert "line 1: a JSON list, expected one user a line" in refusal(path)
    path.write_text("question,answer\nWho?,Me\n", encoding="utf-8")
    assert "line 1" in refusal(path)
    path.write_text(json.dumps({"preference": "no nuts", "question": "Which cake?"}), encoding="utf-8")
    assert "line 1: user: missing" in refusal(path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(MIRA).encode())
    assert load(path).people[0].user == "mira"
