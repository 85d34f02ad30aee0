"""/v1/memory/{user} does what `imprint memory` does."""

import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from imprint.serve.engine import Busy
from imprint.store import SQLiteStore, sqlite
from imprint.store.purge import purge
from imprint.types import Turn
from tests.serve.servers import TOLD, Server, until
from tests.store.samples import holding


@pytest.fixture
def http(server: Server):
    with server.http() as client:
        yield client


def tell(http: httpx.Client, user: str, *texts: str) -> list[str]:
    answer = http.post(f"/v1/memory/{user}/turns", json={"turns": [{"text": text} for text in texts]})
    assert answer.status_code == 201, answer.text
    return answer.json()["heard"]


def slept(server: Server, http: httpx.Client, user: str) -> dict[str, Any]:
    assert http.post(f"/v1/memory/{user}/sleep").status_code == 202
    # Not over HTTP: a request every few milliseconds would let no sleep go on.
    until(lambda: user not in server.state.sleeper.waiting())
    return http.get(f"/v1/memory/{user}").json()


def test_turns_are_heard_once_and_shown(http: httpx.Client, user: str) -> None:
    first = tell(http, user, TOLD, "I live in Ghent.")
    assert tell(http, user, TOLD, "I live in Ghent.", "I work as a cartographer.") != []
    listed = http.get(f"/v1/memory/{user}/turns").json()["turns"]
    assert [turn["text"] for turn in listed] == [TOLD, "I live in Ghent.", "I work as a cartographer."]
    assert [turn["id"] for turn in listed][:2] == first
    shown = http.get(f"/v1/memory/{user}").json()
    assert {(fact["kind"], fact["value"]) for fact in shown["facts"]} >= {("pet_name", "Biscuit"), ("home", "Ghent")}
    assert (shown["heard"], shown["slept"], shown["sleep"]) == (3, 0, {"state": "waiting", "turns": 3})


def test_a_named_conversation_goes_on_where_it_was(http: httpx.Client, user: str) -> None:
    body = {"turns": [{"text": "one"}, {"role": "assistant", "text": "two"}], "conversation": "c-1"}
    for expected in (2, 0):
        assert len(http.post(f"/v1/memory/{user}/turns", json=body).json()["heard"]) == expected
    other = http.post(f"/v1/memory/{user}/turns", json=body | {"conversation": "c-2"})
    assert len(other.json()["heard"]) == 2


def test_sleep_consolidates_and_why_names_the_turn(server: Server, http: httpx.Client, user: str) -> None:
    (turn,) = tell(http, user, TOLD)
    assert http.get(f"/v1/memory/{user}").json()["slept"] == 0
    assert slept(server, http, user)["slept"] == 1
    why = http.get(f"/v1/memory/{user}/why", params={"question": "What is my dog called?"}).json()["why"]
    assert why["spoke"]
    assert why["traces"][0]["fact"]["turn"] == turn
    versions = http.get(f"/v1/memory/{user}/history").json()["versions"]
    assert [version["slept"] for version in versions] == [1, 0]


def test_a_forgotten_turn_leaves_a_memory_that_never_heard_it(server: Server, http: httpx.Client, user: str) -> None:
    companion, other = server.state.companion, f"{user}-other"
    tell(http, user, "I live in Ghent.")
    (turn,) = tell(http, user, "My dog is called Biscuit.")
    slept(server, http, user)
    gone = http.delete(f"/v1/memory/{user}/turns/{turn}")
    assert (gone.status_code, gone.json()["turns"], gone.json()["user"]) == (200, 1, user)
    assert gone.json()["leftover"] == ""
    slept(server, http, user)
    tell(http, other, "I live in Ghent.")
    slept(server, http, other)
    blobs = [companion.store.memory(name, "lpm") for name in (user, other)]
    told = [turn.id for turn in companion.store.turns(user)]
    assert told == [turn.id for turn in companion.store.turns(other)]
    assert blobs[0] is not None
    assert blobs[1] is not None
    assert blobs[0].blob == blobs[1].blob
    assert http.delete(f"/v1/memory/{user}/turns/{turn}").status_code == 404


