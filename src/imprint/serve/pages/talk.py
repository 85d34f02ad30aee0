"""The chat with and without memory, and why an answer is as it is."""

from fastapi import APIRouter
from starlette.responses import Response

from imprint.serve.chat import read_request, rows_of
from imprint.serve.errors import invalid
from imprint.serve.pages.visitor import Looking, Person
from imprint.serve.schema import ChatMessage, ChatRequest, Mode
from imprint.serve.state import State
from imprint.serve.users import checked
from imprint.types import MAX_TEXT


def add(api: APIRouter, state: State) -> None:
    """The routes."""

    @api.get("/users/{user}/chat")
    async def chat(user: str, looking: Looking) -> Response:
        return looking.page("chat.html", person=looking.person(user), question="", answers=(), remember=True)

    @api.post("/users/{user}/chat")
    async def answer(user: str, looking: Looking) -> Response:
        """Both answers whole, for browsers without scripts."""
        person = looking.person(user)
        fields = await looking.form()
        question, remember = _question(fields), "remember" in fields
        modes: tuple[Mode, ...] = ("on" if remember else "read", "off")
        answers = [await _answer(state, looking, person, question, mode) for mode in modes]
        return looking.page("chat.html", person=person, question=question, answers=answers, remember=remember)

    @api.post("/users/{user}/why")
    async def why(user: str, looking: Looking) -> Response:
        person = looking.person(user)
        question = _question(await looking.form())
        found = await state.users.why(person.name, question)
        said = {turn.id: turn for turn in await state.users.turns(person.name)}
        return looking.page(
            "why.html",
            person=person,
            question=question,
            why=found,
            said=said,
            method=state.companion.method.name,
        )


def _question(fields: dict[str, str]) -> str:
    question = checked(fields.get("question", "").strip())
    if not 1 <= len(question) <= MAX_TEXT:
        raise invalid("a question has words. Write one, and send it again")
    return question


async def _answer(state: State, looking: Looking, person: Person, question: str, mode: Mode) -> str:
    message = ChatMessage(role="user", content=question)
    given = ChatRequest(model=state.model, messages=[message], user=person.id, memory=mode)
    asked = read_request(given, None, looking.scope, state)
    answer = state.engine.submit(lambda: rows_of(asked, state))
    try:
        await answer.started()
        if mode == "on":
            await state.users.hear(asked.name, asked.said)
        return "".join([piece.text async for piece in answer.pieces(asked.n)])
    finally:
        answer.cancel()
