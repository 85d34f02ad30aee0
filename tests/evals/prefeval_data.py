"""Made-up PrefEval files in the published schema."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from imprint.evals.items import Item
from imprint.evals.prefeval import PrefEval, PrefEvalOptions

TOPICS = {"garden_tools": 5, "home_pets": 7, "office_snacks": 6}
FILLER = [["How tall is a giraffe?", "About five metres.", "And a moose?", "About two."], ["Hum a tune.", "La la."]]


def item(topic: str, i: int) -> dict[str, Any]:
    return {
        "preference": f"I dislike kind {i} in {topic}.",
        "question": f"What should I buy, round {i} of {topic}?",
        "explanation": "It tempts towards that kind.",
    }


def choice(topic: str, i: int) -> dict[str, Any]:
    keys = ["query", "assistant_options", "user_selection", "assistant_acknowledgment"]
    talk = {key: f"{key} {i} of {topic}" for key in keys}
    return {**item(topic, i), "implicit_query": "q", "options": ["a"], "aligned_op": "a", "conversation": talk}


def persona(topic: str, i: int) -> dict[str, Any]:
    # Ten and more, and not in order: "10" sorts before "2" as text.
    talk = {str(n): {"user": f"said {n}, {i}", "assistant": f"heard {n}, {i}"} for n in (*range(3, 12), 0, 1, 2)}
    return {**item(topic, i), "persona": "A baker", "fix": True, "conversation": talk}


def mcq(topic: str, i: int) -> dict[str, Any]:
    options = [f"Right {i} {topic}", f"Wrong {i}", f"Worse {i}", f"Worst {i}"]
    changed = {"preference": f"I absolutely dislike kind {i} in {topic}.", "violation_probability": 0.9}
    return {**item(topic, i), **changed, "classification_task_options": options}


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def build(folder: Path) -> Path:
    """Write the whole data set into `folder`."""
    makers: dict[str, Callable[[str, int], dict[str, Any]]] = {
        "explicit_preference": item,
        "implicit_preference/choice-based": choice,
        "implicit_preference/persona-driven": persona,
        "mcq_options": mcq,
    }
    for where, make in makers.items():
        for topic, count in TOPICS.items():
            write(folder / where / f"{topic}.json", [make(topic, i) for i in range(count)])
    write(folder / "mcq_options" / "travel_hotel copy.json", [mcq("travel_hotel", 0)])
    roles = ["user", "assistant"]
    talks = [[{"role": roles[i % 2], "content": text} for i, text in enumerate(talk)] for talk in FILLER]
    write(folder / "filtered_inter_turns.json", [{"conversation_id": "x", "turn": 9, "conversation": t} for t in talks])
    (folder / "LICENSE").write_text("Attribution-NonCommercial 4.0 International", encoding="utf-8")
    return folder


def bench(**options: Any) -> PrefEval:
    return PrefEval(PrefEvalOptions(**options))


def items(data: Path, seed: int = 0, limit: int = 0, **options: Any) -> list[Item]:
    return [each for person in bench(**options).load(data, seed, limit).people for each in person.items]
