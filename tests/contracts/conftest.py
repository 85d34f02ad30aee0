"""Every method of the table, in every form it has, on one tiny frozen model."""

import pytest

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.methods.base import Method
from imprint.tensors import Memory
from tests.contracts.samples import CASES, TELLING, make, slept


@pytest.fixture(scope="session")
def backbone() -> HFBackbone:
    """Frozen, so tests may share it."""
    return tiny_backbone("llama")


@pytest.fixture(scope="session")
def encoder() -> Hashing:
    return Hashing()


@pytest.fixture(params=CASES, scope="session")
def case(request: pytest.FixtureRequest) -> str:
    """Name of a method, with the form it takes."""
    return request.param


@pytest.fixture(scope="session")
def method(case: str, backbone: HFBackbone, encoder: Hashing) -> Method:
    return make(case, backbone, encoder)


@pytest.fixture(scope="session")
def memory(method: Method) -> Memory:
    """A user who told `TELLING` and slept."""
    return slept(method, TELLING)
