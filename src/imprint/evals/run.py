"""The harness: every arm answers the same items about the same people, with the same frozen model."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from imprint.backbone.base import Backbone, ContextTooLong
from imprint.backbone.decode import generate
from imprint.encode.base import Encoder
from imprint.evals.arms import ORACLE, Arm, base_arm
from imprint.evals.ask import Asker, Inject, Reading, chunks
from imprint.evals.benchmark import Benchmark
from imprint.evals.items import Answers, Item, Loaded, Person
from imprint.evals.journal import Journal, packed, unpacked
from imprint.evals.judge import Judge
from imprint.evals.memories import Made, Memories, noise
from imprint.evals.text_reader import TextReaderConfig, text_reader
from imprint.methods.parts.transcript import said_in, told
from imprint.tensors import Context, Hybrid, Injection
from imprint.types import ImprintError, Progress, Turn

TIMED_TOKENS = 16
"""Tokens generated, alone and from nothing shared, to measure the time to the first and the speed after it."""


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    benchmark: Benchmark
    arms: Mapping[str, Arm]
    seeds: Sequence[int]
    data: Path | None
    limit: int
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The config file's [methods.NAME]."""
    reader: TextReaderConfig = TextReaderConfig()
    judge: Judge | None = None
    turn_reader: str = ""
    """The config file's `reader`: what reads the turns."""


@dataclass(frozen=True)
class Found:
    """Everything a result file is made of."""

    loaded: Mapping[int, Loaded]
    answers: Mapping[str, Answers]
    """By `key_of(seed, user, arm, item)`."""
    costs: Mapping[str, Mapping[str, Mapping[str, float]]]
    """By `key_of(seed, user, arm)`."""
    errors: Sequence[str]


def key_of(*parts: object) -> str:
    """The name of one piece of a run."""
    return "/".join(map(str, parts))


