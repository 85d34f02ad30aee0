"""What a run has finished survives a kill, and is not mixed with another run."""

import json
from pathlib import Path

import pytest

from imprint.evals.items import Answers, Likelihood
from imprint.evals.journal import Journal, packed, unpacked
from imprint.types import ImprintError

HEADER = {"benchmark": "recall", "seeds": (0, 1)}


def test_lines_come_back(tmp_path: Path):
    path = tmp_path / "deep" / "x.json.part"
    first = Journal(path, HEADER, resume=False)
    first.add("0/mira/lpm/0", {"a": 1})
    first.add("0/mira/lpm/1", {"a": 2})
    assert Journal(path, HEADER, resume=True).lines == {"0/mira/lpm/0": {"a": 1}, "0/mira/lpm/1": {"a": 2}}


@pytest.mark.parametrize("kept", range(1, 20, 3))
def test_a_torn_line_is_dropped_and_written_over(tmp_path: Path, kept: int):
    path = tmp_path / "x.part"
    journal = Journal(path, HEADER, resume=False)
    journal.add("one", 1)
    whole = path.read_bytes()
    journal.add("two", 2)
    path.write_bytes(path.read_bytes()[: len(whole) + kept])
    again = Journal(path, HEADER, resume=True)
    assert again.lines == {"one": 1}
    again.add("two", 22)
    assert Journal(path, HEADER, resume=True).lines == {"one": 1, "two": 22}


def test_a_torn_header_begins_anew(tmp_path: Path):
    path = tmp_path / "x.part"
    path.write_bytes(b'{"header": {"bench')
    Journal(path, HEADER, resume=True).add("one", 1)
    assert Journal(path, HEADER, resume=True).lines == {"one": 1}


def test_a_left_journal_is_not_begun_anew(tmp_path: Path):
    path = tmp_path / "x.part"
    Journal(path, HEADER, resume=False)
    with pytest.raises(ImprintError, match="--resume"):
        Journal(path, HEADER, resume=False)


def test_a_journal_of_another_run_is_refused_by_name_of_what_changed(tmp_path: Path):
    path = tmp_path / "x.part"
    Journal(path, HEADER, resume=False)
    with pytest.raises(ImprintError, match="of another run: seeds changed"):
        Journal(path, {**HEADER, "seeds": (0,)}, resume=True)


def test_answers_come_back_to_the_bit():
    answers = Answers("a “b”\n", (Likelihood(-0.1 - 1e-17, 3),), ((-1 / 3, -2e-300),), {"kl": 1e-9})
    assert unpacked(json.loads(json.dumps(packed(answers)))) == answers
    assert unpacked(json.loads(json.dumps(packed(Answers())))) == Answers()


def test_close_removes_it(tmp_path: Path):
    path = tmp_path / "x.part"
    Journal(path, HEADER, resume=False).close()
    assert not path.exists()
