"""The kinds of fact and preference that made-up users tell, with the words they tell, change and ask them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from imprint.evals.people.forms import article, capital
from imprint.evals.people.vocabulary import PARTS, Halves, Part, joined, read, vocabulary

_FILES = {"facts.toml": "fact", "relations.toml": "fact", "preferences.toml": "preference"}


@dataclass(frozen=True)
class Kind:
    """One kind, as `facts.toml`, `relations.toml` or `preferences.toml` has it."""

    name: str
    sort: str
    """"fact" or "preference"."""
    cases: Mapping[str, Halves]
    """What it can be about, and the values for each; "" where a user has one, or where `abouts` says what about."""
    abouts: Halves
    """What it can be about where that is drawn for each user; else empty."""
    count: int
    """How many of `abouts` one user has."""
    past: Mapping[str, str]
    """The past tense of what it is about, where its forms need one."""
    tell: tuple[str, ...]
    change: tuple[str, ...]
    """Empty: it does not change."""
    ask: tuple[str, ...]
    near: tuple[str, ...]
    """Kinds that half answer its questions: where one is told, it is not asked about as never told."""

    def told(self, part: Part) -> tuple[str, ...]:
        """The forms in which users of `part` tell it."""
        return self.tell[PARTS.index(part) :: 2]

    def changed(self, part: Part) -> tuple[str, ...]:
        """The forms in which users of `part` tell that it changed."""
        return self.change[PARTS.index(part) :: 2]

    def asked(self, part: Part) -> tuple[str, ...]:
        """The questions of `part`: the last is for training users."""
        return self.ask[:-1] if part == "test" else self.ask[-1:]


@dataclass(frozen=True)
class Topic:
    """What one question is about: a kind, and for many kinds which sister, cheese or key."""

    kind: Kind
    about: str
    values: tuple[str, ...]
    """What it may be, for users of one part."""

    @property
    def id(self) -> str:
        """Unique among the topics of a user."""
        return f"{self.kind.name}/{self.about}" if self.about else self.kind.name

    def fill(self, form: str, value: str = "", old: str = "") -> str:
        """The sentence `form` says of this topic: {v} value, {o} old one, {a} {ao} {ax} with an article, {x} about."""
        value, old = value.split("|")[0], old.split("|")[0]
        words = {"x": self.about, "v": value, "o": old, "p": self.kind.past.get(self.about, "")}
        for mark, text in (("a", value), ("ao", old), ("ax", self.about)):
            words[mark] = article(text) if text else ""
        words |= {mark.upper(): capital(words[mark]) for mark in ("v", "o", "a")}
        return form.format_map(words)


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order of the files."""
    return tuple(_kind(table, sort) for name, sort in _FILES.items() for table in read(name)["kind"])


def _kind(table: dict[str, Any], sort: str) -> Kind:
    values = joined(tuple(table.get("values", ())))
    abouts = joined(tuple(table.get("about", ())))
    return Kind(
        table["name"],
        sort,
        _cases(table.get("cases"), values),
        abouts,
        table.get("count", 0),
        table.get("past", {}),
        tuple(table["tell"]),
        tuple(table.get("change", ())),
        tuple(table["ask"]),
        tuple(table.get("near", ())),
    )


def _cases(given: Any, values: Halves) -> dict[str, Halves]:
    if given is None:
        return {"": values}
    if isinstance(given, str):
        given = read(given)
    if isinstance(given, list):
        given = {about: read("favourites.toml")[about] for about in given}
    return {
        about: joined(tuple(names)) if isinstance(names, list) else vocabulary(names) for about, names in given.items()
    }
