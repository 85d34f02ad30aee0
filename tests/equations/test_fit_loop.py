"""The optimiser loop: Adam's equations, fair batches, one seed one outcome, and the early stop."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from imprint.fit.loop import FitConfig, Group, fit
from imprint.fit.runs import Run
from tests.equations import naive
from tests.equations.problems import Regression, Scripted

CLOSE = 1e-5
INEXACT = torch.zeros(1, dtype=torch.bool)
FIVE_STEPS = FitConfig(least=0, epochs=5, batch=1, seed=0, decay=1.0, patience=0)


def test_one_parameter_follows_adam() -> None:
    w = torch.tensor([1.5], requires_grad=True)
    seen: list[float] = []

    def step(rows: list[int]) -> tuple[Tensor, Tensor]:
        seen.append(float(w.detach()))
        return (w**4 / 4 - w).sum(), INEXACT

    assert fit([Group({"w": w}, 0.1)], 1, step, FIVE_STEPS, Run(), "one") == 5
    seen.append(float(w.detach()))
    assert seen == pytest.approx(naive.adam(1.5, lambda x: x**3 - 1, 0.1, 5), abs=CLOSE)


def test_each_group_has_its_rate() -> None:
    a, b = torch.tensor([1.0], requires_grad=True), torch.tensor([-2.0], requires_grad=True)

    def step(rows: list[int]) -> tuple[Tensor, Tensor]:
        return (a**2 - 5 * b).sum(), INEXACT

    fit([Group({"a": a}, 0.1), Group({"b": b}, 0.01)], 1, step, FIVE_STEPS, Run(), "two")
    assert float(a.detach()) == pytest.approx(naive.adam(1.0, lambda x: 2 * x, 0.1, 5)[-1], abs=CLOSE)
    assert float(b.detach()) == pytest.approx(naive.adam(-2.0, lambda x: -5.0, 0.01, 5)[-1], abs=CLOSE)


@given(rows=st.integers(1, 12), batch=st.integers(1, 13), epochs=st.integers(1, 4), seed=st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_every_row_is_visited_once_an_epoch(rows: int, batch: int, epochs: int, seed: int) -> None:
    problem = Regression(rows)
    taken = problem.fit(FitConfig(epochs, batch, seed, patience=0, least=0))
    visits = [row for found in problem.batches for row in found]
    assert len(visits) == epochs * rows
    for epoch in range(epochs):
        assert sorted(visits[epoch * rows : (epoch + 1) * rows]) == list(range(rows))
    assert all(len(found) <= batch for found in problem.batches)
    assert taken == len(problem.batches) == epochs * -(-rows // batch)


def test_order_changes_with_the_epoch_and_the_seed() -> None:
    def orders(seed: int) -> list[list[int]]:
        problem = Regression(12)
        problem.fit(FitConfig(least=0, epochs=2, batch=12, seed=seed, patience=0))
        return problem.batches

    (first, second), (other, _) = orders(0), orders(1)
    assert first != second
    assert first != other
    assert first != list(range(12))


def test_same_seed_same_bytes_whatever_else_draws_numbers() -> None:
    def outcome(seed: int, surroundings: int) -> bytes:
        torch.manual_seed(surroundings)
        problem = Regression()
        problem.fit(FitConfig(least=0, epochs=6, batch=2, seed=seed, patience=0))
        return problem.bytes()

    assert outcome(0, 1) == outcome(0, 2)
    assert outcome(0, 1) != outcome(3, 1)


def test_a_fit_draws_no_number_from_the_global_generator() -> None:
    before = torch.random.get_rng_state()
    Regression().fit(FitConfig(least=0, epochs=2, batch=2, seed=0, patience=0))
    assert torch.equal(torch.random.get_rng_state(), before)


def naive_stop(batches: list[list[int]], exact: list[list[bool]], rows: int, patience: int) -> int:
    """Steps until every row was exact at `patience` visits in a row; all of them if that never happens."""
    streak = [0] * rows
    for t in range(len(batches)):
        for place, row in enumerate(batches[t]):
            streak[row] = streak[row] + 1 if exact[t][place] else 0
        if patience > 0 and all(s >= patience for s in streak):
            return t + 1
    return len(batches)


@given(
    wrong=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=6),
    batch=st.integers(1, 6),
    patience=st.integers(0, 3),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=60)
def test_stops_once_every_row_stays_exact(wrong: list[tuple[int, int]], batch: int, patience: int, seed: int) -> None:
    whole, cut = Scripted(5, wrong), Scripted(5, wrong)
    whole.fit(FitConfig(6, batch, seed, patience=0))
    taken = cut.fit(FitConfig(6, batch, seed, patience))
    assert taken == len(cut.batches) == naive_stop(whole.batches, whole.exact, 5, patience)


def test_the_rate_falls_in_a_straight_line() -> None:
    w = torch.tensor([0.0], requires_grad=True)
    seen: list[float] = []

    def step(rows: list[int]) -> tuple[Tensor, Tensor]:
        seen.append(float(w.detach()))
        return -w.sum(), INEXACT  # a constant gradient: Adam moves by the rate at hand

    fit(
        [Group({"w": w}, 0.1)],
        1,
        step,
        FitConfig(least=0, epochs=5, batch=1, seed=0, decay=0.5, patience=0),
        Run(),
        "line",
    )
    seen.append(float(w.detach()))
    moved = [after - before for before, after in zip(seen, seen[1:], strict=False)]
    assert moved == pytest.approx([0.1 * (1 - 0.5 * at / 5) for at in range(5)], abs=CLOSE)


@pytest.mark.parametrize(("rows", "steps"), [(2, 7), (24, 12)])
def test_a_handful_of_rows_gets_the_fewest_steps_and_many_get_their_passes(rows: int, steps: int) -> None:
    assert Regression(rows).fit(FitConfig(epochs=2, batch=4, patience=0, least=7)) == steps
