"""The memory of methods that keep text: the user's own turns with their times, and how they stand in a prompt."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import torch

from imprint.backbone.base import Backbone
from imprint.tensors import Memory
from imprint.types import Turn

Format = Literal["notes", "instruct", "few_shot", "quote"]
"""How told turns stand in the system message. notes: a list. instruct: the list, then the request to answer briefly
from it. few_shot: two worked examples about somebody else, then as instruct. quote: 'The user said: "..."' a line."""
SHARE = 0.75
"""Share of the model's window that told turns may fill; the rest is for the conversation and the reply."""
HEADING = "What the user told you earlier:"
INSTRUCTION = "Answer the user's question from this, in as few words as you can."
EXAMPLES = """Two examples of questions about another user, and of short answers:

What the user told you earlier:
- 3 March 2021: My sister Ines moved to Porto last week.
Question: Where does my sister live now?
Answer: In Porto.

What the user told you earlier:
- I play the oboe every Sunday with two nurses.
Question: Which instrument do I play?
Answer: The oboe."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Said:
    """One of the user's own turns."""

    text: str
    time: str
    """ISO 8601; empty where the source does not say."""


def said_in(turns: Sequence[Turn]) -> list[Said]:
    """The user's own turns that say something; what the assistant said is left out."""
    return [Said(turn.text, turn.time) for turn in turns if turn.role == "user" and turn.text.strip()]


def append(memory: Memory, turns: Sequence[Turn]) -> Memory:
    """The memory with the user's own turns added."""
    new = said_in(turns)
    if not new:
        return memory
    rows = [[said.time, said.text] for said in [*transcript(memory), *new]]
    data = bytearray(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
    text = torch.frombuffer(data, dtype=torch.uint8).clone()
    return Memory(memory.fingerprint, {**memory.tensors, "text": text}, memory.meta)


def transcript(memory: Memory) -> list[Said]:
    """What the user said, oldest first."""
    if "text" not in memory.tensors:
        return []
    rows = json.loads(memory.tensors["text"].numpy().tobytes().decode("utf-8"))
    return [Said(text, time) for time, text in rows]


def told(said: Sequence[Said], style: Format) -> str:
    """These turns, in this order, as they stand in the system message."""
    parts = [EXAMPLES] if style == "few_shot" else []
    parts.append("\n".join([HEADING, *(_line(one, style) for one in said)]))
    if style in ("instruct", "few_shot"):
        parts.append(INSTRUCTION)
    return "\n\n".join(parts)


def fitting(backbone: Backbone, said: Sequence[Said], order: Sequence[int], style: Format, budget: int) -> str | None:
    """As many turns as `budget` tokens hold, tried in `order`, told oldest first; None where not one fits.

    A turn too long on its own is passed over; the first of the others that no longer fits ends the choice.
    """
    left = whole = budget - len(backbone.tokenize(told([], style)))
    chosen: list[int] = []
    for i in order:
        cost = len(backbone.tokenize(_line(said[i], style) + "\n"))
        if cost > whole:
            continue
        left -= cost
        if left < 0:
            break
        chosen.append(i)
    while chosen:
        text = told([said[i] for i in sorted(chosen)], style)
        if len(backbone.tokenize(text)) <= budget:  # the sum over lines may differ: tokens can span their borders
            return text
        chosen.pop()
    return None


def _line(said: Said, style: Format) -> str:
    date = day(said.time)
    text = f'The user said: "{said.text}"' if style == "quote" else said.text
    return f"- {date}: {text}" if date else f"- {text}"


def day(time: str) -> str:
    """A turn's time as a date in words, "8 May 2023"; empty where there is none."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return ""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"
