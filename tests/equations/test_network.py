"""The network that reads slots (METHODS 2.3 with a text-initialised residual, over the slots of 5.1), over scalars."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.fit.losses import answer_cross_entropy
from imprint.fit.rows import Prefilled, make_row, prefill, run_rows
from imprint.methods.parts.network import BLANK, Condition, NetworkConfig, SlotNetwork, fresh_network
from imprint.methods.parts.network_file import pack
from imprint.methods.parts.projector import Refine
from imprint.methods.parts.slots import SharedReader, SharedSlots
from imprint.tensors import Memory, Placement
from imprint.types import Fingerprint, Question
from tests.equations import naive
from tests.equations.test_projector import naive_clamp, naive_refine

CLOSE = 1e-7
R, M, HEADS = 5, 3, 4
PLAIN = NetworkConfig(rows=R, width=M, inner=8, heads=HEADS)
BLOCKS = replace(PLAIN, blocks=2)
CODES = torch.tensor([[70, 71, 72, 73, 74], [80, 81, BLANK, BLANK, BLANK], [BLANK] * R], dtype=torch.int32)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def shuffled(config: NetworkConfig, backbone: HFBackbone) -> SlotNetwork:
    """Double precision; every parameter is random, W_o too."""
    network = fresh_network(config, backbone).double()
    naive.shuffled(network, seed=1)
    return network


def naive_text(net: SlotNetwork, backbone: HFBackbone, codes: list[int], residual: Tensor) -> naive.Matrix:
    """T = clamp([before ; E[codes] + residual B + shift ; after]); a row without a code is blank + shift."""
    table = naive.table(backbone.embed(torch.arange(backbone.vocabulary)))
    basis, shift, blank, moved = (naive.table(part) for part in (net.basis, net.shift, net.blank, residual))
    value = []
    for i, code in enumerate(codes):
        row = []
        for j in range(backbone.width):
            held = table[code][j] + sum(moved[i][a] * basis[a][j] for a in range(len(basis)))
            row.append((blank[i][j] if code == BLANK else held) + shift[i][j])
        value.append(row)
    return naive_clamp(naive.table(net.before) + value + naive.table(net.after), backbone.rho)


def naive_condition(net: Condition, heads: int, rows: naive.Matrix, states: Tensor, mask: Tensor) -> naive.Matrix:
    """c = LN(X W_x), z = LN(rows W_z), Q = LN(q0 + z + MHA(q0 + z, c, c)), refined against z, LN(Q) W_o."""
    c = naive.layer_norm(naive.linear(naive.table(states), net.from_input.weight, None), net.norm_input)
    z = naive.layer_norm(naive.linear(rows, net.from_rows.weight, None), net.norm_rows)
    asked = naive.add(naive.table(net.query), z)
    q = naive.add(asked, naive.attend(net.attend, heads, asked, c, mask.tolist()))
    q = naive.layer_norm(q, net.norm_query)
    for block in net.refine:
        assert isinstance(block, Refine)
        q = naive_refine(block, heads, q, z)
    return naive.linear(naive.layer_norm(q, net.norm_out), net.out.weight, None)


def close(found: Tensor, expected: naive.Matrix) -> None:
    for got, row in zip(found.tolist(), expected, strict=True):
        assert got == pytest.approx(row, abs=CLOSE)


def test_the_codes_of_an_answer_are_its_first_tokens(backbone: HFBackbone) -> None:
    """One token a byte, and a space before the answer."""
    net = fresh_network(PLAIN, backbone)
    space, o, s, l, t = (backbone.tokenize(letter)[0] for letter in " Oslt")
    assert net.codes("Os").tolist() == [space, o, s, BLANK, BLANK]
    assert net.codes("Oslo to").tolist()[:4] == [space, o, s, l]
    assert net.codes("tttttttt").tolist() == [space, t, t, t, t]
    assert net.codes("").tolist() == [space, BLANK, BLANK, BLANK, BLANK]


def test_a_slot_stands_between_its_frames_at_the_embedding_scale(backbone: HFBackbone) -> None:
    net, residual = shuffled(PLAIN, backbone), noise(3, R, M)
    out = net(CODES, residual)
    assert out.shape == (3, net.k, backbone.width)
    assert net.k == len(backbone.tokenize(" The answer is")) + R + len(backbone.tokenize(". So the answer is"))
    for i in range(3):
        close(out[i], naive_text(net, backbone, CODES[i].tolist(), residual[i]))


def test_the_residual_of_a_blank_row_has_no_effect(backbone: HFBackbone) -> None:
    net, residual = shuffled(PLAIN, backbone), noise(3, R, M)
    blank = (CODES == BLANK)[..., None]
    assert torch.equal(net(CODES, residual), net(CODES, torch.where(blank, residual + 9, residual)))
    moved = (net(CODES, residual) - net(CODES, torch.where(blank, residual, residual + 9))).abs().amax(-1)
    start = len(net.before)
    assert (moved[:, start : start + R] > 1e-3).tolist() == (~blank[..., 0]).tolist()


def test_the_question_changes_the_rows_by_the_condition(backbone: HFBackbone) -> None:
    """P = clamp(T + rho Condition(T / rho))."""
    net, residual, states = shuffled(BLOCKS, backbone), noise(3, R, M), noise(3, 4, backbone.width, seed=2)
    mask = torch.tensor([[True] * 4, [False, True, True, True], [True, True, False, False]])
    out, rho, condition = net(CODES, residual, states, mask), backbone.rho, net.condition
    assert condition is not None
    for i in range(3):
        text = naive_text(net, backbone, CODES[i].tolist(), residual[i])
        added = naive_condition(condition, HEADS, [[x / rho for x in row] for row in text], states[i], mask[i])
        summed = [[x + rho * y for x, y in zip(*pair, strict=True)] for pair in zip(text, added, strict=True)]
        close(out[i], naive_clamp(summed, rho))
        assert max(abs(y) for row in added for y in row) > 0.1


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_a_fresh_network_adds_nothing_to_the_text(backbone: HFBackbone, blocks: int) -> None:
    """W_o is zero, shift and blank too, and the frames are the words they are made of."""
    net = fresh_network(replace(PLAIN, blocks=blocks), backbone).double()
    states, mask = noise(1, 4, backbone.width), torch.ones(1, 4).bool()
    out = net(CODES[:1], torch.zeros(1, R, M).double(), states, mask)[0]
    words = backbone.tokenize(" The answer is") + CODES[0].tolist() + backbone.tokenize(". So the answer is")
    rows = naive.table(backbone.embed(torch.tensor(words)))
    close(out, naive_clamp(rows, backbone.rho))
    assert sum(name.startswith("condition.refine") for name, _ in net.named_parameters()) == 12 * blocks


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_of_the_question_changes_nothing(backbone: HFBackbone, side: str) -> None:
    net, states, mask = shuffled(BLOCKS, backbone), noise(1, 4, backbone.width), torch.ones(1, 4).bool()
    parts, masks = [noise(1, 3, backbone.width, seed=6) * 50, states], [torch.zeros(1, 3).bool(), mask]
    step = 1 if side == "left" else -1
    padded = net(CODES[:1], noise(1, R, M), torch.cat(parts[::step], 1), torch.cat(masks[::step], 1))
    assert (padded - net(CODES[:1], noise(1, R, M), states, mask)).abs().max() < CLOSE


def covariance(backbone: HFBackbone) -> naive.Matrix:
    """C_ab = sum_v (E_va - mean_a) (E_vb - mean_b)."""
    rows = naive.table(backbone.embed(torch.arange(backbone.vocabulary)))
    d, count = backbone.width, len(rows)
    mean = [sum(row[a] for row in rows) / count for a in range(d)]
    columns = [[row[a] - mean[a] for row in rows] for a in range(d)]
    return [[naive.dot(columns[a], columns[b]) for b in range(d)] for a in range(d)]


def test_the_basis_is_the_leading_principal_components_of_the_embeddings(backbone: HFBackbone) -> None:
    d, matrix = backbone.width, covariance(backbone)
    whole = naive.table(fresh_network(replace(PLAIN, width=d + 2), backbone).basis)
    spread = []
    for i in range(d):
        for j in range(i + 1):
            assert naive.dot(whole[i], whole[j]) == pytest.approx(float(i == j), abs=1e-5)
        turned = [naive.dot(row, whole[i]) for row in matrix]
        spread.append(naive.dot(turned, whole[i]))
        assert turned == pytest.approx([spread[i] * x for x in whole[i]], abs=1e-3 * spread[0])
    assert spread == sorted(spread, reverse=True)
    assert whole[d:] == [[0.0] * d] * 2  # there are no more than d of them
    assert naive.table(fresh_network(PLAIN, backbone).basis) == whole[:M]


WEIGHTS = torch.tensor([[0.6, 0.3, 0.05, 0.05], [0.2, 0.7, 0.05, 0.05]])
ASKED = (Question("Where do I live?", "Aarhus", "recall", "", 0), Question("Whom do I feed?", "it", "recall", "", 1))


def loss_of(slots: SharedSlots, reader: nn.Module, backbone: HFBackbone, rows: list[Prefilled]) -> Tensor:
    """Of the answers to `ASKED`, each read from its own slot."""
    out = run_rows(backbone, rows, slots.soft(reader, WEIGHTS, rows))
    return answer_cross_entropy(out.logits, out.targets)


@pytest.mark.parametrize("blocks", [0, 2])
@pytest.mark.parametrize("placement", ["late", "prefix"])
def test_the_gradient_of_a_fit_reaches_the_residual_alone(placement: Placement, blocks: int) -> None:
    model = tiny_backbone("llama")
    net = shuffled(replace(PLAIN, blocks=blocks, placement=placement), model).float()
    slots = SharedSlots(net, model)
    memory = Memory(Fingerprint("lpm", 1, "", "", ""), slots.written([one.answer for one in ASKED]))
    rows = prefill(model, [make_row(model, one, placement) for one in ASKED], lambda done: None)
    reader = slots.reader(memory)
    loss_of(slots, reader, model, rows).backward()
    [(name, residual)] = reader.named_parameters()
    assert name == "residual"
    assert residual.grad is not None
    used = memory.tensors["codes"] != BLANK  # "it" needs three of the five rows
    assert used.tolist() == [[True] * 5, [True] * 3 + [False] * 2]
    assert ((residual.grad != 0).all(-1) == used).all()
    assert all(part.grad is None and not part.requires_grad for part in [*net.parameters(), *model.model.parameters()])
    place = divmod(int(residual.grad.abs().argmax()), R * M)
    slopes = []
    for step in (0.01, -0.01):
        with torch.no_grad():
            residual.view(2, -1)[place] += step
            slopes.append(loss_of(slots, reader, model, rows).item() / 0.02 * (1 if step > 0 else -1))
            residual.view(2, -1)[place] -= step
    assert sum(slopes) == pytest.approx(residual.grad.view(2, -1)[place].item(), rel=0.05)


def user(count: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Slots of a user, and those of Yes and No."""
    ids = torch.randint(250, (count + 2, R), generator=torch.Generator().manual_seed(3), dtype=torch.int32)
    own = {"codes": ids[:count], "residual": noise(count, R, M).half()}
    return own, {"codes": ids[count:], "residual": torch.zeros(2, R, M).half()}


