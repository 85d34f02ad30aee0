"""Who asks, and whether they ask too often: decided once a request, before its body is read."""

from dataclasses import dataclass
from hmac import compare_digest

from starlette.requests import HTTPConnection

from imprint.serve.errors import ApiError
from imprint.serve.limits import Limiter
from imprint.serve.sessions import Sessions
from imprint.store.keys import Keys

TOKEN = "x-imprint-token"
"""Header in which the dashboard's script sends its session's token."""


@dataclass(frozen=True)
class Callers:
    """Finds the key of a request, counts the request, and keeps the key's id for routes and log.

    ApiError: the key is missing, wrong or revoked (401), or asks too often (429).
    """

    keys: Keys
    sessions: Sessions
    limiter: Limiter

    def of_api(self, request: HTTPConnection) -> None:
        """By the Authorization header; a script of the dashboard sends its sign-in's cookie and token instead."""
        session = self.sessions.of(request)
        signed_in = compare_digest(request.headers.get(TOKEN, "").encode(), session.token.encode())
        given = request.headers.get("authorization", "")
        self._admit(request, given or (session.authorization if signed_in else ""))

    def of_page(self, request: HTTPConnection) -> None:
        """By the cookie alone: what a page changes, it changes by a form, which holds the token."""
        self._admit(request, self.sessions.of(request).authorization)

    def _admit(self, request: HTTPConnection, authorization: str) -> None:
        request.state.key = key = self._key_of(authorization)
        self.limiter.take(key)

    def _key_of(self, authorization: str) -> str:
        """The id of the key in an Authorization header; empty where no key is asked for."""
        if not self.keys.any():
            return ""
        kind, _, text = authorization.partition(" ")
        found = self.keys.check(text.strip()) if kind.lower() == "bearer" else None
        if found is None:
            said = "that key is not valid" if authorization else "a key is needed"
            headers = {"www-authenticate": "Bearer"}
            raise ApiError(401, f"{said}. Send it as: Authorization: Bearer KEY", "invalid_api_key", headers=headers)
        return found
