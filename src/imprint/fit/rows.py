"""Study rows ready for a fit: the frozen part of each prompt is prefilled once, only what follows the soft rows is run.

Late injection (METHODS section 5c): nothing before the soft rows depends on them, so the keys and values of those
positions are computed once without gradient. Placement `prefix` uses the same path with an earlier cut.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor

from imprint.backbone.base import Backbone, Message
from imprint.tensors import Context, Placement
from imprint.types import Question

PREFILL_BATCH = 8


@dataclass(frozen=True)
class Row:
    """One question with its answer, cut where the soft rows enter."""

    head: tuple[int, ...]
    """Token ids before the soft rows."""
    tail: tuple[int, ...]
    """Token ids after the soft rows, up to the assistant header."""
    answer: tuple[int, ...]
    """Answer tokens, ended by the model's end token."""
    fact: int


@dataclass(frozen=True)
class Prefilled:
    """A row whose head has been run: keys and values [l, 2, h_kv, t, d_h] and the head's last hidden states [t, d]."""

    row: Row
    kv: Float[Tensor, "l 2 h_kv t d_h"]
    states: Float[Tensor, "t d"]


@dataclass(frozen=True)
class Step:
    """The logits of one batch over the answer positions, padded to the longest answer."""

    logits: Float[Tensor, "b a v"]
    targets: Int[Tensor, "b a"]
    """Answer token ids; -100 where a shorter answer is padded."""


def make_row(backbone: Backbone, question: Question, placement: Placement) -> Row:
    """Tokens of a study question in the chat template, alone: keys and queries are made in the same frame."""
    prompt = backbone.prompt([Message("user", question.text)], None, reserve=64)
    cut = prompt.late_at if placement == "late" else prompt.prefix_at
    answer = (*backbone.tokenize(question.answer), min(backbone.eos))
    return Row(prompt.ids[:cut], prompt.ids[cut:], answer, question.fact)


@torch.no_grad()
def prefill(backbone: Backbone, rows: Sequence[Row], done: Callable[[int], None]) -> list[Prefilled]:
    """Run every head once; equal heads (placement `prefix`) share one computation."""
    heads = sorted({row.head for row in rows if row.head}, key=lambda ids: (len(ids), ids))
    layers, kv_heads, head_width = backbone.kv_shape
    nothing = (torch.zeros(layers, 2, kv_heads, 0, head_width), torch.zeros(0, backbone.width))
    found: dict[tuple[int, ...], tuple[Tensor, Tensor]] = {(): nothing}
    for start in range(0, len(heads), PREFILL_BATCH):
        batch = heads[start : start + PREFILL_BATCH]
        ids, mask = _left_pad(batch)
        cache = backbone.new_cache()
        states = backbone.hidden(backbone.embed(ids), mask, cache)
        kv = backbone.read_cache(cache)
        for i, head in enumerate(batch):
            found[head] = (kv[:, :, i, :, -len(head) :].clone(), states[i, -len(head) :].clone())
        done(start + len(batch))
    return [Prefilled(row, *found[row.head]) for row in rows]


def run_rows(backbone: Backbone, rows: Sequence[Prefilled], soft: Float[Tensor, "b k d"]) -> Step:
    """Logits of the answers after `soft`; the gradient reaches `soft` and nothing of the backbone."""
    kv, past = _stack_kv(rows)
    answers = max(len(row.row.answer) for row in rows)
    k = soft.shape[1]
    ids, mask, starts = _right_pad(rows)
    embedded = backbone.embed(ids)
    states = backbone.hidden(torch.cat([soft, embedded], 1), _join(past, mask, k), backbone.new_cache(kv))
    # Position k + len(tail) - 1 predicts the first answer token: the label shift includes the soft rows.
    at = torch.tensor(starts)[:, None] + k - 1 + torch.arange(answers)[None, :]
    picked = states.gather(1, at.clamp(max=states.shape[1] - 1)[..., None].expand(-1, -1, states.shape[2]))
    targets = torch.tensor([[*r.row.answer, *[-100] * (answers - len(r.row.answer))] for r in rows])
    return Step(backbone.logits(picked), targets)


