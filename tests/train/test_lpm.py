"""Training the network that reads slots: what it learns from, that it learns, and that a stopped run loses nothing."""

import json
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any

import pytest
import torch

from imprint.backbone.base import Message, Request
from imprint.backbone.hf import HFBackbone
from imprint.backbone.score import Forced, answer_ids, forced
from imprint.backbone.tiny import tiny_backbone
from imprint.data.talk import Talk, read_talk
from imprint.fit.loop import FitConfig
from imprint.fit.runs import Interrupted, Run
from imprint.methods.parts.network import NetworkConfig, fresh_network
from imprint.methods.parts.network_file import pack
from imprint.study.bank import filled, load_kinds
from imprint.tensors import Context, Injection, SoftPrompt
from imprint.train.lpm import (
    HELD_OUT,
    Asked,
    Point,
    TrainLPMConfig,
    answered,
    material,
    measured,
    restated,
    train_lpm,
)
from imprint.types import ImprintError
from tests.data.small_talk import QUIET, TOLD, lives_in, town_talk, voices
from tests.equations import naive

SHIPPED = Path(__file__).parents[2] / "data" / "talk"
NETWORK = NetworkConfig(rows=6, width=4, inner=16, heads=2)
BLOCKS = replace(NETWORK, blocks=1)
FIT = FitConfig(epochs=1, batch=4, patience=0, least=0, precision="float32")
SMALL = TrainLPMConfig(BLOCKS, restate=4, answer=6, every=2, distill=0.5, fit=FIT)


@pytest.fixture(scope="module")
def backbone() -> HFBackbone:
    return tiny_backbone("llama")


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return read_talk(town_talk(tmp_path))


class Watched:
    """Keeps what a run reports; asks it to stop, or pulls the plug, when that much was reported."""

    def __init__(self, kept: dict[str, bytes] | None = None, stop: int = -1, crash: int = -1) -> None:
        self.notes: list[str] = []
        self.totals: list[int] = []
        self._stop, self._crash = stop, crash
        self.kept = {} if kept is None else kept
        self.run = Run(self, self.kept.get, self.kept.__setitem__, every=1e9)

    def start(self, what: str, total: int) -> None:
        self.totals.append(total)

    def advance(self, done: int, note: str = "") -> None:
        self.notes.append(note)
        if len(self.notes) == self._stop:
            self.run.stop.set()
        if len(self.notes) == self._crash:
            raise RuntimeError("power cut")

    def trained(self, backbone: HFBackbone, talk: Talk, config: TrainLPMConfig) -> tuple[bytes, list[Point]]:
        network, points = train_lpm(backbone, talk, config, self.run)
        return pack(network, backbone, {}), points


def test_it_learns_from_training_voices_and_is_held_against_others(talk: Talk) -> None:
    known, held = material(talk, SMALL)
    assert len(known) == 6 * 4
    assert {one.value for one in known} == {"Lund", "Oslo", "Ghent"}
    told = {said.told.value: said.text for said in talk.said if said.told}
    assert all(one.told == told[one.value] for one in known)
    own = set(lives_in("", "Lund")["questions"])
    bank = {filled(wording, "") for wording in load_kinds()["home"].ask}
    assert {one.question for one in known} <= own | bank
    assert {one.question for one in known} & bank
    # "oslo" is known from training, whatever its letters
    assert {(one.question, one.value) for one in held} == {(question, "Turin") for question in own}


def test_every_training_turn_is_asked_for_as_often_as_the_steps_have_room(talk: Talk) -> None:
    known, _ = material(talk, SMALL)
    rows = [json.dumps([one.question, one.value]) for one in known]
    assert rows[12:] == rows[:12]  # three turns, four questions each, from the front again
    assert [sum(json.loads(row)[1] == town for row in rows[:12]) for town in ("Lund", "Oslo", "Ghent")] == [4, 4, 4]
    other = material(talk, replace(SMALL, fit=replace(FIT, seed=1)))
    assert other[0] != known
    assert material(talk, SMALL) == (known, other[1])


