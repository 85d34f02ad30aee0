"""METHODS-style reconstruction of LPM's projection network (arXiv 2606.20911), spelled out over scalars."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from imprint.methods.parts.projector import Projector, ProjectorConfig, PublishedReader, Refine, rms_clamp
from tests.equations import naive

CLOSE = 1e-5
RHO = 0.3
SMALL = ProjectorConfig(slots=5, slot_width=3, inner=8, prompt=2, heads=4, blocks=2)
WIDTH = 6
NUMBER = st.floats(-100, 100, width=32).filter(lambda x: abs(x) > 0.01)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture
def projector() -> Projector:
    """Double precision, every parameter random."""
    module = Projector(SMALL, WIDTH, RHO).double()
    naive.shuffled(module, seed=1)
    return module


def weights(layer: nn.Module) -> tuple[Tensor, Tensor | None]:
    assert isinstance(layer, nn.Linear)
    return layer.weight, layer.bias


def naive_clamp(rows: naive.Matrix, rho: float, gamma: float = 1.0) -> naive.Matrix:
    """P = gamma * rho * Phat / rms(Phat), row by row."""
    return [[gamma * rho * x / naive.rms(row) for x in row] for row in rows]


def naive_refine(block: Refine, heads: int, q: naive.Matrix, z: naive.Matrix) -> naive.Matrix:
    """Q = Q + MHA_h(LN Q, Z, Z);  Q = Q + FFN(LN Q)."""
    q = naive.add(q, naive.attend(block.attend, heads, naive.layer_norm(q, block.norm), z))
    first, _, second = block.ffn
    inner = naive.linear(naive.layer_norm(q, block.norm_ffn), *weights(first))
    inner = [[naive.gelu(x) for x in row] for row in inner]
    return naive.add(q, naive.linear(inner, *weights(second)))


def naive_projector(net: Projector, slots: Tensor, states: Tensor, mask: Tensor) -> naive.Matrix:
    """One row of the batch. The three maps that the equations write as plain matrices have no bias."""
    c = naive.layer_norm(naive.linear(naive.table(states), net.from_input.weight, None), net.norm_input)
    q = naive.table(net.query)
    q = naive.add(q, naive.attend(net.condition, net.condition.num_heads, q, c, mask.tolist()))
    q = naive.layer_norm(q, net.norm_query)
    z = naive.layer_norm(naive.linear(naive.table(slots), net.from_slots.weight, None), net.norm_slots)
    for block in net.refine:
        assert isinstance(block, Refine)
        q = naive_refine(block, SMALL.heads, q, z)
    rows = naive.linear(naive.layer_norm(q, net.norm_out), net.to_prompt.weight, None)
    return naive_clamp(rows, RHO, float(net.gamma.detach()))


@given(st.lists(st.lists(NUMBER, min_size=3, max_size=3), min_size=1, max_size=4), st.floats(0.01, 10))
@settings(deadline=None)
def test_rms_clamp_sets_every_row_to_rho(rows: list[list[float]], rho: float) -> None:
    out = rms_clamp(torch.tensor(rows), rho).tolist()
    for got, expected in zip(out, naive_clamp(rows, rho), strict=True):
        assert got == pytest.approx(expected, rel=CLOSE, abs=CLOSE)
        assert naive.rms(got) == pytest.approx(rho, rel=CLOSE)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_rms_clamp_takes_rows_of_any_scale(scale: float) -> None:
    rows = noise(2, 3, 4).float() * scale
    expected = [naive_clamp(naive.table(part), 0.136) for part in rows]
    assert torch.allclose(rms_clamp(rows, 0.136), torch.tensor(expected), rtol=0, atol=CLOSE)


def test_rms_clamp_of_an_empty_row_is_finite_with_its_gradient() -> None:
    rows = torch.zeros(2, 4, requires_grad=True)
    out = rms_clamp(rows, RHO)
    out.sum().backward()
    assert rows.grad is not None
    assert torch.isfinite(out).all()
    assert torch.isfinite(rows.grad).all()


def test_refine_is_attention_then_feed_forward(projector: Projector) -> None:
    block = projector.refine[0]
    assert isinstance(block, Refine)
    q, z = noise(2, 2, 8, seed=2), noise(2, 5, 8, seed=3)
    expected = [naive_refine(block, SMALL.heads, naive.table(q[i]), naive.table(z[i])) for i in range(2)]
    assert torch.allclose(block(q, z), torch.tensor(expected).double(), rtol=0, atol=CLOSE)


def test_projector_is_the_published_equations(projector: Projector) -> None:
    slots, states = noise(5, 3, seed=4), noise(3, 4, WIDTH, seed=5)
    mask = torch.tensor([[True] * 4, [False, True, True, True], [True, True, False, False]])
    out = projector(slots, states, mask).tolist()
    for i in range(3):
        for got, expected in zip(out[i], naive_projector(projector, slots, states[i], mask[i]), strict=True):
            assert got == pytest.approx(expected, abs=CLOSE)


def test_single_precision_agrees(projector: Projector) -> None:
    slots, states, mask = noise(5, 3, seed=4), noise(1, 4, WIDTH, seed=5), torch.ones(1, 4).bool()
    expected = torch.tensor(naive_projector(projector, slots, states[0], mask[0]))
    out = projector.float()(slots.float(), states.float(), mask)[0]
    assert torch.allclose(out, expected.float(), rtol=0, atol=CLOSE)


@given(st.permutations(range(5)))
@settings(deadline=None, max_examples=20)
def test_order_of_slots_does_not_matter(order: list[int]) -> None:
    net = Projector(SMALL, WIDTH, RHO).double()
    naive.shuffled(net, seed=1)
    slots, states, mask = noise(5, 3, seed=4), noise(2, 4, WIDTH, seed=5), torch.ones(2, 4).bool()
    difference = net(slots, states, mask) - net(slots[order], states, mask)
    assert difference.abs().max() < CLOSE


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_changes_nothing(projector: Projector, side: str) -> None:
    slots, states, mask = noise(5, 3, seed=4), noise(1, 4, WIDTH, seed=5), torch.ones(1, 4).bool()
    parts = [noise(1, 3, WIDTH, seed=6) * 50, states]
    masks = [torch.zeros(1, 3).bool(), mask]
    step = 1 if side == "left" else -1
    padded = projector(slots, torch.cat(parts[::step], dim=1), torch.cat(masks[::step], dim=1))
    assert (padded - projector(slots, states, mask)).abs().max() < CLOSE


def test_every_slot_and_every_state_is_read(projector: Projector) -> None:
    slots, states, mask = noise(5, 3, seed=4), noise(1, 4, WIDTH, seed=5), torch.ones(1, 4).bool()
    before = projector(slots, states, mask)
    for i in range(5):
        other = slots.clone()
        other[i] += noise(3, seed=7)
        assert (projector(other, states, mask) - before).abs().max() > CLOSE
    for i in range(4):
        other = states.clone()
        other[0, i] += noise(WIDTH, seed=7)
        assert (projector(slots, other, mask) - before).abs().max() > CLOSE


def test_fresh_projector_has_unit_gain_xavier_queries_and_the_published_size() -> None:
    k, m, p, d = 8, 256, 256, 576
    config = ProjectorConfig()
    assert config == ProjectorConfig(slots=32, slot_width=m, inner=p, prompt=k, heads=8, blocks=2)
    net = Projector(config, d, 0.136)
    assert float(net.gamma.detach()) == 1.0
    assert float(net.query.detach().std()) == pytest.approx((2 / (k + p)) ** 0.5, rel=0.1)
    matrices = sum(tensor.numel() for tensor in net.parameters() if tensor.dim() == 2)
    assert matrices == d * p + k * p + 4 * p * p + m * p + 2 * 12 * p * p + p * d


def parts(reader: PublishedReader) -> tuple[Tensor, Projector]:
    """The one user's slots and the network that reads them."""
    slots = [t for t in reader.parameters(recurse=False) if t.shape == (SMALL.slots, SMALL.slot_width)]
    nets = [module for module in reader.children() if isinstance(module, Projector)]
    assert (len(slots), len(nets)) == (1, 1)
    return slots[0], nets[0]


def test_published_reader_is_its_slots_through_the_projector() -> None:
    reader = PublishedReader(SMALL, WIDTH, RHO, seed=3)
    states, mask = noise(2, 4, WIDTH).float(), torch.tensor([[True] * 4, [False, False, True, True]])
    slots, net = parts(reader)
    for i in range(2):
        expected = torch.tensor(naive_projector(net, slots, states[i], mask[i]))
        assert torch.allclose(reader(states, mask)[i], expected, rtol=0, atol=CLOSE)


def test_published_reader_depends_on_its_seed_alone() -> None:
    def numbers(seed: int, surroundings: int) -> list[Tensor]:
        torch.manual_seed(surroundings)
        return list(PublishedReader(SMALL, WIDTH, RHO, seed).parameters())

    first, again, other = numbers(3, 0), numbers(3, 1), numbers(4, 0)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, other, strict=True))
