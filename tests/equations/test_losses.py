"""What a fit minimises, token by token."""

from math import exp

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from imprint.fit.losses import answer_cross_entropy, distillation, exact_rows, mixed
from tests.equations import naive

CLOSE = 1e-5
PAD = -100
V = 7


@st.composite
def answers(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Logits and target ids of a batch, shorter answers padded on the right."""
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    random = torch.Generator().manual_seed(draw(st.integers(0, 999)))
    logits = torch.randn(len(lengths), max(lengths), V, generator=random) * draw(st.sampled_from([0.1, 1, 10]))
    targets = torch.full((len(lengths), max(lengths)), PAD)
    for i, length in enumerate(lengths):
        right = logits[i, :length].argmax(-1)
        wrong = torch.randint(V, (length,), generator=random)
        targets[i, :length] = right if draw(st.booleans()) else wrong
    return logits, targets


def spread(logits: Tensor, i: int, j: int) -> naive.Vector:
    """log q(w) over the whole vocabulary."""
    row = logits[i, j].double().tolist()
    return [x - naive.logsumexp(row) for x in row]


def places(targets: Tensor) -> list[tuple[int, int]]:
    b, a = targets.shape
    return [(i, j) for i in range(b) for j in range(a) if int(targets[i, j]) != PAD]


@given(answers())
@settings(deadline=None)
def test_cross_entropy_is_the_mean_over_answer_tokens(batch: tuple[Tensor, Tensor]) -> None:
    logits, targets = batch
    losses = [-spread(logits, i, j)[int(targets[i, j])] for i, j in places(targets)]
    assert float(answer_cross_entropy(logits, targets)) == pytest.approx(
        sum(losses) / len(losses), rel=CLOSE, abs=CLOSE
    )


@given(answers())
@settings(deadline=None)
def test_rows_are_exact_when_every_token_is_the_most_likely(batch: tuple[Tensor, Tensor]) -> None:
    logits, targets = batch
    expected = [True] * len(targets)
    for i, j in places(targets):
        row = logits[i, j].tolist()
        expected[i] = expected[i] and row[int(targets[i, j])] == max(row)
    assert exact_rows(logits, targets).tolist() == expected


@given(answers(), st.integers(1, V), st.integers(0, 999))
@settings(deadline=None)
def test_distillation_is_the_cross_entropy_to_the_teachers_top_tokens(
    batch: tuple[Tensor, Tensor], top: int, seed: int
) -> None:
    logits, targets = batch
    teacher = torch.randn(logits.shape, generator=torch.Generator().manual_seed(seed))
    log_probs, ids = teacher.log_softmax(-1).topk(top, dim=-1)
    total, tokens = 0.0, 0
    for i, j in places(targets):
        log_q = spread(logits, i, j)
        total += sum(-exp(float(log_probs[i, j, w])) * log_q[int(ids[i, j, w])] for w in range(top))
        tokens += 1
    loss = distillation(logits, ids, log_probs, targets != PAD)
    assert float(loss) == pytest.approx(total / tokens, rel=CLOSE, abs=CLOSE)


def example() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Three answer tokens and one of padding."""
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 2, V, generator=random)
    log_probs, ids = torch.randn(2, 2, V, generator=random).log_softmax(-1).topk(3, dim=-1)
    return logits, ids, log_probs, torch.tensor([[True, True], [True, False]])


def test_padding_is_not_read() -> None:
    logits, ids, log_probs, real = example()
    targets = torch.where(real, ids[..., 0], PAD)
    before = (answer_cross_entropy(logits, targets), distillation(logits, ids, log_probs, real))
    logits[1, 1] = 50 * torch.arange(V)
    ids[1, 1], log_probs[1, 1] = 0, 0.0
    assert answer_cross_entropy(logits, targets) == before[0]
    assert distillation(logits, ids, log_probs, real) == before[1]


def test_gradient_is_probability_minus_target_over_the_tokens() -> None:
    logits, ids, _, real = example()
    logits.requires_grad_()
    targets = torch.where(real, ids[..., 0], PAD)
    answer_cross_entropy(logits, targets).backward()
    assert logits.grad is not None
    for i, j in places(targets):
        q = [exp(x) for x in spread(logits.detach(), i, j)]
        expected = [(q[w] - (w == int(targets[i, j]))) / 3 for w in range(V)]
        assert logits.grad[i, j].tolist() == pytest.approx(expected, abs=CLOSE)
    assert logits.grad[1, 1].abs().max() == 0


def test_gradient_of_distillation_is_the_students_share_of_the_teachers_mass() -> None:
    logits, ids, log_probs, real = example()
    logits.requires_grad_()
    distillation(logits, ids, log_probs, real).backward()
    assert logits.grad is not None
    for i, j in [(0, 0), (0, 1), (1, 0)]:
        q = [exp(x) for x in spread(logits.detach(), i, j)]
        p = [0.0] * V
        for w in range(3):
            p[int(ids[i, j, w])] = exp(float(log_probs[i, j, w]))
        assert logits.grad[i, j].tolist() == pytest.approx([(q[w] * sum(p) - p[w]) / 3 for w in range(V)], abs=CLOSE)
    assert logits.grad[1, 1].abs().max() == 0


def test_mixed_loss_weighs_both() -> None:
    for alpha in (0.0, 0.3, 1.0):
        expected = alpha * 2.0 + (1 - alpha) * 5.0
        assert float(mixed(alpha, torch.tensor(2.0), torch.tensor(5.0))) == pytest.approx(expected, abs=CLOSE)
