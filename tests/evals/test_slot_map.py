"""Principal components and silhouettes, against values worked out by hand and a naive loop."""

from math import dist

import pytest
import torch

from imprint.evals.slot_map import principal, silhouettes


def test_principal_components_of_points_on_a_line() -> None:
    points = torch.tensor([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    places, explained = principal(points)
    assert places[:, 0].tolist() == pytest.approx([-5.0, 0.0, 5.0], abs=1e-5)
    assert places[:, 1].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-5)
    assert explained == pytest.approx((1.0, 0.0))


def test_components_stand_in_the_order_of_their_variance() -> None:
    points = torch.tensor([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, -3.0]])
    places, explained = principal(points)
    assert places.tolist() == [pytest.approx(each, abs=1e-6) for each in ([0, 1], [0, -1], [3, 0], [-3, 0])]
    assert explained == pytest.approx((0.9, 0.1))


def test_points_that_are_all_alike_have_no_variance_to_show() -> None:
    places, explained = principal(torch.ones(3, 4))
    assert places.abs().max() < 1e-6
    assert explained == pytest.approx((0.0, 0.0))
    assert principal(torch.tensor([[1.0], [3.0]]))[0].tolist() == [[-1.0, 0.0], [1.0, 0.0]]


def naive(points: list[list[float]], groups: list[str], i: int) -> float:
    own = [dist(points[i], points[j]) for j in range(len(points)) if j != i and groups[j] == groups[i]]
    if not own:
        return 0.0
    rest = []
    for name in set(groups) - {groups[i]}:
        far = [dist(points[i], points[j]) for j in range(len(points)) if groups[j] == name]
        rest.append(sum(far) / len(far))
    a, b = sum(own) / len(own), min(rest)
    return (b - a) / max(a, b)


def test_a_silhouette_is_that_of_the_definition() -> None:
    points = torch.randn(9, 3, generator=torch.Generator().manual_seed(0))
    groups = list("aabbbccac")
    found = silhouettes(points, groups).tolist()
    assert found == pytest.approx([naive(points.tolist(), groups, i) for i in range(9)], abs=1e-6)


def test_groups_far_apart_have_silhouettes_near_one_and_a_lone_point_has_none() -> None:
    points = torch.tensor([[0.0], [1.0], [100.0], [101.0], [500.0]])
    found = silhouettes(points, ["a", "a", "b", "b", "c"]).tolist()
    assert found == pytest.approx([1 - 1 / 100.5, 1 - 1 / 99.5, 1 - 1 / 99.5, 1 - 1 / 100.5, 0.0])
    assert silhouettes(points, ["a"] * 5).tolist() == [0.0] * 5
