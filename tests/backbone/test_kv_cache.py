"""The cache that is written in place holds what transformers' own holds."""

import copy
from typing import Any

import pytest
import torch
from transformers import DynamicCache

from imprint.backbone.cache import RoomyCache


def entry(t: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(2, 3, t, 4, generator=random), torch.randn(2, 3, t, 4, generator=random)


def same(ours: Any, theirs: Any) -> bool:
    return all(
        torch.equal(a.keys, b.keys) and torch.equal(a.values, b.values)
        for a, b in zip(ours.layers, theirs.layers, strict=True)
    )


@pytest.mark.parametrize("filled", [False, True])
def test_steps_crops_and_reordering_equal_the_plain_cache(filled: bool):
    start = [entry(5, 9), entry(5, 10)] if filled else []
    ours, theirs = RoomyCache(start), DynamicCache(start or None)
    with torch.no_grad():
        for step in range(300):
            for layer in range(2):
                keys, values = entry(1 if step else 7, 100 * step + layer)
                ours.update(keys, values, layer)
                theirs.update(keys, values, layer)
            if step == 140:
                ours.crop(-4)
                theirs.crop(-4)
            if step == 150:
                ours.batch_select_indices(torch.tensor([1, 0]))
                theirs.batch_select_indices(torch.tensor([1, 0]))
            if step % 50 == 0:
                assert same(ours, theirs)
    assert same(ours, theirs)


@torch.no_grad()
def test_a_copy_goes_its_own_way():
    ours: Any = RoomyCache([entry(5, 1)])
    ours.update(*entry(1, 2), 0)
    twin = copy.deepcopy(ours)
    ours.update(*entry(1, 3), 0)
    twin.update(*entry(1, 4), 0)
    assert torch.equal(ours.layers[0].keys[:, :, -1:], entry(1, 3)[0])
    assert torch.equal(twin.layers[0].keys[:, :, -1:], entry(1, 4)[0])


def test_the_tensors_it_was_made_from_are_never_written():
    keys, values = entry(5, 1)
    before = keys.clone()
    cache = RoomyCache([(keys, values)])
    with torch.no_grad():
        cache.update(*entry(1, 2), 0)
        cache.crop(-3)
        cache.update(*entry(3, 3), 0)
    assert torch.equal(keys, before)


def test_gradients_pass_after_steps_without():
    cache = RoomyCache()
    with torch.no_grad():
        cache.update(*entry(4, 1), 0)
        cache.update(*entry(1, 2), 0)
    keys, values = entry(2, 3)
    keys.requires_grad_()
    out, _ = cache.update(keys, values, 0)
    out.sum().backward()
    assert keys.grad is not None
    assert torch.equal(keys.grad, torch.ones_like(keys))
