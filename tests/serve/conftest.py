"""One tiny model and one server for the tests that need nothing special; each test has users of its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import torch

from imprint.backbone import tiny
from imprint.encode import open_encoder
from imprint.methods import open_method
from imprint.methods.base import Method
from tests.serve.servers import Server, serving

FIT = {"lpm": {"fit": {"epochs": 1, "least": 30}}}


@pytest.fixture(scope="session")
def method(tmp_path_factory: pytest.TempPathFactory) -> Method:
    """Latent memory for a tiny model that never ends by itself, so that answers are as long as was asked for."""
    backbone = tiny.tiny_backbone("llama")
    never = torch.zeros(len(backbone.tokenizer))
    never[list(backbone.eos)] = -30.0
    backbone.model.lm_head.bias = torch.nn.Parameter(never, requires_grad=False)
    encoder = open_encoder("hashing", tmp_path_factory.mktemp("encoder"))
    return open_method("lpm", FIT, backbone, encoder, "rules")


@pytest.fixture(scope="session")
def server(method: Method, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Without keys, without background sleep."""
    with serving(method, tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def user() -> str:
    """Somebody nobody else is."""
    return f"user-{uuid4().hex[:8]}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder
