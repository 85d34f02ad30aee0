"""Sleeping is a pure function of memory, study, config and seed, and what it makes can be stored."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch

from imprint.backbone.hf import HFBackbone
from imprint.encode.hashing import Hashing
from imprint.fit.runs import Run
from imprint.methods.base import Method
from imprint.store import SQLiteStore
from imprint.store.blob import dump, load
from imprint.study.questions import make_study
from imprint.tensors import Memory
from tests.contracts.samples import FITTED, LEARNS_ANY_TURN, TELLING, make, slept, turn

QUESTION = [turn(800, "What is the name of my dog?")]


def bits(value: object) -> object:
    """Something that is equal for equal injections."""
    if isinstance(value, torch.Tensor):
        return value.numpy().tobytes()
    if isinstance(value, Mapping):
        return {name: bits(inner) for name, inner in value.items()}
    return (type(value), bits(vars(value))) if hasattr(value, "__dict__") else value


def test_the_same_seed_gives_the_same_bytes(case: str, memory: Memory, backbone: HFBackbone, encoder: Hashing) -> None:
    assert dump(slept(make(case, backbone, encoder), TELLING)) == dump(memory)


def test_the_random_numbers_of_others_do_not_matter_and_are_not_used_up(method: Method, memory: Memory) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4711)
        before = torch.random.get_rng_state()
        assert dump(slept(method, TELLING)) == dump(memory)
        assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("form", FITTED)
def test_another_seed_gives_other_bytes(form: str, backbone: HFBackbone, encoder: Hashing) -> None:
    # Batches of two: where all rows are one batch, the seed would only change the order of a sum.
    fit = {"epochs": 2, "least": 0, "batch": 2}
    one, two = (slept(make(form, backbone, encoder, {"fit": fit | {"seed": seed}}), TELLING[:4]) for seed in (0, 1))
    assert any(not torch.equal(tensor, two.tensors[key]) for key, tensor in one.tensors.items())


def test_sleeping_leaves_its_arguments_alone(method: Method) -> None:
    said = TELLING[:4]
    old, study = method.write(method.empty(), said), make_study(said)
    before = dump(old)
    method.consolidate(old, study, Run())
    assert dump(old) == before
    assert study == make_study(said)


def test_a_user_who_told_nothing_can_sleep(case: str, method: Method) -> None:
    question = [turn(0, "How tall is a giraffe?")]
    for said in ([], [] if case in LEARNS_ANY_TURN else question):
        memory = method.write(method.empty(), said)
        assert dump(method.consolidate(memory, make_study(said), Run())) == dump(memory)


def test_what_was_stored_comes_back_to_the_byte(method: Method, memory: Memory, tmp_path: Path) -> None:
    for kept in (method.empty(), method.write(method.empty(), TELLING), memory):
        blob = dump(kept)
        assert dump(load(blob, method.fingerprint())) == blob
        with SQLiteStore(tmp_path) as store:
            store.add("ottilie", TELLING)
            epoch = store.snapshot("ottilie").epoch
            store.publish("ottilie", method.name, blob, epoch, len(TELLING), 0)
        with SQLiteStore(tmp_path) as store:
            found = store.memory("ottilie", method.name)
        assert found is not None
        assert found.blob == blob


def test_a_memory_that_was_stored_reads_the_same(method: Method, memory: Memory) -> None:
    loaded = load(dump(memory), method.fingerprint())
    assert bits(method.read(loaded, QUESTION)) == bits(method.read(memory, QUESTION))


def test_reading_twice_gives_the_same_and_changes_nothing(method: Method, memory: Memory) -> None:
    before = dump(memory)
    assert bits(method.read(memory, QUESTION)) == bits(method.read(memory, QUESTION))
    assert dump(memory) == before
