"""Tiny random models of four families, and ways to make memories for them."""

from collections.abc import Callable

import pytest
import torch

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import Family, tiny_backbone
from imprint.tensors import Adapter, KVPrefix, SoftPrompt

FAMILIES: tuple[Family, ...] = ("llama", "qwen3", "gpt_neox", "gemma")
LINEARS = {"gpt_neox": ("query_key_value", "dense")}


@pytest.fixture(params=FAMILIES, scope="session")
def backbone(request: pytest.FixtureRequest) -> HFBackbone:
    """One of each family. Frozen, so tests may share it."""
    return tiny_backbone(request.param)


@pytest.fixture(scope="session")
def llama() -> HFBackbone:
    return tiny_backbone("llama")


@pytest.fixture(scope="session")
def soft() -> Callable[..., SoftPrompt]:
    """A random soft prompt on the scale of the model's own rows."""

    def make(backbone: HFBackbone, k: int, seed: int = 0, placement: str = "late") -> SoftPrompt:
        rows = torch.randn(k, backbone.width, generator=torch.Generator().manual_seed(seed)) * backbone.rho
        return SoftPrompt(rows, "late" if placement == "late" else "prefix")

    return make


@pytest.fixture(scope="session")
def prefix() -> Callable[..., KVPrefix]:
    """The KV cache of real text, as a prefix."""

    def make(backbone: HFBackbone, text: str) -> KVPrefix:
        ids = torch.tensor([backbone.tokenize(text)])
        cache = backbone.new_cache()
        with torch.no_grad():
            backbone.hidden(backbone.embed(ids), torch.ones_like(ids).bool(), cache)
        return KVPrefix(backbone.read_cache(cache)[:, :, 0])

    return make


@pytest.fixture(scope="session")
def lora() -> Callable[..., Adapter]:
    """A random adapter, strong enough to change the logits."""

    def make(backbone: HFBackbone, rank: int = 3, seed: int = 0) -> Adapter:
        random = torch.Generator().manual_seed(seed)
        targets = LINEARS.get(backbone.model.config.model_type, ("q_proj", "v_proj"))
        tensors = {}
        for name, layer in backbone.model.named_modules():
            if name.rpartition(".")[2] in targets and isinstance(layer, torch.nn.Linear):
                stem = f"base_model.model.{name}.lora_"
                tensors[f"{stem}A.weight"] = torch.randn(rank, layer.in_features, generator=random) * 0.3
                tensors[f"{stem}B.weight"] = torch.randn(layer.out_features, rank, generator=random) * 0.3
        return Adapter(tensors, rank, 2.0 * rank, targets)

    return make
