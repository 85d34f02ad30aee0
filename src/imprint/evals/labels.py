"""Places the names of arms in a plot so that none covers another or a point. Needs matplotlib."""

import math
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, BboxBase, IdentityTransform

FONT = 12.5
GAP = 0.062
"""Least distance of two names in a column, as a share of the axes' height."""
GREY = "#9a9a9a"
LEADER = 32
"""From this distance on a thin line joins a name and its point, in pixels."""


def beside(axes: Axes, ends: Sequence[tuple[str, Sequence[float], tuple[str, Any, str]]]) -> None:
    """A column of names to the right of the axes, each as near as may be to its line's end, (x, y) in data."""
    places = [axes.transAxes.inverted().transform(axes.transData.transform(end)) for _, end, _ in ends]
    order = sorted(range(len(ends)), key=lambda i: places[i][1])
    heights = apart([float(places[i][1]) for i in order], GAP, 0.0, 1.0)
    for i, height in zip(order, heights, strict=True):
        name, _, (marker, style, colour) = ends[i]
        if places[i][0] > 0.85:
            leader = Line2D([places[i][0] + 0.015, 1.02], [places[i][1], height], color=GREY, linewidth=0.8, zorder=1)
            leader.set(transform=axes.transAxes, clip_on=False)
            axes.add_line(leader)
        filled = colour if name in ("lpm", "none") else "white"
        sample = Line2D([1.03, 1.08, 1.13], [height] * 3, color=colour, linestyle=style, marker=marker, markevery=[1])
        sample.set(transform=axes.transAxes, clip_on=False, markerfacecolor=filled, markersize=8, linewidth=1.6)
        axes.add_line(sample)
        weight = "bold" if name == "lpm" else "normal"
        axes.text(1.155, height, name, transform=axes.transAxes, va="center", fontsize=FONT, fontweight=weight)


def apart(places: Sequence[float], gap: float, low: float = -math.inf, high: float = math.inf) -> list[float]:
    """Ascending places moved as little as this takes: `gap` or more between two, all within `low` and `high`.

    The sum of squared moves is least (pooling of adjacent violators); `high` gives way where there is no room.
    """
    pools: list[list[float]] = []
    for i, place in enumerate(places):
        pools.append([place - i * gap])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    level = [fmean(pool) for pool in pools for _ in pool]
    ceiling = max(low, high - gap * (len(places) - 1))
    return [min(max(each, low), ceiling) + i * gap for i, each in enumerate(level)]


def side_by_side(places: Sequence[float], step: float) -> list[float]:
    """Places on a logarithmic axis, moved apart by `step` or more, in natural logarithms; their order stays."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = apart([math.log(places[i]) for i in order], step)
    return [math.exp(moved[order.index(i)]) for i in range(len(places))]


def spread(axes: Axes, points: Sequence[tuple[str, Sequence[float]]], floor: Sequence[float] | None) -> None:
    """A name near each point (x, mean, low, high); `floor` names the band of the bare model at the left edge."""
    renderer = axes.figure.canvas.get_renderer()  # pyright: ignore[reportAttributeAccessIssue]
    taken = [box for _, point in points for box in _covered(axes, point)]
    inside = axes.get_window_extent(renderer)
    if floor:
        text = axes.text(0.01, floor[2], "none", transform=axes.get_yaxis_transform(), va="bottom", fontsize=FONT)
        taken.append(text.get_window_extent(renderer))
    centres = [axes.transData.transform(point[:2]) for _, point in points]
    for (name, _), (x, y) in zip(points, centres, strict=True):
        weight = "bold" if name == "lpm" else "normal"
        text = axes.text(0, 0, name, fontsize=FONT, fontweight=weight, transform=IdentityTransform())
        size = text.get_window_extent(renderer)
        box = min(_around(x, y, size.width, size.height), key=lambda each: _cost(each, x, y, taken, centres, inside))
        text.set_position((box.x0, box.y0))
        text.set(ha="left", va="bottom")
        taken.append(box)
        edge = _nearest(box, x, y)
        if math.dist((x, y), edge) > LEADER:
            line = Line2D(
                [x, edge[0]], [y, edge[1]], color=GREY, linewidth=0.8, transform=IdentityTransform(), zorder=1
            )
            axes.add_line(line)


def _around(x: float, y: float, width: float, height: float) -> Iterator[Bbox]:
    """Where a name may stand: on rings around the point, nearest first."""
    for far in (20, 28, 40, 56, 76, 100, 130, 170):
        for step in range(24):
            angle = math.tau * step / 24
            left = x + far * math.cos(angle) + (math.cos(angle) - 1) * width / 2
            low = y + far * math.sin(angle) + (math.sin(angle) - 1) * height / 2
            yield Bbox.from_bounds(left, low, width, height)


def _cost(box: Bbox, x: float, y: float, taken: Sequence[Bbox], centres: Sequence[Any], inside: BboxBase) -> float:
    """How bad a place is: leaving the axes is worst, then covering something or being nearer to another's point."""
    covered = sum(1 for other in taken if box.padded(2).overlaps(other))
    outside = not (inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1))
    far = math.dist((x, y), _nearest(box, x, y))
    nearer = sum(1 for centre in centres if math.dist(centre, _nearest(box, *centre)) < far)
    return 1e5 * outside + 1e4 * (covered + nearer) + far


def _nearest(box: Bbox, x: float, y: float) -> tuple[float, float]:
    """The point of a box that is nearest to (x, y)."""
    return min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)


def _covered(axes: Axes, point: Sequence[float]) -> list[Bbox]:
    """The marker and the interval bar of a point, in pixels."""
    x, y = axes.transData.transform(point[:2])
    (_, low), (_, high) = axes.transData.transform([(point[0], point[2]), (point[0], point[3])])
    return [Bbox.from_extents(x - 10, y - 10, x + 10, y + 10), Bbox.from_extents(x - 7, low, x + 7, high)]
