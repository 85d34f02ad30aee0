"""A KV prefix a user (Cartridges, arXiv 2506.06266): keys and values of p positions, distilled from reading the turns.

As published (METHODS 4.7): the first entry is frozen, the entries start as the cache of real text, and the objective
is distillation on self-study. Published run: p = 2048, Adam at 2e-2, 2 epochs, batch 64, 65,536 conversations,
Llama-3.2-3B. Ours differs in size (p = 64), in its study (rules), and starts from the last told text (METHODS 4.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone, Message
from imprint.backbone.score import Forced
from imprint.encode.base import Encoder
from imprint.fit.carriers import learn, taught
from imprint.fit.loop import FitConfig, Group, checkpoint_key
from imprint.fit.rows import make_row, run_whole
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.once import Once
from imprint.methods.parts.study_rows import fit_rows
from imprint.methods.parts.transcript import SHARE, fitting, said_in
from imprint.study.reader import Reader
from imprint.study.readers import RULES
from imprint.tensors import Context, Injection, KVPrefix, Memory
from imprint.types import Study, Turn


@dataclass(frozen=True)
class CartridgeConfig:
    """Table [methods.cartridge]."""

    tokens: int = 64
    """p, entries of the prefix; fewer where less was told."""
    frozen: int = 1
    """First entries that keep the keys and values of real text: attention sinks."""
    init: Literal["last", "first"] = "last"
    """Text the entries start from: the prompt's first token and the last p - 1 told (METHODS 4.5), or the first p
    tokens of the system message that holds the turns (published)."""
    distill: float = 1.0
    """alpha of METHODS 4.1: 1 = distillation from the model reading the turns, 0 = cross-entropy on the answer."""
    share: float = SHARE
    """Share of the model's window that the teacher's turns may fill, newest first."""
    study_rows: int = 2
    """Recall questions a fact is fitted on."""
    yes_no_rows: int = 8
    """Yes questions, and no questions, in the fit."""
    rate: float = 2e-2
    """Learning rate (METHODS 4.7: 1e-2 to 3e-2)."""
    fit: FitConfig = FitConfig()

    def __post_init__(self) -> None:
        if self.study_rows < 1 or self.yes_no_rows < 0:
            raise ValueError("study_rows must be at least 1, yes_no_rows at least 0")
        if not 0 <= self.frozen < self.tokens:
            raise ValueError(f"frozen is {self.frozen}, expected 0 to {self.tokens - 1}: one less than tokens")
        if not 0 <= self.distill <= 1 or not 0 < self.share < 1:
            raise ValueError("distill must be 0 to 1, share between 0 and 1")


class Cartridge(Method):
    """A short KV cache a user, in front of every conversation."""

    name: ClassVar[str] = "cartridge"
    version: ClassVar[int] = 1
    studies: ClassVar[bool] = True
    config_class: ClassVar[type] = CartridgeConfig
    config: CartridgeConfig

    def __init__(self, config: CartridgeConfig, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        super().__init__(config, backbone, encoder, reader)
        self._prefix = Once(lambda memory: KVPrefix(memory.tensors["kv"]) if memory.meta.get("fitted") else None)

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Returns the memory unchanged: this method learns asleep only."""
        return memory

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the entries on the study questions; a study without questions leaves the memory as it was."""
        c = self.config
        questions = fit_rows(study.facts, study, c.study_rows, c.yes_no_rows)
        context = self._reading(study)
        if not questions or context is None:
            return memory
        rows = [make_row(self.backbone, question, "late") for question in questions]
        objective = taught(self.backbone, questions, [context] * len(questions), c.distill, run)
        start = self.start(context)
        frozen, learned = start[..., : c.frozen, :], start[..., c.frozen :, :].clone().requires_grad_()

        def forward(chosen: list[int]) -> Forced:
            return run_whole(self.backbone, [rows[i] for i in chosen], torch.cat([frozen, learned], 3))

        key = checkpoint_key(memory.fingerprint, questions, context)
        fitted = learn(Group({"kv": learned}, c.rate), forward, objective, c.fit, run, key)
        return Memory(memory.fingerprint, {"kv": torch.cat([frozen, fitted["kv"]], 3)}, {"fitted": True})

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The user's KV prefix; None before the first sleep."""
        return self._prefix(memory)

    def trainable(self, memory: Memory) -> int:
        """2 l h_kv d_h for each entry that is not frozen."""
        return sum(kv[..., self.config.frozen :, :].numel() for kv in memory.tensors.values())

    @torch.no_grad()
    def start(self, context: Context) -> Float[Tensor, "l 2 h_kv p d_h"]:
        """The entries before the fit: the model reads their tokens, and only those, at positions 0 to p - 1."""
        p = self.config.tokens
        prompt = self.backbone.prompt([Message("user", "a")], context, 0)
        if self.config.init == "first":
            ids = prompt.ids[: min(p, prompt.prefix_at)]
        else:
            ids = (*prompt.ids[:1], *self.backbone.tokenize(context.text)[-(p - 1) :][: p - 1])
        cache = self.backbone.new_cache()
        rows = self.backbone.embed(torch.tensor([ids]))
        self.backbone.hidden(rows, torch.ones(1, len(ids), dtype=torch.bool), cache)
        return self.backbone.read_cache(cache)[:, :, 0].clone()

    def _reading(self, study: Study) -> Context | None:
        """What the teacher reads: the user's own turns, the newest that fit."""
        said = said_in(study.turns)
        budget = int(self.config.share * self.backbone.window)
        text = fitting(self.backbone, said, range(len(said) - 1, -1, -1), "notes", budget)
        return Context(text) if text else None
