"""The list of users, and what is kept of one: memory, versions, turns."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from imprint.companion import State as Recalled
from imprint.serve.errors import ApiError, of_imprint
from imprint.serve.pages.pictures import slots_of, tensors_of
from imprint.serve.pages.route import href, to
from imprint.serve.pages.understood import readings
from imprint.serve.pages.visitor import Looking, Person
from imprint.serve.state import State
from imprint.store.base import Version
from imprint.types import Fact, ImprintError

USERS = 50
"""Users of one page."""
TURNS = 20
"""Turns of one page."""


@dataclass(frozen=True)
class Sleep:
    """How a user's sleep stands."""

    state: str
    """sleeping, waiting or done."""
    turns: int = 0
    """Turns that are not consolidated."""
    stage: str = ""
    done: int = 0
    total: int = 0
    paused: bool = False
    asked: bool = False
    """Whether it comes without being asked for."""

    @property
    def share(self) -> float:
        """How much of the stage is done."""
        return self.done / self.total if self.total else 0.0


async def sleep_of(state: State, name: str) -> Sleep:
    """How a user's sleep stands, without the model."""
    asked = state.serve.sleep or state.sleeper.asked(name)
    now = state.sleeper.now
    waiting = (await run_in_threadpool(state.sleeper.waiting)).get(name, 0)
    if now is not None and now.name == name:
        return Sleep("sleeping", waiting, now.stage, now.done, now.total, now.paused, asked)
    return Sleep("waiting" if waiting else "done", waiting, asked=asked)


async def versions_of(state: State, name: str) -> list[Version]:
    """The kept versions, newest first; none for an unknown user."""
    return await run_in_threadpool(state.companion.store.history, name, state.companion.method.name)


async def recalled(state: State, person: Person) -> tuple[Recalled | None, str]:
    """A user's memory, None where nothing was heard or it cannot be read, and what is wrong with it."""
    try:
        return await state.users.state(person.name), ""
    except ApiError:
        return None, ""
    except ImprintError as error:
        return None, of_imprint(error).detail


def add(api: APIRouter, state: State) -> None:
    """The routes."""
    _list(api, state)
    _memory(api, state)

    @api.get("/users/{user}/turns")
    async def turns(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        ledger = await state.users.turns(person.name)
        pages = max(1, -(-len(ledger) // TURNS))
        number = min(max(1, looking.number("page")), pages)
        end = len(ledger) - (number - 1) * TURNS
        shown = ledger[max(0, end - TURNS) : end][::-1]
        facts = await _facts(state, person) if ledger else []
        return looking.page(
            "turns.html",
            person=person,
            readings=await readings(state.companion, state.engine, ledger, shown, facts),
            total=len(ledger),
            number=number,
            pages=pages,
        )

    @api.get("/users/{user}/turns/{turn}")
    async def turn(user: str, turn: str, looking: Looking) -> Response:
        person = looking.person(user)
        ledger = await state.users.turns(person.name)
        shown = [each for each in ledger if each.id == turn]
        if not shown:
            raise ApiError(404, "this user has no such turn. It may have been forgotten")
        found = await readings(state.companion, state.engine, ledger, shown, await _facts(state, person))
        return looking.page("turn.html", person=person, reading=found[0])


async def _facts(state: State, person: Person) -> list[Fact]:
    memory, _ = await recalled(state, person)
    return [Fact(**fact) for fact in memory.memory.meta.get("facts", [])] if memory else []


def _list(api: APIRouter, state: State) -> None:
    @api.get("/")
    async def home(looking: Looking) -> Response:
        everyone = await state.users.everyone(looking.scope)
        pages = max(1, -(-len(everyone) // USERS))
        number = min(max(1, looking.number("page")), pages)
        shown = []
        for id in everyone[(number - 1) * USERS : number * USERS]:
            person = looking.person(id)
            versions = await versions_of(state, person.name)
            shown.append((person, versions[0] if versions else None, await sleep_of(state, person.name)))
        return looking.page(
            "users.html",
            shown=shown,
            total=len(everyone),
            number=number,
            pages=pages,
            erased={name: looking.number(name) for name in ("turns", "versions", "checkpoints")},
            was_erased="turns" in looking.request.query_params,
        )

    @api.get("/users")
    async def find(looking: Looking) -> Response:
        user = looking.request.query_params.get("user", "").strip()
        return to(looking.person(user).at("chat")) if user else to(href(""))


def _memory(api: APIRouter, state: State) -> None:
    @api.get("/users/{user}")
    async def memory(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        found, wrong = await recalled(state, person)
        return looking.page(
            "memory.html",
            person=person,
            state=found,
            wrong=wrong,
            slots=slots_of(found.memory) if found else [],
            tensors=tensors_of(found.memory) if found else [],
            versions=await versions_of(state, person.name),
            sleep=await sleep_of(state, person.name),
            method=state.companion.method.name,
            forgot={name: looking.number(name) for name in ("forgot", "versions")},
        )

    @api.get("/users/{user}/sleep")
    async def sleep(user: str, looking: Looking) -> Response:
        """The part of the page that shows how a sleep goes on, for the script."""
        person = looking.person(user)
        return looking.page("sleep.html", person=person, sleep=await sleep_of(state, person.name))
