"""Latent Personal Memory: a user's slots, read by cross-attention, become a soft prompt for the frozen model.

arXiv 2606.20911. Two forms: `associative` (METHODS 5.1, 5.2, ours: a slot is written as key and value, then refined by
gradient) and `published` (METHODS 2.3: slots from noise read through the projection network). With shared weights for
the backbone, a slot can be read as soon as it is written and a fit moves nothing but slots; without, the network is
fitted together with the slots of one user.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone, Sampling
from imprint.backbone.score import Forced
from imprint.encode.base import Encoder
from imprint.fit.carriers import learn, own_turns, taught
from imprint.fit.loop import FitConfig, Group, checkpoint_key, products_in
from imprint.fit.losses import exact_rows
from imprint.fit.rows import make_row, prefill, run_rows
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.addressing import (
    ASK,
    FORESEEN,
    NO,
    STATEMENT,
    YES,
    GateConfig,
    Keys,
    attention,
    facts_of,
    slot_scores,
)
from imprint.methods.parts.inside import leave_one_out
from imprint.methods.parts.key_tensors import key_tensors, keys_of
from imprint.methods.parts.network_file import shared_network
from imprint.methods.parts.nullkeys import shared_null_keys, stamp
from imprint.methods.parts.projector import ProjectorConfig
from imprint.methods.parts.slots import JointSlots, PublishedSlots, SharedSlots, Slots
from imprint.methods.parts.study_rows import fit_rows
from imprint.study.bank import null_wordings
from imprint.study.questions import statement_of, wordings_of
from imprint.study.reader import NO_LINE, Reader, lines_before, read_on
from imprint.study.readers import RULES
from imprint.tensors import Injection, Memory, SoftPrompt
from imprint.types import Effects, Fact, ImprintError, Question, Study, Trace, Turn, Why

NO_NETWORK = (
    "There is no shared network for this model: slots and network are fitted together for the one user, which takes"
    " longer, and nothing is read before. imprint train lpm makes one."
)


@dataclass(frozen=True)
class LPMConfig:
    """Table [methods.lpm]."""

    form: Literal["associative", "published"] = "associative"
    network: Literal["auto", "none"] = "auto"
    """auto: read slots through the shared network where there is one for the backbone and this placement."""
    writer: Literal["fitted", "amortised"] = "fitted"
    """fitted: a sleep moves the slots by gradient where they do not answer right; amortised: slots stay as written."""
    placement: Literal["late", "prefix"] = "late"
    """Where the soft prompt stands (METHODS 5)."""
    distill: float = 0.0
    """alpha of METHODS 4.1: 0 = cross-entropy on the answer, 1 = distillation from the model reading the text."""
    value_rows: int = 10
    """Embedding rows a slot keeps of its answer. This and frame_rows: without a shared network."""
    frame_rows: int = 2
    """Soft tokens on either side of the value rows."""
    keys: int = 16
    """Most question wordings kept as keys of a fact."""
    study_rows: int = 2
    """Recall questions a fact is fitted on; the rest are keys only."""
    yes_no_rows: int = 8
    """Yes questions, and no questions, that the two shared answer slots are fitted on; the rest are keys only."""
    rate: float = 2e-2
    """Learning rate of slots and network, where they are fitted together."""
    residual_rate: float = 0.2
    """Learning rate of the slots alone, before a shared network."""
    gate: GateConfig = GateConfig()
    projector: ProjectorConfig = ProjectorConfig()
    fit: FitConfig = FitConfig()
    refit: FitConfig = FitConfig(epochs=20, least=0)
    """The fit of the slots alone. Its seed is that of `fit`."""

    def __post_init__(self) -> None:
        if min(self.value_rows, self.keys, self.study_rows) < 1 or self.frame_rows < 0:
            raise ValueError("value_rows, keys and study_rows must be at least 1, frame_rows at least 0")
        if not 0 <= self.distill <= 1:
            raise ValueError(f"distill is {self.distill}, expected 0 to 1")


@dataclass(frozen=True)
class Address:
    """Where a question leads."""

    weights: Float[Tensor, " n"]
    """Attention over the slots."""
    speaks: bool
    """Whether the gate opens."""
    told: float
    null: float
    nearest: str
    """These three: see `Why`."""


class LPM(Method):
    """Facts become slots when they are told, and are fitted against the frozen model when the companion sleeps."""

    name: ClassVar[str] = "lpm"
    version: ClassVar[int] = 4
    studies: ClassVar[bool] = True
    config_class: ClassVar[type] = LPMConfig
    config: LPMConfig

    def __init__(self, config: LPMConfig, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        self.network = None
        if config.form == "associative" and config.network == "auto":
            self.network = shared_network(backbone, config.placement)
        weights = stamp(encoder, null_wordings()) + (self.network.stamp if self.network else "")
        super().__init__(config, backbone, encoder, reader, weights)
        if config.writer == "amortised" and self.network is None:
            raise ImprintError(
                'writer = "amortised" needs a shared network, and this model and placement have none',
                'Make one: imprint train lpm. Or set writer = "fitted" in [methods.lpm]',
            )
        if config.form == "associative" and config.network == "auto" and self.network is None:
            self.notice = NO_NETWORK
        self._slots = self._opened()

    def _opened(self) -> Slots:
        c = self.config
        if c.form == "published":
            return PublishedSlots(self.backbone, c.projector, c.placement, c.fit.seed)
        if self.network is None:
            return JointSlots(self.backbone, c.value_rows, c.frame_rows)
        return SharedSlots(self.network.network, self.backbone)

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """New facts get a slot with keys and value; a changed fact overwrites the value behind the same key."""
        old = facts_of(memory)
        source, text = memory.meta.get("line", NO_LINE)
        facts, line = read_on(self.reader, old, turns, (source, text))
        meta = {**memory.meta, "line": list(line)} if self.reader.answers and turns else memory.meta
        if facts == old:
            return memory if meta == memory.meta else replace(memory, meta=meta)
        kept = [old.index(fact) if fact in old else -1 for fact in facts]
        fresh = [i for i, k in enumerate(kept) if k < 0]
        keys = keys_of(memory, self.encoder).moved(kept).joined(self._keys([facts[i] for i in fresh], fresh))
        tensors = {name: tensor for name, tensor in memory.tensors.items() if name != FORESEEN}
        tensors |= {**key_tensors(keys, self.encoder), **self._foreseen(memory, turns, facts)}
        tensors = {**self._slots.shared(), **tensors}
        for name, rows in self._slots.written([facts[i].value for i in fresh]).items():
            held = memory.tensors.get(name, rows[:0])
            place = [k if k >= 0 else len(held) + fresh.index(i) for i, k in enumerate(kept)]
            tensors[name] = torch.cat([held, rows])[place]
        return Memory(memory.fingerprint, tensors, {**meta, "facts": [asdict(fact) for fact in facts]})

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the slots, and without a shared network what reads them, on the study questions; keys stay.

        With a shared network only facts are fitted whose questions are not answered right as they were written.
        """
        facts, c = facts_of(memory), self.config
        if not facts:
            return memory
        keys = keys_of(memory, self.encoder).joined(self._yes_no_keys(facts, study))
        memory = replace(memory, tensors={**memory.tensors, **key_tensors(keys, self.encoder)})
        if c.writer == "amortised":
            return memory
        questions = fit_rows(facts, study, c.study_rows, c.yes_no_rows if self._slots.answers else 0)
        rows = [make_row(self.backbone, question, c.placement) for question in questions]
        run.progress.start("prefill", len({row.head for row in rows}))
        ready = prefill(self.backbone, rows, run.progress.advance)
        weights = self._study_weights(memory, questions, keys, len(facts))
        reader = self._slots.reader(memory)

        def forward(chosen: list[int]) -> Forced:
            batch = [ready[i] for i in chosen]
            return run_rows(self.backbone, batch, self._slots.soft(reader, weights[chosen], batch))

        wrong, config, rate = list(range(len(questions))), c.fit, c.rate
        if self._slots.writes:
            whole = {i for i, fact in enumerate(facts) if self._slots.holds(fact.value)}
            wrong = [i for i in _not_exact(forward, questions, c.fit, run) if questions[i].fact in whole]
            config, rate = replace(c.refit, seed=c.fit.seed), c.residual_rate
        fitted: dict[str, Tensor] = {}
        if wrong:
            left = [questions[i] for i in wrong]
            objective = taught(self.backbone, left, own_turns(left, study), c.distill, run)
            group, key = Group(dict(reader.named_parameters()), rate), checkpoint_key(memory.fingerprint, left)
            fitted = learn(group, lambda chosen: forward([wrong[i] for i in chosen]), objective, config, run, key)
        held = {name: tensor.to(memory.tensors.get(name, tensor).dtype) for name, tensor in fitted.items()}
        return replace(memory, tensors={**memory.tensors, **held}, meta={**memory.meta, "fitted": True})

    def _study_weights(
        self, memory: Memory, questions: Sequence[Question], keys: Keys, facts: int
    ) -> Float[Tensor, "b n"]:
        if FORESEEN in memory.tensors or self._slots.writes:
            return _own_slots(questions, facts)
        queries = self.encoder.encode([question.text for question in questions])
        return self._attention(memory, queries, slot_scores(queries, keys, facts, self.config.gate))

    def trainable(self, memory: Memory) -> int:
        """Slots, and without shared weights what reads them too."""
        if not memory.meta.get("fitted"):
            return 0
        return sum(memory.tensors[name].numel() for name, _ in self._slots.reader(memory).named_parameters())

    @property
    def slots(self) -> Slots:
        """How slots are written and read."""
        return self._slots

    def _speaks(self, memory: Memory) -> bool:
        return self._slots.writes and bool(facts_of(memory)) or bool(memory.meta.get("fitted"))

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The soft prompt for the last user turn, or nothing where no told key is nearest."""
        if not self._speaks(memory) or not turns:
            return None
        found = self.address(memory, turns[-1].text)
        if not found.speaks:
            return None
        with torch.no_grad():
            rows = self._slots.asked(turns[-1].text)
            soft = self._slots.soft(self._slots.reader(memory), found.weights[None], rows)[0]
        return SoftPrompt(soft, self.config.placement)

    def why(self, memory: Memory, turns: Sequence[Turn]) -> Why | None:
        """Attention of the last turn over the slots, and the gate's two likenesses; silent while no slot is read."""
        facts = facts_of(memory)
        if not facts:
            return None
        found = self.address(memory, turns[-1].text)
        weights = found.weights.tolist()
        answers = [Fact("answer", word, word, "") for word in ("yes", "no")]
        traces = [
            Trace(fact, weight) for fact, weight in zip([*facts, *answers], weights, strict=True) if weight > 0.005
        ]
        speaks = found.speaks and self._speaks(memory)
        return Why(speaks, found.told, found.null, found.nearest, tuple(sorted(traces, key=lambda t: -t.weight)))

    def effects(self, memory: Memory, turns: Sequence[Turn], sampling: Sampling, most: int = 5) -> Effects | None:
        """Each slot in turn taken out of the memory: the user's own, those that the last turn attends to most."""
        return leave_one_out(self, memory, turns, sampling, most)

    def address(self, memory: Memory, question: str) -> Address:
        """Attention over the slots and the gate's verdict, whether or not the slots can be read yet."""
        facts, gate = facts_of(memory), self.config.gate
        query = self.encoder.encode([question])
        shared = shared_null_keys(self.encoder)
        personal = shared.personal(query[0]) >= gate.personal
        scores = slot_scores(query, keys_of(memory, self.encoder), len(facts), gate, personal)
        weights = self._attention(memory, query, scores)[0]
        null, nearest = shared.nearest(query[0], facts)
        if FORESEEN in memory.tensors and int(scores[0].argmax()) < len(facts):
            texts = (question,) if gate.wording else ()
            told = self.reader.likely(query, memory.tensors[FORESEEN].float(), texts)[1].item()
            return Address(weights, told >= gate.probable, told, 1 - told, nearest)
        told = scores.max().item()
        return Address(weights, bool(facts) and told >= gate.floor and told > null + gate.margin, told, null, nearest)

    def _attention(
        self, memory: Memory, queries: Float[Tensor, "b e"], scores: Float[Tensor, "b n"]
    ) -> Float[Tensor, "b n"]:
        """Over the slots: by their keys, or, where the reader foresaw questions, by those.

        A question that is nearest to a yes or no question goes to the slots of these answers either way.
        """
        weights = attention(scores, self.config.gate)
        if FORESEEN not in memory.tensors:
            return weights
        foreseen = memory.tensors[FORESEEN].float()
        logits, _ = self.reader.likely(queries, foreseen)
        own = torch.nn.functional.pad((self.config.gate.decided * logits).softmax(-1), (0, 2))
        return torch.where((scores.argmax(1) < len(foreseen))[:, None], own, weights)

    def _keys(self, facts: Sequence[Fact], numbers: Sequence[int]) -> Keys:
        """Keys of new facts: the bank's wordings of their kind, and the statement itself."""
        texts: list[str] = []
        fact, use = [], []
        for number, told in zip(numbers, facts, strict=True):
            wordings = wordings_of(told)[: self.config.keys]
            texts += [*wordings, statement_of(told)]
            fact += [number] * (len(wordings) + 1)
            use += [ASK] * len(wordings) + [STATEMENT]
        return Keys(
            shared_null_keys(self.encoder).encode(texts),
            torch.tensor(fact, dtype=torch.int64),
            torch.tensor(use, dtype=torch.int64),
        )

    def _foreseen(self, memory: Memory, turns: Sequence[Turn], facts: Sequence[Fact]) -> dict[str, Tensor]:
        """What the reader foresaw of each fact; nothing where it foresees nothing.

        A fact that only lost something keeps its turn, and what was foreseen of it.
        """
        source, text = memory.meta.get("line", NO_LINE)
        answered, _ = lines_before(turns, (source, text))
        said = {turn.id: (turn.text, before) for turn, before in zip(turns, answered, strict=True)}
        held = {
            (old.turn, old.kind, old.about): row
            for old, row in zip(facts_of(memory), memory.tensors.get(FORESEEN, ()), strict=False)
        }
        rows: list[Tensor | None] = []
        for fact in facts:
            row = held.get((fact.turn, fact.kind, fact.about))
            rows.append(self.reader.foresee(fact, *said[fact.turn]) if row is None and fact.turn in said else row)
        known = [row for row in rows if row is not None]
        if not known:
            return {}
        none = torch.zeros_like(known[0])  # likely for no question
        return {FORESEEN: torch.stack([(none if row is None else row).half() for row in rows])}

    def _yes_no_keys(self, facts: Sequence[Fact], study: Study) -> Keys:
        place = {fact: i for i, fact in enumerate(facts)}
        asked = [q for q in study.questions if q.kind in ("yes", "no")]
        fact = torch.tensor([place[study.facts[q.fact]] for q in asked], dtype=torch.int64)
        use = torch.tensor([YES if q.kind == "yes" else NO for q in asked], dtype=torch.int64)
        return Keys(shared_null_keys(self.encoder).encode([q.text for q in asked]), fact, use)


@torch.no_grad()
def _not_exact(
    forward: Callable[[list[int]], Forced], questions: Sequence[Question], config: FitConfig, run: Run
) -> list[int]:
    """Numbers of the questions about facts one of whose answers is not exact before any fit."""
    run.progress.start("read", len(questions))
    missed = set()
    for start in range(0, len(questions), config.batch):
        chosen = list(range(start, min(start + config.batch, len(questions))))
        with products_in(config.precision):
            out = forward(chosen)
        exact = exact_rows(out.logits, out.targets).tolist()
        missed |= {questions[i].fact for i, right in zip(chosen, exact, strict=True) if not right}
        run.progress.advance(chosen[-1] + 1)
    return [i for i, question in enumerate(questions) if question.fact in missed]


def _own_slots(questions: Sequence[Question], facts: int) -> Float[Tensor, "b n"]:
    """Each study question at the slot that answers it, whatever a reader that guesses kinds makes of its wording."""
    answers = {"yes": facts, "no": facts + 1}
    places = torch.tensor([answers.get(question.kind, question.fact) for question in questions])
    return torch.nn.functional.one_hot(places, facts + 2).float()
