"""MMLU: both published CSV forms, the published prompt, an even sample, one user with a memory, clear errors."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from imprint.evals.items import Answers, Loaded
from imprint.evals.mmlu import MMLU, MMLUOptions
from imprint.types import ImprintError

HEADER = "question,choice0,choice1,choice2,choice3,answer\n"
KETTLES = (
    HEADER + '"Which lid, of these, says ""click""?",Tin,"Brass, old",Wood,Felt,1\nWhat boils?,Air,Oil,Sand,Water,3\n'
)
DEV = "".join(f"Solved {i}?,p{i},q{i},r{i},s{i},{'DCBAD'[i]}\n" for i in range(5))
ZERO_SHOT = """The following are multiple choice questions (with answers) about tea kettles.

Which lid, of these, says "click"?
A. Tin
B. Brass, old
C. Wood
D. Felt
Answer:"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two subjects: one in the form with a header, one as published; with dev files."""
    for part in ("test", "dev"):
        (tmp_path / part).mkdir()
    (tmp_path / "test" / "tea_kettles_test.csv").write_text(KETTLES)
    published = "".join(f"Which gate is {i}?,w,x,y,z,{'ABCD'[i % 4]}\n" for i in range(8))
    (tmp_path / "test" / "gates_test.csv").write_text(published)
    for name in ("tea_kettles", "gates"):
        (tmp_path / "dev" / f"{name}_dev.csv").write_text(DEV)
    return tmp_path


def load(data: Path | None, limit: int = 0, seed: int = 0, **options: Any) -> Loaded:
    return MMLU(MMLUOptions(**options)).load(data, seed, limit)


def error(data: Path | None, **options: Any) -> str:
    with pytest.raises(ImprintError) as caught:
        load(data, **options)
    return str(caught.value)


def test_both_csv_forms_are_read(data):
    (person,) = load(data).people
    gates, kettles = person.items[:8], person.items[8:]
    assert [item.right for item in gates] == [0, 1, 2, 3, 0, 1, 2, 3]
    assert [item.right for item in kettles] == [1, 3]
    assert [item.answer for item in kettles] == ["Brass, old", "Water"]
    assert [item.id for item in kettles] == ["tea_kettles-0", "tea_kettles-1"]
    assert {item.kind for item in gates} == {"gates"}


def test_a_question_is_asked_in_the_published_words(data):
    item = load(data, subjects=("tea_kettles",)).people[0].items[0]
    assert item.question == 'Which lid, of these, says "click"?'
    assert [prompt.text for prompt in item.lettered] == [ZERO_SHOT]
    assert item.lettered[0].letters == ("A", "B", "C", "D")
    assert item.options == ()


def test_five_shots_stand_before_the_question_with_their_letters(data):
    text = load(data, subjects=("tea_kettles",), shots=5).people[0].items[1].lettered[0].text
    solved = [f"Solved {i}?\nA. p{i}\nB. q{i}\nC. r{i}\nD. s{i}\nAnswer: {'DCBAD'[i]}" for i in range(5)]
    asked = "What boils?\nA. Air\nB. Oil\nC. Sand\nD. Water\nAnswer:"
    opening = "The following are multiple choice questions (with answers) about tea kettles."
    assert text == "\n\n".join([opening, *solved, asked])


def test_two_shots_are_the_first_two(data):
    text = load(data, shots=2).people[0].items[0].lettered[0].text
    assert text.count("Answer: ") == 2
    assert "Solved 1?" in text
    assert "Solved 2?" not in text


def test_rotation_moves_the_options_of_the_question_alone(data):
    item = load(data, subjects=("tea_kettles",), shots=1, rotate=True).people[0].items[1]
    assert [prompt.order for prompt in item.lettered] == [(0, 1, 2, 3), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2)]
    assert item.lettered[1].text.endswith("What boils?\nA. Oil\nB. Sand\nC. Water\nD. Air\nAnswer:")
    assert all("A. p0\nB. q0\nC. r0\nD. s0\nAnswer: D" in prompt.text for prompt in item.lettered)


def test_a_limit_is_even_over_subjects_and_seeded(data):
    (data / "test" / "tea_kettles_test.csv").write_text(HEADER + "".join(f"K{i}?,a,b,c,d,0\n" for i in range(20)))
    first, again, other = (load(data, limit=6, seed=seed).people[0].items for seed in (0, 0, 1))
    assert Counter(item.kind for item in first) == {"gates": 3, "tea_kettles": 3}
    assert first == again
    assert [item.id for item in first] != [item.id for item in other]


def test_the_same_questions_are_asked_at_any_number_of_shots(data):
    plain, solved = (load(data, limit=4, shots=shots).people[0].items for shots in (0, 5))
    assert [item.id for item in plain] == [item.id for item in solved]


