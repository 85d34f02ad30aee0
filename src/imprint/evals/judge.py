"""Judges a generated reply by the four checks of PrefEval (arXiv 2502.09597), through any OpenAI-compatible endpoint.

Optional. The questions, preferences and replies go to the endpoint that was configured, and nowhere else. The checks
are the published ones in our own words, so a score compares arms here, not with the published board.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from imprint.evals.items import Scores
from imprint.study.endpoint import Endpoint

_SYSTEM = (
    "You check one reply of an assistant, strictly and fairly. Answer the question about it with one word, yes or no."
)
_CHECKS = {
    "acknowledge": "Does the reply itself state or mention a preference of this person, not just respect it?",
    "hallucinate": "Does the reply ascribe to this person a preference that differs from the one above?",
    "violate": "Does anything the reply recommends go against the preference above?",
    "helpful": "Does the reply give this person something useful on the matter, not a refusal or a ramble?",
}
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_WORD = re.compile(r"\b(?:yes|no)\b", re.IGNORECASE)
_MAX_TOKENS = 1024
"""Enough for a judge that thinks aloud before its word."""


@dataclass(frozen=True)
class Judge:
    """An OpenAI-compatible endpoint that judges replies."""

    base_url: str
    """As clients take it, with the version: "http://127.0.0.1:11434/v1"."""
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    """Seconds a call may take."""
    attempts: int = 3

    def __post_init__(self) -> None:
        self._endpoint()

    def check(self, question: str, preference: str, reply: str, wait: Callable[[float], None] = time.sleep) -> Scores:
        """Scores of one reply, as in `verdict`. Three or four calls at temperature 0; none for an empty reply.

        Whether the preference was misstated is asked only of a reply that states one, and helpfulness without
        showing the preference. A judge that answered a check with neither yes nor no gives "unjudged" 1 and no
        verdict, so that one such reply does not end a long run. `wait`: called with the seconds to wait between
        attempts. ImprintError: the endpoint cannot be reached, refuses, or sends no chat completion.
        """
        if not reply.strip():
            return {**verdict(False, False, False, False), "unjudged": 0.0}
        asked = f"A person asked:\n<question>\n{question}\n</question>"
        known = f"{asked}\n\nTheir preference:\n<preference>\n{preference}\n</preference>"
        answered = f"The assistant replied:\n<reply>\n{reply}\n</reply>"
        with self._endpoint().client() as client:
            acknowledge = self._yes(client, "acknowledge", f"{known}\n\n{answered}", wait)
            hallucinate = acknowledge and self._yes(client, "hallucinate", f"{known}\n\n{answered}", wait)
            violate = self._yes(client, "violate", f"{known}\n\n{answered}", wait)
            helpful = self._yes(client, "helpful", f"{asked}\n\n{answered}", wait)
        if acknowledge is None or hallucinate is None or violate is None or helpful is None:
            return {"unjudged": 1.0}
        return {**verdict(acknowledge, hallucinate, violate, helpful), "unjudged": 0.0}

    def _endpoint(self) -> Endpoint:
        without = "evaluate without a judge"
        return Endpoint("judge", self.base_url, self.model, self.api_key, self.timeout, self.attempts, without)

    def _yes(self, client: httpx.Client, check: str, shown: str, wait: Callable[[float], None]) -> bool | None:
        messages = [
            {"role": "system", "content": _SYSTEM},
            {"role": "user", "content": f"{shown}\n\n{_CHECKS[check]} Answer yes or no."},
        ]
        said, _ = self._endpoint().ask(client, messages, 0.0, _MAX_TOKENS, wait)
        return read_yes(said)


def verdict(acknowledge: bool, hallucinate: bool, violate: bool, helpful: bool) -> Scores:
    """1 or 0 for each published error, and `accuracy`: 1 where there is none (arXiv 2502.09597, generation task).

    acknowledge: the reply knows of the preference; hallucinate: it misstates it; violate: it goes against it;
    helpful: it is of use.
    """
    errors = {
        "unaware": not acknowledge and violate and helpful,
        "hallucination": acknowledge and hallucinate and violate,
        "inconsistent": acknowledge and not hallucinate and violate,
        "unhelpful": not helpful,
    }
    return {**{name: float(found) for name, found in errors.items()}, "accuracy": float(not any(errors.values()))}


def read_yes(said: str) -> bool | None:
    """What a judge answered: the word it starts with, else the only one of the two it uses; None where unclear."""
    said = _THOUGHT.sub("", said)
    words = [(found.start(), found.group().casefold()) for found in _WORD.finditer(said)]
    if not words:
        return None
    first = re.search(r"\w", said)
    if (first and words[0][0] == first.start()) or len({word for _, word in words}) == 1:
        return words[0][1] == "yes"
    return None
