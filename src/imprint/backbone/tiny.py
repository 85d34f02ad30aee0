"""Tiny random models of four families with a byte-level tokenizer: what the tests run on."""

import hashlib
from pathlib import Path
from typing import Any, Literal

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    GemmaConfig,
    GemmaForCausalLM,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from imprint.backbone.hf import HFBackbone

Family = Literal["llama", "qwen3", "gpt_neox", "gemma"]
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
WINDOW = 512


def byte_tokenizer(chat_template: str | None = CHATML) -> PreTrainedTokenizerFast:
    """One token a byte, and three special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core: Any = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIALS])
    return PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token=SPECIALS[0], eos_token=SPECIALS[2], chat_template=chat_template
    )


def tiny_model(family: Family, seed: int, width: int, layers: int, vocabulary: int) -> PreTrainedModel:
    """Random weights, large enough in scale that attention and position matter."""
    shape: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "max_position_embeddings": WINDOW,
        "initializer_range": 0.15,
        "bos_token_id": 256,
        "eos_token_id": 258,
        "pad_token_id": None,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if family == "llama":
            return LlamaForCausalLM(LlamaConfig(**shape, num_key_value_heads=2))
        if family == "qwen3":
            return Qwen3ForCausalLM(Qwen3Config(**shape, num_key_value_heads=2, head_dim=width // 2))
        if family == "gpt_neox":
            return GPTNeoXForCausalLM(GPTNeoXConfig(**shape))
        return GemmaForCausalLM(GemmaConfig(**shape, num_key_value_heads=1, head_dim=width // 4))


def tiny_backbone(
    family: Family, seed: int = 0, width: int = 32, layers: int = 2, chat_template: str | None = CHATML
) -> HFBackbone:
    """A frozen random model; the same arguments give the same bytes. `width` is a multiple of 8."""
    tokenizer = byte_tokenizer(chat_template)
    model = tiny_model(family, seed, width, layers, len(tokenizer))
    digest = hashlib.sha256(f"{family} {chat_template}".encode())
    for tensor in model.state_dict().values():
        digest.update(tensor.numpy().tobytes())
    return HFBackbone(model, tokenizer, digest.hexdigest())


def save(backbone: HFBackbone, folder: Path) -> None:
    """Write it as a model folder that `open_backbone` opens."""
    backbone.model.save_pretrained(folder)
    backbone.tokenizer.save_pretrained(folder)
