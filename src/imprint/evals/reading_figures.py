"""Draws the two plots about reading: is the reader as sure as it should be, and would more writing pay."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

CURVES = {
    "tells_f1": ("o", "-", "telling or not (F1)"),
    "value": ("s", "--", "value right"),
    "about": ("^", "-.", "what about right"),
    "changes": ("D", ":", "changes found"),
}


def reliability(figure: Figure, data: Mapping[str, Any]) -> None:
    """Share right against how sure the reader was; the size of a dot says how many turns."""
    axes = figure.add_axes((0.115, 0.135, 0.855, 0.755))
    axes.plot([0, 1], [0, 1], ":", color="#6e6e6e")
    sure, right, turns = zip(*data["bins"], strict=True)
    axes.plot(sure, right, "-", color="#000000")
    axes.scatter(sure, right, s=[20 + 3 * n for n in turns], color="#0b5fa5", edgecolors="#000000", zorder=3)
    for x, y, n in data["bins"]:
        axes.annotate(f"{n:.0f}", (x, y), xytext=(7, -14), textcoords="offset points", fontsize=11)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_title("Is the reader as sure as it should be?", loc="left", fontweight="bold")
    axes.set_xlabel("how sure it was, mean of a tenth (dots: telling turns)")
    axes.set_ylabel("kind and value right, share")
    axes.spines[["top", "right"]].set_visible(False)


def learning_curve(figure: Figure, data: Mapping[str, Any]) -> None:
    """Each score against the number of turns trained on, with 95 % intervals."""
    axes = figure.add_axes((0.115, 0.135, 0.855, 0.755))
    for score, points in data["lines"].items():
        marker, line, name = CURVES[score]
        x, mean, low, high = zip(*points, strict=True)
        errors = [[m - a for m, a in zip(mean, low, strict=True)], [b - m for m, b in zip(mean, high, strict=True)]]
        axes.errorbar(x, mean, errors, marker=marker, linestyle=line, capsize=4, label=name)
    ticks = sorted({point[0] for points in data["lines"].values() for point in points})
    axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    axes.set_title("Would more writing pay?", loc="left", fontweight="bold")
    axes.set_xlabel("turns the reader was trained on; 95 % intervals")
    axes.set_ylabel("score on the test voices")
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
