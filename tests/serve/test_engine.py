"""The thread that runs the model: what fails, fails alone, and the bounds hold."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import torch

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.joining import Decoding
from imprint.methods.base import Method
from imprint.serve.engine import Answer, Busy, Engine
from imprint.serve.metrics import Metrics
from imprint.serve.settings import ServeConfig
from imprint.serve.turns import ModelTurns
from imprint.tensors import KVPrefix
from tests.serve.servers import with_settings


def request(tokens: int, text: str = "hello") -> Request:
    return Request((Message("user", text),), None, Sampling(tokens))


def running(method: Method, work: Callable[[Engine], Awaitable[None]], settings: ServeConfig | None = None) -> None:
    """Do `work` with an engine of its own."""
    engine = Engine(method.backbone, ModelTurns(), settings or with_settings(), Metrics())

    async def run() -> None:
        engine.start()
        try:
            await asyncio.wait_for(work(engine), 60)
        finally:
            await asyncio.to_thread(engine.close)

    asyncio.run(run())


async def ended(answer: Answer) -> int:
    """How many pieces it had."""
    await answer.started()
    return len([piece async for piece in answer.pieces(1)])


@pytest.mark.parametrize("place", ["join", "step", "_hand_out", "_admit"])
def test_a_mistake_anywhere_in_a_round_ends_the_requests_not_the_thread(
    method: Method, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("nobody foresaw this")

    async def work(engine: Engine) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Decoding if place in ("join", "step") else Engine, place, fail)
            answers = [engine.submit(lambda: [request(5)]) for _ in range(3)]
            for answer in answers:
                with pytest.raises(RuntimeError, match="foresaw"):
                    await ended(answer)
        assert (engine.alive, engine.rows, engine.waiting) == (True, 0, 0)
        assert await ended(engine.submit(lambda: [request(5)])) == 5

    running(method, work)


def test_a_half_done_join_leaves_no_rows_without_an_owner(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    merge = Decoding._merge

    def half(self: Decoding, *given: Any) -> None:
        merge(self, *given)
        raise RuntimeError("after the rows are in")

    async def work(engine: Engine) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Decoding, "_merge", half)
            with pytest.raises(RuntimeError):
                await ended(engine.submit(lambda: [request(50)]))
        assert await ended(engine.submit(lambda: [request(5)])) == 5
        assert engine.rows == 0

    running(method, work)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_refuses(method: Method, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> None:
        raise SystemExit

    async def work(engine: Engine) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Engine, "_round", end)
            with pytest.raises(Busy):
                await ended(engine.submit(lambda: [request(5)]))
        while engine.alive:
            await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            engine.submit(lambda: [request(5)])
        with pytest.raises(Busy):
            await engine.call(lambda: None)

    running(method, work)


def test_room_is_counted_with_the_answers_that_are_still_to_come(method: Method) -> None:
    async def work(engine: Engine) -> None:
        seen = []
        first, second = (engine.submit(lambda: [request(200)]) for _ in range(2))
        await first.started()
        third = engine.submit(lambda: [request(200)])
        ends = [asyncio.create_task(ended(answer)) for answer in (second, third)]
        async for _ in first.pieces(1):
            seen.append(engine.rows)
        assert await asyncio.gather(*ends) == [200, 200]
        assert max(seen) == 1, "two would be longer than there is room for"
        while engine._decoding._cache is not None:
            await asyncio.sleep(0.01)

    running(method, work, with_settings(batch_positions=300))


def test_room_is_counted_with_the_padding_behind_kv_prefixes(method: Method) -> None:
    """A long prefix with a short text, a long text without one: together they hold the sum of both."""
    layers, heads, width = method.backbone.kv_shape
    prefix = KVPrefix(torch.zeros(layers, 2, heads, 60, width))
    asked = [
        Request((Message("user", "a"),), prefix, Sampling(30)),
        Request((Message("user", "b " * 40),), None, Sampling(30)),
        Request((Message("user", "c"),), KVPrefix(prefix.kv[:, :, :, :20]), Sampling(30)),
    ]
    spans = []
    for request in asked:
        decoding = Decoding(method.backbone)
        decoding.join([request])
        spans.append(decoding.length + 30)
    most = 2 * max(spans) + 10

    async def work(engine: Engine) -> None:
        held: list[int] = []
        gate = threading.Event()
        first = asyncio.create_task(engine.call(lambda: gate.wait(10)))
        answers = [engine.submit(lambda request=request: [request]) for request in asked]
        gate.set()
        await first
        ends = asyncio.gather(*(ended(answer) for answer in answers))
        while not ends.done():
            held.append(await engine.call(lambda: engine.rows * engine._decoding.length))
        assert await ends == [30, 30, 30]
        assert max(spans) < max(held) <= most

    running(method, work, with_settings(batch_positions=most))


def test_calls_wait_a_step_for_each_other(method: Method) -> None:
    async def work(engine: Engine) -> None:
        answer = engine.submit(lambda: [request(200)])
        await answer.started()
        lengths = await asyncio.gather(*(engine.call(lambda: engine._decoding.length) for _ in range(5)))
        answer.cancel()
        assert len(set(lengths)) == 5, "a step in between"
        assert lengths == sorted(lengths)

    running(method, work)


def test_one_key_takes_half_of_the_queue_while_there_are_others(method: Method) -> None:
    async def work(engine: Engine) -> None:
        held = engine.submit(lambda: [request(400)], "other")
        await held.started()
        mine = [engine.submit(lambda: [request(1)], "mine", shared=True) for _ in range(2)]
        with pytest.raises(Busy):
            engine.submit(lambda: [request(1)], "mine", shared=True)
        mine.append(engine.submit(lambda: [request(1)], "other", shared=True))
        mine.append(engine.submit(lambda: [request(1)], "mine"))
        with pytest.raises(Busy):
            engine.submit(lambda: [request(1)], "third", shared=True)
        held.cancel()
        assert [await ended(answer) for answer in mine] == [1] * 4

    running(method, work, with_settings(batch=1, queue=4))
