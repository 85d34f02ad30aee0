import dataclasses
import hashlib
import json
import random
import struct

import pytest
import safetensors.torch
import torch

from imprint.store import blob
from imprint.tensors import Memory
from imprint.types import Fingerprint, ImprintError
from tests.store.samples import python

PRINT = Fingerprint("lpm", 2, "c0ffee", "backbone", "minilm", "w8")
META = {"turns": ["a", "b"], "count": 2, "nested": {"slot": [0, 1.5, None, True, "caf\u00e9 \ud83d"]}}


def sample() -> Memory:
    draw = torch.Generator().manual_seed(3)
    return Memory(
        PRINT,
        {
            "slots": torch.randn(4, 8, generator=draw),
            "half": torch.randn(3, generator=draw).half(),
            "brain": torch.randn(2, 2, generator=draw).bfloat16(),
            "ids": torch.tensor([2**62, -1]),
            "small": torch.tensor([[7]], dtype=torch.int32),
            "bytes": torch.arange(5, dtype=torch.uint8),
            "scalar": torch.tensor(-0.0),
            "empty": torch.zeros(0, 576),
        },
        META,
    )


def same(left: Memory, right: Memory) -> bool:
    return (
        left.fingerprint == right.fingerprint
        and left.meta == right.meta
        and list(left.tensors) == sorted(right.tensors)
        and all(
            left.tensors[name].dtype == tensor.dtype
            and left.tensors[name].shape == tensor.shape
            and blob._raw(left.tensors[name]) == blob._raw(tensor)
            for name, tensor in right.tensors.items()
        )
    )


def refused_or_same(data: bytes, memory: Memory) -> bool:
    try:
        return same(blob.load(data, None), memory)
    except ImprintError:
        return True


def parts(data: bytes) -> tuple[dict, bytes]:
    """Header and tensor bytes of a safetensors file."""
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def built(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def refused(data: bytes, reason: str = "") -> None:
    with pytest.raises(ImprintError, match=reason) as told:
        blob.load(data, PRINT, "ada")
    assert "imprint sleep --user ada" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_memory_comes_back_bit_for_bit() -> None:
    assert same(blob.load(blob.dump(sample()), PRINT), sample())


def test_a_memory_without_tensors_comes_back() -> None:
    assert same(blob.load(blob.dump(Memory(PRINT)), None), Memory(PRINT))


def test_equal_memories_give_equal_bytes() -> None:
    turned = Memory(PRINT, dict(reversed(list(sample().tensors.items()))), dict(reversed(META.items())))
    assert blob.dump(turned) == blob.dump(sample()) == blob.dump(blob.load(blob.dump(sample()), None))


def test_another_process_writes_the_same_bytes() -> None:
    code = (
        "import hashlib; from imprint.store import blob; from tests.store.test_blob import sample;"
        "print(hashlib.sha256(blob.dump(sample())).hexdigest())"
    )
    run = python(code)
    assert run.stdout.strip() == hashlib.sha256(blob.dump(sample())).hexdigest(), run.stderr


def test_other_programs_can_read_it() -> None:
    tensors = safetensors.torch.load(blob.dump(sample()))
    assert torch.equal(tensors["slots"], sample().tensors["slots"])


def test_views_and_gradients_are_stored_as_plain_values() -> None:
    whole = torch.arange(12.0).reshape(3, 4).requires_grad_()
    kept = blob.load(blob.dump(Memory(PRINT, {"t": whole.T, "row": whole[1], "again": whole[1]})), PRINT).tensors
    assert torch.equal(kept["t"], whole.T)
    assert torch.equal(kept["row"], kept["again"])
    assert not kept["t"].requires_grad


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_not_stored(bad: float) -> None:
    with pytest.raises(ImprintError, match="tensor slots holds values that are not finite"):
        blob.dump(Memory(PRINT, {"slots": torch.tensor([1.0, bad])}))
    with pytest.raises(ImprintError, match="not JSON, or NaN"):
        blob.dump(Memory(PRINT, {}, {"score": bad}))


@pytest.mark.parametrize(
    "tensor",
    [torch.zeros(2, dtype=torch.float64), torch.zeros(1, dtype=torch.bool), torch.eye(2).to_sparse()],
)
def test_other_kinds_of_tensors_are_not_stored(tensor: torch.Tensor) -> None:
    with pytest.raises(ImprintError, match="tensor x is"):
        blob.dump(Memory(PRINT, {"x": tensor}))


@pytest.mark.parametrize(
    "meta",
    [{"x": object()}, {"x": {1: 2}}, {"x": [{None: 1}]}, {"x": {1, 2}}],
    ids=["object", "int", "none", "set"],
)
def test_meta_that_is_not_json_is_not_stored(meta: dict) -> None:
    with pytest.raises(ImprintError, match="its meta h"):
        blob.dump(Memory(PRINT, {}, meta))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("method", "with another method"),
        ("method_version", "by another version of its method"),
        ("config", "with other settings"),
        ("backbone", "with another language model"),
        ("encoder", "with another sentence encoder"),
        ("weights", "with other shared weights"),
    ],
)
def test_a_memory_made_elsewhere_names_what_differs(field: str, words: str) -> None:
    other = dataclasses.replace(PRINT, **{field: 9 if field == "method_version" else "other"})
    refused(blob.dump(Memory(other)), f"was made {words}")
    assert blob.load(blob.dump(Memory(other)), None).fingerprint == other


