"""A corpus of two turns."""

import json
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
    (folder / "voices.jsonl").write_text(json.dumps(VOICE) + "\n", encoding="utf-8")
    (folder / "v1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "split.json").write_text(json.dumps(SPLIT), encoding="utf-8")
    return folder