def test_no_turn_of_another_part_is_in_the_training_material() -> None:
    """Of the corpus that ships."""
    talk = read_talk(SHIPPED)
    config = TrainLPMConfig(restate=40)
    known, held = material(talk, config)
    train = {said.text for said in talk.part("train")}
    assert {one.told for one in known} <= train
    assert {said.told.kind for said in talk.said if said.told and said.text in {one.told for one in known}} & set(
        talk.split["unseen"]
    ) == set()
    parts = {said.text for part in ("dev", "test", "unseen") for said in talk.part(part)} - train
    assert not parts & {one.told for one in known}
    assert len(held) == HELD_OUT
    assert {one.told for one in held} <= {said.text for said in talk.part("dev")}
    assert not {one.value.lower() for one in held} & {one.value.lower() for one in known}
    lines = {" ".join(text.split()) for text in train}
    assert all(any(one.value in line for line in lines) for one in restated(talk, config))


def test_one_to_eight_running_words_are_said_again(talk: Talk) -> None:
    rows = restated(talk, replace(SMALL, restate=100))
    assert len(rows) == 100 * 4
    lines = [said.text.split() for said in talk.part("train")]
    sizes = set()
    for row in rows:
        words = row.value.split()
        sizes.add(len(words))
        assert any(words == line[i : i + len(words)] for line in lines for i in range(len(line))), row
        assert (row.told, row.value) == (row.value, " ".join(words))
    assert sizes == set(range(1, 9))
    assert {word for row in rows for word in row.value.split()}.isdisjoint({"Turin", "oslo", "Bern", "nuts"})
    assert len({row.question for row in rows}) > 3
    assert restated(talk, replace(SMALL, restate=0)) == []


def test_an_answer_is_said_back_to_whom_it_is_about(tmp_path: Path) -> None:
    mine = TOLD | {"id": "v1-001", "kind": "home", "text": "it is my mum's flat", "value": "my mum's flat", "start": 6}
    split = {"dev": ["v2"], "test": [], "unseen": []}
    talk = read_talk(voices(tmp_path, {"v1": [mine], "v2": [lives_in("v2-001", "Turin")]}, split))
    known, _ = material(talk, SMALL)
    assert {(one.value, one.told) for one in known} == {("your mum's flat", "it is my mum's flat")}


@pytest.mark.parametrize("network", [NETWORK, replace(BLOCKS, placement="prefix")])
def test_held_out_people_are_answered_better(backbone: HFBackbone, tmp_path: Path, network: NetworkConfig) -> None:
    """On a model too small to speak: what falls is the loss, on a place that nobody in training lives in."""
    places = [lives_in(f"v1-{place}", f"the old {place}") for place in ("mill", "dock", "farm")]
    split = {"dev": ["v2"], "test": [], "unseen": []}
    talk = read_talk(voices(tmp_path, {"v1": places, "v2": [lives_in("v2-001", "the old barn")]}, split))
    network = replace(network, rows=12)
    config = TrainLPMConfig(network, 10, 30, rate=0.02, block_rate=0.002, every=20, fit=replace(FIT, batch=8))
    held = material(talk, config)[1]
    assert {one.value for one in held} == {"the old barn"}
    fresh = measured(fresh_network(network, backbone), backbone, held)
    trained, points = train_lpm(backbone, talk, config, Run())
    assert [(point.stage, point.step) for point in points] == [("restate", 10), ("answer", 20), ("answer", 30)]
    assert points[-1].loss < points[0].loss < fresh.loss
    assert points[-1].loss < 0.8 * fresh.loss
    assert not trained.training
    assert points[-1] == measured(trained, backbone, held, "answer", 30)
    assert torch.equal(trained.basis, fresh_network(network, backbone).basis)
    assert all(part.grad is None and not part.requires_grad for part in backbone.model.parameters())


