"""Trained networks that read slots, side by side: the same questions of people whom training did not hear.

Each question reads its own slot as a fresh write leaves it: no gate chooses the slot, and no fit has moved it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import torch

from imprint.backbone.base import Backbone, Message, Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.score import log_likelihoods
from imprint.data.talk import Part, Said, Talk
from imprint.evals.match import stands_in
from imprint.evals.rows import evenly
from imprint.evals.stats import difference, ratio, resamples
from imprint.fit.losses import exact_rows
from imprint.fit.rows import run_rows
from imprint.methods.parts.network import SlotNetwork
from imprint.methods.parts.slots import SharedSlots
from imprint.tensors import SoftPrompt
from imprint.train.lpm import Asked, slots_read, unheard
from imprint.types import ImprintError, Progress

HEADLINE = "exact"
REPLY = 16
"""Most tokens of a free reply."""
BATCH = 16
LENGTHS = ((1, "1 token"), (2, "2 tokens"), (4, "3 to 4 tokens"))
"""Up to so many tokens of the answer, and what that is called; longer ones: 5 tokens and more."""
Parts = tuple[float, float]


@dataclass(frozen=True)
class Item:
    """A question, and the turn that told its answer."""

    said: Said
    asked: Asked


@dataclass(frozen=True)
class Outcome:
    """What a network made of one question."""

    item: Item
    exact: bool
    """Whether every token of the answer and its end is the arg-max, given the tokens before it."""
    nats: float
    """Over all of them."""
    tokens: int
    """Of the answer, with its end."""
    reply: str | None = None
    """What was generated freely; None where nothing was."""

    @property
    def parts(self) -> dict[str, Parts]:
        """Each score as numerator and denominator: sums over questions make the mean."""
        found = {"exact": (float(self.exact), 1.0), "loss": (self.nats, float(self.tokens))}
        if self.reply is not None:
            found["greedy"] = (float(stands_in([self.item.asked.value], self.reply)), 1.0)
        return found

    @property
    def length(self) -> str:
        """How long the answer is, its end left out."""
        return next((name for most, name in LENGTHS if self.tokens - 1 <= most), "5 tokens and more")


def items_of(talk: Talk, part: Part, limit: int) -> list[Item]:
    """At most `limit` questions (0: all) of a part's people, evenly over the voices; see `unheard`."""
    found = [Item(said, asked) for said, asked in unheard(talk, part)]
    if not found:
        problem = f"the corpus has no question of the part {part} whose answer training does not give"
        raise ImprintError(problem, "Choose another --part or --data")
    return [found[place] for place in evenly([item.said.voice for item in found], limit, f"network-{part}")]


@torch.no_grad()
def ask_all(
    network: SlotNetwork, backbone: Backbone, items: Sequence[Item], generate: bool, progress: Progress
) -> list[Outcome]:
    """Every question through the network. generate: also what is said freely, which takes longer."""
    network.eval()
    outcomes: list[Outcome] = []
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        rows, soft = slots_read(network, backbone, [item.asked for item in batch])
        out = run_rows(backbone, rows, soft)
        exact, likely = exact_rows(out.logits, out.targets).tolist(), log_likelihoods(out)
        said: list[str | None] = [None] * len(batch)
        if generate:
            prompts = [SoftPrompt(one, network.config.placement) for one in soft]
            said = [*_replies(backbone, [item.asked.question for item in batch], prompts)]
        for item, right, (log_p, tokens), text in zip(batch, exact, likely, said, strict=True):
            outcomes.append(Outcome(item, right, -log_p, tokens, text))
        progress.advance(len(outcomes))
    return outcomes


def _replies(backbone: Backbone, questions: Sequence[str], prompts: Sequence[SoftPrompt]) -> list[str]:
    sampling = Sampling(max_new_tokens=REPLY)
    asked = zip(questions, prompts, strict=True)
    made = reply(backbone, [Request((Message("user", text),), prompt, sampling) for text, prompt in asked])
    return [one.text for one in made]


def arm_of(talk: Talk, outcomes: Sequence[Outcome], beside: tuple[str, Sequence[Outcome]] | None) -> dict[str, Any]:
    """Scores of a network as a row of a result file has them: by length of the answer, register and variety too.

    beside: name and outcomes of the arm that this one is compared with, question by question.
    """
    groups: dict[str, list[Outcome]] = {}
    for one in outcomes:
        voice = talk.voices[one.item.said.voice]
        for name in (f"answer: {one.length}", f"register: {voice.register}", f"variety: {voice.variety}"):
            groups.setdefault(name.replace("_", " "), []).append(one)
    names = list(outcomes[0].parts)
    kinds = {
        score: {name: _estimate(group, score) for name, group in sorted(groups.items())}
        for score in names
        if score != "loss"
    }
    arm = {"scores": {score: _estimate(outcomes, score) for score in names}, "kinds": kinds}
    if beside is not None:
        first, others = beside
        arm["against_first"] = {score: {"arm": first, **_less(outcomes, others, score)} for score in names}
    return arm


def _estimate(outcomes: Sequence[Outcome], score: str) -> dict[str, Any]:
    return asdict(ratio([one.parts[score] for one in outcomes], _drawn(_voices(outcomes))))


def _less(outcomes: Sequence[Outcome], others: Sequence[Outcome], score: str) -> dict[str, Any]:
    a, b = ([one.parts[score] for one in side] for side in (outcomes, others))
    return asdict(difference(a, b, _drawn(_voices(outcomes))))


def _voices(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(one.item.said.voice for one in outcomes)


@lru_cache(maxsize=32)
def _drawn(voices: tuple[str, ...]) -> Any:
    """How often each question is drawn: the same for every arm."""
    return resamples(voices)


def size_of(network: SlotNetwork, backbone: Backbone) -> dict[str, float]:
    """Numbers that training moves, and what one slot of a user holds: bytes, and numbers that a fit moves."""
    trained = sum(tensor.numel() for tensor in network.parameters())
    slot = SharedSlots(network, backbone).written(["one"])
    held = sum(tensor.nbytes for tensor in slot.values())
    return {"network": float(trained), "slot_bytes": float(held), "slot_floats": float(slot["residual"].numel())}


def rows_of(arm: str, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Each question's outcome, as a result file keeps it."""
    rows = []
    for one in outcomes:
        scores = {name: above / below for name, (above, below) in one.parts.items()}
        said, asked = one.item.said, one.item.asked
        row = {"seed": 0, "user": said.voice, "item": said.id, "question": asked.question, "kind": one.length}
        rows.append({**row, "arm": arm, "scores": scores, **({"reply": one.reply} if one.reply is not None else {})})
    return rows


def people_of(backbone: Backbone, items: Sequence[Item]) -> list[dict[str, Any]]:
    """The voices asked, with the turns that the questions are about."""
    told: dict[str, dict[str, str]] = {}
    for item in items:
        told.setdefault(item.said.voice, {})[item.said.id] = item.said.text
    return [
        {
            "seed": 0,
            "user": voice,
            "turns": len(turns),
            "history_tokens": len(backbone.tokenize("\n".join(turns.values()))),
            "items": sum(item.said.voice == voice for item in items),
        }
        for voice, turns in told.items()
    ]


def settings_of(network: SlotNetwork, trained_on: Mapping[str, Any]) -> dict[str, Any]:
    """How a network was made: its shapes, and of its training all but what came of it."""
    return {**{name: value for name, value in trained_on.items() if name != "held_out"}, **asdict(network.config)}
