"""The figures of a server under load become a table; a file that lacks some is refused."""

import json
from pathlib import Path

import pytest

from imprint.evals.read_results import read_results
from imprint.evals.tables import load_table
from imprint.types import ImprintError

PART = {
    "clients": 3,
    "seconds": 60.0,
    "errors": ["503"],
    "pieces_a_second": 63.77,
    "slowest_client": 87,
    "fastest_client": 144,
    "first_piece_s": {"median": 13.59, "worst": 17.98},
}
LOAD = {"together": PART, "alone": {**PART, "clients": 1}, "resident_mib_before": 1802, "resident_mib_after": 1905}


def test_a_load_becomes_a_table(tmp_path: Path) -> None:
    (tmp_path / "load.json").write_text(json.dumps(LOAD))
    lines = load_table(read_results(tmp_path).loads["load"]).splitlines()
    assert lines[2] == "| 3 | 63.8 | 87 / 144 | 13.6 / 18.0 | 1 |"
    assert lines[3].startswith("| 1 |")
    assert lines[-1] == "- Memory of the server before and after: 1802 and 1905 MiB"


def test_a_load_without_a_figure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "load.json").write_text(json.dumps({**LOAD, "alone": {"clients": 1}}))
    with pytest.raises(ImprintError, match=r"alone\.seconds"):
        read_results(tmp_path)
