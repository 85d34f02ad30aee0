"""Means with 95 % intervals: a two-stage bootstrap over people and, within each, their items."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval over `n` items."""

    mean: float
    low: float
    high: float
    n: int


def resamples(groups: Sequence[str]) -> NDArray[np.float64]:
    """[RESAMPLES, items]: how often each item is drawn. groups: the person each item belongs to.

    People are drawn with replacement, then each drawn person's items; one person alone leaves the items. Seeded by the
    groups, so that two arms over the same items are resampled alike and their difference is paired.
    """
    names = sorted(set(groups))
    members = [np.flatnonzero(np.array([group == name for group in groups])) for name in names]
    seed = int.from_bytes(hashlib.sha256("\n".join(groups).encode()).digest()[:8], "little")
    generator = np.random.default_rng(seed)
    counts = np.zeros((RESAMPLES, len(groups)))
    for drawn in counts:
        for person in generator.integers(len(names), size=len(names)):
            items = members[person]
            np.add.at(drawn, items[generator.integers(len(items), size=len(items))], 1)
    return counts


def ratio(parts: Sequence[tuple[float, float]], counts: NDArray[np.float64]) -> Interval:
    """sum of first / sum of second over the items; a mean where every second is 1."""
    top, bottom = np.array(parts, dtype=np.float64).T
    return _interval(top.sum() / bottom.sum(), _ratios(top, bottom, counts), len(parts))


def difference(
    a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]], counts: NDArray[np.float64]
) -> Interval:
    """ratio(a) - ratio(b) over the same items, resampled together."""
    (at, ab), (bt, bb) = (np.array(parts, dtype=np.float64).T for parts in (a, b))
    mean = at.sum() / ab.sum() - bt.sum() / bb.sum()
    return _interval(mean, _ratios(at, ab, counts) - _ratios(bt, bb, counts), len(a))


def _ratios(top: NDArray[np.float64], bottom: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    below = counts @ bottom
    return np.divide(counts @ top, below, out=np.full(len(counts), np.nan), where=below != 0)


def _interval(mean: float, drawn: NDArray[np.float64], n: int) -> Interval:
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(float(mean), float(low), float(high), n)
