"""`imprint serve` as a process of its own: it starts, is killed, starts again, is asked to stop."""

import json
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import pytest

from imprint.backbone import tiny
from imprint.store import SQLiteStore
from tests.cli.runs import COMMAND, environment, imprint, refused
from tests.serve.servers import said, until

SETTINGS = """\
model = "{model}"
encoder = "hashing"
threads = 1

[sampling]
max_new_tokens = 8

[serve]
sleep_after = {sleep_after}
requests_per_minute = 0

[methods.lpm.fit]
epochs = 1
least = 10
"""


class Process:
    """A server, its address, and what it wrote on stderr."""

    def __init__(self, home: Path) -> None:
        command = [*COMMAND, "serve", "--port", "0"]
        self.process = subprocess.Popen(
            command, env=environment() | {"IMPRINT_HOME": str(home)}, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        until(lambda: self.address or self.process.poll() is not None, 120)
        assert self.process.poll() is None, self.lines

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            self.lines.extend(stream)

    @property
    def address(self) -> str:
        found = re.search(r"Serving at (http://127\.0\.0\.1:\d+)/v1", "".join(self.lines))
        return found[1] if found else ""

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join()
        return code


@contextmanager
def process(home: Path) -> Iterator[Process]:
    running = Process(home)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGKILL)


@pytest.fixture
def served_home(home: Path) -> Path:
    tiny.save(tiny.tiny_backbone("llama"), home / "model")
    (home / "config.toml").write_text(SETTINGS.format(model=home / "model", sleep_after=600))
    return home


def test_every_acknowledged_turn_survives_a_kill_and_the_sleep_queue_goes_on(served_home: Path) -> None:
    acknowledged: set[tuple[str, str]] = set()

    def talk(number: int) -> None:
        with httpx.Client(base_url=running.address, timeout=30) as http:
            for turn in range(10_000):
                user, text = f"user{number}", f"My dog is called Rex{turn}."
                try:
                    if number % 2:
                        body = {"model": "model", "messages": said(text), "user": user, "max_tokens": 2}
                        http.post("/v1/chat/completions", json=body).raise_for_status()
                    else:
                        body = {"turns": [{"text": text}]}
                        http.post(f"/v1/memory/{user}/turns", json=body).raise_for_status()
                except httpx.HTTPError:
                    return
                acknowledged.add((user, text))

    with process(served_home) as running, ThreadPoolExecutor(6) as threads:
        for number in range(6):
            threads.submit(talk, number)
        until(lambda: len(acknowledged) >= 60)
        assert running.end(signal.SIGKILL) == -signal.SIGKILL
    with SQLiteStore(served_home) as store:
        kept = {(user, turn.text) for user in store.users() for turn in store.turns(user)}
        assert len({user for user, _ in acknowledged}) == 6
        assert acknowledged <= kept
        waiting = store.unslept("lpm")
    assert set(waiting) == {f"user{number}" for number in range(6)}

    (served_home / "config.toml").write_text(SETTINGS.format(model=served_home / "model", sleep_after=0))
    with process(served_home) as running:
        with httpx.Client(base_url=running.address, timeout=30) as http:
            until(lambda: 'imprint_sleeps_total{outcome="done"}' in http.get("/metrics").text)
            assert {turn["text"] for turn in http.get("/v1/memory/user0/turns").json()["turns"]} >= {
                text for user, text in acknowledged if user == "user0"
            }
        assert running.end(signal.SIGTERM) == -signal.SIGTERM
    events = [json.loads(line)["event"] for line in running.lines if line.startswith("{")]
    assert "mistake" not in events
    assert "sleep" in events


def test_a_server_that_is_asked_to_stop_finishes_its_answers(served_home: Path) -> None:
    with process(served_home) as running:
        with openai.OpenAI(base_url=f"{running.address}/v1", api_key="none", max_retries=0) as client:
            asked = {"model": "model", "messages": said("hello"), "temperature": 1.0, "seed": 4, "max_tokens": 400}
            stream = client.chat.completions.create(stream=True, **asked)
            first = next(iter(stream))
            running.process.send_signal(signal.SIGINT)
            ended = [chunk.choices[0].finish_reason for chunk in stream]
            assert first.choices
            assert ended[-1] in ("stop", "length")
        assert running.end(signal.SIGINT) == 130
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{running.address}/healthz")
    assert running.lines[-1] == "imprint: Stopped\n"


def test_what_cannot_be_served_is_said_before_the_model_is_opened(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPRINT_HOME", str(home))
    (home / "config.toml").write_text('model = "./nosuch"\n')
    refused(imprint("serve", "--host", "0.0.0.0"), "imprint keys add NAME")
    assert imprint("keys", "add", "laptop").code == 0
    refused(imprint("serve", "--host", "203.0.113.7"), "cannot listen at 203.0.113.7")
    refused(imprint("serve", "--port", "70000"), "port is 70000")
    refused(imprint("serve", "--port", "0"), "nosuch")
    (home / "config.toml").write_text("[serve]\nprot = 1\n")
    refused(imprint("serve"), "[serve]: unknown key 'prot'")


def test_keys_are_added_listed_and_revoked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPRINT_HOME", str(home))
    assert imprint("keys", "list").out == "No keys yet: imprint keys add NAME\n"
    added = json.loads(imprint("keys", "add", "laptop", "--json").out)
    assert added["key"].startswith(f"imprint-{added['id']}-")
    listed = imprint("keys", "list").out
    assert "laptop" in listed
    assert added["key"] not in listed
    refused(imprint("keys", "add", "laptop"), "already")
    done = imprint("keys", "revoke", added["id"])
    assert (done.code, done.out) == (0, f"Revoked laptop ({added['id']})\n")
    assert "answers nobody" in done.err
    refused(imprint("keys", "revoke", "laptop"), "no valid key")
    assert "revoked 20" in imprint("keys", "list").out
