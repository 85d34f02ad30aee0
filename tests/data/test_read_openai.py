"""OpenAI messages: every shape of file gives the same turns; what is no turn is skipped and counted."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.data import read_conversation
from imprint.types import ImprintError

TALK = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "My ferret is called Quill."},
    {"role": "assistant", "content": "Hello to Quill!"},
    {"role": "user", "content": "She eats at six."},
]
READ = [
    ("user", "My ferret is called Quill."),
    ("assistant", "Hello to Quill!"),
    ("user", "She eats at six."),
]


CONTENT = "expected a string or a list of parts"
ROLES = "expected one of user, assistant, system, developer, tool, function"


def said(path: Path, **options) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in read_conversation(path, "mara", **options)]


@pytest.mark.parametrize("fmt", ["auto", "openai"])
@pytest.mark.parametrize(
    "content",
    [
        TALK,
        {"messages": TALK},
        [{"messages": TALK}],
        [TALK],
        tuple(TALK),
        ({"messages": TALK},),
        json.dumps({"messages": TALK}, indent=2),
        "\n\n" + "\r\n\r\n".join(json.dumps(message) for message in TALK),
        b"\xef\xbb\xbf" + json.dumps(TALK).encode(),
        b"\xef\xbb\xbf" + "\n".join(json.dumps(message) for message in TALK).encode(),
    ],
)
def test_every_shape_gives_the_same_turns(write, content, fmt):
    turns = list(read_conversation(write("talk", content), "mara", fmt=fmt))
    assert [(turn.role, turn.text) for turn in turns] == READ
    assert [turn.user for turn in turns] == ["mara"] * 3
    assert [turn.time for turn in turns] == [""] * 3
    assert [turn.id for turn in turns] == [turn.id for turn in read_conversation(write("same", TALK), "mara")]


def test_a_single_message_is_a_conversation_and_keeps_its_id_when_more_lines_follow(write):
    (alone,) = read_conversation(write("a.jsonl", (TALK[1],)), "mara")
    first, second = read_conversation(write("b.jsonl", tuple(TALK[1:3])), "mara")
    assert (alone, alone.id == second.id) == (first, False)


def test_conversations_of_one_file_keep_apart(write):
    path = write("two.jsonl", ({"id": "north", "messages": TALK}, {"id": 7, "messages": TALK[1:2]}))
    turns = list(read_conversation(path, "mara"))
    assert [turn.source for turn in turns] == ["north", "north", "north", "7"]
    assert len({turn.id for turn in turns}) == 4


def test_conversation_id_goes_before_id(write):
    path = write("a.json", {"conversation_id": "south", "id": "north", "messages": TALK})
    assert {turn.source for turn in read_conversation(path, "mara")} == {"south"}


def test_parts_of_text_are_joined_and_others_skipped(write):
    parts = [
        {"type": "text", "text": "This is"},
        {"type": "image_url", "image_url": {"url": "data:"}},
        {"type": "input_text", "text": "my boat."},
    ]
    reasons: Counter[str] = Counter()
    path = write("a.json", [{"role": "user", "content": parts}])
    assert said(path, on_skip=lambda reason: reasons.update([reason])) == [("user", "This is\nmy boat.")]
    assert reasons == {"part that is not text": 1}


def test_what_is_no_turn_is_skipped_and_counted(write):
    extra = [
        {"role": "developer", "content": "x"},
        {"role": "tool", "content": "x", "tool_call_id": "1"},
        {"role": "function", "content": "x"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "assistant", "tool_calls": []},
        {"role": "user", "content": " \n"},
    ]
    reasons: Counter[str] = Counter()
    assert said(write("a.json", TALK + extra), on_skip=lambda reason: reasons.update([reason])) == READ
    assert reasons == {
        "system message": 1,
        "developer message": 1,
        "tool message": 1,
        "function message": 1,
        "empty message": 3,
    }


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["user", "assistant"]),
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
        ),
        min_size=1,
    ),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\n \n"]),
)
def test_any_text_survives_the_round_trip_through_jsonl(tmp_path_factory, talk, escaped, end):
    talk = [("user", "The start."), *talk]
    lines = [json.dumps({"role": r, "content": t}, ensure_ascii=escaped) for r, t in talk]
    path = tmp_path_factory.mktemp("trip") / "talk.jsonl"
    path.write_bytes("".join(line + end for line in lines).encode("utf-8"))
    turns = list(read_conversation(path, "mara"))
    assert [(turn.role, turn.text) for turn in turns] == talk
    assert len({turn.id for turn in turns}) == len(talk)


def test_jsonl_is_read_as_it_is_asked_for(write):
    read: list[int] = []
    path = write("a.jsonl", tuple(TALK))
    turns = read_conversation(path, "mara", on_bytes=read.append)
    next(turns)
    first_two = len("".join(json.dumps(message) + "\n" for message in TALK[:2]))
    assert sum(read) == first_two
    assert len(list(turns)) == 2
    assert sum(read) == path.stat().st_size


def test_whole_files_report_their_bytes_too(write):
    read: list[int] = []
    path = write("a.json", [*TALK, {"role": "user", "content": "é" * 90_000}] * 12)
    list(read_conversation(path, "mara", on_bytes=read.append))
    assert len(read) > 1
    assert sum(read) == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([TALK[1], 5], "[1]: expected an object"),
        ([TALK[1], {"content": "x"}], f"[1].role: {ROLES}"),
        ([TALK[1], {"role": "user"}], f"[1].content: {CONTENT}"),
        ({"messages": [TALK[1], {"role": "user", "content": 3}]}, f"messages[1].content: {CONTENT}"),
        ({"messages": {}}, "messages: expected a list"),
        (
            [{"messages": TALK}, {"messages": [{"role": "user", "content": ["x"]}]}],
            "[1].messages[0].content[0]: expected an object",
        ),
        (
            [TALK, [{"role": "user", "content": [{"type": "text"}]}]],
            "[1][0].content[0].text: expected a string",
        ),
        ([TALK, 5], "[1]: expected an object"),
        ({"role": "user"}, f"content: {CONTENT}"),
        ((TALK[1], {"role": "user"}), f"line 2: content: {CONTENT}"),
        ((TALK[1], [TALK[1]]), "line 2: expected an object"),
        (({"messages": TALK}, {"messages": [5]}), "line 2: messages[0]: expected an object"),
        ((TALK[1], {"messages": "x"}), "line 2: messages: expected a list"),
    ],
)
def test_wrong_shapes_name_the_place(write, content, problem):
    path = write("talk", content)
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(path, "mara"))
    assert str(caught.value) == f"{path}: {problem}"