@dataclass(frozen=True)
class Teacher:
    """What the same frozen model, reading the text, expects at each answer position of a row (METHODS 4.1)."""

    ids: Int[Tensor, "a top"]
    log_probs: Float[Tensor, "a top"]


@torch.no_grad()
def teach(backbone: Backbone, question: Question, context: Context, top: int = 20) -> Teacher:
    """The teacher's `top` most likely tokens at each answer position, computed once."""
    prompt = backbone.prompt([Message("user", question.text)], context, reserve=64)
    answer = (*backbone.tokenize(question.answer), min(backbone.eos))
    ids = torch.tensor([[*prompt.ids, *answer[:-1]]])
    states = backbone.hidden(backbone.embed(ids), torch.ones_like(ids, dtype=torch.bool))
    expected = backbone.logits(states[0, -len(answer) :]).log_softmax(-1)
    best = expected.topk(min(top, expected.shape[-1]), dim=-1)
    return Teacher(best.indices, best.values)


def stack_teachers(teachers: Sequence[Teacher]) -> tuple[Int[Tensor, "b a top"], Float[Tensor, "b a top"]]:
    """Teachers of a batch, padded to the longest answer; what stands in the padding is not read."""
    longest = max(len(teacher.ids) for teacher in teachers)
    ids = [F.pad(teacher.ids, (0, 0, 0, longest - len(teacher.ids))) for teacher in teachers]
    log_probs = [F.pad(teacher.log_probs, (0, 0, 0, longest - len(teacher.log_probs))) for teacher in teachers]
    return torch.stack(ids), torch.stack(log_probs)


def input_states(
    backbone: Backbone, rows: Sequence[Prefilled], placement: Placement
) -> tuple[Float[Tensor, "b t d"], Bool[Tensor, "b t"]]:
    """What conditions the published projector: hidden states of the question (late) or its embeddings (prefix)."""
    found = [row.states if placement == "late" else backbone.embed(torch.tensor(row.row.tail)) for row in rows]
    longest = max(len(states) for states in found)
    mask = torch.tensor([[True] * len(states) + [False] * (longest - len(states)) for states in found])
    return torch.stack([F.pad(states, (0, 0, 0, longest - len(states))) for states in found]), mask


def _left_pad(heads: Sequence[tuple[int, ...]]) -> tuple[Int[Tensor, "b t"], Bool[Tensor, "b t"]]:
    longest = max(len(head) for head in heads)
    ids = torch.tensor([[*[0] * (longest - len(head)), *head] for head in heads])
    mask = torch.tensor([[False] * (longest - len(head)) + [True] * len(head) for head in heads])
    return ids, mask


def _right_pad(rows: Sequence[Prefilled]) -> tuple[Int[Tensor, "b t"], Bool[Tensor, "b t"], list[int]]:
    """Tail and answer (without its last token, which is only predicted), padded on the right."""
    parts = [(*row.row.tail, *row.row.answer[:-1]) for row in rows]
    longest = max(len(part) for part in parts)
    ids = torch.tensor([[*part, *[0] * (longest - len(part))] for part in parts])
    mask = torch.tensor([[True] * len(part) + [False] * (longest - len(part)) for part in parts])
    return ids, mask, [len(row.row.tail) for row in rows]


def _stack_kv(rows: Sequence[Prefilled]) -> tuple[Float[Tensor, "l 2 b h_kv p d_h"], Bool[Tensor, "b p"]]:
    longest = max(row.kv.shape[3] for row in rows)
    kv = torch.stack([F.pad(row.kv, (0, 0, longest - row.kv.shape[3], 0)) for row in rows], 2)
    past = torch.tensor([[i >= longest - row.kv.shape[3] for i in range(longest)] for row in rows])
    return kv, past


def _join(past: Bool[Tensor, "b p"], mask: Bool[Tensor, "b t"], k: int) -> Bool[Tensor, "b s"]:
    return torch.cat([past, torch.ones(mask.shape[0], k, dtype=torch.bool), mask], 1)
