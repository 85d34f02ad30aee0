"""Pages as HTML, their errors too, under a policy that lets nothing in from outside."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from imprint.evals.tables import size
from imprint.serve.errors import ApiError, invalid, of_imprint
from imprint.types import ImprintError

HERE = Path(__file__).parent
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def href(*parts: str) -> str:
    """The path of these parts."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def when(time: str) -> str:
    """An ISO time to the minute, as it was written where it is none."""
    try:
        return datetime.fromisoformat(time).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return time


def count(number: int, what: str) -> str:
    """ "1 turn", "2 turns"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def bytes_of(number: int | float) -> str:
    """ "1.2 MB"."""
    return size(float(number))


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals |= {"href": href, "count": count}
_TEMPLATES.filters |= {"bytes": bytes_of, "when": when}


def html(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page."""
    text = _TEMPLATES.get_template(template).render({"token": "", "key": "", "path": ""} | values)
    return HTMLResponse(text, status, {**HEADERS, "cache-control": "no-store"})


def to(path: str) -> Response:
    """Go on there with GET, so that reloading repeats nothing."""
    return RedirectResponse(path, 303, {**HEADERS, "cache-control": "no-store"})


class PageRoute(APIRoute):
    """A route whose errors are pages. Who needs a key and sent none is asked for it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its errors caught."""
        answer = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await answer(request)
            except ApiError as error:
                return _error_page(error)
            except ImprintError as error:
                return _error_page(of_imprint(error))
            except RequestValidationError:
                return _error_page(invalid("the address holds something that cannot be read"))

        return shown


def _error_page(error: ApiError) -> Response:
    if error.status_code == 401:
        return to("/signin")
    answer = html("error.html", error.status_code, code=error.status_code, said=error.detail.rstrip("."))
    answer.headers.update(error.headers or {})
    return answer
