"""The question bank: how people ask for each kind of fact, and what they ask that needs no memory at all."""

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from imprint.types import ImprintError

SHIPPED = Path(__file__).parent / "bank"
"""Folder with `kinds.toml` and `general.txt`; its README.md describes both."""


@dataclass(frozen=True)
class Kind:
    """One kind of fact."""

    name: str
    about: str
    """What {about} stands for in the wordings; "" when they have none."""
    defaults: tuple[str, ...]
    """Fillers of {about} where nobody has told any."""
    ask: tuple[str, ...]
    answer: str
    """A sentence with {value}, and {about} where the kind has one."""
    situations: tuple[str, ...] = ()
    """Messages in which a fact of this kind should matter without being asked for."""


@dataclass(frozen=True)
class NullWording:
    """A question that is not about what this user told, as long as they told nothing of its kind."""

    text: str
    kind: str
    """Kind of fact it asks for; "" for general instructions and small talk."""
    about: str


@lru_cache(maxsize=4)
def load_kinds(folder: Path = SHIPPED) -> dict[str, Kind]:
    """Kinds by name, those of `written_kinds` with the corpus's wordings. ImprintError: a file is missing or malformed.

    Wordings of the two sources take turns, so that the first few of a kind are of both.
    """
    kinds = written_kinds(folder)
    path = folder / "asked.toml"
    for name, table in (_tables(path) if path.is_file() else {}).items():
        if name not in kinds or set(table) != {"ask", "situations"}:
            raise ImprintError(f"[{name}] in {path} is no kind of kinds.toml with ask and situations", "mend it")
        more = _kind(name, {**_as_table(kinds[name]), "ask": table["ask"]}, path)
        ask = [one for pair in zip_longest(kinds[name].ask, more.ask) for one in pair if one]
        kinds[name] = replace(kinds[name], ask=tuple(dict.fromkeys(ask)), situations=tuple(table["situations"]))
    return kinds


def written_kinds(folder: Path = SHIPPED) -> dict[str, Kind]:
    """Kinds by name, in the order of `kinds.toml`, with the wordings written for the bank."""
    path = folder / "kinds.toml"
    if not path.is_file():
        raise ImprintError(f"question bank {path} is missing", "reinstall imprint")
    return {name: _kind(name, table, path) for name, table in _tables(path).items()}


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as broken:
        raise ImprintError(f"question bank {path} is not TOML: {broken}", "mend or reinstall it") from None


def _as_table(kind: Kind) -> dict[str, Any]:
    return {"about": kind.about, "defaults": kind.defaults, "ask": kind.ask, "answer": kind.answer}


def _kind(name: str, table: object, path: Path) -> Kind:
    if not isinstance(table, dict) or set(table) != {"about", "defaults", "ask", "answer"}:
        raise ImprintError(f"[{name}] in {path} must hold about, defaults, ask and answer, nothing else", "mend it")
    kind = Kind(name, table["about"], tuple(table["defaults"]), tuple(table["ask"]), table["answer"])
    wrong = [wording for wording in kind.ask if ("{about}" in wording) != bool(kind.about)]
    if not kind.ask or wrong or "{value}" not in kind.answer or (kind.about and not kind.defaults):
        raise ImprintError(f"[{name}] in {path} has a wording, answer or default that does not fit `about`", "mend it")
    return kind


@lru_cache(maxsize=4)
def general_lines(folder: Path = SHIPPED) -> tuple[str, ...]:
    """General instructions and small talk, one a line of `general.txt`."""
    path = folder / "general.txt"
    if not path.is_file():
        raise ImprintError(f"question bank {path} is missing", "reinstall imprint")
    return tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def filled(wording: str, about: str, value: str = "") -> str:
    """A wording with its placeholders filled: days take a capital, plurals their own genitive."""
    shown = about.capitalize() if about.endswith("day") and about.isalpha() else about
    if shown.endswith("s") and not shown.endswith("ss"):
        wording = wording.replace("{about}'s", "{about}'")
    return wording.replace("{about}", shown).replace("{value}", value)


@lru_cache(maxsize=4)
def null_wordings(folder: Path = SHIPPED) -> tuple[NullWording, ...]:
    """Every wording of every kind (with each default filler) and every general line: the null keys of METHODS 5.2."""
    asked = tuple(
        NullWording(filled(wording, about), kind.name, about.lower())
        for kind in load_kinds(folder).values()
        for about in (kind.defaults or ("",))
        for wording in kind.ask
    )
    return asked + tuple(NullWording(line, "", "") for line in general_lines(folder))


def forget_kinds() -> None:
    """Read the bank's files anew when they are next needed: they were changed."""
    for kept in (load_kinds, general_lines, null_wordings):
        kept.cache_clear()
