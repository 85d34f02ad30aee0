"""`imprint report` writes tables and plots, and says with `--check` what is behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runs import environment, imprint, refused
from tests.evals.result_files import result, save

PAGE = "# Results\n\n<!-- results: recall-8 -->\n<!-- /results -->\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two results, of which a page shows one; the command line runs in it."""
    monkeypatch.chdir(tmp_path)
    save(Path("results"), "recall-8", result(8, ["none", "bm25", "lpm"]))
    save(Path("results"), "recall-32", result(32, ["none", "lpm"]))
    Path("docs").mkdir()
    Path("docs/results.md").write_text(PAGE)
    return tmp_path


def test_a_report_is_written_and_then_up_to_date(folder: Path) -> None:
    unshown = "No page shows recall-32. Put <!-- results: recall-32 --> and <!-- /results --> on lines of a page"
    done = imprint("report")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Wrote docs/results.md",
        *(f"Wrote docs/plots/{name}.png" for name in ("capacity", "quality-bytes", "history", "cost")),
        unshown,
        "2 result files, 1 tables, 4 plots; all up to date",
    ]
    assert "| **`lpm`** | **0.81 [0.74, 0.88]** |" in Path("docs/results.md").read_text()
    again = imprint("report", "--check")
    assert (again.code, again.err, again.out.splitlines()[0]) == (0, "", unshown)


def test_check_changes_nothing_and_names_what_is_behind(folder: Path) -> None:
    done = imprint("report", "--check")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[0] == "docs/results.md is behind"
    assert done.out.endswith("2 result files, 1 tables, 4 plots; run imprint report\n")
    assert Path("docs/results.md").read_text() == PAGE
    assert not Path("docs/plots").exists()


def test_json_tells_the_same(folder: Path) -> None:
    plots = [f"docs/plots/{name}.png" for name in ("capacity", "quality-bytes", "history", "cost")]
    same = {"results": ["recall-8", "recall-32"], "tables": 1, "plots": plots, "unshown": ["recall-32"]}
    done = imprint("report", "--check", "--json")
    assert (done.code, json.loads(done.out)) == (1, same | {"behind": ["docs/results.md", *plots]})
    done = imprint("report", "--json")
    assert (done.code, json.loads(done.out)) == (0, same | {"changed": ["docs/results.md", *plots]})


def test_other_folders_can_be_named(folder: Path) -> None:
    save(folder / "mine" / "found", "recall-8", result(8, ["none", "lpm"]))
    page = folder / "mine" / "pages" / "one.md"
    page.parent.mkdir()
    page.write_text(PAGE)
    (folder / "mine" / "README.md").write_text(PAGE)
    assert imprint("report", "--results", "mine/found", "--out", "mine/pages").code == 0
    assert page.read_text() == (folder / "mine" / "README.md").read_text() != PAGE
    assert Path("docs/results.md").read_text() == PAGE


def test_without_results_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = imprint("report")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("No result files in results. Make one: imprint eval recall ")
    assert list(tmp_path.iterdir()) == []


def test_a_bad_file_or_marker_is_one_line_and_nothing_is_written(folder: Path) -> None:
    Path("docs/other.md").write_text("<!-- results: recall-64 -->\n<!-- /results -->\n")
    refused(imprint("report"), "docs/other.md:1: there is no result 'recall-64'", "recall-8, recall-32")
    Path("results/recall-64.json").write_text('{"format": 1}')
    refused(imprint("report"), "results/recall-64.json: benchmark: missing")
    assert Path("docs/results.md").read_text() == PAGE


def test_without_matplotlib_it_says_what_to_install_and_check_still_works(folder: Path) -> None:
    code = "import sys; sys.modules['matplotlib'] = None; from imprint.cli.main import run; sys.exit(run(sys.argv[1:]))"

    def bare(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, "report", *words]
        return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)

    done = bare()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "imprint: plots need matplotlib. Run: pip install -c constraints.txt matplotlib\n"
    assert Path("docs/results.md").read_text() == PAGE
    assert bare("--check").returncode == 1
    assert imprint("report").code == 0
    assert bare("--check").returncode == 0


def test_a_file_of_imprint_eval_is_shown_whole(home: Path) -> None:
    words = ("--methods", "none,bm25,lpm", "--set", "facts=8", "--limit", "4", "--out", "results/mine.json")
    done = imprint("eval", "recall", *words, "--debug")
    assert done.code == 0, done.err
    Path("README.md").write_text("<!-- results: mine -->\n<!-- /results -->\n")
    done = imprint("report", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["changed"] == ["README.md", "docs/plots/quality-bytes.png", "docs/plots/cost.png"]
    page = Path("README.md").read_text()
    (costs,) = [line for line in page.partition("What it costs:")[2].splitlines() if line.startswith("| `lpm` |")]
    assert " | - |" not in costs
