"""The model is frozen, and an empty memory leaves it bare."""

import hashlib

import pytest
import torch
from torch import Tensor

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import build
from imprint.backbone.tiny import Family, tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.methods.base import Method
from imprint.tensors import Memory
from tests.contracts.samples import CASES, TELLING, make, slept, told, turn

QUESTIONS = ("What is the name of my dog?", "Which town do I live in?", "How tall is a giraffe?")
FAMILIES: tuple[Family, ...] = ("qwen3", "gpt_neox", "gemma")


def digest(backbone: HFBackbone) -> str:
    """Of every weight and buffer."""
    total = hashlib.sha256()
    for name, tensor in [*backbone.model.state_dict().items(), *backbone.model.named_buffers()]:
        total.update(name.encode() + tensor.numpy().tobytes())
    return total.hexdigest()


def request(method: Method, memory: Memory, question: str, tokens: int = 6) -> Request:
    injection = method.read(memory, [turn(700, question)])
    return Request((Message("user", question),), injection, Sampling(max_new_tokens=tokens))


@torch.no_grad()
def logits(backbone: HFBackbone, requests: list[Request]) -> Tensor:
    batch = build(backbone, requests)
    with batch.adapters:
        return backbone.forward(batch.rows, batch.mask, batch.cache)


@pytest.mark.parametrize(("family", "case"), [*[("llama", case) for case in CASES], *[(f, "lpm") for f in FAMILIES]])
def test_nothing_a_method_does_changes_the_model(family: Family, case: str, encoder: Hashing) -> None:
    backbone = tiny_backbone(family)
    method = make(case, backbone, encoder)
    before = digest(backbone)
    memory = slept(method, told("My dog is called Biscuit.", "I live in Lund."))
    memory = method.write(memory, told("My dog is called Marzipan."))
    reply(backbone, [request(method, memory, question) for question in QUESTIONS])
    assert digest(backbone) == before
    assert all(p.grad is None and not p.requires_grad for p in backbone.model.parameters())


def test_an_empty_memory_reads_as_nothing(method: Method) -> None:
    for question in QUESTIONS:
        assert method.read(method.empty(), [turn(700, question)]) is None


def test_an_empty_memory_leaves_the_models_logits_to_the_bit(method: Method, memory: Memory) -> None:
    backbone = method.backbone
    assert isinstance(backbone, HFBackbone)
    bare = [Request((Message("user", question),)) for question in QUESTIONS]
    before = logits(backbone, bare)
    reply(backbone, [request(method, memory, question) for question in QUESTIONS])
    empty = logits(backbone, [request(method, method.empty(), question) for question in QUESTIONS])
    assert torch.equal(empty, before)
    said_nothing = method.write(method.empty(), TELLING[1:2])
    assert torch.equal(logits(backbone, [request(method, said_nothing, q) for q in QUESTIONS]), before)
