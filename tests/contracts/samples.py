"""A conversation in which facts are told, repeated and changed, and the methods it is told to."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from imprint.backbone.base import Backbone
from imprint.encode.base import Encoder
from imprint.fit.runs import Run
from imprint.methods import METHODS, open_method
from imprint.methods.base import Method
from imprint.methods.parts.network import NetworkConfig, SlotNetwork, fresh_network
from imprint.methods.parts.network_file import file_name, pack
from imprint.study.questions import make_study
from imprint.tensors import Memory
from imprint.types import Role, Turn

QUICK = {"epochs": 2, "least": 0}
SMALL: dict[str, dict[str, Any]] = {
    "lpm": {
        "study_rows": 1,
        "rate": 0.01,
        "fit": QUICK,
        "projector": {"slots": 4, "slot_width": 16, "inner": 16, "prompt": 3, "heads": 2, "blocks": 1},
    },
    "prompt_tuning": {"tokens": 3, "study_rows": 1, "fit": QUICK},
    "cartridge": {"tokens": 12, "study_rows": 1, "fit": QUICK},
    "lora": {"rank": 2, "study_rows": 1, "rate": 0.01, "fit": QUICK},
}
"""Settings that make a method fast; the others stand at their defaults."""

REFIT = {"epochs": 2, "batch": 2}
"""A fit of the slots alone that is fast, and whose batches depend on the seed."""

FORMS: dict[str, dict[str, dict[str, Any]]] = {
    "lpm": {
        "published": {"form": "published"},
        "prefix": {"placement": "prefix"},
        "published prefix": {"form": "published", "placement": "prefix"},
        "distilled": {"distill": 0.5},
        "published distilled": {"form": "published", "distill": 0.5},
        "shared": {"refit": REFIT},
        "shared blocks": {"refit": REFIT},
        "shared prefix": {"refit": REFIT, "placement": "prefix"},
    },
    "prompt_tuning": {"prefix": {"placement": "prefix", "init": "vocabulary", "distill": 0.5, "clamp": False}},
    "cartridge": {"first": {"init": "first", "frozen": 2, "distill": 0.0}},
    "lora": {"turns": {"learn": "turns"}},
}
"""What else can be set for a method and takes another path through its code."""

CASES: dict[str, tuple[str, dict[str, Any]]] = {name: (name, SMALL.get(name, {})) for name in METHODS}
CASES |= {
    f"{name} {form}": (name, SMALL[name] | table) for name, forms in FORMS.items() for form, table in forms.items()
}
"""Every method of the table, and every form of those that have several."""

NETWORKS = {
    "lpm shared": NetworkConfig(rows=8, width=32, inner=16, heads=2),
    "lpm shared blocks": NetworkConfig(rows=8, width=32, inner=16, heads=2, blocks=1),
    "lpm shared prefix": NetworkConfig(rows=8, width=32, inner=16, heads=2, blocks=1, placement="prefix"),
}
"""The network that lies in the home folder of these forms, for whichever model."""

KEEPS_NOTHING = {"none"}
"""The controls whose memory stays empty."""

FITTED = [case for case, (name, _) in CASES.items() if name in SMALL]
"""What is fitted by gradient, and, but for the forms of `NETWORKS`, silent before the first sleep."""

LEARNS_ASLEEP = {case for case in FITTED if not case.startswith("lpm")}
"""Methods that write nothing while awake."""

LEARNS_ANY_TURN = {"lora turns"}
"""Learns what was said whether or not anything was understood from it."""

LINES: tuple[tuple[Role, str], ...] = (
    ("user", "Hi, my name is Ottilie."),
    ("assistant", "My name is Bertram, nice to meet you."),
    ("user", "My dog is called Biscuit."),
    ("user", "I live in Aarhus."),
    ("user", "I'm allergic to walnuts and I play the cello."),
    ("assistant", "So you live in Madrid and your cat is called Olm?"),
    ("user", "I work as a locksmith."),
    ("user", "How do I sharpen a chisel?"),
    ("user", "Actually, I moved to Lund last month."),
    ("user", "My dog is called Biscuit."),
    ("user", "I quit my job."),
    ("user", "I don't play the cello any more."),
    ("user", "My dog's name is Marzipan now."),
    ("user", ""),
)


def turn(number: int, text: str, role: Role = "user", user: str = "ottilie") -> Turn:
    return Turn(f"{number:016x}", user, role, text)


def turns(lines: Sequence[tuple[Role, str]], start: int = 0, user: str = "ottilie") -> list[Turn]:
    return [turn(number, text, role, user) for number, (role, text) in enumerate(lines, start)]


def told(*texts: str) -> list[Turn]:
    """Turns of the user with these texts."""
    return turns([("user", text) for text in texts])


TELLING = turns(LINES)


def make(case: str, backbone: Backbone, encoder: Encoder, more: Mapping[str, Any] | None = None) -> Method:
    """The method in this form; `more` overrides single settings."""
    name, table = CASES[case]
    with TemporaryDirectory() as folder, home_at(Path(folder)):
        if case in NETWORKS:
            keep_network(trained(NETWORKS[case], backbone), backbone)
        return open_method(name, {name: table | dict(more or {})}, backbone, encoder)


@contextmanager
def home_at(folder: Path) -> Iterator[None]:
    """Inside, this is the home folder."""
    before = os.environ["IMPRINT_HOME"]
    os.environ["IMPRINT_HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ["IMPRINT_HOME"] = before


def trained(config: NetworkConfig, backbone: Backbone, seed: int = 0) -> SlotNetwork:
    """A network that is none of the fresh ones: noise on everything that training moves, as large as what is there."""
    network, draw = fresh_network(config, backbone, seed), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for tensor in network.parameters():
            tensor += torch.randn(tensor.shape, generator=draw) * backbone.rho
    return network


def keep_network(network: SlotNetwork, backbone: Backbone) -> Path:
    """Put it where lpm looks for it."""
    path = Path(os.environ["IMPRINT_HOME"]) / "weights" / file_name(backbone, network.config.placement)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack(network, backbone, {}))
    return path


def slept(method: Method, heard: Sequence[Turn], run: Run | None = None) -> Memory:
    """The memory of a user who said this and slept on it."""
    return method.consolidate(method.write(method.empty(), heard), make_study(heard), run or Run())
