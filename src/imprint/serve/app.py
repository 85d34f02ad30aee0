"""The app: routes, guards, error handlers, and the threads that live as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from imprint import __version__
from imprint.companion import Companion
from imprint.config import Config
from imprint.serve import chat, memory, operations, pages
from imprint.serve.access import Access, Log
from imprint.serve.callers import Callers
from imprint.serve.engine import Engine
from imprint.serve.errors import add_handlers
from imprint.serve.guard import Guard
from imprint.serve.limits import Limiter
from imprint.serve.metrics import Metrics
from imprint.serve.sessions import Sessions
from imprint.serve.settings import ServeConfig
from imprint.serve.sleeper import Sleeper
from imprint.serve.state import State
from imprint.serve.turns import ModelTurns
from imprint.serve.users import Users
from imprint.store.keys import Keys


def make_state(config: Config, serve: ServeConfig, companion: Companion, home: Path, log: Log | None = None) -> State:
    """Everything a server works with; nothing runs yet."""
    log, metrics, turns = log or Log(), Metrics(), ModelTurns(serve.sleep_wait)
    keys, sessions = Keys(home), Sessions()
    engine = Engine(companion.backbone, turns, serve, metrics)
    sleeper = Sleeper(companion, turns, serve, metrics, log)
    return State(
        config=config,
        serve=serve,
        home=home,
        companion=companion,
        keys=keys,
        engine=engine,
        sleeper=sleeper,
        users=Users(companion, engine, sleeper, metrics),
        metrics=metrics,
        log=log,
        sessions=sessions,
        callers=Callers(keys, sessions, Limiter(serve.requests_per_minute)),
        model=model_id(config.model),
    )


def model_id(spec: str) -> str:
    """The id of a model: what was asked for, or the last part of a path."""
    path = Path(spec).expanduser()
    return path.stem if path.suffix.lower() == ".gguf" else path.name if path.is_dir() else spec


def make_app(state: State) -> FastAPI:
    """The app that serves `state`. Its threads start and end with it."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        state.engine.start()
        state.sleeper.start()
        try:
            yield
        finally:
            await run_in_threadpool(state.engine.close)
            await run_in_threadpool(state.sleeper.close)
            state.keys.close()

    app = FastAPI(title="imprint", version=__version__, lifespan=living, docs_url=None, redoc_url=None, **_documented())
    app.state.imprint = state
    add_handlers(app)
    # The last added is the first a request meets.
    app.add_middleware(Guard, config=state.serve, callers=state.callers)
    app.add_middleware(Access, log=state.log, metrics=state.metrics)
    for part in (chat, memory, operations, pages):
        app.include_router(part.router(state))
    return app


def _documented() -> dict[str, Any]:
    """The errors every route may answer with, for the OpenAPI document."""
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["message", "type", "param", "code"],
                "properties": {
                    "message": text,
                    "type": text,
                    "param": {"type": ["string", "null"]},
                    "code": {"type": ["string", "null"]},
                },
            }
        },
    }
    said = {
        400: "The request says something that cannot be done",
        401: "The key is missing or not valid",
        403: "Not answered under this host name",
        404: "There is no such user, turn or model",
        413: "The body is too large",
        422: "It cannot be done as things stand",
        429: "Too many requests; retry-after says when to come back",
        500: "A mistake in the server",
        503: "The server is busy; retry-after says when to come back",
    }
    content = {"application/json": {"schema": error}}
    return {"responses": {status: {"description": text, "content": content} for status, text in said.items()}}
