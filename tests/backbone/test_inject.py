"""All ways into the model, alone and mixed in one batch."""

from collections.abc import Callable

import pytest
import torch

from imprint.backbone.base import ContextTooLong, Message, Request, Sampling
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import Batch, build
from imprint.backbone.tiny import tiny_backbone
from imprint.tensors import Adapter, Context, Injection, KVPrefix, SoftPrompt
from imprint.types import ImprintError

ROUNDING = 1e-4
"""See test_hf.py: other shapes, other order of summation."""
ASK = (Message("user", "What is my cat called?"),)


def ask(injection: Injection = None, question: str = ASK[0].text, answer: int = 20) -> Request:
    return Request((Message("user", question),), injection, Sampling(max_new_tokens=answer))


@torch.no_grad()
def last_logits(backbone: HFBackbone, batch: Batch) -> torch.Tensor:
    with batch.adapters:
        return backbone.forward(batch.rows, batch.mask, batch.cache)[:, -1]


def logits(backbone: HFBackbone, *requests: Request) -> torch.Tensor:
    return last_logits(backbone, build(backbone, requests))


@torch.no_grad()
def bare(backbone: HFBackbone, ids: list[int]) -> torch.Tensor:
    return backbone.model(input_ids=torch.tensor([ids])).logits[:, -1]


def empty_injections(backbone: HFBackbone) -> list[Injection]:
    l, heads, width = backbone.kv_shape
    return [
        None,
        Context(""),
        SoftPrompt(torch.zeros(0, backbone.width), "late"),
        SoftPrompt(torch.zeros(0, backbone.width), "prefix"),
        KVPrefix(torch.zeros(l, 2, heads, 0, width)),
        Adapter({}, 4, 8.0, ("q_proj",)),
    ]


def test_an_empty_memory_is_the_bare_model_to_the_bit(backbone: HFBackbone):
    expected = bare(backbone, list(backbone.prompt(ASK, None, 20).ids))
    for injection in empty_injections(backbone):
        assert torch.equal(logits(backbone, ask(injection)), expected)


@pytest.mark.parametrize("placement", ["prefix", "late"])
def test_soft_rows_of_real_tokens_equal_those_tokens(backbone: HFBackbone, placement: str):
    prompt = backbone.prompt(ASK, None, 20)
    at = prompt.prefix_at if placement == "prefix" else prompt.late_at
    said = backbone.tokenize("It is Olive. ")
    rows = backbone.embed(torch.tensor(said))
    got = logits(backbone, ask(SoftPrompt(rows, "prefix" if placement == "prefix" else "late")))
    assert torch.equal(got, bare(backbone, [*prompt.ids[:at], *said, *prompt.ids[at:]]))


def test_a_kv_prefix_of_real_text_equals_that_text_in_front(backbone: HFBackbone, prefix: Callable[..., KVPrefix]):
    said = "My cat is called Olive."
    got = logits(backbone, ask(prefix(backbone, said)))
    expected = bare(backbone, [*backbone.tokenize(said), *backbone.prompt(ASK, None, 20).ids])
    assert (got - expected).abs().max() < ROUNDING
    assert (got - logits(backbone, ask())).abs().max() > 0.01


def mixed(backbone: HFBackbone, soft, prefix, lora) -> list[Request]:
    return [
        ask(),
        ask(soft(backbone, 5), "Where do I live these days?"),
        ask(soft(backbone, 3, seed=1, placement="prefix")),
        ask(prefix(backbone, "I live in Cork."), "Where?"),
        ask(prefix(backbone, "I moved to Galway last May."), "Where is it that I live now?"),
        ask(lora(backbone)),
        ask(lora(backbone, rank=2, seed=5), "And my dog?"),
        ask(Context("The cat is called Olive.")),
        ask(None, "Hi"),
    ]


def test_each_row_of_a_mixed_batch_equals_itself_alone(backbone: HFBackbone, soft, prefix, lora):
    requests = mixed(backbone, soft, prefix, lora)
    together = logits(backbone, *requests)
    for row, request in zip(together, requests, strict=True):
        assert (row - logits(backbone, request)[0]).abs().max() < ROUNDING
    for request in requests[1:-1]:
        plain = Request(request.messages, None, request.sampling)
        assert (logits(backbone, request) - logits(backbone, plain)).abs().max() > 0.01


def test_a_users_row_does_not_move_by_a_bit_when_the_neighbours_memory_changes(
    backbone: HFBackbone, soft, prefix, lora
):
    for mine in (None, soft(backbone, 4), lora(backbone, seed=9), prefix(backbone, "Mine is Pim.")):
        for first, second in (
            (soft(backbone, 5), soft(backbone, 5, seed=1)),
            (prefix(backbone, "Red."), prefix(backbone, "Sky.")),
            (lora(backbone), lora(backbone, seed=1)),
            (lora(backbone), None),
        ):
            one, two = (logits(backbone, ask(mine), ask(theirs)) for theirs in (first, second))
            assert torch.equal(one[0], two[0])
            assert not torch.equal(one[1], two[1])


def test_gradients_reach_every_kind_of_memory(backbone: HFBackbone, soft, prefix, lora):
    rows = soft(backbone, 3).rows.clone().requires_grad_()
    kv = prefix(backbone, "Red.").kv.clone().requires_grad_()
    adapter = lora(backbone)
    for tensor in adapter.tensors.values():
        tensor.requires_grad_()
    batch = build(backbone, [ask(SoftPrompt(rows)), ask(KVPrefix(kv)), ask(adapter)])
    with batch.adapters:
        backbone.forward(batch.rows, batch.mask, batch.cache).log_softmax(-1)[:, -1, 7].sum().backward()
    for tensor in (rows, kv, *adapter.tensors.values()):
        assert tensor.grad is not None
        assert tensor.grad.abs().max() > 0
    assert all(p.grad is None for p in backbone.model.parameters())


def test_counts_of_soft_positions_and_cut_messages(llama: HFBackbone, soft, prefix):
    talk = tuple(Message("user", "x" * 100) for _ in range(9))
    requests = [
        ask(soft(llama, 5)),
        ask(prefix(llama, "abc")),
        Request(talk, None, Sampling(max_new_tokens=50)),
    ]
    batch = build(llama, requests)
    assert batch.soft_tokens == (5, 3, 0)
    assert [p.dropped for p in batch.prompts] == [0, 0, 5]


def test_the_memory_and_the_answer_are_reserved_in_the_window(llama: HFBackbone, soft):
    used = len(llama.prompt(ASK, None, 0).ids)
    fits = 512 - used - 40
    assert build(llama, [ask(soft(llama, 40), answer=fits)]).rows.shape[1] == used + 40
    with pytest.raises(ContextTooLong):
        build(llama, [ask(soft(llama, 40), answer=fits + 1)])


def test_a_memory_of_another_model_is_refused(llama: HFBackbone, soft, prefix, lora):
    other = tiny_backbone("llama", width=64)
    deeper = tiny_backbone("llama", layers=3)
    for injection in (
        soft(other, 2),
        prefix(other, "ab"),
        prefix(deeper, "ab"),
        prefix(tiny_backbone("gemma"), "ab"),
        lora(other),
        lora(deeper),
        lora(tiny_backbone("gpt_neox")),
    ):
        with pytest.raises(ImprintError, match="made for another model.*imprint sleep"):
            build(llama, [ask(injection)])


def test_half_precision_memories_are_read_in_the_models_precision(llama: HFBackbone, soft):
    half = SoftPrompt(soft(llama, 3).rows.half())
    assert torch.equal(logits(llama, ask(half)), logits(llama, ask(SoftPrompt(half.rows.float()))))
