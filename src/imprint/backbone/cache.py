"""The KV cache of a generation: written in place, so that a step does not copy all that came before."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import Cache, DynamicCache, DynamicLayer

SLACK = 128
"""Least positions added when a layer's buffer is full."""


class RoomyLayer(DynamicLayer):
    """A cache layer that keeps room at its end while no gradients are wanted.

    transformers' DynamicLayer (5.23) concatenates at every step: with 8 rows of 1500 tokens of SmolLM2 that
    was half of a step's time. With gradients wanted this one concatenates too: writing in place would break
    their graph.
    """

    def __init__(self) -> None:
        super().__init__()
        self._room: tuple[Tensor, Tensor] | None = None

    @classmethod
    def filled(cls, keys: Tensor, values: Tensor, end: int) -> "RoomyLayer":
        """A layer in these buffers, whose first `end` positions are there already."""
        layer = cls()
        layer.lazy_initialization(keys, values)
        layer._room = keys, values
        layer.keys, layer.values = keys[..., :end, :], values[..., :end, :]
        return layer

    def update(self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor]:
        if torch.is_grad_enabled() or self.get_seq_length() == 0:
            self._room = None
            return super().update(key_states, value_states, *args, **kwargs)
        assert self.keys is not None
        assert self.values is not None
        seen = self.keys.shape[-2]
        end = seen + key_states.shape[-2]
        if self._room is None or self._room[0].shape[-2] < end or not self._in_room():
            self._room = _with_room(self.keys, end), _with_room(self.values, end)
        keys, values = self._room
        keys[..., seen:end, :] = key_states
        values[..., seen:end, :] = value_states
        self.keys, self.values = keys[..., :end, :], values[..., :end, :]
        return self.keys, self.values

    def _in_room(self) -> bool:
        """Whether keys and values are still views of the buffer: reordering a batch makes new tensors."""
        assert self._room is not None
        return all(
            now is not None and now.data_ptr() == room.data_ptr() and now.shape[:2] == room.shape[:2]
            for now, room in zip((self.keys, self.values), self._room, strict=True)
        )


def _with_room(tensor: Tensor, end: int) -> Tensor:
    b, heads, seen, width = tensor.shape
    room = tensor.new_empty(b, heads, end + max(SLACK, end // 4), width)
    room[..., :seen, :] = tensor.detach()
    return room


class RoomyCache(DynamicCache):
    """A DynamicCache of RoomyLayers, empty or filled. Every layer keeps all positions.

    Given the model's config, transformers would let sliding-window layers (Gemma 2, Mistral) forget early
    entries, where a memory stands. The attention mask still applies the window.
    """

    def __init__(self, kv: Iterable[tuple[Tensor, Tensor]] = (), layers: Sequence[RoomyLayer] = ()) -> None:
        Cache.__init__(self, layer_class_to_replicate=RoomyLayer)
        self.layers += layers
        for keys, values in kv:
            layer = RoomyLayer()
            DynamicLayer.update(layer, keys, values)
            self.layers.append(layer)

    def roomy(self, number: int) -> RoomyLayer:
        """A layer, as what it is."""
        layer = self.layers[number]
        assert isinstance(layer, RoomyLayer)
        return layer


def joined(parts: Sequence[tuple[RoomyCache, Sequence[int], int]], length: int) -> RoomyCache:
    """See `Backbone.join_caches`. One copy, layer by layer, with room behind it."""
    layers = []
    for number in range(len(parts[0][0].layers)):
        pairs = [(cache.roomy(number), rows, last) for cache, rows, last in parts]
        keys = _aligned([(layer.keys, rows, last) for layer, rows, last in pairs], length)
        values = _aligned([(layer.values, rows, last) for layer, rows, last in pairs], length)
        layers.append(RoomyLayer.filled(keys, values, length))
    return RoomyCache(layers=layers)


def _aligned(parts: Sequence[tuple[Any, Sequence[int], int]], length: int) -> Tensor:
    _, heads, _, width = parts[0][0].shape
    total = sum(len(rows) for _, rows, _ in parts)
    # Zeros, not whatever is there: a masked NaN is still NaN once attention multiplies it by 0.
    room = parts[0][0].new_zeros(total, heads, length + max(SLACK, length // 4), width)
    at = 0
    for tensor, rows, last in parts:
        for row in rows:
            room[at, :, length - last : length] = tensor[row, :, tensor.shape[-2] - last :]
            at += 1
    return room
