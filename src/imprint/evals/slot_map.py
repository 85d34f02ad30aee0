"""Where slots lie: principal components for a map, silhouettes for how far groups of slots keep apart."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor


def principal(vectors: Float[Tensor, "n d"]) -> tuple[Float[Tensor, "n 2"], tuple[float, float]]:
    """Coordinates on the first two principal components, and the share of the variance each of them holds.

    Of a component's two directions the one is taken in which its largest entry is positive.
    """
    centred = vectors.double() - vectors.double().mean(0)
    _, sizes, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = torch.nn.functional.pad(axes, (0, 0, 0, max(0, 2 - len(axes))))[:2]
    signs = axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()
    power = torch.nn.functional.pad(sizes.square(), (0, 2))
    first, second = (power / power.sum().clamp(min=1e-30))[:2].tolist()
    return (centred @ (signs * axes).T).float(), (first, second)


def silhouettes(vectors: Float[Tensor, "n d"], groups: Sequence[str]) -> Float[Tensor, " n"]:
    """(b - a) / max(a, b) of each vector: a is its mean distance to its own group, b to the nearest other group.

    1: far from all others; 0: between two groups; below 0: nearer to another group than to its own. A vector that is
    alone in its group has 0, and so has every vector where there is one group only (Rousseeuw 1987).
    """
    names = sorted(set(groups))
    found = torch.zeros(len(groups))
    if len(names) < 2:
        return found
    belongs = torch.tensor([[group == name for name in names] for group in groups])  # [n, groups]
    member, sizes = belongs.double(), belongs.sum(0)
    sums = torch.cdist(vectors.double(), vectors.double(), compute_mode="donot_use_mm_for_euclid_dist") @ member
    own = (sums * member).sum(1) / (sizes[belongs.int().argmax(1)] - 1).clamp(min=1)
    other = (sums / sizes).masked_fill(belongs, torch.inf).amin(1)
    many = sizes[belongs.int().argmax(1)] > 1
    widest = torch.maximum(own, other).clamp(min=1e-30)
    found[many] = ((other - own) / widest)[many].float()
    return found