def test_a_point_is_the_mean_over_the_held_out_questions(backbone: HFBackbone, talk: Talk) -> None:
    """Batches of 16, of which the last is smaller; answers of one length, so that tokens weigh alike."""
    held = [replace(one, question=f"{one.question} {i}") for i, one in enumerate(material(talk, SMALL)[1] * 6)]
    network = fresh_network(NETWORK, backbone)
    losses = [cross_entropy(answered(network, backbone, [one])) for one in held]
    assert len(held) == 18
    point = measured(network, backbone, held, "answer", 7)
    assert (point.stage, point.step, point.exact) == ("answer", 7, 0.0)
    assert point.loss == pytest.approx(sum(losses) / 18, abs=1e-4)


@pytest.mark.parametrize("stop", [1, 2, 3, 4, 5, 6, 9, 10])
def test_a_run_that_was_stopped_ends_in_the_same_bytes_and_curve(backbone: HFBackbone, talk: Talk, stop: int) -> None:
    """Four steps restate, six answer; it is measured after every second one."""
    whole = Watched()
    expected = whole.trained(backbone, talk, SMALL)
    assert [(point.stage, point.step) for point in expected[1]] == [
        *(("restate", n) for n in (2, 4)),
        *(("answer", n) for n in (2, 4, 6)),
    ]
    assert (whole.totals, len(whole.notes)) == ([4, 6], 10)
    stopped = Watched(stop=stop)
    with pytest.raises(Interrupted):
        stopped.trained(backbone, talk, SMALL)
    assert len(stopped.notes) == stop
    rest = Watched(stopped.kept)
    assert rest.trained(backbone, talk, SMALL) == expected
    if stop <= 4:
        assert stopped.notes + rest.notes == whole.notes


def test_a_run_that_was_killed_shows_no_point_of_steps_that_are_run_again(backbone: HFBackbone, talk: Talk) -> None:
    whole = Watched()
    expected = whole.trained(backbone, talk, SMALL)
    killed = Watched(crash=3)
    with pytest.raises(RuntimeError, match="power cut"):
        killed.trained(backbone, talk, SMALL)
    assert len(killed.kept) == 1  # a curve with the point of step 2, and no checkpoint
    rest = Watched(killed.kept)
    assert rest.trained(backbone, talk, SMALL) == expected
    assert rest.notes == whole.notes
    assert "held out" not in rest.notes[0]
    assert "held out: 0.00 exact" in rest.notes[1]


def test_a_run_over_another_corpus_starts_anew(backbone: HFBackbone, talk: Talk) -> None:
    """Also where only what is restated, or who is held out, has changed."""
    for gone in ("v2-002", "v3-002"):
        stopped = Watched(stop=8)
        with pytest.raises(Interrupted):
            stopped.trained(backbone, talk, SMALL)
        other = replace(talk, said=tuple(said for said in talk.said if said.id != gone))
        if gone == "v3-002":
            town = read_talk_with(other, "Turin", "Parma")
            assert material(town, SMALL)[0] == material(talk, SMALL)[0]
            other = town
        rest = Watched(stopped.kept)
        assert rest.trained(backbone, other, SMALL) == Watched().trained(backbone, other, SMALL)
        assert len(rest.notes) == 10


def read_talk_with(talk: Talk, old: str, new: str) -> Talk:
    """The corpus with another town in it."""
    said = tuple(
        replace(one, text=one.text.replace(old, new), told=one.told and replace(one.told, value=new))
        if old in one.text
        else one
        for one in talk.said
    )
    return replace(talk, said=said)


def cross_entropy(out: Forced) -> float:
    """Mean over the tokens of one answer of -log q(token), over scalars."""
    rows = naive.table(out.logits[0])
    tokens = out.targets[0].tolist()
    return sum(naive.logsumexp(row) - row[token] for row, token in zip(rows, tokens, strict=True)) / len(rows)


