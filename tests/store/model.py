"""The store as plain lists: what the real one is compared with."""

from dataclasses import dataclass, field

from imprint.store import Store
from imprint.store.base import VERSIONS_KEPT
from imprint.types import Turn


@dataclass
class Kept:
    """One user."""

    turns: list[Turn] = field(default_factory=list)
    versions: dict[str, list[tuple[int, bytes, int, int]]] = field(default_factory=dict)
    """By method, oldest first: number, blob, heard, slept."""
    last: dict[str, int] = field(default_factory=dict)
    sleeps: set[int] = field(default_factory=set)
    checkpoints: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def add(self, turns: list[Turn]) -> int:
        before = len(self.turns)
        for turn in turns:
            if turn.id not in [kept.id for kept in self.turns]:
                self.turns.append(turn)
        return len(self.turns) - before

    def publish(self, method: str, blob: bytes, heard: int, slept: int) -> int:
        versions = self.versions.setdefault(method, [])
        if not versions or versions[-1][1:] != (blob, heard, slept):
            self.last[method] = self.last.get(method, 0) + 1
            versions.append((self.last[method], blob, heard, slept))
            del versions[:-VERSIONS_KEPT]
        if slept:
            self.sleeps.add(slept)
        return versions[-1][0]

    def forget(self, ids: list[str]) -> tuple[int, int, int]:
        """Turns, versions and checkpoints removed."""
        first = min(place for place, turn in enumerate(self.turns) if turn.id in ids)
        gone = [version for versions in self.versions.values() for version in versions if version[2] > first]
        counts = (len(set(ids)), len(gone), len(self.checkpoints))
        self.turns = [turn for turn in self.turns if turn.id not in ids]
        self.versions = {
            name: [version for version in versions if version[2] <= first] for name, versions in self.versions.items()
        }
        self.sleeps = {slept for slept in self.sleeps if slept <= first}
        self.checkpoints = {}
        return counts


def seen(store: Store, user: str, methods: tuple[str, ...], keys: tuple[str, ...]) -> Kept:
    """What a store holds of a user, in the model's form; blobs only of the newest versions."""
    found = Kept(turns=store.turns(user))
    for method in methods:
        history = store.history(user, method)
        newest = store.memory(user, method)
        assert (newest is None) == (not history)
        for kept in reversed(history):
            blob = newest.blob if newest is not None and kept.version == newest.version else kept.sha256.encode()
            found.versions.setdefault(method, []).append((kept.version, blob, kept.heard, kept.slept))
    for method in methods:
        for key in keys:
            data = store.load_checkpoint(user, method, key)
            if data is not None:
                found.checkpoints[method, key] = data
    return found


def same(found: Kept, wanted: Kept) -> bool:
    """Whether a store's content is the model's. Older versions are compared without their bytes."""
    plain = {
        name: [(version[0], *version[2:]) for version in versions]
        for name, versions in wanted.versions.items()
        if versions
    }
    newest = {name: versions[-1][1] for name, versions in wanted.versions.items() if versions}
    return (
        found.turns == wanted.turns
        and {n: [(v[0], *v[2:]) for v in versions] for n, versions in found.versions.items()} == plain
        and {name: versions[-1][1] for name, versions in found.versions.items()} == newest
        and found.checkpoints == wanted.checkpoints
    )
