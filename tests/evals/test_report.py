"""Result files become tables and pictures that say what the files say."""

import json
from pathlib import Path
from typing import Any

import pytest

from imprint.evals.plots import make_plots, render, stamp_of
from imprint.evals.read_results import Found, Result, read_result, read_results
from imprint.evals.report import fill, make_report, write_report
from imprint.evals.tables import brief_table, duration, full_tables, grid_tables, size
from imprint.types import ImprintError
from tests.evals.result_files import arm, estimate, result, save

OPEN, CLOSE = "<!-- results: recall-8 -->", "<!-- /results -->"
FOUND = Found({"recall-8": Result("recall-8", result(8, ["none", "bm25", "lpm"]))}, {})


def row(table: str, name: str, number: int = 0) -> list[str]:
    """The cells of an arm's row in the numbered table of a text."""
    rows = [line for line in table.splitlines() if line.startswith((f"| `{name}`", f"| **`{name}`**"))]
    return [cell.strip() for cell in rows[number].strip("|").split("|")]


def test_a_row_shows_scores_with_intervals_and_differences() -> None:
    table = full_tables(Result("x", result(8)))
    assert table.startswith("| arm | exact | choice | refused | less `none` | less the best baseline |")
    best = "+0.24 [0.11, 0.31] (`dense_soft`)"
    assert row(table, "lpm") == ["**`lpm`**", "**0.81 [0.74, 0.88]**", "0.91", "0.90", "+0.81 [0.74, 0.88]", best]
    assert row(table, "none") == ["`none`", "0.00 [0.00, 0.07]", "0.50", "0.90", "-", "-"]


def test_a_row_shows_what_an_arm_costs() -> None:
    table = full_tables(Result("x", result(32)))
    lpm = ["`lpm`", "128 kB", "32 k", "31 + 14", "1.4 MB", "0.0042", "66", "0.21", "14"]
    assert row(table, "lpm", 2) == lpm
    assert row(table, "full_context", 2)[1:5] == ["9.0 kB", "0", "1,900", "88 MB"]


def test_arms_stand_in_a_fixed_order_and_variants_beside_their_kind() -> None:
    data = result(8)
    data["arms"] = dict(sorted(data["arms"].items()))
    data["arms"] |= {"lpm_prefix": arm("lpm"), "bm25_ten": arm("bm25"), "worse_mind": arm("random")}
    assert list(Result("x", data).arms) == [
        *("none", "random", "other_user", "worse_mind"),
        *("full_context", "bm25", "bm25_ten", "dense", "oracle_text"),
        *("full_context_soft", "bm25_soft", "dense_soft", "oracle_text_soft"),
        *("prompt_tuning", "lora", "lora_study", "cartridge", "lpm_prefix", "lpm"),
    ]


def test_a_method_that_loses_is_shown_as_losing() -> None:
    data = result(8, ["none", "bm25", "lpm"])
    data["arms"]["lpm"]["scores"]["exact"] = estimate(0.2)
    data["arms"]["lpm"]["against_best"]["exact"] = {"arm": "bm25", "mean": -0.13, "low": -0.2, "high": -0.004, "n": 96}
    table = full_tables(Result("x", data))
    assert row(table, "bm25")[0] == "**`bm25`**"
    assert row(table, "lpm") == ["`lpm`", "0.20 [0.13, 0.27]", *row(table, "lpm")[2:5], "-0.13 [-0.20, 0.00] (`bm25`)"]


def test_nothing_is_bold_where_all_are_alike() -> None:
    data = result(8, ["none", "random"])
    assert "**" not in full_tables(Result("x", data))


def test_small_scores_get_a_third_digit() -> None:
    data = result(8, ["none", "lpm"], arms={"none": arm("none"), "lpm": arm("lpm", 0.05)})
    assert row(full_tables(Result("x", data)), "lpm")[1] == "**0.041 [0.000, 0.111]**"


def test_a_score_without_a_value_is_a_dash() -> None:
    data = result(8, ["none", "lpm"])
    data["arms"]["none"]["scores"] = {"exact": {"mean": None, "low": None, "high": None, "n": 4}}
    data["arms"]["lpm"]["scores"]["exact"] |= {"low": None}
    data["run"]["seconds"]["lpm"] = {"write": None}
    table = full_tables(Result("x", data))
    assert row(table, "none")[1:4] == ["-", "-", "-"]
    assert row(table, "lpm")[1] == "0.81"
    assert row(table, "lpm", 2)[5:] == ["-"] * 4


