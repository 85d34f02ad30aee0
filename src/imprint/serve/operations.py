"""/v1/models, /healthz and /metrics."""

import time
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from imprint import __version__
from imprint.serve.errors import ApiError
from imprint.serve.state import Caller, State
from imprint.store.connect import DATABASE


def router(state: State) -> APIRouter:
    """The routes."""
    api = APIRouter(tags=["operations"])
    began = int(time.time())

    def card() -> dict[str, Any]:
        return {"id": state.model, "object": "model", "created": began, "owned_by": "imprint"}

    @api.get("/v1/models")
    async def list_models(caller: Caller) -> dict[str, Any]:
        """The one model."""
        return {"object": "list", "data": [card()]}

    @api.get("/v1/models/{model:path}")
    async def show_model(model: str, caller: Caller) -> dict[str, Any]:
        """One model."""
        if model != state.model:
            raise ApiError(404, f"there is no model of this name here. Use {state.model}", "model_not_found", "model")
        return card()

    @api.get("/healthz")
    async def health() -> dict[str, Any]:
        """Whether the server answers, and how much it has to do."""
        if not state.engine.alive:
            raise ApiError(503, "the model's thread has ended. Restart the server", "no_model")
        sleeping = state.sleeper.now is not None
        return {
            "status": "ok",
            "version": __version__,
            "waiting": state.engine.waiting,
            "rows": state.engine.rows,
            "sleeping": sleeping,
        }

    @api.get("/metrics", response_class=PlainTextResponse)
    async def metrics(caller: Caller) -> PlainTextResponse:
        """Figures in Prometheus' format."""
        await run_in_threadpool(measure, state)
        return PlainTextResponse(state.metrics.text(), media_type="text/plain; version=0.0.4")

    return api


def measure(state: State) -> None:
    """The figures that are read off when they are asked for."""
    figures, store = state.metrics, state.companion.store
    figures.queue.set(state.engine.waiting)
    figures.rows.set(state.engine.rows)
    users, size = store.size(state.companion.method.name)
    figures.users.set(users)
    figures.memory_bytes.set(size)
    figures.sleep_waiting.set(len(state.sleeper.waiting()))
    files = state.home.glob(f"{DATABASE}*")
    figures.store_bytes.set(sum(file.stat().st_size for file in files))
