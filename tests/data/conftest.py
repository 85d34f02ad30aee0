"""Writes conversation files for the reader tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write(name, content): bytes and text as they are, anything else as JSON; a tuple as JSON lines."""

    def _write(name: str, content: Any) -> Path:
        path = tmp_path / name
        if isinstance(content, tuple):
            content = "".join(json.dumps(line) + "\n" for line in content)
        elif not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return _write
