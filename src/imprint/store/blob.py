"""A memory as bytes: safetensors whose header carries fingerprint, meta and a checksum. Never pickle.

Layout: the safetensors format as published; `__metadata__` holds one key, "imprint", whose value is canonical
JSON with format, fingerprint, meta and one sha256 over them and the tensors' names, types, shapes and bytes.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, NoReturn

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from imprint.store.base import MAX_BLOB
from imprint.tensors import Memory
from imprint.types import Fingerprint, ImprintError

FORMAT = 1
MAX_HEADER = 16 * 1024 * 1024
"""Largest header, in bytes: names, shapes, fingerprint and meta."""
MAX_TENSORS = 4096
MAX_DIMS = 8
MAX_TENSOR_NAME = 256
DTYPES: Mapping[str, torch.dtype] = {
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I32": torch.int32,
    "I64": torch.int64,
    "U8": torch.uint8,
}
_CODES = {dtype: code for code, dtype in DTYPES.items()}
_KEY = "imprint"
_DIFFERENT = {
    "method": "with another method",
    "method_version": "by another version of its method",
    "config": "with other settings of its method",
    "backbone": "with another language model",
    "encoder": "with another sentence encoder",
    "weights": "with other shared weights",
}


def dump(memory: Memory) -> bytes:
    """The bytes of a memory; equal memories give equal bytes.

    ImprintError: a tensor or a value of meta cannot be kept.
    """
    tensors = {name: _own(name, memory.tensors[name]) for name in sorted(memory.tensors)}
    if len(tensors) > MAX_TENSORS:
        _refuse(f"it has more than {MAX_TENSORS} tensors")
    head: dict[str, Any] = {
        "format": FORMAT,
        "fingerprint": asdict(memory.fingerprint),
        "meta": dict(memory.meta),
    }
    if not _string_keys(head["meta"]):
        _refuse("its meta has a key that is not a string")
    parts = ((name, _CODES[t.dtype], list(t.shape), _raw(t)) for name, t in tensors.items())
    try:
        head["sha256"] = _checksum(head, parts)
    except (TypeError, ValueError, RecursionError):
        _refuse("its meta holds something that is not JSON, or NaN")
    data = safetensors.torch.save(tensors, metadata={_KEY: _canonical(head)})
    if len(data) > MAX_BLOB or int.from_bytes(data[:8], "little") > MAX_HEADER:
        _refuse(f"it is larger than {MAX_BLOB >> 20} MiB, or its header than {MAX_HEADER >> 20} MiB")
    return data


def load(data: bytes, expect: Fingerprint | None, user: str = "NAME") -> Memory:
    """The memory in `data`; sizes, types and checksum are checked before a tensor is built.

    expect: where it is to be used; None accepts any fingerprint. user: for the command named in an error.
    ImprintError: malformed, damaged, too large, not finite, or made for something else than `expect`.
    """
    try:
        entries, head, body = _open(data)
        fingerprint = Fingerprint(**head["fingerprint"])
        if expect is not None:
            _check_fingerprint(fingerprint, expect)
        parts = ((name, e["dtype"], e["shape"], body[slice(*e["data_offsets"])]) for name, e in entries.items())
        sha256 = head.pop("sha256")
        if _checksum(head, parts) != sha256:
            _refuse("its checksum does not fit")
        tensors = safetensors.torch.load(data)
        for name, tensor in tensors.items():
            _finite(name, tensor)
    except (safetensors.SafetensorError, RecursionError) as error:
        raise ImprintError("the memory cannot be used: it is malformed", _remedy(user)) from error
    except ImprintError as error:
        raise ImprintError(error.problem, _remedy(user)) from None
    return Memory(fingerprint, {name: tensors[name] for name in sorted(tensors)}, head["meta"])


def _check_fingerprint(found: Fingerprint, expect: Fingerprint) -> None:
    """ImprintError naming, in plain words, every field in which a memory's fingerprint differs."""
    theirs, ours = asdict(found), asdict(expect)
    different = [words for name, words in _DIFFERENT.items() if theirs[name] != ours[name]]
    if different:
        raise ImprintError(f"the memory was made {' and '.join(different)}", _remedy("NAME"))


def _remedy(user: str) -> str:
    return f"Make it again from the ledger: imprint sleep --user {user}"


def _refuse(reason: str) -> NoReturn:
    raise ImprintError(f"the memory cannot be used: {reason}", _remedy("NAME"))


def _own(name: str, tensor: Tensor) -> Tensor:
    """A dense copy that shares nothing, as safetensors wants it."""
    if not 1 <= len(name) <= MAX_TENSOR_NAME or name == "__metadata__" or not name.isprintable():
        _refuse("a tensor has a name that cannot be kept")
    if tensor.dtype not in _CODES or tensor.layout != torch.strided or tensor.dim() > MAX_DIMS:
        _refuse(f"tensor {name} is {tensor.dtype}, {tensor.layout}, of {tensor.dim()} dimensions")
    own = tensor.detach().to("cpu").contiguous().clone()
    _finite(name, own)
    return own


