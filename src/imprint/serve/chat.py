"""POST /v1/chat/completions: hear what is new, answer from memory, streamed or whole."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.responses import Response

from imprint.backbone.base import Message, Sampling
from imprint.backbone.base import Request as Row
from imprint.backbone.decode import Reason
from imprint.config import SamplingDefaults
from imprint.serve.conversations import Said
from imprint.serve.engine import Answer, Started
from imprint.serve.errors import ApiError, body, invalid, of_imprint, of_mistake
from imprint.serve.replies import DONE, Head, event, usage
from imprint.serve.schema import MODES, ChatRequest
from imprint.serve.scope import DEFAULT_USER, Scope
from imprint.serve.settings import ServeConfig
from imprint.serve.state import Caller, State
from imprint.serve.users import checked
from imprint.types import ImprintError, Turn

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """A request, checked."""

    name: str
    """Stored name of the user."""
    messages: tuple[Message, ...]
    mode: str
    sampling: Sampling
    n: int
    seeded: bool
    """Whether the client chose the seed."""

    @property
    def said(self) -> list[Said]:
        """The messages that may be heard."""
        return [(m.role, m.text) for m in self.messages if m.role != "system" and m.text.strip()]

    def samplings(self) -> list[Sampling]:
        """One an answer, each with a seed of its own."""
        first = self.sampling.seed if self.seeded else secrets.randbits(62)
        return [replace(self.sampling, seed=(first + i) % (1 << 63)) for i in range(self.n)]


def read_request(given: ChatRequest, header: str | None, caller: Scope, state: State) -> Asked:
    """Check what the schema cannot. ApiError 400 or 404."""
    if given.model != state.model:
        raise ApiError(404, f"there is no model of this name here. Use {state.model}", "model_not_found", "model")
    if len(given.messages) > state.serve.max_messages:
        raise invalid(f"more than {state.serve.max_messages} messages", "messages")
    messages = tuple(
        Message("system" if m.role in ("system", "developer") else m.role, checked(m.text())) for m in given.messages
    )
    if not any(m.role == "user" and m.text.strip() for m in messages):
        raise invalid("the conversation has no user message. Add one", "messages")
    if messages[-1].role == "assistant":
        raise invalid("the last message is the assistant's. End with the user's", "messages")
    if given.user and given.safety_identifier and given.user != given.safety_identifier:
        raise invalid("user and safety_identifier disagree. Send one of them", "user")
    return Asked(
        caller.name(given.user or given.safety_identifier or DEFAULT_USER),
        messages,
        mode_of(given.memory, header),
        sampling_of(given, state.config.sampling, state.serve),
        given.n or 1,
        given.seed is not None,
    )


def mode_of(field: str | None, header: str | None) -> str:
    """What the memory does for a request. ApiError: header and body disagree, or the header means nothing."""
    if header is not None and header not in MODES:
        raise invalid(f"X-Imprint-Memory is not one of {', '.join(MODES)}", "X-Imprint-Memory")
    if field and header and field != header:
        raise invalid("X-Imprint-Memory and the field memory disagree. Send one of them", "memory")
    return field or header or "on"


def sampling_of(given: ChatRequest, defaults: SamplingDefaults, serve: ServeConfig) -> Sampling:
    """How the answer is sampled: what the request says, else [sampling] of config.toml."""
    if given.max_tokens and given.max_completion_tokens and given.max_tokens != given.max_completion_tokens:
        raise invalid("max_tokens and max_completion_tokens disagree. Send one of them", "max_tokens")
    most = given.max_completion_tokens or given.max_tokens or min(defaults.max_new_tokens, serve.max_tokens)
    if most > serve.max_tokens:
        raise invalid(f"at most {serve.max_tokens} tokens are answered", "max_completion_tokens")
    stop = (given.stop,) if isinstance(given.stop, str) else tuple(given.stop or ())
    return Sampling(
        most,
        defaults.temperature if given.temperature is None else given.temperature,
        # OpenAI takes 0; the smallest share that is left then is the likeliest token.
        max(defaults.top_p if given.top_p is None else given.top_p, 1e-6),
        given.seed or 0,
        tuple(text for text in stop if text),
    )


def rows_of(asked: Asked, state: State) -> list[Row]:
    """The rows of the batch, memory and all. Runs on the model's thread."""
    if asked.mode == "off":
        return [Row(asked.messages, None, sampling) for sampling in asked.samplings()]
    # The last message a method reads is the user's.
    turns = [Turn("", asked.name, role, text) for role, text in asked.said]
    first, *others = asked.samplings()
    row = state.companion.request(asked.name, turns, first)
    row = replace(row, messages=asked.messages)
    return [row, *(replace(row, sampling=sampling) for sampling in others)]


