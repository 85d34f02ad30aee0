"""The frozen LLM, as the rest of imprint sees it: prompts in, rows and logits out. Quirks live in `hf.py`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal

from jaxtyping import Bool, Float, Int
from torch import Tensor

from imprint.tensors import Adapter, Context, Injection
from imprint.types import ImprintError


class ContextTooLong(ImprintError):
    """The last message, its memory and the answer do not fit the model's window together."""


@dataclass(frozen=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Prompt:
    """A tokenised conversation that ends with the assistant header, and the two places for soft rows."""

    ids: tuple[int, ...]
    prefix_at: int
    """Index before which `prefix` rows go: right before the first user message's text."""
    late_at: int
    """Index before which `late` rows go: after the last user turn, before the assistant header."""
    dropped: int = 0
    """Oldest messages cut because the window was full. Never silent: the caller tells the user."""


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen. temperature 0 is greedy."""

    max_new_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    """Generation ends before the first of these strings."""


@dataclass(frozen=True)
class Request:
    """One row of a batch. Rows may mix users, injections, lengths and sampling."""

    messages: tuple[Message, ...]
    injection: Injection = None
    sampling: Sampling = Sampling()


class Backbone(ABC):
    """A frozen causal LM. Its parameters never get a gradient and never change."""

    id: str
    """Hash of weights, config and tokenizer: part of every memory's fingerprint."""
    width: int
    """d, the model width."""
    vocabulary: int
    """Rows of the embedding table."""
    window: int
    """Most positions the model takes."""
    rho: float
    """Mean over embedding rows of their root mean square: the scale soft rows are clamped to."""
    eos: frozenset[int]
    kv_shape: tuple[int, int, int]
    """(l, h_kv, d_h): layers, key/value heads and head width of the cache, which a KV prefix must have."""

    @abstractmethod
    def tokenize(self, text: str) -> list[int]:
        """Ids of plain text, without BOS, EOS or template; special-token strings in it are read as text."""

    @abstractmethod
    def detokenize(self, ids: Sequence[int]) -> str:
        """Text of ids, special tokens left out."""

    @abstractmethod
    def prompt(self, messages: Sequence[Message], context: Context | None, reserve: int) -> Prompt:
        """Template the conversation; oldest messages are cut until `reserve` positions stay free."""

    @abstractmethod
    def embed(self, ids: Int[Tensor, "*s"]) -> Float[Tensor, "*s d"]:
        """Rows that enter the first layer for these ids."""

    @abstractmethod
    def forward(
        self,
        rows: Float[Tensor, "b t d"],
        mask: Bool[Tensor, "b s"],
        cache: Any = None,
        last_only: bool = False,
    ) -> Float[Tensor, "b o v"]:
        """Logits of `rows` after what `cache` holds; the cache is extended in place.

        mask: [b, p + t] over cached and new positions, False = padding anywhere. Position ids are
        cumsum(mask) - 1.
        last_only: only the last position's logits (o = 1), which saves the vocabulary projection.
        """

    @abstractmethod
    def hidden(
        self, rows: Float[Tensor, "b t d"], mask: Bool[Tensor, "b s"], cache: Any = None
    ) -> Float[Tensor, "b t d"]:
        """Last hidden states after the final norm; the cache is extended in place."""

    @abstractmethod
    def logits(self, states: Float[Tensor, "*s d"]) -> Float[Tensor, "*s v"]:
        """Vocabulary projection of last hidden states, so that only the positions of interest pay for it."""

    @abstractmethod
    def new_cache(self, kv: Float[Tensor, "l 2 b h_kv p d_h"] | None = None) -> Any:
        """A fresh cache for `forward`, empty or filled with these keys (after RoPE) and values."""

    @abstractmethod
    def read_cache(self, cache: Any) -> Float[Tensor, "l 2 b h_kv p d_h"]:
        """The keys and values a cache holds."""

    @abstractmethod
    def join_caches(self, parts: Sequence[tuple[Any, Sequence[int], int]], length: int) -> Any:
        """One cache of `length` positions from several: of each (cache, rows, last positions) these rows, at its end.

        What stands before a row's positions is zero, for the caller to mask.
        """

    @abstractmethod
    def adapters(self, rows: Sequence[Adapter | None]) -> AbstractContextManager[None]:
        """Within it, row i of every `forward` and `hidden` goes through adapter i (None: the bare model).

        It may be entered again and again; outside it the model is bare. Adapter tensors that require a
        gradient get one. Raises ImprintError when an adapter was made for another model.
        """

    @abstractmethod
    def adapter_shapes(self, rank: int, targets: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Name and shape of every tensor an adapter of these layers has. ImprintError: a target is no linear layer."""
