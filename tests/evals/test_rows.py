"""CSV rows know their line; a limited sample is even over kinds, seeded and stable."""

from collections import Counter
from pathlib import Path

import pytest

from imprint.evals.rows import csv_rows, evenly, open_request, text_lines
from imprint.types import ImprintError

KINDS = ["rivers"] * 9 + ["bread"] * 2 + ["clocks"] * 6


def rows(tmp_path: Path, content: bytes) -> list[tuple[int, list[str]]]:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    return list(csv_rows(open_request(path)))


def test_a_row_is_numbered_by_the_line_it_starts_on(tmp_path):
    content = b'\xef\xbb\xbfa,b\r\n"two\nlines","say ""hi"", twice"\n\n,last\n'
    assert rows(tmp_path, content) == [
        (1, ["a", "b"]),
        (2, ["two\nlines", 'say "hi", twice']),
        (5, ["", "last"]),
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a,b\n1,2\ncaf\xe9,3\n", "line 3: not UTF-8 text"),
        (b"a,b\n1,\x002\n", "line 2: a NUL byte"),
        (b'a,b\n1,2\n"open,3\n4,5\n', "line 3: not valid CSV"),
    ],
)
def test_what_is_no_csv_text_names_file_and_line(tmp_path, content, place):
    with pytest.raises(ImprintError) as caught:
        rows(tmp_path, content)
    assert str(tmp_path / "rows.csv") + ": " + place in str(caught.value)


def test_lines_of_jsonl_name_the_line_that_is_not_utf8(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": "\xff"}\n')
    with pytest.raises(ImprintError, match="line 2: not UTF-8"):
        list(text_lines(open_request(path)))


def test_a_sample_is_even_until_a_kind_runs_out():
    assert Counter(KINDS[i] for i in evenly(KINDS, 6, "x")) == {"rivers": 2, "bread": 2, "clocks": 2}
    assert Counter(KINDS[i] for i in evenly(KINDS, 12, "x")) == {"rivers": 5, "bread": 2, "clocks": 5}


def test_a_sample_is_seeded_in_order_and_nested():
    found = evenly(KINDS, 6, "x-0")
    assert found == evenly(KINDS, 6, "x-0") == sorted(found)
    assert found != evenly(KINDS, 6, "x-1")
    assert set(found) < set(evenly(KINDS, 11, "x-0"))


def test_what_is_chosen_of_a_kind_does_not_hang_on_the_others():
    alone = ["rivers"] * 9
    assert evenly(alone, 2, "x") == [i for i in evenly(KINDS, 6, "x") if KINDS[i] == "rivers"]


@pytest.mark.parametrize("limit", [0, 17, 99])
def test_no_limit_keeps_every_row(limit):
    assert evenly(KINDS, limit, "x") == list(range(17))
