"""What every fitted memory shares: silence before the first sleep, learning, and a fit that can be broken off."""

import pytest
import torch

from imprint.backbone.base import Message, Request
from imprint.backbone.hf import HFBackbone
from imprint.backbone.score import answer_ids, forced, log_likelihoods
from imprint.encode.hashing import Hashing
from imprint.fit.runs import Interrupted, Run
from imprint.methods import open_method
from imprint.methods.base import Method
from imprint.methods.parts.study_rows import fit_rows
from imprint.store.blob import dump
from imprint.study.questions import make_study
from imprint.tensors import Adapter, Injection, KVPrefix, Memory, SoftPrompt
from tests.contracts.samples import CASES, FITTED, LEARNS_ASLEEP, NETWORKS, TELLING, make, slept, told, turn

ASKED = [turn(700, "What is the name of my dog?")]
FACTS = told("My dog is called Biscuit.", "I live in Aarhus.")


@pytest.fixture(params=FITTED, scope="module")
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def fitted(form: str, backbone: HFBackbone, encoder: Hashing) -> Method:
    return make(form, backbone, encoder)


class Losses:
    """Keeps the losses of a fit, and asks it to stop after `most` of them."""

    def __init__(self, most: int = -1) -> None:
        self.losses: list[float] = []
        self.most = most
        self.run = Run(self)

    def start(self, what: str, total: int) -> None:
        """Stages are not kept."""

    def advance(self, done: int, note: str = "") -> None:
        if note.startswith("loss "):
            self.losses.append(float(note.split()[1].rstrip(",")))
        if len(self.losses) == self.most:
            self.run.stop.set()


def test_before_the_first_sleep_it_is_silent_unless_a_network_reads_fresh_slots(form: str, fitted: Method) -> None:
    for memory, speaks in ((fitted.empty(), False), (fitted.write(fitted.empty(), TELLING), form in NETWORKS)):
        assert (fitted.read(memory, ASKED) is not None) == speaks
        assert fitted.trainable(memory) == 0


def test_after_it_there_is_something_to_read(form: str, fitted: Method) -> None:
    kind = {"lora": Adapter, "cartridge": KVPrefix}.get(form.split()[0], SoftPrompt)
    memory = slept(fitted, FACTS)
    assert isinstance(fitted.read(memory, ASKED), kind)
    if form in LEARNS_ASLEEP:
        # For all questions one object: a batch then shares its adapter, or what is prefilled after it.
        other = fitted.read(memory, [turn(701, "How tall is a giraffe?")])
        assert isinstance(other, SoftPrompt) or other is fitted.read(memory, ASKED)


def test_it_counts_what_it_fitted(form: str, fitted: Method, backbone: HFBackbone) -> None:
    memory = slept(fitted, FACTS)
    d, (l, h_kv, d_h) = backbone.width, backbone.kv_shape
    frozen = 2 if form == "cartridge first" else 1
    # q and o are d x d here, k and v d x (h_kv d_h); rank 2
    expected = {
        "prompt_tuning": 3 * d,
        "cartridge": 2 * l * h_kv * d_h * (12 - frozen),
        "lora": l * 2 * (2 * (d + d) + 2 * (d + h_kv * d_h)),
        "lpm": sum(t.numel() for name, t in memory.tensors.items() if not name.startswith("key_")),
    }
    if form in NETWORKS:
        expected["lpm"] = len(memory.meta["facts"]) * 8 * 32  # n r m
    assert fitted.trainable(memory) == expected[form.split()[0]]


def test_what_is_not_fitted_has_nothing_to_count(method: Method, case: str, memory: Memory) -> None:
    assert (method.trainable(memory) > 0) == (case in FITTED)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_fit_that_was_stopped_ends_in_the_same_bytes(fitted: Method, steps: int) -> None:
    kept: dict[str, bytes] = {}
    seen = Losses(steps)
    seen.run.load, seen.run.save = kept.get, kept.__setitem__
    with pytest.raises(Interrupted):
        slept(fitted, TELLING, seen.run)
    assert len(kept) == 1
    rest = Losses()
    rest.run.load = kept.get
    again = slept(fitted, TELLING, rest.run)
    whole = Losses()
    assert dump(again) == dump(slept(fitted, TELLING, whole.run))
    assert seen.losses + rest.losses == whole.losses


def likelihood(backbone: HFBackbone, question: str, answer: str, injection: Injection) -> float:
    """Mean log probability of an answer's tokens."""
    request = Request((Message("user", question),), injection)
    with torch.no_grad():
        total, tokens = log_likelihoods(forced(backbone, [request], [answer_ids(backbone, answer)]))[0]
    return total / tokens


@pytest.mark.parametrize("name", ["prompt_tuning", "prompt_tuning prefix", "cartridge first", "lora"])
def test_a_fit_learns_and_its_answers_become_likelier(name: str, backbone: HFBackbone, encoder: Hashing) -> None:
    method, table = CASES[name]
    more = {"tokens": 12} if method == "prompt_tuning" else {}
    table = table | more | {"rate": 0.05, "fit": {"least": 0, "epochs": 40}}
    longer, seen = open_method(method, {method: table}, backbone, encoder), Losses()
    memory = slept(longer, FACTS, seen.run)
    assert seen.losses[-1] < 0.95 * seen.losses[0]
    for question in fit_rows(make_study(FACTS).facts, make_study(FACTS), 1, 8):
        if question.kind == "recall":
            injection = longer.read(memory, [turn(700, question.text)])
            before = likelihood(backbone, question.text, question.answer, None)
            assert likelihood(backbone, question.text, question.answer, injection) > before + 0.1


def test_a_cartridge_comes_to_answer_as_the_model_that_reads(backbone: HFBackbone, encoder: Hashing) -> None:
    """Its loss is the cross-entropy to the teacher's top tokens, which the teacher's own entropy bounds below."""
    method, table = CASES["cartridge"]
    longer = open_method(
        method, {method: table | {"fit": {"least": 0, "epochs": 40, "patience": 0}}}, backbone, encoder
    )
    seen = Losses()
    slept(longer, FACTS, seen.run)
    assert seen.losses[-1] < seen.losses[0]


def test_plain_fine_tuning_makes_the_turns_likelier(backbone: HFBackbone, encoder: Hashing) -> None:
    method, table = CASES["lora turns"]
    longer = open_method(method, {method: table | {"fit": {"least": 0, "epochs": 40}}}, backbone, encoder)
    seen = Losses()
    slept(longer, FACTS, seen.run)
    assert seen.losses[-1] < 0.8 * seen.losses[0]
