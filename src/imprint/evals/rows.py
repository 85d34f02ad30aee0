"""Rows of a CSV file or lines of a JSONL file, each with its line number, and an even sample of them."""

import codecs
import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from imprint.data.files import LINE_LIMIT, check_file
from imprint.data.messages import Request


def open_request(path: Path) -> Request:
    """A request to read the whole of `path`, after a check that it is a file with something in it."""
    check_file(path)
    return Request(path, "", "", on_bytes=lambda _: None, on_skip=lambda _: None)


def text_lines(request: Request) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1 and its line end. ImprintError names the line that is not UTF-8 text."""
    with request.path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(LINE_LIMIT + 1), b""), start=1):
            if len(raw) > LINE_LIMIT:
                raise request.wrong(f"line {number}", f"longer than {LINE_LIMIT} bytes")
            try:
                text = raw.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").decode("utf-8")
            except UnicodeDecodeError:
                raise request.wrong(f"line {number}", "not UTF-8 text", "Save it as UTF-8 text") from None
            if "\0" in text:
                raise request.wrong(f"line {number}", "a NUL byte: this is not a text file", "Get the file again")
            yield number, text


def csv_rows(request: Request) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row with the number of the line it starts on; blank lines are left out."""
    reader = csv.reader((text for _, text in text_lines(request)), strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise request.wrong(f"line {start}", f"not valid CSV ({error})") from None


def evenly(kinds: Sequence[str], limit: int, seed: str) -> list[int]:
    """Places of at most `limit` rows (0: all), in order, as evenly over their kinds as there are rows of each.

    The rows of one kind depend on seed, kind and limit alone, and a smaller limit chooses among a larger one's.
    """
    if not 0 < limit < len(kinds):
        return list(range(len(kinds)))
    places: dict[str, list[int]] = defaultdict(list)
    for place, kind in enumerate(kinds):
        places[kind].append(place)
    order = sorted(places)
    random.Random(seed).shuffle(order)
    for kind, found in places.items():
        random.Random(f"{seed}-{kind}").shuffle(found)
    rounds = chain.from_iterable(zip_longest(*(places[kind] for kind in order)))
    return sorted([place for place in rounds if place is not None][:limit])
