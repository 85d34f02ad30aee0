"""Turn ids: stable when a file is read again, moved or longer; different for different places."""

import shutil
from hashlib import blake2b

from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.data import read_conversation, turn_id
from imprint.data.ids import conversation_source

TALK = [
    {"role": "user", "content": "Yes."},
    {"role": "assistant", "content": "Yes."},
    {"role": "user", "content": "Yes."},
]


def ids(path) -> list[str]:
    return [turn.id for turn in read_conversation(path, "mara")]


def test_the_id_is_the_documented_hash():
    canonical = '["chat",3,"user","Grüße","2024-06-14T09:05:00Z"]'.encode()
    expected = blake2b(canonical, digest_size=8).hexdigest()
    assert turn_id("chat", 3, "user", "Grüße", "2024-06-14T09:05:00Z") == expected
    assert len(expected) == 16


@st.composite
def fields(draw) -> tuple[str, int, str, str, str]:
    words = st.text(st.sampled_from('a",'), max_size=3)
    role = draw(st.sampled_from(["user", "assistant"]))
    return draw(words), draw(st.integers(0, 3)), role, draw(words), draw(words)


@settings(deadline=None)
@given(fields(), fields())
def test_ids_are_equal_only_for_equal_parts(left, right):
    assert (turn_id(*left) == turn_id(*right)) is (left == right)


def test_the_same_words_at_other_places_have_other_ids(write):
    assert len(set(ids(write("a.json", TALK)))) == 3


def test_reading_again_moving_and_appending_keep_the_ids(write, tmp_path):
    path = write("a.jsonl", tuple(TALK))
    first = ids(path)
    assert ids(path) == first
    moved = tmp_path / "else" / "b.txt"
    moved.parent.mkdir()
    shutil.move(path, moved)
    assert ids(moved) == first
    assert ids(write("a.jsonl", (*TALK, {"role": "user", "content": "No."})))[:3] == first


def test_the_user_is_not_part_of_the_id(write):
    path = write("a.json", TALK)
    assert [turn.id for turn in read_conversation(path, "imre")] == ids(path)


def test_a_conversation_without_an_id_is_named_by_format_and_first_message(write):
    with_system = [{"role": "system", "content": "Be kind."}, *TALK]
    turns = list(read_conversation(write("a.json", with_system), "mara"))
    assert {turn.source for turn in turns} == {conversation_source("openai", "Yes.")}
    assert turns[1].id == turn_id(turns[1].source, 1, "assistant", "Yes.", "")
    text = list(read_conversation(write("a.txt", "User: Yes.\n"), "mara"))
    assert text[0].source == conversation_source("text", "Yes.") != turns[0].source


def test_conversations_of_one_file_that_open_alike_differ(write):
    path = write("a.json", [TALK, TALK[:1], TALK])
    turns = list(read_conversation(path, "mara"))
    source = conversation_source("openai", "Yes.")
    assert [turn.source for turn in turns] == [source] * 3 + [f"{source}-2"] + [f"{source}-3"] * 3
    assert len({turn.id for turn in turns}) == 7


def test_odd_ids_in_the_file_are_not_taken_over(write):
    for odd in ("", "a\nb", "x" * 201, True, None, 1.5, "\ud800"):
        path = write("a.json", {"id": odd, "messages": TALK})
        assert {turn.source for turn in read_conversation(path, "mara")} == {conversation_source("openai", "Yes.")}
