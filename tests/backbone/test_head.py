"""A shared beginning, run once: replies and likelihoods are those of prompts run whole."""

from collections.abc import Callable

import pytest
import torch

from imprint.backbone.base import Message, Prompt, Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.head import LEAST, Head, share
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import prompt_of
from imprint.backbone.score import answer_ids, forced, log_likelihoods
from imprint.tensors import Adapter, Context, Hybrid, Injection, KVPrefix, SoftPrompt

TEXT = Context(
    "What the user told you earlier:\n- The cat is called Olm and sleeps on the boiler.\n- Her sister weaves."
)
ASKED = ("What is my cat called?", "What does my sister do all day?", "Where?")
CARRIERS = ("none", "text", "late", "prefix", "hybrid", "kv", "lora")


@pytest.fixture(params=CARRIERS)
def injection(
    request: pytest.FixtureRequest,
    llama: HFBackbone,
    soft: Callable[..., SoftPrompt],
    prefix: Callable[..., KVPrefix],
    lora: Callable[..., Adapter],
) -> Injection:
    made: dict[str, Injection] = {
        "none": None,
        "text": TEXT,
        "late": soft(llama, 3),
        "prefix": soft(llama, 3, placement="prefix"),
        "hybrid": Hybrid(TEXT, soft(llama, 3)),
        "kv": prefix(llama, "Remember the boiler."),
        "lora": lora(llama),
    }
    return made[request.param]


def requests(injection: Injection) -> list[Request]:
    system = Message("system", "Answer briefly, please, and say so where you do not know the answer to a question.")
    return [Request((system, Message("user", text)), injection, Sampling(max_new_tokens=6)) for text in ASKED]


def head_of(backbone: HFBackbone, asked: list[Request], inside: Head | None = None) -> Head | None:
    prompts = [prompt_of(backbone, request) for request in asked]
    return share(backbone, prompts, [request.injection for request in asked], inside)


def test_replies_after_a_shared_head_are_the_same(llama: HFBackbone, injection: Injection):
    asked = requests(injection)
    head = head_of(llama, asked)
    assert head is not None
    assert len(head.ids) >= LEAST
    assert [r.tokens for r in reply(llama, asked, head)] == [r.tokens for r in reply(llama, asked)]


@torch.no_grad()
def test_likelihoods_after_a_shared_head_are_the_same(llama: HFBackbone, injection: Injection):
    asked, answers = requests(injection), [llama.tokenize(text) for text in ("Olm.", "She weaves all day.", "Home")]
    whole, split = forced(llama, asked, answers), forced(llama, asked, answers, head_of(llama, asked))
    real = whole.targets != -100
    assert torch.allclose(whole.logits[real], split.logits[real], atol=1e-4)
    assert torch.equal(whole.targets, split.targets)


@torch.no_grad()
def test_a_head_can_be_extended(llama: HFBackbone, injection: Injection):
    asked = requests(injection)
    person = head_of(llama, asked)
    one = [asked[1], asked[1]]
    longer = head_of(llama, one, person)
    assert person is not None
    assert longer is not None
    if not isinstance(injection, SoftPrompt) or injection.placement == "late":
        assert len(longer.ids) >= len(person.ids)
    answers = [llama.tokenize("She weaves."), llama.tokenize("Nothing at all")]
    whole, split = forced(llama, one, answers), forced(llama, one, answers, longer)
    real = whole.targets != -100
    assert torch.allclose(whole.logits[real], split.logits[real], atol=1e-4)


def test_a_head_that_is_used_twice_is_not_changed(llama: HFBackbone):
    asked = requests(TEXT)
    head = head_of(llama, asked)
    assert head is not None
    before = head.kv.clone()
    first = [r.tokens for r in reply(llama, asked, head)]
    head_of(llama, [asked[0], asked[0]], head)
    assert torch.equal(head.kv, before)
    assert [r.tokens for r in reply(llama, asked, head)] == first


def test_other_prefixes_share_nothing(llama: HFBackbone, prefix: Callable[..., KVPrefix]):
    asked = [requests(prefix(llama, text))[0] for text in ("One text.", "Another text.")]
    assert head_of(llama, asked) is None


def test_a_head_of_other_prompts_is_not_used(llama: HFBackbone):
    person = head_of(llama, requests(TEXT))
    assert head_of(llama, requests(None), person) is not person


def test_short_or_unlike_prompts_share_nothing(llama: HFBackbone):
    prompts = [Prompt(tuple(range(i, i + 30)), 3, 25) for i in (0, 1)]
    assert share(llama, prompts, [None, None]) is None
    assert share(llama, [Prompt(tuple(range(LEAST)), 3, LEAST - 1)] * 2, [None, None]) is None


@torch.no_grad()
def test_log_likelihood_is_the_sum_over_single_steps(llama: HFBackbone):
    request = requests(None)[0]
    answer = answer_ids(llama, "Olm, the cat.")
    ids = [*prompt_of(llama, request).ids]
    total = 0.0
    for token in answer:
        logits = llama.model(input_ids=torch.tensor([ids])).logits[0, -1]
        total += float(torch.log_softmax(logits.double(), -1)[token])
        ids.append(token)
    ((found, tokens),) = log_likelihoods(forced(llama, [request], [answer]))
    assert tokens == len(answer)
    assert found == pytest.approx(total, abs=1e-3)
