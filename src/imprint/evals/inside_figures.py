"""Draws the two plots of what is inside memories: where slots lie, and which slots questions read."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

USERS = (
    ("o", "#0b5fa5"),
    ("s", "#c24f00"),
    ("^", "#007a58"),
    ("D", "#b0387d"),
    ("v", "#8a5a00"),
    ("P", "#7a3fb8"),
    ("X", "#000000"),
    ("*", "#5c8a00"),
)
"""Marker and colour of a user; with more users they come again."""
MARKS: dict[str, dict[str, Any]] = {
    "slot of the telling turn": {
        "marker": "o",
        "color": "#c24f00",
        "fillstyle": "none",
        "markersize": 10,
        "markeredgewidth": 1.8,
    },
    "slot the reply owes most to": {"marker": "x", "color": "#0b8fe5", "markersize": 6, "markeredgewidth": 1.8},
    "memory silent": {"marker": "<", "color": "#6e6e6e", "markersize": 7},
}
TITLES = {"contents": "what they hold", "keys": "what they are found by", "foreseen": "questions foreseen of them"}


def slot_map(figure: Figure, data: Mapping[str, Any]) -> None:
    """Two panels: slots by what they hold, and by what they are found by; one mark a slot, by user."""
    figure.suptitle(
        "Slots of several users on two principal components", x=0.02, ha="left", fontweight="bold", fontsize=13.5
    )
    owners: set[int] = set()
    for number, (space, panel) in enumerate(data["panels"].items()):
        axes = figure.add_axes((0.065 + 0.485 * number, 0.19, 0.435, 0.68))
        for owner, x, y in panel["points"]:
            marker, colour = USERS[int(owner) % len(USERS)]
            size = 9 if marker == "*" else 6
            axes.plot(x, y, marker, color=colour, markersize=size, markeredgecolor="white", markeredgewidth=0.5)
            owners.add(int(owner))
        found = data["silhouette"][space]
        axes.set_title(TITLES[space], loc="left")
        axes.text(
            *(0.02, 0.98, f"silhouette by user {found['user']:+.2f}\nby family of fact {found['family']:+.2f}"),
            **{"transform": axes.transAxes, "va": "top", "fontsize": 11},
        )
        first, second = panel["explained"]
        axes.set_xlabel(f"first: {first:.0%} of the variance")
        axes.set_ylabel(f"second: {second:.0%}", labelpad=2)
        low, high = axes.get_ylim()
        axes.set_ylim(low, high + 0.16 * (high - low))
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[["top", "right"]].set_visible(False)
    handles = [_mark(owner) for owner in sorted(owners)]
    names = [f"user {owner + 1}" for owner in sorted(owners)]
    figure.legend(handles, names, loc="lower center", ncols=4, frameon=False, fontsize=11.5, columnspacing=1.5)


def _mark(owner: int) -> Line2D:
    marker, colour = USERS[owner % len(USERS)]
    return Line2D([], [], marker=marker, color=colour, linestyle="", markersize=11 if marker == "*" else 8)


def slot_attention(figure: Figure, data: Mapping[str, Any]) -> None:
    """Rows: questions; columns: slots. Shade: attention; a ring: the slot of the turn that told the answer."""
    weights, slots = data["weights"], data["slots"]
    axes = figure.add_axes((0.075, 0.33, 0.815, 0.57))
    axes.set_title("One user's questions over their slots", loc="left", fontweight="bold")
    picture = axes.imshow(weights, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    for row, (planted, first, spoke) in enumerate(
        zip(data["planted"], data["first_by_effect"], data["spoke"], strict=True)
    ):
        axes.plot(planted, [row] * len(planted), linestyle="", **MARKS["slot of the telling turn"])
        if first is not None:
            axes.plot(first, row, linestyle="", **MARKS["slot the reply owes most to"])
        if not spoke:
            axes.plot(len(slots) - 0.1, row, linestyle="", clip_on=False, **MARKS["memory silent"])
    axes.set_xlim(-0.5, len(slots) - 0.5)
    axes.set_xticks(range(len(slots)), [slot.replace("_", " ") for slot in slots], rotation=60, ha="right", fontsize=10)
    axes.set_yticks(range(len(weights)), [str(number + 1) for number in range(len(weights))], fontsize=10)
    axes.set_ylabel("question")
    axes.set_xticks([place - 0.5 for place in range(1, len(slots))], minor=True)
    axes.set_yticks([place - 0.5 for place in range(1, len(weights))], minor=True)
    axes.grid(which="minor", color="#dddddd", linewidth=0.6)
    axes.tick_params(which="both", length=0)
    bar = figure.colorbar(picture, cax=figure.add_axes((0.925, 0.33, 0.018, 0.57)))
    bar.ax.set_title("attention", fontsize=11, pad=12)
    bar.ax.tick_params(labelsize=10)
    handles = [Line2D([], [], linestyle="", label=name, **mark) for name, mark in MARKS.items()]
    figure.legend(
        handles=handles, loc="lower center", ncols=3, frameon=False, fontsize=11, handletextpad=0.2, columnspacing=1.2
    )
