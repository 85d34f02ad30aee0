"""What a fit minimises: cross-entropy on the answer, or distillation from the same frozen model reading the text."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


def answer_cross_entropy(logits: Float[Tensor, "b a v"], targets: Int[Tensor, "b a"]) -> Float[Tensor, ""]:
    """Mean over answer tokens of -log q(token); positions with target -100 do not count (METHODS 4.1, CE(a))."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


def distillation(
    logits: Float[Tensor, "b a v"],
    ids: Int[Tensor, "b a top"],
    log_probs: Float[Tensor, "b a top"],
    real: Bool[Tensor, "b a"],
) -> Float[Tensor, ""]:
    """Cross-entropy of the student to the teacher's top tokens (METHODS 4.1, L_KD).

    (1/t_a) sum_j sum_{w in top(pT_j)} -pT_j(w) log q_j(w); the student's log-softmax runs over the full vocabulary
    and is gathered at the teacher's ids. Temperature 1. Averaged over all answer tokens where `real`.
    """
    student = logits.log_softmax(-1).gather(2, ids)
    per_token = -(log_probs.exp() * student).sum(-1)
    return per_token[real].mean()


def mixed(alpha: float, kd: Float[Tensor, ""], cross_entropy: Float[Tensor, ""]) -> Float[Tensor, ""]:
    """alpha L_KD + (1 - alpha) CE (METHODS 4.1)."""
    return alpha * kd + (1 - alpha) * cross_entropy


def exact_rows(logits: Float[Tensor, "b a v"], targets: Int[Tensor, "b a"]) -> Bool[Tensor, " b"]:
    """Rows whose every answer token is the arg-max under teacher forcing."""
    return torch.logical_or(logits.argmax(-1) == targets, targets == -100).all(1)
