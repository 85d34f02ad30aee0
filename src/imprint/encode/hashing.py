"""An encoder without weights: hashed words and letter trigrams. For tests."""

import hashlib
import re
from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.encode.base import Encoder

_WORD = re.compile(r"\w+")


class Hashing(Encoder):
    """Texts that share words or stems are alike, others are near orthogonal. It knows no meaning.

    Signed feature hashing (arXiv 0902.2206): each feature adds +1 or -1 at one place of the vector.
    """

    def __init__(self, width: int = 256) -> None:
        self.width = width
        self.id = f"hashing/words+trigrams/{width}"

    def encode(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        rows = torch.zeros(len(texts), self.width)
        for row, text in zip(rows, texts, strict=True):
            for feature in _features(text):
                digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
                row[(digest >> 1) % self.width] += 1 if digest & 1 else -1
            if not row.any():  # every feature was cancelled by another one
                row[0] = 1
        return rows / rows.norm(dim=1, keepdim=True)


def _features(text: str) -> Iterator[str]:
    yield "text"  # so that an empty text has a direction, too
    for word in _WORD.findall(text.casefold()):
        yield f"word {word}"
        edged = f"<{word}>"
        for i in range(len(edged) - 2):
            yield f"part {edged[i : i + 3]}"
