"""The openai package's own calls against the server."""

import threading
import time
from typing import Any

import httpx
import openai
import pytest

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.decode import reply
from imprint.methods.base import Method
from tests.serve.servers import MODEL, TOLD, Server, said, serving, until, with_settings

LONG = 400


def texts(server: Server, user: str) -> list[str]:
    return [turn.text for turn in server.state.companion.store.turns(user)]


def test_an_answer_is_the_models_own_with_its_counts(server: Server, method: Method, user: str) -> None:
    with server.client() as client:
        done = client.chat.completions.create(model=MODEL, messages=said(TOLD), user=user, max_completion_tokens=12)
    alone = reply(method.backbone, [Request((Message("user", TOLD),), None, Sampling(12))])[0]
    choice = done.choices[0]
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", alone.text, "length")
    assert done.usage is not None
    assert (done.usage.prompt_tokens, done.usage.completion_tokens) == (alone.prompt_tokens, 12)
    assert done.usage.total_tokens == alone.prompt_tokens + 12
    assert (done.object, done.model) == ("chat.completion", MODEL)


def test_a_stream_has_the_same_text_and_ends_with_the_usage(server: Server, user: str) -> None:
    asked = {"model": MODEL, "messages": said("hello"), "temperature": 1.0, "seed": 5, "top_p": 0.9, "n": 2}
    with server.client() as client:
        whole = client.chat.completions.create(user=user, max_tokens=20, **asked)
        chunks = list(
            client.chat.completions.create(
                user=user, max_tokens=20, stream=True, stream_options={"include_usage": True}, **asked
            )
        )
        bare = list(client.chat.completions.create(user=user, max_tokens=2, stream=True, **asked))
    parts = ["", ""]
    for chunk in chunks[:-1]:
        (choice,) = chunk.choices
        parts[choice.index] += choice.delta.content or ""
    assert parts == [choice.message.content for choice in whole.choices]
    assert parts[0] != parts[1]
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert all(chunk.usage is None for chunk in bare)
    assert sorted(c.choices[0].index for c in bare if c.choices[0].finish_reason == "length") == [0, 1]


def test_a_seed_gives_the_same_answer_and_none_gives_another(server: Server, user: str) -> None:
    with server.client() as client:
        asked = {"model": MODEL, "messages": said("hello"), "temperature": 1.0, "user": user, "max_tokens": 20}
        seeded = [client.chat.completions.create(seed=7, **asked).choices[0].message.content for _ in range(2)]
        free = [client.chat.completions.create(**asked).choices[0].message.content for _ in range(2)]
    assert seeded[0] == seeded[1]
    assert free[0] != free[1]


def test_a_stop_string_ends_an_answer_before_it(server: Server, user: str) -> None:
    with server.client() as client:
        asked = {
            "model": MODEL,
            "messages": said("hello"),
            "user": user,
            "max_tokens": 30,
            "temperature": 1.0,
            "seed": 3,
        }
        whole = client.chat.completions.create(**asked).choices[0].message.content or ""
        stop = whole[4:6]
        cut = client.chat.completions.create(stop=["never said", stop], **asked).choices[0]
    assert cut.message.content == whole[: whole.index(stop)]
    assert cut.finish_reason == "stop"


def test_what_is_told_is_heard_and_a_conversation_is_heard_once(server: Server, user: str) -> None:
    with server.client() as client:
        messages = said(TOLD)
        for _ in range(2):  # also when a client sends it again
            client.chat.completions.create(model=MODEL, messages=messages, user=user)
        messages += said("Good.", "assistant") + said("I live in Ghent.")
        system = said("Be brief.", "system")
        done = client.chat.completions.create(model=MODEL, messages=system + messages, user=user)
    assert texts(server, user) == [TOLD, "Good.", "I live in Ghent."]
    turns = server.state.companion.store.turns(user)
    assert done.model_extra is not None
    assert done.model_extra["imprint"]["heard"] == [turn.id for turn in turns[1:]]


def test_an_answers_own_message_may_be_sent_back(server: Server, user: str) -> None:
    messages = said(TOLD)
    with server.client() as client:
        asked = {"model": MODEL, "messages": messages, "user": user, "max_tokens": 4}
        answer = client.chat.completions.create(**asked).choices[0].message
        messages.append(answer)
        messages += said("I live in Ghent.")
        client.chat.completions.create(**asked, extra_body={"top_logprobs": None})
        empty = {"refusal": None, "annotations": [], "audio": None, "function_call": None, "tool_calls": None}
        messages[1] = {"role": "assistant", "content": answer.content} | empty
        client.chat.completions.create(**asked)
        messages[1]["tool_calls"] = [{"id": "1", "type": "function", "function": {"name": "f", "arguments": ""}}]
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(**asked)
    assert caught.value.param == "messages.1.tool_calls"
    assert texts(server, user) == [TOLD, answer.content, "I live in Ghent."]


