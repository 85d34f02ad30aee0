"""A reader behind any OpenAI-compatible endpoint: a language model fills the schema that the learned reader fills.

Optional, and no setting chooses it: every turn it reads goes to the endpoint that was named, and nowhere else.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from typing import Any

from imprint.study.bank import Kind, load_kinds
from imprint.study.endpoint import Endpoint, cost
from imprint.study.extractor.abouts import normal_about
from imprint.study.reader import Reader, Understood
from imprint.study.readers import folded
from imprint.types import Fact, ImprintError, Turn

PROMPT = 1
"""Version of the prompt and of what is asked when a reply does not fit."""
_RULES = """\
You read one turn that a person wrote to an assistant, and say whether it tells something lasting about them.

It tells if a thoughtful friend would note it down for next month: lasting facts, tastes, habits and needs of the \
person, their close family and their pets. Moods, tasks, questions, plans that are only imagined, quotations, irony, \
jokes, role play, opinions on news or products, wishes for the task at hand and facts about anybody else do not tell.

Reply with one JSON object and nothing else. If the turn tells nothing: {"tells": false}. Else it has these keys:
"tells": true
"kind": one of the kinds below, the one whose question the turn answers; "about" if no other fits
"about": what fills {about} in that question, lower case, a word or two; "" if the question has no {about}
"value": the shortest run of the turn's own words that answers the question, copied as it stands
"polarity": 1 for what they like, have or do; -1 for what they dislike, avoid, do not have or no longer do
"changes": true if something told before is no longer so, else false

