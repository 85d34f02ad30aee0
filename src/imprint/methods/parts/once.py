"""What is made of a memory once and read many times: an index, or the injection that all questions share."""

from collections.abc import Callable
from typing import Generic, TypeVar

from imprint.tensors import Memory

T = TypeVar("T")


class Once(Generic[T]):
    """Calls `make` for a memory and keeps the result until another memory comes.

    Rows of a batch that inject the very same object share its adapter, or its prefill.
    """

    def __init__(self, make: Callable[[Memory], T]) -> None:
        self._make = make
        self._last: tuple[Memory, T] | None = None

    def __call__(self, memory: Memory) -> T:
        last = self._last
        if last is None or last[0] is not memory:
            last = self._last = memory, self._make(memory)
        return last[1]