def test_kinds_are_columns_and_many_kinds_are_rows() -> None:
    data = result(8, ["none", "lpm"])
    assert row(full_tables(Result("x", data)), "lpm", 1) == ["`lpm`", "0.57", "0.81"]
    for each in data["arms"].values():
        each["kinds"]["exact"] = {f"topic_{i}": estimate(i / 20, n=i) for i in range(10)}
    table = full_tables(Result("x", data))
    assert "| kind | `none` | `lpm` |" in table
    assert "| topic 9 (9) | 0.45 | 0.45 |" in table


def test_under_a_table_stands_what_made_it_and_what_to_hold_against_it() -> None:
    run = result()["run"] | {"load": [0.3, 2.51]}
    plain = full_tables(Result("x", result(8)))
    assert "- Made by `imprint eval recall --methods all --set facts=8 --out results/recall-8.json`" in plain
    counts = "- `recall` (facts 8): 3 seeds, 3 people, 120 items (12 changed, 84 fact, 24 never told); seeds 0, 1, 2"
    assert counts in plain
    assert "- Made-up CPU, 2 cores, 2 threads, 24 GB; 812 s on 2026-11-21\n" in plain
    assert plain.endswith("- Licence of the data: generated")
    changes: dict[str, Any] = {"run": run, "errors": ["a", "b"], "note": "Half of it.", "limit": 9, "modified": True}
    marked = full_tables(Result("x", result(8, **changes)))
    assert "on 2026-11-21; busy machine (load 0.3 to 2.5): seconds are upper bounds\n" in marked
    assert "120 items, at most 9 a seed (" in marked
    last = "- Half of it.\n- Made from code that was not committed\n- Errors: 2; they stand in the result file"
    assert marked.endswith(last)


def test_the_brief_form_has_five_columns() -> None:
    table = brief_table(Result("x", result(8)))
    cells = ["**`lpm`**", "**0.81 [0.74, 0.88]**", "+0.81 [0.74, 0.88]", "128 kB", "31 + 14"]
    assert row(table, "lpm") == cells
    assert table.endswith("`imprint eval recall --methods all --set facts=8 --out results/recall-8.json`")