def router(state: State) -> APIRouter:
    """The route."""
    api = APIRouter(tags=["chat"])

    @api.post("/v1/chat/completions", response_model=None)
    async def create_chat_completion(
        given: ChatRequest,
        request: Request,
        caller: Caller,
        x_imprint_memory: Annotated[str | None, Header(description="on, read or off")] = None,
    ) -> Response:
        """Answer a conversation. What its user said is heard first, unless `memory` is "read" or "off"."""
        asked = read_request(given, x_imprint_memory, caller, state)
        shared = caller.key != "" and state.keys.several()
        answer = state.engine.submit(lambda: rows_of(asked, state), caller.key, shared)
        try:
            head, started = await _unless_gone(request, _begin(asked, answer, state))
            if given.stream:
                with_usage = bool(given.stream_options and given.stream_options.include_usage)
                events = _events(answer, asked.n, head, started if with_usage else None, state)
                headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
                return StreamingResponse(events, media_type="text/event-stream", headers=headers)
            return JSONResponse(await _unless_gone(request, _whole(answer, asked.n, head, started)))
        except BaseException:
            answer.cancel()
            raise

    return api


async def _begin(asked: Asked, answer: Answer, state: State) -> tuple[Head, Started]:
    """Wait until the rows joined the batch, then hear what is new: a request that cannot be run is not heard."""
    started = await answer.started()
    new = await state.users.hear(asked.name, asked.said, newest=True) if asked.mode == "on" else []
    return Head.new(state.model, asked.mode, [turn.id for turn in new], started.dropped), started


async def _whole(answer: Answer, n: int, head: Head, started: Started) -> dict[str, Any]:
    texts: list[list[str]] = [[] for _ in range(n)]
    reasons: list[Reason | None] = [None] * n
    generated = 0
    async for piece in answer.pieces(n):
        texts[piece.row].append(piece.text)
        reasons[piece.row] = piece.reason
        generated += 1
    return head.completion(["".join(parts) for parts in texts], reasons, usage(started, generated))


async def _events(answer: Answer, n: int, head: Head, started: Started | None, state: State) -> AsyncIterator[str]:
    """The chunks of a stream. An error in between is an event, for the status is sent already."""
    generated = 0
    try:
        for index in range(n):
            yield event(head.chunk(index, {"role": "assistant", "content": ""}))
        async for piece in answer.pieces(n):
            generated += 1
            if piece.text:
                yield event(head.chunk(piece.row, {"content": piece.text}))
            if piece.done:
                yield event(head.chunk(piece.row, {}, piece.reason))
        if started is not None:
            yield event(head.last(usage(started, generated)))
        yield DONE
    except ImprintError as error:
        yield event(body(of_imprint(error)))
    except Exception as error:
        state.log.failed("mistake", error)
        yield event(body(of_mistake()))
    finally:
        answer.cancel()


async def _unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Do the work, unless the client hangs up first. ApiError 499, which nobody reads."""
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait((doing, gone), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise ApiError(499, "the client has gone")
        return doing.result()
    finally:
        doing.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
