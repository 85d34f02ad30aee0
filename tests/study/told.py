"""What the study tests share: the sentence table, and turns made from texts."""

import tomllib
from pathlib import Path

from imprint.study.rules import extract
from imprint.types import Fact, Turn

_TABLE = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
TELLS: list[tuple[str, str, str, str]] = [tuple(row) for row in _TABLE["tells"]]
"""Sentence, kind, about, value."""
SILENT: list[str] = _TABLE["silent"]
"""Sentences that tell nothing lasting."""


def turns_of(*texts: str) -> list[Turn]:
    """User turns with the ids "t0", "t1", ..."""
    return [Turn(f"t{i}", "mira", "user", text) for i, text in enumerate(texts)]


def facts_of(*texts: str) -> list[Fact]:
    """Facts that a pattern understood, without the plain statements."""
    return [fact for fact in extract(turns_of(*texts)) if fact.kind != "statement"]


def told(*texts: str) -> dict[tuple[str, str], str]:
    """(kind, about) -> value."""
    return {(fact.kind, fact.about): fact.value for fact in facts_of(*texts)}
