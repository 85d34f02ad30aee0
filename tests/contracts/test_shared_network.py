"""lpm with a network that all users share: slots speak once they are written, and a sleep moves residuals alone."""

import pytest
import torch

from imprint.backbone.hf import HFBackbone
from imprint.encode.hashing import Hashing
from imprint.methods.base import Method
from imprint.methods.parts.addressing import ASK, NO, STATEMENT, YES, facts_of
from imprint.methods.parts.key_tensors import keys_of
from imprint.methods.parts.network import BLANK
from imprint.store.blob import dump
from imprint.study.questions import make_study
from imprint.tensors import SoftPrompt
from tests.contracts.samples import NETWORKS, TELLING, make, slept, told, turn

FACTS = told("Hi, my name is Ottilie.", "My dog is called Biscuit.", "I live in Aarhus.", "I'm allergic to walnuts.")
VALUES = ["Ottilie", "Biscuit", "dog", "Aarhus", "walnuts"]
ROWS, WIDTH = 8, 32


@pytest.fixture(params=NETWORKS, scope="module")
def lpm(request: pytest.FixtureRequest, backbone: HFBackbone, encoder: Hashing) -> Method:
    return make(request.param, backbone, encoder)


def test_a_slot_is_written_as_the_first_tokens_of_its_answer(lpm: Method) -> None:
    memory = lpm.write(lpm.empty(), FACTS)
    assert [fact.value for fact in facts_of(memory)] == VALUES
    for fact, codes in zip(facts_of(memory), memory.tensors["codes"].tolist(), strict=True):
        ids = lpm.backbone.tokenize(f" {fact.value}")
        assert codes == (ids + [BLANK] * ROWS)[:ROWS]
    assert memory.tensors["residual"].shape == (len(VALUES), ROWS, WIDTH)
    assert memory.tensors["residual"].dtype == torch.float16
    assert not memory.tensors["residual"].any()
    assert set(memory.tensors) == {"codes", "residual", "key_bank", "key_vectors", "key_fact", "key_use"}


def test_two_writes_are_one(lpm: Method) -> None:
    for cut in range(len(TELLING) + 1):
        memory = lpm.write(lpm.write(lpm.empty(), TELLING[:cut]), TELLING[cut:])
        assert dump(memory) == dump(lpm.write(lpm.empty(), TELLING))


def test_what_was_told_is_read_before_any_sleep(lpm: Method) -> None:
    memory, study = lpm.write(lpm.empty(), FACTS), make_study(FACTS)
    read = {}
    for question in study.questions:
        if question.kind == "recall":
            asked = [turn(700, question.text)]
            why, soft = lpm.why(memory, asked), lpm.read(memory, asked)
            assert isinstance(soft, SoftPrompt)
            assert why is not None
            assert why.spoke
            assert why.traces[0].fact == study.facts[question.fact], question.text
            read.setdefault(question.fact, soft.rows)
    assert len(read) == len(VALUES)
    assert not any(torch.allclose(read[i], read[j]) for i in read for j in read if i < j)
    assert lpm.read(memory, [turn(700, "How tall is a giraffe?")]) is None


def test_nothing_is_read_of_a_user_who_told_nothing(lpm: Method) -> None:
    memory = lpm.write(lpm.empty(), told("How tall is a giraffe?"))
    assert lpm.read(memory, [turn(700, "Where do I live?")]) is None
    assert lpm.why(memory, [turn(700, "Where do I live?")]) is None


def test_a_sleep_moves_residuals_alone(lpm: Method) -> None:
    """Codes and keys stay; keys of yes and no questions join them."""
    awake, asleep = lpm.write(lpm.empty(), FACTS), slept(lpm, FACTS)
    assert torch.equal(asleep.tensors["codes"], awake.tensors["codes"])
    use = asleep.tensors["key_use"]
    assert set(use.tolist()) == {ASK, STATEMENT, YES, NO}
    before, after = (keys_of(memory, lpm.encoder) for memory in (awake, asleep))
    for name in ("vectors", "fact", "use"):
        assert torch.equal(getattr(after, name)[use <= STATEMENT], getattr(before, name))
    residual = asleep.tensors["residual"]
    assert residual.dtype == torch.float16
    assert ((residual != 0).any(-1) == (asleep.tensors["codes"] != BLANK)).all()
    assert facts_of(asleep) == facts_of(awake)
    assert (lpm.trainable(awake), lpm.trainable(asleep)) == (0, len(VALUES) * ROWS * WIDTH)


def test_of_a_changed_fact_the_slot_is_written_anew_and_the_others_stay(lpm: Method) -> None:
    old = slept(lpm, FACTS)
    new = lpm.write(old, [turn(50, "Actually, I moved to Lund last month.")])
    assert [fact.value for fact in facts_of(new)].count("Lund") == 1
    for i, fact in enumerate(facts_of(new)):
        codes, residual = (new.tensors[name][i] for name in ("codes", "residual"))
        if fact.value == "Lund":
            assert codes.tolist() == lpm.backbone.tokenize(" Lund") + [BLANK] * 3
            assert not residual.any()
        else:
            before = facts_of(old).index(fact)
            assert torch.equal(codes, old.tensors["codes"][before])
            assert torch.equal(residual, old.tensors["residual"][before])
    home = [turn(700, "Where do I live?")]
    why, soft = lpm.why(new, home), lpm.read(new, home)
    assert why is not None
    assert why.traces[0].fact.value == "Lund"
    fresh = lpm.read(lpm.write(lpm.empty(), told("I live in Lund.")), home)
    assert isinstance(soft, SoftPrompt)
    assert isinstance(fresh, SoftPrompt)
    assert torch.equal(soft.rows, fresh.rows)  # nothing of Aarhus, and nothing of the sleep, is in it


def test_the_question_changes_the_rows_where_there_are_blocks_and_only_there(lpm: Method) -> None:
    memory = lpm.write(lpm.empty(), FACTS)
    rows = []
    for text in ("Where do I live?", "Which town do I live in?"):
        why, soft = lpm.why(memory, [turn(700, text)]), lpm.read(memory, [turn(700, text)])
        assert why is not None
        assert why.traces[0].fact.value == "Aarhus"
        assert isinstance(soft, SoftPrompt)
        rows.append(soft.rows)
    network = getattr(lpm, "network", None)
    assert network is not None
    assert torch.equal(*rows) == (network.network.config.blocks == 0)