def test_telling_a_thing_again_later_is_heard_again(server: Server, user: str) -> None:
    opinions = ["I love coffee.", "I hate coffee.", "I love coffee."]
    with server.client() as client:
        for text in opinions:
            client.chat.completions.create(model=MODEL, messages=said(text), user=user)
        goes_on = said(opinions[2]) + said("Noted.", "assistant") + said("Always.")
        client.chat.completions.create(model=MODEL, messages=goes_on, user=user)
    assert texts(server, user) == [*opinions, "Noted.", "Always."]
    assert len({turn.source for turn in server.state.companion.store.turns(user)}) == 3


def test_what_was_said_with_the_memory_off_or_is_forgotten_is_not_heard_with_what_follows(
    server: Server, user: str
) -> None:
    answer = said("A secret, then.", "assistant")
    with server.client() as client, server.http() as http:
        off = said("I hide my keys under the pot.")
        client.chat.completions.create(model=MODEL, messages=off, user=user, extra_body={"memory": "off"})
        client.chat.completions.create(model=MODEL, messages=off + answer + said("I live in Ghent."), user=user)
        assert texts(server, user) == ["I live in Ghent."]
        client.chat.completions.create(model=MODEL, messages=said(TOLD), user=user)
        turn = server.state.companion.store.turns(user)[-1]
        http.delete(f"/v1/memory/{user}/turns/{turn.id}").raise_for_status()
        client.chat.completions.create(model=MODEL, messages=said(TOLD) + answer + said("I paint."), user=user)
    assert texts(server, user) == ["I live in Ghent.", "I paint."]


def test_memory_speaks_unless_it_is_off(server: Server, user: str) -> None:
    with server.client() as client, server.http() as http:
        client.chat.completions.create(model=MODEL, messages=said(TOLD), user=user)
        http.post(f"/v1/memory/{user}/sleep").raise_for_status()
        until(lambda: user not in server.state.sleeper.waiting())
        asked = {"model": MODEL, "messages": said("What is my dog called?"), "user": user}
        on = client.chat.completions.create(extra_body={"memory": "read"}, **asked)
        off = client.chat.completions.create(extra_headers={"X-Imprint-Memory": "off"}, **asked)
        same = client.chat.completions.create(
            extra_body={"memory": "off"}, extra_headers={"X-Imprint-Memory": "off"}, **asked
        )
    assert on.usage is not None
    assert off.usage is not None
    assert on.usage.prompt_tokens_details is not None
    soft = (on.usage.prompt_tokens_details.model_extra or {})["soft_tokens"]
    assert soft > 0
    assert on.usage.prompt_tokens == off.usage.prompt_tokens + soft
    assert on.choices[0].message.content != off.choices[0].message.content == same.choices[0].message.content
    assert texts(server, user) == [TOLD]


@pytest.mark.parametrize(
    ("changed", "kind", "param", "said_"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "model", "Use tiny"),
        ({"messages": []}, openai.BadRequestError, "messages", "at least 1"),
        ({"messages": [{"role": "system", "content": "x"}]}, openai.BadRequestError, "messages", "no user message"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, openai.BadRequestError, "messages", "user message"),
        ({"temperature": 3}, openai.BadRequestError, "temperature", "less than or equal to 2"),
        ({"max_tokens": 100_000}, openai.BadRequestError, "max_completion_tokens", "at most"),
        ({"max_tokens": 4000}, openai.BadRequestError, "messages", "context too long"),
        ({"user": "a\u0000b"}, openai.BadRequestError, "user", "not a user id"),
        ({"extra_body": {"memory": "perhaps"}}, openai.BadRequestError, "memory", "'on'"),
        ({"extra_body": {"prompt_embeds": "AAAA"}}, openai.BadRequestError, "prompt_embeds", "not known"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, openai.BadRequestError, "tools", "at most 0"),
        (
            {"extra_body": {"memory": "on"}, "extra_headers": {"X-Imprint-Memory": "off"}},
            openai.BadRequestError,
            "memory",
            "disagree",
        ),
        ({"safety_identifier": "somebody-else"}, openai.BadRequestError, "user", "disagree"),
        ({"extra_headers": {"X-Imprint-Memory": "ON"}}, openai.BadRequestError, "X-Imprint-Memory", "one of"),
    ],
)
def test_errors_are_the_clients_own(
    server: Server, user: str, changed: dict, kind: type[openai.APIStatusError], param: str, said_: str
) -> None:
    before = len(server.state.companion.store.users())
    with server.client() as client, pytest.raises(kind) as caught:
        client.chat.completions.create(**{"model": MODEL, "messages": said(TOLD), "user": user} | changed)
    assert caught.value.param == param
    assert said_ in caught.value.message
    assert caught.value.type == "invalid_request_error"
    assert len(server.state.companion.store.users()) == before, "what is refused is not heard"


