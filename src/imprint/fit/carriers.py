"""One fit for whatever carries a memory into the model: soft rows, a KV prefix, LoRA tensors, slots.

A carrier brings its tensors and a forward pass; objective, steps, checkpoints and early stop are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone
from imprint.backbone.score import Forced
from imprint.fit.loop import FitConfig, Group, fit
from imprint.fit.losses import answer_cross_entropy, distillation, exact_rows, mixed
from imprint.fit.rows import Teacher, stack_teachers, teach_all
from imprint.fit.runs import Run
from imprint.tensors import Context
from imprint.types import Question, Study


@dataclass(frozen=True)
class Objective:
    """alpha L_KD + (1 - alpha) CE over the rows of a fit (METHODS 4.1)."""

    rows: int
    teachers: Sequence[Teacher] = ()
    """One a row; none for plain cross-entropy."""
    alpha: float = 0.0

    def loss(self, out: Forced, chosen: Sequence[int]) -> Float[Tensor, ""]:
        """Of the rows with these numbers, whose logits are `out`."""
        cross_entropy = answer_cross_entropy(out.logits, out.targets)
        if not self.teachers:
            return cross_entropy
        expected = stack_teachers([self.teachers[i] for i in chosen])
        return mixed(self.alpha, distillation(out.logits, *expected, out.targets != -100), cross_entropy)


def learn(
    group: Group,
    forward: Callable[[list[int]], Forced],
    objective: Objective,
    config: FitConfig,
    run: Run,
    key: str,
) -> dict[str, Tensor]:
    """Fit the group's tensors in place and return copies of what they became.

    forward: logits at the answers of the rows with these numbers. key: names the checkpoint. Raises `Interrupted`.
    """

    def step(chosen: list[int]) -> tuple[Tensor, Tensor]:
        out = forward(chosen)
        return objective.loss(out, chosen), exact_rows(out.logits, out.targets)

    fit([group], objective.rows, step, config, run, key)
    return {name: tensor.detach().clone() for name, tensor in group.tensors.items()}


def taught(
    backbone: Backbone, questions: Sequence[Question], contexts: Sequence[Context], alpha: float, run: Run
) -> Objective:
    """The objective of these study questions; teachers read the contexts, and none is asked where alpha is 0."""
    if alpha == 0:
        return Objective(len(questions))
    run.progress.start("teacher", len(questions))
    return Objective(len(questions), teach_all(backbone, questions, contexts, run.progress.advance), alpha)


def own_turns(questions: Sequence[Question], study: Study) -> list[Context]:
    """For each question, the one turn it was made from, as a teacher reads it."""
    said: Mapping[str, str] = {turn.id: turn.text for turn in study.turns}
    return [Context(f"The user said: {said[question.turn]}") for question in questions]
