"""What the pages and the help print is true: every command in them runs."""

import json
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from safetensors import safe_open
from torch import Tensor

from imprint.cli import demo
from imprint.cli.pages import examples, page
from imprint.config import Config, load_config
from imprint.evals.read_results import read_result
from imprint.methods.parts.nullkeys import SHIPPED
from imprint.store import SQLiteStore
from imprint.study.endpoint import cost
from imprint.study.extractor.opening import SHIPPED as GATE
from imprint.types import Turn
from tests.cli.runs import COMMAND, CONVERSATION, USER, Done, environment, imprint, process, refused
from tests.cli.test_network import weights
from tests.data.small_talk import QUIET, TOLD, corpus, town_talk
from tests.study.served import Endpoint, chat

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUICKSTART = (DOCS / "quickstart.md").read_text(encoding="utf-8")
# A line with only a file's name comes before the block that shows the file.
BLOCKS = re.findall(r"^(?:`(\S+)`:\n\n)?```(\w*)\n(.*?)^```$", QUICKSTART, re.MULTILINE | re.DOTALL)
COMMANDS = [line for _, kind, body in BLOCKS if not kind for line in body.splitlines()]
(TYPED,) = (body.replace("> ", "") for _, kind, body in BLOCKS if kind == "chat")
(SETTINGS,) = (body for _, kind, body in BLOCKS if kind == "toml")
IN_THE_HELP = examples()


def test_the_page_of_the_command_line_is_what_help_prints() -> None:
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page() == written, "docs/cli.md is behind. Run: python -m imprint.cli.pages"


def test_no_page_names_a_folder_of_one_machine() -> None:
    assert str(DOCS.parent) not in page()


def test_every_command_has_an_example_of_itself() -> None:
    sections = re.findall(r"^Usage: (imprint[a-z ]*) \[OPTIONS\](?! COMMAND)", page(), re.MULTILINE)
    assert [line.split(" ")[: len(name.split())] for line, name in zip(IN_THE_HELP, sections, strict=True)] == [
        name.split() for name in sections
    ]
    assert len(IN_THE_HELP) >= 15


def perform(line: str) -> Done:
    """Run a printed command as it stands; a chat gets what the quickstart types."""
    words = shlex.split(line)
    assert words[0] == "imprint"
    return imprint(*words[1:], typed=TYPED.splitlines() if words[1] == "chat" else ())


def prepare(command: str) -> None:
    """Make what the example of a command takes for granted."""
    Path("conversation.txt").write_text(CONVERSATION)
    if "memory forget" in command or "memory correct" in command:
        turn = Turn("0123456789abcdef", USER, "user", "I have a cat called Tabby.")
        with SQLiteStore(Path("home")) as store:
            store.add(USER, [turn])
    if any(name in command for name in ("train extractor", "study score", "study agree", "eval network")):
        Path("data/talk").mkdir(parents=True)
        corpus(Path("data/talk"), TOLD, QUIET)
    if "eval network" in command:
        for name in ("lpm.safetensors", "small.safetensors"):
            weights(Path(load_config().model), name)
    if "train lpm" in command:
        Path("data/talk").mkdir(parents=True)
        town_talk(Path("data/talk"))
    if "study compose" in command:
        Path("data").mkdir()
        Path("data/talk").symlink_to(DOCS.parent / "data/talk")
    if "keys revoke" in command:
        assert [imprint("keys", "add", name).code for name in ("laptop", "phone")] == [0, 0]
    if "memory import" in command:
        assert imprint("memory", "export", "mira.zip", "--user", USER).code == 0
        assert imprint("memory", "erase", "--yes", "--user", USER).code == 0


SLOW = (
    "imprint demo",
    "imprint train bank --out bank-minilm.safetensors",
    "imprint eval recall --methods none,bm25,lpm --set facts=8 --out results/mine.json",
    "imprint serve --port 8000",
    "imprint train lpm --model embedded --steps 700 --out lpm.safetensors",
    "imprint train gate --users 2 --facts 4 --out gate.json",
)
ASKED = "imprint study agree --endpoint http://127.0.0.1:11434/v1 --model qwen2.5:7b --limit 50"


@pytest.mark.parametrize("line", [line for line in IN_THE_HELP if line not in (*SLOW, ASKED)])
def test_the_example_of_a_command_runs(told: Path, line: str) -> None:
    prepare(line)
    done = perform(line)
    assert (done.code, done.err) == (0, ""), done
    assert done.out


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


