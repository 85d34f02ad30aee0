"""Draws how the read gate tells what was told from everything else, for every threshold."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

LOOK = {
    "general": ("-", "#000000", "general messages"),
    "quiet": ("--", "#0b5fa5", "quiet turns of the voices"),
    "never_told": ("-.", "#c24f00", "questions on things never told"),
}
MARKS = {"chosen": ("o", "threshold chosen on dev"), "default": ("s", "the gate's own setting")}
LEAST = 5e-4
"""Left end of the logarithmic axis."""


def gate_roc(figure: Figure, data: Mapping[str, Any]) -> None:
    """Share of told questions that open the gate against the share of others that do."""
    axes = figure.add_axes((0.115, 0.135, 0.855, 0.755))
    axes.axvspan(LEAST, 0.01, ymin=0.98 / 1.02, color="#dfeadf", zorder=0)
    if data["before"]:
        x, y = zip(*data["before"], strict=True)
        axes.plot([max(one, LEAST) for one in x], y, ":", color="#6e6e6e", linewidth=1.6, label="general, no wording")
    for name, points in data["curves"].items():
        style, colour, label = LOOK[name]
        x, y = zip(*points, strict=True)
        axes.plot([max(one, LEAST) for one in x], y, style, color=colour, linewidth=2.2, label=label)
        for mark, (told, opened) in data["points"].items():
            shape = MARKS[mark][0]
            axes.plot(max(opened[name], LEAST), told, shape, color=colour, markerfacecolor="white", markersize=9)
    for shape, label in MARKS.values():
        axes.plot([], [], shape, color="#000000", markerfacecolor="white", markersize=9, label=label)
    axes.set_xscale("log")
    axes.set_xlim(LEAST, 1)
    axes.set_ylim(0, 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title("Does the gate know what was told?", loc="left", fontweight="bold")
    axes.set_title("green: both bars met", loc="right", fontsize=11)
    axes.set_xlabel("others that open the gate, share")
    axes.set_ylabel("told questions that open it, share")
    axes.legend(frameon=False, loc="lower right", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
