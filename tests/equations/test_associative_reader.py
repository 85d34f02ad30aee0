"""Associative slots: P = clamp([before ; sum_i a_i value_i + shift ; after])."""

import pytest
import torch
from torch import Tensor

from imprint.methods.parts.slots import AssociativeReader
from tests.equations import naive

CLOSE = 1e-5
RHO = 0.25
N, R, F, D = 3, 2, 2, 5


def tensors(n: int = N, f: int = F) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(0)
    shapes = {"values": (n, R, D), "answers": (2, R, D), "shift": (R, D), "before": (f, D), "after": (f, D)}
    return {name: torch.randn(shape, generator=random) for name, shape in shapes.items()}


def naive_read(held: dict[str, Tensor], a: naive.Vector) -> naive.Matrix:
    slots = [naive.table(slot) for slot in held["values"]] + [naive.table(slot) for slot in held["answers"]]
    shift = naive.table(held["shift"])
    read = [[sum(a[i] * slots[i][r][j] for i in range(len(slots))) + shift[r][j] for j in range(D)] for r in range(R)]
    rows = naive.table(held["before"]) + read + naive.table(held["after"])
    return [[RHO * x / naive.rms(row) for x in row] for row in rows]


@pytest.mark.parametrize(("n", "f"), [(N, F), (1, 0), (0, 1)])
def test_reader_mixes_the_values_between_its_frames(n: int, f: int) -> None:
    held = tensors(n, f)
    weights = torch.rand(2, n + 2, generator=torch.Generator().manual_seed(1)).softmax(-1)
    out = AssociativeReader(held, RHO)(weights)
    assert out.shape == (2, f + R + f, D)
    for i in range(2):
        for got, expected in zip(out[i].tolist(), naive_read(held, weights[i].tolist()), strict=True):
            assert got == pytest.approx(expected, abs=CLOSE)


def test_the_last_two_weights_are_yes_and_no() -> None:
    held = tensors() | {"shift": torch.zeros(R, D)}
    out = AssociativeReader(held, RHO)(torch.eye(N + 2)).tolist()
    slots = [*held["values"], *held["answers"]]
    for i in range(N + 2):
        for r in range(R):
            value = slots[i][r].tolist()
            assert out[i][F + r] == pytest.approx([RHO * x / naive.rms(value) for x in value], abs=CLOSE)


def test_gradient_reaches_what_was_attended_and_nothing_else() -> None:
    reader = AssociativeReader(tensors(), RHO)
    a = torch.tensor([[0.0, 0.75, 0.0, 0.25, 0.0]])
    reader(a)[..., 0].sum().backward()
    gradients = {name.rpartition(".")[2]: tensor.grad for name, tensor in reader.named_parameters()}
    assert sorted(gradients) == sorted(tensors())
    sizes = {name: grad.abs().amax((-2, -1)) for name, grad in gradients.items() if grad is not None}
    assert (sizes["values"] > 0).tolist() == [False, True, False]
    assert (sizes["answers"] > 0).tolist() == [True, False]
    assert all(bool((sizes[name] > 0).all()) for name in ("shift", "before", "after"))
    values, answers = gradients["values"], gradients["answers"]
    assert values is not None
    assert answers is not None
    assert torch.allclose(values[1] * 0.25, answers[0] * 0.75, atol=CLOSE)
