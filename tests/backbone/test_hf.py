"""The frozen model: rows in, logits out, the same as transformers itself."""

import torch

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone

# Sums in another order. Float32 keeps 24 bits, 6e-8 of a term; a logit here is a sum of some hundred terms of
# size 1 through two layers, and padded shapes run other kernels: some 1e-6. A wrong mask or position moves a
# logit by 1e-2 and more.
ROUNDING = 1e-4


def ids_of(backbone: HFBackbone, *texts: str) -> torch.Tensor:
    return torch.tensor([backbone.tokenize(t) for t in texts])


def ones(ids: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(ids).bool()


@torch.no_grad()
def test_forward_of_embedded_ids_is_the_bare_model_to_the_bit(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on", "some other words")
    bare = backbone.model(input_ids=ids).logits
    assert torch.equal(backbone.forward(backbone.embed(ids), ones(ids)), bare)
    assert torch.equal(backbone.forward(backbone.embed(ids), ones(ids), backbone.new_cache()), bare)


@torch.no_grad()
def test_last_only_gives_the_last_position(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on")
    whole = backbone.forward(backbone.embed(ids), ones(ids))
    last = backbone.forward(backbone.embed(ids), ones(ids), last_only=True)
    assert last.shape == (1, 1, whole.shape[-1])
    assert (last - whole[:, -1:]).abs().max() < ROUNDING


@torch.no_grad()
def test_hidden_then_logits_is_forward(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on")
    states = backbone.hidden(backbone.embed(ids), ones(ids))
    assert torch.equal(backbone.logits(states), backbone.forward(backbone.embed(ids), ones(ids)))


@torch.no_grad()
def test_padding_anywhere_changes_nothing(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on")
    bare = backbone.model(input_ids=ids).logits
    rows, hole = backbone.embed(ids), torch.full((1, 5, backbone.width), 3.0)
    for at in (0, 7):
        padded = torch.cat([rows[:, :at], hole, rows[:, at:]], 1)
        mask = torch.ones(1, 21).bool()
        mask[:, at : at + 5] = False
        out = backbone.forward(padded, mask)
        assert (out[mask][None] - bare).abs().max() < ROUNDING


@torch.no_grad()
def test_a_row_is_the_same_alone_and_in_a_batch(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on", "some other words")
    both = backbone.forward(backbone.embed(ids), ones(ids))
    alone = backbone.forward(backbone.embed(ids[:1]), ones(ids[:1]))
    assert (both[:1] - alone).abs().max() < ROUNDING


@torch.no_grad()
def test_a_neighbour_never_moves_a_row_by_one_bit(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on", "some other words", "different wordss")
    mask = torch.ones(2, 16).bool()
    mask[1, :3] = False
    first = backbone.forward(backbone.embed(ids[[0, 1]]), mask)
    second = backbone.forward(backbone.embed(ids[[0, 2]]), mask)
    assert torch.equal(first[0], second[0])
    assert not torch.equal(first[1], second[1])


@torch.no_grad()
def test_a_cache_continues_where_it_stopped(backbone: HFBackbone):
    ids = ids_of(backbone, "the kettle is on")
    rows, mask = backbone.embed(ids), ones(ids)
    whole, cache, parts = backbone.forward(rows, mask), backbone.new_cache(), []
    for start, end in ((0, 5), (5, 6), (6, 16)):
        parts.append(backbone.forward(rows[:, start:end], mask[:, :end], cache))
    assert (torch.cat(parts, 1) - whole).abs().max() < ROUNDING


def late_step(backbone: HFBackbone, soft: torch.Tensor) -> torch.Tensor:
    """Logits of soft rows and what follows, over a question prefilled without gradients (METHODS 5c)."""
    question, answer = ids_of(backbone, "what is my dog called?"), ids_of(backbone, "it is Pim")
    cache = backbone.new_cache()
    with torch.no_grad():
        backbone.hidden(backbone.embed(question), ones(question), cache)
    rows = torch.cat([soft[None], backbone.embed(answer)], 1)
    return backbone.forward(rows, torch.ones(1, question.shape[1] + rows.shape[1]).bool(), cache)


def test_late_rows_over_a_prefilled_question_equal_the_full_forward(backbone: HFBackbone):
    soft = torch.randn(4, backbone.width, generator=torch.Generator().manual_seed(1)) * backbone.rho
    cached, full = soft.clone().requires_grad_(), soft.clone().requires_grad_()
    late = late_step(backbone, cached)
    question, answer = ids_of(backbone, "what is my dog called?"), ids_of(backbone, "it is Pim")
    rows = torch.cat([backbone.embed(question), full[None], backbone.embed(answer)], 1)
    whole = backbone.forward(rows, torch.ones(rows.shape[:2]).bool())[:, question.shape[1] :]
    late.log_softmax(-1)[..., 7].sum().backward()
    whole.log_softmax(-1)[..., 7].sum().backward()
    assert cached.grad is not None
    assert full.grad is not None
    assert full.grad.abs().max() > 0.01
    assert (late - whole).abs().max() < ROUNDING
    assert (cached.grad - full.grad).abs().max() < ROUNDING * max(1.0, float(full.grad.abs().max()))


def test_gradient_flows_through_a_cache_of_tensors_and_into_no_parameter(backbone: HFBackbone):
    l, heads, width = backbone.kv_shape
    kv = (torch.randn(l, 2, 1, heads, 3, width) * 0.5).requires_grad_()
    ids = ids_of(backbone, "hello")
    out = backbone.forward(backbone.embed(ids), torch.ones(1, 8).bool(), backbone.new_cache(kv))
    out.log_softmax(-1)[..., 3].sum().backward()
    assert kv.grad is not None
    assert all(bool(kv.grad[i, j].abs().max() > 0) for i in range(l) for j in range(2))
    assert all(p.grad is None and not p.requires_grad for p in backbone.model.parameters())


def test_padded_rows_have_finite_gradients(backbone: HFBackbone):
    rows = torch.randn(2, 6, backbone.width).requires_grad_()
    mask = torch.tensor([[False, False, True, True, True, True], [True] * 6])
    backbone.forward(rows, mask)[mask].square().sum().backward()
    assert rows.grad is not None
    assert bool(rows.grad.isfinite().all())
    assert bool((rows.grad[0, :2] == 0).all())


@torch.no_grad()
def test_rho_is_measured_on_the_rows_that_enter_the_model(backbone: HFBackbone):
    rows = backbone.embed(torch.arange(259))
    naive = [(sum(float(x) ** 2 for x in row) / len(row)) ** 0.5 for row in rows]
    assert abs(backbone.rho - sum(naive) / len(naive)) < 1e-5


def test_gemma_scales_its_rows_and_its_rho_with_them():
    gemma, llama = tiny_backbone("gemma"), tiny_backbone("llama")
    assert gemma.rho / llama.rho > 32**0.5 * 0.8


def test_the_same_seed_gives_the_same_model_and_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, two, three = tiny_backbone("qwen3"), tiny_backbone("qwen3"), tiny_backbone("qwen3", seed=1)
    assert torch.equal(torch.rand(1), expected)
    assert one.id == two.id != three.id


def test_sizes_are_read_off_the_model(backbone: HFBackbone):
    assert backbone.kv_shape[0] == 2
    assert backbone.width == 32
    assert backbone.window == 512
    assert backbone.eos == {258}
    assert not backbone.model.training
