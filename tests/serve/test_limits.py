"""What no request gets past."""

import json
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import openai
import pytest

from imprint.backbone.decode import Piece
from imprint.backbone.joining import Decoding
from imprint.methods.base import Method
from imprint.serve.limits import Limiter
from imprint.serve.run import bind
from imprint.types import Turn
from tests.serve.servers import MODEL, TOLD, Server, add_key, answered_early, said, serving, until, with_settings

LONG = 400


def test_a_body_that_is_too_large_is_refused_however_it_comes(method: Method, home: Path) -> None:
    with serving(method, home, with_settings(max_body=4000, max_import=9000)) as server, server.http() as http:
        large = b'{"model": "' + b"x" * 5000 + b'"}'
        kind = {"content-type": "application/json"}
        whole = http.post("/v1/chat/completions", content=large, headers=kind)
        pieces = http.post(
            "/v1/chat/completions", content=(large[i : i + 500] for i in range(0, 5000, 500)), headers=kind
        )
        assert [whole.status_code, pieces.status_code] == [413, 413]
        assert whole.json()["error"]["code"] == "body_too_large"
        assert http.put("/v1/memory/x/import", content=b"x" * 8000).status_code == 422
        assert http.put("/v1/memory/x/import", content=b"x" * 10_000).status_code == 413


def test_a_key_that_asks_too_often_waits_and_the_others_do_not(method: Method, home: Path) -> None:
    one, other = add_key(home, "one"), add_key(home, "other")
    with serving(method, home, with_settings(requests_per_minute=3)) as server:
        with server.client(one) as client:
            for _ in range(3):
                client.models.list()
            with pytest.raises(openai.RateLimitError) as caught:
                client.models.list()
        headers = caught.value.response.headers
        assert 1 <= int(headers["retry-after"]) <= 20
        assert headers["x-ratelimit-limit-requests"] == "3"
        with server.client(other) as client:
            assert client.models.list().data


def test_who_asks_too_often_is_told_so_before_the_body_is_read(method: Method, home: Path) -> None:
    key = add_key(home, "laptop")
    with serving(method, home, with_settings(requests_per_minute=2)) as server:
        with server.http(key) as http:
            for path in ("/v1/models", "/v1/nowhere"):
                http.get(path)
        assert answered_early(server, "/v1/chat/completions", key) == 429
        assert answered_early(server, "/v1/chat/completions", key[:-1] + "!") == 401


