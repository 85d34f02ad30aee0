"""Users are rows of one batch and never mix."""

import torch

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.hf import HFBackbone
from imprint.methods.base import Method
from imprint.tensors import Injection
from tests.contracts.samples import KEEPS_NOTHING, slept, told, turn
from tests.contracts.test_frozen import logits

ASKED = "Which name have I given to my dog?"
OTHERS = "Which town do I live in?"


def read(method: Method, text: str, question: str) -> Injection:
    """What a user who told this injects when asked that."""
    return method.read(slept(method, told(text)), [turn(700, question)])


def row(injection: Injection, question: str, before: tuple[Message, ...] = ()) -> Request:
    return Request((*before, Message("user", question)), injection, Sampling(max_new_tokens=8))


def test_another_users_memory_does_not_move_a_bit(case: str, method: Method) -> None:
    backbone = method.backbone
    assert isinstance(backbone, HFBackbone)
    mine = row(read(method, "I live in Lund.", OTHERS), OTHERS)
    theirs = [row(read(method, f"My dog is called {name}.", ASKED), ASKED) for name in ("Biscuit", "Trouble")]
    one, two = (logits(backbone, [other, mine]) for other in theirs)
    assert torch.equal(one[1], two[1])
    assert torch.equal(one[0], two[0]) == (case in KEEPS_NOTHING)
    assert [reply(backbone, [other, mine])[1].tokens for other in theirs] == [reply(backbone, [mine])[0].tokens] * 2


def test_another_users_length_moves_no_token(method: Method) -> None:
    backbone = method.backbone
    assert isinstance(backbone, HFBackbone)
    mine = row(read(method, "I live in Lund.", OTHERS), OTHERS)
    talk = (Message("user", "Good morning!"), Message("assistant", "Good morning to you."))
    dog = read(method, "My dog is called Biscuit.", ASKED)
    alone, tokens = logits(backbone, [mine])[0, -1], reply(backbone, [mine])[0].tokens
    for theirs in (row(None, "Hi"), row(dog, ASKED), row(dog, ASKED, talk * 4)):
        assert (logits(backbone, [theirs, mine])[1, -1] - alone).abs().max() < 1e-4
        assert reply(backbone, [theirs, mine])[1].tokens == tokens
