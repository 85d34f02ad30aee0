"""A model behind a real HTTP server that reads turns, well and badly behaved."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from imprint.study.bank import load_kinds
from imprint.study.endpoint import Endpoint as Asked
from imprint.study.endpoint import cost
from imprint.study.reader import Understood, read_on
from imprint.study.teacher_reader import TeacherReader, filled_schema, system_prompt
from imprint.types import ImprintError, Turn
from tests.study.served import Endpoint, chat
from tests.study.told import turns_of

TURN = "my sister Ines is in New  Porto now, i often visit"
GOOD: dict[str, Any] = {
    "tells": True,
    "kind": "relative_home",
    "about": "sister",
    "value": "new porto",
    "polarity": 1,
    "changes": True,
}
READ = (1.0, (Understood("relative_home", "sister", "New  Porto", 1, True, 1.0),))


def said(**other: Any) -> str:
    return json.dumps(GOOD | other)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


@pytest.fixture
def teacher(endpoint: Endpoint) -> Iterator[TeacherReader]:
    with closing(reader_of(endpoint.url)) as made:
        yield made


ROOM = cost([{"role": "system", "content": system_prompt(load_kinds())}]) + 100
"""Tokens of one prompt, roughly."""


def reader_of(url: str, tries: int = 2, budget: int = 200_000, waits: list[float] | None = None) -> TeacherReader:
    asked = Asked("teacher", url, "m", "secret", attempts=2)
    return TeacherReader(asked, tries, budget, wait=(waits if waits is not None else []).append)


def test_a_turn_is_read_in_its_own_words(endpoint: Endpoint, teacher: TeacherReader) -> None:
    endpoint.replies = [chat(said(), tokens=70)]
    assert teacher.understand(TURN, "How is\nInes?") == READ
    (asked,) = endpoint.asked
    assert (asked["path"], endpoint.keys) == ("/v1/chat/completions", ["Bearer secret"])
    assert (asked["temperature"], asked["max_tokens"]) == (0.0, 1024)
    assert asked["messages"][1]["content"] == (
        "The assistant said: How is Ines?\nThe person's turn: my sister Ines is in New Porto now, i often visit"
    )
    assert (teacher.turns, teacher.calls, teacher.refused, teacher.tokens) == (1, 1, 0, 70)


def test_the_prompt_names_every_kind_and_its_examples_fit_the_schema(teacher: TeacherReader) -> None:
    kinds = load_kinds()
    rules, _, worked = system_prompt(kinds).partition("\n\nExamples:\n\n")
    assert all(f"\n{name}: " in rules for name in kinds)
    read = []
    for one in worked.split("\n\n"):
        turn, reply = one.split("The person's turn: ")[1].split("\nYour reply: ")
        read.append(filled_schema(reply, turn, kinds))
    assert [one and (one.polarity, one.changes) for one in read] == [(-1, False), None, (1, True)]
    assert teacher.id.startswith("teacher/m/1/")


@pytest.mark.parametrize(
    "reply",
    [
        f"Here it is:\n```json\n{said()}\n```\nAnything {{else}}?",
        f'<think>perhaps {{"tells": false}}?</think>{said()}',
        said(why="she moved"),
        f"{{braces}} {said()} {said(value='Ines')}",
    ],
)
def test_what_stands_around_the_object_is_left_out(endpoint: Endpoint, teacher: TeacherReader, reply: str) -> None:
    endpoint.replies = [chat(reply)]
    assert teacher.understand(TURN, "") == READ
    assert len(endpoint.asked) == 1


def test_a_turn_that_tells_nothing(endpoint: Endpoint, teacher: TeacherReader) -> None:
    endpoint.replies = [chat('{"tells": false}')]
    assert teacher.understand(TURN, "") == (0.0, ())
    assert (teacher.turns, teacher.refused) == (1, 0)


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ("I'd rather not.", "no JSON object"),
        (said()[:-1], "no JSON object"),
        ('{"a":' * 5000, "no JSON object"),
        ("{}", '"tells" must be true or false'),
        (said(tells=1), '"tells" must be true or false'),
        (said(kind=None), '"kind" must be text'),
        (said(kind="city"), "one of the kinds listed, not 'city'"),
        (said(kind="\ud800"), "one of the kinds listed"),
        (said(about=""), '"about" must be the relation that the question of "relative_home" is about'),
        (said(about="."), '"about" must be the relation'),
        (said(kind="home"), '"about" must be "" because the question of "home" has no {about}'),
        (said(value="Lisbon"), '"value" must be words copied from the turn'),
        (said(value="ten"), '"value" must be words copied'),  # stands in "often" alone
        (said(value=" "), '"value" must be words copied'),
        (said(value=","), '"value" must be words copied'),
        (said(value=["Porto"]), '"value" must be text'),
        (said(polarity=True), '"polarity" must be a whole number'),
        (said(polarity=0), '"polarity" must be 1 or -1'),
        (said(changes="no"), '"changes" must be true or false'),
    ],
)
def test_a_reply_that_does_not_fit_is_asked_for_again(
    endpoint: Endpoint, teacher: TeacherReader, reply: str, wrong: str
) -> None:
    endpoint.replies = [chat(reply), chat(said())]
    assert teacher.understand(TURN, "") == READ
    _, second = endpoint.asked
    assert [row["role"] for row in second["messages"]] == ["system", "user", "assistant", "user"]
    assert wrong in second["messages"][3]["content"]
    assert (teacher.turns, teacher.calls, teacher.refused, teacher.tokens) == (1, 2, 0, 100)


def test_a_turn_whose_replies_never_fit_is_left_unread(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("No.")]
    with closing(reader_of(endpoint.url, tries=3)) as teacher:
        assert teacher.understand(TURN, "") == (0.0, ())
        assert len(endpoint.asked) == 3
        assert (teacher.turns, teacher.calls, teacher.refused) == (1, 3, 1)


def test_a_failing_endpoint_is_tried_again(endpoint: Endpoint) -> None:
    endpoint.replies = [(500, "oops"), chat(said())]
    waits: list[float] = []
    with closing(reader_of(endpoint.url, waits=waits)) as teacher:
        assert teacher.understand(TURN, "") == READ
        assert (teacher.calls, waits) == (1, [1.0])


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with (
        closing(reader_of("http://127.0.0.1:9/v1")) as teacher,
        pytest.raises(ImprintError, match="teacher at .* cannot be reached .* 2 times") as caught,
    ):
        teacher.understand(TURN, "")
    assert "Ines" not in str(caught.value)


def test_no_call_begins_that_the_budget_does_not_cover(endpoint: Endpoint) -> None:
    endpoint.replies = [chat(said(), tokens=4000)]
    with closing(reader_of(endpoint.url, budget=4000 + 1024 + ROOM)) as teacher:
        assert teacher.understand(TURN, "") == teacher.understand(TURN, "") == READ
        with pytest.raises(ImprintError, match=r"\d+ tokens is spent, 2 turns were read.*--token-budget"):
            teacher.understand(TURN, "")
    assert len(endpoint.asked) == 2


def test_nothing_is_sent_of_a_blank_turn_or_of_the_assistant(endpoint: Endpoint, teacher: TeacherReader) -> None:
    endpoint.replies = [chat(said())]
    assert teacher.understand(" \n", "") == (0.0, ())
    assert teacher.fold((), Turn("t0", "mira", "assistant", TURN), "") == ()
    assert endpoint.asked == []


def test_turns_fold_into_facts_in_the_second_person(endpoint: Endpoint, teacher: TeacherReader) -> None:
    whole = {"kind": "about", "about": "sister", "value": "my sister", "changes": False}
    endpoint.replies = [chat(said()), chat(said(value="Ghent")), chat('{"tells": false}'), chat(said(**whole))]
    facts, _ = read_on(teacher, (), turns_of(TURN, "she is in Ghent now", "hello", "my sister saved me"))
    assert [(one.kind, one.about, one.value, one.turn) for one in facts] == [
        ("relative_home", "sister", "Ghent", "t1"),
        ("about", "sister", "your sister saved you", "t3"),
    ]


def test_a_reader_checks_its_settings() -> None:
    for tries, budget in ((0, 1), (1, 0)):
        with pytest.raises(ImprintError, match="must be positive"):
            reader_of("http://x", tries, budget)
