"""Everything the routes and pages work with, and whose users a request may name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from imprint.companion import Companion
from imprint.config import Config
from imprint.serve.access import Log
from imprint.serve.callers import Callers
from imprint.serve.engine import Engine
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
    log: Log
    sessions: Sessions
    callers: Callers
    model: str
    """The model's id in /v1/models."""


def state_of(request: Request) -> State:
    """The server that answers this request."""
    return cast(State, request.app.state.imprint)


_bearer = HTTPBearer(auto_error=False, description="A key of `imprint keys add`")


def caller(request: Request, given: Annotated[object, Security(_bearer)] = None) -> Scope:
    """The users this request may name: those of its key, or without keys those of this machine.

    The guard has found the key.
    """
    return Scope(request.state.key)


Caller = Annotated[Scope, Depends(caller)]
