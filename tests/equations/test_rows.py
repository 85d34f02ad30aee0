"""Late injection is exact: prefilled, batched rows give the logits and the gradient of the plain forward."""

import pytest
import torch
from torch import Tensor

from imprint.backbone.base import Message
from imprint.backbone.hf import HFBackbone
from imprint.backbone.score import Forced
from imprint.backbone.tiny import tiny_backbone
from imprint.fit.losses import answer_cross_entropy
from imprint.fit.rows import (
    Prefilled,
    Row,
    input_states,
    make_row,
    prefill,
    run_rows,
    stack_teachers,
    teach_all,
)
from imprint.methods.parts.projector import Projector, ProjectorConfig
from imprint.tensors import Context, Placement
from imprint.types import Question
from tests.equations.naive import shuffled

CLOSE = 1e-5
K = 3
QUESTIONS = (
    Question("What is my cat called?", "Pepper", "recall", "t1", 0),
    Question("Do I take sugar?", "No", "no", "t2", 1),
    Question("Where did I say that I moved to last year?", "A village near Ghent", "recall", "t3", 2),
)
PLACEMENTS = pytest.mark.parametrize("placement", ["late", "prefix"])


def ready_rows(backbone: HFBackbone, placement: Placement) -> list[Prefilled]:
    return prefill(backbone, [make_row(backbone, q, placement) for q in QUESTIONS], lambda done: None)


def noise(backbone: HFBackbone, b: int, k: int = K) -> Tensor:
    random = torch.Generator().manual_seed(0)
    return (torch.randn(b, k, backbone.width, generator=random).double() * backbone.rho).requires_grad_()


def naive_logits(backbone: HFBackbone, row: Row, soft: Tensor) -> list[Tensor]:
    """Logits of each answer token: one row, no cache, no padding; position i - 1 predicts the token at i."""
    embed = backbone.model.get_input_embeddings()
    before, after = torch.tensor(row.head), torch.tensor(row.tail + row.answer)
    whole = torch.cat([embed(before), soft, embed(after)])
    out = backbone.model(inputs_embeds=whole[None], use_cache=False).logits[0]
    first = len(row.head) + len(soft) + len(row.tail)
    return [out[first + j - 1] for j in range(len(row.answer))]


def naive_loss(backbone: HFBackbone, rows: list[Row], soft: Tensor) -> Tensor:
    losses = []
    for i, row in enumerate(rows):
        for logits, token in zip(naive_logits(backbone, row, soft[i]), row.answer, strict=True):
            losses.append(torch.logsumexp(logits, 0) - logits[token])
    return torch.stack(losses).mean()


def assert_equal(backbone: HFBackbone, step: Forced, rows: list[Row], soft: Tensor) -> None:
    for i, row in enumerate(rows):
        padding = len(step.targets[i]) - len(row.answer)
        assert step.targets[i].tolist() == [*row.answer] + [-100] * padding
        for j, expected in enumerate(naive_logits(backbone, row, soft[i])):
            assert (step.logits[i, j] - expected).abs().max() < CLOSE


@PLACEMENTS
def test_row_is_the_prompt_cut_at_its_placement(backbone: HFBackbone, placement: Placement) -> None:
    for question in QUESTIONS:
        row = make_row(backbone, question, placement)
        prompt = backbone.prompt([Message("user", question.text)], None, 64)
        at = {"late": prompt.late_at, "prefix": prompt.prefix_at}[placement]
        assert row.head == prompt.ids[:at]
        assert row.tail == prompt.ids[at:]
        assert list(row.answer[:-1]) == backbone.tokenize(question.answer)
        assert row.answer[-1] in backbone.eos
        assert row.fact == question.fact


@PLACEMENTS
def test_prefill_keeps_the_states_of_each_head(backbone: HFBackbone, placement: Placement) -> None:
    for ready in ready_rows(backbone, placement):
        ids = torch.tensor([ready.row.head])
        states = backbone.model.base_model(input_ids=ids, use_cache=False).last_hidden_state[0]
        assert (ready.states - states).abs().max() < CLOSE


