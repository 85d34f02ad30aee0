"""Results about networks that read slots, and the curves of their training, on pages and in a picture."""

import json
from pathlib import Path
from typing import Any

import pytest

from imprint.evals.plots import make_plots
from imprint.evals.read_results import Curve, Result, read_result, read_results
from imprint.evals.report import make_report, write_report
from imprint.evals.tables import full_tables
from imprint.types import ImprintError
from tests.evals.result_files import curve, networks, result, save


def cells(table: str, name: str, number: int = 0) -> list[str]:
    rows = [line for line in table.splitlines() if line.startswith((f"| `{name}`", f"| **`{name}`**"))]
    return [cell.strip() for cell in rows[number].strip("|").split("|")]


def test_networks_are_compared_with_the_first_and_show_where_they_differ() -> None:
    table = full_tables(Result("network", networks()))
    assert table.startswith("| arm | exact | loss | less `large` |")
    assert cells(table, "small") == ["`small`", "0.80 [0.73, 0.87]", "0.20", "-0.10 [0.00, -0.03]"]
    assert cells(table, "large") == ["**`large`**", "**0.90 [0.83, 0.97]**", "0.10", "-"]
    assert "| arm | `blocks` | trained numbers | the file | a slot | a slot's residual, numbers |" in table
    assert cells(table, "small", 1) == ["`small`", "0", "1.0 M", "2.0 MB", "680 B", "320"]
    assert [line.split("`")[1] for line in table.splitlines()[2:5]] == ["untrained", "large", "small"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A result, a curve beside it, and a page that shows both."""
    save(tmp_path / "results", "recall-8", result(8, ["none", "lpm"]))
    save(tmp_path / "results", "lpm-curve", curve())
    (tmp_path / "docs").mkdir()
    marks = "".join(f"<!-- results: {name} -->\n<!-- /results -->\n" for name in ("recall-8", "lpm-curve"))
    (tmp_path / "docs" / "page.md").write_text(marks)
    return tmp_path


def test_a_curve_among_results_is_shown_as_a_table_and_a_picture(project: Path) -> None:
    report = make_report(project / "results", project / "docs")
    assert report.results == ("recall-8", "lpm-curve")
    assert report.shown == {"recall-8", "lpm-curve"}
    page = report.pages[project / "docs" / "page.md"]
    assert "| stage | step | exact | loss |\n| --- | ---: | ---: | ---: |\n| restate | 100 | 0.80 | 0.30 |\n" in page
    assert "| answer | 200 | 0.84 | 0.15 |" in page
    assert "- Settings: network.rows 10, restate 100" in page
    write_report(report)
    picture = project / "docs" / "plots" / "network-curve.png"
    assert picture.is_file()
    save(project / "results", "lpm-curve", curve(points=4))
    assert picture in make_report(project / "results", project / "docs").behind()
    (project / "results" / "lpm-curve.json").unlink()
    (project / "docs" / "page.md").write_text("")
    assert make_report(project / "results", project / "docs").gone == (picture,)


def test_curves_meet_where_the_last_stage_begins() -> None:
    longer = curve(200)
    longer["points"].insert(0, {"stage": "restate", "step": 100, "loss": 0.4, "exact": 0.7})
    named = {"a": curve(), "b": longer, "c": curve(0)}
    (plot,) = make_plots({}, {name: Curve(name, data) for name, data in named.items()})
    lines = json.loads(json.dumps(plot.data))["lines"]
    assert [line["stages"] for line in lines] == [
        [["restate", -100], ["answer", 0]],
        [["restate", -200], ["answer", 0]],
        [["answer", 0]],
    ]
    assert lines[0]["points"] == [[0, 0.8, 0.3], pytest.approx([100, 0.82, 0.3]), pytest.approx([200, 0.84, 0.15])]
    assert [point[0] for point in lines[1]["points"]] == [-100, 0, 100, 200]
    assert [point[0] for point in lines[2]["points"]] == [100, 200]
    assert make_plots({}, {"a": Curve("a", curve(0, 1))}) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": [{"stage": "answer", "step": 1, "loss": None, "exact": 1}]}, "points[0].loss: expected a finite"),
        ({"points": {}}, "points: expected a list"),
        ({"model": 3}, "model: expected text"),
    ],
)
def test_a_damaged_curve_is_refused_by_name(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = save(tmp_path, "curve", curve() | change)
    with pytest.raises(ImprintError) as error:
        read_results(tmp_path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_a_curve_is_no_result_and_no_grid(tmp_path: Path) -> None:
    path = save(tmp_path, "tuning/curve", curve())
    for read in (lambda: read_result(path), lambda: read_results(tmp_path)):
        with pytest.raises(ImprintError, match="curve of a training, no result file"):
            read()
