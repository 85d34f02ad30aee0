"""Random sequences of operations: the store always holds what a few plain lists hold."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from imprint.store import SQLiteStore
from imprint.types import ImprintError
from tests.store.model import Kept, same, seen
from tests.store.samples import turn

USERS = ("ada", "Zo\u00eb")
METHODS = ("lpm", "bm25")
KEYS = ("k1", "k2")
users = st.sampled_from(USERS)
methods = st.sampled_from(METHODS)
keys = st.sampled_from(KEYS)
blobs = st.binary(max_size=3).map(lambda raw: raw * 2000)
numbers = st.lists(st.integers(0, 15), min_size=1, max_size=4)


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.store = SQLiteStore(self.home)
        self.model: dict[str, Kept] = {}
        self.stale: dict[str, str] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.home)

    @rule(user=users, told=numbers)
    def add(self, user: str, told: list[int]) -> None:
        turns = [turn(number, user) for number in told]
        assert self.store.add(user, turns) == self.model.setdefault(user, Kept()).add(turns)

    @rule(user=users, method=methods, blob=blobs, data=st.data())
    def publish(self, user: str, method: str, blob: bytes, data: st.DataObject) -> None:
        found = self.store.snapshot(user)
        if user not in self.model:
            with pytest.raises(ImprintError, match="nothing is kept"):
                self.store.publish(user, method, blob, found.epoch, 0, 0)
            return
        heard = data.draw(st.integers(0, len(found.turns)))
        slept = data.draw(st.integers(0, heard))
        number = self.store.publish(user, method, blob, found.epoch, heard, slept)
        assert number == self.model[user].publish(method, blob, heard, slept)

    @rule(user=users, method=methods)
    def publish_what_is_stale(self, user: str, method: str) -> None:
        if user in self.stale:
            with pytest.raises(ImprintError, match="Run it again"):
                self.store.publish(user, method, b"stale", self.stale[user], 0, 0)

    @rule(user=users, told=numbers)
    def forget(self, user: str, told: list[int]) -> None:
        ids = [turn(number).id for number in told]
        kept = self.model.get(user, Kept())
        if set(ids) - {turn.id for turn in kept.turns}:
            with pytest.raises(ImprintError, match=r"nothing was forgotten|nothing is kept"):
                self.store.forget(user, ids)
            return
        self.stale[user] = self.store.snapshot(user).epoch
        receipt = self.store.forget(user, ids)
        assert (receipt.turns, receipt.versions, receipt.checkpoints) == kept.forget(ids)
        assert receipt.leftover == ""

    @rule(user=users)
    def erase(self, user: str) -> None:
        kept = self.model.pop(user, Kept())
        if kept.turns:
            self.stale[user] = self.store.snapshot(user).epoch
        receipt = self.store.erase(user)
        versions = sum(map(len, kept.versions.values()))
        assert (receipt.turns, receipt.versions, receipt.checkpoints) == (
            len(kept.turns),
            versions,
            len(kept.checkpoints),
        )

    @rule(user=users, method=methods, key=keys, state=blobs)
    def save_checkpoint(self, user: str, method: str, key: str, state: bytes) -> None:
        if user in self.model:
            self.store.save_checkpoint(user, method, key, state, self.store.snapshot(user).epoch)
            self.model[user].checkpoints[method, key] = state

    @rule(user=users, method=methods)
    def drop_checkpoints(self, user: str, method: str) -> None:
        self.store.drop_checkpoints(user, method)
        for key in KEYS:
            self.model.get(user, Kept()).checkpoints.pop((method, key), None)

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = SQLiteStore(self.home)

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        assert self.store.users() == sorted(self.model)
        for user in USERS:
            kept = self.model.get(user, Kept())
            assert same(seen(self.store, user, METHODS, KEYS), kept)
            assert self.store.snapshot(user).slept == max(kept.sleeps, default=0)
            assert self.store.methods(user) == sorted(name for name, versions in kept.versions.items() if versions)


TestStore = StoreMachine.TestCase
TestStore.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
