"""Forgetting is exact: the memory has the bytes of one that never heard the turn, and no other version did."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprint.companion import Companion
from imprint.fit.runs import Interrupted
from imprint.store.blob import load
from imprint.types import ImprintError, Turn
from tests.contracts.samples import CASES, NETWORKS, turn
from tests.flow.samples import DOG, SHORT, TOLD, USER, StopAt, asked, made, method, opened, stored
from tests.store.samples import holding

ASIDE = turn(90, "My name is Bertram.", "assistant")
SAID = [*TOLD[:2], ASIDE, *TOLD[2:]]
MOMENTS = {
    "before any sleep": ([], [1]),
    "the name, never slept on": ([], [0]),
    "the first of those slept on": ([5], [0]),
    "one of those slept on": ([5], [4]),
    "the last of those slept on": ([5], [4, 3]),
    "one heard after the sleep": ([5], [7]),
    "one before and one after the sleep": ([5], [1, 6]),
    "one between two sleeps": ([3, 7], [5]),
    "one before two sleeps": ([3, 7], [1]),
    "one after three sleeps": ([2, 4, 6], [8]),
    "everything that was slept on": ([2], [0, 1]),
    "the change of a fact": ([9], [6]),
    "the fact that was changed": ([9], [4]),
    "what told no fact": ([9], [3]),
    "what the assistant said": ([9], [2]),
    "the newest, right after the sleep": ([9], [8]),
    "all but one": ([9], [0, 1, 2, 3, 5, 6, 7, 8]),
}
"""When the user slept (after how many turns), and which turns are forgotten (from 0)."""


def live(companion: Companion, turns: Sequence[Turn], sleeps: Sequence[int]) -> None:
    """Hear these turns in a few sittings, sleeping after as many as `sleeps` says."""
    edges = sorted({0, 2, 6, 7, len(turns), *sleeps})
    for start, end in zip(edges, edges[1:], strict=False):
        companion.hear(USER, turns[start:end])
        if end in sleeps:
            companion.sleep(USER)


SOME = ("before any sleep", "one before and one after the sleep", "the first of those slept on")
LIVES = [("lpm", moment) for moment in MOMENTS]
LIVES += [(case, moment) for case in ("lpm published", *NETWORKS, "bm25", "full_context") for moment in SOME]


@pytest.mark.parametrize(("case", "moment"), LIVES)
def test_it_is_as_if_it_had_never_been_heard(tmp_path: Path, case: str, moment: str) -> None:
    sleeps, gone = MOMENTS[moment]
    left = [said for i, said in enumerate(SAID) if i not in gone]
    with opened(tmp_path / "forgot", case) as companion:
        live(companion, SAID, sleeps)
        assert companion.forget(USER, [SAID[i].id for i in gone]).turns == len(gone)
        found, state = stored(companion), companion.recall(USER)
        versions = companion.store.history(USER, method(case).name)
    with opened(tmp_path / "never heard", case) as companion:
        live(companion, left, [sum(i not in gone for i in range(sleep)) for sleep in sleeps])
        assert found == stored(companion)
        assert (state.heard, state.slept) == (companion.recall(USER).heard, companion.recall(USER).slept)
    assert [version.heard for version in versions[1:] if version.heard > min(gone)] == []


@given(st.lists(st.sampled_from(["hear", "hear", "sleep", "forget"]), max_size=9), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=10)
def test_after_any_life_the_memory_is_what_the_ledger_makes(
    tmp_path_factory: pytest.TempPathFactory, life: list[str], draw
) -> None:
    left, slept = [], 0
    with opened(tmp_path_factory.mktemp("life")) as companion:
        for number, verb in enumerate(life):
            if verb == "hear":
                left += (fresh := [turn(number * 4 + i, draw.choice(SAID).text) for i in range(draw.randint(1, 3))])
                companion.hear(USER, fresh)
            elif verb == "sleep" and left:
                slept = companion.sleep(USER).slept
                assert slept == len(left)
            elif verb == "forget" and left:
                gone = draw.sample(range(len(left)), draw.randint(1, min(2, len(left))))
                companion.forget(USER, [left[i].id for i in gone])
                slept -= sum(i < slept for i in gone)
                left = [said for i, said in enumerate(left) if i not in gone]
            assert companion.store.turns(USER) == left
            state = companion.recall(USER)
            assert (state.heard, state.slept) == (len(left), slept)
            if left:
                assert stored(companion) == made(left, slept)


def test_what_was_forgotten_is_not_answered_and_lies_in_no_file(home: Path) -> None:
    secret = turn(60, "My dog is called Zwibbelquast.")
    with opened(home) as companion:
        live(companion, [*TOLD[2:5], secret, *TOLD[5:7]], [4, 5])
        companion.sleep(USER)
        assert companion.request(USER, asked(DOG), SHORT).injection is not None
        assert holding(home, "Zwibbelquast")
        assert companion.forget(USER, [secret.id]).leftover == ""
        assert companion.request(USER, asked(DOG), SHORT).injection is None
        assert holding(home, "Zwibbelquast") == []
        for version in companion.store.history(USER, "lpm"):
            assert version.heard <= 3 or version.version == companion.recall(USER).version
    assert holding(home, "Zwibbelquast") == []


def test_neighbours_in_the_store_do_not_matter(tmp_path: Path) -> None:
    """Row numbers, other users and what they forgot leave no trace in a memory."""
    with opened(tmp_path) as companion:
        for i, said in enumerate(TOLD):
            other = Turn(said.id, "bertram", "user", f"My sister is called Ines{i}.")
            companion.hear("bertram", [other])
            companion.hear(USER, [said])
            if i == 4:
                companion.sleep(USER)
                companion.forget("bertram", [other.id])
        companion.forget(USER, [TOLD[1].id, TOLD[6].id])
        left = [said for i, said in enumerate(TOLD) if i not in (1, 6)]
        assert stored(companion) == made(left, 4)


@pytest.mark.parametrize("case", CASES)
def test_ids_are_provenance_and_nothing_else(case: str) -> None:
    """Turns with the same text and other ids make the same tensors."""
    renamed = [Turn(f"{i + 77:015x}b", USER, said.role, said.text) for i, said in enumerate(TOLD)]
    one, two = (load(made(turns, 5, case), None).tensors for turns in (TOLD, renamed))
    assert one.keys() == two.keys()
    assert all(one[name].equal(two[name]) for name in one)


def test_forgetting_everything_leaves_an_empty_memory(home: Path) -> None:
    with opened(home) as companion:
        live(companion, TOLD, [4])
        companion.forget(USER, [said.id for said in TOLD])
        assert companion.recall(USER).heard == 0
        assert companion.store.history(USER, "lpm") == []
        companion.hear(USER, TOLD[:2])
        assert stored(companion) == made(TOLD[:2])


def test_an_unknown_turn_is_refused_and_changes_nothing(home: Path) -> None:
    with opened(home) as companion:
        live(companion, TOLD, [4])
        before = stored(companion)
        with pytest.raises(ImprintError, match="nothing was forgotten"):
            companion.forget(USER, [TOLD[0].id, "0123456789abcdef"])
        assert stored(companion) == before
        companion.forget(USER, [])
        assert stored(companion) == before


def test_a_turn_is_forgotten_even_if_the_replay_is_stopped(home: Path) -> None:
    left = [*TOLD[:1], *TOLD[2:]]
    with opened(home) as companion:
        live(companion, TOLD, [6])
        with pytest.raises(Interrupted):
            companion.forget(USER, [TOLD[1].id], StopAt(1))
    with opened(home) as companion:
        assert holding(home, "Biscuit") == []
        assert companion.recall(USER).slept == 0
        assert stored(companion) == made(left)
        companion.sleep(USER)
        assert stored(companion) == made(left, len(left))
