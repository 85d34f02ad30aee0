"""Reads the published PrefEval files: one JSON list a topic in each of four folders, and the filler turns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from imprint.data.files import load_json
from imprint.data.messages import Request, listing
from imprint.evals.licence import check_notice
from imprint.evals.rows import open_request
from imprint.types import ImprintError, Role

Form = Literal["explicit", "choice", "persona"]
Messages = tuple[tuple[Role, str], ...]

SOURCE = "Get it from github.com/amazon-science/PrefEval, folder benchmark_dataset"
_FOLDERS: Mapping[Form, str] = {
    "explicit": "explicit_preference",
    "choice": "implicit_preference/choice-based",
    "persona": "implicit_preference/persona-driven",
}
_OPTIONS = "mcq_options"
_FILLER = "filtered_inter_turns.json"
# "travel_hotel copy.json" was published by mistake.
_TOPIC = re.compile(r"[a-z_]+")
_CHOICE: tuple[tuple[Role, str], ...] = (
    ("user", "query"),
    ("assistant", "assistant_options"),
    ("user", "user_selection"),
    ("assistant", "assistant_acknowledgment"),
)


@dataclass(frozen=True)
class Preference:
    """One item: what was told, in one of the three forms, and the question with its four options."""

    topic: str
    place: int
    """Position in the topic's list, the same in all four folders."""
    text: str
    """The preference in words, as the file of this form has it."""
    question: str
    told: Messages
    options: tuple[str, ...]
    """Four; the first is the right one."""


def check_folder(data: Path | None) -> Path:
    """The folder, if it is PrefEval's and its licence notice is there."""
    if data is None:
        raise ImprintError("prefeval needs its data", f"{SOURCE}, and name that folder with --data")
    if not data.exists():
        raise ImprintError(f"{data} does not exist", SOURCE)
    if not (data / _OPTIONS).is_dir():
        raise ImprintError(f"{data} is no PrefEval data: it has no folder {_OPTIONS}", SOURCE)
    check_notice(data, "https://github.com/amazon-science/PrefEval")
    return data


def find_topics(data: Path, form: Form) -> tuple[str, ...]:
    """Topics, by name, with a file for this form or for the options; `read_topic` says which of the two is missing."""
    stems = {path.stem for folder in (_FOLDERS[form], _OPTIONS) for path in (data / folder).glob("*.json")}
    topics = tuple(sorted(stem for stem in stems if _TOPIC.fullmatch(stem)))
    if not topics:
        raise ImprintError(f"{data / _OPTIONS} has no topic's file", SOURCE)
    return topics


def topic_files(data: Path, form: Form, topic: str) -> tuple[Path, Path]:
    """Where a topic's preferences and its options are."""
    return data / _FOLDERS[form] / f"{topic}.json", data / _OPTIONS / f"{topic}.json"


def filler_file(data: Path) -> Path:
    return data / _FILLER


def read_topic(data: Path, form: Form, topic: str) -> tuple[Preference, ...]:
    """Every item of a topic. ImprintError names file and JSON path of what does not fit."""
    told_file, options_file = (_open(path) for path in topic_files(data, form, topic))
    told_rows, option_rows = _rows(told_file), _rows(options_file)
    if len(told_rows) != len(option_rows):
        problem = f"holds {len(option_rows)} items, {told_file.path} holds {len(told_rows)}"
        raise options_file.wrong("", problem, SOURCE)
    items = []
    for place, (told, options) in enumerate(zip(told_rows, option_rows, strict=True)):
        question = _text(told_file, told, "question", f"[{place}]")
        if options["question"] != question:
            raise options_file.wrong(f"[{place}].question", f"is another one than in {told_file.path}", SOURCE)
        messages = _told(told_file, form, told, f"[{place}]")
        preference = _text(told_file, told, "preference", f"[{place}]")
        four = _four(options_file, options, f"[{place}].classification_task_options")
        items.append(Preference(topic, place, preference, question, messages, four))
    return tuple(items)


def read_filler(data: Path, pairs: int) -> Messages:
    """The first `pairs` pairs of a user's and an assistant's message, over all conversations in the file's order."""
    if not pairs:
        return ()
    file = _open(filler_file(data))
    messages: list[tuple[Role, str]] = []
    for number, row in enumerate(file.need(load_json(file), list, "")):
        talk = file.need(file.need(row, dict, f"[{number}]").get("conversation"), list, f"[{number}].conversation")
        for place, message in enumerate(talk):
            if len(messages) == 2 * pairs:
                return tuple(messages)
            where = f"[{number}].conversation[{place}]"
            message = file.need(message, dict, where)
            role: Role = "assistant" if len(messages) % 2 else "user"
            if message.get("role") != role:
                raise file.wrong(f"{where}.role", f"expected {role!r}: the two take turns", SOURCE)
            messages.append((role, _text(file, message, "content", where)))
    if len(messages) < 2 * pairs:
        problem = f"holds {len(messages) // 2} pairs of messages, {pairs} are asked for"
        raise file.wrong("", problem, "Set distractors lower")
    return tuple(messages)


def _open(path: Path) -> Request:
    if not path.exists():
        raise ImprintError(f"{path} does not exist", SOURCE)
    return open_request(path)


def _rows(file: Request) -> list[dict[str, Any]]:
    """The file's items, each with a preference and a question, which every folder's have."""
    rows = file.need(load_json(file), list, "")
    for place, row in enumerate(rows):
        if not isinstance(row, dict) or not {"preference", "question"} <= set(row):
            found = listing(str(key) for key in row) if isinstance(row, dict) else "no object"
            raise file.wrong(
                f"[{place}]", f"no PrefEval item, it needs preference and question; found: {found}", SOURCE
            )
    return rows


def _told(file: Request, form: Form, row: dict[str, Any], where: str) -> Messages:
    if form == "explicit":
        return (("user", _text(file, row, "preference", where)),)
    where = f"{where}.conversation"
    talk = file.need(row.get("conversation"), dict, where)
    if form == "choice":
        return tuple((role, _text(file, talk, key, where)) for role, key in _CHOICE)
    if not talk or not all(key.isdecimal() for key in talk):
        raise file.wrong(where, "expected turns numbered from 0", SOURCE)
    messages: list[tuple[Role, str]] = []
    for key in sorted(talk, key=int):
        turn = file.need(talk[key], dict, f"{where}.{key}")
        messages.append(("user", _text(file, turn, "user", f"{where}.{key}")))
        messages.append(("assistant", _text(file, turn, "assistant", f"{where}.{key}")))
    return tuple(messages)


def _four(file: Request, row: dict[str, Any], where: str) -> tuple[str, ...]:
    options = file.need(row.get("classification_task_options"), list, where)
    places = [f"{where}[{i}]" for i in range(len(options))]
    texts = tuple(file.accept(file.need(x, str, place), place) for x, place in zip(options, places, strict=True))
    if len(texts) != 4 or len(set(texts)) != 4:
        raise file.wrong(where, "expected four different options", SOURCE)
    return texts


def _text(file: Request, row: dict[str, Any], key: str, where: str) -> str:
    place = f"{where}.{key}"
    text = file.accept(file.need(row.get(key), str, place), place)
    if not text.strip():
        raise file.wrong(place, "is empty", SOURCE)
    return text
