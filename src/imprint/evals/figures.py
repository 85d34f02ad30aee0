"""Draws the plots: told apart by marker, line and hatching as well as by colour, legible at the width of a phone.

Needs matplotlib; `plots.render` imports this file and says so where it is missing.
"""

import io
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imprint.evals.gate_figure import gate_roc
from imprint.evals.inside_figures import slot_attention, slot_map
from imprint.evals.labels import beside, side_by_side, spread
from imprint.evals.network_figures import network_curve
from imprint.evals.reading_figures import learning_curve, reliability
from imprint.evals.tables import duration, size

INCHES, DPI = (7.0, 5.0), 160
"""1120 x 800 pixels: two for each that a page gives it."""
COLOURS = 128
LOOK = {
    "none": ("x", ":", "#6e6e6e"),
    "full_context": ("s", "--", "#0b5fa5"),
    "bm25": ("^", "-.", "#c24f00"),
    "dense": ("v", (0, (1, 1)), "#8a5a00"),
    "prompt_tuning": ("D", (0, (6, 2)), "#b0387d"),
    "lora": ("h", (0, (4, 1, 1, 1)), "#5c8a00"),
    "lora_study": ("P", (0, (3, 1, 1, 1, 1, 1)), "#007a58"),
    "cartridge": ("*", (0, (2, 2)), "#7a3fb8"),
    "lpm": ("o", "-", "#000000"),
}
"""Marker, line style and colour of an arm; a text arm looks the same with soft rows."""
OTHERS = ("<", ">", "p", "d", "X")
HATCH = {"control": "", "text": "//", "text with soft rows": "xx", "fitted": "..", "ours": ""}
SHADE = {
    "control": "#ffffff",
    "text": "#dbe9f5",
    "text with soft rows": "#9dbfdd",
    "fitted": "#e9d3ea",
    "ours": "#333333",
}
FONTS: dict[Any, Any] = {"font.size": 12.5, "axes.titlesize": 13, "axes.labelsize": 12.5, "hatch.linewidth": 0.6}


def draw(name: str, data: Mapping[str, Any], text: Mapping[str, str]) -> bytes:
    """One plot as PNG. text: what its metadata carry, values in Latin-1."""
    with matplotlib.rc_context(rc=FONTS):
        figure = Figure(figsize=INCHES, dpi=DPI)
        canvas = FigureCanvasAgg(figure)
        DRAWN[name](figure, data)
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    file, known = io.BytesIO(), PngInfo()
    for key, value in text.items():
        known.add_text(key, value)
    # A palette makes the file a third of the size.
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True, pnginfo=known)
    return file.getvalue()


def _capacity(figure: Figure, data: Mapping[str, Any]) -> None:
    axes = figure.add_axes((0.115, 0.135, 0.55, 0.755))
    moved = _curves(axes, data["lines"])
    _facts_axis(axes, [int(facts) for facts in data["seeds"]])
    _share_axis(axes, [point for line in data["lines"] for point in line["points"]])
    seeds = sorted(set(data["seeds"].values()))
    few = [facts for facts, count in data["seeds"].items() if count == seeds[0]]
    note = f"{seeds[-1]} seeds" + (f" ({seeds[0]} at {', '.join(few)})" if len(seeds) > 1 else "")
    _title(axes, "Recall as more is told", "")
    axes.set_xlabel(f"facts told; {note}, 95 % intervals", x=0, ha="left")
    axes.set_ylabel(f"{data['score']} answers, share")
    beside(axes, [(line["arm"], end, _look(line["arm"])) for line, end in zip(data["lines"], moved, strict=True)])


