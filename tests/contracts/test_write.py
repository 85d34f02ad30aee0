"""Writing is a pure fold over the user's own turns: how they are cut into calls leaves no trace."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imprint.backbone.hf import HFBackbone
from imprint.encode.hashing import Hashing
from imprint.methods import METHODS
from imprint.methods.base import Method
from imprint.store.blob import dump, load
from imprint.tensors import Memory
from tests.contracts.samples import KEEPS_NOTHING, LEARNS_ASLEEP, LINES, TELLING, make, slept, told, turn, turns

lines = st.lists(st.sampled_from(LINES), max_size=7)
cuts = st.lists(st.integers(0, 7), max_size=3)
FEW = settings(deadline=None, max_examples=12)


def written(method: Method, memory: Memory, said: list, places: list[int]) -> bytes:
    """The memory's bytes after turns that came in several calls, cut at these places."""
    edges = [0, *sorted(places), len(said)]
    for start, end in zip(edges, edges[1:], strict=False):
        memory = method.write(memory, said[start:end])
    return dump(memory)


@given(lines, cuts)
@FEW
def test_any_split_of_a_conversation_gives_the_same_bytes(method: Method, said: list, places: list[int]) -> None:
    heard = turns(said)
    assert written(method, method.empty(), heard, places) == dump(method.write(method.empty(), heard))


@given(lines, cuts)
@FEW
def test_any_split_after_a_sleep_gives_the_same_bytes(
    method: Method, memory: Memory, said: list, places: list[int]
) -> None:
    heard = turns(said, start=100)
    assert written(method, memory, heard, places) == dump(method.write(memory, heard))


def test_writing_leaves_its_arguments_alone(method: Method, memory: Memory) -> None:
    for old in (method.empty(), method.write(method.empty(), TELLING[:5]), memory):
        before, said = dump(old), list(TELLING[5:])
        method.write(old, said)
        assert dump(old) == before
        assert said == TELLING[5:]


def test_what_was_told_is_in_the_memory(case: str, method: Method) -> None:
    if case in KEEPS_NOTHING:
        return
    said = [told(f"I live in {town}.") for town in ("Lund", "Oslo")]
    assert len({dump(slept(method, turns)) for turns in [*said, []]}) == 3
    awake = {dump(method.write(method.empty(), turns)) for turns in [*said, []]}
    assert len(awake) == (1 if case in LEARNS_ASLEEP else 3)


def test_what_the_assistant_says_writes_nothing(method: Method, memory: Memory) -> None:
    claims = [turn(500 + i, text, "assistant") for i, (_, text) in enumerate(LINES)]
    for old in (method.empty(), method.write(method.empty(), TELLING), memory):
        assert dump(method.write(old, claims)) == dump(old)
    own = [said for said in TELLING if said.role == "user"]
    assert dump(method.write(method.empty(), TELLING)) == dump(method.write(method.empty(), own))


def test_writing_nothing_changes_nothing(method: Method, memory: Memory) -> None:
    assert dump(method.write(method.empty(), [])) == dump(method.empty())
    assert dump(method.write(memory, [])) == dump(memory)


WORDS = "I my we not no quit gave up am is was have a the dog called Lund off from to tea now . , ? ! ' live like"
words = st.sampled_from(tuple(WORDS.split()))


@pytest.mark.parametrize("name", METHODS)
@given(text=st.lists(words, max_size=8).map(" ".join) | st.text(max_size=60))
@example(text="I quit.")
@example(text="I gave up.")
@example(text="\x00\ud7ff\U0010ffff")
@settings(deadline=None, max_examples=50)
def test_anything_can_be_said(name: str, backbone: HFBackbone, encoder: Hashing, text: str) -> None:
    """A turn is in the ledger before it is written: one that cannot be written would shut its user out for good."""
    method = make(name, backbone, encoder)
    after = method.write(method.write(method.empty(), TELLING[:4]), [turn(900, text)])
    assert dump(load(dump(after), method.fingerprint())) == dump(after)
