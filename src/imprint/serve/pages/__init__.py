"""The dashboard at /: pages for people, rendered on the server. The app includes what `router` returns last.

visitor.py    who looks: session, scope, forms that only our own pages can send
route.py      pages and their errors as HTML, under a strict Content-Security-Policy
people.py     the list of users; one user's memory and turns      understood.py, pictures.py: what they show
changes.py    forget, correct, sleep, erase, export
talk.py       the chat with and without memory, and "why this answer"
reports.py    results and health                                  markdown.py: the tables of docs/results.md
templates/, static/   HTML, CSS and the script of the chat; everything else works without it
"""

from fastapi import APIRouter

from imprint.serve.pages import changes, people, reports, signin, talk
from imprint.serve.pages.route import PageRoute
from imprint.serve.state import State


def router(state: State) -> APIRouter:
    """The pages' routes."""
    api = APIRouter(include_in_schema=False, route_class=PageRoute)
    for part in (people, changes, talk, reports, signin):
        part.add(api, state)
    return api
