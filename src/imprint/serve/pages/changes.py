"""What a page changes: forget or correct a turn, sleep, erase; and the export."""

from fastapi import APIRouter
from starlette.responses import Response

from imprint.serve.errors import ApiError, invalid
from imprint.serve.pages.people import versions_of
from imprint.serve.pages.route import HEADERS, to
from imprint.serve.pages.visitor import Looking
from imprint.serve.state import State
from imprint.serve.users import checked
from imprint.study.reader import correction
from imprint.types import MAX_TEXT, Fact


def add(api: APIRouter, state: State) -> None:
    """The routes."""
    _turns(api, state)
    _memory(api, state)


def _turns(api: APIRouter, state: State) -> None:
    users = state.users

    @api.post("/users/{user}/turns/{turn}/forget")
    async def forget(user: str, turn: str, looking: Looking) -> Response:
        person = looking.person(user)
        await looking.form()
        before = await versions_of(state, person.name)
        receipt = await users.forget(person.name, [turn])
        if receipt.leftover:
            raise ApiError(503, f"the turn is forgotten, but not all bytes are gone yet: {receipt.leftover}")
        if not await users.turns(person.name):
            return to(person.at("chat"))
        if state.sleeper.learns and any(version.slept for version in before):
            await users.sleep(person.name)
        return to(f"{person.at()}?forgot={receipt.turns}&versions={receipt.versions}")

    @api.post("/users/{user}/turns/{turn}/correct")
    async def correct(user: str, turn: str, looking: Looking) -> Response:
        person = looking.person(user)
        fields = await looking.form()
        told = (fields.get("kind", ""), fields.get("about", ""), turn)
        value = checked(fields.get("value", "").strip())
        if not 1 <= len(value) <= MAX_TEXT:
            raise invalid("a correction says what is right, in a few words")
        memory = (await users.state(person.name)).memory
        facts = [Fact(**fact) for fact in memory.meta.get("facts", [])]
        fact = next((fact for fact in facts if (fact.kind, fact.about, fact.turn) == told), None)
        if fact is None:
            raise ApiError(404, "the memory does not hold this any more. Load the turn again")
        text, source = correction(fact, value)
        await users.hear(person.name, [("user", text)], source)
        return to(person.at())


def _memory(api: APIRouter, state: State) -> None:
    users = state.users

    @api.post("/users/{user}/sleep")
    async def sleep(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        await looking.form()
        await users.sleep(person.name)
        return to(person.at())

    @api.get("/users/{user}/leave")
    async def leave(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        await users.history(person.name)
        return looking.page("leave.html", person=person, said="")

    @api.post("/users/{user}/erase")
    async def erase(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        fields = await looking.form()
        if fields.get("typed", "").strip() != person.id.strip():
            said = "Nothing was erased: what was typed is not the user's name."
            return looking.page("leave.html", 400, person=person, said=said)
        receipt = await users.erase(person.name)
        if receipt.leftover:
            raise ApiError(503, f"the user is erased, but not all bytes are gone yet: {receipt.leftover}")
        return to(f"/?turns={receipt.turns}&versions={receipt.versions}&checkpoints={receipt.checkpoints}")

    @api.get("/users/{user}/export")
    async def export(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        data = await users.export(person.name)
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in person.id)
        named = {"content-disposition": f'attachment; filename="{plain}.zip"', "cache-control": "no-store"}
        return Response(data, media_type="application/zip", headers=HEADERS | named)
