"""The frozen model run plainly: one row, no padding, no batch; what carriers are held against."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache

from imprint.backbone.base import Message
from imprint.backbone.hf import HFBackbone
from imprint.fit.rows import Row
from imprint.tensors import Context
from imprint.types import Question

Model = Callable[..., Any]
"""A transformers model, or a call that stands for one."""


def logits_of(model: Model, prompt: tuple[int, ...], answer: tuple[int, ...], kv: Tensor | None = None) -> Tensor:
    """Logits [a, v]: position i - 1 predicts the token at i. kv: a prefix [l, 2, h_kv, p, d_h]."""
    cache = None if kv is None else DynamicCache([(layer[0][None], layer[1][None]) for layer in kv])
    out = model(input_ids=torch.tensor([[*prompt, *answer]]), past_key_values=cache, use_cache=kv is not None)
    return out.logits[0, len(prompt) - 1 : -1]


def cross_entropy(model: Model, rows: list[Row], kv: Tensor | None = None) -> Tensor:
    """Mean over the answer tokens of all rows of -log q(token)."""
    losses = []
    for row in rows:
        for logits, token in zip(logits_of(model, row.head + row.tail, row.answer, kv), row.answer, strict=True):
            losses.append(torch.logsumexp(logits, 0) - logits[token])
    return torch.stack(losses).mean()


def distilled(backbone: HFBackbone, questions: list[Question], rows: list[Row], text: str, kv: Tensor) -> Tensor:
    """METHODS 4.1, L_KD with the teacher's 20 likeliest tokens, token by token; the teacher reads `text`."""
    model, losses = backbone.model, []
    for question, row in zip(questions, rows, strict=True):
        reads = backbone.prompt([Message("user", question.text)], Context(text), 64).ids
        with torch.no_grad():
            teacher = logits_of(model, reads, row.answer).log_softmax(-1)
        student = logits_of(model, row.head + row.tail, row.answer, kv)
        for p, q in zip(teacher, student, strict=True):
            best = sorted(range(len(p)), key=lambda w: -float(p[w]))[:20]
            losses.append(torch.stack([-p[w].exp() * (q[w] - torch.logsumexp(q, 0)) for w in best]).sum())
    return torch.stack(losses).mean()