@PLACEMENTS
@pytest.mark.parametrize("k", [1, K])
def test_logits_are_those_of_the_plain_forward(backbone: HFBackbone, placement: Placement, k: int) -> None:
    ready = ready_rows(backbone, placement)
    soft = noise(backbone, len(ready), k)
    assert_equal(backbone, run_rows(backbone, ready, soft), [r.row for r in ready], soft)


@PLACEMENTS
def test_soft_rows_of_real_tokens_are_those_tokens(backbone: HFBackbone, placement: Placement) -> None:
    ready = ready_rows(backbone, placement)
    middle = backbone.tokenize("tea")
    soft = backbone.model.get_input_embeddings()(torch.tensor(middle)).expand(len(ready), -1, -1)
    step = run_rows(backbone, ready, soft)
    for i, row in enumerate(r.row for r in ready):
        ids = [*row.head, *middle, *row.tail, *row.answer]
        out = backbone.model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
        for j in range(len(row.answer)):
            before = len(ids) - len(row.answer) + j - 1
            assert (step.logits[i, j] - out[before]).abs().max() < CLOSE


@PLACEMENTS
def test_gradient_of_the_soft_rows_is_that_of_the_plain_forward(backbone: HFBackbone, placement: Placement) -> None:
    ready = ready_rows(backbone, placement)
    soft, plain = noise(backbone, len(ready)), noise(backbone, len(ready))
    step = run_rows(backbone, ready, soft)
    loss = answer_cross_entropy(step.logits, step.targets)
    expected = naive_loss(backbone, [r.row for r in ready], plain)
    loss.backward()
    expected.backward()
    assert soft.grad is not None
    assert plain.grad is not None
    assert (loss - expected).abs() < CLOSE
    assert plain.grad.abs().max() > 100 * CLOSE
    assert (soft.grad - plain.grad).abs().max() < CLOSE


def test_a_batch_may_hold_rows_of_any_shape(backbone: HFBackbone) -> None:
    rows = [
        Row((256,), (70, 71, 72, 73), (80,), 0),
        Row((256, 65, 66, 67, 68, 69), (74,), (81, 82, 83, 84, 85), 1),
        Row((256, 65, 66), (), (86, 87), 2),
    ]
    ready = prefill(backbone, rows, lambda done: None)
    soft = noise(backbone, 3)
    assert_equal(backbone, run_rows(backbone, ready, soft), rows, soft)


def test_running_rows_again_gives_the_same_bytes(backbone: HFBackbone) -> None:
    ready = ready_rows(backbone, "late")
    soft = noise(backbone, len(ready))
    first, again = run_rows(backbone, ready, soft), run_rows(backbone, ready, soft)
    assert torch.equal(first.logits, again.logits)


def test_prefill_counts_the_heads_it_has_run(backbone: HFBackbone) -> None:
    counts: list[int] = []
    rows = [Row((256, 65 + i % 10), (74,), (81,), i) for i in range(30)]
    prefill(backbone, rows, counts.append)
    assert counts == sorted(counts)
    assert counts[-1] == 10


def test_states_that_condition_the_projector(backbone: HFBackbone) -> None:
    embed = backbone.model.get_input_embeddings()
    late, prefix = ready_rows(backbone, "late"), ready_rows(backbone, "prefix")
    states, mask = input_states(backbone, late, "late")
    for i, ready in enumerate(late):
        assert (states[i][mask[i]] - ready.states).abs().max() < CLOSE
    states, mask = input_states(backbone, prefix, "prefix")
    for i, ready in enumerate(prefix):
        assert (states[i][mask[i]] - embed(torch.tensor(ready.row.tail))).abs().max() < CLOSE


