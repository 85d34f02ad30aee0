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

from imprint.backbone.base import Backbone, Message, Request, Sampling
from imprint.backbone.head import share
from imprint.backbone.inject import prompt_of
from imprint.backbone.score import Forced, answer_ids, forced
from imprint.tensors import Context, Placement
from imprint.types import Question

PREFILL_BATCH = 8
ANSWER_ROOM = 64
"""Positions kept free for an answer, in tokens."""
TEACHER_POSITIONS = 16_384
"""Most positions of one teacher's batch, the shared context counted for every row: bounds its KV cache."""


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


def make_row(backbone: Backbone, question: Question, placement: Placement) -> Row:
    """Tokens of a study question in the chat template, alone: keys and queries are made in the same frame."""
    prompt = backbone.prompt([Message("user", question.text)], None, ANSWER_ROOM)
    cut = prompt.late_at if placement == "late" else prompt.prefix_at
    return Row(prompt.ids[:cut], prompt.ids[cut:], answer_ids(backbone, question.answer), question.fact)


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


def run_rows(backbone: Backbone, rows: Sequence[Prefilled], soft: Float[Tensor, "b k d"]) -> Forced:
    """Logits of the answers after `soft`; the gradient reaches `soft` and nothing of the backbone."""
    return _run(backbone, [row.kv for row in rows], soft, [row.row.tail for row in rows], [r.row.answer for r in rows])


def run_whole(backbone: Backbone, rows: Sequence[Row], kv: Float[Tensor, "l 2 h_kv p d_h"] | None = None) -> Forced:
    """Logits of the answers when the whole prompt is run, after a KV prefix where one is given.

    For carriers that change every position: gradients reach `kv` and the adapters in force.
    """
    layers, kv_heads, head_width = backbone.kv_shape
    before = torch.zeros(layers, 2, kv_heads, 0, head_width) if kv is None else kv
    no_soft = torch.zeros(len(rows), 0, backbone.width)
    prompts = [row.head + row.tail for row in rows]
    return _run(backbone, [before] * len(rows), no_soft, prompts, [row.answer for row in rows])


def _run(
    backbone: Backbone,
    kvs: Sequence[Float[Tensor, "l 2 h_kv _ d_h"]],
    soft: Float[Tensor, "b k d"],
    tails: Sequence[tuple[int, ...]],
    answers: Sequence[tuple[int, ...]],
) -> Forced:
    """Cached entries, soft rows, the rest of the prompt and the answer of each row, padded to one batch."""
    kv, past = _stack_kv(kvs)
    longest = max(len(answer) for answer in answers)
    k = soft.shape[1]
    ids, mask = _right_pad([(*tail, *answer[:-1]) for tail, answer in zip(tails, answers, strict=True)])
    embedded = backbone.embed(ids)
    states = backbone.hidden(torch.cat([soft, embedded], 1), _join(past, mask, k), backbone.new_cache(kv))
    # Position k + len(tail) - 1 predicts the first answer token: the label shift includes the soft rows.
    at = torch.tensor([len(tail) for tail in tails])[:, None] + k - 1 + torch.arange(longest)[None, :]
    picked = states.gather(1, at.clamp(max=states.shape[1] - 1)[..., None].expand(-1, -1, states.shape[2]))
    targets = torch.tensor([[*answer, *[-100] * (longest - len(answer))] for answer in answers])
    return Forced(backbone.logits(picked), targets)


@dataclass(frozen=True)
class Teacher:
    """What the same frozen model, reading the text, expects at each answer position of a row (METHODS 4.1)."""

    ids: Int[Tensor, "a top"]
    log_probs: Float[Tensor, "a top"]


@torch.no_grad()
def teach_all(
    backbone: Backbone,
    questions: Sequence[Question],
    contexts: Sequence[Context],
    done: Callable[[int], None] = lambda count: None,
    top: int = 20,
) -> list[Teacher]:
    """The teacher's `top` most likely tokens at each answer position of question i, which reads context i.

    Questions about one context share its prefill.
    """
    about: dict[str, list[int]] = {}
    for i, context in enumerate(contexts):
        about.setdefault(context.text, []).append(i)
    found: dict[int, Teacher] = {}
    for members in about.values():
        sampling = Sampling(max_new_tokens=ANSWER_ROOM)
        requests = [Request((Message("user", questions[i].text),), contexts[i], sampling) for i in members]
        prompts = [prompt_of(backbone, request) for request in requests]
        head = share(backbone, prompts, [request.injection for request in requests])
        longest = max(len(prompt.ids) for prompt in prompts)
        size = min(PREFILL_BATCH, max(1, TEACHER_POSITIONS // longest))
        for start in range(0, len(members), size):
            batch = members[start : start + size]
            answers = [answer_ids(backbone, questions[i].answer) for i in batch]
            out = forced(backbone, requests[start : start + size], answers, head)
            best = out.logits.log_softmax(-1).topk(min(top, out.logits.shape[-1]), dim=-1)
            for row, (i, answer) in enumerate(zip(batch, answers, strict=True)):
                found[i] = Teacher(best.indices[row, : len(answer)], best.values[row, : len(answer)])
            done(len(found))
    return [found[i] for i in range(len(questions))]


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


def _right_pad(parts: Sequence[tuple[int, ...]]) -> tuple[Int[Tensor, "b t"], Bool[Tensor, "b t"]]:
    longest = max(len(part) for part in parts)
    ids = torch.tensor([[*part, *[0] * (longest - len(part))] for part in parts])
    return ids, torch.tensor([[True] * len(part) + [False] * (longest - len(part)) for part in parts])


def _stack_kv(
    kvs: Sequence[Float[Tensor, "l 2 h_kv _ d_h"]],
) -> tuple[Float[Tensor, "l 2 b h_kv p d_h"], Bool[Tensor, "b p"]]:
    longest = max(kv.shape[3] for kv in kvs)
    past = torch.tensor([[i >= longest - kv.shape[3] for i in range(longest)] for kv in kvs], dtype=torch.bool)
    return torch.stack([F.pad(kv, (0, 0, longest - kv.shape[3], 0)) for kv in kvs], 2), past


def _join(past: Bool[Tensor, "b p"], mask: Bool[Tensor, "b t"], k: int) -> Bool[Tensor, "b s"]:
    return torch.cat([past, torch.ones(mask.shape[0], k, dtype=torch.bool), mask], 1)