def forced_alone(backbone: HFBackbone, one: Asked, injection: Injection) -> Forced:
    request = Request((Message("user", one.question),), injection)
    with torch.no_grad():
        return forced(backbone, [request], [answer_ids(backbone, one.value)])


@pytest.mark.parametrize("alpha", [0.0, 0.25, 1.0])
def test_distillation_is_mixed_with_cross_entropy(backbone: HFBackbone, talk: Talk, alpha: float) -> None:
    """alpha L_KD + (1 - alpha) CE (METHODS 4.1); the teacher reads the turn in which the answer was told."""
    config = replace(SMALL, network=NETWORK, restate=0, answer=1, every=1, distill=alpha)
    network, kd, ce, tokens = fresh_network(NETWORK, backbone), 0.0, 0.0, 0
    for one in material(talk, config)[0]:
        soft = network(network.codes(one.value)[None], torch.zeros(1, 6, 4))[0].detach()
        student = forced_alone(backbone, one, SoftPrompt(soft))
        teacher = naive.table(forced_alone(backbone, one, Context(f"The user said: {one.told}")).logits[0])
        for expected, row in zip(teacher, naive.table(student.logits[0]), strict=True):
            p, q = ([x - naive.logsumexp(logits) for x in logits] for logits in (expected, row))
            top = sorted(range(len(p)), key=lambda w: -p[w])[:20]
            kd -= sum(exp(p[w]) * q[w] for w in top)
        ce += cross_entropy(student) * len(teacher)
        tokens += len(teacher)
    seen = Watched()
    seen.trained(backbone, talk, config)
    [note] = seen.notes
    loss = float(note.split()[1].rstrip(","))
    assert loss == pytest.approx(alpha * kd / tokens + (1 - alpha) * ce / tokens, abs=0.0051)
    assert abs(kd / tokens - ce / tokens) > 0.1


def test_the_first_stage_restates_and_has_no_teacher(backbone: HFBackbone, talk: Talk) -> None:
    losses = []
    for alpha in (0.0, 1.0):
        seen = Watched(stop=4)
        with pytest.raises(Interrupted):
            seen.trained(backbone, talk, replace(SMALL, distill=alpha))
        losses.append(seen.notes)
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"restate": -1}, "restate at least 0"),
        ({"answer": 0}, "answer and every must be at least 1"),
        ({"every": 0}, "answer and every must be at least 1"),
        ({"distill": 1.5}, "distill is 1.5, expected 0 to 1"),
        ({"distill": -0.1}, "distill is -0.1, expected 0 to 1"),
        ({"distill": float("nan")}, "distill is nan, expected 0 to 1"),
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        TrainLPMConfig(**wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"heads": 3}, "inner = 256 is not a multiple of heads = 3"),
        ({"rows": 0}, "rows, width, inner and heads must be at least 1"),
        ({"width": 0}, "rows, width, inner and heads must be at least 1"),
        ({"blocks": -1}, "blocks at least 0"),
    ],
)
def test_shapes_out_of_range_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        NetworkConfig(**wrong)


@pytest.mark.parametrize(("split", "part"), [(["v1", "v2", "v3"], "train"), ([], "dev")])
def test_a_corpus_without_people_to_learn_from_or_to_hold_out_is_refused(
    backbone: HFBackbone, talk: Talk, split: list[str], part: str
) -> None:
    without = replace(talk, split={**talk.split, "dev": tuple(split)})
    with pytest.raises(ImprintError, match=f"no voice of the part {part} tells anything .*Name the folder data/talk"):
        train_lpm(backbone, without, SMALL, Run())


def test_a_corpus_that_tells_nothing_is_refused(backbone: HFBackbone, tmp_path: Path) -> None:
    talk = read_talk(voices(tmp_path, {"v1": [QUIET]}, {"dev": [], "test": [], "unseen": []}))
    with pytest.raises(ImprintError, match="part train"):
        train_lpm(backbone, talk, SMALL, Run())
