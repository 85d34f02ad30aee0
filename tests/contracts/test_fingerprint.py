"""A memory says where it is valid: everything that decides its bytes is in its fingerprint."""

import dataclasses

import pytest

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.methods import METHODS
from imprint.methods.base import Method
from imprint.store.blob import dump, load
from imprint.tensors import Memory
from imprint.types import ImprintError
from tests.contracts.samples import CASES, TELLING, make

WORDS = {
    "another language model": "backbone",
    "another sentence encoder": "encoder",
    "other settings": "config",
    "another version": "version",
}


def other(case: str, what: str, backbone: HFBackbone, encoder: Hashing) -> Method | None:
    """The same method with one thing changed; None where there is nothing of that kind to change."""
    if what == "backbone":
        return make(case, tiny_backbone("llama", seed=1), encoder)
    if what == "encoder":
        return make(case, backbone, Hashing(128))
    method = make(case, backbone, encoder)
    if what == "version":
        newer = type(method.name, (type(method),), {"version": method.version + 1})
        return newer(method.config, backbone, encoder)
    for field in dataclasses.fields(method.config):
        value = getattr(method.config, field.name)
        if isinstance(value, int | float):
            return make(case, backbone, encoder, {field.name: value + 1 if isinstance(value, int) else (value + 1) / 2})
    return None


def test_it_is_the_same_for_the_same_and_every_memory_carries_it(
    case: str, method: Method, memory: Memory, backbone: HFBackbone, encoder: Hashing
) -> None:
    assert make(case, backbone, Hashing()).fingerprint() == method.fingerprint()
    for made in (method.empty(), method.write(method.empty(), TELLING), memory):
        assert made.fingerprint == method.fingerprint()


@pytest.mark.parametrize("words", WORDS)
def test_a_memory_made_elsewhere_is_refused(
    case: str, words: str, method: Method, memory: Memory, backbone: HFBackbone, encoder: Hashing
) -> None:
    elsewhere = other(case, WORDS[words], backbone, encoder)
    if elsewhere is None:
        assert case == "none"
        return
    with pytest.raises(ImprintError, match=f"made .*{words}.*imprint sleep --user ottilie"):
        load(dump(memory), elsewhere.fingerprint(), "ottilie")


def test_every_method_and_form_has_its_own(backbone: HFBackbone, encoder: Hashing) -> None:
    prints = [make(case, backbone, encoder).fingerprint() for case in CASES]
    assert len(set(prints)) == len(CASES)
    assert {found.method for found in prints} == set(METHODS)
