"""Long work: it shows progress, one at a time for a user, and a Ctrl-C or a full disk loses nothing."""

import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.runs import COMMAND, USER, environment, imprint, ledger, lines_of, refused

LONG = "\n[methods.lpm.fit]\nepochs = 60\npatience = 0\n"


def until(terminal: int, words: bytes) -> bytes:
    """Read what a terminal shows until it shows `words`."""
    seen, deadline = b"", time.monotonic() + 60
    while words not in seen and time.monotonic() < deadline:
        seen += os.read(terminal, 65536)
    assert words in seen, seen
    return seen


def checkpoints(home: Path) -> int:
    with sqlite3.connect(home / "imprint.db") as conn:
        (count,) = conn.execute("SELECT count(*) FROM checkpoint").fetchone()
    conn.close()
    return count


def stop_when_it_fits(home: Path, words: list[str], said: bytes, meanwhile: Callable[[], object]) -> None:
    """Run a command at a terminal, and press Ctrl-C as soon as its bar shows a fit; it ends with what is `said`."""
    with (home / "config.toml").open("a") as settings:
        settings.write(LONG)
    ours, theirs = pty.openpty()
    env = environment() | {"TERM": "xterm", "COLUMNS": "100"}
    child = subprocess.Popen([*COMMAND, *words], env=env, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    until(ours, b"learned")
    meanwhile()
    child.send_signal(signal.SIGINT)
    until(ours, said)
    out, _ = child.communicate(timeout=60)
    os.close(ours)
    assert (child.returncode, out) == (130, b"")


def test_ctrl_c_keeps_what_is_done_and_nobody_else_sleeps_meanwhile(told: Path) -> None:
    def twice() -> None:
        refused(imprint("sleep", "--user", USER), "mira is already sleeping. Wait until that sleep has ended")

    words = ["sleep", "--user", USER]
    stop_when_it_fits(told, words, b"imprint: Stopped. imprint sleep --user mira goes on where it was", twice)
    assert checkpoints(told) == 1
    done = imprint("sleep", "--user", USER, "--json")
    assert json.loads(done.out)["turns"] == 5
    assert checkpoints(told) == 0


def test_ctrl_c_while_forgetting_leaves_the_turn_forgotten(told: Path) -> None:
    gone, *kept = ledger(told)
    words = ["memory", "forget", gone.id, "--user", USER]
    stop_when_it_fits(told, words, b"imprint: Stopped. imprint sleep --user mira finishes the memory", lambda: None)
    assert ledger(told) == kept
    assert checkpoints(told) == 1


def test_a_sleep_made_twice_makes_no_second_version(told: Path) -> None:
    done = imprint("sleep", "--user", USER, "--json")
    slept = json.loads(done.out)
    assert (done.code, done.err, slept["version"], slept["turns"]) == (0, "", 1, 5)
    assert slept["facts"] >= 3
    assert slept["bytes"] > 10_000
    assert imprint("sleep", "--user", USER).out.startswith(f"5 turns, {slept['facts']} facts, memory of ")


FULL = """
import json, os, resource, sys
from pathlib import Path
from imprint.cli.main import run
home, limit, words = Path(os.environ["IMPRINT_HOME"]), int(sys.argv[1]), sys.argv[2:]
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
else:
    disk = os.statvfs(home)
    room = 300_000 if words[0] == "ingest" else 65_536  # so that a sleep begins, and its memory does not fit
    (home / "ballast").write_bytes(bytes(disk.f_bavail * disk.f_frsize - room))
print(run(words))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
(home / "ballast").unlink(missing_ok=True)
print(run([*words, "--json"]))
print(run(["memory", "history", "--json", "--user", "mira"]))
"""


def on_a_full_disk(home: Path, kind: str, words: list[str]) -> tuple[list[str], str]:
    """Run a command where the disk is full, then once more where it is not: what it printed and said."""
    inside = Path("disk").absolute()
    inside.mkdir()
    prefix: list[str] = []
    if kind == "disk":
        mount = 'mount -t tmpfs -o size=24m tmpfs "$0" && cp -r "$1"/. "$0" && shift && exec "$@"'
        prefix = ["unshare", "--mount", "sh", "-c", mount, str(inside), str(home)]
        able = shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
        if not able:
            pytest.skip("this machine lets nobody mount a small disk")
    else:
        shutil.copytree(home, inside, dirs_exist_ok=True)
    limit = {"disk": 0, "limit": 300_000 if words[0] == "ingest" else 40_000}[kind]
    env = environment() | {"IMPRINT_HOME": str(inside)}
    command = [*prefix, sys.executable, "-c", FULL, str(limit), *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(("kind", "said"), [("disk", "the disk is full"), ("limit", "nothing was lost")])
def test_an_ingest_on_a_full_disk_is_one_line_and_can_be_repeated(home: Path, kind: str, said: str) -> None:
    told = lines_of(10_000)
    Path("long.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in told))
    out, err = on_a_full_disk(home, kind, ["ingest", str(Path("long.jsonl").absolute()), "--user", USER])
    assert out[0] == "2"
    assert err.startswith("imprint: ")
    assert err.count("\n") == 1, err
    assert said in err, err
    counts = json.loads(out[1])
    assert counts["turns"] == 10_000
    assert 0 < counts["new"] < 10_000
    assert out[2:] == ["0", '{"user": "mira", "method": "lpm", "versions": []}', "0"]


@pytest.mark.parametrize(("kind", "said"), [("disk", "the disk is full"), ("limit", "nothing was lost")])
def test_a_sleep_on_a_full_disk_is_one_line_and_can_be_repeated(told: Path, kind: str, said: str) -> None:
    Path("more.txt").write_text("Mira: I have a cat called Tabby.\n")
    imprint("ingest", "more.txt", "--user", USER)
    out, err = on_a_full_disk(told, kind, ["sleep", "--user", USER])
    assert out[0] == "2", out
    assert err.startswith("imprint: ")
    assert err.count("\n") == 1, err
    assert said in err, err
    assert json.loads(out[1])["turns"] == 6
    assert [each["heard"] for each in json.loads(out[3])["versions"]] == [6, 5]
    assert len(ledger(told)) == 6
