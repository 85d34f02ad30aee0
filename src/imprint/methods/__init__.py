"""Methods of memory by name. This table is the only place that lists them; a method is imported when it is opened."""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from imprint.config import read_section
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.backbone.base import Backbone
    from imprint.encode.base import Encoder
    from imprint.methods.base import Method

METHODS = {
    "lpm": "imprint.methods.lpm:LPM",
    "prompt_tuning": "imprint.methods.prompt_tuning:PromptTuning",
    "cartridge": "imprint.methods.cartridge:Cartridge",
    "lora": "imprint.methods.lora:LoRA",
    "bm25": "imprint.methods.bm25:BM25",
    "dense": "imprint.methods.dense:Dense",
    "full_context": "imprint.methods.full_context:FullContext",
    "none": "imprint.methods.none:NoMemory",
}


def check_method(name: str) -> None:
    """Raise ImprintError unless there is a method called `name`."""
    if name not in METHODS:
        raise ImprintError(f"there is no method {name!r}", f"Choose one of: {', '.join(METHODS)}")


def open_method(
    name: str,
    tables: Mapping[str, Mapping[str, Any]],
    backbone: "Backbone",
    encoder: "Encoder",
    reader: str = "",
) -> "Method":
    """The method called `name`, configured from its table [methods.NAME] of `tables`.

    reader: what reads the user's turns, see `study/readers.py`.
    """
    check_method(name)
    from imprint.study.readers import open_reader

    module, _, attribute = METHODS[name].partition(":")
    cls = getattr(importlib.import_module(module), attribute)
    config = read_section(cls.config_class, tables.get(name, {}), f"[methods.{name}]")
    return cls(config, backbone, encoder, open_reader(reader, encoder))