def test_a_question_reads_one_slot_and_yes_and_no_come_after_the_users_own() -> None:
    own, answers = user(3)
    reader = SharedReader(own, answers)
    codes, residual = reader(torch.eye(5))
    assert torch.equal(codes, torch.cat([own["codes"], answers["codes"]]))
    assert torch.equal(residual[:3], own["residual"].float())
    assert residual[3:].abs().max() == 0
    mixed = torch.tensor([[0.2, 0.35, 0.25, 0.1, 0.1]])
    assert torch.equal(reader(mixed)[0], own["codes"][1:2])
    assert torch.equal(reader(mixed)[1], own["residual"][1:2].float())


@given(st.permutations(range(4)))
@settings(deadline=None, max_examples=20)
def test_the_order_of_slots_does_not_matter(order: list[int]) -> None:
    model = tiny_backbone("llama")
    slots = SharedSlots(shuffled(PLAIN, model).float(), model)
    own, answers = user(4)
    weights = noise(6, 6, seed=8).softmax(-1).float()
    out = slots.soft(SharedReader(own, answers), weights, [])
    moved = SharedReader({name: rows[order] for name, rows in own.items()}, answers)
    assert torch.equal(slots.soft(moved, weights[:, [*order, 4, 5]], []), out)
    assert len({row.numpy().tobytes() for row in out.detach()}) == len({int(i) for i in weights.argmax(-1)})


def test_a_network_depends_on_its_seed_alone() -> None:
    model = tiny_backbone("llama")

    def made(config: NetworkConfig, seed: int, surroundings: int) -> bytes:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(surroundings)
            before = torch.random.get_rng_state()
            data = pack(fresh_network(config, model, seed), model, {"steps": 3})
            assert torch.equal(torch.random.get_rng_state(), before)
        return data

    assert made(BLOCKS, 3, 0) == made(BLOCKS, 3, 1)
    assert made(BLOCKS, 3, 0) != made(BLOCKS, 4, 0)
    assert made(PLAIN, 3, 0) == made(PLAIN, 4, 0)  # nothing of it is drawn
