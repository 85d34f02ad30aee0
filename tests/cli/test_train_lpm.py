"""`imprint train lpm`: what it writes, that lpm then reads through it, and that a Ctrl-C loses nothing."""

import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from imprint.backbone import open_backbone
from imprint.methods.parts.network_file import file_name, open_network
from imprint.tensors import Placement
from tests.cli.runs import COMMAND, USER, environment, imprint, refused
from tests.cli.test_sleep import until
from tests.data.small_talk import QUIET, TOLD, corpus, town_talk

QUICK = ("--steps", "2", "--restate", "1", "--rows", "6", "--blocks", "0")


@pytest.fixture
def command(home: Path, tiny_folder: Path) -> list[str]:
    """On the corpus of towns and the tiny model."""
    Path("data/talk").mkdir(parents=True)
    town_talk(Path("data/talk"))
    return ["train", "lpm", "--model", str(tiny_folder)]


def test_it_writes_the_network_and_its_curve(home: Path, command: list[str], tiny_folder: Path) -> None:
    done = imprint(*command, *QUICK, "--out", "net.safetensors", "--curve", "curve.json", "--seed", "3", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {"file": "net.safetensors", "bytes": Path("net.safetensors").stat().st_size}
    backbone = open_backbone(str(tiny_folder), home)
    config = open_network(Path("net.safetensors"), backbone).network.config
    assert (config.rows, config.blocks, config.heads, config.placement) == (6, 0, 8, "late")
    curve = json.loads(Path("curve.json").read_text())
    assert [(point["stage"], point["step"]) for point in curve["points"]] == [("restate", 1), ("answer", 2)]
    assert curve["config"]["fit"]["seed"] == 3
    assert curve["config"]["network"]["rows"] == 6
    assert curve["model"] == str(tiny_folder)
    assert list((home / "runs").iterdir()) == []
    assert not (home / "weights").exists()


@pytest.mark.parametrize("placement", ["late", "prefix"])
def test_the_options_reach_the_network(home: Path, command: list[str], tiny_folder: Path, placement: Placement) -> None:
    words = ["--steps", "1", "--restate", "0", "--blocks", "2", "--heads", "4", "--distill", "0.5"]
    assert imprint(*command, *words, "--placement", placement).code == 0
    backbone = open_backbone(str(tiny_folder), home)
    config = open_network(home / "weights" / file_name(backbone, placement), backbone).network.config
    assert (config.rows, config.blocks, config.heads, config.placement) == (10, 2, 4, placement)


def test_lpm_reads_through_it_before_any_sleep(told: Path, command: list[str], tiny_folder: Path) -> None:
    """A memory made without it is refused, with the command that makes it again."""
    asked = ("memory", "why", "What is my dog called?", "--user", USER)
    assert imprint(*asked).code == 0
    trained = imprint(*command, *QUICK)
    backbone = open_backbone(str(tiny_folder), told)
    path = told / "weights" / file_name(backbone, "late")
    assert (trained.code, trained.out) == (0, f"Wrote {path}, {path.stat().st_size:,} bytes\n")
    refused(imprint(*asked), "made with other shared weights. Make it again", f"imprint sleep --user {USER}")
    Path("new.txt").write_text("Noor: My dog is called Marzipan.\n")
    assert imprint("ingest", "new.txt", "--speaker", "Noor", "--user", "noor").code == 0
    why = json.loads(imprint("memory", "why", "What is my dog called?", "--user", "noor", "--json").out)["why"]
    assert why["spoke"]
    assert why["traces"][0]["fact"]["value"] == "Marzipan"
    assert imprint("sleep", "--user", USER).code == 0
    assert imprint(*asked).code == 0
    path.write_bytes(path.read_bytes()[:-1])
    refused(imprint(*asked), f"{path} is not a network of imprint, or is damaged. Make it again: imprint train lpm")


def test_what_cannot_be_trained_is_one_line(home: Path, command: list[str]) -> None:
    for words, said in {
        ("--out", "no/net.safetensors"): "there is no folder no for --out. Make it first",
        ("--curve", "no/curve.json"): "there is no folder no for --curve. Make it first",
        ("--out", "data"): "data is a folder, --out needs a file. Name a file in it",
        ("--heads", "7"): "the options [network]: inner = 256 is not a multiple of heads = 7",
        ("--heads", "0"): "--heads",
        ("--blocks", "-1"): "--blocks",
        ("--steps", "0"): "--steps",
        ("--distill", "2"): "--distill",
        ("--distill", "nan"): "--distill",
        ("--placement", "middle"): "key 'placement' must be 'late' or 'prefix'",
        ("--data", "nowhere"): "nowhere holds no corpus",
        ("--model", "./nosuch"): "there is no model folder ./nosuch",
    }.items():
        refused(imprint(*command, *QUICK, *words), said)
    assert not (home / "weights").exists()


def test_a_corpus_without_training_voices_is_one_line(home: Path, command: list[str]) -> None:
    corpus(Path("data/talk"), TOLD, QUIET)  # its one voice is held out
    refused(
        imprint(*command, *QUICK), "no voice of the part train tells anything to ask for. Name the folder data/talk"
    )


def test_ctrl_c_loses_nothing(home: Path, command: list[str]) -> None:
    words = [*command, "--steps", "25", "--restate", "2", "--rows", "6", "--curve", "curve.json", "--out"]
    ours, theirs = pty.openpty()
    env = environment() | {"TERM": "xterm", "COLUMNS": "200"}
    child = subprocess.Popen([*COMMAND, *words, "one"], env=env, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    until(ours, b"/400 learned")  # in the second stage
    child.send_signal(signal.SIGINT)
    until(ours, b"imprint: Stopped")
    out, _ = child.communicate(timeout=60)
    os.close(ours)
    assert (child.returncode, out) == (130, b"")
    assert not Path("one").exists()
    assert len(list((home / "runs").iterdir())) == 2  # where the first stage was measured, and the second one's state
    assert imprint(*words, "one").code == 0
    assert list((home / "runs").iterdir()) == []
    curve = Path("curve.json").read_bytes()
    assert imprint(*words, "two").code == 0
    assert Path("one").read_bytes() == Path("two").read_bytes()
    assert Path("curve.json").read_bytes() == curve
