"""Many keys with several users each, all at once: nobody's words reach anybody else, nobody's memory speaks to them."""

import io
import re
import socket
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from imprint.methods.base import Method
from imprint.serve.scope import Scope
from tests.serve.servers import MODEL, Server, add_key, said, serving, until, with_settings

KEYS, USERS = 20, 5
CANARY = re.compile(r"qx\d+y\d+z")


def canary(key: int, user: int) -> str:
    return f"qx{key}y{user}z"


def load(server: Server, number: int, key: str) -> dict[str, str]:
    """One key's users tell their canary and ask for it; returns all that came back, by user."""
    seen = {}
    with server.client(key, timeout=120) as client, httpx.Client(base_url=server.url, timeout=120) as http:
        http.headers["Authorization"] = f"Bearer {key}"
        for user in range(USERS):
            told = f"My dog is called {canary(number, user)}."
            asked = {"model": MODEL, "user": f"user{user}", "max_tokens": 4}
            answers = [client.chat.completions.create(messages=said(told), **asked)]
            answers.append(client.chat.completions.create(messages=said("What is my dog called?"), **asked))
            seen[f"user{user}"] = "".join(answer.model_dump_json() for answer in answers)
        for user in seen:
            for path in ("", "/turns", "/history", "/why?question=What+is+my+dog+called"):
                seen[user] += http.get(f"/v1/memory/{user}{path}").raise_for_status().text
            exported = http.get(f"/v1/memory/{user}/export").raise_for_status().content
            with zipfile.ZipFile(io.BytesIO(exported)) as archive:
                seen[user] += "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    return seen


def test_no_canary_reaches_anybody_else(method: Method, home: Path) -> None:
    keys = [add_key(home, f"key{number}") for number in range(KEYS)]
    with serving(method, home, with_settings(queue=200)) as server:
        with ThreadPoolExecutor(KEYS) as threads:
            seen = list(threads.map(load, [server] * KEYS, range(KEYS), keys))
        assert len(server.state.companion.store.users()) == KEYS * USERS
        with server.http(keys[0]) as http:
            shared = http.get("/metrics").text + http.get("/healthz").text + server.log.getvalue()
    for number, users in enumerate(seen):
        for user, text in users.items():
            assert set(CANARY.findall(text)) == {canary(number, int(user[-1]))}
    assert not CANARY.search(shared)
    assert '"route": "/v1/memory/{user}/export"' in shared


def tell_and_sleep(server: Server, key: str, user: str, told: str) -> None:
    """Somebody whose memory speaks."""
    with server.http(key) as http:
        http.post(f"/v1/memory/{user}/turns", json={"turns": [{"text": told}]}).raise_for_status()
        http.post(f"/v1/memory/{user}/sleep").raise_for_status()
    name = Scope(key.split("-")[1]).name(user)
    until(lambda: name not in server.state.sleeper.waiting())


def asked(server: Server, key: str, user: str) -> tuple[str, int]:
    """What they get for a question, and how many positions their memory took."""
    with server.client(key, timeout=120) as client:
        done = client.chat.completions.create(
            model=MODEL,
            messages=said("What is my dog called?"),
            user=user,
            max_tokens=24,
            extra_body={"memory": "read"},
        )
    assert done.usage is not None
    assert done.usage.prompt_tokens_details is not None
    soft = (done.usage.prompt_tokens_details.model_extra or {})["soft_tokens"]
    return done.choices[0].message.content or "", soft


def test_under_load_everybody_gets_what_their_own_memory_says_alone(method: Method, home: Path) -> None:
    keys = [add_key(home, name) for name in ("one", "other")]
    people = [(key, user) for key in keys for user in ("ada", "bela")]
    dogs = ["Biscuit", "Rex", "Luna", "Bruno"]
    with serving(method, home, with_settings(queue=200)) as server:
        for (key, user), dog in zip(people, dogs, strict=True):
            tell_and_sleep(server, key, user, f"My dog is called {dog}.")
        alone = [asked(server, *person) for person in people]
        assert all(soft for _, soft in alone), "each memory speaks"
        assert len({text for text, _ in alone}) == len(people), "each says something else"
        with ThreadPoolExecutor(12) as threads:
            together = list(threads.map(lambda person: asked(server, *person), people * 6))
    assert together == alone * 6


