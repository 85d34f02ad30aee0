"""Intervals: known values, pairing, and the two stages."""

import math

import numpy as np
import pytest

from imprint.evals.stats import RESAMPLES, difference, ratio, resamples


def ones(values: list[float]) -> list[tuple[float, float]]:
    return [(value, 1.0) for value in values]


def test_the_interval_of_a_share_is_that_of_the_binomial():
    groups = ["one"] * 400
    found = ratio(ones([1.0] * 100 + [0.0] * 300), resamples(groups))
    half = 1.96 * math.sqrt(0.25 * 0.75 / 400)
    assert found.mean == 0.25
    assert found.n == 400
    assert found.low == pytest.approx(0.25 - half, abs=0.01)
    assert found.high == pytest.approx(0.25 + half, abs=0.01)


def test_people_who_differ_widen_the_interval():
    values = [1.0] * 20 + [0.0] * 20
    alone = ratio(ones(values), resamples(["one"] * 40))
    apart = ratio(ones(values), resamples(["a"] * 20 + ["b"] * 20))
    assert apart.high - apart.low > 2 * (alone.high - alone.low)


def test_each_draw_has_as_many_items_as_the_drawn_people():
    counts = resamples(["a"] * 3 + ["b"] * 3)
    assert counts.shape == (RESAMPLES, 6)
    assert set(counts.sum(1)) == {6.0}
    assert {0.0, 3.0, 6.0} == set(counts[:, :3].sum(1))


def test_a_paired_difference_forgets_what_both_share():
    random = np.random.default_rng(0)
    base = random.random(60)
    groups = ["one"] * 60
    better = difference(ones([*(base + 0.1)]), ones([*base]), resamples(groups))
    assert better.mean == pytest.approx(0.1)
    assert better.low == pytest.approx(0.1)
    assert better.high == pytest.approx(0.1)


def test_a_ratio_is_of_sums():
    found = ratio([(1.0, 10.0), (5.0, 5.0)], resamples(["one", "one"]))
    assert found.mean == pytest.approx(6 / 15)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(1.0)


def test_the_same_items_are_always_drawn_alike():
    assert np.array_equal(resamples(["a", "a", "b"]), resamples(["a", "a", "b"]))
    assert not np.array_equal(resamples(["a", "a", "b"]), resamples(["a", "a", "c"]))
