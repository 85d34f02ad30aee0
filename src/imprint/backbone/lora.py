"""One LoRA adapter per row of a batch, through PEFT 0.21; outside its context the model is untouched."""

from collections.abc import Sequence
from typing import Any

from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from imprint.tensors import Adapter
from imprint.types import ImprintError

REBUILD = "Rebuild the memory for this model: imprint sleep"
BASE = "__base__"
"""PEFT's word for a row that goes through the bare model."""


class LoraRows:
    """A context, entered again and again, within which row i of a batch goes through adapter i."""

    def __init__(self, model: nn.Module, rows: Sequence[Adapter | None]) -> None:
        distinct: list[Adapter] = []
        names: list[str] = []
        for adapter in rows:
            if adapter is None or not adapter.tensors:
                names.append(BASE)
                continue
            found = next((i for i, known in enumerate(distinct) if known is adapter), len(distinct))
            if found == len(distinct):
                distinct.append(adapter)
            names.append(f"row{found}")
        for adapter in distinct:
            check(model, adapter)
        self._swaps = _build(model, distinct, names) if distinct else []

    def __enter__(self) -> None:
        for parent, name, _, lora in self._swaps:
            setattr(parent, name, lora)

    def __exit__(self, *exc: object) -> None:
        for parent, name, bare, _ in self._swaps:
            setattr(parent, name, bare)


def shapes(model: nn.Module, rank: int, targets: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Name and shape of each tensor of an adapter of `targets`. ImprintError where a target is no linear layer here."""
    found = _shapes(model, rank, targets)
    missed = [t for t in targets if not any(f".{t}.lora_" in name for name in found)]
    if missed:
        linear = {name.rpartition(".")[2] for name, module in model.named_modules() if isinstance(module, nn.Linear)}
        raise ImprintError(
            f"this model has no layer {', '.join(missed)}",
            f"Choose from its linear layers: {', '.join(sorted(linear))}",
        )
    return found


def _shapes(model: nn.Module, rank: int, targets: Sequence[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, module in model.named_modules():
        if not any(name == target or name.endswith(f".{target}") for target in targets):
            continue
        if not isinstance(module, nn.Linear):
            raise ImprintError(f"the adapter was made for another model: {name} is not a linear layer here", REBUILD)
        found[_key(name, "A")] = (rank, module.in_features)
        found[_key(name, "B")] = (module.out_features, rank)
    return found


def check(model: nn.Module, adapter: Adapter) -> None:
    """Raise ImprintError unless the adapter's tensors are exactly those its targets need in this model."""
    if adapter.rank < 1:
        raise ImprintError(f"an adapter's rank is {adapter.rank}, expected 1 or more", REBUILD)
    wanted = _shapes(model, adapter.rank, adapter.targets)
    strange = sorted(wanted.keys() ^ adapter.tensors.keys())
    if strange:
        where = "this model" if strange[0] in adapter.tensors else "the adapter"
        raise ImprintError(f"the adapter was made for another model: {where} has no {strange[0]}", REBUILD)
    for name, shape in wanted.items():
        if tuple(adapter.tensors[name].shape) != shape:
            got = list(adapter.tensors[name].shape)
            raise ImprintError(
                f"the adapter was made for another model: {name} is {got}, expected {list(shape)}", REBUILD
            )


def _key(layer: str, side: str) -> str:
    return f"base_model.model.{layer}.lora_{side}.weight"


def _build(model: nn.Module, adapters: Sequence[Adapter], names: list[str]) -> list[tuple[nn.Module, str, Any, Any]]:
    """(parent, attribute, bare layer, adapted layer) wherever an adapter acts. The model is left bare."""
    try:
        for i, adapter in enumerate(adapters):
            # PEFT annotates lora_alpha as int; the scale alpha / r takes any number.
            alpha: Any = adapter.alpha
            config = LoraConfig(
                r=adapter.rank, lora_alpha=alpha, target_modules=list(adapter.targets), inference_mode=True
            )
            # low_cpu_mem_usage: weights on the meta device. Otherwise PEFT 0.21 draws initial weights from
            # torch's global generator, and a reply would change the random numbers of everybody after it.
            inject_adapter_in_model(config, model, adapter_name=f"row{i}", low_cpu_mem_usage=True)
            # It leaves this mark, and warns when it finds it on the next call.
            del model.peft_config
        found = {name: layer for name, layer in model.named_modules() if isinstance(layer, LoraLayer)}
    finally:
        _strip(model)
    swaps = []
    for name, layer in found.items():
        for i, adapter in enumerate(adapters):
            if f"row{i}" in layer.lora_A:
                _fill(layer.lora_A[f"row{i}"], adapter.tensors[_key(name, "A")], layer)
                _fill(layer.lora_B[f"row{i}"], adapter.tensors[_key(name, "B")], layer)
        adapted: Any = layer
        # PEFT 0.21 refuses adapter_names in training mode, and new LoRA layers start in it.
        adapted.eval()
        if set(names) == {"row0"}:
            # One adapter for all rows, as in a fit: PEFT's path for mixed rows takes three times as long.
            adapted.set_adapter("row0")
        else:
            adapted.register_forward_pre_hook(_names_hook(names), with_kwargs=True)
        parent, _, attribute = name.rpartition(".")
        swaps.append((model.get_submodule(parent), attribute, layer.get_base_layer(), adapted))
    return swaps


def _strip(model: nn.Module) -> None:
    """Put the bare layers back. PEFT's unload() belongs to PeftModel, which changes the model's config."""
    for name, layer in list(model.named_modules()):
        if isinstance(layer, LoraLayer):
            parent, _, attribute = name.rpartition(".")
            setattr(model.get_submodule(parent), attribute, layer.get_base_layer())
    if hasattr(model, "peft_config"):
        del model.peft_config


def _fill(linear: Any, tensor: Tensor, layer: LoraLayer) -> None:
    """Make the user's tensor itself the weight: no copy, and a gradient reaches it."""
    weight: Any = layer.get_base_layer().weight
    del linear.weight
    linear.weight = tensor.to(device=weight.device, dtype=weight.dtype)


def _names_hook(names: list[str]) -> Any:
    def hook(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return args, {**kwargs, "adapter_names": names}

    return hook
