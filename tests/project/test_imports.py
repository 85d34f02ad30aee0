"""Imports go one way, and importing imprint stays cheap."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import imprint
from imprint.types import ImprintError, Turn

HEAVY = ("torch", "transformers", "peft", "numpy")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package in `folder`/src against `folder`/pyproject.toml."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copytree(root / "src/imprint", tmp_path / "src/imprint", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def heavy_modules_after(statement: str) -> str:
    code = f"import sys; {statement}; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_imports_go_one_way(root: Path) -> None:
    result = lint_imports(root)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("file", "statement", "contract"),
    [
        ("config.py", "import imprint.encode.base", "one direction"),
        ("encode/base.py", "import imprint.backbone.base", "one direction"),
        ("stray.py", "", "one direction"),
        ("methods/planted_a.py", "import imprint.methods.planted_b", "methods do not know each other"),
    ],
)
def test_planted_import_breaks_a_contract(copied: Path, file: str, statement: str, contract: str) -> None:
    for name in ("methods/__init__.py", "methods/planted_b.py", file):
        path = copied / "src/imprint" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    path.write_text(f"{path.read_text()}\n{statement}\n")
    result = lint_imports(copied)
    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout


@pytest.mark.parametrize("module", ["imprint", "imprint.types", "imprint.config", "imprint.encode", "imprint.cli.main"])
def test_import_is_cheap(module: str) -> None:
    assert heavy_modules_after(f"import {module}") == "[]"


def test_expensive_import_is_noticed() -> None:
    assert "'torch'" in heavy_modules_after("import imprint.encode.base")


def test_public_names_come_from_their_homes() -> None:
    assert imprint.Turn is Turn
    assert imprint.ImprintError is ImprintError
    assert set(imprint.__all__) <= set(dir(imprint))
    with pytest.raises(AttributeError, match="no attribute 'Compagnon'"):
        _ = imprint.Compagnon  # pyright: ignore[reportAttributeAccessIssue]
