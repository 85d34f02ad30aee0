"""Scores of the read gate: thresholds, operating curves, and shares with their intervals."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from imprint.evals.stats import ratio, resamples

TOLD, IMPLICIT, NEVER, GENERAL, QUIET = "told", "implicit", "never told", "general", "quiet"
MOST_GENERAL = 0.01
"""Share of general messages of dev that may pass: what the threshold is chosen by."""
MOST_POINTS = 200
"""Points of a curve that are kept."""
AGAINST = {"general": GENERAL, "never_told": NEVER, "quiet": QUIET}


@dataclass(frozen=True)
class Met:
    """One message at one user's gate."""

    user: str
    kind: str
    """TOLD, IMPLICIT, NEVER, GENERAL, or "quiet" and a form."""
    item: str
    """The message; or, of a general or quiet one, its place in the data."""
    score: float
    """Probability that something told is asked for; with a reader that foresees nothing, half of 1 + told - null."""
    opens: bool
    """At the gate's own setting."""
    right: bool = False
    """Whether the slot of the turn that told it gets most attention."""


Opens = Callable[[Met], bool]


def threshold(scores: Sequence[float], most: float = MOST_GENERAL) -> float:
    """The least score from which on at most the share `most` of these passes."""
    allowed = math.floor(most * len(scores) + 1e-9)
    ordered = sorted(scores, reverse=True)
    return math.nextafter(ordered[allowed], math.inf) if allowed < len(ordered) else 0.0


def roc(wanted: Sequence[float], others: Sequence[float]) -> list[list[float]]:
    """[share of the others that passes, share of the wanted] for falling thresholds, from nothing to all."""
    right, wrong = np.sort(np.array(wanted)), np.sort(np.array(others))
    steps = np.unique(np.concatenate([right, wrong]))[::-1]
    points = [[0.0, 0.0]]
    for step in steps:
        passed = [1 - np.searchsorted(each, step) / len(each) for each in (wrong, right)]
        points.append([float(passed[0]), float(passed[1])])
    return points


def area(points: Sequence[Sequence[float]]) -> float:
    """Under the curve: the chance that a wanted message scores higher than another; equal scores count half."""
    x, y = np.array(points).T
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())


def thinned(points: Sequence[list[float]], most: int = MOST_POINTS) -> list[list[float]]:
    """At most `most` points of a curve, evenly over its length in the logarithm of x, where few pass."""
    if len(points) <= most:
        return list(points)
    place = [math.log10(max(x, 1e-4)) / 4 + 1 + y for x, y in points]
    wanted = np.linspace(place[0], place[-1], most)
    chosen = sorted({int(i) for i in np.searchsorted(place, wanted)} | {0, len(points) - 1})
    return [points[min(i, len(points) - 1)] for i in chosen]


def curves(met: Sequence[Met]) -> dict[str, list[list[float]]]:
    """Told against each other kind that there is."""
    told = [one.score for one in met if one.kind == TOLD]
    others = {name: [one.score for one in met if of(one, kind)] for name, kind in AGAINST.items()}
    return {name: roc(told, scores) for name, scores in others.items() if told and scores}


def scored(met: Sequence[Met], opens: Opens) -> dict[str, Any]:
    """Shares with their intervals. Of general and quiet messages whole messages are drawn, with all users."""
    told, implicit = (lambda one: of(one, TOLD)), (lambda one: of(one, IMPLICIT))
    found = {
        "right": _share(met, told, lambda one: opens(one) and one.right),
        "told_blocked": _share(met, told, lambda one: not opens(one)),
        "told_slot": _share(met, told, lambda one: one.right),
        "right_blocked": _share(met, lambda one: of(one, TOLD) and one.right, lambda one: not opens(one)),
        "implicit_slot": _share(met, implicit, lambda one: one.right),
    }
    for name, kind in {**AGAINST, "implicit": IMPLICIT}.items():
        found[f"{name}_opened"] = _share(met, lambda one, kind=kind: of(one, kind), opens)
    for name, points in curves(met).items():
        found[f"auc_{name}"] = {"mean": area(points), "low": None, "high": None, "n": len(met)}
    return {name: one for name, one in found.items() if one}


def by_kind(met: Sequence[Met], opens: Opens) -> dict[str, dict[str, Any]]:
    """What opened, of each kind, and where a slot is right, how often gate and slot were."""
    kinds = sorted({one.kind for one in met})
    opened = {kind: _share(met, lambda one, kind=kind: one.kind == kind, opens) for kind in kinds}
    right = {kind: _share(met, lambda one, kind=kind: one.kind == kind, lambda one: opens(one) and one.right)
             for kind in (TOLD, IMPLICIT)}  # fmt: skip
    return {"opened": opened, "right": {kind: one for kind, one in right.items() if one}}


def of(one: Met, kind: str) -> bool:
    """Whether a message is of this kind; all quiet forms are QUIET."""
    return one.kind == kind or (kind == QUIET and one.kind.startswith(QUIET))


def _share(met: Sequence[Met], among: Opens, counted: Opens) -> Mapping[str, Any]:
    rows = [one for one in met if among(one)]
    if not rows:
        return {}
    if not rows[0].kind.startswith((GENERAL, QUIET)):
        return asdict(ratio([(float(counted(one)), 1.0) for one in rows], resamples([one.user for one in rows])))
    messages: dict[str, list[float]] = {}
    for one in rows:
        messages.setdefault(one.item, []).append(float(counted(one)))
    parts = [(sum(opened), float(len(opened))) for opened in messages.values()]
    return asdict(ratio(parts, resamples([""] * len(parts))))
