"""Draws how networks that read slots learned: what held-out people were measured at, step by step."""

import math
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

LOOKS = (
    ("o", "-", "#000000"),
    ("s", "--", "#0b5fa5"),
    ("^", "-.", "#c24f00"),
    ("D", ":", "#007a58"),
    ("v", (0, (6, 2)), "#b0387d"),
    ("P", (0, (3, 1, 1, 1)), "#7a3fb8"),
)
PANELS = (("exact, share", 1, 0.535), ("loss, nats a token", 2, 0.135))
"""Title, column of a point and lower edge."""


def network_curve(figure: Figure, data: Mapping[str, Any]) -> None:
    """Exact answers above, loss below, over the same steps; what training did stands over them."""
    lines = data["lines"]
    *before, stage = (name for name, _ in lines[0]["stages"])
    first = min(start for line in lines for _, start in line["stages"])
    last = max(point[0] for line in lines for point in line["points"])
    for title, column, bottom in PANELS:
        axes = figure.add_axes((0.115, bottom, 0.855, 0.35))
        _draw(axes, lines, column)
        axes.axvline(0, color="#6e6e6e", linestyle=":", zorder=0)
        axes.set_xlim(first, last + 0.02 * (last - first))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):.0f}"))
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axes.set_ylabel(title)
        axes.grid(axis="y", color="#dddddd", linewidth=0.8)
        axes.spines[["top", "right"]].set_visible(False)
        if column == 1:
            axes.tick_params(labelbottom=False)
            for text, side, away in ((", ".join(before), "right", -5), (stage, "left", 5)):
                place = axes.get_xaxis_transform()
                axes.annotate(text, (0, 1), (away, 2), xycoords=place, textcoords="offset points", ha=side)
            if len(lines) > 1:
                axes.legend(frameon=False, loc="lower right")
        else:
            axes.set_ylim(bottom=0)
            axes.set_xlabel(f"steps before and after the stage {stage} began")
    figure.suptitle("Held-out people while the network learns", x=0.02, ha="left", fontweight="bold", fontsize=13.5)


def _draw(axes: Axes, lines: list[Mapping[str, Any]], column: int) -> None:
    for number, line in enumerate(lines):
        marker, style, colour = LOOKS[number % len(LOOKS)]
        steps, values = ([point[place] for point in line["points"]] for place in (0, column))
        axes.plot(steps, values, linestyle=style, marker=marker, color=colour, label=line["name"], markersize=6)
    if column == 1:
        low = min(point[column] for line in lines for point in line["points"])
        axes.set_ylim(math.floor(10 * low - 0.2) / 10, 1)