Kinds, each with a question that it answers:
"""
_EXAMPLES = (
    (
        "Shall I add baba ganoush to the menu?",
        "no aubergine for me ever, it gives me the creeps",
        {"tells": True, "kind": "dislikes_food", "about": "", "value": "aubergine", "polarity": -1, "changes": False},
    ),
    ("", "make this sound less grumpy: I am Tom, I live in Hull and I hate Mondays", {"tells": False}),
    (
        "",
        "cancel the Leeds train, my sister is in Porto now, she moved",
        {
            "tells": True,
            "kind": "relative_home",
            "about": "sister",
            "value": "Porto",
            "polarity": 1,
            "changes": True,
        },
    ),
)
_SHOWN_BACK = 1000
"""Characters of a reply that did not fit, as the model is shown it again."""
_TYPES = {"kind": str, "about": str, "value": str, "polarity": int, "changes": bool}
_NAMED = {str: "text", int: "a whole number", bool: "true or false"}


class BudgetSpent(ImprintError):
    """The next call might cost more tokens than are left."""


class TeacherReader(Reader):
    """Asks a model about each turn. A reply that does not fit the schema is asked for again, then given up.

    What was read and spent so far stands in `turns`, `calls`, `refused` (turns given up: they count as telling
    nothing) and `tokens`. To be closed.
    """

    answers = True

    def __init__(
        self,
        endpoint: Endpoint,
        tries: int = 2,
        token_budget: int = 200_000,
        reply_tokens: int = 1024,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """tries: replies asked for, a turn. token_budget: most tokens of all calls, prompts and replies together;
        estimated where the endpoint does not say. reply_tokens: most of one reply; an object takes about 60, a model
        that thinks aloud before it takes the more. wait: called with the seconds between attempts to reach it.
        """
        if min(tries, token_budget, reply_tokens) < 1:
            raise ImprintError("tries, token_budget and reply_tokens of the teacher must be positive", "mend them")
        self._endpoint, self._wait = endpoint, wait
        self._tries, self._budget, self._longest = tries, token_budget, reply_tokens
        self._kinds = load_kinds()
        self._system = system_prompt(self._kinds)
        self._client = endpoint.client()
        self.id = f"teacher/{endpoint.model}/{PROMPT}/{hashlib.sha256(self._system.encode()).hexdigest()[:12]}"
        self.turns = self.calls = self.refused = self.tokens = 0

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        """As every reader. BudgetSpent; ImprintError: the endpoint cannot be reached or refuses."""
        if not text.strip():
            return 0.0, ()
        messages = [
            {"role": "system", "content": self._system},
            {"role": "user", "content": shown(text, before)},
        ]
        for _ in range(self._tries):
            reply = self._ask(messages)
            try:
                read = filled_schema(reply, text, self._kinds)
            except ValueError as wrong:
                again = f"That does not fit: {wrong}. Reply with the corrected JSON object and nothing else."
                messages.append({"role": "assistant", "content": reply[:_SHOWN_BACK]})
                messages.append({"role": "user", "content": again})
            else:
                self.turns += 1
                return float(read is not None), (read,) if read else ()
        self.turns += 1
        self.refused += 1
        return 0.0, ()

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        if turn.role != "user":
            return facts
        return folded(facts, turn, self.understand(turn.text, before)[1], keep=0.0)

    def _ask(self, messages: list[dict[str, str]]) -> str:
        """The reply without the thoughts before it."""
        if self.tokens + cost(messages) + self._longest > self._budget:
            raise BudgetSpent(
                f"the teacher's budget of {self._budget} tokens is spent, {self.turns} turns were read",
                "Raise it (token_budget, --token-budget), or read fewer turns",
            )
        reply, tokens = self._endpoint.ask(self._client, messages, 0.0, self._longest, self._wait)
        self.calls += 1
        self.tokens += tokens
        # Half a surrogate pair is JSON, but no text that can be sent back or kept.
        return reply.rpartition("</think>")[2].strip().encode("utf-8", "replace").decode()


def system_prompt(kinds: dict[str, Kind]) -> str:
    """The rules, the kinds with a question each, and worked examples."""
    listed = "\n".join(f"{name}: {kind.ask[0]}" for name, kind in kinds.items())
    worked = "\n\n".join(f"{shown(text, before)}\nYour reply: {json.dumps(reply)}" for before, text, reply in _EXAMPLES)
    return f"{_RULES}{listed}\n\nExamples:\n\n{worked}"


def shown(text: str, before: str) -> str:
    """One turn as the model is asked about it."""
    line = f"The assistant said: {' '.join(before.split())}\n" if before.strip() else ""
    return f"{line}The person's turn: {' '.join(text.split())}"


def filled_schema(reply: str, text: str, kinds: dict[str, Kind]) -> Understood | None:
    """What the first JSON object of the reply says the turn `text` tells; None where it says that it tells nothing.

    ValueError says what does not fit the schema, in words that the model is shown.
    """
    row = _first_object(reply)
    if type(row.get("tells")) is not bool:
        raise ValueError('"tells" must be true or false')
    if not row["tells"]:
        return None
    for name, kind in _TYPES.items():
        if type(row.get(name)) is not kind:
            raise ValueError(f'"{name}" must be {_NAMED[kind]}')
    if row["kind"] not in kinds:
        raise ValueError(f'"kind" must be one of the kinds listed, not {row["kind"][:40]!r}')
    if row["polarity"] not in (1, -1):
        raise ValueError('"polarity" must be 1 or -1')
    wanted, about = kinds[row["kind"]].about, normal_about(row["about"])
    if wanted and not about:
        raise ValueError(f'"about" must be the {wanted} that the question of "{row["kind"]}" is about')
    if about and not wanted:
        raise ValueError(f'"about" must be "" because the question of "{row["kind"]}" has no {{about}}')
    return Understood(row["kind"], about, _own_words(row["value"], text), row["polarity"], row["changes"], 1.0)


def _first_object(reply: str) -> dict[str, Any]:
    decoder = json.JSONDecoder()
    for brace in re.finditer(r"\{", reply):
        try:
            return decoder.raw_decode(reply, brace.start())[0]
        except (ValueError, RecursionError):
            continue
    raise ValueError("there is no JSON object in the reply")


def _own_words(value: str, text: str) -> str:
    """The value as it stands in the turn: whole words, case and spacing aside."""
    words = r"\s+".join(re.escape(word) for word in value.split())
    found = re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE)
    if found is None or not re.search(r"\w", value):
        raise ValueError('"value" must be words copied from the turn, as they stand there')
    return found.group()
