"""`imprint eval` from end to end on a tiny model: every arm, a kill at any point, and bad requests."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runs import COMMAND, environment, imprint, process, refused

SMALL = """
[methods.lpm]
study_rows = 1
fit = { epochs = 1, least = 1 }
[methods.prompt_tuning]
tokens = 2
fit = { epochs = 1, least = 1 }
[methods.cartridge]
tokens = 4
fit = { epochs = 1, least = 1 }
[methods.lora]
rank = 1
fit = { epochs = 1, least = 1 }
[evals.text_reader]
rows = 2
people = 1
facts = 4
fit = { epochs = 1, least = 1 }
[arms.oracle_text]
method = "oracle_text"
[arms.bm25_one]
method = "bm25"
[arms.bm25_one.settings]
top = 1
"""
ARMS = "all,bm25_one"
EMPTY = ("answer", "distractor")


def person(user: str, dog: str, town: str) -> dict[str, Any]:
    asked = {"accept": [dog], "distractor": "Rex", "kind": "fact"}
    return {
        "user": user,
        "turns": [
            {"role": "user", "text": f"My dog is called {dog}."},
            {"role": "assistant", "text": "A fine name."},
            {"role": "user", "text": f"I live in {town}."},
        ],
        "questions": [
            {"question": "What did I name my dog?", "answer": dog, "turn": 0, **asked},
            {"question": "Which town is my home?", "answer": town, **asked, "accept": [town], "distractor": "Paris"},
            {
                "question": "How many legs has a spider?",
                "answer": "",
                "accept": [],
                "distractor": "",
                "kind": "irrelevant",
            },
        ],
    }


@pytest.fixture
def people(home: Path) -> Path:
    """Three people to ask, and settings that make every fit short."""
    with (home / "config.toml").open("a") as file:
        file.write(SMALL)
    told = [person("mira", "Biscuit", "Ghent"), person("otto", "Olm", "Lund"), person("ines", "Pesto", "Porto")]
    path = home.parent / "people.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
    return path


def words(people: Path, *more: str) -> list[str]:
    return ["eval", "recall", "--data", str(people), "--methods", ARMS, "--out", "found.json", *more]


def reproducible(path: Path) -> dict[str, Any]:
    return {key: value for key, value in json.loads(path.read_text()).items() if key != "run"}


def test_every_arm_answers_every_item(people: Path, tmp_path: Path):
    done = imprint(*words(people), "--json")
    assert done.code == 0, done.err
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["errors"] == []
    assert len(found["outcomes"]) == 9 * len(found["arms"])
    assert list(json.loads(done.out)) == ["file", "arms"]
    none = found["arms"]["none"]
    assert none["cost"] | {"prompt_tokens": 0} == {
        "bytes": 0,
        "trainable": 0,
        "prompt_tokens": 0,
        "soft_tokens": 0,
        "kv_bytes": none["cost"]["kv_bytes"],
    }
    width, layers = 2, found["arms"]["cartridge"]["cost"]["soft_tokens"]
    assert (found["arms"]["prompt_tuning"]["cost"]["soft_tokens"], layers) == (width, 4)
    assert found["arms"]["bm25_soft"]["cost"]["soft_tokens"] == pytest.approx(4 / 3, abs=0.7)
    assert found["arms"]["lpm"]["cost"]["bytes"] == found["arms"]["random"]["cost"]["bytes"] > 0
    assert not (tmp_path / "found.json.part").exists()


def test_a_bare_reply_to_an_unrelated_question_is_unchanged(people: Path, tmp_path: Path):
    assert imprint(*words(people, "--limit", "0")).code == 0
    arms = json.loads((tmp_path / "found.json").read_text())["arms"]
    assert arms["none"]["scores"]["unchanged"]["mean"] == 1.0


@pytest.mark.timeout(280)
def test_a_killed_run_goes_on_and_writes_what_an_unbroken_one_writes(people: Path, tmp_path: Path, home: Path):
    unbroken = tmp_path / "unbroken"
    shutil.copytree(home, unbroken / "home")
    environ = environment() | {"IMPRINT_HOME": str(unbroken / "home")}
    subprocess.run([*COMMAND, *words(people)], env=environ, cwd=unbroken, check=True, capture_output=True)
    for lines in (1, 9, 40):
        killed_after(lines, words(people, "--resume"), tmp_path)
    done = process(*words(people, "--resume"))
    assert done.code == 0, done.err
    assert reproducible(tmp_path / "found.json") == reproducible(unbroken / "found.json")


def killed_after(lines: int, command: list[str], folder: Path) -> None:
    """Start the command and kill it once its journal has this many lines."""
    started = subprocess.Popen([*COMMAND, *command], env=environment(), stderr=subprocess.DEVNULL)
    journal = folder / "found.json.part"
    while not journal.exists() or journal.read_bytes().count(b"\n") < lines:
        assert started.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    os.kill(started.pid, signal.SIGKILL)
    started.wait()


def test_ctrl_c_says_how_to_go_on(people: Path, tmp_path: Path):
    started = subprocess.Popen([*COMMAND, *words(people)], env=environment(), stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "found.json.part"
    while not journal.exists() or journal.read_bytes().count(b"\n") < 3:
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130, said
    assert "--resume" in said


def test_a_journal_of_another_run_is_refused(people: Path, tmp_path: Path):
    killed_after(1, words(people), tmp_path)
    refused(imprint(*words(people)), "--resume")
    refused(imprint(*words(people, "--resume", "--seeds", "3")), "seeds changed")


def test_a_finished_result_is_not_made_twice(people: Path, tmp_path: Path):
    short = ["eval", "recall", "--data", str(people), "--methods", "none", "--out", "found.json"]
    assert imprint(*short).code == 0
    before = (tmp_path / "found.json").read_bytes()
    refused(imprint(*short), "exists already")
    assert imprint(*short, "--resume").code == 0
    assert (tmp_path / "found.json").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--methods", "bm25,wishful"], "there is no arm 'wishful'"),
        (["--methods", ","], "no arm was named"),
        (["--seeds", "0,x"], "--seeds"),
        (["--seeds", "1,1"], "repeats a seed"),
        (["--set", "facts"], "KEY=VALUE"),
        (["--set", "colour=3"], "unknown key 'colour'"),
        (["--set", "facts=0"], "facts"),
        (["--set", "facts=many"], "facts"),
        (["--judge-url", "ftp://x"], "ftp"),
    ],
)
def test_a_wrong_request_is_refused(people: Path, tmp_path: Path, more: list[str], said: str):
    refused(imprint("eval", "recall", "--out", "found.json", *more), said)
    assert not (tmp_path / "found.json").exists()


def test_an_unknown_benchmark_is_refused(home: Path):
    refused(imprint("eval", "trivia", "--out", "found.json"), "there is no benchmark 'trivia'")


def test_a_result_needs_a_file(home: Path):
    refused(imprint("eval", "recall"), "--out")


def test_bad_arms_in_the_config_are_refused(home: Path):
    with (home / "config.toml").open("a") as file:
        file.write('[arms.mine]\nmethod = "lpm"\nsoft = true\n')
    refused(imprint("eval", "recall", "--methods", "mine", "--out", "found.json"), "soft is for text arms")
