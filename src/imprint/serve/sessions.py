"""Sign-ins of browsers: a cookie holds a random id; the key stays in the memory of the server until it is restarted."""

import secrets
import threading
import time
from dataclasses import dataclass

from starlette.requests import HTTPConnection

COOKIE = "imprint-session"
LASTS = 12 * 3600
"""Seconds until a sign-in ends."""
MOST = 1_000
"""Sign-ins kept; the oldest end first."""


@dataclass(frozen=True)
class Session:
    """One sign-in."""

    authorization: str
    """The header that a client with the same key sends; empty on a server without keys."""
    token: str
    """What a form must send along: no page of another site can read it."""
    until: float = float("inf")


class Sessions:
    """The sign-ins of one server."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: dict[str, Session] = {}
        self.anybody = Session("", secrets.token_urlsafe(32))
        """Of who is not signed in."""

    def start(self, key: str) -> str:
        """Sign in with a key that was checked; returns the cookie's value."""
        now, id = time.monotonic(), secrets.token_urlsafe(32)
        with self._guard:
            self._open = {each: kept for each, kept in self._open.items() if kept.until > now}
            for each in list(self._open)[: len(self._open) - MOST + 1]:
                del self._open[each]
            self._open[id] = Session(f"Bearer {key}", secrets.token_urlsafe(32), now + LASTS)
        return id

    def of(self, request: HTTPConnection) -> Session:
        """The sign-in that a request's cookie names, else `anybody`."""
        with self._guard:
            found = self._open.get(request.cookies.get(COOKIE, ""))
        return found if found is not None and found.until > time.monotonic() else self.anybody

    def end(self, request: HTTPConnection) -> None:
        """Sign out."""
        with self._guard:
            self._open.pop(request.cookies.get(COOKIE, ""), None)
