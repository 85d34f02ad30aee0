"""Which slot a question reads: the best likeness of a slot's keys, then a softmax over the slots."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from imprint.methods.parts.addressing import ASK, NO, STATEMENT, YES, GateConfig, Keys, attention, slot_scores
from tests.equations import naive

CLOSE = 1e-5
E = 8


def unit_keys(seed: int, count: int) -> Tensor:
    """Unit vectors that half precision holds exactly: four entries of +-0.5, the others 0."""
    random = torch.Generator().manual_seed(seed)
    vectors = torch.zeros(count, E)
    for i in range(count):
        at = torch.randperm(E, generator=random)[:4]
        vectors[i, at] = torch.randint(2, (4,), generator=random) - 0.5
    return vectors.half()


def unit_queries(seed: int, count: int) -> Tensor:
    return torch.nn.functional.normalize(torch.randn(count, E, generator=torch.Generator().manual_seed(seed)), dim=-1)


def naive_scores(query: Tensor, keys: Keys, facts: int, bonus: float) -> naive.Vector:
    """Score of slot s = max over its keys of cos(query, key), plus the bonus where the key is a statement."""
    scores = [-1.0] * (facts + 2)
    for w in range(len(keys.fact)):
        use = int(keys.use[w])
        slot = {YES: facts, NO: facts + 1}.get(use, int(keys.fact[w]))
        a, b = query.double().tolist(), keys.vectors[w].double().tolist()
        likeness = naive.dot(a, b) / (naive.dot(a, a) * naive.dot(b, b)) ** 0.5
        scores[slot] = max(scores[slot], likeness + (bonus if use == STATEMENT else 0.0))
    return scores


@given(
    keys=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([ASK, STATEMENT, YES, NO])), max_size=12),
    seed=st.integers(0, 999),
    bonus=st.sampled_from([0.0, 0.2, 0.35]),
)
@settings(deadline=None)
def test_score_of_a_slot_is_its_best_key(keys: list[tuple[int, int]], seed: int, bonus: float) -> None:
    queries = unit_queries(seed, 3)
    held = Keys(
        unit_keys(seed, len(keys)),
        torch.tensor([fact for fact, _ in keys], dtype=torch.int64),
        torch.tensor([use for _, use in keys], dtype=torch.int64),
    )
    scores = slot_scores(queries, held, 4, GateConfig(statement_bonus=bonus))
    for i in range(3):
        assert scores[i].tolist() == pytest.approx(naive_scores(queries[i], held, 4, bonus), abs=CLOSE)


def test_yes_and_no_keys_leave_the_facts_own_slot_alone() -> None:
    vectors = unit_keys(5, 2)
    keys = Keys(vectors, torch.tensor([0, 1]), torch.tensor([YES, NO]))
    scores = slot_scores(vectors.float(), keys, 2, GateConfig())
    between = naive.dot(vectors[0].tolist(), vectors[1].tolist())
    assert scores[0].tolist() == pytest.approx([-1, -1, 1, between], abs=CLOSE)
    assert scores[1].tolist() == pytest.approx([-1, -1, between, 1], abs=CLOSE)


def test_a_statement_wins_by_its_bonus_alone() -> None:
    vectors = unit_keys(5, 1).repeat(2, 1)
    keys = Keys(vectors, torch.tensor([0, 1]), torch.tensor([ASK, STATEMENT]))
    scores = slot_scores(vectors[:1].float(), keys, 2, GateConfig(statement_bonus=0.25))
    assert scores[0].tolist() == pytest.approx([1.0, 1.25, -1, -1], abs=CLOSE)


@given(
    st.lists(st.lists(st.floats(-1, 1.35), min_size=4, max_size=4), min_size=1, max_size=3),
    st.sampled_from([1.0, 12.0, 100.0]),
)
@settings(deadline=None)
def test_attention_is_a_sharpened_softmax(scores: list[list[float]], sharpness: float) -> None:
    out = attention(torch.tensor(scores, dtype=torch.float64), GateConfig(sharpness=sharpness)).tolist()
    for row, got in zip(scores, out, strict=True):
        assert got == pytest.approx(naive.softmax([sharpness * s for s in row]), abs=CLOSE)
