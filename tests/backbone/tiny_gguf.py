"""A GGUF file of a tiny random Llama with a byte-level tokenizer, as llama.cpp's converter would write it."""

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

from imprint.backbone.tiny import CHATML, SPECIALS, byte_tokenizer

WIDTH, LAYERS, HEADS, KV_HEADS = 32, 2, 4, 2


def write_tiny_gguf(path: Path, seed: int = 0) -> Path:
    """Float32 weights, so that dequantising changes nothing but the layout."""
    random = np.random.default_rng(seed)
    vocabulary = byte_tokenizer().get_vocab()
    tokens = sorted((t for t in vocabulary if t not in SPECIALS), key=lambda t: vocabulary[t])
    tokens += ["ab", *SPECIALS]
    file = GGUFWriter(path, "llama")
    file.add_name("tiny")
    file.add_context_length(512)
    file.add_embedding_length(WIDTH)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(2 * WIDTH)
    file.add_head_count(HEADS)
    file.add_head_count_kv(KV_HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_freq_base(10000.0)
    file.add_vocab_size(len(tokens))
    file.add_tokenizer_model("gpt2")
    file.add_tokenizer_pre("default")
    file.add_token_list(tokens)
    file.add_token_types([TokenType.CONTROL if t in SPECIALS else TokenType.NORMAL for t in tokens])
    file.add_token_merges(["a b"])
    file.add_bos_token_id(tokens.index("<|im_start|>"))
    file.add_eos_token_id(tokens.index("<|im_end|>"))
    file.add_chat_template(CHATML)

    def matrix(name: str, *shape: int) -> None:
        file.add_tensor(f"{name}.weight", random.normal(0, 0.15, shape).astype(np.float32))

    def norm(name: str) -> None:
        file.add_tensor(f"{name}.weight", np.ones(WIDTH, np.float32))

    matrix("token_embd", len(tokens), WIDTH)
    for i in range(LAYERS):
        kv = WIDTH // HEADS * KV_HEADS
        matrix(f"blk.{i}.attn_q", WIDTH, WIDTH)
        matrix(f"blk.{i}.attn_k", kv, WIDTH)
        matrix(f"blk.{i}.attn_v", kv, WIDTH)
        matrix(f"blk.{i}.attn_output", WIDTH, WIDTH)
        matrix(f"blk.{i}.ffn_gate", 2 * WIDTH, WIDTH)
        matrix(f"blk.{i}.ffn_up", 2 * WIDTH, WIDTH)
        matrix(f"blk.{i}.ffn_down", WIDTH, 2 * WIDTH)
        norm(f"blk.{i}.attn_norm")
        norm(f"blk.{i}.ffn_norm")
    norm("output_norm")
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
    return path
