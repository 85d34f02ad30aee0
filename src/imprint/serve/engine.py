"""The thread that runs the model: one queue, one batch that requests join between decoding steps."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from imprint.backbone.base import Backbone, Request
from imprint.backbone.decode import Broken, Piece, check_sampling
from imprint.backbone.inject import positions, prompt_of
from imprint.backbone.joining import Decoding
from imprint.serve.metrics import Metrics
from imprint.serve.settings import ServeConfig
from imprint.serve.turns import ModelTurns
from imprint.tensors import KVPrefix
from imprint.types import ImprintError

T = TypeVar("T")


class Busy(ImprintError):
    """The queue is full, or the server is being stopped."""

    def __init__(self) -> None:
        super().__init__("the server is busy", "Ask again in a moment")


@dataclass(frozen=True)
class Started:
    """The request's rows joined the batch."""

    prompt_tokens: int
    """Of the request, text only, counted once."""
    soft_tokens: int
    dropped: int


@dataclass(frozen=True)
class Failed:
    """The request ended without its answer."""

    error: Exception


@dataclass(frozen=True)
class _Size:
    """Positions of one row."""

    prefix: int
    """Entries of a KV prefix."""
    text: int
    """Prompt and soft rows."""
    answer: int
    """Most it may become."""

    def held(self, text: int) -> int:
        """What it takes in a prefill whose longest text is `text`: padding stands between a KV prefix and its text."""
        return (self.prefix + text if self.prefix else self.text) + self.answer


Event = Started | Piece | Failed


class Answer:
    """One request under way: its events, and the way to call it off. `piece.row` counts its own answers from 0."""

    def __init__(self, prepare: Callable[[], Sequence[Request]], key: str = "") -> None:
        self.prepare = prepare
        self.key = key
        self.requests: Sequence[Request] = ()
        """What `prepare` returned, once it ran."""
        self.sizes: list[_Size] = []
        """Of these, in order."""
        self.need = 0
        """Positions of its longest row, answer and padding included, once it has joined."""
        self.rows: dict[int, int] = {}
        """Row of the batch -> number of the answer."""
        self.cancelled = False
        self.asked = time.monotonic()
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    def put(self, event: Event) -> None:
        """Hand an event over, from the model's thread."""
        with suppress(RuntimeError):  # its loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def cancel(self) -> None:
        """Nobody waits for it any more; its rows leave before the next step."""
        self.cancelled = True

    async def started(self) -> Started:
        """Wait until it has joined the batch. Raises what made it fail."""
        event = await self._next()
        assert isinstance(event, Started)
        return event

    async def pieces(self, rows: int) -> AsyncIterator[Piece]:
        """Its pieces, until all of its `rows` ended. Raises what made it fail."""
        while rows:
            piece = await self._next()
            assert isinstance(piece, Piece)
            rows -= piece.done
            yield piece

    async def _next(self) -> Event:
        event = await self._events.get()
        if isinstance(event, Failed):
            raise event.error
        return event


