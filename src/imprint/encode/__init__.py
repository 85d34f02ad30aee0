"""Utterance -> unit vector. `open_encoder` is the only way in; it imports an encoder when it is asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.encode.base import Encoder

ENCODERS = ("minilm", "hashing")


def open_encoder(name: str, home: Path) -> "Encoder":
    """The encoder called `name`. `home` is the data folder: its cache keeps what was already verified."""
    if name == "minilm":
        from imprint.encode.minilm import MiniLM, find_weights

        return MiniLM(find_weights(), home)
    if name == "hashing":
        from imprint.encode.hashing import Hashing

        return Hashing()
    raise ImprintError(f"there is no encoder {name!r}", f"Choose one of: {', '.join(ENCODERS)}")
