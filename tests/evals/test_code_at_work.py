"""What a result says of the code that made it."""

import subprocess
from pathlib import Path

import pytest

from imprint.evals.results import code_at_work


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("src/code.py", "results/old.json", "docs/page.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("1")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "one"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    return tmp_path


def test_a_clean_clone_names_its_commit(clone: Path) -> None:
    found = code_at_work(clone)
    assert len(found["revision"]) == 40
    assert found["modified"] is False


@pytest.mark.parametrize("name", ["results/old.json", "docs/page.md"])
def test_results_and_pages_may_change(clone: Path, name: str) -> None:
    (clone / name).write_text("2")
    assert code_at_work(clone)["modified"] is False
    (clone / name).unlink()
    assert code_at_work(clone)["modified"] is False


def test_changed_code_is_said(clone: Path) -> None:
    (clone / "src" / "code.py").write_text("2")
    assert code_at_work(clone)["modified"] is True


def test_outside_a_clone_there_is_no_revision(tmp_path: Path) -> None:
    found = code_at_work(tmp_path)
    assert (found["revision"], found["modified"]) == ("", False)