def test_a_removal_that_is_done_is_told_so_while_the_model_is_busy(
    server: Server, http: httpx.Client, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (turn,) = tell(http, user, TOLD)

    async def busy(*_: object) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(server.state.engine, "call", busy)
        gone = http.delete(f"/v1/memory/{user}/turns/{turn}")
    assert (gone.status_code, gone.json()["turns"]) == (200, 1)


def test_removals_at_once_share_their_rewriting_of_the_file(
    server: Server, http: httpx.Client, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users, neighbour = [f"{user}-{number}" for number in range(8)], user.upper()
    for each in (*users, neighbour):
        tell(http, each, f"I keep a quokkasaurus, says {each}.")
    running, most, count = 0, 0, 0

    def counted(*given: Any) -> str:
        nonlocal running, most, count
        running, count = running + 1, count + 1
        most = max(most, running)
        time.sleep(0.3)
        try:
            return purge(*given)
        finally:
            running -= 1

    monkeypatch.setattr(sqlite, "purge", counted)
    with ThreadPoolExecutor(8) as threads:
        gone = list(threads.map(lambda each: http.delete(f"/v1/memory/{each}").json(), users))
    assert [(each["turns"], each["leftover"]) for each in gone] == [(1, "")] * 8
    assert most == 1
    assert count < 8
    # By the name, which nobody else says: the animal is kept by the neighbour, and by users of other tests.
    assert holding(server.home, user) == []
    assert holding(server.home, neighbour)


def test_erasing_leaves_nothing(server: Server, http: httpx.Client, user: str) -> None:
    tell(http, user, f"I keep a quaggatherium, says {user}.")
    assert http.delete(f"/v1/memory/{user}").json()["turns"] == 1
    for path in ("", "/history", "/export", "/why?question=x"):
        assert http.get(f"/v1/memory/{user}{path}").status_code == 404, path
    assert http.get(f"/v1/memory/{user}/turns").json()["turns"] == []
    assert http.delete(f"/v1/memory/{user}").status_code == 404
    assert http.post(f"/v1/memory/{user}/sleep").status_code == 404
    assert holding(server.home, user) == []


def test_an_export_carries_the_turns_to_another_user_and_no_tensors(
    http: httpx.Client, server: Server, user: str
) -> None:
    tell(http, user, TOLD)
    slept(server, http, user)
    got = http.get(f"/v1/memory/{user}/export")
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        assert "memories/lpm.safetensors" in archive.namelist()
        assert json.loads(archive.read("turns.jsonl"))["text"] == TOLD
    put = http.put(f"/v1/memory/{user}-2/import", content=got.content)
    assert (put.status_code, put.json()) == (200, {"user": f"{user}-2", "turns": 1})
    assert server.state.companion.store.memory(f"{user}-2", "lpm") is None
    assert slept(server, http, f"{user}-2")["slept"] == 1
    tell(http, f"{user}-3", "Something else.")
    assert http.put(f"/v1/memory/{user}-3/import", content=got.content).status_code == 422
    assert http.put(f"/v1/memory/{user}-4/import", content=got.content[:-40]).status_code == 422


def test_the_command_line_and_the_server_share_users(server: Server, http: httpx.Client, user: str) -> None:
    with SQLiteStore(server.home) as store:
        store.add(user, [Turn("0123456789abcdef", user, "user", TOLD)])
    assert http.get(f"/v1/memory/{user}").json()["facts"][0]["turn"] == "0123456789abcdef"


def test_what_is_no_turn_is_refused(http: httpx.Client, user: str) -> None:
    bad = [
        {"text": " "},
        {"text": "a\0"},
        {"text": "\ud800"},
        {"text": "x", "role": "system"},
        {"text": "x", "id": "1"},
    ]
    for turn in bad:
        body = json.dumps({"turns": [{"text": "fine"}, turn]})
        answer = http.post(f"/v1/memory/{user}/turns", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), turn
    assert http.get(f"/v1/memory/{user}/turns").json()["turns"] == []
