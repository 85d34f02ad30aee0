"""A GGUF file as a folder of safetensors: dequantised once, kept by content hash, checked at each use."""

import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
from transformers.utils import logging as hf_logging

from imprint.backbone.hashes import digest_file, read_json, sha256_file, write_atomically
from imprint.types import ImprintError

MANIFEST = "manifest.json"
Notice = Callable[[str], None]


def dequantised(gguf: Path, home: Path, notice: Notice | None = None) -> Path:
    """Folder with the file's weights as float32 safetensors, its config and tokenizer.

    Made on first use, and again when damaged. Of several processes at once, one builds and the others wait.
    """
    source = sha256_file(gguf, home)
    models = home / "cache" / "models"
    folder = models / source[:16]
    if intact(folder, source, home):
        return folder
    models.mkdir(parents=True, exist_ok=True)
    with locked(models / f"{source[:16]}.lock"):
        if intact(folder, source, home):
            return folder
        if notice is not None:
            notice(f"Preparing {gguf.name} for first use: about a minute, once")
        _clear(models, source)
        _build(gguf, folder, source)
    if not intact(folder, source, home):
        raise ImprintError(f"the model cache {folder} is damaged right after it was made", "Check the disk")
    return folder


def intact(folder: Path, source: str, home: Path) -> bool:
    """Whether each file of the manifest is there with its size and sha256; unchanged ones are not read."""
    manifest = read_json(folder / MANIFEST)
    files = manifest.get("files")
    if manifest.get("source_sha256") != source or not isinstance(files, dict) or not files:
        return False
    return all(
        isinstance(wanted, dict)
        and (folder / name).is_file()
        and (folder / name).stat().st_size == wanted.get("size")
        and sha256_file(folder / name, home) == wanted.get("sha256")
        for name, wanted in files.items()
    )


def _build(gguf: Path, folder: Path, source: str) -> None:
    """Write the folder under another name, sync it, and rename it: it is there whole or not at all."""
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        # The GGUF reader of 5.23 calls tqdm past the switch that `quiet` turns.
        with quiet(), redirect_stderr(io.StringIO()):
            try:
                # With kernels for packed weights installed, transformers 5.23 would keep the blocks packed.
                model: Any = AutoModelForCausalLM.from_pretrained(
                    gguf.parent,
                    gguf_file=gguf.name,
                    dtype=torch.float32,
                    quantization_config=GgufConfig(dequantize=True),
                )
                tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
            except (ValueError, KeyError, OSError, RuntimeError, ImportError) as error:
                raise ImprintError(
                    f"cannot read the GGUF file {gguf} ({type(error).__name__})", "Check the file"
                ) from error
            # transformers 5.23 leaves dense weights marked as quantized, and then refuses to save them.
            if getattr(model, "hf_quantizer", None) is not None:
                model.hf_quantizer.remove_quantization_config(model)
            model.save_pretrained(work)
            tokenizer.save_pretrained(work)
        files = {p.name: {"size": p.stat().st_size, "sha256": digest_file(p)} for p in sorted(work.iterdir())}
        write_atomically(work / MANIFEST, {"source_sha256": source, "source_name": gguf.name, "files": files})
        for path in (*work.iterdir(), work):
            _sync(path)
        os.rename(work, folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _clear(models: Path, source: str) -> None:
    """Remove a damaged folder and what killed builds left. Only under the lock."""
    for left in (models / source[:16], *models.glob(f".{source[:16]}-*")):
        if left.exists():
            shutil.rmtree(left)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """An exclusive lock that a killed process gives up by itself."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def quiet() -> Iterator[None]:
    """transformers draws progress bars and load reports on stderr; what the user must know, we raise."""
    drawn, level = hf_logging.is_progress_bar_enabled(), hf_logging.get_verbosity()
    hf_logging.disable_progress_bar()
    hf_logging.set_verbosity_error()
    try:
        yield
    finally:
        hf_logging.set_verbosity(level)
        if drawn:
            hf_logging.enable_progress_bar()
