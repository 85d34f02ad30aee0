"""Study questions written by a language model behind any OpenAI-compatible endpoint: PLUM's teacher (METHODS 4.4).

Optional. The user's turns go to the endpoint that was configured, and nowhere else.
"""

import json
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

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
_RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
_MAX_ANSWER = 300


@dataclass(frozen=True)
class Teacher:
    """An OpenAI-compatible endpoint that writes study questions."""

    base_url: str
    """As clients take it, with the version: "http://127.0.0.1:11434/v1"."""
    model: str
    api_key: str = ""
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
        if not self.base_url.startswith(("http://", "https://")):
            raise ImprintError(
                f"teacher URL {self.base_url!r} is no http address", "give one like http://127.0.0.1:11434/v1"
            )
        if min(self.pairs, self.chunk, self.attempts, self.token_budget) < 1 or self.timeout <= 0:
            raise ImprintError(
                "pairs, chunk, attempts, token_budget and timeout of the teacher must be positive", "mend them"
            )

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
        with httpx.Client(timeout=self.timeout, headers=self._headers()) as client:
            for start in range(0, len(told), self.chunk):
                part = told[start : start + self.chunk]
                messages = _messages(part, self.pairs, draw.choice(_SEEDS))
                if spent + _cost(messages) > self.token_budget:
                    break
                reply, tokens = self._ask(client, messages, wait)
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

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}

    def _ask(
        self, client: httpx.Client, messages: list[dict[str, str]], wait: Callable[[float], None]
    ) -> tuple[str, int]:
        """The reply's text and the tokens it cost; tries again, waiting longer each time, where that may help."""
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        body = {"model": self.model, "messages": messages, "temperature": 0.6, "max_tokens": 1024}
        trouble = ""
        for attempt in range(self.attempts):
            if attempt:
                wait(2.0 ** (attempt - 1))
            try:
                response = client.post(url, json=body)
            except httpx.TimeoutException:
                trouble = f"did not answer within {self.timeout:g} s"
                continue
            except httpx.HTTPError as error:
                trouble = f"cannot be reached ({type(error).__name__})"
                continue
            if response.status_code in _RETRIED:
                trouble = f"answered with status {response.status_code}"
                continue
            if response.status_code != 200:
                remedy = "check the API key" if response.status_code in (401, 403) else "check URL and model name"
                raise ImprintError(f"teacher at {self.base_url} answered with status {response.status_code}", remedy)
            content = _content(response)
            if content is not None:
                return content, _tokens(response, messages, content)
            trouble = "answered with something else than a chat completion"
        raise ImprintError(
            f"teacher at {self.base_url} {trouble}, {self.attempts} times",
            "see that it runs, or study without a teacher",
        )


def _messages(turns: Sequence[Turn], pairs: int, seed_type: str) -> list[dict[str, str]]:
    listed = "\n".join(f"{number}. {' '.join(turn.text.split())}" for number, turn in enumerate(turns, 1))
    return [
        {"role": "system", "content": _SYSTEM},
        {"role": "user", "content": f"{listed}\n\nWrite {pairs} pairs. {seed_type}"},
    ]


def _content(response: httpx.Response) -> str | None:
    try:
        content = response.json()["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return content if isinstance(content, str) else None


def _tokens(response: httpx.Response, messages: list[dict[str, str]], content: str) -> int:
    usage = response.json().get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    if isinstance(total, int) and total > 0:
        return total
    return _estimate(content) + _cost(messages)


def _cost(messages: list[dict[str, str]]) -> int:
    return sum(_estimate(message["content"]) for message in messages)


def _estimate(text: str) -> int:
    """Tokens of a text, roughly: four characters a token."""
    return len(text) // 4 + 1


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
