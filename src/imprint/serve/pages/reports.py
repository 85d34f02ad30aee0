"""What was measured, and how the server is."""

import time
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from imprint import __version__
from imprint.serve.errors import ApiError
from imprint.serve.operations import measure
from imprint.serve.pages.markdown import to_html
from imprint.serve.pages.route import HEADERS
from imprint.serve.pages.visitor import Looking
from imprint.serve.state import State

DOCS = Path(__file__).parents[4] / "docs"
"""The documentation of a source checkout; an installed wheel has none."""


def add(api: APIRouter, state: State) -> None:
    """The routes."""
    began = time.monotonic()

    @api.get("/results")
    async def results(looking: Looking) -> Response:
        page = DOCS / "results.md"
        text = await run_in_threadpool(page.read_text, "utf-8") if page.is_file() else ""
        body, contents = to_html(text, "/results/")
        return looking.page("results.html", body=body, contents=contents)

    @api.get("/results/plots/{name}")
    async def plot(name: str, looking: Looking) -> Response:
        found = {file.name: file for file in (DOCS / "plots").glob("*.png")}
        if name not in found:
            raise ApiError(404, "there is no such plot")
        return FileResponse(found[name], media_type="image/png", headers=HEADERS)

    @api.get("/health")
    async def health(looking: Looking) -> Response:
        await run_in_threadpool(measure, state)
        value = state.metrics.registry.get_sample_value
        return looking.page(
            "health.html",
            version=__version__,
            method=state.companion.method.name,
            up=int(time.monotonic() - began),
            value=lambda name, **labels: value(f"imprint_{name}", labels) or 0.0,
            serve=state.serve,
        )
