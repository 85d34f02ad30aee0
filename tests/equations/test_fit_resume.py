"""A fit stopped or killed at any step and started again ends with the bytes of one that never was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.fit.loop import FitConfig
from imprint.fit.runs import Interrupted, Run
from tests.equations.problems import Regression

CONFIG = FitConfig(least=0, epochs=6, batch=3, seed=1, patience=0)
STEPS = 6 * 3
LEARNED = FitConfig(least=0, epochs=60, batch=3, seed=1, patience=2)


def unbroken(config: FitConfig) -> tuple[bytes, list[list[int]]]:
    problem = Regression()
    problem.fit(config)
    return problem.bytes(), problem.batches


def resumed(config: FitConfig, stops: list[int]) -> tuple[bytes, list[list[int]]]:
    """Stop inside step stops[i] of the i-th attempt; every attempt begins from fresh parameters."""
    kept: dict[str, bytes] = {}
    batches: list[list[int]] = []
    for stop in [*stops, -1]:
        problem = Regression(stop_in=stop)
        run = Run(load=kept.get, save=kept.__setitem__, every=1e9)
        try:
            problem.fit(config, run)
        except Interrupted:
            batches += problem.batches
            continue
        return problem.bytes(), batches + problem.batches
    raise AssertionError("the last attempt was stopped although nothing asked for it")


@given(st.lists(st.integers(0, STEPS - 2), min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_stopped_at_any_steps_it_ends_with_the_same_bytes(stops: list[int]) -> None:
    assert resumed(CONFIG, stops) == unbroken(CONFIG)


@pytest.mark.parametrize("stop", [0, 1, 5, 20])
def test_early_stop_counts_on_over_an_interruption(stop: int) -> None:
    expected = unbroken(LEARNED)
    assert 20 < len(expected[1]) < 60 * 3
    assert resumed(LEARNED, [stop]) == expected


@pytest.mark.parametrize("stop", [0, 7, STEPS - 2])
def test_a_stopped_fit_finishes_its_step_saves_and_says_so(stop: int) -> None:
    kept: dict[str, bytes] = {}
    problem = Regression(stop_in=stop)
    with pytest.raises(Interrupted):
        problem.fit(CONFIG, Run(load=kept.get, save=kept.__setitem__, every=1e9))
    assert len(problem.batches) == stop + 1
    assert list(kept) == ["regression"]


@pytest.mark.parametrize("crash", [1, 4, STEPS - 1])
def test_killed_between_checkpoints_it_goes_on_from_the_last(crash: int) -> None:
    kept: dict[str, bytes] = {}
    run = Run(load=kept.get, save=kept.__setitem__, every=0.0)
    with pytest.raises(RuntimeError, match="power cut"):
        Regression(crash_in=crash).fit(CONFIG, run)
    problem = Regression()
    problem.fit(CONFIG, run)
    expected, batches = unbroken(CONFIG)
    assert problem.bytes() == expected
    assert problem.batches == batches[crash:]


def test_another_fits_checkpoint_is_not_taken() -> None:
    kept: dict[str, bytes] = {}
    with pytest.raises(Interrupted):
        Regression(stop_in=3).fit(CONFIG, Run(load=kept.get, save=kept.__setitem__))
    problem = Regression()
    problem.fit(CONFIG, Run(load=lambda key: kept.get("other " + key)))
    assert problem.bytes() == unbroken(CONFIG)[0]
