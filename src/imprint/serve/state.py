"""Everything the routes and pages work with, and whose users a request may name."""

from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from imprint.companion import Companion
from imprint.config import Config
from imprint.serve.access import Log
from imprint.serve.engine import Engine
from imprint.serve.guard import key_of
from imprint.serve.limits import Limiter
from imprint.serve.metrics import Metrics
from imprint.serve.scope import Scope
from imprint.serve.sessions import Sessions
from imprint.serve.settings import ServeConfig
from imprint.serve.sleeper import Sleeper
from imprint.serve.users import Users
from imprint.store.keys import Keys


@dataclass(frozen=True)
class State:
    """One server."""

    config: Config
    serve: ServeConfig
    home: Path
    companion: Companion
    keys: Keys
    engine: Engine
    sleeper: Sleeper
    users: Users
    metrics: Metrics
    limiter: Limiter
    log: Log
    sessions: Sessions
    model: str
    """The model's id in /v1/models."""


TOKEN = "x-imprint-token"
"""Header in which the dashboard's script sends its session's token."""


def state_of(request: Request) -> State:
    """The server that answers this request."""
    return cast(State, request.app.state.imprint)


_bearer = HTTPBearer(auto_error=False, description="A key of `imprint keys add`")


def caller(request: Request, given: Annotated[object, Security(_bearer)] = None) -> Scope:
    """The users this request may name: those of its key, or without keys those of this machine.

    A script of the dashboard, which cannot read its browser's key, sends the token of its sign-in instead.
    ApiError: the key is missing, wrong or revoked (401), or asks too often (429).
    """
    session = state_of(request).sessions.of(request)
    sent = request.headers.get(TOKEN, "")
    signed_in = compare_digest(sent.encode(), session.token.encode())
    return admitted(request, request.headers.get("authorization", "") or (session.authorization if signed_in else ""))


def admitted(request: Request, authorization: str) -> Scope:
    """The scope of an Authorization header, for pages that keep the key elsewhere. Errors as `caller`."""
    state = state_of(request)
    key = key_of(state.keys, authorization)
    request.state.key = key
    state.limiter.take(key)
    return Scope(key)


Caller = Annotated[Scope, Depends(caller)]
