"""A real uvicorn on a real port, in a thread of the test's process, with the tiny model."""

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from openai import OpenAI

from imprint.companion import Companion
from imprint.config import Config, SamplingDefaults
from imprint.methods.base import Method
from imprint.serve.access import Log
from imprint.serve.app import make_app, make_state
from imprint.serve.run import bind, server_config
from imprint.serve.settings import ServeConfig
from imprint.serve.state import State
from imprint.store import SQLiteStore
from imprint.store.keys import Keys

SETTINGS = ServeConfig(port=0, sleep=False, requests_per_minute=0, drain=5)
MODEL = "tiny"
TOLD = "My dog is called Biscuit."


@dataclass(frozen=True)
class Server:
    """A server that runs, and what it works with."""

    url: str
    """Without /v1."""
    state: State
    home: Path
    log: io.StringIO

    def client(self, key: str = "none", **options: Any) -> OpenAI:
        """The openai package's own client."""
        given: dict[str, Any] = {"max_retries": 0, "timeout": 30} | options
        return OpenAI(base_url=f"{self.url}/v1", api_key=key, **given)

    def http(self, key: str = "") -> httpx.Client:
        """A plain client, for what OpenAI has no calls for."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def lines(self) -> list[dict[str, Any]]:
        """The log so far."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@contextmanager
def serving(method: Method, home: Path, settings: ServeConfig = SETTINGS) -> Iterator[Server]:
    """Serve a data folder while inside."""
    log = io.StringIO()
    config = Config(model=MODEL, sampling=SamplingDefaults(max_new_tokens=8))
    with SQLiteStore(home) as store, bind(settings) as sock:
        state = make_state(config, settings, Companion(store, method), home, Log(log.write))
        server = uvicorn.Server(server_config(make_app(state), settings))
        thread = threading.Thread(target=server.run, args=([sock],))
        port = sock.getsockname()[1]
        thread.start()
        try:
            until(lambda: server.started)
            yield Server(f"http://127.0.0.1:{port}", state, home, log)
        finally:
            server.should_exit = True
            thread.join()


def until(true: Callable[[], object], seconds: float = 200) -> None:
    """Wait for something; an error when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def add_key(home: Path, name: str) -> str:
    """A key's text."""
    keys = Keys(home)
    try:
        return keys.add(name)[1]
    finally:
        keys.close()


def answered_early(server: Server, path: str, key: str = "") -> int:
    """The status of the answer to a request whose body does not come."""
    address = urlsplit(server.url)
    head = ["Host: localhost", "Content-Type: application/json", "Content-Length: 1000"]
    if key:
        head.append(f"Authorization: Bearer {key}")
    with socket.create_connection((address.hostname, address.port), timeout=10) as sock:
        sock.sendall("\r\n".join([f"POST {path} HTTP/1.1", *head, "", "{"]).encode())
        return int(sock.recv(100).split()[1])


def said(text: str, role: str = "user") -> list[Any]:
    """The messages of a conversation of one turn."""
    return [{"role": role, "content": text}]


def with_settings(**values: Any) -> ServeConfig:
    """The tests' settings, some of them changed."""
    return replace(SETTINGS, **values)
