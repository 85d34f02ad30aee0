"""One open store for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from imprint.store import SQLiteStore


@pytest.fixture
def store(home: Path) -> Iterator[SQLiteStore]:
    with SQLiteStore(home, wait=0.3) as opened:
        yield opened
