"""How far two readers of the same turns agree, label by label and beyond chance; and how right each one is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product
from statistics import median
from typing import Any

import numpy as np
from jaxtyping import Float

from imprint.data.talk import Said
from imprint.evals.reading import Outcome, Parts, intervals, scored
from imprint.evals.rows import evenly
from imprint.evals.stats import Interval, resamples
from imprint.study.extractor.abouts import same_about, same_value
from imprint.study.rewrite import second_person
from imprint.types import ImprintError

MEASURES = ("tells", "kappa", "kind", "about", "value", "polarity", "changes")
"""In the order shown."""


def sample(said: Sequence[Said], limit: int, seed: int = 0) -> list[Said]:
    """At most `limit` turns (0: all), in order: as many that tell something as that do not, as far as there are."""
    kinds = ["quiet" if one.told is None else "telling" for one in said]
    return [said[place] for place in evenly(kinds, limit, f"agreement-{seed}")]


def agreement_of(left: Sequence[Outcome], right: Sequence[Outcome]) -> dict[str, Interval]:
    """Share of turns on which both readers say the same, with intervals; `kappa`: Cohen's, of telling or not.

    All but `tells` and `kappa` are over the turns that both call telling. Where a reader found several things in a
    turn, the pair that agrees best counts. Without `kappa` where one answer is all that either reader gave.
    """
    pairs = list(zip(left, right, strict=True))
    if any(a.said.id != b.said.id for a, b in pairs):
        raise ImprintError("the two readers did not read the same turns", "Read one sample with both")
    found = intervals([(a.said, _parts(a, b)) for a, b in pairs])
    chance = kappa([(bool(a.read), bool(b.read)) for a, b in pairs], resamples([a.said.voice for a, _ in pairs]))
    known = {**found, "kappa": chance} if chance else found
    return {name: known[name] for name in MEASURES if name in known}


def kappa(answers: Sequence[tuple[bool, bool]], counts: Float[np.ndarray, "r n"]) -> Interval | None:
    """Cohen's kappa of two who answer yes or no, with its interval; None where it is not defined: both always agree
    because one answer is all that there is. counts: how often each item is drawn, as `resamples` gives it.
    """
    cells = np.array([[a and b, a and not b, b and not a, not (a or b)] for a, b in answers], dtype=np.float64)
    (mean,) = _kappas(cells.sum(0, keepdims=True))
    if np.isnan(mean):
        return None
    low, high = np.nanpercentile(_kappas(counts @ cells), [2.5, 97.5])
    return Interval(float(mean), float(low), float(high), len(answers))


def compared(readers: Mapping[str, Sequence[Outcome]], beside: str) -> dict[str, Any]:
    """What `beside` agrees on with each other reader; each one's scores against the labels, and what a turn took it."""
    return {
        "agreement": {
            name: _plain(agreement_of(readers[beside], outcomes))
            for name, outcomes in readers.items()
            if name != beside
        },
        "scores": {name: _plain(scored(outcomes)) for name, outcomes in readers.items()},
        "milliseconds": {
            name: median(one.milliseconds for one in outcomes) for name, outcomes in readers.items() if outcomes
        },
    }


def _kappas(cells: Float[np.ndarray, "r 4"]) -> Float[np.ndarray, " r"]:
    """Of each row: both said yes, only the first, only the second, neither. NaN where chance alone agrees always."""
    both, first, second, neither = cells.T
    n = cells.sum(1)
    seen = (both + neither) / n
    chance = ((both + first) * (both + second) + (neither + second) * (neither + first)) / n**2
    return np.divide(seen - chance, 1 - chance, out=np.full(len(n), np.nan), where=chance < 1)


def _parts(a: Outcome, b: Outcome) -> dict[str, Parts]:
    """What two readers agree on in one turn, as numerator and denominator."""
    parts = {"tells": (float(bool(a.read) == bool(b.read)), 1.0)}
    if not a.read or not b.read:
        return parts
    pairs = list(product(a.read, b.read))
    same = {
        "kind": any(x.kind == y.kind for x, y in pairs),
        "value": any(_same_value(x.value, y.value) for x, y in pairs),
        "polarity": any(x.polarity == y.polarity for x, y in pairs),
        "changes": any(x.changes for x in a.read) == any(y.changes for y in b.read),
    }
    # Two kinds that take no filler agree on none, which says nothing.
    if any(one.about for one in (*a.read, *b.read)):
        same["about"] = any(same_about(x.about, y.about) for x, y in pairs)
    return parts | {name: (float(agrees), 1.0) for name, agrees in same.items()}


def _same_value(x: str, y: str) -> bool:
    # The rules hand values back in the second person.
    return same_value(x, y) or same_value(second_person(x), y) or same_value(x, second_person(y))


def _plain(found: Mapping[str, Interval]) -> dict[str, Any]:
    return {name: asdict(interval) for name, interval in found.items()}
