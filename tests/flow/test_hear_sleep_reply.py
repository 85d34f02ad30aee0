"""The main road: what is heard is durable and written, sleep makes it speak, and the reply reads it."""

from pathlib import Path

import pytest

from imprint.backbone.base import Message, Request
from imprint.backbone.decode import reply
from imprint.companion import Companion
from imprint.methods import METHODS
from imprint.store import SQLiteStore
from imprint.store.blob import dump
from imprint.tensors import SoftPrompt
from imprint.types import ImprintError, Turn
from tests.contracts.samples import CASES
from tests.flow.samples import DOG, SHORT, TOLD, USER, asked, backbone, made, method, opened, stored

WRITES = [*METHODS, "lpm published"]
"""The other forms of lpm write as the first does."""


@pytest.mark.parametrize("case", WRITES)
def test_heard_one_by_one_or_at_once_or_in_two_sittings(home: Path, case: str) -> None:
    for user, size in (("one", 1), ("some", 3), ("all", 99)):
        for start in range(0, len(TOLD), size):
            with opened(home, case) as companion:
                part = [Turn(t.id, user, t.role, t.text) for t in TOLD[start : start + size]]
                assert companion.hear(user, part) == len(part)
                assert companion.hear(user, part) == 0
    with opened(home, case) as companion:
        assert {stored(companion, user) for user in ("one", "some", "all")} == {made(TOLD, case=case)}


@pytest.mark.parametrize("case", CASES)
def test_sleep_consolidates_everything_heard(home: Path, case: str) -> None:
    with opened(home, case) as companion:
        companion.hear(USER, TOLD[:4])
        before = companion.recall(USER)
        state = companion.sleep(USER)
        assert (before.heard, before.slept, state.heard, state.slept) == (4, 0, 4, 4)
        assert stored(companion) == dump(state.memory) == made(TOLD[:4], 4, case)
        assert len(stored(companion)) == state.bytes
        assert companion.sleep(USER).version == state.version
        companion.hear(USER, TOLD[4:])
        assert stored(companion) == made(TOLD, 4, case)
        assert companion.sleep(USER).slept == len(TOLD)
    with opened(home, case) as companion:
        assert stored(companion) == dump(companion.recall(USER).memory) == made(TOLD, len(TOLD), case)


def test_a_reply_reads_the_memory_after_the_first_sleep(home: Path) -> None:
    bare = reply(backbone(), [Request((Message("user", DOG),), None, SHORT)])[0]
    with opened(home) as companion:
        companion.hear(USER, TOLD[:2])
        assert companion.reply(USER, asked(DOG), SHORT) == bare
        companion.sleep(USER)
        answer = companion.reply(USER, asked(DOG), SHORT)
        assert answer.soft_tokens > 0
        assert isinstance(companion.request(USER, asked(DOG), SHORT).injection, SoftPrompt)
        dropped, pieces = companion.stream(USER, asked(DOG), SHORT)
        found = list(pieces)
        assert "".join(piece.text for piece in found) == answer.text
        assert tuple(piece.token for piece in found) == answer.tokens
        assert dropped == answer.dropped == 0
        assert companion.reply("stranger", asked(DOG), SHORT) == bare


def test_it_says_what_it_read_and_from_which_turn(home: Path) -> None:
    with opened(home) as companion:
        companion.hear(USER, TOLD[:4])
        companion.sleep(USER)
        why = companion.why(USER, asked(DOG))
        assert why is not None
        assert why.spoke
        assert why.traces[0].fact.turn == TOLD[1].id
        assert {fact.turn for fact in companion.study(USER).facts} == {TOLD[i].id for i in (0, 1, 3)}


@pytest.mark.parametrize("case", WRITES)
@pytest.mark.parametrize("slept", [0, 3])
def test_turns_that_a_crash_left_unwritten_are_caught_up(home: Path, case: str, slept: int) -> None:
    """The ledger has them, the memory does not."""
    with opened(home, case) as companion:
        if slept:
            companion.hear(USER, TOLD[:slept])
            companion.sleep(USER)
        companion.store.add(USER, TOLD)
        state = companion.recall(USER)
        assert (state.heard, state.slept) == (len(TOLD), slept)
        assert stored(companion) == dump(state.memory) == made(TOLD, slept, case)


def test_two_methods_share_one_ledger(home: Path) -> None:
    with SQLiteStore(home) as store:
        one, two = (Companion(store, method(case)) for case in ("lpm", "bm25"))
        one.hear(USER, TOLD[:3])
        two.hear(USER, TOLD[3:])
        one.sleep(USER)
        assert dump(one.recall(USER).memory) == made(TOLD, len(TOLD))
        assert dump(two.recall(USER).memory) == made(TOLD, case="bm25")


def test_someone_unknown_has_an_empty_memory_and_cannot_sleep(home: Path) -> None:
    with opened(home) as companion:
        state = companion.recall("stranger")
        assert (dump(state.memory), state.heard, state.version) == (made([]), 0, 0)
        with pytest.raises(ImprintError, match="nothing was heard from 'stranger' yet. imprint ingest"):
            companion.sleep("stranger")
        assert companion.store.users() == []