def _finite(name: str, tensor: Tensor) -> None:
    if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
        _refuse(f"tensor {name} holds values that are not finite")


def _raw(tensor: Tensor) -> bytes:
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes()


def _checksum(head: Mapping[str, Any], parts: Iterable[tuple[str, str, list[int], bytes | memoryview]]) -> str:
    """sha256 over the head without its checksum and, in the order of their names, the tensors."""
    total = hashlib.sha256(_canonical(head).encode())
    for name, dtype, shape, raw in parts:
        total.update(_canonical([name, dtype, shape, hashlib.sha256(raw).hexdigest()]).encode())
    return total.hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _string_keys(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _string_keys(inner) for key, inner in value.items())
    return all(map(_string_keys, value)) if isinstance(value, list | tuple) else True


def _open(data: bytes) -> tuple[dict[str, dict[str, Any]], dict[str, Any], memoryview]:
    """Tensor entries by sorted name, the head, and the tensors' bytes; types and bounds are checked."""
    if not 8 <= len(data) <= MAX_BLOB:
        _refuse(f"it has {len(data)} bytes")
    length = int.from_bytes(data[:8], "little")
    if length > min(MAX_HEADER, len(data) - 8):
        _refuse("its header is longer than it may be")
    try:
        text = data[8 : 8 + length].decode()
    except UnicodeDecodeError:
        _refuse("its header is not UTF-8")
    header = _json(text)
    metadata = header.pop("__metadata__", None)
    if not isinstance(metadata, dict) or list(metadata) != [_KEY] or not isinstance(metadata[_KEY], str):
        _refuse("it was not made by imprint")
    head = _json(metadata[_KEY])
    _check_head(head)
    body = memoryview(data)[8 + length :]
    _check_entries(header, len(body))
    return dict(sorted(header.items())), head, body


def _check_head(head: dict[str, Any]) -> None:
    if head.get("format") != FORMAT:
        _refuse("it has another format, perhaps of a newer imprint")
    if set(head) != {"format", "fingerprint", "meta", "sha256"} or not isinstance(head["meta"], dict):
        _refuse("its head is not complete")
    fingerprint = head["fingerprint"]
    if not isinstance(fingerprint, dict) or set(fingerprint) != {field.name for field in fields(Fingerprint)}:
        _refuse("its fingerprint is not complete")
    for name, value in fingerprint.items():
        if type(value) is not (int if name == "method_version" else str):
            _refuse("its fingerprint has a value of the wrong type")


def _check_entries(entries: dict[str, Any], size: int) -> None:
    """dtype, shape and place of each tensor: known, bounded, and together exactly the `size` bytes there."""
    if len(entries) > MAX_TENSORS:
        _refuse(f"it has more than {MAX_TENSORS} tensors")
    places = []
    for name, entry in entries.items():
        if (
            not isinstance(entry, dict)
            or set(entry) != {"dtype", "shape", "data_offsets"}
            or len(name) > MAX_TENSOR_NAME
        ):
            _refuse("a tensor is not described")
        if not isinstance(entry["dtype"], str) or entry["dtype"] not in DTYPES:
            _refuse("a tensor has a dtype that is not allowed")
        shape, offsets = entry["shape"], entry["data_offsets"]
        if not (_counts(shape) and len(shape) <= MAX_DIMS and _counts(offsets) and len(offsets) == 2):
            _refuse("a tensor has a shape or place that is not possible")
        if math.prod(max(1, side) for side in shape) > MAX_BLOB:
            _refuse("a tensor is too large")
        if math.prod(shape) * DTYPES[entry["dtype"]].itemsize != offsets[1] - offsets[0]:
            _refuse("a tensor's shape does not fit its bytes")
        places.append((offsets[0], offsets[1]))
    end = 0
    for start, stop in sorted(places):
        if start != end:
            _refuse("its tensors overlap or leave a gap")
        end = stop
    if end != size:
        _refuse("its tensors do not fill it")


def _counts(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _json(text: str) -> dict[str, Any]:
    """An object without doubled keys, NaN, infinity or bottomless nesting."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("doubled key")
        return dict(pairs)

    def finite(word: str) -> float:
        if not math.isfinite(float(word)):
            raise ValueError("not finite")
        return float(word)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=finite, parse_float=finite)
    except (ValueError, RecursionError):
        _refuse("its header is not JSON")
    if not isinstance(value, dict):
        _refuse("its header is not a JSON object")
    return value
