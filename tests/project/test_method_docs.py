"""Every setting of every method stands in docs/methods.md, and the settings printed there are the defaults."""

import dataclasses
import importlib
import tomllib
from pathlib import Path

import pytest

from imprint.config import read_section
from imprint.methods import METHODS

PAGE = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
BLOCKS = [block.split("```")[0] for block in PAGE.split("```toml\n")[1:]]
TABLES = tomllib.loads("\n".join(BLOCKS))["methods"]


def config_class(name: str) -> type:
    module, _, attribute = METHODS[name].partition(":")
    return getattr(importlib.import_module(module), attribute).config_class


@pytest.mark.parametrize("name", METHODS)
def test_the_page_prints_every_default(name: str) -> None:
    table = TABLES.get(name, {})
    printed = read_section(config_class(name), table, name)
    assert printed == config_class(name)()
    assert _keys(table) == {field for field in _fields(config_class(name)())}


def _keys(table: dict, prefix: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        found |= _keys(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}"}
    return found


def _fields(config: object, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in dataclasses.fields(config):  # pyright: ignore[reportArgumentType]
        value = getattr(config, field.name)
        nested = dataclasses.is_dataclass(value)
        found |= _fields(value, f"{prefix}{field.name}.") if nested else {f"{prefix}{field.name}"}
    return found
