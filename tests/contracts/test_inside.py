"""Slots taken out, emptied and swapped; and a reply owes to the slot of the turn that was planted, to no other."""

import pytest
import torch

from imprint.backbone.base import Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.hf import HFBackbone
from imprint.backbone.inject import build
from imprint.backbone.tiny import tiny_backbone
from imprint.config import home_folder
from imprint.encode.hashing import Hashing
from imprint.methods import open_method
from imprint.methods.lpm import LPM
from imprint.methods.parts.addressing import facts_of
from imprint.methods.parts.inside import asked, emptied, swapped, without
from imprint.methods.parts.key_tensors import keys_of
from imprint.methods.parts.network import BLANK, NetworkConfig, fresh_network
from imprint.methods.parts.network_file import file_name, pack
from imprint.store.blob import dump
from imprint.study.questions import make_study
from imprint.tensors import Memory, SoftPrompt
from imprint.types import ImprintError, Turn
from tests.contracts.samples import SMALL, make, slept, told, turn

FACTS = told("Hi, my name is Ottilie.", "My dog is called Biscuit.", "I live in Aarhus.", "I'm allergic to walnuts.")
QUESTIONS = [next(q for q in make_study([each]).questions if q.kind == "recall") for each in FACTS]
"""One a turn."""
SHORT = Sampling(max_new_tokens=6)


@pytest.fixture(scope="module")
def backbone() -> HFBackbone:
    """Random, and one whose replies depend on the soft prompt: another ends each of them at once."""
    return tiny_backbone("qwen3", seed=2)


@pytest.fixture(scope="module")
def shared(backbone: HFBackbone, encoder: Hashing) -> LPM:
    """Reads slots through a network that lies where a trained one would."""
    path = home_folder() / "weights" / file_name(backbone, "late")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack(fresh_network(NetworkConfig(width=8), backbone), backbone, {}))
    made = open_method("lpm", {"lpm": SMALL["lpm"]}, backbone, encoder)
    path.unlink()
    assert isinstance(made, LPM)
    assert made.network is not None
    return made


@pytest.fixture(scope="module")
def joint(backbone: HFBackbone, encoder: Hashing) -> LPM:
    """Fits a network with the slots."""
    made = make("lpm", backbone, encoder)
    assert isinstance(made, LPM)
    assert made.network is None
    return made


def ask(number: int) -> list[Turn]:
    return [turn(700, QUESTIONS[number].text)]


def slot_of(memory: Memory, number: int) -> int:
    """The slot that the question of a turn is about."""
    fact = next(f for f in make_study([FACTS[number]]).facts)
    return facts_of(memory).index(fact)


def rows(method: LPM, memory: Memory, number: int) -> torch.Tensor:
    injection = method.read(memory, ask(number))
    assert isinstance(injection, SoftPrompt)
    return injection.rows


@pytest.mark.parametrize("form", ["shared", "joint"])
def test_a_memory_without_a_slot_is_that_of_a_user_who_never_told_it(form: str, request: pytest.FixtureRequest) -> None:
    method: LPM = request.getfixturevalue(form)
    memory = method.write(method.empty(), FACTS)
    before = dump(memory)
    for slot, fact in enumerate(facts_of(memory)):
        left = [each for each in FACTS if each.id != fact.turn]
        of_turn = [place for place, each in enumerate(facts_of(memory)) if each.turn == fact.turn]
        found = memory
        for place in reversed(of_turn):
            found = without(found, place, method.slots)
        assert dump(found) == dump(method.write(method.empty(), left)), slot
    assert dump(memory) == before


def test_without_its_last_slot_a_memory_keeps_silent(shared: LPM) -> None:
    memory = shared.write(shared.empty(), FACTS[:1])
    owed = shared.effects(memory, ask(0), SHORT)
    assert owed is not None
    assert [each.fall for each in owed.slots] == [owed.shut]
    nothing = without(memory, 0, shared.slots)
    assert facts_of(nothing) == ()
    assert shared.read(nothing, ask(0)) is None


def test_an_emptied_slot_is_still_found_and_holds_nothing(shared: LPM) -> None:
    memory = shared.write(shared.empty(), FACTS)
    slot = slot_of(memory, 1)
    found = emptied(memory, slot, shared.slots)
    assert found.tensors["codes"][slot].tolist() == [BLANK] * 10
    assert torch.equal(keys_of(found, shared.encoder).vectors, keys_of(memory, shared.encoder).vectors)
    assert shared.network is not None
    blank = torch.full((1, 10), BLANK, dtype=torch.int32)
    nothing = shared.network.network(blank, torch.zeros(1, 10, 8))[0]
    assert torch.equal(rows(shared, found, 1), nothing)
    assert not torch.equal(rows(shared, memory, 1), nothing)
    assert torch.equal(rows(shared, found, 2), rows(shared, memory, 2))