def test_the_example_of_agree_runs_to_its_figures(
    home: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ASKED in IN_THE_HELP
    told = {"kind": "rhythm", "about": "", "value": "Not before ten", "polarity": -1, "changes": False}
    endpoint.replies = [chat(json.dumps({"tells": True} | told)), chat("no"), chat('{"tells": false}')]
    prepare(ASKED)
    monkeypatch.setenv("THE_KEY", "secret")
    line = ASKED.replace("http://127.0.0.1:11434/v1", endpoint.url)
    done = perform(f"{line} --out agree.json --api-key-env THE_KEY")
    assert (done.code, done.err) == (0, ""), done
    assert "teacher and rules agree\n  tells " in done.out
    assert "teacher against the labels, " in done.out
    assert "3 replies, 1 of them refused, 0 of 2 turns left unread, 150 tokens\nWrote agree.json\n" in done.out
    written = json.loads(Path("agree.json").read_text())
    assert written["arms"]["teacher"]["scores"]["both"]["mean"] == 1.0
    assert written["arms"]["rules"]["scores"]["agrees_tells"]["n"] == 2
    assert read_result(Path("agree.json")).headline == "tells_f1"
    assert set(endpoint.keys) == {"Bearer secret"}
    shown = json.loads(perform(f"{line} --json").out)
    assert shown["teacher"] == {"calls": 2, "refused_replies": 0, "unread_turns": 0, "tokens": 100}
    asked = endpoint.asked[0]["messages"]
    short = perform(f"{line} --token-budget {cost(asked) + 1024 + 40}")
    assert "0 of 1 turns left unread, 50 tokens\nIts budget was spent after 1 of 2 turns" in short.out


def test_agree_says_before_it_asks_what_is_missing(home: Path, endpoint: Endpoint) -> None:
    prepare(ASKED)
    line = shlex.split(ASKED.replace("http://127.0.0.1:11434/v1", endpoint.url))[1:]
    refused(imprint(*line, "--api-key-env", "NO_SUCH_KEY"), "NO_SUCH_KEY")
    refused(imprint(*line, "--out", "no/agree.json"), "no folder no ")
    refused(imprint(*line, "--part", "test"), "no turns of the part test")
    refused(imprint(*line, "--token-budget", "10"), "10 tokens is spent, 0 turns were read")
    assert endpoint.asked == []


def test_the_example_of_the_demo_runs_to_its_table(home: Path) -> None:
    assert SLOW[0] in IN_THE_HELP
    with (home / "config.toml").open("a") as settings:
        settings.write("\n[methods.lpm.fit]\nepochs = 1\nleast = 1\n")
    done = imprint("demo", "--json")
    assert done.code == 1, done.err  # a random model remembers too little
    assert done.err.startswith("1. One process hears ")
    result = json.loads(done.out)
    asked = json.loads(demo.SCRIPT.read_text(encoding="utf-8"))["questions"]
    assert [row["question"] for row in result["rows"]] == [each["question"] for each in asked]
    assert 0 <= result["right_with"] < result["told"]
    assert not (home / "imprint.db").exists()


def test_the_example_of_a_benchmark_runs_to_its_table(home: Path) -> None:
    assert SLOW[2] in IN_THE_HELP
    with (home / "config.toml").open("a") as settings:
        settings.write("\n[methods.lpm.fit]\nepochs = 1\nleast = 1\n")
    done = perform(f"{SLOW[2]} --limit 6")
    assert done.code == 0, done.err
    assert done.out.endswith("Wrote results/mine.json\n")
    assert json.loads(Path("results/mine.json").read_text())["command"]


def test_the_example_of_serve_answers_until_it_is_stopped(home: Path) -> None:
    words = shlex.split(SLOW[3].replace("8000", "0"))[1:]
    with subprocess.Popen([*COMMAND, *words], env=environment(), stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.fullmatch(r"Serving at (http://127\.0\.0\.1:\d+)/v1\. Ctrl-C ends it\n", line)
        try:
            assert found, line + server.stderr.read()
            assert httpx.get(f"{found[1]}/healthz").json()["status"] == "ok"
        finally:
            server.send_signal(signal.SIGINT)
        assert server.stderr.read().splitlines()[-1] == "imprint: Stopped"
        assert server.wait(60) == 130


def test_the_example_of_the_network_runs_to_its_file(home: Path, tiny_folder: Path) -> None:
    """With two steps, on a model that learns nothing."""
    assert SLOW[4] in IN_THE_HELP
    prepare(SLOW[4])
    line = SLOW[4].replace("embedded", str(tiny_folder)).replace("700", "2")
    done = perform(f"{line} --restate 1")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"Wrote lpm.safetensors, {Path('lpm.safetensors').stat().st_size:,} bytes\n"


def test_a_demo_that_cannot_run_says_why_once(home: Path) -> None:
    done = process("demo", "--model", "./nosuch")
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first.startswith("1. One process hears ")
    assert second.startswith("imprint: there is no model folder ./nosuch. Give ")
    refused(imprint("demo", "--script", "none.json"), "none.json")
    Path("list.json").write_text("[1]")
    refused(imprint("demo", "--script", "list.json"), "list.json is no demo script")


@pytest.mark.slow
def test_the_example_of_the_bank_runs(home: Path) -> None:
    assert SLOW[1] in IN_THE_HELP
    done = perform(SLOW[1])
    assert (done.code, done.err) == (0, "")
    made, shipped = (_vectors(path) for path in (Path("bank-minilm.safetensors"), SHIPPED))
    assert made[0] == shipped[0]
    assert (made[1] - shipped[1]).abs().max() < 0.01  # half precision, and another number of threads


@pytest.mark.slow
def test_the_example_of_the_gate_runs(home: Path) -> None:
    assert SLOW[5] in IN_THE_HELP
    Path("data").symlink_to(DOCS.parent / "data")
    done = perform(SLOW[5])
    assert (done.code, done.out) == (0, "Wrote gate.json\n"), done
    made, shipped = (json.loads(path.read_text()) for path in (Path("gate.json"), GATE))
    assert made["reader"] == shipped["reader"]
    assert set(made["weights"]) == set(shipped["weights"])
    refused(imprint("train", "gate", "--out", "no/gate.json"), "no folder no ")


def _vectors(path: Path) -> tuple[str, Tensor]:
    with safe_open(path, "pt") as file:
        return file.metadata()["stamp"], file.get_tensor("vectors").float()


def test_the_bank_is_encoded_by_the_encoder_asked_for(home: Path) -> None:
    done = imprint("train", "bank", "--encoder", "hashing", "--out", "bank.safetensors", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {"file": "bank.safetensors", "bytes": Path("bank.safetensors").stat().st_size}
    failed = imprint("train", "bank", "--encoder", "hashing", "--out", "no/folder/bank.safetensors")
    assert failed.code == 2
    assert failed.err.count("\n") == 1
    assert "no such file or directory" in failed.err


def test_the_quickstart_runs_from_top_to_bottom(home: Path) -> None:
    for name, _, body in BLOCKS:
        if name:
            Path(name).write_text(body, encoding="utf-8")
    seen, turn = "", ""
    for line in COMMANDS:
        if not line.startswith("imprint "):
            continue
        if "TURN" in line:
            shown = json.loads(imprint("memory", "show", "--user", USER, "--json").out)
            turn = turn or next(f["turn"] for f in shown["facts"] if f["value"] == "Ghent")
            line = line.replace("TURN", turn)
        done = perform(line)
        assert (done.code, done.err) == (0, ""), (line, done.err)
        seen += done.out
    assert "The memory spoke: " in seen
    assert "3 turns read, 2 of them mira's own, 3 new" in seen
    assert "pet_name (dog): Biscuit" in seen
    assert imprint("memory", "show").out == "mira-elsewhere\n"


def test_the_quickstart_begins_with_a_target_of_the_makefile() -> None:
    first = COMMANDS[0].split()
    assert first == ["make", "demo"]
    assert [line for line in COMMANDS[1:] if not line.startswith("imprint ")] == []
    if shutil.which("make") is None:
        pytest.skip("no make here")
    done = subprocess.run(
        [*first, "-n", "--no-print-directory"], cwd=DOCS.parent, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, ".venv/bin/imprint demo"), done.stderr


def test_every_block_of_the_quickstart_is_of_a_kind_that_is_tested() -> None:
    assert all(name or kind in ("", "chat", "toml") for name, kind, _ in BLOCKS)
    assert all(line.startswith("> ") for _, kind, body in BLOCKS if kind == "chat" for line in body.splitlines())


def test_the_settings_shown_are_what_imprint_starts_with(home: Path) -> None:
    Path("shown.toml").write_text(SETTINGS, encoding="utf-8")
    assert load_config(Path("shown.toml")) == Config()
