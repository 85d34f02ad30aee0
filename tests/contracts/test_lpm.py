"""What lpm does with facts, on a model too small to speak: slots, the gate, and what a fit learns."""

import pytest
import torch

from imprint.backbone.base import Message, Request, Sampling
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import build
from imprint.encode.hashing import Hashing
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.methods.parts.addressing import facts_of
from imprint.methods.parts.key_tensors import keys_of
from imprint.store.blob import dump
from imprint.study.bank import general_lines
from imprint.study.questions import make_study
from imprint.tensors import Injection, SoftPrompt
from imprint.types import Question
from tests.contracts.samples import CASES, NETWORKS, make, slept, told, turn

FACTS = told("Hi, my name is Ottilie.", "My dog is called Biscuit.", "I live in Aarhus.", "I'm allergic to walnuts.")
WIDER = {"slots": 8, "slot_width": 32, "inner": 32, "prompt": 8, "heads": 2, "blocks": 1}


class Losses:
    """Keeps what a fit reports."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.losses: list[float] = []

    def start(self, what: str, total: int) -> None:
        self.stages.append(what)

    def advance(self, done: int, note: str = "") -> None:
        if note.startswith("loss "):
            self.losses.append(float(note.split()[1].rstrip(",")))


@pytest.fixture(params=[name for name in CASES if name.startswith("lpm")], scope="module")
def form(request: pytest.FixtureRequest) -> str:
    return request.param


SILENT_AWAKE = [name for name in CASES if name.startswith("lpm") and name not in NETWORKS]


@pytest.fixture(scope="module")
def lpm(form: str, backbone: HFBackbone, encoder: Hashing) -> Method:
    return make(form, backbone, encoder)


def test_what_was_told_is_read_for_its_own_questions(lpm: Method) -> None:
    memory, study = slept(lpm, FACTS), make_study(FACTS)
    for question in study.questions:
        if question.kind in ("recall", "yes", "no"):
            assert isinstance(lpm.read(memory, [turn(700, question.text)]), SoftPrompt), question.text
        if question.kind == "recall":
            why = lpm.why(memory, [turn(700, question.text)])
            assert why is not None
            assert why.traces[0].fact == study.facts[question.fact], question.text


def test_questions_about_the_world_are_left_to_the_model(lpm: Method) -> None:
    memory = slept(lpm, FACTS)
    for question in general_lines()[::9]:
        assert lpm.read(memory, [turn(700, question)]) is None, question


def test_what_was_not_told_is_left_to_the_model(lpm: Method) -> None:
    memory = slept(lpm, FACTS[:1])
    for question in make_study(FACTS[1:]).questions:
        if question.kind == "recall":
            assert lpm.read(memory, [turn(700, question.text)]) is None, question.text


@pytest.mark.parametrize("form", SILENT_AWAKE, indirect=True)
def test_before_the_first_sleep_nothing_is_read(lpm: Method) -> None:
    memory = lpm.write(lpm.empty(), FACTS)
    assert len(facts_of(memory)) > 3
    assert lpm.read(memory, [turn(700, "What's my name?")]) is None


def test_of_a_changed_fact_only_the_new_value_stays(lpm: Method) -> None:
    moved = turn(50, "Actually, I moved to Lund last month.")
    for old in (lpm.write(lpm.empty(), FACTS[:3]), slept(lpm, FACTS[:3])):
        changed = lpm.write(old, [moved])
        homes = [(i, fact) for i, fact in enumerate(facts_of(changed)) if fact.kind == "home"]
        assert [fact.value for _, fact in homes] == ["Lund"]
        assert b"Aarhus" not in dump(changed)
        assert len(keys_of(changed, lpm.encoder).vectors) <= len(keys_of(old, lpm.encoder).vectors)
        only = lpm.write(lpm.empty(), [moved])
        for name in {"values", "codes", "residual"} & set(changed.tensors):
            assert torch.equal(changed.tensors[name][homes[0][0]], only.tensors[name][0])


def test_the_old_value_leaves_no_trace(lpm: Method) -> None:
    """Before a sleep: told Aarhus then Lund, or only Lund, in the same order of facts."""
    lund = turn(50, "I live in Lund.")
    one, two = lpm.write(lpm.empty(), [FACTS[2], lund]), lpm.write(lpm.empty(), [lund])
    assert dump(one) == dump(two)


def test_what_is_said_again_does_not_change_the_memory_more(lpm: Method) -> None:
    for memory in (lpm.write(lpm.empty(), FACTS), slept(lpm, FACTS)):
        again = [turn(60 + i, said.text) for i, said in enumerate(FACTS)]
        assert dump(lpm.write(memory, again + again)) == dump(memory)


def test_it_says_which_turn_an_answer_came_from(lpm: Method) -> None:
    why = lpm.why(slept(lpm, FACTS), [turn(700, "Where do I live?")])
    assert why is not None
    assert why.spoke
    assert why.told > why.null
    assert (why.traces[0].fact.value, why.traces[0].fact.turn) == ("Aarhus", FACTS[2].id)


def likelihood(lpm: Method, question: Question, injection: Injection) -> float:
    """Mean log probability of an answer's tokens, as the reply would say them."""
    backbone = lpm.backbone
    request = Request((Message("user", question.text),), injection, Sampling(max_new_tokens=8))
    answer = torch.tensor(backbone.tokenize(question.answer))
    batch = build(backbone, [request])
    with torch.no_grad():
        rows = torch.cat([batch.rows, backbone.embed(answer[None, :-1])], 1)
        out = backbone.forward(rows, torch.ones(rows.shape[:2], dtype=torch.bool))[0, -len(answer) :]
    return out.log_softmax(-1)[torch.arange(len(answer)), answer].mean().item()


def test_a_fit_learns_and_its_answers_become_likelier(form: str, backbone: HFBackbone, encoder: Hashing) -> None:
    """The published form starts from noise."""
    more = {"fit": {"epochs": 25, "least": 0}, "projector": WIDER}
    lpm, seen = make(form, backbone, encoder, more), Losses()
    memory, study = slept(lpm, FACTS[1:2], Run(seen)), make_study(FACTS[1:2])
    assert seen.losses[-1] < 0.93 * seen.losses[0]
    assert ("teacher" in seen.stages) == ("distilled" in form)
    fitted = {question.fact: question for question in reversed(study.questions) if question.kind == "recall"}
    assert fitted
    for question in fitted.values():
        injection = lpm.read(memory, [turn(700, question.text)])
        assert likelihood(lpm, question, injection) > likelihood(lpm, question, None) + 0.25
