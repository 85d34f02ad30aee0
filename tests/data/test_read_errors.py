"""Files that can not be read: one line that names the file, the place and what to do."""

import os
from pathlib import Path

import pytest

from imprint.data import read_conversation
from imprint.data.files import LINE_LIMIT, WHOLE_LIMIT
from imprint.types import MAX_TEXT, ImprintError

HELLO = {"role": "user", "content": "Hello from the lake."}
A_LINE = '{"role": "user", "content": "a"}\n'
CUT = "the JSON is cut off before its end. Get the file again"
UNKNOWN = (
    "not a conversation file of a known format. Formats are openai: OpenAI messages, JSON or JSONL; "
    'chatgpt: conversations.json of a ChatGPT export; locomo: a LoCoMo file; text: "Name: text" lines'
)


def failure(path: Path, **options) -> str:
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(path, "mara", **options))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_directory_pipe_and_empty(tmp_path, write):
    assert failure(tmp_path / "no.json") == f"{tmp_path / 'no.json'} does not exist. Check the path"
    assert failure(tmp_path) == f"{tmp_path} is a directory. Name a file in it"
    os.mkfifo(tmp_path / "pipe")
    assert failure(tmp_path / "pipe") == f"{tmp_path / 'pipe'} is not a regular file. Save it as a file first"
    for content in ("", " \n\r\n", b"\xef\xbb\xbf\n"):
        path = write("empty.txt", content)
        assert failure(path) == f"{path} is empty"


def test_a_zip_archive_says_to_unpack_it(write):
    path = write("export.zip", b"PK\x03\x04rest")
    expected = f"{path} is a zip archive. Unpack it and name the file inside, such as conversations.json"
    assert failure(path) == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"User: Hi.\nUser: a\x00b\n", "byte 17: a NUL byte: this is not a text file. Save it as UTF-8 text"),
        (b'[{"role": "user"\x00', "byte 16: a NUL byte: this is not a text file. Save it as UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n", "byte 0: not UTF-8 text. Save it as UTF-8 text"),
        (b"%PDF-1.7\n%\xe2\xe3\n", "byte 10: not UTF-8 text. Save it as UTF-8 text"),
        (b"\xef\xbb\xbfUser: caf\xe9\n", "byte 12: not UTF-8 text. Save it as UTF-8 text"),
        (
            A_LINE.encode() + b'{"role": "user", "content": "\xe9"}',
            "byte 62: not UTF-8 text. Save it as UTF-8 text",
        ),
        ("User: Hi.\n".encode("utf-16"), "byte 0: not UTF-8 text. Save it as UTF-8 text"),
        (b'[{"role": "user", "content": "\xc3', "byte 30: not UTF-8 text. Save it as UTF-8 text"),
    ],
)
def test_binary_files_name_the_byte(write, content, problem):
    path = write("talk", content)
    assert failure(path) == f"{path}: {problem}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[{"role": "user", "content": "Hel', CUT),
        ('[{"role": "user",\n', CUT),
        ('{"messages": [', CUT),
        ('[\n{"role" "user"}]', "line 2, column 9: not valid JSON (Expecting ':' delimiter)"),
        (A_LINE + '{"role": "us', f"line 2: {CUT}"),
        (A_LINE + '{"role" 3}\n', "line 2, column 9: not valid JSON (Expecting ':' delimiter)"),
        (
            '[{"role": "user", "content": "a"}]\n[]',
            "line 2, column 1: there is more text after the end of the JSON value",
        ),
        (A_LINE + "{} {}", "line 2, column 4: there is more text after the end of the JSON value"),
        ("[" * 200_000, "the JSON is nested too deeply"),
        (A_LINE + "[" * 200_000, "line 2: the JSON is nested too deeply"),
        ("[" + "9" * 5000 + "]", "a number in the JSON is too long"),
    ],
)
def test_broken_json_names_line_and_column(write, content, problem):
    path = write("talk.json", content)
    assert failure(path) == f"{path}: {problem}"


@pytest.mark.parametrize(
    "content",
    [
        "Dear diary, today I slept.\n",
        {"name": "x"},
        [],
        [1, 2],
        [[]],
        ({"text": "a"}, {"text": "b"}),
        ({"mapping": {}}, {}),
    ],
)
def test_an_unknown_file_lists_the_formats(write, content):
    path = write("talk.json", content)
    assert failure(path) == f"{path}: {UNKNOWN}"


def test_an_unknown_format_lists_the_formats(write):
    path = write("a.json", [HELLO])
    expected = 'there is no format "csv". Formats: auto, openai, chatgpt, locomo, text'
    assert failure(path, fmt="csv") == expected


@pytest.mark.parametrize(
    ("fmt", "content", "problem"),
    [
        ("chatgpt", [HELLO], "[0].mapping: expected an object"),
        ("chatgpt", "null", "expected a list"),
        ("locomo", [HELLO], "[0].sample_id: expected a string"),
        ("locomo", [], "the sample asked for occurs 0 times; samples: none. Choose another with --sample"),
        ("openai", "User: Hi.\n", "line 1, column 1: not valid JSON (Expecting value)"),
        ("openai", {"a": 1}, "messages: expected a list"),
        ("openai", "null", "line 1: expected an object"),
        ("text", [HELLO], 'line 1: expected "Name: text"'),
    ],
)
def test_a_file_of_another_format_than_named_says_where_it_differs(write, fmt, content, problem):
    path = write("talk", content)
    assert failure(path, fmt=fmt) == f"{path}: {problem}"


def test_a_choice_the_format_does_not_have_is_refused(write):
    path = write("a.json", [HELLO])
    expected = f"{path}: openai files have no speaker to choose. Leave out --speaker"
    assert failure(path, speaker="Mara") == expected
    path = write("a.txt", "User: Hi.\n")
    assert failure(path, sample="x") == f"{path}: text files have no sample to choose. Leave out --sample"


def test_a_message_that_is_too_long_is_named_before_any_turn(write):
    exact = [HELLO, {"role": "user", "content": "x" * MAX_TEXT}]
    assert len(list(read_conversation(write("a.json", exact), "mara"))) == 2
    path = write("b.json", [*exact, {"role": "user", "content": "x" * (MAX_TEXT + 1)}])
    turns: list[object] = []
    with pytest.raises(ImprintError) as caught:
        turns.extend(read_conversation(path, "mara"))
    problem = f"[2].content: the message is longer than {MAX_TEXT} characters. Split or remove it"
    assert (str(caught.value), turns) == (f"{path}: {problem}", [])


def test_half_a_surrogate_pair_is_named(write):
    path = write(
        "a.jsonl",
        r'{"role": "user", "content": "a\ud83d\ude00"}' + "\n" + r'{"role": "user", "content": "ab\ud83d"}',
    )
    problem = "line 2: content: character 2 is half of a surrogate pair. Remove it or write the whole character"
    assert failure(path) == f"{path}: {problem}"


def test_a_file_without_a_message_of_the_user_says_so_before_any_turn(write):
    path = write("a.json", [{"role": "assistant", "content": "Hello?"}])
    turns: list[object] = []
    with pytest.raises(ImprintError, match="no message of the user in it"):
        turns.extend(read_conversation(path, "mara"))
    assert turns == []
    path = write("a.jsonl", ({"role": "assistant", "content": "Hello?"}, {"role": "system", "content": "x"}))
    assert failure(path) == f"{path}: no message of the user in it. Check that it is the right file"


def test_a_repaired_line_adds_only_the_rest(write):
    good = '{"role": "user", "content": "I keep bees."}\n'
    path = write("a.jsonl", good + '{"role": "user", "content": "Three hi\n')
    before: list[object] = []
    with pytest.raises(ImprintError, match="line 2: the JSON is cut off"):
        before.extend(read_conversation(path, "mara"))
    path = write("a.jsonl", good + '{"role": "user", "content": "Three hives."}\n')
    after = list(read_conversation(path, "mara"))
    assert after[:1] == before
    assert [turn.text for turn in after] == ["I keep bees.", "Three hives."]


def test_files_and_lines_that_are_too_large_are_refused_unread(tmp_path):
    path = tmp_path / "huge.json"
    path.write_bytes(b'[{"role": "user"')
    os.truncate(path, WHOLE_LIMIT + 1)
    problem = f"{WHOLE_LIMIT + 1} bytes is too much for a file that is read whole (limit {WHOLE_LIMIT})"
    remedy = "Split it, or write one JSON object a line (JSONL)"
    assert failure(path) == f"{path}: {problem}. {remedy}"
    path = tmp_path / "wide.txt"
    path.write_bytes(b"User: Hi.\n")
    os.truncate(path, LINE_LIMIT + 12)
    assert failure(path) == f"{path}: line 2: longer than {LINE_LIMIT} bytes. Split it"
