"""Looks inside memories of users who told things: does the slot that holds an answer answer, and where do slots lie?

Planted turns (the question file says which turn told the answer), slot editing and a slot map (METHODS 2.3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Sampling
from imprint.backbone.decode import Reply, reply
from imprint.evals.items import Item, Person
from imprint.evals.match import stands_in
from imprint.evals.recall_file import TOLD
from imprint.evals.rows import evenly
from imprint.fit.runs import Run
from imprint.methods.lpm import LPM
from imprint.methods.parts.addressing import FORESEEN, facts_of
from imprint.methods.parts.inside import asked, effects_on, emptied, swapped, without
from imprint.methods.parts.key_tensors import keys_of
from imprint.study.questions import make_study
from imprint.tensors import Memory
from imprint.types import Effects, Fact, ImprintError, Progress, Turn

BATCH = 8
"""Replies generated together."""
HEADLINE = "effect"


@dataclass(frozen=True)
class InsideOptions:
    """What `--set` and the table [evals.inside] may change."""

    users: int = 8
    """The first so many users of the file; 0: all."""
    questions: int = 20
    """Most questions about told things a user is asked; 0: all."""
    sleep: bool = False
    """Fit every memory first. Without shared weights for the model that is done in any case."""

    def __post_init__(self) -> None:
        if min(self.users, self.questions) < 0:
            raise ImprintError("users and questions must be 0 or more", "Use 0 for all")


@dataclass(frozen=True)
class Asked:
    """One question about something told, and what was seen of the memory."""

    item: Item
    planted: tuple[int, ...]
    """The slots that the turn which told the answer left."""
    weights: tuple[float, ...]
    """Attention over the user's own slots."""
    reply: str
    """Empty where the memory kept silent."""
    effects: Effects | None
    """None where the memory kept silent."""

    @property
    def right(self) -> bool:
        """Whether the memory's reply holds the answer."""
        return stands_in((self.item.answer, *self.item.accept), self.reply)

    @property
    def target(self) -> int:
        """The planted slot that the question attends to most; -1 where there is none."""
        return max(self.planted, key=lambda slot: self.weights[slot], default=-1)


@dataclass(frozen=True)
class Looked:
    """One user."""

    person: Person
    facts: tuple[Fact, ...]
    contents: Float[Tensor, "n d"]
    """Each slot as one vector: the mean of the rows it is decoded to."""
    keys: Float[Tensor, "n e"]
    """The mean of the keys that a slot is found by."""
    foreseen: Float[Tensor, "n f"] | None
    """The questions that the reader foresaw of a slot; None for a reader that foresees none."""
    asked: tuple[Asked, ...]
    scores: tuple[dict[str, float], ...]
    """Of each of `asked`; a score that does not apply is absent."""


def look_into(method: LPM, people: Sequence[Person], options: InsideOptions, progress: Progress) -> Iterator[Looked]:
    """One user after the other."""
    chosen = people[: options.users or len(people)]
    progress.start("looked into", len(chosen))
    for number, person in enumerate(chosen, 1):
        memory = method.write(method.empty(), person.turns)
        if options.sleep or not method.slots.writes:
            memory = method.consolidate(memory, make_study(person.turns, method.reader), Run())
        yield _look(method, memory, person, options)
        progress.advance(number)


def _look(method: LPM, memory: Memory, person: Person, options: InsideOptions) -> Looked:
    items = [item for item in person.items if item.kind in TOLD and item.evidence]
    places = evenly([item.kind for item in items], options.questions, f"inside-{person.user}")
    seen = _ask(method, memory, [items[place] for place in places])
    edits = _edit(method, memory, seen)
    scores = tuple({**planted_scores(one), **edit} for one, edit in zip(seen, edits, strict=True))
    facts, foreseen = facts_of(memory), memory.tensors.get(FORESEEN)
    keys, contents = _mean_keys(method, memory, len(facts)), _contents(method, memory, len(facts))
    return Looked(person, facts, contents, keys, None if foreseen is None else foreseen.float(), tuple(seen), scores)


def _contents(method: LPM, memory: Memory, facts: int) -> Float[Tensor, "n d"]:
    return method.slots.contents(memory) if facts else torch.zeros(0, method.backbone.width)


def _mean_keys(method: LPM, memory: Memory, facts: int) -> Float[Tensor, "n e"]:
    keys = keys_of(memory, method.encoder)
    rows = [keys.vectors[keys.fact == slot].float().mean(0) for slot in range(facts)]
    return torch.stack(rows) if rows else keys.vectors[:0].float()


