"""Pages for people. The app includes what `router` returns last, without a prefix."""

from fastapi import APIRouter

from imprint.serve.state import State


def router(state: State) -> APIRouter:
    """The pages' routes. Whose users a page may show: `imprint.serve.state.caller` or `admitted`."""
    return APIRouter(include_in_schema=False)
