"""Files of the shared network: found by the backbone they were trained on, checked before they are used."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save

from imprint.backbone.base import Backbone
from imprint.config import home_folder
from imprint.methods.parts.network import NetworkConfig, SlotNetwork
from imprint.tensors import Placement
from imprint.types import ImprintError

SHIPPED = Path(__file__).parents[2] / "weights"
"""Folder of the weights that come with imprint."""


@dataclass(frozen=True)
class Shared:
    """A network out of a file."""

    network: SlotNetwork
    stamp: str
    """Hash of the file: part of a memory's fingerprint."""
    trained_on: Mapping[str, Any] = field(default_factory=dict)
    """What the file says of its training."""


def pack(network: SlotNetwork, backbone: Backbone, trained_on: Mapping[str, Any]) -> bytes:
    """A file's bytes. trained_on: JSON values for who reads the file."""
    about = {"backbone": backbone.id, "config": asdict(network.config), "trained_on": trained_on}
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in network.state_dict().items()}
    return save(tensors, metadata={"imprint": json.dumps(about, sort_keys=True)})


def file_name(backbone: Backbone, placement: Placement) -> str:
    """Where `imprint train lpm` puts the network of a backbone, in the folder `weights` of the home folder."""
    return f"lpm-{backbone.id[:16]}-{placement}.safetensors"


def shared_network(backbone: Backbone, placement: Placement, shipped: Path = SHIPPED) -> Shared | None:
    """The network for this backbone and placement: one's own in the home folder, else the shipped one, else None."""
    own = home_folder() / "weights" / file_name(backbone, placement)
    for path in (own, *sorted(shipped.glob("lpm-*.safetensors"))):
        about = _about(path) if path.is_file() else None
        if about and about["backbone"] == backbone.id and about["config"].get("placement") == placement:
            return open_network(path, backbone)
    return None


def open_network(path: Path, backbone: Backbone) -> Shared:
    """The network in this file. ImprintError: it is damaged, or of another backbone."""
    about = _about(path)
    remake = "Make it again: imprint train lpm"
    if about["backbone"] != backbone.id:
        raise ImprintError(f"{path} was trained for another model", "Train one for this model: imprint train lpm")
    try:
        network = SlotNetwork(NetworkConfig(**about["config"]), backbone)
        network.load_state_dict({name: tensor.float() for name, tensor in load_file(path).items()})
    except (TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise ImprintError(f"{path} does not hold the network that it says it holds", remake) from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in network.state_dict().values()):
        raise ImprintError(f"{path} holds values that are not finite", remake)
    return Shared(network, hashlib.sha256(path.read_bytes()).hexdigest()[:32], about["trained_on"])


def _about(path: Path) -> dict[str, Any]:
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()["imprint"])
        kinds = {"backbone": str, "config": dict, "trained_on": dict}
        if all(isinstance(about[name], kind) for name, kind in kinds.items()):
            return about
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        pass
    raise ImprintError(f"{path} is not a network of imprint, or is damaged", "Make it again: imprint train lpm")
