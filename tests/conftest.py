"""What every test stands on: no network, one thread a worker, and a home folder that is nobody's."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before anything imports torch or transformers.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def no_personal_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point IMPRINT_HOME at an empty folder, so that no test can reach the memories of whoever runs it."""
    before = os.environ.get("IMPRINT_HOME")
    os.environ["IMPRINT_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    if before is None:
        del os.environ["IMPRINT_HOME"]
    else:
        os.environ["IMPRINT_HOME"] = before


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder for one test."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def model_home() -> Path:
    """A data folder that outlives the run, so that the embedded model is unpacked once. Only for that."""
    folder = ROOT / ".cache" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT
