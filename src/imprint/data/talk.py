"""The corpus of natural talk: what people say to an assistant, and what of it tells something lasting about them.

One JSONL file a voice, `voices.jsonl` and `split.json` beside them; `docs/corpus.md` gives the labelling rules.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

from imprint.types import ImprintError

Form = Literal[
    "explicit",
    "implicit",
    "complaint",
    "choice",
    "habit",
    "need",
    "life_fact",
    "in_passing",
    "answer",
    "change",
    "task",
    "question",
    "mood",
    "third_person",
    "hypothetical",
    "quotation",
    "irony",
    "opinion",
    "smalltalk",
    "joke",
    "role_play",
    "present_task",
]
"""How a turn tells something (the first ten), or why it does not."""
TELLING_FORMS: tuple[str, ...] = get_args(Form)[:10]
Part = Literal["train", "dev", "test", "unseen"]
"""unseen: turns of the kinds that no training turn tells."""


@dataclass(frozen=True)
class Label:
    """What a telling turn tells."""

    kind: str
    """A kind of the question bank; "about" where none of the others fits."""
    about: str
    """What fills the kind's {about}, lower case ("sister", "colour"); "" where it has none."""
    value: str
    """The shortest run of the turn's own words that answers the questions."""
    start: int
    """Where the value begins in the text, in characters."""
    polarity: int
    """+1 likes, has, does; -1 dislikes, avoids, no longer has."""
    changes: bool
    """Whether something told before is no longer so."""
    questions: tuple[str, str, str]
    """Three ways to ask for the value."""
    situation: str
    """A message in which it should matter without being asked for."""
    also: tuple[tuple[str, str], ...] = ()
    """Other (kind, about) that are just as right."""
    second: str = ""
    """The value that a second reader marked, without having seen the first; "" where the turn was read once."""


@dataclass(frozen=True)
class Said:
    """One turn of the corpus."""

    id: str
    voice: str
    form: Form
    before: str
    """The assistant's line before it, or ""."""
    text: str
    told: Label | None
    """None: nothing lasting about the speaker."""


@dataclass(frozen=True)
class Voice:
    """Whose way of writing it is."""

    id: str
    age: int
    walk: str
    variety: str
    """british, american, other_native or second_language."""
    register: str
    """formal, plain, casual or slang."""
    manner: str


@dataclass(frozen=True)
class Talk:
    """The whole corpus."""

    said: tuple[Said, ...]
    voices: Mapping[str, Voice]
    split: Mapping[str, tuple[str, ...]]
    """"dev" and "test": voices; "unseen": kinds."""

    def part(self, name: Part) -> list[Said]:
        """The turns of one part: by voice, except that turns of the unseen kinds stand in no other part."""
        return [one for one in self.said if self.part_of(one) == name]

    def part_of(self, one: Said) -> Part:
        """Which part a turn belongs to."""
        kinds = [one.told.kind, *(kind for kind, _ in one.told.also)] if one.told else []
        if any(kind in self.split["unseen"] for kind in kinds):
            return "unseen"
        if one.voice in self.split["test"]:
            return "test"
        return "dev" if one.voice in self.split["dev"] else "train"


def read_talk(folder: Path) -> Talk:
    """The corpus in `folder`. ImprintError names the file and line of whatever does not fit the schema."""
    if not (folder / "voices.jsonl").is_file():
        raise ImprintError(f"{folder} holds no corpus: voices.jsonl is missing", "Name the folder data/talk")
    voices = {one.id: one for one in (_voice(*row) for row in _rows(folder / "voices.jsonl"))}
    second = _second(folder / "second.jsonl")
    said = [_said(*row, voice, second) for voice in sorted(voices) for row in _rows(folder / f"{voice}.jsonl")]
    try:
        split = json.loads((folder / "split.json").read_text(encoding="utf-8"))
        found = {name: _names(split[name]) for name in ("dev", "test", "unseen")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{folder / 'split.json'} does not list dev, test and unseen"
        raise ImprintError(problem, "Restore the file") from error
    apart = (*found["dev"], *found["test"])
    if wrong := [name for name in apart if name not in voices or apart.count(name) > 1]:
        problem = f"{folder / 'split.json'} names {wrong[0]!r}, which is no voice or is named twice"
        raise ImprintError(problem, "Mend the file: its turns would be trained on")
    return Talk(tuple(said), voices, found)


def _names(listed: Any) -> tuple[str, ...]:
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise TypeError("expected a list of names")
    return tuple(listed)


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each JSON object of the file, and where it stands."""
    try:
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")  # U+2028 may stand in a text
    except OSError as error:
        raise ImprintError(f"{path} can not be read: {error.strerror}", "Write it, or drop its voice") from error
    except UnicodeDecodeError as error:
        raise ImprintError(f"{path} is not UTF-8 text", "Save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ImprintError(f"{where} is not JSON", "Mend that line") from error
        if not isinstance(row, dict):
            _refuse(where, "is not a JSON object")
        yield row, where


def _voice(row: dict[str, Any], where: str) -> Voice:
    fields = {"id": str, "age": int, "walk": str, "variety": str, "register": str, "manner": str}
    return Voice(**_fields(row, where, fields))


def _second(path: Path) -> dict[str, str]:
    """Values of the second reading by the turn's id; none where there was no second reading."""
    found = {}
    for row, where in _rows(path) if path.is_file() else ():
        if type(row.get("id")) is not str or type(row.get("tells")) is not bool:
            _refuse(where, "has no id and tells")
        if row["tells"]:
            found[row["id"]] = _fields(row, where, {"value": str}, rest=True)["value"]
    return found


def _said(row: dict[str, Any], where: str, voice: str, second: Mapping[str, str]) -> Said:
    common = _fields(row, where, {"id": str, "form": str, "before": str, "text": str}, rest=True)
    if common["form"] not in get_args(Form):
        _refuse(where, f"has the unknown form {common['form']!r}")
    tells = common["form"] in TELLING_FORMS
    rest = {key: row[key] for key in row if key not in common}
    label = _label(rest, where, common["text"], second.get(common["id"], "")) if tells else None
    if not tells and len(row) > len(common):
        _refuse(where, f"has the form {common['form']!r}, which tells nothing, and yet more keys")
    return Said(**common, voice=voice, told=label)


def _label(row: dict[str, Any], where: str, text: str, second: str) -> Label:
    fields = {
        "kind": str,
        "about": str,
        "value": str,
        "start": int,
        "polarity": int,
        "changes": bool,
        "questions": list,
        "situation": str,
        "also": list,
    }
    found = _fields(row, where, fields)
    if text[found["start"] : found["start"] + len(found["value"])] != found["value"] or not found["value"].strip():
        _refuse(where, f"has a value that does not stand at character {found['start']} of its text")
    if found["polarity"] not in (1, -1):
        _refuse(where, "has a polarity other than 1 and -1")
    if len(found["questions"]) != 3 or not all(isinstance(one, str) and one.strip() for one in found["questions"]):
        _refuse(where, "does not have three questions")
    pairs = tuple(tuple(pair) if isinstance(pair, list) else () for pair in found["also"])
    if any(len(pair) != 2 or not all(isinstance(part, str) for part in pair) for pair in pairs):
        _refuse(where, "has an `also` that is not a list of [kind, about]")
    return Label(**{**found, "questions": tuple(found["questions"]), "also": pairs, "second": second})


def _fields(row: dict[str, Any], where: str, fields: Mapping[str, type], rest: bool = False) -> dict[str, Any]:
    for name, kind in fields.items():
        if type(row.get(name)) is not kind:
            _refuse(where, f"has no {name} that is {'text' if kind is str else f'of type {kind.__name__}'}")
    for name in row:
        if name not in fields and not rest:
            _refuse(where, f"has the unknown key {name!r}")
    return {name: row[name] for name in fields}


def _refuse(where: str, problem: str) -> NoReturn:
    raise ImprintError(f"{where} {problem}", "Mend that line; docs/corpus.md gives the rules")
