"""Rows that join and leave between steps get the tokens they get alone."""

import pytest
import torch

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.decode import Broken, reply
from imprint.backbone.hf import HFBackbone
from imprint.backbone.joining import Decoding
from imprint.backbone.tiny import tiny_backbone
from imprint.tensors import Adapter, Injection, KVPrefix, SoftPrompt
from imprint.types import ImprintError


@pytest.fixture(scope="module")
def backbone() -> HFBackbone:
    return tiny_backbone("llama")


def injections(backbone: HFBackbone) -> list[Injection]:
    torch.manual_seed(0)
    layers, heads, width = backbone.kv_shape
    shapes = backbone.adapter_shapes(2, ("q_proj",))
    tensors = {name: torch.randn(shape) * 0.3 for name, shape in shapes.items()}
    return [
        None,
        SoftPrompt(torch.randn(3, backbone.width) * backbone.rho),
        KVPrefix(torch.randn(layers, 2, heads, 5, width)),
        Adapter(tensors, 2, 4.0, ("q_proj",)),
    ]


def request(text: str, tokens: int, injection: Injection = None, temperature: float = 0.0, seed: int = 0) -> Request:
    return Request((Message("user", text),), injection, Sampling(tokens, temperature, seed=seed))


def run(backbone: HFBackbone, arrivals: dict[int, list[Request]]) -> tuple[list[list[int]], list[int]]:
    """Tokens of every row, joining at the steps of `arrivals`, and how many rows each step had."""
    decoding, tokens, sizes = Decoding(backbone), {}, []
    at = 0
    while decoding.rows or any(when >= at for when in arrivals):
        for joined in decoding.join(arrivals[at]) if at in arrivals else ():
            tokens[joined.piece.row] = [joined.piece.token]
        sizes.append(decoding.rows)
        for piece in decoding.step():
            tokens[piece.row].append(piece.token)
        at += 1
    return [tokens[row] for row in sorted(tokens)], sizes


def test_rows_that_join_late_get_the_tokens_they_get_alone(backbone: HFBackbone) -> None:
    ways = injections(backbone)
    requests = [
        request(f"{'long ' * (7 * i % 5)}question {i}", 4 + 5 * (i % 4), ways[i % 4], 0.7 * (i % 2), i)
        for i in range(12)
    ]
    arrivals = {0: requests[:2], 3: requests[2:3], 4: requests[3:8], 15: requests[8:]}
    got, sizes = run(backbone, arrivals)
    assert got == [list(reply(backbone, [each])[0].tokens) for each in requests]
    assert max(sizes) > 5


def test_a_row_that_leaves_makes_room_and_changes_nobody(backbone: HFBackbone) -> None:
    decoding = Decoding(backbone)
    stays, goes = (joined.piece for joined in decoding.join([request("stay", 9), request("go", 60)]))
    decoding.leave(goes.row)
    assert decoding.rows == 1
    tokens = [stays.token]
    while decoding.rows:
        pieces = decoding.step()
        assert [piece.row for piece in pieces] == [stays.row]
        tokens.append(pieces[0].token)
    assert tokens == list(reply(backbone, [request("stay", 9)])[0].tokens)
    assert (decoding.step(), decoding.length) == ([], 0)


def test_a_request_that_cannot_run_leaves_the_others_alone(backbone: HFBackbone) -> None:
    decoding = Decoding(backbone)
    (first,) = decoding.join([request("stay", 6)])
    wrong = SoftPrompt(torch.ones(2, backbone.width + 8))
    with pytest.raises(ImprintError, match="another model"):
        decoding.join([request("no", 6, wrong)])
    tokens = [first.piece.token]
    while decoding.rows:
        tokens += [piece.token for piece in decoding.step()]
    assert tokens == list(reply(backbone, [request("stay", 6)])[0].tokens)


def test_a_row_whose_logits_are_not_numbers_ends_alone(backbone: HFBackbone) -> None:
    shapes = backbone.adapter_shapes(2, ("q_proj",))
    damaged = Adapter({name: torch.full(shape, 1e30) for name, shape in shapes.items()}, 2, 4.0, ("q_proj",))
    decoding = Decoding(backbone)
    wrong, fine = decoding.join([request("no", 6, damaged, 0.7), request("stay", 6, None, 0.7)])
    assert (wrong.piece.done, wrong.piece.reason) == (True, "broken")
    tokens = [fine.piece.token]
    while decoding.rows:
        tokens += [piece.token for piece in decoding.step() if piece.row == fine.piece.row]
    assert tokens == list(reply(backbone, [request("stay", 6, None, 0.7)])[0].tokens)
    with pytest.raises(Broken):
        reply(backbone, [request("no", 6, damaged)])


def test_a_join_that_fails_on_the_way_leaves_the_batch_as_it_was(
    backbone: HFBackbone, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoding = Decoding(backbone)
    (first,) = decoding.join([request("stay", 6)])
    made = backbone.adapters
    calls = iter([made])  # of the prefill; the one of the whole batch fails
    with monkeypatch.context() as patch:
        patch.setattr(backbone, "adapters", lambda adapters: next(calls)(adapters))
        with pytest.raises(StopIteration):
            decoding.join([request("a longer one than the first", 6)])
    tokens = [first.piece.token]
    while decoding.rows:
        pieces = decoding.step()
        assert {piece.row for piece in pieces} == {first.piece.row}
        tokens += [piece.token for piece in pieces]
    assert tokens == list(reply(backbone, [request("stay", 6)])[0].tokens)


def test_the_longest_row_takes_its_length_along_when_it_ends(backbone: HFBackbone) -> None:
    decoding = Decoding(backbone)
    decoding.join([request("long " * 30, 2), request("a", 9), request("b", 9)])
    before = decoding.length
    decoding.step()
    decoding.step()
    assert decoding.length < before - 20


def test_counts_are_those_of_a_reply(backbone: HFBackbone) -> None:
    asked = request("hello", 3, injections(backbone)[1])
    (joined,), whole = Decoding(backbone).join([asked]), reply(backbone, [asked])[0]
    assert (joined.prompt_tokens, joined.soft_tokens, joined.dropped) == (whole.prompt_tokens, 3, 0)
