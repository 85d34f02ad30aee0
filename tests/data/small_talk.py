"""A corpus of two turns, and one of a few voices."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TOLD = {
    "id": "v1-001",
    "form": "habit",
    "before": "",
    "text": "not before ten, i'm useless till coffee",
    "kind": "rhythm",
    "about": "",
    "value": "not before ten",
    "start": 0,
    "polarity": -1,
    "changes": False,
    "questions": ["When am I at my best?", "when should you leave me alone", "Which hours suit me?"],
    "situation": "Book the dentist for me.",
    "also": [],
}
QUIET = {"id": "v1-002", "form": "mood", "before": "", "text": "starving"}
VOICE = {"id": "v1", "age": 30, "walk": "cook", "variety": "british", "register": "casual", "manner": "short"}
SPLIT = {"dev": ["v1"], "test": [], "unseen": []}


def corpus(folder: Path, *rows: dict[str, Any]) -> Path:
    return voices(folder, {"v1": rows}, SPLIT)


def voices(folder: Path, said: Mapping[str, Sequence[dict[str, Any]]], split: Mapping[str, Sequence[str]]) -> Path:
    """The turns of each voice."""
    listed = "".join(json.dumps(VOICE | {"id": name}) + "\n" for name in said)
    (folder / "voices.jsonl").write_text(listed, encoding="utf-8")
    for name, rows in said.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "split.json").write_text(json.dumps(split), encoding="utf-8")
    return folder


def lives_in(id: str, town: str) -> dict[str, Any]:
    """A turn that tells where its voice lives."""
    text = f"i live in {town} these days, it suits me"
    asked = ["Where do I live?", "Which town am I in?", "What is my home town?"]
    told = {"kind": "home", "value": town, "start": text.index(town), "polarity": 1, "form": "life_fact"}
    return TOLD | told | {"id": id, "text": text, "questions": asked}


def town_talk(folder: Path) -> Path:
    """Two voices to learn from, one held out, one to test on, and a kind that nobody learns."""
    sick = TOLD | {"id": "v2-003", "kind": "allergy", "text": "nuts and me do not mix", "value": "nuts"}
    said = {
        "v1": [lives_in("v1-001", "Lund"), lives_in("v1-002", "Oslo"), QUIET | {"id": "v1-003", "text": " \n "}],
        "v2": [lives_in("v2-001", "Ghent"), QUIET | {"id": "v2-002", "text": "what a day"}, sick],
        "v3": [lives_in("v3-001", "Turin"), lives_in("v3-002", "oslo"), QUIET | {"id": "v3-003"}],
        "v4": [lives_in("v4-001", "Bern")],
    }
    return voices(folder, said, {"dev": ["v3"], "test": ["v4"], "unseen": ["allergy"]})