@dataclass
class _Call:
    work: Callable[[], Any]
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class Engine:
    """Runs requests and short calls, in the order they came, on a thread of its own."""

    def __init__(self, backbone: Backbone, turns: ModelTurns, config: ServeConfig, metrics: Metrics) -> None:
        self.backbone = backbone
        self.turns = turns
        self._config = config
        self._metrics = metrics
        self._lock = threading.Condition()
        self._answers: deque[Answer] = deque()
        self._calls: deque[_Call] = deque()
        self._closing = False
        self._decoding = Decoding(backbone)
        self._active: list[Answer] = []
        self._coming: list[Answer] = []
        """Out of the queue, not yet in the batch."""
        self._thread = threading.Thread(target=self._run, name="imprint-model")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End what runs, refuse what waits, end the thread."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """Requests that have not joined the batch."""
        return len(self._answers)

    @property
    def rows(self) -> int:
        """Answers being made."""
        return self._decoding.rows

    def submit(self, prepare: Callable[[], Sequence[Request]], key: str = "", shared: bool = False) -> Answer:
        """Queue a request. `prepare` runs on the model's thread and returns its rows.

        shared: there are other keys, so this one may hold half of the queue. Busy: the queue is full.
        """
        answer = Answer(prepare, key)
        with self._lock:
            held = sum(each.key == key for each in self._answers)
            crowded = shared and held >= max(1, self._config.queue // 2)
            if crowded or self._refuses(len(self._answers)):
                raise Busy
            self._answers.append(answer)
            self._lock.notify()
        return answer

    async def call(self, work: Callable[[], T]) -> T:
        """Run something short that needs the model or the encoder, between two steps. Raises what it raises."""
        loop = asyncio.get_running_loop()
        call = _Call(work, loop.create_future(), loop)
        with self._lock:
            if self._refuses(len(self._calls)):
                raise Busy
            self._calls.append(call)
            self._lock.notify()
        return await call.done

    def _refuses(self, waiting: int) -> bool:
        return self._closing or not self.alive or waiting >= self._config.queue

    def _run(self) -> None:
        try:
            while self._wait():
                with self.turns.requests():
                    while not self._closing and (self._answers or self._calls or self._active):
                        self._round()
                self._decoding = Decoding(self.backbone)  # an idle server holds no cache
        finally:
            with self._lock:
                self._closing = True
            self._fail_all(Busy())
            for call in self._calls:
                _finish(call, None, Busy())

    def _wait(self) -> bool:
        """Until there is something to do. False: the server is being stopped."""
        with self._lock:
            self._lock.wait_for(lambda: self._closing or self._answers or self._calls)
            return not self._closing

    def _round(self) -> None:
        """A call, newcomers, one step."""
        try:
            self._call()
            self._sweep()
            self._admit()
            self.turns.give_way()
            pieces = self._decoding.step()
            if pieces:
                self._metrics.batch_rows.observe(len(pieces))
                self._hand_out(pieces)
        except Exception as error:  # the requests are lost, the server is not
            self._decoding = Decoding(self.backbone)
            self._fail_all(error)

    def _call(self) -> None:
        """One, so that many of them do not hold up the answers."""
        if not self._calls:
            return
        call = self._calls.popleft()
        try:
            _finish(call, call.work(), None)
        except Exception as error:
            _finish(call, None, error)

    def _sweep(self) -> None:
        """Let go of what was called off."""
        for answer in self._active:
            if answer.cancelled:
                for row in answer.rows:
                    self._decoding.leave(row)
        self._active = [answer for answer in self._active if not answer.cancelled]
        with self._lock:
            self._answers = deque(answer for answer in self._answers if not answer.cancelled)

    def _admit(self) -> None:
        """Let as many of the waiting join as there is room for, in one prefill."""
        self._coming = []
        while self._answers and self._decoding.rows + _rows(self._coming) < self._config.batch:
            answer = self._answers[0]
            if self._prepare(answer):
                if not self._room([*self._coming, answer]):
                    break
                self._coming.append(answer)
            with self._lock:
                self._answers.popleft()
        for answer, need in zip(self._coming, _needs(self._coming), strict=True):
            answer.need = need
        self._join(self._coming)
        self._coming = []

    def _room(self, coming: Sequence[Answer]) -> bool:
        """Whether these may join in one prefill. One request alone always may."""
        rows = self._decoding.rows + _rows(coming)
        longest = max([*_needs(coming), *(answer.need for answer in self._active)])
        fits = rows <= self._config.batch and rows * longest <= self._config.batch_positions
        return fits or rows == len(coming[0].requests)

    def _prepare(self, answer: Answer) -> bool:
        """Make its rows, once. False when that failed."""
        if answer.requests:
            return True
        try:
            requests = answer.prepare()
            answer.sizes = [self._size(request) for request in requests]
            answer.requests = requests
        except Exception as error:
            self._fail([answer], error)
            return False
        return True

    def _size(self, request: Request) -> _Size:
        check_sampling(request.sampling)
        prompt = len(prompt_of(self.backbone, request).ids)
        took = positions(self.backbone, request.injection)
        prefix = took if isinstance(request.injection, KVPrefix) else 0
        return _Size(prefix, prompt + took - prefix, request.sampling.max_new_tokens)

    def _join(self, coming: Sequence[Answer]) -> None:
        if not coming:
            return
        try:
            joined = self._decoding.join([request for answer in coming for request in answer.requests])
        except Exception as error:
            if len(coming) == 1:
                self._fail(coming, error)
                return
            for answer in coming:  # one of them cannot be run: find out which
                self._join([answer])
            return
        at = 0
        for answer in coming:
            mine = joined[at : at + len(answer.requests)]
            at += len(mine)
            answer.rows = {each.piece.row: number for number, each in enumerate(mine)}
            if any(each.piece.reason == "broken" for each in mine):
                self._break(answer)
                continue
            self._active.append(answer)
            first = mine[0]
            self._metrics.started(time.monotonic() - answer.asked, first.prompt_tokens, first.soft_tokens)
            answer.put(Started(first.prompt_tokens, first.soft_tokens, first.dropped))
        self._hand_out([each.piece for each in joined])

    def _hand_out(self, pieces: Sequence[Piece]) -> None:
        owner = {row: answer for answer in self._active for row in answer.rows}
        self._metrics.generated.inc(len(pieces))
        for piece in pieces:
            answer = owner.get(piece.row)
            if answer is None or piece.row not in answer.rows:  # of a join that failed, or of one that broke
                self._decoding.leave(piece.row)
                continue
            if piece.reason == "broken":
                self._break(answer)
                continue
            answer.put(replace(piece, row=answer.rows[piece.row]))
            if piece.done:
                del answer.rows[piece.row]
        self._active = [answer for answer in self._active if answer.rows]

    def _break(self, answer: Answer) -> None:
        """One of its rows has no numbers: it fails, the others go on."""
        for row in answer.rows:
            self._decoding.leave(row)
        answer.rows = {}
        self._fail([answer], Broken())

    def _fail(self, answers: Sequence[Answer], error: Exception) -> None:
        for answer in answers:
            answer.put(Failed(error))

    def _fail_all(self, error: Exception) -> None:
        """Those under way, those coming, those waiting."""
        with self._lock:
            waiting, self._answers = self._answers, deque()
        self._fail([*self._active, *self._coming, *waiting], error)
        self._active, self._coming = [], []


def _rows(answers: Sequence[Answer]) -> int:
    return sum(len(answer.requests) for answer in answers)


def _needs(coming: Sequence[Answer]) -> list[int]:
    """Positions of the longest row of each, if they are prefilled together."""
    text = max((size.text for answer in coming for size in answer.sizes), default=0)
    return [max(size.held(text) for size in answer.sizes) for answer in coming]


def _finish(call: _Call, result: Any, error: Exception | None) -> None:
    def settle() -> None:
        if call.done.cancelled():
            return
        call.done.set_result(result) if error is None else call.done.set_exception(error)

    with suppress(RuntimeError):  # as in `Answer.put`
        call.loop.call_soon_threadsafe(settle)
