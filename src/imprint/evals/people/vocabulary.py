"""The vocabularies of made-up users, each in two halves that share no value: one for test users, one for training."""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Part = Literal["test", "train"]
PARTS: tuple[Part, Part] = ("test", "train")
Halves = tuple[tuple[str, ...], tuple[str, ...]]
"""The values for test users and those for training users."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _clock(hours: range, half: str) -> list[str]:
    return [f"{hour}:{minute:02}" + f" {half}" for hour in hours for minute in range(5, 60, 5)]


_NUMBERS: dict[str, Callable[[], list[str]]] = {
    "#dates": lambda: [f"{day} {month}" for day in range(1, 29) for month in _MONTHS],
    "#years": lambda: [str(year) for year in range(1992, 2024)],
    "#mornings": lambda: _clock(range(5, 10), "am"),
    "#nights": lambda: _clock(range(6, 12), "pm"),
    "#prices": lambda: [f"{price} euros" for price in range(23, 400, 3)],
    "#numbers": lambda: [str(number) for number in range(103, 989, 7)],
    "#sizes": lambda: [str(size) for size in range(34, 50)],
    "#lucky": lambda: [str(number) for number in range(2, 100)],
    "#runs": lambda: [f"{minutes // 60}:{minutes % 60:02}" for minutes in range(91, 150)],
}


@cache
def read(name: str) -> dict[str, Any]:
    """The parsed TOML file `name` of this package."""
    return tomllib.loads(files("imprint.evals.people").joinpath(name).read_text(encoding="utf-8"))


def listed(text: str) -> list[str]:
    """The entries of a list that is written with commas."""
    return [" ".join(entry.split()) for entry in text.split(",")]


def halves(values: list[str]) -> Halves:
    """Even places for test users, odd ones for training users."""
    return tuple(values[::2]), tuple(values[1::2])


@cache
def vocabulary(name: str) -> Halves:
    """A vocabulary by its name in words.toml, or "#dates" and the like; a text with commas is one itself."""
    if "," in name:
        return halves(listed(name))
    return halves(_NUMBERS[name]() if name in _NUMBERS else listed(read("words.toml")[name]))


def joined(names: tuple[str, ...]) -> Halves:
    """Several vocabularies as one; their halves stay apart."""
    found = [vocabulary(name) for name in names]
    return tuple(v for test, _ in found for v in test), tuple(v for _, train in found for v in train)
