"""Sleep in the background: it comes by itself, lets requests go first, and goes on after a restart."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from imprint.companion import Companion
from imprint.encode import open_encoder
from imprint.methods import open_method
from imprint.methods.base import Method
from imprint.serve.scope import Scope
from imprint.serve.turns import ModelTurns
from imprint.store import SQLiteStore
from tests.serve.servers import MODEL, TOLD, Server, said, serving, until, with_settings

SLOW = {"lpm": {"fit": {"epochs": 1, "least": 300, "patience": 0}}}
BY_ITSELF = with_settings(sleep=True, sleep_after=0.0, sleep_wait=0.0)


@pytest.fixture(scope="module")
def slow(method: Method, tmp_path_factory: pytest.TempPathFactory) -> Method:
    """A method whose sleep takes seconds."""
    return open_method("lpm", SLOW, method.backbone, open_encoder("hashing", tmp_path_factory.mktemp("e")), "rules")


def tell(server: Server, user: str) -> None:
    with server.http() as http:
        http.post(f"/v1/memory/{user}/turns", json={"turns": [{"text": TOLD}]}).raise_for_status()


def slept(server: Server, user: str) -> bool:
    # Not over HTTP: a request every few milliseconds would let no sleep go on.
    return user not in server.state.sleeper.waiting()


def test_a_user_who_has_been_quiet_is_slept_on(method: Method, home: Path) -> None:
    with serving(method, home, BY_ITSELF) as server:
        for user in ("ada", "bela"):
            tell(server, user)
        until(lambda: slept(server, "ada") and slept(server, "bela"))
        assert server.state.sleeper.waiting() == {}
        with server.http() as http:
            assert 'imprint_sleeps_total{outcome="done"} 2.0' in http.get("/metrics").text


def test_who_still_talks_is_left_awake(method: Method, home: Path) -> None:
    with serving(method, home, with_settings(sleep=True, sleep_after=600.0)) as server:
        tell(server, "ada")
        sleeper = server.state.sleeper
        assert sleeper.waiting() == {"ada": 1}
        assert sleeper._next() is None
        sleeper.ask("ada")
        until(lambda: slept(server, "ada"))


def test_keys_take_turns_and_the_longest_wait_goes_first(method: Method, home: Path) -> None:
    one, other = Scope("a" * 16), Scope("b" * 16)
    come = [one.name("c"), one.name("b"), one.name("a"), other.name("z")]
    with serving(method, home, with_settings(sleep=False)) as server:
        sleeper = server.state.sleeper
        taken = []
        for waiting in (come[:2], sorted(come), sorted(come), sorted(come)):
            ready = [name for name in waiting if name not in taken]
            name = sleeper._fairly(ready, ready)
            assert name is not None
            sleeper._took(name)
            taken.append(name)
    assert taken == [come[0], come[3], come[1], come[2]]


def test_who_is_slept_on_already_is_not_slept_on_again(method: Method, home: Path) -> None:
    with serving(method, home, with_settings(sleep=False)) as server, server.http() as http:
        tell(server, "ada")
        assert http.post("/v1/memory/ada/sleep").json()["sleep"] == "asked for"
        until(lambda: slept(server, "ada") and server.state.sleeper.now is None)
        assert http.post("/v1/memory/ada/sleep").json()["sleep"] == "nothing to do"
        assert server.state.sleeper._asked == []


@pytest.fixture
def sleeping(slow: Method, home: Path) -> Iterator[Server]:
    """A server in the middle of a sleep."""
    with serving(slow, home, BY_ITSELF) as server:
        tell(server, "ada")
        until(lambda: (now := server.state.sleeper.now) is not None and now.stage == "fit" and now.done > 20)
        yield server


def test_requests_go_first_and_the_sleep_goes_on_after(sleeping: Server) -> None:
    before = sleeping.state.sleeper.now
    with sleeping.client(timeout=120) as client, sleeping.http() as http:
        stream = client.chat.completions.create(
            model=MODEL, messages=said("hello"), user="bela", max_tokens=120, stream=True
        )
        next(iter(stream))
        until(lambda: (now := sleeping.state.sleeper.now) is not None and now.paused)
        first = sleeping.state.sleeper.now
        shown = [chunk for chunk in stream if chunk.choices]
        last = sleeping.state.sleeper.now
        assert len(shown) > 20
        progress = http.get("/v1/memory/ada").json()["sleep"]
    assert before is not None
    assert first is not None
    assert last is not None
    assert before.done <= first.done <= last.done <= first.done + 2, "not a step while somebody waits"
    assert (progress["state"], progress["stage"], progress["total"]) == ("sleeping", "fit", 300)
    until(lambda: (now := sleeping.state.sleeper.now) is not None and now.done > last.done)


def test_a_sleep_gets_a_step_now_and_then_while_requests_never_end(slow: Method, home: Path) -> None:
    with serving(slow, home, with_settings(sleep=True, sleep_after=0.0, sleep_wait=0.05)) as server:
        tell(server, "ada")
        until(lambda: (now := server.state.sleeper.now) is not None and now.stage == "fit")
        engine, seen = server.state.engine, set[int]()
        asked = {"model": MODEL, "messages": said("hello"), "user": "bela", "max_tokens": 400, "stream": True}
        with server.client(timeout=120) as client:
            for _ in client.chat.completions.create(**asked, extra_body={"memory": "off"}):
                now = server.state.sleeper.now
                if engine.rows and now is not None:
                    seen.add(now.done)
        assert len(seen) >= 5


def test_a_sleep_that_waits_long_enough_has_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, stop, steps = ModelTurns(5.0), threading.Event(), []

    def sleep() -> None:
        with turns.sleep(stop) as mine:
            while mine and len(steps) < 3:
                steps.append(None)
                turns.offer(stop)

    now = 100.0
    monkeypatch.setattr("imprint.serve.turns.time", SimpleNamespace(monotonic=lambda: now))
    with turns.requests():
        thread = threading.Thread(target=sleep)
        thread.start()
        until(lambda: turns._since is not None)
        for least, waited in ((0, 4.9), (1, 5.1), (1, 9.9), (2, 10.2)):
            now = 100.0 + waited
            turns.give_way()
            assert len(steps) == least
            until(lambda: turns._since is not None)
    thread.join(10)
    assert len(steps) == 3


def test_forgetting_stops_the_sleep_that_heard_it(sleeping: Server) -> None:
    with sleeping.http() as http:
        (turn,) = http.get("/v1/memory/ada/turns").json()["turns"]
        assert http.delete(f"/v1/memory/ada/turns/{turn['id']}").status_code == 200
        until(lambda: sleeping.state.sleeper.now is None, 5)
        assert http.get("/v1/memory/ada").status_code == 404
    assert [line["outcome"] for line in sleeping.lines() if line["event"] == "sleep"] == ["stopped"]


def test_a_stopped_sleep_goes_on_after_a_restart(slow: Method, home: Path, tmp_path: Path) -> None:
    with serving(slow, home, BY_ITSELF) as server:
        tell(server, "ada")
        until(lambda: (now := server.state.sleeper.now) is not None and now.stage == "fit" and now.done > 40)
    with SQLiteStore(home) as store:
        turns = store.turns("ada")
        assert store.unslept("lpm") == {"ada": 1}
    with serving(slow, home, BY_ITSELF) as server:
        until(lambda: (now := server.state.sleeper.now) is not None and now.stage == "fit" and now.done > 0)
        now = server.state.sleeper.now
        assert now is not None
        assert now.done > 40, "it begins where it was stopped"
        until(lambda: slept(server, "ada"))
        made = server.state.companion.store.memory("ada", "lpm")
    with SQLiteStore(tmp_path / "other") as store:
        unbroken = Companion(store, slow)
        unbroken.hear("ada", turns)
        unbroken.sleep("ada")
        expected = store.memory("ada", "lpm")
    assert made is not None
    assert expected is not None
    assert made.blob == expected.blob
