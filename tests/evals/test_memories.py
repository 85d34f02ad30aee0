"""Memories of a benchmark's people: made once, by the product's own flow; and the controls made of them."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.evals.arms import ARMS, Arm, merged, read_arms
from imprint.evals.items import Item, Person
from imprint.evals.memories import Memories, noise
from imprint.evals.run import conversation, other_of
from imprint.fit.runs import Silent
from imprint.types import ImprintError
from tests.contracts.samples import slept, told

TURNS = tuple(told("My dog is called Biscuit.", "I live in Aarhus.", "I work as a locksmith."))
PERSON = Person("ottilie", TURNS, (Item("q", "What is my dog called?", "fact"),))
# Batches of two: where all rows are one batch, a seed changes the order of a sum alone.
TABLES = {"lpm": {"study_rows": 1, "fit": {"epochs": 1, "least": 1, "batch": 2}}}


@pytest.fixture(scope="module")
def llama() -> HFBackbone:
    return tiny_backbone("llama")


@pytest.fixture
def memories(tmp_path: Path, llama: HFBackbone) -> Memories:
    return Memories(tmp_path, llama, Hashing(), TABLES)


class Counting(Silent):
    """Counts the fits that were begun."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def start(self, what: str, total: int) -> None:
        self.stages.append(what)


def test_a_memory_is_what_hear_and_sleep_make(memories: Memories):
    made = memories.made(Arm("lpm"), 0, PERSON, Silent())
    expected = slept(made.method, TURNS)
    assert made.memory.tensors.keys() == expected.tensors.keys()
    assert all(torch.equal(made.memory.tensors[name], tensor) for name, tensor in expected.tensors.items())
    assert made.trainable == made.method.trainable(expected) > 0
    assert made.sleep_seconds > 0


def test_a_memory_is_made_once_and_found_again(memories: Memories, tmp_path: Path, llama: HFBackbone):
    first = memories.made(Arm("lpm"), 0, PERSON, Silent())
    later = Counting()
    again = Memories(tmp_path, llama, Hashing(), TABLES).made(Arm("lpm"), 0, replace(PERSON, user="same turns"), later)
    assert later.stages == []
    assert (again.bytes, again.sleep_seconds) == (first.bytes, first.sleep_seconds)


def test_another_seed_or_setting_is_another_memory(memories: Memories):
    first = memories.made(Arm("lpm"), 0, PERSON, Silent())
    for arm, seed in ((Arm("lpm"), 1), (Arm("lpm", settings={"rate": 0.05}), 0)):
        other = Counting()
        made = memories.made(arm, seed, PERSON, other)
        assert "fit" in other.stages
        assert not torch.equal(made.memory.tensors["values"], first.memory.tensors["values"])


def test_somebody_who_said_nothing_has_an_empty_memory(memories: Memories):
    made = memories.made(Arm("lpm"), 0, Person("mute", (), ()), Silent())
    assert (made.bytes, dict(made.memory.tensors)) == (0, {})


def test_noise_has_the_scale_of_what_it_replaces_and_leaves_the_keys(memories: Memories):
    memory = memories.made(Arm("lpm"), 0, PERSON, Silent()).memory
    random = noise(memory, 0)
    assert torch.equal(random.tensors["key_vectors"], memory.tensors["key_vectors"])
    for name in ("values", "before", "after"):
        old, new = memory.tensors[name], random.tensors[name]
        assert new.square().mean().sqrt() == pytest.approx(float(old.square().mean().sqrt()), rel=0.15)
        assert abs(float(torch.corrcoef(torch.stack([old.flatten(), new.flatten()]))[0, 1])) < 0.1
    assert torch.equal(random.tensors["values"], noise(memory, 0).tensors["values"])
    assert not torch.equal(random.tensors["values"], noise(memory, 1).tensors["values"])


def test_the_other_user_is_somebody_else_and_no_neighbour():
    people = [replace(PERSON, user=name) for name in "abcd"]
    assert [other_of(people, person).user for person in people] == ["c", "d", "a", "b"]
    assert other_of(people[:2], people[1]).user == "a"
    with pytest.raises(ImprintError, match="two people"):
        other_of(people[:1], people[0])


def test_a_question_is_read_after_what_was_said_since():
    item = Item("q", "And now?", "fact", before=(("user", "Hello."), ("assistant", "Hi.")))
    assert [(turn.role, turn.text) for turn in conversation(item, "And now?")] == [
        ("user", "Hello."),
        ("assistant", "Hi."),
        ("user", "And now?"),
    ]


def test_none_always_runs_first_and_all_means_all():
    assert list(read_arms(["lpm"], {})) == ["none", "lpm"]
    assert list(read_arms(["all"], {})) == list(ARMS)
    assert list(read_arms(["lpm", "all"], {}))[:2] == ["none", "lpm"]


def test_settings_of_config_arm_and_seed_are_merged():
    arm = Arm("lpm", settings={"rate": 0.5, "fit": {"epochs": 7}})
    table = arm.table({"lpm": {"rate": 0.1, "keys": 3, "fit": {"batch": 4}}}, 9)
    assert table == {"rate": 0.5, "keys": 3, "fit": {"batch": 4, "epochs": 7, "seed": 9}}
    assert Arm("bm25").table({"bm25": {"top": 2}}, 9) == {"top": 2}
    assert merged({"a": {"b": 1}}, {"a": 2}) == {"a": 2}
