"""/v1/memory/{user}: look at a memory, add to it, take it away, remove it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from imprint.serve.conversations import Said
from imprint.serve.errors import invalid
from imprint.serve.schema import NewTurns
from imprint.serve.scope import MAX_USER
from imprint.serve.state import Caller, State
from imprint.serve.users import checked, sleep_of
from imprint.store.base import Receipt
from imprint.store.checks import MAX_ID

MAX_QUESTION = 2_000
"""Longest question in an address, in characters: HTTP servers take addresses of some 64 KiB."""
UserId = Annotated[str, Path(min_length=1, max_length=MAX_USER, description="Whose memory, inside the key's scope")]
TurnId = Annotated[str, Path(min_length=1, max_length=MAX_ID)]
Asking = Annotated[str, Query(min_length=1, max_length=MAX_QUESTION)]
Json = dict[str, Any]


def router(state: State) -> APIRouter:
    """The routes."""
    api = APIRouter(prefix="/v1/memory/{user}", tags=["memory"])
    users = state.users

    @api.get("")
    async def show_memory(user: UserId, caller: Caller) -> Json:
        """What is held, each slot with the turn it came from, and how its sleep stands."""
        name = caller.name(user)
        now = await users.state(name)
        counts = {"version": now.version, "heard": now.heard, "slept": now.slept, "bytes": now.bytes}
        made, facts = asdict(now.memory.fingerprint), now.memory.meta.get("facts", [])
        return {
            "user": user,
            **counts,
            "fingerprint": made,
            "facts": list(facts),
            "sleep": sleep_of(state.sleeper, name, now),
        }

    @api.get("/history")
    async def show_history(user: UserId, caller: Caller) -> Json:
        """The kept versions of the memory, newest first."""
        versions = await users.history(caller.name(user))
        return {"user": user, "versions": [asdict(version) for version in versions]}

    @api.get("/turns")
    async def list_turns(user: UserId, caller: Caller) -> Json:
        """The ledger, in order."""
        turns = await users.turns(caller.name(user))
        return {"user": user, "turns": [_without_user(asdict(turn)) for turn in turns]}

    @api.post("/turns", status_code=201)
    async def add_turns(user: UserId, given: NewTurns, caller: Caller) -> Json:
        """Hear turns without answering; durable when this returns."""
        if len(given.turns) > state.serve.max_messages:
            raise invalid(f"more than {state.serve.max_messages} turns. Send the rest as another conversation", "turns")
        if any(not turn.text.strip() for turn in given.turns):
            raise invalid("a turn is empty", "turns")
        if not given.conversation.isprintable():
            raise invalid("a conversation's id is printable", "conversation")
        said: list[Said] = [(turn.role, checked(turn.text)) for turn in given.turns]
        new = await users.hear(caller.name(user), said, given.conversation)
        return {"user": user, "heard": [turn.id for turn in new]}

    @api.get("/why")
    async def explain(user: UserId, caller: Caller, question: Asking) -> Json:
        """Which slots a question reads and the turns they came from."""
        found = await users.why(caller.name(user), checked(question))
        return {"user": user, "why": asdict(found) if found else None}

    _changes(api, state)
    _archives(api, state)
    return api


def _changes(api: APIRouter, state: State) -> None:
    @api.delete("/turns/{turn}")
    async def forget_turn(user: UserId, turn: TurnId, caller: Caller) -> Json:
        """Remove a turn, to the last byte, and what was made of it."""
        return _receipt(user, await state.users.forget(caller.name(user), [turn]))

    @api.post("/sleep", status_code=202)
    async def sleep(user: UserId, caller: Caller) -> Json:
        """Consolidate soon, while no request waits; GET shows how it goes on."""
        name = caller.name(user)
        asked = await state.users.sleep(name)
        return {"user": user, "sleep": "asked for" if asked else "nothing to do"}

    @api.delete("")
    async def erase(user: UserId, caller: Caller) -> Json:
        """Remove everything of a user, to the last byte."""
        return _receipt(user, await state.users.erase(caller.name(user)))


def _archives(api: APIRouter, state: State) -> None:
    archive = {"schema": {"type": "string", "format": "binary"}}

    @api.get("/export", response_class=Response, responses={200: {"content": {"application/zip": archive}}})
    async def export(user: UserId, caller: Caller) -> Response:
        """Turns and memories in one .zip of JSON and safetensors."""
        data = await state.users.export(caller.name(user))
        return Response(data, media_type="application/zip")

    body = {"requestBody": {"required": True, "content": {"application/zip": archive}}}

    @api.put("/import", openapi_extra=body)
    async def import_turns(user: UserId, caller: Caller, request: Request) -> Json:
        """Take over the turns of an export, for a user who has none. The memory is made anew from them."""
        most = state.serve.max_import_turns
        return {"user": user, "turns": await state.users.import_(caller.name(user), await request.body(), most)}


def _without_user(turn: Mapping[str, Any]) -> Json:
    return {name: value for name, value in turn.items() if name != "user"}


def _receipt(user: str, receipt: Receipt) -> Json:
    return asdict(receipt) | {"user": user}
