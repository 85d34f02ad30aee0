"""One tiny model and one user who told something and was slept on, made once; each test gets a copy."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.runs import CONVERSATION, USER, environment, imprint

SETTINGS = """\
model = "{model}"
encoder = "hashing"
threads = 1

[sampling]
max_new_tokens = 8
"""


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder that opens in a moment and has learned nothing."""
    from imprint.backbone import tiny

    folder = tmp_path_factory.mktemp("model")
    tiny.save(tiny.tiny_backbone("llama"), folder)
    return folder


@pytest.fixture(scope="session")
def other_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the same shape with other weights."""
    from imprint.backbone import tiny

    folder = tmp_path_factory.mktemp("other-model")
    tiny.save(tiny.tiny_backbone("llama", seed=1), folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, in which the settings name the tiny model; the command line uses it."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text(SETTINGS.format(model=tiny_folder))
    monkeypatch.setenv("IMPRINT_HOME", str(folder))
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])  # also from another folder
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(scope="session")
def told_home(tmp_path_factory: pytest.TempPathFactory, tiny_folder: Path) -> Path:
    """A data folder in which mira told something and the memory slept. To be copied."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "config.toml").write_text(SETTINGS.format(model=tiny_folder))
    file = tmp_path_factory.mktemp("conversation") / "conversation.txt"
    file.write_text(CONVERSATION)
    before = os.environ["IMPRINT_HOME"]
    os.environ["IMPRINT_HOME"] = str(folder)
    heard = imprint("ingest", str(file), "--speaker", "Mira", "--user", USER)
    slept = imprint("sleep", "--user", USER, "--debug")
    os.environ["IMPRINT_HOME"] = before
    assert (heard.code, slept.code) == (0, 0), heard.err + slept.err
    return folder


@pytest.fixture
def told(home: Path, told_home: Path) -> Path:
    """A copy of `told_home`, which the command line uses."""
    shutil.copytree(told_home, home, dirs_exist_ok=True)
    return home
