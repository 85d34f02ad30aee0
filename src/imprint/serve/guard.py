"""What no request gets past: a missing key, too many requests, a foreign Host or Origin without keys, a large body.

And a slash in disguise. All of it before the body is read. Nor does a client get past it that leaves its answer unread.
"""

import asyncio
import ipaddress
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imprint.serve.callers import Callers
from imprint.serve.errors import ApiError, error_response, of_imprint
from imprint.serve.settings import ServeConfig
from imprint.types import ImprintError

IMPORT = "/import"
KEYED = ("/v1", "/metrics", "/openapi.json")
"""Addresses, and all below them, that are not answered without a key once there is one."""
_LOCAL = ("localhost", "localhost.localdomain")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in _LOCAL


class Guard:
    """ASGI middleware in front of every route."""

    def __init__(self, app: ASGIApp, config: ServeConfig, callers: Callers) -> None:
        self._app = app
        self._config = config
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._config.max_import if scope["path"].endswith(IMPORT) else self._config.max_body
        try:
            self._check(scope, most)
            if self._keyed(scope["path"]):
                await run_in_threadpool(self._callers.of_api, HTTPConnection(scope))
        except (ApiError, ImprintError) as wrong:
            error = of_imprint(wrong) if isinstance(wrong, ImprintError) else wrong
            await error_response(error)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, most), _patient(send, self._config.unread))

    def _check(self, scope: Scope, most: int) -> None:
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        for name in (b"host", b"authorization", b"x-imprint-memory", b"content-length"):
            if sum(each == name for each, _ in headers) > 1:
                raise ApiError(400, f"the header {name.decode()} stands twice", "duplicate_header")
        given = dict(headers)
        if not self._callers.keys.any() and not self._known(given):
            raise ApiError(
                403, "without keys only this machine is answered, under its own name. Add its name to hosts in [serve]"
            )
        length = given.get(b"content-length", "0")
        if not length.isdecimal() or int(length[:20]) > most:
            raise _too_large(most)
        raw = scope.get("raw_path", b"").lower()
        if raw.startswith(b"/v1/memory/") and (b"%2f" in raw or b"%5c" in raw):
            raise ApiError(400, "a user id or turn id has no slashes", "invalid_user", "user")

    def _keyed(self, path: str) -> bool:
        return any(path == each or path.startswith(f"{each}/") for each in KEYED)

    def _known(self, given: dict[bytes, str]) -> bool:
        """Whether host and origin are ours: a web page elsewhere may resolve its name to this machine."""
        addresses = [f"//{given.get(b'host', '')}"]
        if b"origin" in given:
            addresses.append(given[b"origin"])
        return all(self._ours(address) for address in addresses)

    def _ours(self, address: str) -> bool:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            return False
        return is_loopback(host) or host in [name.lower() for name in self._config.hosts]


def _too_large(most: int) -> ApiError:
    return ApiError(413, f"the body is larger than {most} bytes", "body_too_large")


def _patient(send: Send, seconds: float) -> Send:
    """A client that does not read has hung up: what waits to be sent to it, and the rows that make more, are let go."""

    async def sent(message: Message) -> None:
        try:
            async with asyncio.timeout(seconds):
                await send(message)
        except TimeoutError:
            raise ClientDisconnect from None

    return sent


def _bounded(receive: Receive, most: int) -> Receive:
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise _too_large(most)
        return message

    return counted
