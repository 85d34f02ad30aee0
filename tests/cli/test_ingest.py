"""Hearing a file: counted, twice without effect, and safe against an end at any instant."""

import json
import os
import pty
import subprocess
import time
from pathlib import Path

from tests.cli.runs import COMMAND, CONVERSATION, USER, environment, imprint, ledger, lines_of, texts

CHUNK = 256


def test_a_conversation_is_heard_and_counted(home: Path) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    done = imprint("ingest", "talk.txt", "--speaker", "Mira", "--user", USER)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == ["5 turns read, 3 of them mira's own, 5 new", "Next: imprint sleep --user mira"]
    assert [(turn.role, turn.text) for turn in ledger(home)][:2] == [
        ("user", "My dog is called Biscuit."),
        ("assistant", "A good name for a dog."),
    ]


def test_what_is_no_turn_is_counted_by_reason(home: Path) -> None:
    told = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "I sail."}]
    Path("talk.json").write_text(json.dumps([*told, told[0]]))
    assert "Skipped: system message, 2 times\n" in imprint("ingest", "talk.json", "--user", USER).out
    done = imprint("ingest", "talk.json", "--user", USER, "--json")
    assert json.loads(done.out)["skipped"] == {"system message": 2}


def test_a_file_read_twice_adds_nothing(home: Path) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    counts = {"user": USER, "turns": 5, "own": 3, "skipped": {}}
    command = ("ingest", "talk.txt", "--speaker", "Mira", "--user", USER, "--json")
    assert json.loads(imprint(*command).out) == {**counts, "new": 5}
    before = ledger(home)
    assert json.loads(imprint(*command).out) == {**counts, "new": 0}
    Path("talk.txt").rename("moved.txt")
    assert json.loads(imprint("ingest", "moved.txt", *command[2:]).out) == {**counts, "new": 0}
    assert ledger(home) == before


def test_a_file_made_longer_adds_what_is_new(home: Path) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    imprint("ingest", "talk.txt", "--speaker", "Mira", "--user", USER)
    Path("talk.txt").write_text(f"{CONVERSATION}Mira: I have moved to Bruges.\n")
    assert " 6 turns read, 4 of them mira's own, 1 new" in " " + (
        imprint("ingest", "talk.txt", "--speaker", "Mira", "--user", USER).out
    )
    assert texts(home)[-1] == "I have moved to Bruges."


def test_one_file_for_two_users_makes_two_ledgers(home: Path) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    for user in ("mira", "ines"):
        assert "5 new" in imprint("ingest", "talk.txt", "--speaker", "Mira", "--user", user).out
    assert texts(home, "mira") == texts(home, "ines")


def test_a_kill_keeps_what_was_made_durable_and_a_second_run_completes_it(home: Path) -> None:
    told = lines_of(15_000)
    Path("long.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in told))
    child = subprocess.Popen(
        [*COMMAND, "ingest", "long.jsonl", "--user", USER],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while len(ledger(home)) < 4 * CHUNK and time.monotonic() < deadline:
        time.sleep(0.01)
    child.kill()
    out, err = child.communicate()
    assert (child.returncode, out, err) == (-9, b"", b"")
    kept = texts(home)
    assert 4 * CHUNK <= len(kept) < len(told)
    assert len(kept) % CHUNK == 0
    assert kept == [line["content"] for line in told[: len(kept)]]
    done = imprint("ingest", "long.jsonl", "--user", USER, "--json")
    assert json.loads(done.out)["new"] == len(told) - len(kept)
    assert texts(home) == [line["content"] for line in told]


def test_a_terminal_sees_how_far_it_is(home: Path) -> None:
    Path("long.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines_of(2000)))
    ours, theirs = pty.openpty()
    command = [*COMMAND, "ingest", "long.jsonl", "--user", USER, "--json"]
    env = environment() | {"TERM": "xterm", "COLUMNS": "100"}
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while data := os.read(ours, 65536):
            seen += data
    except OSError:  # how a terminal ends on Linux
        pass
    os.close(ours)
    out, _ = child.communicate(timeout=60)
    size = Path("long.jsonl").stat().st_size
    assert json.loads(out)["new"] == 2000
    assert b"ingest" in seen
    assert f"{size}/{size}".encode() in seen
