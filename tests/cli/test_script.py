"""Scripts of the demo that are no scripts: one line that says what is missing."""

import json
from pathlib import Path

import pytest

from imprint.cli.main import run
from imprint.cli.script import Asked, is_right, read_script
from imprint.types import ImprintError

TURN = {"role": "user", "text": "my dog is called Pepper"}
ASKED = {"question": "What is my dog called?", "answer": "Pepper", "accept": ["pepper"], "kind": "fact"}


def write(folder: Path, data: object) -> Path:
    path = folder / "script.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_a_script_is_read_whole(tmp_path: Path) -> None:
    script = read_script(write(tmp_path, {"user": "ida", "turns": [TURN], "questions": [ASKED]}))
    assert (script.user, script.turns[0].text, script.questions[0].accept) == ("ida", TURN["text"], ("pepper",))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "is not JSON text"),
        ({"user": "ida", "turns": [TURN]}, "is no demo script: KeyError('questions')"),
        ({"user": "ida", "turns": [TURN], "questions": []}, "needs a user, turns and questions"),
        ({"user": "ida", "turns": [], "questions": [ASKED]}, "needs a user, turns and questions"),
    ],
)
def test_what_is_no_script_is_refused(tmp_path: Path, data: object, said: str) -> None:
    with pytest.raises(ImprintError) as refused:
        read_script(write(tmp_path, data))
    assert said in refused.value.problem


def test_a_locomo_file_needs_a_known_speaker(tmp_path: Path) -> None:
    turns = [{"speaker": "Ida", "dia_id": "D1:1", "text": "I bake bread."}]
    sample = {"sample_id": "s1", "conversation": {"speaker_a": "Ida", "speaker_b": "Bo", "session_1": turns}}
    asked = [
        {"question": "What does Ida bake?", "answer": "bread", "category": 4},
        {"question": "What does Bo bake?", "answer": "cake", "category": 4},
        {"question": "When did Ida move?", "adversarial_answer": "May", "category": 5},
    ]
    path = write(tmp_path, [sample | {"qa": asked}])
    script = read_script(path, "s1", "Ida")
    assert [asked.question for asked in script.questions] == ["What does Ida bake?"]
    with pytest.raises(ImprintError):
        read_script(path, "s1", "Nobody")


@pytest.mark.parametrize(("reply", "right"), [("It's Pepper!", True), ("PEPPER", True), ("peppermint tea", False)])
def test_an_answer_counts_as_whole_words(reply: str, right: bool) -> None:
    assert is_right(Asked("", "Pepper", ("pepper",), "fact"), reply) is right


def test_a_home_of_nobody_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPRINT_HOME", "~nobodyatall/x")
    assert run(["memory", "history", "--user", "ida"]) == 2
    assert capsys.readouterr().err == (
        "imprint: IMPRINT_HOME names the home of nobody: ~nobodyatall/x. Write the whole path\n"
    )
