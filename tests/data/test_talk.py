"""The corpus: what is shipped fits its schema and rules, and a broken file is named by line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imprint.data.talk import TELLING_FORMS, Talk, read_talk
from imprint.study.bank import load_kinds
from imprint.types import ImprintError
from tests.data.small_talk import QUIET, TOLD, corpus

SHIPPED = Path(__file__).parents[2] / "data" / "talk"


@pytest.fixture(scope="module")
def talk() -> Talk:
    return read_talk(SHIPPED)


def test_the_shipped_corpus_is_large_and_balanced(talk: Talk) -> None:
    told = [one for one in talk.said if one.told]
    assert len(talk.said) >= 4000
    assert 0.55 <= len(told) / len(talk.said) <= 0.65
    assert len({one.told.kind for one in told if one.told}) >= 90
    assert {one.form for one in talk.said} > set(TELLING_FORMS)


def test_parts_share_no_voice_and_unseen_kinds_stand_in_no_other_part(talk: Talk) -> None:
    parts = {name: talk.part(name) for name in ("train", "dev", "test", "unseen")}
    assert sum(map(len, parts.values())) == len(talk.said)
    voices = {name: {one.voice for one in parts[name]} for name in ("train", "dev", "test")}
    assert not voices["train"] & voices["test"]
    assert not voices["train"] & voices["dev"]
    assert not voices["dev"] & voices["test"]
    told = [one.told for name in voices for one in parts[name] if one.told]
    seen = {kind for label in told for kind, _ in ((label.kind, label.about), *label.also)}
    assert not seen & set(talk.split["unseen"])
    assert min(len(part) for part in parts.values()) > 100


def test_every_label_names_a_kind_of_the_bank(talk: Talk) -> None:
    kinds = load_kinds()
    for one in talk.said:
        if one.told:
            for kind, about in ((one.told.kind, one.told.about), *one.told.also):
                assert bool(kinds[kind].about) == bool(about), one.id


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    said = read_talk(corpus(tmp_path, TOLD, QUIET)).said
    assert [one.form for one in said] == ["habit", "mood"]
    assert said[0].told is not None
    assert (said[0].told.kind, said[0].told.value, said[0].told.polarity) == ("rhythm", "not before ten", -1)
    assert said[1].told is None


def test_a_line_separator_in_a_text_ends_no_line(tmp_path: Path) -> None:
    folder = corpus(tmp_path, QUIET)
    row = QUIET | {"id": "v1-003", "text": "one\u2028two\u0085three"}
    with (folder / "v1.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    assert [one.text for one in read_talk(folder).said] == ["starving", row["text"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": 3}, "does not stand at character 3"),
        ({"value": "eleven"}, "does not stand at character 0"),
        ({"polarity": 0}, "polarity"),
        ({"questions": ["One?", "Two?"]}, "three questions"),
        ({"form": "boast"}, "unknown form 'boast'"),
        ({"form": "mood"}, "tells nothing, and yet"),
        ({"mood": "x"}, "unknown key 'mood'"),
        ({"text": 3}, "no text"),
        ({"also": [["rhythm"]]}, "also"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ImprintError, match=words) as refused:
        read_talk(corpus(tmp_path, QUIET, TOLD | change))
    assert "v1.jsonl, line 2" in str(refused.value)


def _not_json(folder: Path) -> None:
    (folder / "v1.jsonl").write_text("{", encoding="utf-8")


def _latin(folder: Path) -> None:
    (folder / "v1.jsonl").write_bytes("caf\u00e9".encode("latin-1"))


def _no_voice(folder: Path) -> None:
    (folder / "v1.jsonl").unlink()


def _no_split(folder: Path) -> None:
    (folder / "split.json").write_text("[]", encoding="utf-8")


def _split(**lists: Any) -> Callable[[Path], None]:
    split = {"dev": ["v1"], "test": [], "unseen": []} | lists
    return lambda folder: None if (folder / "split.json").write_text(json.dumps(split)) else None


def _no_list(folder: Path) -> None:
    (folder / "voices.jsonl").unlink()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (_not_json, "line 1 is not JSON"),
        (_latin, "not UTF-8"),
        (_no_voice, "can not be read"),
        (_no_split, "does not list dev, test and unseen"),
        (_split(dev="v1"), "does not list dev, test and unseen"),
        (_split(test=["v01"]), "names 'v01', which is no voice"),
        (_split(test=["v1"]), "names 'v1', which .* named twice"),
        (_no_list, "voices.jsonl is missing"),
    ],
)
def test_a_broken_corpus_is_refused(tmp_path: Path, broken: Callable[[Path], None], words: str) -> None:
    broken(corpus(tmp_path, TOLD))
    with pytest.raises(ImprintError, match=words):
        read_talk(tmp_path)
