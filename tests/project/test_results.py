"""Every table and plot in README and docs is what `results/` says: no number is typed by hand."""

import shutil
from pathlib import Path

import pytest

from imprint.evals.report import make_report, write_report
from tests.evals.result_files import result, save


def test_tables_and_plots_are_those_of_the_results(root: Path) -> None:
    behind = make_report(root / "results", root / "docs").behind()
    assert [str(path.relative_to(root)) for path in behind] == [], "run: imprint report"


def test_every_result_is_shown(root: Path) -> None:
    report = make_report(root / "results", root / "docs")
    assert [name for name in report.results if name not in report.shown] == []


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    """The project's own pages, with one more result that README shows; up to date."""
    for name in ("docs", "results"):
        if (root / name).exists():
            shutil.copytree(root / name, tmp_path / name)
    readme = (root / "README.md").read_text(encoding="utf-8")
    marks = "<!-- results: planted:brief -->\n<!-- /results -->\n"
    (tmp_path / "README.md").write_text(f"{readme}\n{marks}", encoding="utf-8")
    save(tmp_path / "results", "planted", result(8, ["none", "bm25", "lpm"]))
    write_report(make_report(tmp_path / "results", tmp_path / "docs"))
    return tmp_path


def test_a_number_changed_by_hand_is_noticed(copied: Path) -> None:
    readme = copied / "README.md"
    text = readme.read_text(encoding="utf-8")
    assert "**0.81 [0.74, 0.88]**" in text
    readme.write_text(text.replace("**0.81 [0.74, 0.88]**", "**0.91 [0.84, 0.98]**"), encoding="utf-8")
    assert make_report(copied / "results", copied / "docs").behind() == [readme]


def test_a_result_changed_afterwards_is_noticed(copied: Path) -> None:
    save(copied / "results", "planted", result(8, ["none", "bm25", "lpm"], errors=["lpm: out of memory"], seeds=[0, 1]))
    assert copied / "README.md" in make_report(copied / "results", copied / "docs").behind()
