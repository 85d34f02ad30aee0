"""The baseline of plain soft prompts: k rows a user, the same for every question (arXiv 2104.08691).

Fitted on the study questions alone; no slots, no gate. METHODS 2.3 names it LPM's baseline, 4.5 its initialisation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.score import Forced
from imprint.fit.carriers import learn, own_turns, taught
from imprint.fit.loop import FitConfig, Group, checkpoint_key
from imprint.fit.rows import make_row, prefill, run_rows
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.projector import rms_clamp
from imprint.methods.parts.study_rows import fit_rows
from imprint.methods.parts.transcript import said_in
from imprint.tensors import Injection, Memory, SoftPrompt
from imprint.types import Study, Turn


@dataclass(frozen=True)
class PromptTuningConfig:
    """Table [methods.prompt_tuning]."""

    tokens: int = 32
    """k, soft tokens a user."""
    init: Literal["text", "vocabulary"] = "text"
    """What the rows start from: embeddings of the last tokens the user said, or of random tokens."""
    placement: Literal["late", "prefix"] = "late"
    """Where the rows stand (METHODS 5)."""
    clamp: bool = True
    """Keep every row at the root mean square of the embedding table (METHODS 1.8 F2)."""
    distill: float = 0.0
    """alpha of METHODS 4.1: 0 = cross-entropy on the answer, 1 = distillation from the model reading the turn."""
    study_rows: int = 2
    """Recall questions a fact is fitted on."""
    yes_no_rows: int = 8
    """Yes questions, and no questions, in the fit."""
    rate: float = 3e-2
    """Learning rate of the rows."""
    fit: FitConfig = FitConfig()

    def __post_init__(self) -> None:
        if min(self.tokens, self.study_rows) < 1 or self.yes_no_rows < 0:
            raise ValueError("tokens and study_rows must be at least 1, yes_no_rows at least 0")
        if not 0 <= self.distill <= 1:
            raise ValueError(f"distill is {self.distill}, expected 0 to 1")


class PromptTuning(Method):
    """One soft prompt a user, injected whatever is asked."""

    name: ClassVar[str] = "prompt_tuning"
    version: ClassVar[int] = 1
    studies: ClassVar[bool] = True
    config_class: ClassVar[type] = PromptTuningConfig
    config: PromptTuningConfig

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Returns the memory unchanged: this method learns asleep only."""
        return memory

    def consolidate(self, memory: Memory, study: Study, run: Run) -> Memory:
        """Fit the rows on the study questions; a study without questions leaves the memory as it was."""
        c = self.config
        questions = fit_rows(study.facts, study, c.study_rows, c.yes_no_rows)
        if not questions:
            return memory
        rows = [make_row(self.backbone, question, c.placement) for question in questions]
        run.progress.start("prefill", len({row.head for row in rows}))
        ready = prefill(self.backbone, rows, run.progress.advance)
        objective = taught(self.backbone, questions, own_turns(questions, study), c.distill, run)
        soft = self._start(study).requires_grad_()

        def forward(chosen: list[int]) -> Forced:
            prompt = self._scaled(soft).expand(len(chosen), -1, -1)
            return run_rows(self.backbone, [ready[i] for i in chosen], prompt)

        key = checkpoint_key(memory.fingerprint, questions, study.turns)
        fitted = learn(Group({"rows": soft}, c.rate), forward, objective, c.fit, run, key)
        return Memory(memory.fingerprint, fitted, {"fitted": True})

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The user's rows; None before the first sleep."""
        if not memory.meta.get("fitted"):
            return None
        return SoftPrompt(self._scaled(memory.tensors["rows"]), self.config.placement)

    def trainable(self, memory: Memory) -> int:
        """k times d."""
        return sum(tensor.numel() for tensor in memory.tensors.values())

    def _scaled(self, rows: Float[Tensor, "k d"]) -> Float[Tensor, "k d"]:
        return rms_clamp(rows, self.backbone.rho) if self.config.clamp else rows

    @torch.no_grad()
    def _start(self, study: Study) -> Float[Tensor, "k d"]:
        """The rows before the fit."""
        k = self.config.tokens
        if self.config.init == "vocabulary":
            vocabulary = self.backbone.logits(self.backbone.embed(torch.tensor([0]))).shape[-1]
            ids = torch.randint(vocabulary, (k,), generator=torch.Generator().manual_seed(self.config.fit.seed))
        else:
            said = self.backbone.tokenize(" ".join(one.text for one in said_in(study.turns)))[-k:]
            # Fewer tokens than rows: full stops stand before them.
            ids = torch.tensor([*self.backbone.tokenize(".")[:1] * (k - len(said)), *said])
        return self.backbone.embed(ids).clone()
