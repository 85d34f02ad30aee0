"""The baseline of weight adapters: one LoRA a user (arXiv 2106.09685), fitted on study answers or on the turns as told.

W x + (alpha / r) B A x for each target layer; A starts as PEFT's does, B at zero, so that an unfitted adapter is the
bare model. Rank and alpha are those of PrefEval's fine-tuning (arXiv 2502.09597); its rate, 2e-4, is for larger models.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from imprint.backbone.base import Backbone, Message
from imprint.backbone.score import Forced
from imprint.encode.base import Encoder
from imprint.fit.carriers import Objective, learn
from imprint.fit.loop import FitConfig, Group, checkpoint_key
from imprint.fit.rows import Row, make_row, run_whole
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.once import Once
from imprint.methods.parts.study_rows import fit_rows
from imprint.methods.parts.transcript import said_in
from imprint.study.reader import Reader
from imprint.study.readers import RULES
from imprint.tensors import Adapter, Injection, Memory
from imprint.types import Study, Turn

PIECE = 128
"""Most tokens of a turn in one row of plain fine-tuning; longer turns are learned in several."""


@dataclass(frozen=True)
class LoRAConfig:
    """Table [methods.lora]."""

    learn: Literal["study", "turns"] = "study"
    """study: cross-entropy on the answers of the study questions. turns: plain fine-tuning, next-token loss on the
    user's own turns as user messages."""
    rank: int = 16
    alpha: float = 32.0
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj")
    """Names of the adapted linear layers."""
    study_rows: int = 2
    """Recall questions a fact is fitted on."""
    yes_no_rows: int = 8
    """Yes questions, and no questions, in the fit."""
    rate: float = 3e-3
    """Learning rate. 2e-4, as published for models of billions of parameters, learned nothing in forty steps here."""
    fit: FitConfig = FitConfig()

    def __post_init__(self) -> None:
        if min(self.rank, self.study_rows) < 1 or self.yes_no_rows < 0:
            raise ValueError("rank and study_rows must be at least 1, yes_no_rows at least 0")
        if not self.targets:
            raise ValueError("targets names no layer")


class LoRA(Method):
    """An adapter a user, in force whatever is asked."""

    name: ClassVar[str] = "lora"
    version: ClassVar[int] = 1
    studies: ClassVar[bool] = True
    config_class: ClassVar[type] = LoRAConfig
    config: LoRAConfig

    def __init__(self, config: LoRAConfig, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        super().__init__(config, backbone, encoder, reader)
        self._adapter = Once(lambda memory: self._of(memory.tensors) if memory.meta.get("fitted") else None)

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Returns the memory unchanged: this method learns asleep only."""
        return memory

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the adapter; nothing to learn leaves the memory as it was."""
        c = self.config
        rows = self._turn_rows(study) if c.learn == "turns" else self._study_rows(study)
        if not rows:
            return memory
        adapter = self._of({name: tensor.requires_grad_() for name, tensor in self._start().items()})
        scopes: dict[int, AbstractContextManager[None]] = {}  # adapted layers are made once a batch size

        def forward(chosen: list[int]) -> Forced:
            size = len(chosen)
            if size not in scopes:
                scopes[size] = self.backbone.adapters([adapter] * size)
            with scopes[size]:
                return run_whole(self.backbone, [rows[i] for i in chosen])

        key = checkpoint_key(memory.fingerprint, rows)
        fitted = learn(Group(adapter.tensors, c.rate), forward, Objective(len(rows)), c.fit, run, key)
        return Memory(memory.fingerprint, fitted, {"fitted": True})

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The user's adapter; None before the first sleep."""
        return self._adapter(memory)

    def trainable(self, memory: Memory) -> int:
        """Entries of A and B over all target layers."""
        return sum(tensor.numel() for tensor in memory.tensors.values())

    def _of(self, tensors: Mapping[str, Tensor]) -> Adapter:
        return Adapter(tensors, self.config.rank, self.config.alpha, self.config.targets)

    def _start(self) -> dict[str, Tensor]:
        """A uniform in +-1/sqrt(inputs) (Kaiming with a = sqrt 5, as PEFT draws it), B zero."""
        random = torch.Generator().manual_seed(self.config.fit.seed)
        tensors = {}
        for name, shape in self.backbone.adapter_shapes(self.config.rank, self.config.targets).items():
            tensor = torch.zeros(shape)
            if ".lora_A." in name:
                torch.nn.init.kaiming_uniform_(tensor, a=math.sqrt(5), generator=random)
            tensors[name] = tensor
        return tensors

    def _study_rows(self, study: Study) -> list[Row]:
        questions = fit_rows(study.facts, study, self.config.study_rows, self.config.yes_no_rows)
        return [make_row(self.backbone, question, "late") for question in questions]

    def _turn_rows(self, study: Study) -> list[Row]:
        """Each turn after the header of a user message; the loss is on its own tokens."""
        prompt = self.backbone.prompt([Message("user", "a")], None, PIECE)
        header, rows = prompt.ids[: prompt.prefix_at], []
        for said in said_in(study.turns):
            ids = self.backbone.tokenize(said.text)
            rows += [Row((), header, tuple(ids[at : at + PIECE]), -1) for at in range(0, len(ids), PIECE)]
        return rows
