"""A scripted conversation: who says what, and what is asked later. The format of `examples/maya.json`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imprint.data import read_conversation, turn_id
from imprint.evals.match import stands_in
from imprint.types import ImprintError, Turn

ADVERSARIAL = 5
"""LoCoMo's category of questions that the conversation does not answer."""


@dataclass(frozen=True)
class Asked:
    """A question and what counts as a right answer."""

    question: str
    answer: str
    """Empty when nothing was told: the bare model's answer is the right one."""
    accept: tuple[str, ...]
    kind: str
    """fact, preference, changed, never_told or irrelevant."""


@dataclass(frozen=True)
class Script:
    """A conversation with its questions."""

    user: str
    turns: tuple[Turn, ...]
    questions: tuple[Asked, ...]


def read_script(path: Path, sample: str = "", speaker: str = "", limit: int = 10) -> Script:
    """Read {"user", "turns": [{"role", "text"}], "questions": [{"question", "answer", "accept", "kind"}]}.

    With `speaker`, a LoCoMo file instead: the speaker's memory, and its first `limit` answerable questions about them.
    """
    data = _json(path)
    if speaker:
        return _locomo(path, data, sample, speaker, limit)
    try:
        user = data["user"]
        turns = tuple(_turn(user, i, turn) for i, turn in enumerate(data["turns"]))
        questions = tuple(Asked(q["question"], q["answer"], tuple(q["accept"]), q["kind"]) for q in data["questions"])
    except (KeyError, TypeError) as error:
        raise ImprintError(f"{path} is no demo script: {error!r}", "See examples/maya.json for the format") from error
    return _checked(path, Script(user, turns, questions))


def _checked(path: Path, script: Script) -> Script:
    texts = [script.user, *(turn.text for turn in script.turns), *(asked.question for asked in script.questions)]
    if not script.turns or not script.questions or not all(isinstance(text, str) and text for text in texts):
        raise ImprintError(f"{path} needs a user, turns and questions, all of them text", "See examples/maya.json")
    return script


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImprintError(
            f"cannot read {path}: {error.strerror}", "Run from a clone, or name a file with --script"
        ) from error
    except ValueError as error:
        raise ImprintError(f"{path} is not JSON text: {error}", "Mend the file") from error


def _locomo(path: Path, data: Any, sample: str, speaker: str, limit: int) -> Script:
    user = speaker.lower()
    turns = tuple(read_conversation(path, user, "locomo", sample, speaker))
    chosen = next(item for item in data if not sample or item["sample_id"] == sample)
    asked = [
        qa for qa in chosen["qa"] if speaker in qa["question"] and "answer" in qa and qa["category"] != ADVERSARIAL
    ]
    questions = tuple(Asked(qa["question"], str(qa["answer"]), (str(qa["answer"]),), "fact") for qa in asked[:limit])
    return _checked(path, Script(user, turns, questions))


def _turn(user: str, position: int, turn: dict[str, Any]) -> Turn:
    text = str(turn["text"])
    return Turn(turn_id("demo", position, turn["role"], text, ""), user, turn["role"], text, "", "demo")


def is_right(asked: Asked, reply: str) -> bool:
    """One of the accepted answers stands in the reply as whole words; case does not count."""
    return stands_in(asked.accept, reply)
