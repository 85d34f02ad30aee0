"""The repository keeps the rules, and each rule notices a planted violation."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.project import rules

Rule = Callable[[str], list[str]]
PYTHON = ("src", "tests", "examples")
TEXTS = ("*.md", "*.toml", "*.yml", "*.txt", "Makefile")


def python_files(root: Path, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def complaints(rule: Rule, paths: list[Path]) -> list[str]:
    assert paths
    return [f"{path}:{found}" for path in paths for found in rule(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("rule", [rules.long_file, rules.long_functions, rules.long_constructors])
def test_code_is_small(root: Path, rule: Rule) -> None:
    assert complaints(rule, python_files(root, *PYTHON)) == []


def test_only_the_command_line_prints(root: Path) -> None:
    product = [path for path in python_files(root, "src") if "cli" not in path.parts]
    assert complaints(rules.prints, product) == []


def test_no_data_becomes_code(root: Path) -> None:
    assert complaints(rules.runs_data, python_files(root, "src")) == []


def test_nothing_is_left_unfinished(root: Path) -> None:
    texts = [path for pattern in TEXTS for path in root.glob(pattern)]
    texts += [path for pattern in TEXTS for folder in ("src", "docs") for path in (root / folder).rglob(pattern)]
    assert complaints(rules.unfinished, texts + python_files(root, *PYTHON)) == []


def test_every_page_is_in_the_navigation(root: Path) -> None:
    pages = {str(path.relative_to(root / "docs")) for path in (root / "docs").rglob("*.md")}
    nav = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert "index.md" in pages
    assert rules.pages_out_of_nav(pages, nav) == set()


def function(lines: int) -> str:
    return "def f():\n" + "    x = 1\n" * (lines - 1)


def constructor(arguments: int) -> str:
    names = ", ".join(f"a{i}" for i in range(arguments))
    return f"class A:\n    def __init__(self, {names}): ...\n"


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (rules.long_file, "x\n" * 400, "x\n" * 401),
        (rules.long_functions, function(60), function(61)),
        (rules.long_constructors, constructor(8), constructor(9)),
        (rules.prints, "console.print(1)", "def f():\n    print(1)"),
        (rules.runs_data, "model.eval()", "eval('1')"),
        (rules.runs_data, "load(x)", "import torch\nx = torch.load('a')"),
        (rules.runs_data, "import json", "import pickle as p"),
        (rules.runs_data, "from safetensors.torch import load", "from pickle import loads"),
        (rules.runs_data, "from torch import save", "from torch import load"),
        (rules.unfinished, "# a todo list in prose", "x = 1  # TO" + "DO: more"),
        (rules.unfinished, "MAXXXX", "FIX" + "ME"),
    ],
)
def test_rule_notices_a_planted_violation(rule: Rule, good: str, bad: str) -> None:
    assert rule(good) == []
    assert len(rule(bad)) == 1


def test_page_outside_the_navigation_is_noticed() -> None:
    nav = [{"Home": "index.md"}, {"More": [{"A": "a.md"}, "b.md"]}]
    assert rules.pages_out_of_nav({"index.md", "a.md", "b.md"}, nav) == set()
    assert rules.pages_out_of_nav({"a.md", "c.md"}, nav) == {"c.md"}
