"""The shipped vectors of the question bank belong to the bank and the encoder that ship with them."""

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from imprint.encode.hashing import Hashing
from imprint.encode.minilm import MiniLM
from imprint.methods.parts.nullkeys import SHIPPED, stamp
from imprint.study.bank import null_wordings

MAKE = "the bank changed: make its vectors again with `imprint train bank`"


@pytest.fixture(scope="module")
def shipped() -> tuple[str, Tensor]:
    """Stamp and vectors of the file."""
    with safe_open(SHIPPED, "pt") as file:
        return file.metadata()["stamp"], file.get_tensor("vectors")


def not_loaded() -> MiniLM:
    """The encoder without its weights: only its id is asked for."""
    return MiniLM.__new__(MiniLM)


def test_the_shipped_vectors_fit_the_bank(shipped: tuple[str, Tensor]) -> None:
    assert shipped[0] == stamp(not_loaded(), null_wordings()), MAKE
    assert shipped[0] != stamp(Hashing(), null_wordings())
    assert shipped[0] != stamp(not_loaded(), null_wordings()[:-1])


def test_every_wording_has_its_unit_vector(shipped: tuple[str, Tensor]) -> None:
    vectors = shipped[1]
    assert vectors.shape == (len(null_wordings()), MiniLM.width)
    assert vectors.dtype == torch.float16
    assert (vectors.float().norm(dim=1) - 1).abs().max() < 2e-3


def test_it_has_its_card() -> None:
    assert "imprint train bank" in SHIPPED.with_suffix(".md").read_text(encoding="utf-8")
