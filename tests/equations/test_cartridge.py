"""Cartridges (arXiv 2506.06266): the start against PEFT's, the objective and its gradient, the frozen entry."""

from typing import Literal

import pytest
import torch
from peft import CartridgeConfig as PeftConfig
from peft import get_peft_model
from peft.tuners.cartridge.utils import initialize_kv_prefix_from_text
from torch import Tensor

from imprint.backbone.base import Message, Request
from imprint.backbone.hf import HFBackbone
from imprint.backbone.score import forced
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.fit.carriers import taught
from imprint.fit.loop import FitConfig
from imprint.fit.rows import make_row, run_whole
from imprint.fit.runs import Run
from imprint.methods.cartridge import Cartridge, CartridgeConfig
from imprint.tensors import Context, KVPrefix
from tests.equations import plain
from tests.equations.told import STUDY, questions

CLOSE = 1e-5
TEXT = "What the user told you earlier:\n- My dog is called Biscuit.\n- How tall is a giraffe?\n- I live in Aarhus."


def cartridge(backbone: HFBackbone, config: CartridgeConfig) -> Cartridge:
    return Cartridge(config, backbone, Hashing())


def flat(kv: Tensor) -> Tensor:
    """PEFT's layout: [p, l * 2 * h_kv * d_h]."""
    return kv.permute(3, 0, 1, 2, 4).reshape(kv.shape[3], -1)


# PEFT 0.21 asks transformers 5.23 for a name that is going away.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
def test_it_starts_where_peft_starts_and_answers_as_peft_does() -> None:
    backbone, twin = tiny_backbone("llama"), tiny_backbone("llama")
    peft = get_peft_model(
        twin.model, PeftConfig(task_type="CAUSAL_LM", num_virtual_tokens=9, num_frozen_tokens=1)
    ).eval()
    theirs = initialize_kv_prefix_from_text(peft, twin.tokenizer, text=TEXT)
    start = cartridge(backbone, CartridgeConfig(tokens=9, init="first")).start(Context(TEXT))
    assert (flat(start) - theirs).abs().max() < CLOSE
    question, answer = questions()[0], (84, 79, 258)
    ids = backbone.prompt([Message("user", question.text)], None, 64).ids
    request = Request((Message("user", question.text),), KVPrefix(start))
    with torch.no_grad():
        out = peft(input_ids=torch.tensor([[*ids, *answer]])).logits[0, -len(answer) - 1 : -1]
        assert (forced(backbone, [request], [answer]).logits[0] - out).abs().max() < CLOSE


def test_it_starts_from_the_first_token_and_the_last_told(backbone: HFBackbone) -> None:
    """The entries are made by reading just those tokens, as positions 0 to p - 1."""
    first = backbone.prompt([Message("user", "a")], Context(TEXT), 0).ids[0]
    ids = [first, *backbone.tokenize(TEXT)[-6:]]
    cache = backbone.model(input_ids=torch.tensor([ids]), use_cache=True).past_key_values
    start = cartridge(backbone, CartridgeConfig(tokens=7)).start(Context(TEXT))
    assert start.shape[3] == 7
    for l, layer in enumerate(cache.layers):
        assert (start[l, 0] - layer.keys[0]).abs().max() < CLOSE
        assert (start[l, 1] - layer.values[0]).abs().max() < CLOSE


@pytest.mark.parametrize("alpha", [1.0, 0.0, 0.3])
def test_loss_and_gradient_are_those_of_the_naive_loop(backbone: HFBackbone, alpha: float) -> None:
    asked, context = questions(), Context(TEXT)
    rows = [make_row(backbone, question, "late") for question in asked]
    start = cartridge(backbone, CartridgeConfig(tokens=5)).start(context)
    mine, theirs = (start.clone().requires_grad_() for _ in range(2))
    objective = taught(backbone, asked, [context] * len(asked), alpha, Run())
    loss = objective.loss(run_whole(backbone, rows, mine), range(len(rows)))
    expected = alpha * plain.distilled(backbone, asked, rows, TEXT, theirs)
    expected = expected + (1 - alpha) * plain.cross_entropy(backbone.model, rows, theirs)
    assert (loss - expected).abs() < CLOSE
    loss.backward()
    expected.backward()
    assert mine.grad is not None
    assert theirs.grad is not None
    assert theirs.grad.abs().max() > 10 * CLOSE
    assert (mine.grad - theirs.grad).abs().max() < CLOSE


@pytest.mark.parametrize("frozen", [0, 1, 3])
def test_frozen_entries_stay_and_the_others_move(frozen: int) -> None:
    method = cartridge(
        tiny_backbone("llama"), CartridgeConfig(tokens=6, frozen=frozen, fit=FitConfig(least=0, epochs=2))
    )
    fitted = method.consolidate(method.empty(), STUDY, Run())
    start, kv = method.start(Context(TEXT)), fitted.tensors["kv"]
    assert torch.equal(kv[..., :frozen, :], start[..., :frozen, :])
    moved = (kv - start)[..., frozen:, :].abs().amax((0, 1, 2, 4))
    assert (moved > 1e-3).all()
    assert method.trainable(fitted) == (6 - frozen) * start[..., 0, :].numel()


def test_little_was_told_and_the_prefix_is_as_short() -> None:
    backbone = tiny_backbone("llama")
    inits: tuple[Literal["first", "last"], ...] = ("first", "last")
    for init in inits:
        kv = cartridge(backbone, CartridgeConfig(tokens=400, init=init)).start(Context("I like tea."))
        read = backbone.prompt([Message("user", "a")], Context("I like tea."), 0)
        assert kv.shape[3] == {"first": read.prefix_at, "last": 1 + len("I like tea.")}[init]
