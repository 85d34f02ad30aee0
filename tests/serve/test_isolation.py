"""Twenty keys with five users each, all at once: nobody's words reach anybody else."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from imprint.methods.base import Method
from tests.serve.servers import MODEL, Server, add_key, said, serving, with_settings

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