def _ask(method: LPM, memory: Memory, items: Sequence[Item]) -> list[Asked]:
    facts = facts_of(memory)
    given = _replies(method, [(memory, item) for item in items])
    found = []
    for item, said in zip(items, given, strict=True):
        turns = _turns(item)
        weights = method.address(memory, item.question).weights[: len(facts)]
        owed = effects_on(method, memory, turns, _sampling(item), said, len(facts)) if said else None
        planted = tuple(slot for slot, fact in enumerate(facts) if fact.turn in item.evidence)
        found.append(Asked(item, planted, tuple(weights.tolist()), said.text if said else "", owed))
    return found


def planted_scores(one: Asked) -> dict[str, float]:
    """What a question says about the slot of the turn that told its answer, and about a slot chosen blindly."""
    first = one.effects.first if one.effects else None
    attended = max(range(len(one.weights)), key=one.weights.__getitem__, default=-1)
    by_effect, by_attention = bool(first and first.slot in one.planted), attended in one.planted
    scores = {
        "understood": float(bool(one.planted)),
        "effect": float(by_effect),
        "attention": float(by_attention),
        "chance": len(one.planted) / max(1, len(one.weights)),
        "right": float(one.right),
    }
    if one.planted:
        scores["spoke"] = float(one.effects is not None)
    if one.planted and one.effects is not None:
        own = [each.fall for each in one.effects.slots if each.slot in one.planted]
        rest = [each.fall for each in one.effects.slots if each.slot not in one.planted]
        scores |= {"effect_where_spoke": float(by_effect), "attention_where_spoke": float(by_attention)}
        scores |= {"chance_where_spoke": scores["chance"], "fall": max(own)}
        scores |= {"fall_of_others": sum(map(abs, rest)) / len(rest)} if rest else {}
    return scores


def _edit(method: LPM, memory: Memory, seen: Sequence[Asked]) -> list[dict[str, float]]:
    """The same questions after edits of the slots, those that were answered rightly; the others get no scores."""
    slots, partners = method.slots, partners_of(seen)
    wanted: list[tuple[int, str, Memory]] = []
    for number, one in enumerate(seen):
        if one.right and one.planted:
            wanted.append((number, "emptied", emptied(memory, one.target, slots)))
            wanted.append((number, "removed", without(memory, one.target, slots)))
        if number in partners:
            other = seen[partners[number]].target
            wanted.append((number, "swapped", swapped(memory, one.target, other, slots)))
            wanted.append((number, "untouched", emptied(memory, other, slots)))
    given = _replies(method, [(edited, seen[number].item) for number, _, edited in wanted])
    scores: list[dict[str, float]] = [{} for _ in seen]
    for (number, edit, _), said in zip(wanted, given, strict=True):
        other = seen[partners[number]].item if number in partners else None
        scores[number][edit] = float(edit_worked(edit, seen[number], said.text if said else "", other))
    return scores


def edit_worked(edit: str, before: Asked, after: str, other: Item | None) -> bool:
    """Whether an edit did what it should: the answer gone, the other slot's answer given, or the reply unchanged."""
    if edit == "untouched":
        return after == before.reply
    if edit == "swapped":
        assert other is not None
        return stands_in((other.answer, *other.accept), after)
    return not stands_in((before.item.answer, *before.item.accept), after)


def partners_of(seen: Sequence[Asked]) -> dict[int, int]:
    """For each question that was answered rightly the next one of which the same is true and whose slot and answer
    are other ones: only an answer that the memory can give is looked for after a swap."""
    right = [number for number, one in enumerate(seen) if one.right and one.planted]
    found = {}
    for at, number in enumerate(right):
        own = seen[number]
        for other in right[at + 1 :] + right[:at]:
            one = seen[other]
            if one.target != own.target and not _alike(one.item, own.item) and not _alike(own.item, one.item):
                found[number] = other
                break
    return found


def _alike(one: Item, other: Item) -> bool:
    return any(
        stands_in((value,), text) for value in (one.answer, *one.accept) for text in (other.answer, *other.accept)
    )


def _replies(method: LPM, asking: Sequence[tuple[Memory, Item]]) -> list[Reply | None]:
    """The reply of each memory to its question; None where the memory keeps silent, because the model is then bare."""
    found: list[Reply | None] = [None] * len(asking)
    speaking = []
    for number, (memory, item) in enumerate(asking):
        injection = method.read(memory, _turns(item))
        if injection is not None:
            speaking.append((number, asked(_turns(item), injection, _sampling(item))))
    for start in range(0, len(speaking), BATCH):
        numbers, requests = zip(*speaking[start : start + BATCH], strict=True)
        for number, said in zip(numbers, reply(method.backbone, requests), strict=True):
            found[number] = said
    return found


def _turns(item: Item) -> list[Turn]:
    return [Turn("", "", "user", item.question)]


def _sampling(item: Item) -> Sampling:
    return Sampling(max_new_tokens=item.new_tokens)
