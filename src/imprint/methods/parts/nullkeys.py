"""The shared vectors of the question bank: null keys for what a user did not tell, and ready keys for what they did."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Float, Int
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from imprint.encode.base import Encoder
from imprint.study.bank import NullWording, null_wordings
from imprint.types import Fact

SHIPPED = Path(__file__).parents[2] / "weights" / "bank-minilm.safetensors"
"""Vectors of the bank by the encoder that imprint starts with; made by `imprint train bank`."""


class NullKeys:
    """Wordings of every kind in the bank and general instructions, as unit vectors."""

    def __init__(self, encoder: Encoder, wordings: Sequence[NullWording], vectors: Float[Tensor, "w e"]) -> None:
        self._encoder = encoder
        self._wordings = tuple(wordings)
        self.vectors = vectors.float()
        self._general = torch.tensor([not wording.kind for wording in wordings])
        self._told: tuple[set[tuple[str, str]], Tensor] = (set(), torch.zeros(len(wordings), dtype=torch.bool))
        self._row = {wording.text: i for i, wording in enumerate(wordings)}
        self._place = {row.tobytes(): i for i, row in enumerate(self.vectors.half().numpy())}

    def rows_of(self, vectors: Float[Tensor, "w e"]) -> Int[Tensor, " w"]:
        """For each vector in half precision, the wording of the bank whose vector it is, or -1."""
        rows = [self._place.get(row.tobytes(), -1) for row in vectors.half().numpy()]
        return torch.tensor(rows, dtype=torch.int32)

    def encode(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        """Unit vectors in half precision; wordings of the bank are looked up, not encoded."""
        rows = [
            self.vectors[self._row[text]] if text in self._row else self._encoder.encode([text])[0] for text in texts
        ]
        return torch.stack(rows).half() if rows else torch.zeros(0, self._encoder.width, dtype=torch.float16)

    def personal(self, query: Float[Tensor, " e"]) -> float:
        """How much nearer the query is to some wording about a user than to any general instruction."""
        likeness = self.vectors @ query
        return (likeness[~self._general].max() - likeness[self._general].max()).item()

    def nearest(self, query: Float[Tensor, " e"], told: Sequence[Fact]) -> tuple[float, str]:
        """Likeness and wording of the nearest null key, leaving out those of what this user did tell."""
        subjects = {(fact.kind, fact.about) for fact in told} | {(fact.kind, "") for fact in told}
        if self._told[0] != subjects:
            known = [(wording.kind, wording.about) in subjects for wording in self._wordings]
            self._told = (subjects, torch.tensor(known))
        likeness = (self.vectors @ query).masked_fill(self._told[1], -1.0)
        best = int(likeness.argmax())
        return likeness[best].item(), self._wordings[best].text


@lru_cache(maxsize=4)
def shared_null_keys(encoder: Encoder) -> NullKeys:
    """One set a process and encoder: shipped where bank and encoder are those it was made with, else encoded."""
    wordings = null_wordings()
    found = _shipped(stamp(encoder, wordings))
    vectors = found if found is not None else encoder.encode([wording.text for wording in wordings]).half()
    return NullKeys(encoder, wordings, vectors)


def pack(encoder: Encoder) -> bytes:
    """The shipped file for this encoder."""
    wordings = null_wordings()
    vectors = encoder.encode([wording.text for wording in wordings]).half()
    return save({"vectors": vectors}, metadata={"stamp": stamp(encoder, wordings)})


def stamp(encoder: Encoder, wordings: Sequence[NullWording]) -> str:
    """Names encoder and texts: other vectors have another stamp. Part of a memory's fingerprint."""
    lines = [encoder.id, *(f"{w.kind}\t{w.about}\t{w.text}" for w in wordings)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _shipped(expected: str) -> Tensor | None:
    if not SHIPPED.is_file():
        return None
    with safe_open(SHIPPED, "pt") as file:
        return file.get_tensor("vectors") if file.metadata()["stamp"] == expected else None
