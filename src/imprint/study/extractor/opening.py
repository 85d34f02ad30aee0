"""Does a question ask for something that was told? What the reader makes of it, weighed with how it is worded."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.types import ImprintError

SHIPPED = Path(__file__).parents[2] / "weights" / "gate-minilm.json"
"""Weights of the gate; made by `imprint train gate`."""
NAMES = ("alike", "meet", "none", "some", "own", "you", "one")
"""Features: four of `Asking.weighed`, two of the wording, and 1.

How long a message is would help on the corpus, whose questions are all short; people's are not.
"""
_OWN = re.compile(r"(?i)\b(?:i|i['\u2019]?(?:m|ve|d|ll)|me|my|mine|myself|we|us|our|ours)\b")
_YOU = re.compile(r"(?i)\byour?\b")


@dataclass(frozen=True)
class Opening:
    """Logistic weights, fitted for one reader."""

    reader: str
    """Id of the reader whose evidence they weigh."""
    weights: tuple[float, ...]
    """In the order of NAMES."""

    def probable(self, evidence: Float[Tensor, "b 4"], texts: Sequence[str]) -> Float[Tensor, " b"]:
        """Probability that each text asks for something told."""
        return (features(evidence, texts) @ torch.tensor(self.weights)).sigmoid()

    def pack(self) -> bytes:
        """The weights file."""
        named = dict(zip(NAMES, self.weights, strict=True))
        return (json.dumps({"reader": self.reader, "weights": named}, indent=1) + "\n").encode()


def features(evidence: Float[Tensor, "b 4"], texts: Sequence[str]) -> Float[Tensor, "b 7"]:
    """One row a text: evidence beside wording."""
    return torch.cat([evidence, torch.tensor([wording(text) for text in texts])], 1)


def wording(text: str) -> tuple[float, float, float]:
    """Does it name the speaker, does it speak to the assistant alone; and 1."""
    own = bool(_OWN.search(text))
    return float(own), float(not own and bool(_YOU.search(text))), 1.0


def open_opening(reader: str, path: Path = SHIPPED) -> Opening | None:
    """The shipped weights; None where they are missing or of another reader. ImprintError: no weights of a gate."""
    if not path.is_file():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        found = Opening(str(row["reader"]), tuple(float(row["weights"][name]) for name in NAMES))
    except (ValueError, KeyError, TypeError) as error:
        raise ImprintError(f"{path} holds no weights of a gate", "imprint train gate") from error
    return found if found.reader == reader else None
