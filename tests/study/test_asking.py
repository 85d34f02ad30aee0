"""Which told thing a question asks for: against loops over kinds and things."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from imprint.study.extractor.asking import ALIKE, LEAST, Asking, foreseen_row

E, K = 5, 4


def unit(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.nn.functional.normalize(torch.randn(*shape, generator=generator), dim=-1)


def naive(asking: Asking, question: list[float], told: list[tuple[list[float], list[float]]]) -> tuple[list, float]:
    """The logits of each thing told, and the probability that one of them is asked for, one number at a time."""
    logits = [
        sum(w * x for w, x in zip(row, question, strict=True)) + bias
        for row, bias in zip(asking.weight.tolist(), asking.bias.tolist(), strict=True)
    ]
    total = sum(math.exp(one) for one in logits)
    kinds = [math.exp(one) / total for one in logits]
    scores, features = [], []
    for asked, kind in told:
        alike = sum(a * x for a, x in zip(asked, question, strict=True))
        meet = math.log(sum(p * q for p, q in zip(kinds[:-1], kind, strict=True)) + LEAST)
        scores.append(ALIKE * alike + meet)
        features.append((alike, meet, math.log(kinds[-1] + LEAST), 1.0))
    best = features[max(range(len(scores)), key=lambda i: scores[i])]
    return scores, 1 / (1 + math.exp(-sum(w * x for w, x in zip(asking.odds, best, strict=True))))


@given(seed=st.integers(0, 999), things=st.integers(1, 4))
@settings(deadline=None, max_examples=40)
def test_logits_and_odds_are_those_of_loops(seed: int, things: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    weight, bias = torch.randn(K + 1, E, generator=generator), torch.randn(K + 1, generator=generator)
    asking = Asking(weight, bias, (3.0, 0.7, -0.9, -1.0))
    asked, kind = unit(generator, things, E), torch.randn(things, K, generator=generator)
    foreseen = torch.stack([foreseen_row(a, k) for a, k in zip(asked, kind, strict=True)])
    questions = unit(generator, 2, E)
    logits, told = asking.likely(questions, foreseen)
    for row, (question, found) in enumerate(zip(questions, told, strict=True)):
        pairs = list(zip(asked.tolist(), kind.softmax(-1).tolist(), strict=True))
        scores, odds = naive(asking, question.tolist(), pairs)
        assert torch.allclose(logits[row], torch.tensor(scores), atol=1e-4)
        assert abs(found.item() - odds) < 1e-4


def test_of_two_things_of_one_kind_the_question_foreseen_decides() -> None:
    asking = Asking(torch.zeros(K + 1, E), torch.zeros(K + 1), (1.0, 1.0, -1.0, 0.0))
    asked, kind = torch.eye(E)[:2], torch.tensor([9.0, 0.0, 0.0, 0.0])
    logits, _ = asking.likely(torch.eye(E)[1:2], torch.stack([foreseen_row(one, kind) for one in asked]))
    assert logits[0, 1] - logits[0, 0] == ALIKE


def test_a_row_of_nothing_loses_to_one_that_may_be_meant() -> None:
    asking = Asking(torch.zeros(K + 1, E), torch.zeros(K + 1), (1.0, 1.0, -1.0, 0.0))
    row = foreseen_row(torch.eye(E)[0], torch.zeros(K))
    logits, _ = asking.likely(torch.eye(E), torch.stack([torch.zeros(E + K), row]))
    assert (logits[:, 0] < logits[:, 1] - 10).all()
