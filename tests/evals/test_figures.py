"""The pictures are small, large enough to read, and no name covers another."""

import io
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from imprint.evals.labels import apart, side_by_side, spread
from imprint.evals.plots import Plot, make_plots, render
from imprint.evals.read_results import Curve, Result
from tests.evals.result_files import ARMS, arm, curve, estimate, result


def plots() -> tuple[Plot, ...]:
    """The pictures of weak results that lie close together, at six sizes, and of LoCoMo."""
    found = {}
    for facts in (8, 16, 32, 64, 128, 256):
        data = result(facts)
        for place, each in enumerate(data["arms"].values()):
            each["scores"]["exact"] = estimate((place * facts) % 7 / 50, 0.04)
        found[f"recall-{facts}"] = Result(f"recall-{facts}", data)
    arms = {name: arm(name, 0.1, "f1") for name in ARMS}
    found["locomo"] = Result("locomo", result(40, benchmark="locomo", headline="f1", options={}, arms=arms))
    curves = {name: Curve(name, curve(restate)) for name, restate in (("lpm-curve", 100), ("longer-curve", 300))}
    return make_plots(found, curves)


@pytest.mark.parametrize("plot", plots(), ids=lambda plot: plot.name)
def test_a_picture_is_large_enough_for_a_phone_and_small_to_fetch(plot: Plot) -> None:
    png = render(plot)
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (1120, 800)
    assert len(png) < 150_000
    assert picture.convert("L").getextrema() == (0, 255)


def test_a_picture_is_the_same_twice() -> None:
    assert render(plots()[0]) == render(plots()[0])


def test_a_score_of_nothing_everywhere_is_drawn() -> None:
    data = result(8, ["none", "lpm"])
    for each in data["arms"].values():
        each["scores"]["exact"] = estimate(0.0, 0.0)
        each["cost"] |= {"prompt_tokens": 0.0, "soft_tokens": 0.0}
    data["run"]["seconds"] = {}
    assert [len(render(plot)) > 5000 for plot in make_plots({"x": Result("x", data)})] == [True, True]


def test_names_move_apart_and_stay_in_order() -> None:
    assert apart([0.0, 0.5, 1.0], 0.1) == [0.0, 0.5, 1.0]
    assert apart([0.3, 0.3, 0.36], 0.1) == pytest.approx([0.22, 0.32, 0.42])
    assert apart([0.95, 0.96, 1.0], 0.1, 0.0, 1.0) == pytest.approx([0.8, 0.9, 1.0])
    assert apart([0.0, 0.0], 0.1, 0.0, 1.0) == pytest.approx([0.0, 0.1])
    assert apart([], 0.1) == []


def test_points_that_coincide_stand_side_by_side_in_their_order() -> None:
    moved = side_by_side([110.0, 1000.0, 100.0, 105.0], 0.1)
    assert moved[1] == pytest.approx(1000)
    assert moved[2] < moved[3] < moved[0]
    assert moved[3] / moved[2] == pytest.approx(moved[0] / moved[3]) == pytest.approx(1.105, rel=1e-3)


def test_no_name_covers_another_or_a_point() -> None:
    figure = Figure((7, 5), dpi=160)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.85, 0.8))
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 1)
    points = [(f"method_{i}", (4 + 0.3 * i, 0.4 + 0.02 * i, 0.35, 0.5)) for i in range(8)]
    spread(axes, points, (0.0, 0.0, 0.1))
    canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert [text.get_text() for text in axes.texts] == ["none", *(name for name, _ in points)]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    centres = [axes.transData.transform(point[:2]) for _, point in points]
    assert not any(box.contains(x, y) for box in boxes for x, y in centres)
