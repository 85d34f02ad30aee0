"""What no request gets past: a missing key, a foreign Host or Origin without keys, a body that is too large.

And a slash in disguise. All of it before the body is read.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imprint.serve.errors import ApiError, error_response
from imprint.serve.settings import ServeConfig
from imprint.store.keys import Keys

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


def key_of(keys: Keys, authorization: str) -> str:
    """The id of the key in an Authorization header; empty where no key is asked for. ApiError 401."""
    if not keys.any():
        return ""
    kind, _, text = authorization.partition(" ")
    found = keys.check(text.strip()) if kind.lower() == "bearer" else None
    if found is None:
        said = "that key is not valid" if authorization else "a key is needed"
        headers = {"www-authenticate": "Bearer"}
        raise ApiError(401, f"{said}. Send it as: Authorization: Bearer KEY", "invalid_api_key", headers=headers)
    return found


class Guard:
    """ASGI middleware in front of every route."""

    def __init__(self, app: ASGIApp, config: ServeConfig, keys: Keys) -> None:
        self._app = app
        self._config = config
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._config.max_import if scope["path"].endswith(IMPORT) else self._config.max_body
        wrong = self._wrong(scope, most)
        if wrong is None and self._keyed(scope["path"]):
            wrong = await run_in_threadpool(self._unknown, scope)
        if wrong is not None:
            await error_response(wrong)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, most), send)

    def _wrong(self, scope: Scope, most: int) -> ApiError | None:
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        for name in (b"host", b"authorization", b"x-imprint-memory", b"content-length"):
            if sum(each == name for each, _ in headers) > 1:
                return ApiError(400, f"the header {name.decode()} stands twice", "duplicate_header")
        given = dict(headers)
        if not self._keys.any() and not self._known(given):
            return ApiError(
                403, "without keys only this machine is answered, under its own name. Add its name to hosts in [serve]"
            )
        length = given.get(b"content-length", "0")
        if not length.isdecimal() or int(length[:20]) > most:
            return _too_large(most)
        raw = scope.get("raw_path", b"").lower()
        if raw.startswith(b"/v1/memory/") and (b"%2f" in raw or b"%5c" in raw):
            return ApiError(400, "a user id or turn id has no slashes", "invalid_user", "user")
        return None

    def _keyed(self, path: str) -> bool:
        return any(path == each or path.startswith(f"{each}/") for each in KEYED)

    def _unknown(self, scope: Scope) -> ApiError | None:
        """401 unless the header names a valid key, whose id is then kept for the routes."""
        given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        try:
            scope.setdefault("state", {})["key"] = key_of(self._keys, given)
        except ApiError as error:
            return error
        return None

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
