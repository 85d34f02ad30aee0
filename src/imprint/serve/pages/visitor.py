"""Who looks at a page: their session, the users they may see, and forms that only our own pages can send."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from imprint.serve.errors import ApiError, invalid
from imprint.serve.pages.route import href, html
from imprint.serve.scope import Scope
from imprint.serve.sessions import Session
from imprint.serve.state import State, state_of

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


@dataclass(frozen=True)
class Person:
    """One user as pages name them."""

    id: str
    name: str
    """Stored name."""

    def at(self, *parts: str) -> str:
        """A path below this user's page."""
        return href("users", self.id, *parts)


@dataclass(frozen=True)
class Visitor:
    """Who sent a request."""

    request: Request
    state: State
    session: Session
    scope: Scope

    def person(self, user: str) -> Person:
        """A user by the id in the address. BadUser: it is none."""
        return Person(user, self.scope.name(user))

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page with what every page shows."""
        keys = self.state.keys.list() if self.scope.key else []
        name = next((key.name for key in keys if key.id == self.scope.key), "")
        shown = {
            "token": self.session.token,
            "key": name,
            "model": self.state.model,
            "path": self.request.scope["path"],
        }
        return html(template, status, **shown, **values)

    async def form(self) -> dict[str, str]:
        """The fields of a form that one of our own pages sent. ApiError 400, 403."""
        return await own_form(self.request, self.session)

    def number(self, name: str) -> int:
        """A whole number of the query; 0 where there is none."""
        text = self.request.query_params.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def visitor(request: Request) -> Visitor:
    """Who looks. ApiError 401: the server has keys and nobody is signed in; 429."""
    state = state_of(request)
    state.callers.of_page(request)
    return Visitor(request, state, state.sessions.of(request), Scope(request.state.key))


Looking = Annotated[Visitor, Depends(visitor)]


async def own_form(request: Request, session: Session) -> dict[str, str]:
    """The fields of a form, if our own page sent it in this session. ApiError 400, 403."""
    if not _from_here(request):
        raise ApiError(403, "the form came from another site")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise invalid("the body is no form")
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise invalid("the form cannot be read") from None
    fields = dict(pairs)
    if not compare_digest(fields.pop("token", "").encode(), session.token.encode()):
        raise ApiError(403, "the form is older than this sign-in. Load its page again, and send it from there")
    return {name: text.replace("\r\n", "\n") for name, text in fields.items()}


def _from_here(request: Request) -> bool:
    """What the browser says of the page that sent a form; who says nothing is no browser."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