class Evaluation:
    """One run of one benchmark."""

    def __init__(
        self, plan: Plan, backbone: Backbone, encoder: Encoder, folder: Path, journal: Journal, progress: Progress
    ) -> None:
        self._plan, self._backbone, self._journal, self._progress = plan, backbone, journal, progress
        self._memories = Memories(folder, backbone, encoder, plan.tables, plan.turn_reader)
        self._folder = folder
        self._done = 0

    def run(self) -> Found:
        """Every seed, person and arm; what the journal holds is not done again."""
        plan = self._plan
        loaded = {seed: plan.benchmark.load(plan.data, seed, plan.limit) for seed in plan.seeds}
        items = sum(len(person.items) for found in loaded.values() for person in found.people)
        if not items:
            raise ImprintError("no item is left to ask", "Check --limit and the benchmark's options")
        self._progress.start(plan.benchmark.name, items * len(plan.arms))
        for seed, found in loaded.items():
            for person in found.people:
                if person.items:
                    self._person(seed, found.people, person)
        return self._found(loaded)

    def _person(self, seed: int, people: Sequence[Person], person: Person) -> None:
        reading: Reading | None = None
        for name in self._plan.arms:
            groups = chunks(person.items)
            keys = [key_of(seed, person.user, name, number) for number in range(len(groups))]
            cost = key_of("cost", seed, person.user, name)
            if all(key in self._journal.lines for key in (*keys, cost)):
                self._advance(len(person.items), "")
                continue
            if reading is None and any(item.teach for item in person.items):
                reading = self._reading(seed, person)
            self._arm(name, seed, people, person, reading, list(zip(keys, groups, strict=True)), cost)

    def _arm(
        self,
        name: str,
        seed: int,
        people: Sequence[Person],
        person: Person,
        reading: Reading | None,
        groups: Sequence[tuple[str, tuple[Item, ...]]],
        cost: str,
    ) -> None:
        arm = self._plan.arms[name]
        label = f"{name}, {person.user}"
        made = self._memory(arm, seed, people, person, label)
        inject = self._inject(arm, made, seed, person)
        asker = Asker(self._backbone, inject, person.items)
        for number, (key, chunk) in enumerate(groups):
            if key not in self._journal.lines:
                bare = self._journal.lines.get(key_of(seed, person.user, "none", number), {"answers": {}})["answers"]
                known = {item.id: bare[item.id] for item in chunk if item.id in bare and asker.silent(item)}
                self._journal.add(key, self._chunk(asker, chunk, known, reading, label))
            self._advance(len(chunk), label)
        if cost not in self._journal.lines:
            sizes = {"bytes": float(made.bytes), "trainable": float(made.trainable)}
            counted = {**sizes, **asdict(asker.cost(person.items))}
            spent = {"write": made.write_seconds, "sleep": made.sleep_seconds, **self._speed(asker, person.items[0])}
            self._journal.add(cost, {"counted": counted, "seconds": spent})

    def _chunk(
        self, asker: Asker, chunk: Sequence[Item], known: Mapping[str, Any], reading: Reading | None, label: str
    ) -> dict[str, Any]:
        """Answers to these items. known: those of the bare model, for items where nothing is injected."""
        left = [item for item in chunk if item.id not in known]
        try:
            found, error = asker.answers(left, reading), ""
        except ImprintError as problem:
            found, error = [Answers() for _ in left], f"{label}: {problem.problem}"
        judge = self._plan.judge
        if judge is not None and not error:
            judged = [self._plan.benchmark.judged(item, a, judge) for item, a in zip(left, found, strict=True)]
            found = [replace(a, measured=j or a.measured) for a, j in zip(found, judged, strict=True)]
        asked = {item.id: packed(answers) for item, answers in zip(left, found, strict=True)}
        return {"answers": {**asked, **known}, "error": error}

    def _memory(self, arm: Arm, seed: int, people: Sequence[Person], person: Person, label: str) -> Made:
        note = _Note(self._progress, lambda: self._done, label)
        if arm.control != "other_user":
            made = self._memories.made(base_arm(arm), seed, person, note)
            return replace(made, memory=noise(made.memory, seed)) if arm.control == "random" else made
        return self._memories.made(base_arm(arm), seed, other_of(people, person), note)

    def _inject(self, arm: Arm, made: Made, seed: int, person: Person) -> Inject:
        said = {turn.id: turn for turn in person.turns}
        note = _Note(self._progress, lambda: self._done, "text reader")
        soft = text_reader(self._backbone, self._plan.reader, self._folder, note) if arm.soft else None

        def inject(item: Item, text: str) -> Injection:
            if arm.method == ORACLE:
                right = [said[turn] for turn in item.evidence if turn in said]
                found: Injection = Context(told(said_in(right), made.method.config.format)) if right else None
            else:
                found = made.method.read(made.memory, conversation(item, text))
            return Hybrid(found, soft) if soft is not None and isinstance(found, Context) else found

        return inject

    def _reading(self, seed: int, person: Person) -> Reading:
        arm = Arm("full_context")
        made = self._memories.made(arm, seed, person, self._progress)
        return Reading(self._backbone, self._inject(arm, made, seed, person), person.items)

    def _speed(self, asker: Asker, item: Item) -> dict[str, float]:
        request = asker.request(item)
        request = replace(request, sampling=replace(request.sampling, max_new_tokens=TIMED_TOKENS))
        began = time.perf_counter()
        try:
            times = [time.perf_counter() - began for _ in generate(self._backbone, [request])]
        except ContextTooLong:
            return {"first_token": float("nan"), "tokens_per_second": float("nan")}
        speed = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else float("nan")
        return {"first_token": times[0], "tokens_per_second": speed}

    def _advance(self, items: int, note: str) -> None:
        self._done += items
        self._progress.advance(self._done, note)

    def _found(self, loaded: Mapping[int, Loaded]) -> Found:
        answers, costs, errors = {}, {}, []
        for key, value in self._journal.lines.items():
            if key.startswith("cost/"):
                costs[key.removeprefix("cost/")] = value
                continue
            person = key.rpartition("/")[0]
            answers |= {key_of(person, item): unpacked(found) for item, found in value["answers"].items()}
            errors += [value["error"]] if value["error"] else []
        return Found(loaded, answers, costs, sorted(errors))


def conversation(item: Item, text: str) -> list[Turn]:
    """What was said since the memory was made, ending with the question: what a method reads with."""
    said = [*item.before, ("user", text)]
    return [Turn("", "", role, words) for role, words in said]


def other_of(people: Sequence[Person], person: Person) -> Person:
    """Somebody else of the same benchmark: half the list away, since neighbours may share a conversation."""
    at = next(i for i, candidate in enumerate(people) if candidate.user == person.user)
    other = people[(at + max(1, len(people) // 2)) % len(people)]
    if other.user == person.user or not other.turns:
        raise ImprintError("the arm other_user needs two people who told something", "Leave it out, or raise --limit")
    return other


class _Note:
    """A fit's progress as the note of the run's own bar."""

    def __init__(self, bar: Progress, done: Any, label: str) -> None:
        self._bar, self._done, self._label, self._total = bar, done, label, 0
        self._what = ""

    def start(self, what: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        self._what, self._total = what, total

    def advance(self, done: int, note: str = "") -> None:
        """`done` steps of the stage are finished."""
        self._bar.advance(self._done(), f"{self._label}: {self._what} {done} of {self._total}")
