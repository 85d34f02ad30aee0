"""A model folder -> a frozen backbone. Safetensors only, no code run, refusals in one line."""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from imprint.backbone.gguf import quiet
from imprint.backbone.hashes import read_json, sha256_file
from imprint.backbone.hf import HFBackbone
from imprint.types import ImprintError

TOKENIZER = (
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
)
VOLATILE = ("transformers_version", "_name_or_path", "dtype", "torch_dtype")
"""Config keys that change when the same model is saved again."""


def load_folder(folder: Path, home: Path) -> HFBackbone:
    """The model in `folder`, float32, frozen. Raises ImprintError naming what is missing or refused."""
    weights = check_folder(folder)
    try:
        with quiet():
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                dtype=torch.float32,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
            model, report = loaded
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # transformers raises many kinds for a damaged folder; the user needs one line
        raise ImprintError(f"cannot load the model in {folder} ({type(error).__name__})", "Check its files") from error
    # transformers fills what a file lacks with random numbers and only warns.
    if report["missing_keys"]:
        raise ImprintError(f"the weights in {folder} lack {len(report['missing_keys'])} tensors", "Copy them again")
    return HFBackbone(model, tokenizer, identity(folder, weights, home))


def check_folder(folder: Path) -> list[Path]:
    """The weight files of a usable model folder."""
    if not folder.is_dir():
        raise ImprintError(f"there is no model folder {folder}", "Give a folder, a GGUF file, a hub id or embedded")
    config = read_json(folder / "config.json")
    if not config:
        raise ImprintError(f"{folder} has no readable config.json", "Give a folder with a transformers model")
    if config.get("model_type") not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        kind = config.get("model_type", "unknown")
        raise ImprintError(
            f"{folder} holds a model of kind {kind}, not a causal language model", "Choose another model"
        )
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        unsafe = [p for pattern in ("*.bin", "*.pt", "*.pth") for p in folder.glob(pattern)]
        if unsafe:
            raise ImprintError(f"{folder} has pickled weights only, which can run code", "Convert them to safetensors")
        raise ImprintError(f"{folder} has no weights", "Put its .safetensors files there")
    if not any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer.model", "vocab.json")):
        raise ImprintError(f"{folder} has no tokenizer", "Put its tokenizer.json there")
    return weights


def identity(folder: Path, weights: list[Path], home: Path) -> str:
    """Hash of weights, config and tokenizer: 64 hex digits, independent of where the folder lies."""
    config = {k: v for k, v in read_json(folder / "config.json").items() if k not in VOLATILE}
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    tokenizer = [folder / name for name in TOKENIZER if (folder / name).is_file()]
    for path in (*weights, *tokenizer):
        found = _settled(path) if path.name == "tokenizer_config.json" else sha256_file(path, home)
        digest.update(f"\n{path.name} {found}".encode())
    return digest.hexdigest()


def _settled(path: Path) -> str:
    """Hash of a file in which transformers notes whether the network was off when it was written: not the model's."""
    data = path.read_bytes().replace(b'"local_files_only": false', b'"local_files_only": true')
    return hashlib.sha256(data).hexdigest()
