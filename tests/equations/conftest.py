"""Tiny frozen models in double precision: what rounding is left comes from their norms, which stay single."""

import pytest

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import Family, tiny_backbone

FAMILIES: tuple[Family, ...] = ("llama", "qwen3", "gpt_neox", "gemma")


@pytest.fixture(params=FAMILIES, scope="session")
def backbone(request: pytest.FixtureRequest) -> HFBackbone:
    """One of each family. Frozen, so tests may share it."""
    made = tiny_backbone(request.param)
    made.model.double()
    return made
