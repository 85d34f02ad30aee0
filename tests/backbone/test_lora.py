"""Adapters by row: exactly what PEFT gives alone, and no trace of them afterwards."""

import hashlib

import pytest
import torch
from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.tensors import Adapter
from imprint.types import ImprintError


def fingerprint(backbone: HFBackbone) -> tuple[str, list[tuple[str, int, int]], list[str]]:
    """Bytes of every parameter, identity and class of every module and its hooks, attributes of the model."""
    digest = hashlib.sha256()
    for name, tensor in backbone.model.state_dict().items():
        digest.update(name.encode() + tensor.numpy().tobytes())
    modules = [
        (f"{name} {type(m).__name__}", id(m), len(m._forward_pre_hooks) + len(m._forward_hooks))
        for name, m in backbone.model.named_modules()
    ]
    return digest.hexdigest(), modules, sorted([*vars(backbone.model), *vars(backbone.model.config)])


def batch_of(backbone: HFBackbone, rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.tensor([backbone.tokenize("the same words for all")] * rows)
    return backbone.embed(ids), torch.ones_like(ids).bool()


@torch.no_grad()
def test_rows_equal_peft_run_alone(backbone: HFBackbone, lora):
    adapters = [lora(backbone), None, lora(backbone, rank=5, seed=1), lora(backbone, seed=2)]
    rows, mask = batch_of(backbone, 4)
    with backbone.adapters(adapters):
        mixed = backbone.forward(rows, mask)
    for i, adapter in enumerate(adapters):
        twin = tiny_backbone(backbone.model.config.model_type)
        if adapter is None:
            alone = twin.forward(rows[:1], mask[:1])
        else:
            # PEFT's own way with one active adapter, which shares no line with rows by adapter_names.
            config = LoraConfig(r=adapter.rank, lora_alpha=int(adapter.alpha), target_modules=list(adapter.targets))
            peft = inject_adapter_in_model(config, twin.model)
            prefix = "base_model.model."
            result = set_peft_model_state_dict(peft, {k.removeprefix(prefix): t for k, t in adapter.tensors.items()})
            assert not result.unexpected_keys
            alone = peft.eval()(inputs_embeds=rows[:1], attention_mask=mask[:1]).logits
        assert (mixed[i] - alone[0]).abs().max() < 1e-5
    assert (mixed[0] - mixed[1]).abs().max() > 0.01


@torch.no_grad()
def test_the_backbone_is_the_same_objects_and_bytes_afterwards(backbone: HFBackbone, lora):
    before = fingerprint(backbone)
    rows, mask = batch_of(backbone, 2)
    bare = backbone.forward(rows, mask)
    scope = backbone.adapters([lora(backbone), None])
    assert fingerprint(backbone) == before
    with scope:
        assert fingerprint(backbone) != before
        backbone.forward(rows, mask)
    assert fingerprint(backbone) == before
    assert torch.equal(backbone.forward(rows, mask), bare)


@torch.no_grad()
def test_a_scope_is_entered_again_and_again_and_left_on_errors(llama: HFBackbone, lora):
    before = fingerprint(llama)
    rows, mask = batch_of(llama, 1)
    scope = llama.adapters([lora(llama)])
    with scope:
        first = llama.forward(rows, mask)
    with scope:
        assert torch.equal(llama.forward(rows, mask), first)
    with pytest.raises(KeyError), scope:
        raise KeyError
    assert fingerprint(llama) == before


def test_building_a_scope_draws_no_random_numbers(llama: HFBackbone, lora):
    adapter = lora(llama)
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    llama.adapters([adapter])
    assert torch.equal(torch.rand(2), expected)


@torch.no_grad()
def test_one_adapter_for_many_rows_is_built_once(llama: HFBackbone, lora):
    adapter = lora(llama)
    rows, mask = batch_of(llama, 3)
    with llama.adapters([adapter, None, adapter]):
        out = llama.forward(rows, mask)
        layer = llama.model.get_submodule("model.layers.0.self_attn.q_proj")
        assert len(layer.lora_A) == 1  # type: ignore[arg-type]
    assert torch.equal(out[0], out[2])
    assert not torch.equal(out[0], out[1])


def test_a_wrong_adapter_is_refused_and_leaves_nothing(llama: HFBackbone, lora):
    good = lora(llama)
    name, tensor = next(iter(good.tensors.items()))
    missing = {n: t for n, t in good.tensors.items() if n != name}
    wrong = [
        Adapter(missing, good.rank, good.alpha, good.targets),
        Adapter({**good.tensors, "strange": tensor}, good.rank, good.alpha, good.targets),
        Adapter({**good.tensors, name: tensor.T}, good.rank, good.alpha, good.targets),
        Adapter(good.tensors, good.rank + 1, good.alpha, good.targets),
        Adapter(good.tensors, good.rank, good.alpha, ("embed_tokens",)),
        Adapter(good.tensors, good.rank, good.alpha, ("c_attn",)),
    ]
    before = fingerprint(llama)
    for adapter in wrong:
        with pytest.raises(ImprintError, match="made for another model"):
            llama.adapters([good, adapter])
    with pytest.raises(ImprintError, match="rank"):
        llama.adapters([Adapter(good.tensors, 0, good.alpha, good.targets)])
    assert fingerprint(llama) == before