def test_the_memory_is_that_of_the_demo_unless_named(data, root):
    script = json.loads((root / "examples" / "maya.json").read_text(encoding="utf-8"))
    loaded = load(data)
    assert loaded.people[0].user == script["user"]
    assert [turn.text for turn in loaded.people[0].turns] == [turn["text"] for turn in script["turns"]]
    assert root / "examples" / "maya.json" in loaded.files


def test_another_memory_can_be_named(data):
    path = data / "abel.json"
    turns = [{"role": "user", "text": "I keep two goats."}, {"role": "assistant", "text": "Lively company."}]
    path.write_text(json.dumps({"user": "abel", "turns": turns}))
    (person,) = load(data, memory=str(path)).people
    assert [(turn.user, turn.role, turn.text) for turn in person.turns] == [
        ("abel", "user", "I keep two goats."),
        ("abel", "assistant", "Lively company."),
    ]
    assert len({turn.id for turn in person.turns}) == 2


def test_every_file_read_is_named(data, root):
    files = load(data, shots=1, subjects=("gates",)).files
    assert files == (
        data / "test" / "gates_test.csv",
        data / "dev" / "gates_dev.csv",
        root / "examples" / "maya.json",
    )


def test_the_note_says_shots_and_how_many_subjects_there_are(data):
    note = load(data, shots=3).note
    assert note.startswith("3-shot; ")
    assert note.endswith("; 2 of 57 subjects")


def test_score_by_letter_and_whether_the_memory_changed_it(data):
    benchmark = MMLU(MMLUOptions())
    item = benchmark.load(data, 0, 0).people[0].items[9]
    bare = Answers(letters=((-3.0, -2.0, -2.5, -2.2),))
    right, wrong = Answers(letters=((-3.0, -2.0, -2.5, -1.9),)), Answers(letters=((-4.0, -1.0, -2.0, -3.0),))
    assert benchmark.score(item, right, bare) == {"letter": 1, "unchanged": 0}
    assert benchmark.score(item, wrong, bare) == {"letter": 0, "unchanged": 1}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"What?,w,x,y,z,A\nWhich?,w,x,y,B\n", "line 2: expected 6 columns, found 5"),
        (HEADER.encode() + b'"Two\nlines?",w,x,y,z,1\nWhich?,w,x,y,z,4\n', "line 4: the answer is neither 0 to 3"),
        (b"What?,w,,y,z,A\n", "line 1: an empty question or choice"),
        (b"What?,w,x,y,z,A\ncaf\xe9?,w,x,y,z,A\n", "line 2: not UTF-8 text"),
        (b'What?,w,x,y,z,A\n"Which?,w,x,y,z,A\n', "line 2: not valid CSV"),
        (b"persona_id,question_id,question_type\n0,1,x\n", "line 1: expected 6 columns, found 3"),
        (HEADER.encode(), "no questions in it"),
    ],
)
def test_a_bad_file_names_itself_and_the_line(data, content, problem):
    path = data / "test" / "gates_test.csv"
    path.write_bytes(content)
    assert f"{path}: {problem}" in error(data)


def test_what_is_no_mmlu_folder_is_said(data):
    questions = data / "questions_32k.csv"
    questions.write_text("persona_id,question_id\n0,1\n")
    for wrong in (questions, data / "dev", data / "nowhere"):
        assert f"{wrong} is not an MMLU folder" in error(wrong)
    assert "mmlu needs its data" in error(None)


def test_an_unknown_subject_is_said(data):
    assert "has no subject 'algebra'" in error(data, subjects=("gates", "algebra"))


def test_a_missing_or_short_dev_file_is_an_error_only_with_shots(data):
    path = data / "dev" / "gates_dev.csv"
    path.write_text(DEV.splitlines()[0])
    assert f"{path} has 1 questions, fewer than the 2 shots" in error(data, shots=2)
    path.unlink()
    assert f"{path} does not exist" in error(data, shots=1)
    assert len(load(data).people[0].items) == 10


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ([], "expected an object"),
        ({"user": "abel"}, "turns: expected a list"),
        ({"user": "abel", "turns": [{"role": "user", "text": 3}]}, "turns[0].text: expected a string"),
        ({"user": "abel", "turns": [{"role": "tool", "text": "x"}]}, "turns[0].role: expected"),
    ],
)
def test_a_bad_script_names_the_path(data, script, problem):
    path = data / "script.json"
    path.write_text(json.dumps(script))
    assert f"{path}: {problem}" in error(data, memory=str(path))


def test_a_missing_script_and_wrong_options_are_said(data):
    assert "name a script with --set memory=FILE" in error(data, memory=str(data / "nobody.json"))
    with pytest.raises(ValueError, match="shots is 6, expected 0 to 5"):
        MMLUOptions(shots=6)
