"""Opens what a server needs, binds its port, serves until a signal."""

import math
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from imprint.companion import Companion
from imprint.config import Config
from imprint.serve.app import make_app, make_state
from imprint.serve.guard import is_loopback
from imprint.serve.settings import ServeConfig
from imprint.store.keys import Keys
from imprint.types import ImprintError


def serve(config: Config, settings: ServeConfig, home: Path, notice: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    notice: told in one line what happens before the first request. ImprintError: no keys and not a loopback address,
    the address cannot be had, or the model cannot be opened.
    """
    check_address(settings, home)
    with bind(settings) as sock, Companion.open(config, home, notice=notice) as companion:
        app = make_app(make_state(config, settings, companion, home))
        port = sock.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        notice(f"Serving at http://{host}:{port}/v1. Ctrl-C ends it")
        uvicorn.Server(server_config(app, settings)).run(sockets=[sock])


def server_config(app: FastAPI, settings: ServeConfig) -> uvicorn.Config:
    """How uvicorn runs the app: no log of its own, for it would name paths and so users."""
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=settings.drain,
    )


def check_address(settings: ServeConfig, home: Path) -> None:
    """ImprintError unless the address is a loopback one or there are keys."""
    if is_loopback(settings.host):
        return
    keys = Keys(home)
    try:
        safe = any(not key.revoked for key in keys.list())
    finally:
        keys.close()
    if not safe:
        raise ImprintError(
            f"{settings.host} can be reached from other machines, and there is no key yet",
            "Add one: imprint keys add NAME",
        )


def bind(settings: ServeConfig) -> socket.socket:
    """A socket that listens at the address. ImprintError: it is taken, or not ours."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "linux":
            # Connections inherit it: what uvicorn has already buffered for a client that reads nothing goes too.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, math.ceil(settings.unread * 1000))
        try:
            sock.bind(address)
        except OSError:
            sock.close()
            raise
        return sock
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise ImprintError(
            f"cannot listen at {settings.host} port {settings.port}: {reason}", "Choose others with --host and --port"
        ) from error
