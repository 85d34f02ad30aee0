"""`imprint train lpm`: the network that reads slots, trained once for a frozen model over the people of the corpus.

Two stages (METHODS 2.3, 2.4): restate what a slot holds, then answer questions from it. People of the part dev are
held out: their loss and how many of their answers come out exact is the curve that is kept.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone
from imprint.backbone.score import Forced
from imprint.data.talk import Part, Said, Talk
from imprint.fit.carriers import Objective
from imprint.fit.loop import FitConfig, Group, checkpoint_key, fit
from imprint.fit.losses import answer_cross_entropy, exact_rows
from imprint.fit.rows import Prefilled, input_states, make_row, prefill, run_rows, teach_all
from imprint.fit.runs import Run
from imprint.methods.parts.network import NetworkConfig, SlotNetwork, fresh_network
from imprint.study.bank import filled, load_kinds
from imprint.study.rewrite import second_person
from imprint.tensors import Context
from imprint.types import ImprintError, Question

HELD_OUT = 192
"""Questions of held-out people that every point of the curve is measured on."""
_RESTATE = ("What did I tell you?", "What did I say?", "Tell me again.", "What was it again?", "Repeat it, please.")


@dataclass(frozen=True)
class TrainLPMConfig:
    """Table [train.lpm]."""

    network: NetworkConfig = NetworkConfig(blocks=1)
    restate: int = 100
    """Steps of the first stage."""
    answer: int = 700
    """Steps of the second stage."""
    rate: float = 1e-2
    """Of the frames and what stands for unused rows."""
    block_rate: float = 1e-3
    """Of the refinement blocks."""
    distill: float = 0.0
    """alpha of METHODS 4.1 in the second stage; the teacher reads the turn in which the answer was told."""
    every: int = 100
    """Steps between two points of the curve."""
    fit: FitConfig = field(default_factory=lambda: FitConfig(epochs=1, batch=16, patience=0, least=0))

    def __post_init__(self) -> None:
        if self.restate < 0 or min(self.answer, self.every) < 1:
            raise ValueError("answer and every must be at least 1, restate at least 0")
        if not 0 <= self.distill <= 1:
            raise ValueError(f"distill is {self.distill}, expected 0 to 1")


@dataclass(frozen=True)
class Asked:
    """A question, the answer its slot holds, and the turn that told it."""

    question: str
    value: str
    told: str

    @property
    def row(self) -> Question:
        """As a fit knows it."""
        return Question(self.question, self.value, "recall", "", 0)


@dataclass(frozen=True)
class Point:
    """One point of the curve: over the held-out people."""

    stage: str
    step: int
    loss: float
    exact: float
    """Share of answers whose every token is the arg-max."""


def train_lpm(backbone: Backbone, talk: Talk, config: TrainLPMConfig, run: Run) -> tuple[SlotNetwork, list[Point]]:
    """Train on the part train. Raises `Interrupted`; the same call then goes on where it was."""
    known, held = material(talk, config)
    for part, rows in {"train": known, "dev": held}.items():
        if not rows:
            raise ImprintError(f"no voice of the part {part} tells anything to ask for", "Name the folder data/talk")
    network = fresh_network(config.network, backbone, config.fit.seed).train()
    points: list[Point] = []
    stages = {"restate": restated(talk, config), "answer": known}
    whole = [asdict(row) for rows in (*stages.values(), held) for row in rows]
    for stage, rows in stages.items():
        if rows:
            key = checkpoint_key(stage, config, backbone.id, whole)
            points += _stage(network, backbone, (stage, rows, held), config, run, key)
    return network.eval(), points


def _stage(
    network: SlotNetwork,
    backbone: Backbone,
    material: tuple[str, Sequence[Asked], Sequence[Asked]],
    config: TrainLPMConfig,
    run: Run,
    key: str,
) -> list[Point]:
    stage, rows, held = material
    curve = _Curve(run, f"{key}-curve", config.every, lambda step: measured(network, backbone, held, stage, step))

    def step(chosen: list[int]) -> tuple[Tensor, Tensor]:
        batch = [rows[i] for i in chosen]
        out = answered(network, backbone, batch)
        objective = Objective(len(batch))
        if stage == "answer" and config.distill:
            told = [Context(f"The user said: {one.told}") for one in batch]
            objective = Objective(len(batch), teach_all(backbone, [one.row for one in batch], told), config.distill)
        return objective.loss(out, range(len(batch))), exact_rows(out.logits, out.targets)

    named = dict(network.named_parameters())
    blocks = {name: tensor for name, tensor in named.items() if name.startswith("condition.")}
    frames = {name: tensor for name, tensor in named.items() if name not in blocks}
    groups = [Group(frames, config.rate), *([Group(blocks, config.block_rate)] if blocks else [])]
    curve.measure(fit(groups, len(rows), step, config.fit, replace(run, progress=curve), key))
    return curve.points


def answered(network: SlotNetwork, backbone: Backbone, asked: Sequence[Asked]) -> Forced:
    """Logits of the answers when each question reads its own slot, as a fresh write leaves it."""
    return run_rows(backbone, *slots_read(network, backbone, asked))


def slots_read(
    network: SlotNetwork, backbone: Backbone, asked: Sequence[Asked]
) -> tuple[list[Prefilled], Float[Tensor, "b k d"]]:
    """The questions, run up to where soft rows enter, and the soft rows that each reads out of its own fresh slot."""
    placement = network.config.placement
    with torch.no_grad():
        rows = prefill(backbone, [make_row(backbone, one.row, placement) for one in asked], lambda done: None)
    codes = torch.stack([network.codes(one.value) for one in asked])
    residual = torch.zeros(*codes.shape, network.config.width)
    states = input_states(backbone, rows, placement) if network.condition is not None else ()
    return rows, network(codes, residual, *states)


@torch.no_grad()
def measured(network: SlotNetwork, backbone: Backbone, held: Sequence[Asked], stage: str = "", step: int = 0) -> Point:
    """Loss and exact answers over these questions."""
    loss = exact = 0.0
    network.eval()
    for start in range(0, len(held), 16):
        batch = held[start : start + 16]
        out = answered(network, backbone, batch)
        loss += answer_cross_entropy(out.logits, out.targets).item() * len(batch)
        exact += exact_rows(out.logits, out.targets).sum().item()
    network.train()
    return Point(stage, step, round(loss / len(held), 4), round(exact / len(held), 4))


class _Curve:
    """Passes progress on, and measures the held-out people now and then; kept with the checkpoint."""

    def __init__(self, run: Run, key: str, every: int, point: Callable[[int], Point]) -> None:
        self._run, self._key, self._every, self._point = run, key, every, point
        kept = run.load(key)
        self.points = [Point(**point) for point in json.loads(kept)] if kept else []

    def start(self, what: str, total: int) -> None:
        """Passed on."""
        self._run.progress.start(what, total)

    def advance(self, done: int, note: str = "") -> None:
        """Passed on, with a measurement where one is due."""
        # A run that was killed may have been measured after its last checkpoint: those steps are run again.
        self.points = [point for point in self.points if point.step < done]
        if done % self._every == 0:
            self.measure(done)
        last = f", held out: {self.points[-1].exact:.2f} exact" if self.points else ""
        self._run.progress.advance(done, note + last)

    def measure(self, step: int) -> None:
        """A point after this step, unless there is one."""
        if not self.points or self.points[-1].step < step:
            self.points.append(self._point(step))
            self._run.save(self._key, json.dumps([asdict(point) for point in self.points]).encode())


def material(talk: Talk, config: TrainLPMConfig) -> tuple[list[Asked], list[Asked]]:
    """Questions for the second stage, and those of held-out people whose answers nobody in training gives."""
    draw = random.Random(f"lpm {config.fit.seed}")
    known = [asked for said in talk.part("train") for asked in _asked(said, draw)]
    held = [asked for _, asked in unheard(talk, "dev")]
    draw.shuffle(known)
    random.Random(0).shuffle(held)
    return _enough(known, config.answer * config.fit.batch), held[:HELD_OUT]


def unheard(talk: Talk, part: Part) -> list[tuple[Said, Asked]]:
    """The questions of a part's people, each with its turn, whose answers no training turn gives."""
    given = {second_person(said.told.value).lower() for said in talk.part("train") if said.told is not None}
    found = ((said, asked) for said in talk.part(part) for asked in _asked(said, None))
    return [(said, asked) for said, asked in found if asked.value.lower() not in given]


def _asked(said: Said, draw: random.Random | None) -> Iterable[Asked]:
    """The turn's own questions and, in training, one wording of the bank."""
    told = said.told
    if told is None:
        return
    value = second_person(told.value)
    kind = load_kinds().get(told.kind)
    if draw is not None and kind is not None:
        yield Asked(filled(draw.choice(kind.ask), told.about), value, said.text)
    for question in told.questions:
        yield Asked(question, value, said.text)


def restated(talk: Talk, config: TrainLPMConfig) -> list[Asked]:
    """One to eight running words of a turn, to be said again."""
    draw = random.Random(f"restate {config.fit.seed}")
    turns = [said.text for said in talk.part("train") if said.text.split()]
    made = []
    for _ in range(config.restate * config.fit.batch):
        words = draw.choice(turns).split()
        size = min(draw.randint(1, 8), len(words))
        at = draw.randint(0, len(words) - size)
        span = " ".join(words[at : at + size])
        made.append(Asked(draw.choice(_RESTATE), span, span))
    return made


def _enough(rows: Sequence[Asked], count: int) -> list[Asked]:
    """`count` rows, from the front again where there are fewer."""
    return [rows[i % len(rows)] for i in range(count)] if rows else []