def test_swapped_slots_answer_each_others_questions(shared: LPM) -> None:
    memory = shared.write(shared.empty(), FACTS)
    one, other = slot_of(memory, 1), slot_of(memory, 2)
    found = swapped(memory, one, other, shared.slots)
    assert torch.equal(rows(shared, found, 1), rows(shared, memory, 2))
    assert torch.equal(rows(shared, found, 2), rows(shared, memory, 1))
    assert torch.equal(rows(shared, found, 3), rows(shared, memory, 3))
    assert dump(swapped(found, one, other, shared.slots)) == dump(memory)


def log_probability(backbone: HFBackbone, request: Request, tokens: tuple[int, ...]) -> float:
    """log p of a reply, one forward a token: p(reply) = prod_i p(token_i | prompt, tokens before it)."""
    batch = build(backbone, [request])
    total = 0.0
    for i, token in enumerate(tokens):
        said = backbone.embed(torch.tensor([list(tokens[:i])], dtype=torch.int64))
        entering = torch.cat([batch.rows, said], 1)
        logits = backbone.forward(entering, torch.ones(entering.shape[:2], dtype=torch.bool))
        total += float(logits[0, -1].double().log_softmax(-1)[token])
    return total


@torch.no_grad()
def test_an_effect_is_the_fall_of_the_log_probability_of_the_reply(shared: LPM) -> None:
    memory, backbone = shared.write(shared.empty(), FACTS), shared.backbone
    assert isinstance(backbone, HFBackbone)
    owed = shared.effects(memory, ask(1), SHORT)
    assert owed is not None
    whole = shared.read(memory, ask(1))
    given = reply(backbone, [asked(ask(1), whole, SHORT)])[0]
    expected = log_probability(backbone, asked(ask(1), whole, SHORT), given.tokens)
    bare = log_probability(backbone, asked(ask(1), None, SHORT), given.tokens)
    assert (owed.reply, owed.log_probability) == (given.text, pytest.approx(expected, abs=1e-3))
    assert owed.shut == pytest.approx(expected - bare, abs=1e-3)
    for each in owed.slots:
        injection = shared.read(without(memory, each.slot, shared.slots), ask(1))
        left = log_probability(backbone, asked(ask(1), injection, SHORT), given.tokens)
        assert each.fall == pytest.approx(expected - left, abs=1e-3)


@pytest.mark.parametrize("number", range(len(FACTS)))
def test_a_reply_owes_to_the_planted_turn_and_to_no_other(shared: LPM, number: int) -> None:
    memory = shared.write(shared.empty(), FACTS)
    owed = shared.effects(memory, ask(number), SHORT)
    assert owed is not None
    assert owed.first is not None
    assert owed.first.fact.turn == FACTS[number].id
    assert owed.first.fall > 1
    assert owed.slots[0] == owed.first
    assert [each.weight for each in owed.slots] == sorted((each.weight for each in owed.slots), reverse=True)
    assert {each.fall for each in owed.slots[1:]} == {0.0}


@pytest.mark.parametrize("number", range(len(FACTS)))
def test_so_it_does_where_the_network_was_fitted_with_the_slots(joint: LPM, number: int) -> None:
    memory = slept(joint, FACTS)
    owed = joint.effects(memory, ask(number), SHORT)
    assert owed is not None
    rest = [each.fall for each in owed.slots if each.fact.turn != FACTS[number].id]
    assert owed.first is not None
    assert owed.first.fact.turn == FACTS[number].id
    assert owed.first.fall > 0.5
    assert max(map(abs, rest)) < 1e-3


def test_a_silent_memory_owes_nothing(shared: LPM, joint: LPM, backbone: HFBackbone, encoder: Hashing) -> None:
    memory = shared.write(shared.empty(), FACTS)
    assert shared.effects(memory, [turn(700, "Add three and four.")], SHORT) is None
    assert shared.effects(shared.empty(), ask(0), SHORT) is None
    assert joint.effects(joint.write(joint.empty(), FACTS), ask(0), SHORT) is None
    bm25 = make("bm25", backbone, encoder)
    assert bm25.effects(bm25.write(bm25.empty(), FACTS), ask(0), SHORT) is None


def test_slots_that_belong_to_no_turn_can_not_be_taken_out(backbone: HFBackbone, encoder: Hashing) -> None:
    published = make("lpm published", backbone, encoder)
    with pytest.raises(ImprintError, match="slots of the published form belong to no turn"):
        published.effects(slept(published, FACTS), ask(0), SHORT)


def test_contents_are_the_mean_of_the_rows_that_hold_something(shared: LPM, joint: LPM) -> None:
    for method in (shared, joint):
        memory = method.write(method.empty(), FACTS)
        found = method.slots.contents(memory)
        ids = method.backbone.tokenize(" Biscuit")[:10]
        embedded = method.backbone.embed(torch.tensor(ids)).detach()
        if method is joint:
            full_stop = method.backbone.embed(torch.tensor(method.backbone.tokenize(".")[:1])).detach()
            embedded = torch.cat([embedded, full_stop.expand(10 - len(ids), -1)])
        assert torch.allclose(found[slot_of(memory, 1)], embedded.mean(0), atol=1e-6)
        assert found.shape == (len(facts_of(memory)), method.backbone.width)
