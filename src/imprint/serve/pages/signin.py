"""Signing in with an API key, where the server has keys; and the files every page uses."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from imprint.serve.errors import ApiError
from imprint.serve.pages.route import HEADERS, HERE, html, to
from imprint.serve.pages.visitor import Looking, own_form
from imprint.serve.sessions import COOKIE, LASTS
from imprint.serve.state import State

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def add(api: APIRouter, state: State) -> None:
    """The routes."""
    files = {file.name: (file.read_bytes(), _KINDS[file.suffix]) for file in (HERE / "static").iterdir()}

    @api.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in files:
            raise ApiError(404, "there is no such file")
        data, kind = files[name]
        return Response(data, media_type=kind, headers={**HEADERS, "cache-control": "no-cache"})

    def asked(request: Request, status: int = 200, said: str = "") -> Response:
        return html("signin.html", status, token=state.sessions.of(request).token, said=said)

    @api.get("/signin")
    async def signin(request: Request) -> Response:
        return asked(request) if await run_in_threadpool(state.keys.any) else to("/")

    @api.post("/signin")
    async def sign_in(request: Request) -> Response:
        fields = await own_form(request, state.sessions.of(request))
        key = fields.get("key", "").strip()
        if await run_in_threadpool(state.keys.check, key) is None:
            return asked(
                request, 403, "That key is not valid. A key begins with imprint- and was shown once, when made."
            )
        state.sessions.end(request)
        answer = to("/")
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, state.sessions.start(key), LASTS, path="/", httponly=True, samesite="strict", secure=secure
        )
        return answer

    @api.post("/signout")
    async def sign_out(looking: Looking) -> Response:
        await looking.form()
        state.sessions.end(looking.request)
        answer = to("/signin")
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer
