"""Plain text: names start turns, other lines go on; the user is the obvious name or the one asked for."""

from collections import Counter
from pathlib import Path

import pytest

from imprint.data import read_conversation
from imprint.data.text import split
from imprint.types import MAX_TEXT, ImprintError


def said(path: Path, **options) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in read_conversation(path, "mara", **options)]


def failure(path: Path, **options) -> str:
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(path, "mara", **options))
    return str(caught.value).removeprefix(f"{path}: ")


def test_lines_without_a_name_go_on_with_the_turn_above(write):
    bakes = "User: I bake on Sundays.\nRye, mostly.\n\n  Note: no yeast.\n"
    content = f"\n\n{bakes}\nAssistant:\nGood.\n\n\nUser: At 10:30.\n"
    assert said(write("a.txt", content)) == [
        ("user", "I bake on Sundays.\nRye, mostly.\n\n  Note: no yeast."),
        ("assistant", "Good."),
        ("user", "At 10:30."),
    ]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(write):
    plain = "Ana: Hei.\nto linjer\nBo: Ja.\n"
    windows = b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode()
    first = list(read_conversation(write("a.txt", plain), "mara", speaker="Ana"))
    assert list(read_conversation(write("b.txt", windows), "mara", speaker="Ana")) == first
    assert [turn.text for turn in first] == ["Hei.\nto linjer", "Ja."]


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (("User", "Assistant"), ["user", "assistant"]),
        (("ChatGPT", "You"), ["assistant", "user"]),
        (("Me", "Ilse"), ["user", "assistant"]),
        (("Ilse", "ChatGPT"), ["user", "assistant"]),
        (("Ilse", "ilse"), ["user", "user"]),
        (("Ilse",), ["user"]),
    ],
)
def test_the_obvious_name_is_the_user(write, names, roles):
    path = write("a.txt", "".join(f"{name}: Hello.\n" for name in names))
    assert [role for role, _ in said(path)] == roles


def test_the_speaker_asked_for_is_the_user_and_all_others_are_not(write):
    path = write("a.txt", "Ilse: One.\nBo: Two.\nIlse: Three.\nCem Ak: Four.\n")
    assert [role for role, _ in said(path, speaker="ilse")] == ["user", "assistant", "user", "assistant"]


def test_names_that_are_not_obvious_are_listed(write):
    path = write("a.txt", "Ilse: One.\nBo: Two.\n")
    assert failure(path) == "whose memory it is is not clear; names: Ilse, Bo. Choose one with --speaker"
    problem = "the speaker asked for is not in it; names: Ilse, Bo. Choose one with --speaker"
    assert failure(path, speaker="Cem") == problem


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ilse: hello", ("Ilse", "hello")),
        ("Ilse:", ("Ilse", "")),
        ("Ilse:\thello", ("Ilse", "hello")),
        ("Jan van der Meer: yes", ("Jan van der Meer", "yes")),
        ("user 2: yes: no", ("user 2", "yes: no")),
        ("Зоя: да", ("Зоя", "да")),
        ("J.-P. O'Hara: oui", ("J.-P. O'Hara", "oui")),
        ("I told her: no", None),
        ("https://example.org", None),
        ("10:30 we met", None),
        (" Ilse: indented", None),
        ("- Ilse: a list", None),
        ("no colon", None),
        ("", None),
        (f"{'X' * 41}: too long", None),
    ],
)
def test_what_counts_as_a_name(line, expected):
    assert split(line) == expected


def test_a_name_without_words_is_skipped_and_counted(write):
    reasons: Counter[str] = Counter()
    path = write("a.txt", "User:\n\nAssistant: Still there?\nUser: Yes.\n")
    assert said(path, on_skip=lambda reason: reasons.update([reason])) == [
        ("assistant", "Still there?"),
        ("user", "Yes."),
    ]
    assert reasons == {"empty message": 1}


def test_text_before_the_first_name_is_an_error(write):
    path = write("a.txt", "\nMy notes\nUser: Hello.\n")
    assert failure(path, fmt="text") == 'line 2: expected "Name: text"'


def test_a_turn_that_grows_too_long_names_its_first_line(write):
    row = "x" * 999 + "\n"
    fits = write("fits.txt", "User: Hi.\nAssistant: " + row * 99 + "y" * 1000 + "\n\n")
    assert [len(text) for _, text in said(fits)] == [3, MAX_TEXT]
    long = write("long.txt", "User: Hi.\nAssistant: " + row * 99 + "y" * 1001 + "\n")
    problem = f"line 2: the message is longer than {MAX_TEXT} characters. Split or remove it"
    assert failure(long) == problem


def test_the_bytes_of_a_text_file_are_counted_once(write):
    path = write("a.txt", "User: Grüße.\r\nAssistant: Ja.\r\n")
    read: list[int] = []
    list(read_conversation(path, "mara", on_bytes=read.append))
    assert read == [len("User: Grüße.\r\n".encode()), len("Assistant: Ja.\r\n")]
