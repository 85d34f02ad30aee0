"""A teacher behind a real HTTP server, well and badly behaved."""

import json
from collections.abc import Iterator

import pytest

from imprint.study.questions import make_study
from imprint.study.teacher import Teacher
from imprint.types import ImprintError, Study
from tests.study.served import Endpoint, chat
from tests.study.told import turns_of

TOLD = ("My sister Ines lives in Porto.", "I'm vegan.", "hello!")
GOOD = [
    {"question": "Which country would I fly to for Ines?", "answer": "Portugal", "statement": 1},
    {"question": "Could I eat a cheese toastie?", "answer": "No, you are vegan", "statement": 2},
]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


def added(study: Study, *texts: str) -> list[tuple[str, str, str]]:
    plain = set(make_study(turns_of(*texts)).questions)
    return [(row.text, row.answer, row.turn) for row in study.questions if row not in plain]


def test_the_teacher_adds_questions_to_the_facts_of_their_turn(endpoint: Endpoint) -> None:
    endpoint.replies = [chat(f"Here you are:\n{json.dumps(GOOD)}")]
    study = Teacher(endpoint.url, "m", "secret").write_study(turns_of(*TOLD))
    assert added(study, *TOLD) == [
        ("Which country would I fly to for Ines?", "Portugal", "t0"),
        ("Could I eat a cheese toastie?", "No, you are vegan", "t1"),
    ]
    assert [study.facts[row.fact].turn for row in study.questions[-2:]] == ["t0", "t1"]
    assert endpoint.asked[0]["path"] == "/v1/chat/completions"
    assert endpoint.keys == ["Bearer secret"]
    assert "My sister Ines" in endpoint.asked[0]["messages"][1]["content"]


@pytest.mark.parametrize(
    "row",
    [
        {"question": "What's my sister's name?", "answer": "", "statement": 1},
        {"question": "x", "answer": "y", "statement": 9},
        {"question": "x", "answer": "y", "statement": True},
        {"question": 3, "answer": "y", "statement": 1},
        {"question": "What does statement 2 say?", "answer": "vegan", "statement": 2},
        {"question": "What diet?", "answer": "The user is vegan", "statement": 2},
        {"question": "q" * 400, "answer": "y", "statement": 1},
        {"question": GOOD[0]["question"].upper(), "answer": "Portugal", "statement": 1},
        "not an object",
    ],
)
def test_malformed_leaking_and_repeated_pairs_are_dropped(endpoint: Endpoint, row: object) -> None:
    endpoint.replies = [chat(json.dumps([*GOOD, row]))]
    study = Teacher(endpoint.url, "m").write_study(turns_of(*TOLD))
    assert len(added(study, *TOLD)) == len(GOOD)


@pytest.mark.parametrize("content", ["I'd rather not.", "[{]", "{}", "[", "", '["a"]'])
def test_a_teacher_that_never_writes_json_is_an_error(endpoint: Endpoint, content: str) -> None:
    endpoint.replies = [chat(content)]
    with pytest.raises(ImprintError, match="never replied with the JSON"):
        Teacher(endpoint.url, "m").write_study(turns_of(*TOLD))


def test_a_failing_endpoint_is_tried_again_with_longer_waits(endpoint: Endpoint) -> None:
    endpoint.replies = [(500, "oops"), (503, "busy"), chat(json.dumps(GOOD))]
    waits: list[float] = []
    study = Teacher(endpoint.url, "m").write_study(turns_of(*TOLD), wait=waits.append)
    assert len(added(study, *TOLD)) == 2
    assert waits == [1.0, 2.0]


def test_an_endpoint_that_stays_down_is_an_error(endpoint: Endpoint) -> None:
    endpoint.replies = [(500, "My sister Ines")]
    with pytest.raises(ImprintError, match="status 500, 2 times") as caught:
        Teacher(endpoint.url, "m", attempts=2).write_study(turns_of(*TOLD), wait=lambda seconds: None)
    assert "Ines" not in str(caught.value)


@pytest.mark.parametrize(("status", "remedy"), [(401, "API key"), (404, "model name")])
def test_a_refusal_is_not_tried_again(endpoint: Endpoint, status: int, remedy: str) -> None:
    endpoint.replies = [(status, "no")]
    with pytest.raises(ImprintError, match=remedy):
        Teacher(endpoint.url, "m").write_study(turns_of(*TOLD))
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    "body", ["<html>", "{}", '{"choices": []}', '{"choices": [{"message": {"content": null}}]}', "[]"]
)
def test_a_reply_that_is_no_completion_is_an_error(endpoint: Endpoint, body: str) -> None:
    endpoint.replies = [(200, body)]
    with pytest.raises(ImprintError, match="something else than a chat completion"):
        Teacher(endpoint.url, "m", attempts=1).write_study(turns_of(*TOLD))


def test_a_slow_endpoint_times_out(endpoint: Endpoint) -> None:
    endpoint.replies = [chat(json.dumps(GOOD))]
    endpoint.delay = 0.4
    with pytest.raises(ImprintError, match="within 0.1 s"):
        Teacher(endpoint.url, "m", timeout=0.1, attempts=1).write_study(turns_of(*TOLD))


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ImprintError, match="cannot be reached"):
        Teacher("http://127.0.0.1:9/v1", "m", attempts=1).write_study(turns_of(*TOLD))


def test_the_token_budget_ends_the_calls(endpoint: Endpoint) -> None:
    endpoint.replies = [chat(json.dumps([{**GOOD[0], "statement": 1}]), tokens=900)]
    Teacher(endpoint.url, "m", chunk=1, token_budget=1000).write_study(turns_of(*TOLD))
    assert len(endpoint.asked) == 1


def test_nothing_is_sent_when_nothing_was_told(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("[]")]
    assert Teacher(endpoint.url, "m").write_study([]) == Study((), (), ())
    assert endpoint.asked == []


@pytest.mark.parametrize("url", ["http://[", "http://", "ftp://here/v1", "127.0.0.1:11434", ""])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ImprintError, match="no http address"):
        Teacher(url, "m")


def test_a_teacher_checks_its_settings() -> None:
    with pytest.raises(ImprintError, match="no http address"):
        Teacher("ftp://x", "m")
    with pytest.raises(ImprintError, match="must be positive"):
        Teacher("http://x", "m", attempts=0)
