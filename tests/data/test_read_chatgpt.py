"""ChatGPT exports: the open branch of each tree, oldest first, without what people do not see."""

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from imprint.data import read_conversation
from imprint.types import ImprintError

NEW = "[1].mapping.new.message"


def node(parent: str | None, role: str, text: str, time: float | None = None, **extra) -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    message = {"author": {"role": role}, "create_time": time, "content": content, **extra}
    return {"parent": parent, "children": [], "message": message}


def pottery() -> dict[str, Any]:
    """A conversation whose first question was asked again in other words."""
    mapping = {
        "root": {"parent": None, "children": ["s"], "message": None},
        "s": node("root", "system", ""),
        "old": node("s", "user", "How do I glaze a cup?", 1_700_000_000.0),
        "old-answer": node("old", "assistant", "With a brush.", 1_700_000_005.0),
        "new": node("s", "user", "How do I glaze my blue cup?", 1_700_000_060.75),
        "answer": node("new", "assistant", "Dip it.", 1_700_000_070.0),
    }
    return {"conversation_id": "pots", "title": "Glaze", "mapping": mapping, "current_node": "answer"}


def chat(identity: str, *nodes: tuple[str, str, float | None]) -> dict[str, Any]:
    mapping = {
        f"n{i}": node(f"n{i - 1}" if i else None, role, text, time) for i, (role, text, time) in enumerate(nodes)
    }
    return {"id": identity, "mapping": mapping, "current_node": f"n{len(nodes) - 1}"}


def failure(path: Path) -> str:
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(path, "mara"))
    return str(caught.value)


@pytest.mark.parametrize("fmt", ["auto", "chatgpt"])
@pytest.mark.parametrize("content", [[pottery()], pottery()])
def test_the_open_branch_is_read_and_the_abandoned_one_left_out(write, content, fmt):
    turns = list(read_conversation(write("conversations.json", content), "mara", fmt=fmt))
    assert [(turn.role, turn.text, turn.time, turn.source) for turn in turns] == [
        ("user", "How do I glaze my blue cup?", "2023-11-14T22:14:20Z", "pots"),
        ("assistant", "Dip it.", "2023-11-14T22:14:30Z", "pots"),
    ]


def test_turns_of_all_conversations_come_in_the_order_of_time(write):
    export = [
        chat("new", ("user", "I moved to Ghent.", 300.0), ("assistant", "Nice.", 310.0)),
        chat(
            "old",
            ("user", "I live in Bruges.", 100.0),
            ("user", "Noted?", None),
            ("user", "I like Ghent.", 305.0),
        ),
    ]
    turns = list(read_conversation(write("conversations.json", export), "mara"))
    assert [(turn.text, turn.source) for turn in turns] == [
        ("I live in Bruges.", "old"),
        ("Noted?", "old"),
        ("I moved to Ghent.", "new"),
        ("I like Ghent.", "old"),
        ("Nice.", "new"),
    ]


def test_a_longer_export_keeps_the_ids(write):
    before = chat("a", ("user", "My bike is red.", 10.0))
    longer = chat("a", ("user", "My bike is red.", 10.0), ("assistant", "Red it is.", 11.0))
    newer = chat("b", ("user", "It has a bell.", 50.0))
    (old,) = read_conversation(write("a.json", [before]), "mara")
    new = list(read_conversation(write("b.json", [newer, longer]), "mara"))
    assert new[0] == old
    assert len({turn.id for turn in new}) == 3


def test_what_people_do_not_see_is_skipped_and_counted(write):
    talk = pottery()
    hidden = [
        node("answer", "user", "x", is_hidden=True, metadata={"is_visually_hidden_from_conversation": True}),
        node("h0", "tool", "x"),
        node("h1", "assistant", "x", recipient="python"),
        node("h2", "assistant", ""),
        {
            "parent": "h3",
            "message": {"author": {"role": "assistant"}, "content": {"content_type": "thoughts"}},
        },
        node("h4", "user", "Thank you."),
    ]
    talk["mapping"].update({f"h{i}": each for i, each in enumerate(hidden)})
    talk["current_node"] = "h5"
    reasons: Counter[str] = Counter()
    path = write("conversations.json", [talk, {"mapping": {}, "current_node": None}])
    turns = list(read_conversation(path, "mara", on_skip=lambda reason: reasons.update([reason])))
    assert [turn.text for turn in turns] == ["How do I glaze my blue cup?", "Dip it.", "Thank you."]
    assert reasons == {
        "system message": 1,
        "hidden message": 1,
        "tool message": 1,
        "message that is not talk": 2,
        "empty message": 1,
        "empty conversation": 1,
    }


def test_spoken_words_are_read_and_pictures_skipped(write):
    talk = chat("voice", ("user", "", 5.0))
    talk["mapping"]["n0"]["message"]["content"] = {
        "content_type": "multimodal_text",
        "parts": [
            {"content_type": "audio_transcription", "text": "Call me Ilse."},
            {"content_type": "image_asset_pointer", "asset_pointer": "file-1"},
            "Here is my desk.",
        ],
    }
    reasons: Counter[str] = Counter()
    path = write("a.json", [talk])
    (turn,) = read_conversation(path, "mara", on_skip=lambda reason: reasons.update([reason]))
    assert turn.text == "Call me Ilse.\nHere is my desk."
    assert reasons == {"part that is not text": 1}


def test_a_root_whose_parent_is_not_in_the_file_is_a_root(write):
    talk = pottery()
    talk["mapping"]["root"]["parent"] = "gone"
    assert len(list(read_conversation(write("a.json", [talk]), "mara"))) == 2


@pytest.mark.parametrize(
    ("path_in_json", "value", "problem"),
    [
        (["mapping"], [], "[1].mapping: expected an object"),
        (["current_node"], None, "[1].current_node: expected a string"),
        (["current_node"], "gone", "[1].current_node: names no node of mapping"),
        (["mapping", "new"], 3, "[1].mapping.new: expected an object"),
        (["mapping", "s", "parent"], "answer", "[1].mapping.answer.parent: the parents run in a circle"),
        (["mapping", "new", "message"], "x", f"{NEW}: expected an object"),
        (["mapping", "new", "message", "author"], None, f"{NEW}.author: expected an object"),
        (["mapping", "new", "message", "content"], "x", f"{NEW}.content: expected an object"),
        (["mapping", "new", "message", "content", "parts"], "x", f"{NEW}.content.parts: expected a list"),
        (
            ["mapping", "new", "message", "create_time"],
            "noon",
            f"{NEW}.create_time: expected a time in seconds since 1970",
        ),
        (
            ["mapping", "new", "message", "create_time"],
            1e300,
            f"{NEW}.create_time: expected a time in seconds since 1970",
        ),
        (
            ["mapping", "new", "message", "create_time"],
            float("nan"),
            f"{NEW}.create_time: expected a time in seconds since 1970",
        ),
    ],
)
def test_wrong_shapes_name_the_place_before_any_turn(write, path_in_json, value, problem):
    broken = copy.deepcopy(pottery())
    *way, last = path_in_json
    target = broken
    for key in way:
        target = target[key]
    target[last] = value
    path = write("conversations.json", [chat("a", ("user", "Hello there.", 1.0)), broken])
    turns: list[object] = []
    with pytest.raises(ImprintError) as caught:
        turns.extend(read_conversation(path, "mara"))
    assert str(caught.value) == f"{path}: {problem}"
    assert turns == []


def test_an_export_without_talk_says_so(write):
    path = write("a.json", [{"mapping": {}, "current_node": None}])
    assert failure(path) == f"{path}: no message of the user in it. Check that it is the right file"