def test_every_difference_is_named() -> None:
    other = dataclasses.replace(PRINT, backbone="x", weights="")
    refused(blob.dump(Memory(other)), "with another language model and with other shared weights")


def test_a_flipped_bit_is_never_a_silent_wrong_answer() -> None:
    small = Memory(PRINT, {"slots": torch.tensor([[1.0, 2.0]]), "n": torch.tensor([3])}, META)
    data = blob.dump(small)
    for place in range(len(data)):
        for bit in (place % 8, (place + 3) % 8):
            flipped = bytearray(data)
            flipped[place] ^= 1 << bit
            assert refused_or_same(bytes(flipped), small), (place, bit)


def test_random_damage_is_an_error_or_equal() -> None:
    data = blob.dump(sample())
    draw = random.Random(5)
    for _ in range(400):
        broken = bytearray(data)
        for _ in range(draw.randrange(1, 4)):
            broken[draw.randrange(len(data))] = draw.randrange(256)
        start = draw.randrange(len(data))
        for tried in (bytes(broken), data[:start], data[start:], data + bytes(draw.randrange(1, 9))):
            assert refused_or_same(tried, sample())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1234567",
        b"PK\x03\x04" + bytes(99),
        b"\x80\x04\x95" + bytes(50),
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 17 * 2**20) + bytes(18 * 2**20),
        built(b"\xff\xfe{}"),
        built(b"{} {}"),
        built(b"[" * 100_000),
        built(b'{"a":' * 100_000),
        built([]),
        built({}),
        built({"__metadata__": None}),
        built({"__metadata__": {"format": "pt"}}),
        built({"__metadata__": {"imprint": "{}", "more": ""}}),
        built({"__metadata__": {"imprint": "[]"}}),
        built({"__metadata__": {"imprint": {}}}),
        built({"__metadata__": {"imprint": '{"format": 1}'}}),
        built({"__metadata__": {"imprint": '{"format": 2}'}}),
    ],
    ids=lambda data: f"{len(data)}-{data[:12].hex()}",
)
def test_what_is_not_a_memory_is_refused(data: bytes) -> None:
    refused(data, "the memory cannot be used")


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "F64"},
        {"dtype": "BOOL"},
        {"dtype": ["F32"]},
        {"shape": [2]},
        {"shape": [1, 2, 1, 1, 1, 1, 1, 1, 1]},
        {"shape": [-1, -2]},
        {"shape": [True, 2]},
        {"shape": [1.0, 2]},
        {"shape": "12"},
        {"shape": [2**40, 2**40]},
        {"shape": [0, 2**62], "data_offsets": [0, 0]},
        {"data_offsets": [0, 16]},
        {"data_offsets": [8, 16]},
        {"data_offsets": [-8, 0]},
        {"data_offsets": [0, 4]},
        {"data_offsets": [0]},
        {"data_offsets": [8, 0]},
        {"extra": 1},
        {"shape": [1, 1], "data_offsets": [4, 8]},
    ],
    ids=str,
)
def test_a_tensor_that_is_described_wrongly_is_refused(change: dict) -> None:
    header, body = parts(blob.dump(Memory(PRINT, {"slots": torch.ones(1, 2)})))
    header["slots"] |= change
    refused(built(header, body), "the memory cannot be used")


def forged(header: dict, body: bytes, head: dict) -> bytes:
    """A memory whose checksum is right, as someone who means harm would make it."""
    head.pop("sha256", None)
    entries = sorted((name, e) for name, e in header.items() if name != "__metadata__")
    tensors = [(name, e["dtype"], e["shape"], body[slice(*e["data_offsets"])]) for name, e in entries]
    head["sha256"] = blob._checksum(head, tensors)
    return built(header | {"__metadata__": {"imprint": json.dumps(head)}}, body)


def test_a_forged_memory_with_nan_is_refused() -> None:
    header, body = parts(blob.dump(Memory(PRINT, {"slots": torch.ones(1, 2)})))
    head = json.loads(header["__metadata__"]["imprint"])
    assert blob.load(forged(header, body, head), PRINT).tensors["slots"].tolist() == [[1.0, 1.0]]
    refused(forged(header, body[:4] + struct.pack("<f", float("nan")), head), "not finite")


@pytest.mark.parametrize(
    "change",
    [
        {"method_version": "2"},
        {"method_version": True},
        {"backbone": None},
        {"more": ""},
    ],
    ids=str,
)
def test_a_forged_fingerprint_is_refused(change: dict) -> None:
    header, body = parts(blob.dump(Memory(PRINT)))
    head = json.loads(header["__metadata__"]["imprint"])
    head["fingerprint"] |= change
    refused(forged(header, body, head), "its fingerprint")


def test_doubled_names_and_infinite_numbers_are_refused() -> None:
    data = blob.dump(Memory(PRINT, {"x": torch.ones(1)}, {"a": 1}))
    length = int.from_bytes(data[:8], "little")
    text, body = data[8 : 8 + length].rstrip(), data[8 + length :]
    refused(built(text[:-1] + b',"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', body), "not JSON")
    refused(built(text.replace(b'\\"a\\":1', b'\\"a\\":1e999'), body), "not JSON")
    refused(built(text.replace(b'\\"a\\":1', b'\\"a\\":NaN'), body), "not JSON")


def test_a_memory_above_the_bound_is_refused() -> None:
    refused(bytes(blob.MAX_BLOB + 1), "it has 268435457 bytes")