def test_a_client_that_reads_nothing_is_cut_off(method: Method, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Decoding.step

    def slowly(self: Decoding) -> list[Piece]:
        time.sleep(0.05)
        return step(self)

    monkeypatch.setattr(Decoding, "step", slowly)
    settings = with_settings(unread=1.0)
    sock = bind(settings)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    monkeypatch.setattr("tests.serve.servers.bind", lambda _: sock)
    asked = {"model": MODEL, "messages": said("go"), "n": 8, "max_tokens": LONG, "stream": True}
    body = json.dumps(asked).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    with serving(method, home, settings) as server, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", urlsplit(server.url).port))
        client.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        engine, began = server.state.engine, time.monotonic()
        until(lambda: engine.rows == 8)
        until(lambda: engine.rows == 0)
        assert time.monotonic() - began < LONG * 0.05 / 2, "long before its answers would have ended"
        until(lambda: [line["status"] for line in server.lines() if line["event"] == "request"] == [200])
        got = bytearray()
        with suppress(ConnectionResetError):
            while data := client.recv(65536):
                got += data
    assert got.startswith(b"HTTP/1.1 200 ")
    assert b"[DONE]" not in got


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    # Not the module's own function: servers of other tests sleep by it.
    monkeypatch.setattr("imprint.serve.limits.time", SimpleNamespace(monotonic=lambda: now))
    limiter = Limiter(60)
    for _ in range(60):
        limiter.take("a")
    with pytest.raises(Exception, match="1 s"):
        limiter.take("a")
    now += 1.01
    limiter.take("a")
    with pytest.raises(Exception, match="too many"):
        limiter.take("a")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[", "2130706433"]
)
def test_without_keys_a_foreign_host_is_refused(server: Server, host: str) -> None:
    with server.http() as http:
        assert http.get("/v1/models", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "localhost:99", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"])
def test_this_machine_may_be_called_by_its_own_names(server: Server, host: str) -> None:
    with server.http() as http:
        assert http.get("/v1/models", headers={"Host": host}).status_code == 200


def test_a_web_page_of_another_site_is_refused(server: Server, user: str) -> None:
    body = {"turns": [{"text": TOLD}]}
    with server.http() as http:
        for origin in ("https://evil.example", "null", "http://[", "//localhost.evil.example"):
            answer = http.post(f"/v1/memory/{user}/turns", json=body, headers={"Origin": origin})
            assert answer.status_code == 403, origin
        own = http.post(f"/v1/memory/{user}/turns", json=body, headers={"Origin": server.url})
        assert own.status_code == 201
        asked = http.options("/v1/models", headers={"Origin": server.url, "Access-Control-Request-Method": "GET"})
        assert not [name for name in asked.headers if name.startswith("access-control")]


def test_a_named_host_and_keys_open_the_door(method: Method, home: Path) -> None:
    with serving(method, home, with_settings(hosts=("imprint.lan",))) as server, server.http() as http:
        assert http.get("/v1/models", headers={"Host": "imprint.lan"}).status_code == 200
        assert http.get("/v1/models", headers={"Host": "other.lan"}).status_code == 403
        key = add_key(home, "laptop")
        headers = {"Host": "other.lan", "Authorization": f"Bearer {key}"}
        assert http.get("/v1/models", headers=headers).status_code == 200


def test_no_word_of_a_user_and_no_id_is_logged_or_counted(server: Server) -> None:
    user, word = "mira@example.org", "quokkasaurus"
    with server.client() as client, server.http() as http:
        client.chat.completions.create(model=MODEL, messages=said(f"I keep a {word}."), user=user)
        http.get(f"/v1/memory/{user}/why", params={"question": word})
        http.get(f"/v1/memory/{user}/{word}")
        http.post("/v1/chat/completions", json={"model": word, "messages": said(word), word: word})
        http.post("/v1/chat/completions", content=f'{{"{word}"')
        metrics = http.get("/metrics").text
    assert "imprint_turns_heard_total" in metrics
    assert {"event": "request", "route": "/v1/memory/{user}/why", "status": 200}.items() <= next(
        line for line in reversed(server.lines()) if line.get("route") == "/v1/memory/{user}/why"
    ).items()
    for said_ in (word, user, "mira"):
        assert said_ not in server.log.getvalue() + metrics


def test_a_request_with_too_many_messages_is_refused(method: Method, home: Path) -> None:
    refused = pytest.raises(openai.BadRequestError, match="more than 2 messages")
    with serving(method, home, with_settings(max_messages=2)) as server, server.client() as client, refused:
        client.chat.completions.create(model=MODEL, messages=said("x") * 3)


def test_turns_are_bounded_like_messages_and_so_is_an_import(method: Method, home: Path) -> None:
    with serving(method, home, with_settings(max_messages=2, max_import_turns=2)) as server, server.http() as http:
        turns = [{"text": f"I have {number} cats."} for number in range(3)]
        refused = http.post("/v1/memory/ada/turns", json={"turns": turns})
        assert (refused.status_code, "more than 2 turns" in refused.text) == (400, True)
        for part in (turns[:2], turns[2:]):
            http.post("/v1/memory/ada/turns", json={"turns": part}).raise_for_status()
        refused = http.put("/v1/memory/bela/import", content=http.get("/v1/memory/ada/export").content)
        assert (refused.status_code, "more than 2 turns" in refused.text) == (422, True)
        assert server.state.companion.store.turns("bela") == []


@pytest.mark.parametrize("turn", ["a/b", "..", "a?b"])
def test_an_import_whose_turns_cannot_be_addressed_is_refused(server: Server, user: str, turn: str) -> None:
    store = server.state.companion.store
    store.add(user, [Turn(turn, user, "user", TOLD)])
    with server.http() as http:
        refused = http.put(f"/v1/memory/{user}-2/import", content=http.get(f"/v1/memory/{user}/export").content)
    assert (refused.status_code, "address" in refused.text) == (422, True)
    assert store.turns(f"{user}-2") == []


def test_a_header_may_not_stand_twice(server: Server) -> None:
    with httpx.Client(base_url=server.url) as http:
        headers = [("X-Imprint-Memory", "off"), ("X-Imprint-Memory", "on")]
        answer = http.post("/v1/chat/completions", json={"model": MODEL, "messages": said("x")}, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "duplicate_header")
