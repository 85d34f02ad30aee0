"""lpm with a reader that reads the line before a turn and foresees its questions: still a pure fold over turns."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from imprint.backbone.hf import HFBackbone
from imprint.encode.hashing import Hashing
from imprint.fit.loop import FitConfig
from imprint.fit.runs import Run
from imprint.methods.lpm import LPM, LPMConfig
from imprint.methods.parts.addressing import FORESEEN, facts_of
from imprint.store.blob import dump
from imprint.study.questions import make_study
from imprint.study.readers import RulesReader
from imprint.types import Fact
from tests.contracts.samples import LINES, turn, turns
from tests.contracts.test_write import written

lines = st.lists(st.sampled_from((*LINES, ("assistant", "Do you still play the cello?"))), max_size=8)
cuts = st.lists(st.integers(0, 8), max_size=3)
FEW = settings(deadline=None, max_examples=25)


class Foreseeing(RulesReader):
    """The patterns, with the vector of line and turn for a key."""

    answers, id = True, "foreseeing"

    def foresee(self, fact: Fact, text: str, before: str) -> Tensor:
        return Hashing().encode([f"{before} {text}"])[0]

    def likely(self, questions: Tensor, foreseen: Tensor, texts: Sequence[str] = ()) -> tuple[Tensor, Tensor]:
        alike = 20 * questions @ foreseen.T
        return alike, (alike.max(1).values > 19).float()


@pytest.fixture(scope="module")
def lpm(backbone: HFBackbone, encoder: Hashing) -> LPM:
    return LPM(LPMConfig(), backbone, encoder, Foreseeing())


@given(said=lines, places=cuts)
@FEW
def test_any_split_of_a_conversation_gives_the_same_bytes(lpm: LPM, said: list, places: list[int]) -> None:
    heard = turns(said)
    assert written(lpm, lpm.empty(), heard, places) == dump(lpm.write(lpm.empty(), heard))


def test_each_fact_has_a_row_of_its_turn_and_the_line_before_it(lpm: LPM) -> None:
    heard = turns(
        [("assistant", "Where are you?"), ("user", "I live in Aarhus."), ("user", "My dog is called Biscuit.")]
    )
    memory = lpm.write(lpm.empty(), heard)
    said = {heard[1].id: "Where are you? I live in Aarhus.", heard[2].id: " My dog is called Biscuit."}
    texts = [said[fact.turn] for fact in facts_of(memory)]
    assert len(set(texts)) == 2
    assert torch.equal(memory.tensors[FORESEEN], lpm.encoder.encode(texts).half())


def test_a_fact_that_only_lost_something_keeps_the_row_of_its_turn(lpm: LPM) -> None:
    plays = turn(1, "I play the cello and the piano.")
    memory = lpm.write(lpm.write(lpm.empty(), [plays]), [turn(2, "I don't play the cello any more.")])
    [number] = [i for i, fact in enumerate(facts_of(memory)) if (fact.value, fact.turn) == ("piano", plays.id)]
    assert torch.equal(memory.tensors[FORESEEN][number], lpm.encoder.encode([f" {plays.text}"])[0].half())


class Astray(Foreseeing):
    """Leads every question to the slot that it is least like."""

    id = "astray"

    def likely(self, questions: Tensor, foreseen: Tensor, texts: Sequence[str] = ()) -> tuple[Tensor, Tensor]:
        alike, told = super().likely(questions, foreseen, texts)
        return -alike, told


def test_a_slot_learns_its_own_questions_wherever_the_reader_would_lead_them(lpm: LPM) -> None:
    heard = turns([("user", "I live in Aarhus."), ("user", "My dog is called Biscuit."), ("user", "I play the cello.")])
    fitted = []
    for reader in (Foreseeing(), Astray()):
        quick = LPM(LPMConfig(fit=FitConfig(epochs=1, least=0)), lpm.backbone, lpm.encoder, reader)
        memory = quick.consolidate(quick.write(quick.empty(), heard), make_study(heard, reader), Run())
        fitted.append({name: memory.tensors[name] for name in ("values", "answers", "shift", "before", "after")})
    assert all(torch.equal(fitted[0][name], fitted[1][name]) for name in fitted[0])
    start = quick.write(quick.empty(), heard).tensors
    assert not any(torch.equal(fitted[0]["values"][i], start["values"][i]) for i in range(len(start["values"])))


def test_what_was_foreseen_is_asked_and_nothing_else(lpm: LPM) -> None:
    heard = turns([("user", "I live in Aarhus."), ("user", "My dog is called Biscuit.")])
    quick = LPM(LPMConfig(fit=FitConfig(epochs=1, least=0)), lpm.backbone, lpm.encoder, lpm.reader)
    memory = quick.consolidate(quick.write(quick.empty(), heard), make_study(heard, lpm.reader), Run())
    why = quick.why(memory, [turn(9, " I live in Aarhus.")])
    assert why is not None
    assert (why.spoke, why.told, why.null, why.traces[0].fact.value) == (True, 1.0, 0.0, "Aarhus")
    assert quick.read(memory, [turn(9, " I live in Aarhus.")]) is not None
    other = quick.why(memory, [turn(9, "Where do I live?")])
    assert other is not None
    assert (other.spoke, other.told) == (False, 0.0)
    assert quick.read(memory, [turn(9, "Where do I live?")]) is None
