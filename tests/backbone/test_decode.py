"""Generation: what transformers generates, streamed, by row."""

from collections import Counter
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest
import torch

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.decode import _stream, generate, reply
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import build
from imprint.tensors import SoftPrompt
from imprint.types import ImprintError

WORDS = ["tea", "bread", "lamp", "river", "stone", "cloud", "seven", "green", "piano", "walnut"]


def ask(text: str = "Tell me.", **sampling: Any) -> Request:
    return Request((Message("user", text),), None, Sampling(**{"max_new_tokens": 12, **sampling}))


def questions(n: int, **sampling: Any) -> list[Request]:
    return [ask(" ".join(WORDS[i % 7 : i % 7 + 1 + i // 3]) + f" {i}?", **sampling) for i in range(n)]


@torch.no_grad()
def by_transformers(backbone: HFBackbone, request: Request) -> tuple[int, ...]:
    ids = torch.tensor([backbone.prompt(request.messages, None, request.sampling.max_new_tokens).ids])
    out = backbone.model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=request.sampling.max_new_tokens,
        pad_token_id=256,
    )
    return tuple(out[0, ids.shape[1] :].tolist())


def test_sixteen_questions_at_once_equal_transformers_one_by_one(backbone: HFBackbone):
    requests = questions(16, max_new_tokens=24)
    replies = reply(backbone, requests)
    assert len({r.prompt_tokens for r in replies}) > 4
    for request, ours in zip(requests, replies, strict=True):
        assert ours.tokens == by_transformers(backbone, request)
        assert ours.reason == ("eos" if ours.tokens[-1] in backbone.eos else "length")


def test_rows_that_end_early_do_not_disturb_the_others(llama: HFBackbone):
    limits = [1, 5, 12, 3]
    requests = [replace(r, sampling=Sampling(max_new_tokens=n)) for r, n in zip(questions(4), limits, strict=True)]
    replies = reply(llama, requests)
    for request, ours, limit in zip(requests, replies, limits, strict=True):
        assert ours.tokens == by_transformers(llama, request)
        assert len(ours.tokens) == limit


def test_pieces_join_to_the_reply_and_say_when_a_row_ends(backbone: HFBackbone, soft):
    requests = [*questions(3, temperature=1.0), replace(ask(), injection=soft(backbone, 3))]
    pieces, replies = list(generate(backbone, requests)), reply(backbone, requests)
    for i, whole in enumerate(replies):
        mine = [p for p in pieces if p.row == i]
        assert "".join(p.text for p in mine) == whole.text
        assert tuple(p.token for p in mine) == whole.tokens
        assert [p.done for p in mine] == [False] * (len(mine) - 1) + [True]
        assert mine[-1].reason == whole.reason
    assert replies[3].soft_tokens == 3


def sampled(llama: HFBackbone, *seeds: int, **sampling: Any) -> list[tuple[int, ...]]:
    requests = [ask(temperature=1.5, seed=seed, **sampling) for seed in seeds]
    return [r.tokens for r in reply(llama, requests)]


def test_a_seed_gives_the_same_tokens_whoever_else_is_in_the_batch(llama: HFBackbone):
    alone = sampled(llama, 7)[0]
    assert sampled(llama, 7)[0] == alone
    assert sampled(llama, 1, 7, 2)[1] == alone
    mixed = reply(llama, [ask("Something much longer than that, please."), ask(temperature=1.5, seed=7)])
    assert mixed[1].tokens == alone
    assert len(set(sampled(llama, *range(6)))) == 6


def test_sampling_leaves_the_global_generator_alone(llama: HFBackbone):
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    sampled(llama, 3)
    assert torch.equal(torch.rand(1), expected)


def first_token_distribution(llama: HFBackbone, request: Request) -> torch.Tensor:
    ids = torch.tensor([llama.prompt(request.messages, None, 1).ids])
    with torch.no_grad():
        return torch.softmax(llama.model(input_ids=ids).logits[0, -1].double() / 0.7, -1)


@pytest.mark.parametrize("top_p", [1.0, 0.6])
def test_tokens_come_as_often_as_their_probability(llama: HFBackbone, top_p: float):
    request = ask(max_new_tokens=1, temperature=0.7, top_p=top_p)
    p = first_token_distribution(llama, request)
    order = sorted(range(len(p)), key=lambda i: -float(p[i]))
    kept: list[int] = []
    while order and sum(float(p[i]) for i in kept) < top_p:
        kept.append(order.pop(0))
    draws = [replace(request, sampling=replace(request.sampling, seed=s)) for s in range(1200)]
    seen = Counter(r.tokens[0] for r in reply(llama, draws))
    assert set(seen) <= set(kept)
    share = sum(float(p[i]) for i in kept)
    for i in kept[:5]:
        expected = float(p[i]) / share
        assert abs(seen[i] / 1200 - expected) < 4.5 * (expected * (1 - expected) / 1200) ** 0.5


def test_a_tiny_top_p_is_greedy(llama: HFBackbone):
    assert sampled(llama, 5, top_p=1e-9)[0] == reply(llama, [ask()])[0].tokens


def test_a_tiny_temperature_is_greedy(llama: HFBackbone):
    greedy = reply(llama, [ask()])[0].tokens
    for temperature in (1e-5, 1e-308, 5e-324):
        assert reply(llama, [ask(temperature=temperature, seed=3)])[0].tokens == greedy


def test_a_stop_string_across_tokens_ends_the_row_before_it(llama: HFBackbone):
    whole = reply(llama, [ask(max_new_tokens=40)])[0]
    assert whole.reason == "length"
    stop = whole.text[8:12]
    cut = reply(llama, [ask(max_new_tokens=40, stop=(stop, "not there")), ask(max_new_tokens=40)])
    assert cut[0].text == whole.text[: whole.text.index(stop)]
    assert cut[0].reason == "stop"
    assert cut[1] == whole


def test_the_end_token_ends_a_row_and_is_no_text(llama: HFBackbone):
    whole = reply(llama, [ask(max_new_tokens=30)])[0]
    ender = HFBackbone(llama.model, llama.tokenizer, llama.id)
    ender.eos = frozenset({whole.tokens[9]})
    ended = reply(ender, [ask(max_new_tokens=30)])[0]
    at = whole.tokens.index(whole.tokens[9])
    assert ended.tokens == whole.tokens[: at + 1]
    assert ended.reason == "eos"
    assert ended.text == llama.detokenize(whole.tokens[:at]).rstrip("\ufffd")


def test_generating_switches_gradients_off_for_itself_only(llama: HFBackbone):
    memory = SoftPrompt(torch.zeros(2, 32, requires_grad=True))
    stream = generate(llama, [replace(ask(), injection=memory)])
    next(stream)
    assert torch.is_grad_enabled()
    assert (memory.rows * 2).requires_grad


def test_generating_keeps_no_graph_of_a_memory_in_training(llama: HFBackbone, lora):
    adapter = lora(llama)
    for tensor in adapter.tensors.values():
        tensor.requires_grad_()
    request = replace(ask(max_new_tokens=3), injection=adapter)
    batch = build(llama, [request])
    list(_stream(llama, [request], batch))
    assert not llama.read_cache(batch.cache).requires_grad


def test_between_two_pieces_the_model_is_bare(llama: HFBackbone, lora):
    ids = torch.tensor([[1, 2, 3]])
    bare = llama.model(input_ids=ids).logits
    stream = generate(llama, [replace(ask(), injection=lora(llama)), ask()])
    for _ in range(5):
        next(stream)
        assert torch.equal(llama.model(input_ids=ids).logits, bare)


def test_two_streams_side_by_side_equal_each_alone(llama: HFBackbone, lora):
    requests = [replace(ask(), injection=lora(llama)), replace(ask("Why?"), injection=lora(llama, seed=4))]
    alone = [[p.token for p in generate(llama, [r])] for r in requests]
    streams = [generate(llama, [r]) for r in requests]
    both: list[list[int]] = [[], []]
    for pair in zip_longest(*streams):
        for mine, piece in zip(both, pair, strict=True):
            mine += [piece.token] if piece else []
    assert both == alone


def test_no_requests_no_replies(llama: HFBackbone):
    assert reply(llama, []) == []
    assert list(generate(llama, [])) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"max_new_tokens": 0},
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"temperature": float("inf")},
        {"top_p": 0.0},
        {"top_p": 1.01},
        {"seed": 1 << 64},
        {"stop": ("a", "")},
    ],
)
def test_sampling_values_that_mean_nothing_are_refused_at_the_call(llama: HFBackbone, bad: dict[str, Any]):
    with pytest.raises(ImprintError):
        generate(llama, [ask(), ask(**bad)])
    with pytest.raises(ImprintError):
        reply(llama, [ask(**bad)])
