"""Latent Personal Memory: a user's slots, read by cross-attention, become a soft prompt for the frozen model.

arXiv 2606.20911. Two forms: `associative` (METHODS 5.1, 5.2, ours: a slot is written as key and value, then refined by
gradient) and `published` (METHODS 2.3: slots from noise read through the projection network). Without shared weights,
the network is fitted together with the slots of one user.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from imprint.backbone.base import Backbone
from imprint.backbone.score import Forced
from imprint.encode.base import Encoder
from imprint.fit.carriers import learn, own_turns, taught
from imprint.fit.loop import FitConfig, Group, checkpoint_key
from imprint.fit.rows import Prefilled, input_states, make_row, prefill, run_rows
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.addressing import (
    ASK,
    NO,
    STATEMENT,
    YES,
    GateConfig,
    Keys,
    attention,
    facts_of,
    keys_of,
    slot_scores,
)
from imprint.methods.parts.nullkeys import shared_null_keys, stamp
from imprint.methods.parts.projector import ProjectorConfig, PublishedReader, rms_clamp
from imprint.methods.parts.study_rows import fit_rows
from imprint.study.bank import null_wordings
from imprint.study.questions import statement_of, wordings_of
from imprint.study.reader import NO_LINE, Reader, lines_before, read_on
from imprint.study.readers import RULES
from imprint.tensors import Injection, Memory, SoftPrompt
from imprint.types import Fact, Question, Study, Trace, Turn, Why

FORESEEN = "foreseen"
"""Tensor [n, f]: for each fact, the questions that the reader foresaw when it read its turn (`Reader.foresee`)."""
FRAME = (" The answer is", ". So the answer is")
"""Text whose embeddings start the soft tokens before and after the value rows (METHODS 5.1)."""


@dataclass(frozen=True)
class LPMConfig:
    """Table [methods.lpm]."""

    form: Literal["associative", "published"] = "associative"
    placement: Literal["late", "prefix"] = "late"
    """Where the soft prompt stands (METHODS 5)."""
    distill: float = 0.0
    """alpha of METHODS 4.1: 0 = cross-entropy on the answer, 1 = distillation from the model reading the text."""
    value_rows: int = 10
    """Embedding rows a slot keeps of its answer."""
    frame_rows: int = 2
    """Shared soft tokens on either side of the value rows."""
    keys: int = 16
    """Most question wordings kept as keys of a fact."""
    study_rows: int = 2
    """Recall questions a fact is fitted on; the rest are keys only."""
    yes_no_rows: int = 8
    """Yes questions, and no questions, that the two shared answer slots are fitted on; the rest are keys only."""
    rate: float = 2e-2
    """Learning rate of slots and network."""
    gate: GateConfig = GateConfig()
    projector: ProjectorConfig = ProjectorConfig()
    fit: FitConfig = FitConfig()

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


class AssociativeReader(nn.Module):
    """Slots [n, r, d] -> soft prompt: the attended value rows between two shared frames, at the embedding scale.

    P = clamp([before ; sum_i a_i value_i + shift ; after]) (METHODS 5.1 with every U_j the identity).
    """

    def __init__(self, tensors: Mapping[str, Tensor], rho: float) -> None:
        super().__init__()
        self.values = nn.Parameter(tensors["values"].clone())
        self.answers = nn.Parameter(tensors["answers"].clone())
        self.shift = nn.Parameter(tensors["shift"].clone())
        self.before = nn.Parameter(tensors["before"].clone())
        self.after = nn.Parameter(tensors["after"].clone())
        self.rho = rho

    def forward(self, weights: Float[Tensor, "b n"]) -> Float[Tensor, "b k d"]:
        """weights: attention over the slots, one row a question; the last two slots are Yes and No."""
        value = torch.einsum("bn,nrd->brd", weights, torch.cat([self.values, self.answers])) + self.shift
        b = len(weights)
        rows = torch.cat([self.before.expand(b, -1, -1), value, self.after.expand(b, -1, -1)], 1)
        return rms_clamp(rows, self.rho)


class LPM(Method):
    """Facts become slots when they are told, and are fitted against the frozen model when the companion sleeps."""

    name: ClassVar[str] = "lpm"
    version: ClassVar[int] = 3
    studies: ClassVar[bool] = True
    config_class: ClassVar[type] = LPMConfig
    config: LPMConfig

    def __init__(self, config: LPMConfig, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        super().__init__(config, backbone, encoder, reader, stamp(encoder, null_wordings()))

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
        tensors |= {**keys.tensors(), **self._foreseen(memory, turns, facts)}
        if self.config.form == "associative":
            old_values = memory.tensors.get("values")
            rows = [
                self._value(f.value) if k < 0 or old_values is None else old_values[k]
                for k, f in zip(kept, facts, strict=True)
            ]
            tensors = {
                **self._frame(),
                **tensors,
                "values": torch.stack(rows) if rows else torch.zeros(0, self.config.value_rows, self.backbone.width),
            }
        return Memory(memory.fingerprint, tensors, {**meta, "facts": [asdict(fact) for fact in facts]})

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the slots and what reads them on the study questions; keys stay where they are."""
        facts = facts_of(memory)
        if not facts:
            return memory
        c = self.config
        questions = fit_rows(facts, study, c.study_rows, c.yes_no_rows)
        keys = keys_of(memory, self.encoder).joined(self._yes_no_keys(facts, study))
        memory = replace(memory, tensors={**memory.tensors, **keys.tensors()})
        rows = [make_row(self.backbone, question, c.placement) for question in questions]
        run.progress.start("prefill", len({row.head for row in rows}))
        ready = prefill(self.backbone, rows, run.progress.advance)
        objective = taught(self.backbone, questions, own_turns(questions, study), c.distill, run)
        queries = self.encoder.encode([question.text for question in questions])
        if FORESEEN in memory.tensors:
            weights = _own_slots(questions, len(facts))
        else:
            weights = self._attention(memory, queries, slot_scores(queries, keys, len(facts), c.gate))
        reader = self._reader(memory)

        def forward(chosen: list[int]) -> Forced:
            batch = [ready[i] for i in chosen]
            return run_rows(self.backbone, batch, self._soft(reader, weights[chosen], batch))

        group = Group(dict(reader.named_parameters()), c.rate)
        fitted = learn(group, forward, objective, c.fit, run, checkpoint_key(memory.fingerprint, questions))
        return replace(memory, tensors={**memory.tensors, **fitted}, meta={**memory.meta, "fitted": True})

    def trainable(self, memory: Memory) -> int:
        """Slots and what reads them: without shared weights all of it is fitted for the one user."""
        if not memory.meta.get("fitted"):
            return 0
        return sum(memory.tensors[name].numel() for name, _ in self._reader(memory).named_parameters())

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The soft prompt for the last user turn, or nothing where no told key is nearest."""
        if not memory.meta.get("fitted") or not turns:
            return None
        found = self._address(memory, turns[-1].text)
        if not found.speaks:
            return None
        rows: list[Prefilled] = []
        if self.config.form == "published":
            question = Question(turns[-1].text, "", "recall", turns[-1].id, 0)
            rows = prefill(self.backbone, [make_row(self.backbone, question, self.config.placement)], lambda done: None)
        with torch.no_grad():
            soft = self._soft(self._reader(memory), found.weights[None], rows)[0]
        return SoftPrompt(soft, self.config.placement)

    def why(self, memory: Memory, turns: Sequence[Turn]) -> Why | None:
        """Attention of the last turn over the slots, and the gate's two likenesses; silent before the first sleep."""
        facts = facts_of(memory)
        if not facts:
            return None
        found = self._address(memory, turns[-1].text)
        weights = found.weights.tolist()
        answers = [Fact("answer", word, word, "") for word in ("yes", "no")]
        traces = [
            Trace(fact, weight) for fact, weight in zip([*facts, *answers], weights, strict=True) if weight > 0.005
        ]
        speaks = found.speaks and bool(memory.meta.get("fitted"))
        return Why(speaks, found.told, found.null, found.nearest, tuple(sorted(traces, key=lambda t: -t.weight)))

    def _address(self, memory: Memory, question: str) -> Address:
        facts, gate = facts_of(memory), self.config.gate
        query = self.encoder.encode([question])
        shared = shared_null_keys(self.encoder)
        personal = shared.personal(query[0]) >= gate.personal
        scores = slot_scores(query, keys_of(memory, self.encoder), len(facts), gate, personal)
        weights = self._attention(memory, query, scores)[0]
        null, nearest = shared.nearest(query[0], facts)
        if FORESEEN in memory.tensors and int(scores[0].argmax()) < len(facts):
            told = self.reader.likely(query, memory.tensors[FORESEEN].float())[1].item()
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

    def _soft(
        self, reader: nn.Module, weights: Float[Tensor, "b n"], rows: Sequence[Prefilled]
    ) -> Float[Tensor, "b k d"]:
        if self.config.form == "associative":
            return reader(weights)
        return reader(*input_states(self.backbone, rows, self.config.placement))

    def _reader(self, memory: Memory) -> nn.Module:
        if self.config.form == "associative":
            return AssociativeReader(memory.tensors, self.backbone.rho)
        reader = PublishedReader(self.config.projector, self.backbone.width, self.backbone.rho, self.config.fit.seed)
        if memory.meta.get("fitted"):
            names = dict(reader.named_parameters())
            reader.load_state_dict({name: memory.tensors[name] for name in names})
        return reader

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

    def _value(self, text: str) -> Float[Tensor, "r d"]:
        """Embedding rows of the first tokens of an answer, filled up with those of a full stop (METHODS 5.1)."""
        return self._embedded(f" {text}", self.config.value_rows)

    def _frame(self) -> dict[str, Tensor]:
        """What all slots of a user share, before any fit: the frame, the shift, and the slots of Yes and No."""
        rows, frame = self.config.value_rows, self.config.frame_rows
        return {
            "answers": torch.stack([self._value("Yes"), self._value("No")]),
            "shift": torch.zeros(rows, self.backbone.width),
            "before": self._embedded(FRAME[0], frame),
            "after": self._embedded(FRAME[1], frame),
        }

    def _embedded(self, text: str, rows: int) -> Float[Tensor, "r d"]:
        ids = self.backbone.tokenize(text)[:rows]
        ids += self.backbone.tokenize(".")[:1] * (rows - len(ids))
        return self.backbone.embed(torch.tensor(ids, dtype=torch.int64)).detach().clone()


def _own_slots(questions: Sequence[Question], facts: int) -> Float[Tensor, "b n"]:
    """Each study question at the slot that answers it, whatever a reader that guesses kinds makes of its wording."""
    answers = {"yes": facts, "no": facts + 1}
    places = torch.tensor([answers.get(question.kind, question.fact) for question in questions])
    return torch.nn.functional.one_hot(places, facts + 2).float()
