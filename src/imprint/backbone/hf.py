"""The frozen LLM through transformers: rows in, logits out. Quirks of transformers 5.23 are told here."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from imprint.backbone.base import Backbone, Message, Prompt
from imprint.backbone.cache import RoomyCache, joined
from imprint.backbone.lora import LoraRows, shapes
from imprint.backbone.template import Template
from imprint.tensors import Adapter, Context
from imprint.types import ImprintError

UNLIMITED = 1 << 60


class HFBackbone(Backbone):
    """A transformers causal LM, frozen and in evaluation mode."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, id: str) -> None:
        # Any: transformers' annotations are unions that name every return type of every option.
        self.model: Any = model.eval().requires_grad_(False)
        self.tokenizer: Any = tokenizer
        # transformers 5.23 logs a warning for any text longer than this; the window is kept by `prompt`.
        tokenizer.model_max_length = UNLIMITED
        self.template = Template(tokenizer)
        self.id = id
        config = model.config.get_text_config(decoder=True)
        self.width = config.hidden_size
        self.vocabulary = self.model.get_input_embeddings().num_embeddings
        self.window = config.max_position_embeddings
        self.rho = self._embedding_rms()
        self.eos = self._end_tokens()
        self.kv_shape = self._probe()

    @torch.no_grad()
    def _probe(self) -> tuple[int, int, int]:
        """One token through the model: its cache's shape, and whether head and states are where we look."""
        row, mask = self.embed(torch.zeros(1, 1, dtype=torch.long)), torch.ones(1, 1, dtype=torch.bool)
        cache = self.new_cache()
        states = self.hidden(row, mask, cache)
        # Granite and Cohere scale their logits outside the head: refused rather than silently wrong.
        if not torch.allclose(self.logits(states), self.forward(row, mask), atol=1e-4):
            kind = self.model.config.model_type
            raise ImprintError(f"models of kind {kind} are not supported: their logits are changed after the head")
        # Read off a cache: config names differ by family (GPT-NeoX has no num_key_value_heads).
        layers, _, _, heads, _, head_width = self.read_cache(cache).shape
        return layers, heads, head_width

    def _embedding_rms(self) -> float:
        with torch.no_grad():
            rows = [self.embed(ids) for ids in torch.arange(self.vocabulary).split(8192)]
            return float(torch.cat([r.float().square().mean(-1).sqrt() for r in rows]).mean())

    def _end_tokens(self) -> frozenset[int]:
        # transformers 5: generation_config holds an int, a list or None. A fine-tuned folder often names only
        # <|endoftext|> there while its template ends turns with another token: without it replies never end.
        named = getattr(self.model.generation_config, "eos_token_id", None)
        ids = set(named if isinstance(named, list) else [] if named is None else [named])
        if self.tokenizer.eos_token_id is not None:
            ids.add(self.tokenizer.eos_token_id)
        return frozenset(ids | self.template.end_of_turn())

    def tokenize(self, text: str) -> list[int]:
        return self.template.tokenize(text)

    def detokenize(self, ids: Sequence[int]) -> str:
        # clean_up_tokenization_spaces: on in some tokenizer configs, it eats the space before punctuation.
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def prompt(self, messages: Sequence[Message], context: Context | None, reserve: int) -> Prompt:
        return self.template.prompt(messages, context, self.window, reserve)

    def embed(self, ids: Int[Tensor, "*s"]) -> Float[Tensor, "*s d"]:
        # Through the module, never its weight: since transformers 5 Gemma's embedding module multiplies by
        # sqrt(d) (before, the model did), and rho must be on the scale of what enters the first layer.
        return self.model.get_input_embeddings()(ids.to(self.model.device))

    def forward(
        self,
        rows: Float[Tensor, "b t d"],
        mask: Bool[Tensor, "b s"],
        cache: Any = None,
        last_only: bool = False,
    ) -> Float[Tensor, "b o v"]:
        return self.model(**self._inputs(rows, mask, cache), logits_to_keep=1 if last_only else 0).logits

    def hidden(
        self, rows: Float[Tensor, "b t d"], mask: Bool[Tensor, "b s"], cache: Any = None
    ) -> Float[Tensor, "b t d"]:
        return self.model.base_model(**self._inputs(rows, mask, cache)).last_hidden_state

    def logits(self, states: Float[Tensor, "*s d"]) -> Float[Tensor, "*s v"]:
        head = self.model.get_output_embeddings()
        out = head(states)
        # Gemma 2 bends its logits after the head; nothing in the head's module says so.
        cap = getattr(self.model.config.get_text_config(decoder=True), "final_logit_softcapping", None)
        return out if cap is None else torch.tanh(out / cap) * cap

    def _inputs(self, rows: Tensor, mask: Tensor, cache: Any) -> dict[str, Any]:
        # transformers counts positions from the cache's length, padding included: pass them.
        positions = (mask.long().cumsum(-1) - 1).clamp(min=0)[:, -rows.shape[1] :]
        # Always with a mask: without one transformers 5.23 looks for packed sequences in the position ids.
        # One that is all True costs nothing, the causal kernel is taken. sdpa (torch 2.13) gives zeros, not
        # NaN, to queries that see no key, so padding stays finite, gradients included.
        return {
            "inputs_embeds": rows,
            "attention_mask": mask,
            "position_ids": positions,
            "past_key_values": cache,
            "use_cache": cache is not None,
        }

    def new_cache(self, kv: Float[Tensor, "l 2 b h_kv p d_h"] | None = None) -> Any:
        if kv is None or kv.shape[-2] == 0:
            return RoomyCache()
        return RoomyCache((layer[0], layer[1]) for layer in kv)

    def read_cache(self, cache: Any) -> Float[Tensor, "l 2 b h_kv p d_h"]:
        # transformers 5: no to_legacy_cache, and iteration yields triples.
        return torch.stack([torch.stack([layer.keys, layer.values]) for layer in cache.layers])

    def join_caches(self, parts: Sequence[tuple[Any, Sequence[int], int]], length: int) -> Any:
        return joined(parts, length)

    def adapters(self, rows: Sequence[Adapter | None]) -> AbstractContextManager[None]:
        return LoraRows(self.model, rows)

    def adapter_shapes(self, rank: int, targets: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        return shapes(self.model, rank, targets)