def raw(server: Server, method: str, target: bytes, key: str) -> bytes:
    """What a request line answers that no client has tidied up."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as sock:
        head = b"%s %s HTTP/1.1\r\nHost: localhost\r\n" % (method.encode(), target)
        sock.sendall(head + f"Authorization: Bearer {key}\r\nConnection: close\r\n\r\n".encode())
        parts = iter(lambda: sock.recv(65536), b"")
        return b"".join(parts)


def test_no_bytes_of_an_address_name_a_user_of_another_key(method: Method, home: Path) -> None:
    mine, theirs = add_key(home, "mine"), add_key(home, "theirs")
    scope = theirs.split("-")[1]
    kept = f"+{scope}.alice"
    hexed = "".join(f"%{byte:02x}" for byte in kept.encode())
    spelled = [kept, hexed, hexed.upper().replace("%2B", "%2b"), kept.replace("+", "%2b"), f"%252b{scope}.alice"]
    spelled += [f"x/../{kept}", f"x%2f..%2f{kept}", f"x%2F%2e%2e%2F{kept}", f"..%5c{kept}", f"./{kept}", f"%2e/{kept}"]
    spelled += [f"{kept}%00", f"{kept}%0a", f"{kept};x", f"{kept}?user=x", f"{kept}#x", f"/{kept}", "%61lice", "alice"]
    spelled += [f"mira/../../memory/{kept}", f"%6dira%2f..%2f{kept}", f"{kept}%c0%af", f"%u002b{scope}.alice"]
    with serving(method, home) as server:
        with server.http(theirs) as victim:
            told = {"turns": [{"text": f"My dog is called {canary(1, 1)}."}]}
            victim.post("/v1/memory/alice/turns", json=told).raise_for_status()
            assert CANARY.search(raw(server, "GET", b"/v1/memory/%61lice/turns", theirs).decode()), "their own way in"
        before = server.state.companion.store.snapshot(kept)
        for user in spelled:
            for way, path in (("GET", ""), ("GET", "/turns"), ("GET", "/export"), ("DELETE", "")):
                for base in ("/v1/memory/", "/v1/%6demory/", "//v1/memory/", "/v1/models/../memory/"):
                    answer = raw(server, way, f"{base}{user}{path}".encode(), mine).decode("latin-1")
                    assert not CANARY.search(answer), (way, base, user, path)
        assert server.state.companion.store.snapshot(kept) == before


def test_no_spelling_names_a_user_of_another_key(method: Method, home: Path) -> None:
    mine, theirs = add_key(home, "mine"), add_key(home, "theirs")
    scope = theirs.split("-")[1]
    kept = f"+{scope}.alice"
    spelled = [
        kept,
        kept[1:],
        "alice",
        "ALICE",
        "alic\u0435",
        "ａlice",
        "alice\u0301",
        " alice",
        "alice ",
        "local.alice",
    ]
    spelled += [
        "../+" + kept,
        f"{kept}\n",
        f"x/../{kept}",
        "alice\0",
        "alice\u200b",
        "\u202ealice",
        f"+2b{scope}.alice",
    ]
    with serving(method, home) as server, server.http(theirs) as victim, server.http(mine) as http:
        told = {"turns": [{"text": "My dog is called qx1y1z."}]}
        victim.post("/v1/memory/alice/turns", json=told).raise_for_status()
        before = server.state.companion.store.snapshot(kept)
        for user in spelled:
            body = {"model": MODEL, "messages": said("What is my dog called?"), "user": user, "max_tokens": 2}
            texts = [http.post("/v1/chat/completions", json=body).text]
            for part in (httpx.URL("/x").join(f"/v1/memory/{user}".replace("\n", "%0A").replace("\0", "%00")),):
                for path in ("", "/turns", "/export", "/why?question=dog"):
                    texts.append(http.get(f"{part}{path}").text)
                texts.append(http.delete(str(part)).text)
            assert not CANARY.search("".join(texts)), user
        assert server.state.companion.store.snapshot(kept) == before