def test_embeddings_of_a_client_are_refused(server: Server, user: str) -> None:
    part: Any = {"type": "prompt_embeds", "data": "AAAA"}
    with server.client() as client, pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": [part]}], user=user)
    assert "content" in (caught.value.param or "")


def test_every_error_has_the_same_shape(server: Server) -> None:
    with server.http() as http:
        answers = [
            http.get("/nowhere"),
            http.put("/v1/chat/completions"),
            http.post("/v1/chat/completions", content=b"{"),
            http.post("/v1/chat/completions", json=[1]),
            http.post("/v1/chat/completions", content=b"[" * 100_000, headers={"content-type": "application/json"}),
            http.post("/v1/chat/completions", content=b'{"seed": ' + b"9" * 5000 + b"}"),
            http.put("/v1/memory/nobody/import", content=b"no zip"),
            http.get("/v1/memory/nobody/why", params={"question": ""}),
        ]
    assert [answer.status_code for answer in answers] == [404, 405, 400, 400, 400, 400, 422, 400]
    for answer in answers:
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_models_are_listed(server: Server) -> None:
    with server.client() as client:
        assert [model.id for model in client.models.list()] == [MODEL]
        assert client.models.retrieve(MODEL).owned_by == "imprint"
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve("Some/Other")


def test_a_client_that_times_out_or_hangs_up_leaves_the_batch(server: Server, user: str) -> None:
    engine = server.state.engine
    asked = {"model": MODEL, "messages": said("go"), "user": user, "max_tokens": LONG, "n": 8}
    with server.client(timeout=0.3) as client, pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(**asked)
    until(lambda: engine.rows == 0, 2)
    with server.client() as client:
        stream = client.chat.completions.create(stream=True, **asked)
        next(iter(stream))
        assert engine.rows == 8
        stream.close()
    until(lambda: engine.rows == 0, 2)


def test_the_client_tries_again_while_the_server_is_busy(method: Method, home, user: str) -> None:
    with serving(method, home, with_settings(batch=1, queue=1)) as server, server.client(max_retries=9) as client:
        engine, held = server.state.engine, []

        def hold() -> None:
            with server.client() as other:
                asked = {"model": MODEL, "messages": said("hold"), "max_tokens": LONG}
                held.append(other.chat.completions.create(**asked).choices[0].finish_reason)

        threads = [threading.Thread(target=hold) for _ in range(2)]
        for thread in threads:
            thread.start()
            until(lambda: engine.rows == 1)
        until(lambda: engine.waiting == 1)
        with server.http() as http:
            refused = http.post("/v1/chat/completions", json={"model": MODEL, "messages": said("x")})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert refused.json()["error"]["type"] == "server_error"
        began = time.monotonic()
        client.chat.completions.create(model=MODEL, messages=said("x"), user=user)
        assert time.monotonic() - began > 1
        for thread in threads:
            thread.join()
        assert held == ["length", "length"]
        assert texts(server, user) == ["x"]


def test_many_at_once_share_batches_and_get_what_they_get_alone(server: Server, user: str) -> None:
    def ask(number: int, answers: dict[int, str | None]) -> None:
        with server.client() as client:
            asked = {"model": MODEL, "messages": said(f"{'so ' * number}{number}"), "user": f"{user}-{number}"}
            done = client.chat.completions.create(temperature=number % 2, seed=number, max_tokens=60 + number, **asked)
            answers[number] = done.choices[0].message.content

    together: dict[int, str | None] = {}
    threads = [threading.Thread(target=ask, args=(number, together)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone: dict[int, str | None] = {}
    for number in range(0, 12, 4):
        ask(number, alone)
    assert {number: together[number] for number in alone} == alone
    with server.http() as http:
        steps = {
            line.split()[0]: float(line.split()[1])
            for line in http.get("/metrics").text.splitlines()
            if line.startswith("imprint_batch_rows_")
        }
    assert steps["imprint_batch_rows_sum"] / steps["imprint_batch_rows_count"] > 1.2


def test_a_mistake_in_the_server_is_a_plain_500_and_logs_no_text(server: Server, user: str) -> None:
    secret = "a secret that nobody logs"

    def fail(*_: object) -> None:
        raise RuntimeError(secret)

    users = server.state.users
    object.__setattr__(users, "why", fail)
    try:
        with server.http() as http:
            answer = http.get(f"/v1/memory/{user}/why", params={"question": secret})
    finally:
        object.__delattr__(users, "why")
    assert answer.status_code == 500
    assert answer.json()["error"]["type"] == "server_error"
    assert secret not in answer.text + server.log.getvalue()
    assert [line["error"] for line in server.lines() if line["event"] == "mistake"] == ["RuntimeError"]


def test_an_http_client_may_keep_its_connection(server: Server) -> None:
    with httpx.Client(base_url=server.url) as http:
        assert [http.get("/healthz").json()["status"] for _ in range(3)] == ["ok"] * 3