def _quality_bytes(figure: Figure, data: Mapping[str, Any]) -> None:
    axes = figure.add_axes((0.115, 0.135, 0.855, 0.755))
    kept = [point["at"][0] for point in data["points"]]
    aside = side_by_side(kept, 0.018 * math.log(25 * max(kept) / min(kept)))
    points = [(each["arm"], [x, *each["at"][1:]]) for each, x in zip(data["points"], aside, strict=True)]
    for arm, point in points:
        _bars(axes, [point], arm, line=False)
    axes.set_xscale("log")
    axes.set_xlim(min(kept) / 5, max(kept) * 5)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: size(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    _share_axis(axes, [point for _, point in points])
    _title(axes, "Recall against the size of a memory", f"{data['facts']} facts told, 95 % intervals")
    axes.set_xlabel("bytes a user")
    axes.set_ylabel(f"{data['score']} answers, share")
    _frame(axes)
    if data["none"]:
        mean, low, high = data["none"]
        axes.axhline(mean, linestyle=":", color=LOOK["none"][2])
        axes.axhspan(low, high, color="#e4e4e4", zorder=0)
    spread(axes, points, data["none"])


def _history(figure: Figure, data: Mapping[str, Any]) -> None:
    panels = data["panels"]
    every = list(dict.fromkeys(line["arm"] for panel in panels for line in panel["lines"]))
    width = 0.88 / len(panels)
    for number, panel in enumerate(panels):
        axes = figure.add_axes((0.105 + number * (width + 0.02), 0.33, width - 0.09, 0.55))
        _curves(axes, panel["lines"])
        lengths = sorted({point[0] for line in panel["lines"] for point in line["points"]})
        axes.set_xlim(lengths[0] / 1.6, lengths[-1] * 1.6)
        _ticks(axes, lengths, 0.12 * len(panels))
        _share_axis(axes, [point for line in panel["lines"] for point in line["points"]])
        axes.set_title(f"{panel['benchmark']}: {panel['score']}")
        axes.set_xlabel("history, tokens")
    figure.suptitle("Quality as the history grows", x=0.02, ha="left", fontweight="bold", fontsize=13.5)
    handles = [_handle(arm) for arm in every]
    figure.legend(handles, every, loc="lower center", ncols=3, frameon=False, fontsize=12, handlelength=3)


def _cost(figure: Figure, data: Mapping[str, Any]) -> None:
    bars = data["bars"][::-1]
    busy = ", busy machine" if data["busy"] else ""
    titles = (("tokens", "tokens a question"), ("sleep", "seconds of sleep"))
    for number, (key, title) in enumerate(titles):
        axes = figure.add_axes((0.24 + number * 0.39, 0.05, 0.34, 0.82))
        values = [bar[key] or 0.0 for bar in bars]
        least = min((value for value in values if value > 0), default=1.0)
        start, end = least / 3, max(max(values), least)
        for row, bar in enumerate(bars):
            kind, value = bar["group"], values[row]
            if value > 0:
                axes.barh(row, value - start, 0.72, start, color=SHADE[kind], hatch=HATCH[kind], edgecolor="black")
            shown = f"{value:,.0f}" if key == "tokens" else duration(bar[key])
            axes.annotate(shown, (max(value, start), row), (4, 0), textcoords="offset points", va="center", fontsize=11)
        axes.set_xscale("log")
        axes.set_xlim(start, end * (end / start) ** 0.45)
        axes.set_ylim(min(-0.6, len(bars) - 8.6), len(bars) - 0.4)
        axes.set_yticks(
            range(len(bars)), [bar["arm"] for bar in bars] if number == 0 else [""] * len(bars), fontsize=11.5
        )
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(NullLocator())
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_title(title, loc="left")
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    heading = f"Cost of a question and of sleep, {data['facts']} facts told{busy}"
    figure.suptitle(heading, x=0.02, ha="left", fontweight="bold", fontsize=13.5)


def _curves(axes: Axes, lines: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """A line an arm on a logarithmic axis, each moved aside so that no interval hides another; returns their ends."""
    axes.set_xscale("log", base=2)
    measured = sorted({point[0] for line in lines for point in line["points"]})
    nearest = min((after / before for before, after in pairwise(measured)), default=2.0)
    step = 0.3 * math.log2(nearest) / len(lines)
    ends = []
    for number, line in enumerate(lines):
        aside = 2 ** (step * (number - (len(lines) - 1) / 2))
        points = [[point[0] * aside, *point[1:]] for point in line["points"]]
        _bars(axes, points, line["arm"], line=True)
        ends.append((points[-1][0], points[-1][1]))
    _frame(axes)
    return ends


def _bars(axes: Axes, points: Sequence[Sequence[float]], arm: str, line: bool) -> None:
    """Points with their intervals."""
    marker, style, colour = _look(arm)
    x, mean, low, high = zip(*points, strict=True)
    below = [max(m - each, 0) for m, each in zip(mean, low, strict=True)]
    above = [max(each - m, 0) for m, each in zip(mean, high, strict=True)]
    axes.errorbar(
        x,
        mean,
        yerr=[below, above],
        marker=marker,
        linestyle=style if line else "",
        color=colour,
        markersize=8,
        markerfacecolor=colour if arm in ("lpm", "none") else "white",
        markeredgewidth=1.5,
        linewidth=2.6 if arm == "lpm" else 1.6,
        elinewidth=1.2,
        capsize=3,
    )


def _look(arm: str) -> tuple[str, Any, str]:
    name = arm.removesuffix("_soft")
    return LOOK.get(name, (OTHERS[sum(name.encode()) % len(OTHERS)], "--", "#444444"))


def _handle(arm: str) -> Line2D:
    marker, style, colour = _look(arm)
    filled = colour if arm in ("lpm", "none") else "white"
    return Line2D([], [], marker=marker, linestyle=style, color=colour, markerfacecolor=filled, markersize=8)


def _facts_axis(axes: Axes, facts: Sequence[int]) -> None:
    axes.xaxis.set_major_locator(FixedLocator(list(facts)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


def _ticks(axes: Axes, lengths: Sequence[float], room: float) -> None:
    """A tick where something was measured, as far as labels have room: a share of the axis."""
    start, end = axes.get_xlim()
    kept: list[float] = []
    for length in lengths:
        if not kept or math.log(length / kept[-1]) > room * math.log(end / start):
            kept.append(length)
    axes.xaxis.set_major_locator(FixedLocator(kept))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: size(value, "")))


def _share_axis(axes: Axes, points: Sequence[Sequence[float]]) -> None:
    """From none, or what lies below it, to a little above the highest interval."""
    low, high = min(0.0, *(point[2] for point in points)), max(point[3] for point in points)
    high = high if high > low else low + 1
    axes.set_ylim(low - 0.03 * (high - low), high + 0.05 * (high - low))
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))


def _title(axes: Axes, text: str, note: str) -> None:
    axes.set_title(text, loc="left", fontweight="bold")
    axes.set_title(note, loc="right", fontsize=11)


def _frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)


DRAWN = {
    "capacity": _capacity,
    "quality-bytes": _quality_bytes,
    "history": _history,
    "cost": _cost,
    "reliability": reliability,
    "learning-curve": learning_curve,
    "network-curve": network_curve,
    "slot-map": slot_map,
    "slot-attention": slot_attention,
    "gate-roc": gate_roc,
}
