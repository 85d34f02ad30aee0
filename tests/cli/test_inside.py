"""`imprint eval inside` from end to end on a tiny model, and requests it can not meet."""

import json
from pathlib import Path

import pytest

from imprint.evals.read_results import read_result
from tests.cli.runs import imprint, refused
from tests.cli.test_eval import person

QUICK = "\n[methods.lpm.fit]\nepochs = 1\nleast = 1\n"


@pytest.fixture
def users(home: Path) -> Path:
    """Two users, who are asked about their dogs."""
    with (home / "config.toml").open("a") as settings:
        settings.write(QUICK)
    file = Path("users.jsonl")
    rows = [person("mira", "Biscuit", "Ghent"), person("ines", "Olm", "Lund")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_a_look_inside_ends_with_shares_and_a_result_that_a_page_can_show(users: Path) -> None:
    done = imprint("eval", "inside", "--data", str(users), "--out", "inside.json")
    assert done.code == 0, done.err
    assert "1.00 [1.00, 1.00]      -  the turn that told it left a slot (2)" in done.out
    assert done.out.endswith("Wrote inside.json\n")
    found = read_result(Path("inside.json")).data
    assert found["options"] == {"users": 8, "questions": 20, "sleep": False}
    assert [person["user"] for person in found["people"]] == ["mira", "ines"]
    assert found["network"] == ""
    Path("results").mkdir()
    Path("inside.json").rename("results/inside.json")
    Path("docs").mkdir()
    Path("docs/results.md").write_text("<!-- results: inside -->\n<!-- /results -->\n")
    assert imprint("report").code == 0
    assert "| the turn that told it left a slot | 1.00 [1.00, 1.00] | - | 2 |" in Path("docs/results.md").read_text()
    assert sorted(path.name for path in Path("docs/plots").iterdir()) == ["slot-attention.png", "slot-map.png"]


def test_what_it_can_not_do_is_said_before_a_model_is_loaded(users: Path) -> None:
    ask = ("eval", "inside", "--out", "inside.json")
    refused(imprint(*ask), "no users to look into", "--data FILE")
    refused(imprint("eval", "inside", "--data", str(users)), "no result file was named")
    refused(imprint(*ask, "--data", str(users), "--methods", "lora"), "knows no --methods")
    refused(imprint(*ask, "--data", str(users), "--limit", "3"), "knows no --limit")
    refused(imprint(*ask, "--data", str(users), "--set", "users=-1"), "users and questions must be 0 or more")
    refused(imprint(*ask, "--data", str(users), "--set", "slots=1"), "slots")
    users.write_text(users.read_text().replace('"turn": 0, ', ""))
    refused(imprint(*ask, "--data", str(users)), "names the turn that told its answer", 'Add "turn" to questions')
    assert not Path("inside.json").exists()
