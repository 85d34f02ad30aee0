"""Prompt tuning (arXiv 2104.08691): where the rows start and what one step of the fit makes of them."""

import pytest
import torch
from torch import Tensor

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.fit.loop import FitConfig
from imprint.fit.rows import make_row
from imprint.fit.runs import Run
from imprint.methods.prompt_tuning import PromptTuning, PromptTuningConfig
from imprint.tensors import Placement, SoftPrompt
from tests.equations import naive
from tests.equations.test_rows import naive_loss
from tests.equations.told import STUDY, TURNS, questions

ONE_STEP = FitConfig(least=0, epochs=1, batch=64)


def tuning(backbone: HFBackbone, config: PromptTuningConfig) -> PromptTuning:
    return PromptTuning(config, backbone, Hashing())


def test_rows_start_as_the_last_tokens_the_user_said(backbone: HFBackbone) -> None:
    said = " ".join(turn.text for turn in TURNS)
    table = backbone.model.get_input_embeddings()
    assert torch.equal(
        tuning(backbone, PromptTuningConfig(tokens=5))._start(STUDY), table(torch.tensor(backbone.tokenize(said)[-5:]))
    )
    padded = tuning(backbone, PromptTuningConfig(tokens=len(said) + 2))._start(STUDY)
    assert torch.equal(padded, table(torch.tensor(backbone.tokenize(".." + said))))


def test_rows_start_as_random_tokens_of_the_seed(backbone: HFBackbone) -> None:
    table = backbone.model.get_input_embeddings()(torch.arange(len(backbone.tokenizer)))
    drawn = [
        tuning(backbone, PromptTuningConfig(tokens=6, init="vocabulary", fit=FitConfig(seed=seed)))._start(STUDY)
        for seed in (0, 0, 1)
    ]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    for row in drawn[0]:
        assert (table == row).all(1).any()


def clamped(rows: Tensor, rho: float) -> Tensor:
    """P_i = rho Phat_i / rms(Phat_i), row by row."""
    return torch.stack([rho * row / (sum(x * x for x in row) / len(row)) ** 0.5 for row in rows])


@pytest.mark.parametrize("placement", ["late", "prefix"])
@pytest.mark.parametrize("clamp", [True, False])
def test_one_step_is_adam_on_the_gradient_of_the_plain_forward(
    backbone: HFBackbone, placement: Placement, clamp: bool
) -> None:
    config = PromptTuningConfig(2, placement=placement, clamp=clamp, study_rows=1, rate=0.03, fit=ONE_STEP)
    method = tuning(backbone, config)
    fitted = method.consolidate(method.empty(), STUDY, Run()).tensors["rows"]
    start = method._start(STUDY).requires_grad_()
    rows = [make_row(backbone, question, placement) for question in questions()]
    soft = clamped(start, backbone.rho) if clamp else start
    (gradient,) = torch.autograd.grad(naive_loss(backbone, rows, soft.expand(len(rows), -1, -1)), start)
    assert (gradient.abs() > 1e-5).double().mean() > 0.9
    for i, j in (gradient.abs() > 1e-5).nonzero().tolist():
        stepped = naive.adam(float(start[i, j].detach()), lambda _, g=float(gradient[i, j]): g, 0.03, 1)[1]
        assert float(fitted[i, j]) == pytest.approx(stepped, abs=1e-4)


def test_what_is_read_is_at_the_scale_of_the_embedding_table() -> None:
    backbone = tiny_backbone("llama")
    for clamp in (True, False):
        method = tuning(backbone, PromptTuningConfig(tokens=4, clamp=clamp, fit=ONE_STEP))
        memory = method.consolidate(method.empty(), STUDY, Run())
        soft = method.read(memory, TURNS[:1])
        assert isinstance(soft, SoftPrompt)
        rows = memory.tensors["rows"]
        assert (soft.rows - (clamped(rows, backbone.rho) if clamp else rows)).abs().max() < 1e-6