def test_teacher_is_the_frozen_model_reading_the_text(backbone: HFBackbone) -> None:
    text = Context("My cat is called Pepper.")
    for question in QUESTIONS:
        answer = make_row(backbone, question, "late").answer
        prompt = backbone.prompt([Message("user", question.text)], text, 64)
        ids = torch.tensor([[*prompt.ids, *answer]])
        out = backbone.model(input_ids=ids, use_cache=False).logits[0].log_softmax(-1)
        teacher = teach_all(backbone, [question], [text], top=4)[0]
        for j in range(len(answer)):
            expected = sorted(out[len(prompt.ids) + j - 1].tolist(), reverse=True)[:4]
            at = out[len(prompt.ids) + j - 1][teacher.ids[j]]
            assert teacher.log_probs[j].tolist() == pytest.approx(expected, abs=CLOSE)
            assert at.tolist() == pytest.approx(expected, abs=CLOSE)


def test_questions_about_one_long_text_are_answered_as_one_by_one(backbone: HFBackbone) -> None:
    """The text is read once for all of them, and another text in between is not mixed up with it."""
    long, short = Context("My cat is called Pepper. " * 12), Context("Tea?")
    asked = [*QUESTIONS * 3, QUESTIONS[0]]
    texts = [short if i in (2, 7) else long for i in range(len(asked))]
    counts: list[int] = []
    together = teach_all(backbone, asked, texts, counts.append, top=4)
    assert counts == sorted(counts)
    assert counts[-1] == len(asked)
    for question, text, teacher in zip(asked, texts, together, strict=True):
        alone = teach_all(backbone, [question], [text], top=4)[0]
        assert torch.equal(alone.ids, teacher.ids)
        assert (alone.log_probs - teacher.log_probs).abs().max() < CLOSE


def test_teacher_gives_twenty_tokens_however_narrow_the_model() -> None:
    narrow = tiny_backbone("llama", width=16)
    teacher = teach_all(narrow, QUESTIONS[1:2], [Context("I take no sugar.")])[0]
    assert [len(set(found)) for found in teacher.ids.tolist()] == [20] * len(teacher.ids)


def test_teachers_are_padded_behind_their_own_answers(backbone: HFBackbone) -> None:
    teachers = teach_all(backbone, QUESTIONS, [Context("I moved.")] * len(QUESTIONS), top=4)
    ids, log_probs = stack_teachers(teachers)
    longest = max(len(teacher.ids) for teacher in teachers)
    assert ids.shape == log_probs.shape == (3, longest, 4)
    for i, teacher in enumerate(teachers):
        assert torch.equal(ids[i, : len(teacher.ids)], teacher.ids)
        assert torch.equal(log_probs[i, : len(teacher.ids)], teacher.log_probs)


@PLACEMENTS
def test_gradient_reaches_the_slots_and_no_backbone_parameter(backbone: HFBackbone, placement: Placement) -> None:
    before = {name: tensor.clone() for name, tensor in backbone.model.state_dict().items()}
    config = ProjectorConfig(slots=4, slot_width=6, inner=8, prompt=2, heads=2)
    net = Projector(config, backbone.width, backbone.rho).double()
    shuffled(net, seed=2)
    slots = torch.randn(4, 6, generator=torch.Generator().manual_seed(0)).double().requires_grad_()
    ready = ready_rows(backbone, placement)
    soft = net(slots, *input_states(backbone, ready, placement))
    learned = [slots, *net.parameters()]
    expected = torch.autograd.grad(naive_loss(backbone, [r.row for r in ready], soft), learned, retain_graph=True)
    step = run_rows(backbone, ready, soft)
    answer_cross_entropy(step.logits, step.targets).backward()
    for tensor, gradient in zip(learned, expected, strict=True):
        assert tensor.grad is not None
        assert (tensor.grad - gradient).abs().max() < CLOSE
    assert (expected[0].abs().amax(-1) > 10 * CLOSE).all()
    assert all(tensor.grad is None and not tensor.requires_grad for tensor in backbone.model.parameters())
    assert all(torch.equal(before[name], tensor) for name, tensor in backbone.model.state_dict().items())
