"""Study questions written by a language model behind any OpenAI-compatible endpoint: PLUM's teacher (METHODS 4.4).

Optional. The user's turns go to the endpoint that was configured, and nowhere else.
"""

import json
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from imprint.study.endpoint import Endpoint, cost
from imprint.study.questions import make_study
from imprint.types import ImprintError, Question, Study, Turn

_SEEDS = (
    "Ask about a single detail.",
    "Ask for a summary of one subject.",
    "Ask how two things the person said fit together.",
    "Ask for advice that depends on what the person said.",
    "Ask something playful that only this person's answer fits.",
)
_SYSTEM = (
    "You write questions that a person may later ask an assistant who remembers them, "
    "and the short true answers. Use only what "
    'the numbered statements say. Write each question in the first person ("my", "I"), '
    'each answer in the second ("your", '
    '"you"). Be specific. Never mention the statements or a text. Reply with a JSON array of objects with the '
    'keys "question", '
    '"answer" and "statement" (the number it is from), and nothing else.'
)
_LEAK = re.compile(r"(?i)\b(?:statements?|the text|the passage|the context|as an ai|the user|the conversation)\b")
_MAX_ANSWER = 300


@dataclass(frozen=True)
class Teacher:
    """An OpenAI-compatible endpoint that writes study questions."""

    base_url: str
    """As clients take it, with the version: "http://127.0.0.1:11434/v1"."""
    model: str
    api_key: str = field(default="", repr=False)
    pairs: int = 5
    """Questions asked for in a call."""
    chunk: int = 20
    """Turns in a call."""
    timeout: float = 60.0
    """Seconds a call may take."""
    attempts: int = 3
    token_budget: int = 100_000
    """Most tokens spent on one study, prompt and reply together; estimated where the endpoint does not say."""

    def __post_init__(self) -> None:
        self._endpoint()
        if min(self.pairs, self.chunk, self.token_budget) < 1:
            raise ImprintError("pairs, chunk and token_budget of the teacher must be positive", "mend them")

    def write_study(self, turns: Sequence[Turn], seed: int = 0, wait: Callable[[float], None] = time.sleep) -> Study:
        """The rules' study with the teacher's questions added to the facts of the turns they are from.

        Stops when the token budget is spent. `wait`: called with the seconds to wait between attempts.
        ImprintError: the endpoint cannot be reached, refuses, or never replies with usable JSON.
        """
        base = make_study(turns, seed=seed)
        numbers = {fact.turn: number for number, fact in enumerate(base.facts)}
        told = [turn for turn in base.turns if turn.id in numbers]
        draw = random.Random(seed)
        kept = list(base.questions)
        seen = {_plain(question.text) for question in kept}
        spent, usable, calls = 0, 0, 0
        endpoint = self._endpoint()
        with endpoint.client() as client:
            for start in range(0, len(told), self.chunk):
                part = told[start : start + self.chunk]
                messages = _messages(part, self.pairs, draw.choice(_SEEDS))
                if spent + cost(messages) > self.token_budget:
                    break
                reply, tokens = endpoint.ask(client, messages, 0.6, 1024, wait)
                spent += tokens
                calls += 1
                pairs = _pairs(reply, len(part))
                usable += bool(pairs)
                for text, answer, statement in pairs:
                    if _plain(text) in seen or _LEAK.search(text) or _LEAK.search(answer):
                        continue
                    seen.add(_plain(text))
                    turn = part[statement - 1].id
                    kept.append(Question(text, answer, "recall", turn, numbers[turn]))
        if calls and not usable:
            raise ImprintError(
                f"teacher {self.model!r} never replied with the JSON it was asked for", "choose a larger model"
            )
        return Study(base.facts, tuple(kept), base.turns)

    def _endpoint(self) -> Endpoint:
        without = "study without a teacher"
        return Endpoint("teacher", self.base_url, self.model, self.api_key, self.timeout, self.attempts, without)


def _messages(turns: Sequence[Turn], pairs: int, seed_type: str) -> list[dict[str, str]]:
    listed = "\n".join(f"{number}. {' '.join(turn.text.split())}" for number, turn in enumerate(turns, 1))
    return [
        {"role": "system", "content": _SYSTEM},
        {"role": "user", "content": f"{listed}\n\nWrite {pairs} pairs. {seed_type}"},
    ]


def _pairs(reply: str, turns: int) -> list[tuple[str, str, int]]:
    """(question, answer, statement number) of every well-formed object in the reply; [] when it holds no JSON array."""
    start, end = reply.find("["), reply.rfind("]")
    if start < 0 or end <= start:
        return []
    try:
        rows: Any = json.loads(reply[start : end + 1])
    except ValueError:
        return []
    out: list[tuple[str, str, int]] = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        text, answer, number = row.get("question"), row.get("answer"), row.get("statement")
        if not isinstance(text, str) or not isinstance(answer, str) or type(number) is not int:
            continue
        text, answer = text.strip(), answer.strip()
        if text and answer and len(text) <= _MAX_ANSWER and len(answer) <= _MAX_ANSWER and 1 <= number <= turns:
            out.append((text, answer, number))
    return out


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