def test_a_grid_shows_each_setting_and_marks_the_best() -> None:
    data, more = result(8, ["none"]), result(8, [], command="imprint eval recall --seeds 0")
    for rate in (0.1, 0.003, 0.02):
        tried = arm("prompt_tuning", 1 if rate == 0.02 else 0.3)
        target = more if rate == 0.1 else data
        target["arms"][f"pt_{rate}"] = tried | {"settings": {"tokens": 8, "fit": {"lr": rate}}}
    data["arms"]["pt"] = arm("prompt_tuning", 0.5)
    table = grid_tables([Result("a", data), Result("b", more)])
    assert table.startswith("**prompt_tuning** on `recall` (facts 8), 3 seeds, 3 people, 120 items\n\n")
    found = [line.split(" | ")[:4] for line in table.splitlines() if line.startswith("| `pt")]
    assert found == [
        ["| `pt_0.003`", "0.003", "8", "0.06 [0.00, 0.13]"],
        ["| `pt_0.02`", "0.02", "8", "**0.21 [0.14, 0.28]**"],
        ["| `pt_0.1`", "0.1", "8", "0.06 [0.00, 0.13]"],
        ["| `pt`", "default", "default", "0.10 [0.03, 0.17]"],
    ]
    assert table.endswith("- `imprint eval recall --seeds 0`")
    assert "`none`" not in table


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0 B"),
        (812.0, "812 B"),
        (999.6, "1.0 kB"),
        (9960.0, "10 kB"),
        (120e3, "120 kB"),
        (2.81e6, "2.8 MB"),
        (None, "-"),
    ],
)
def test_sizes_are_for_people(value: float | None, shown: str) -> None:
    assert size(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (0.0042, "0.0042"),
        (0.213, "0.21"),
        (1.0, "1"),
        (9.96, "10"),
        (66.4, "66"),
        (812.3, "812"),
        (None, "-"),
    ],
)
def test_seconds_have_two_digits(value: float | None, shown: str) -> None:
    assert duration(value) == shown


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in result(8).items() if name != key}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "is no result file of imprint eval"),
        ({}, "is no result file of imprint eval"),
        (result(format=2), "has format '2', this imprint reads 1. Make the file again with the command in it"),
        (without("seeds"), ": seeds: missing"),
        (result(seeds=[0, "1"]), ": seeds[1]: expected a whole number"),
        (result(limit=True), ": limit: expected a whole number"),
        (result(run=result()["run"] | {"load": [float("nan")]}), ": run.load[0]: expected a finite number"),
        (result(arms={"lpm": {**arm("lpm"), "cost": {"bytes": "12"}}}), ": arms.lpm.cost.bytes: expected a finite"),
        (
            result(arms={"lpm": {**arm("lpm"), "scores": {"exact": {"mean": 1}}}}),
            ": arms.lpm.scores.exact.low: missing",
        ),
        (result(arms={}), ": arms: no arm has the headline score"),
        (result(people=[{"seed": 0, "user": "a"}]), ": people[0].history_tokens: missing"),
    ],
)
def test_a_file_of_another_shape_is_refused_by_name_and_place(tmp_path: Path, data: Any, said: str) -> None:
    path = save(tmp_path, "odd", data)
    with pytest.raises(ImprintError) as error:
        read_results(tmp_path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_a_file_that_is_no_json_is_refused_by_name_and_line(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"format": 1,\n "arms": {')
    with pytest.raises(ImprintError, match=r"cut\.json: the JSON is cut off"):
        read_results(tmp_path)
    (tmp_path / "cut.json").write_bytes(b'{"note": "\xff"}')
    with pytest.raises(ImprintError, match=r"cut\.json: byte 10: not UTF-8 text"):
        read_result(tmp_path / "cut.json")


def test_results_are_found_by_name_and_grids_by_folder(tmp_path: Path) -> None:
    for name in ("recall-32", "recall-8", "tuning/lora", "tuning/lpm"):
        save(tmp_path, name, result(8, ["none"]))
    (tmp_path / "notes.md").write_text("no result")
    (tmp_path / "empty").mkdir()
    found = read_results(tmp_path)
    assert list(found.results) == ["recall-8", "recall-32"]
    assert {name: [each.name for each in grid] for name, grid in found.grids.items()} == {"tuning": ["lora", "lpm"]}
    assert read_results(tmp_path / "nosuch") == Found({}, {})


def test_only_what_stands_between_markers_changes() -> None:
    text = f"# Page\r\n  kept  \r\n{OPEN}\r\nstale\r\n{CLOSE}\r\nlast, no line end"
    new, names = fill(text, FOUND, "page.md")
    assert names == ["recall-8"]
    assert new.startswith(f"# Page\r\n  kept  \r\n{OPEN}\r\n\r\n| arm | exact |")
    assert new.endswith(f"- Licence of the data: generated\r\n\r\n{CLOSE}\r\nlast, no line end")
    assert "stale" not in new
    assert fill(new, FOUND, "page.md") == (new, names)


@pytest.mark.parametrize("fence", ["```", "````text", "~~~"])
def test_markers_in_code_and_in_a_sentence_are_text(fence: str) -> None:
    text = f"{fence}\n<!-- results: nosuch -->\n{fence[:4].rstrip('t')}\nWrite `{OPEN}` on a line.\n<!-- a remark -->\n"
    assert fill(text, FOUND, "page.md") == (text, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n<!-- results: nosuch -->\n" + CLOSE, "p.md:2: there is no result 'nosuch'"),
        (f"{OPEN}\n", "p.md:1: the table is not closed"),
        (f"{OPEN}\n{OPEN}\n{CLOSE}", "p.md:2: a marker inside a table that is not closed"),
        (f"\n\n{CLOSE}\n", "p.md:3: this closes a table that was not opened"),
        (f"<!-- result: recall-8 -->\n{CLOSE}", "p.md:1: this is no marker"),
        (f"<!-- results: recall-8:short -->\n{CLOSE}", "p.md:1: this is no marker"),
    ],
)
def test_a_wrong_marker_is_an_error_that_names_its_line(text: str, said: str) -> None:
    with pytest.raises(ImprintError) as error:
        fill(text, FOUND, "p.md")
    assert str(error.value).startswith(said)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A README, a page and two results."""
    save(tmp_path / "results", "recall-8", result(8))
    save(tmp_path / "results", "recall-32", result(32))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(f"{OPEN}\n{CLOSE}\n")
    (tmp_path / "README.md").write_text(f"<!-- results: recall-32:brief -->\n{CLOSE}\n")
    return tmp_path


def behind(project: Path) -> list[str]:
    return [str(path.relative_to(project)) for path in make_report(project / "results", project / "docs").behind()]


PICTURES = ["docs/plots/capacity.png", "docs/plots/quality-bytes.png", "docs/plots/history.png", "docs/plots/cost.png"]


def test_a_report_is_written_once_and_notices_each_change(project: Path) -> None:
    assert behind(project) == ["README.md", "docs/page.md", *PICTURES]
    write_report(make_report(project / "results", project / "docs"))
    assert behind(project) == []
    changed = result(8)
    changed["arms"]["lpm"]["scores"]["exact"]["mean"] = 0.79
    save(project / "results", "recall-8", changed)
    assert behind(project) == ["docs/page.md", PICTURES[0], PICTURES[2]]
    (project / "README.md").write_text((project / "README.md").read_text().replace("0.57 [", "0.75 ["))
    assert behind(project)[0] == "README.md"


def test_pictures_of_results_that_are_gone_are_removed(project: Path) -> None:
    write_report(make_report(project / "results", project / "docs"))
    other = project / "docs" / "plots" / "mine.png"
    other.write_bytes(b"")
    (project / "results" / "recall-8.json").unlink()
    (project / "docs" / "page.md").write_text("")
    assert behind(project) == [PICTURES[0], PICTURES[2]]
    write_report(make_report(project / "results", project / "docs"))
    assert sorted(path.name for path in other.parent.iterdir()) == ["cost.png", "mine.png", "quality-bytes.png"]
    assert behind(project) == []


def test_without_results_no_marker_may_name_one(project: Path) -> None:
    for path in (project / "results").iterdir():
        path.unlink()
    with pytest.raises(ImprintError, match="there is no result 'recall-32'.*there are none"):
        behind(project)
    for page in (project / "README.md", project / "docs" / "page.md"):
        page.write_text("# Nothing yet\n")
    assert behind(project) == []


def test_a_picture_says_what_it_was_drawn_from(tmp_path: Path) -> None:
    first, second = (make_plots({"x": Result("x", result(facts))})[0] for facts in (8, 32))
    png = render(first)
    assert stamp_of(png) == first.stamp
    assert first.stamp != second.stamp
    assert stamp_of(b"no picture") == stamp_of(png[:60]) == ""


def test_what_is_drawn_is_what_the_files_say() -> None:
    save_for = {f"recall-{facts}": Result(f"recall-{facts}", result(facts)) for facts in (8, 32)}
    save_for["recall-128"] = Result("recall-128", result(128, ["none", "bm25", "lpm"], seeds=[0]))
    save_for["other"] = Result("other", result(8, ["lpm"], model={"spec": "bigger"}))
    plots = {plot.name: json.loads(json.dumps(plot.data)) for plot in make_plots(save_for)}
    capacity = {line["arm"]: line["points"] for line in plots["capacity"]["lines"]}
    assert plots["capacity"]["seeds"] == {"8": 3, "32": 3, "128": 1}
    assert [point[0] for point in capacity["lpm"]] == [8, 32, 128]
    assert capacity["lpm"][0] == pytest.approx([8, 0.81, 0.74, 0.88])
    assert "bm25" not in capacity
    assert [point[0] for point in capacity["bm25_soft"]] == [8, 32]
    assert not {"random", "oracle_text_soft", "lora"} & set(capacity)
    assert plots["quality-bytes"]["facts"] == plots["cost"]["facts"] == 32
    assert [point["arm"] for point in plots["quality-bytes"]["points"]][-1] == "lpm"
    lengths = [point[0] for point in plots["history"]["panels"][0]["lines"][0]["points"]]
    assert lengths == [480, 1920, 7680]
    assert {"arm": "lpm", "group": "ours", "tokens": 45.0, "sleep": 66.0} in plots["cost"]["bars"]


def test_too_few_results_make_no_picture() -> None:
    assert make_plots({}) == ()
    assert [plot.name for plot in make_plots({"x": Result("x", result(8))})] == ["quality-bytes", "cost"]
    assert make_plots({"x": Result("x", result(8, benchmark="mmlu"))}) == ()
