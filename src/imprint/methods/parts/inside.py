"""Looking inside a memory: take a slot out, empty it, swap two; and what a reply owes to each slot (METHODS 2.3).

Every edit is a pure function of the memory. The effect of a slot is leave-one-out: the fall of log p(reply) when the
memory has no such slot. It is measured on the frozen model, so attention has no part in it.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone, Message, Request, Sampling
from imprint.backbone.decode import Reply, reply
from imprint.backbone.score import forced, log_likelihoods
from imprint.methods.parts.addressing import FORESEEN, facts_of
from imprint.methods.parts.key_tensors import kept_keys
from imprint.methods.parts.slots import Slots
from imprint.tensors import Injection, Memory, soft_of
from imprint.types import Effect, Effects, ImprintError, Turn


@runtime_checkable
class Addressed(Protocol):
    """Where a question leads."""

    @property
    def weights(self) -> Float[Tensor, " n"]:
        """Attention over the slots."""
        ...


@runtime_checkable
class Slotted(Protocol):
    """A method whose memory is slots, one a fact."""

    backbone: Backbone

    @property
    def slots(self) -> Slots:
        """How slots are written and read."""
        ...

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """What enters the model."""
        ...

    def address(self, memory: Memory, question: str) -> Addressed:
        """Attention over the slots."""
        ...


def without(memory: Memory, slot: int, slots: Slots) -> Memory:
    """The memory without a slot: its keys, its contents and its fact are gone, the others move up."""
    facts = facts_of(memory)
    kept = [i for i in range(len(facts)) if i != slot]
    held = memory.tensors
    own = {name: held[name][kept] for name in (*slots.empty, FORESEEN) if name in held}
    tensors = {**held, **kept_keys(held, kept), **own}
    if not kept:
        tensors.pop(FORESEEN, None)
    return Memory(memory.fingerprint, tensors, {**memory.meta, "facts": [asdict(facts[i]) for i in kept]})


def emptied(memory: Memory, slot: int, slots: Slots) -> Memory:
    """The memory in which a slot holds nothing; its keys stay, so the questions it answers still lead there."""
    tensors = {name: memory.tensors[name].clone() for name in _one_a_slot(slots)}
    for name, tensor in tensors.items():
        tensor[slot] = slots.empty[name]
    return replace(memory, tensors={**memory.tensors, **tensors})


def swapped(memory: Memory, one: int, other: int, slots: Slots) -> Memory:
    """The memory in which two slots hold each other's contents; the keys stay where they are."""
    order = list(range(len(facts_of(memory))))
    order[one], order[other] = other, one
    tensors = {name: memory.tensors[name][order] for name in _one_a_slot(slots)}
    return replace(memory, tensors={**memory.tensors, **tensors})


def _one_a_slot(slots: Slots) -> tuple[str, ...]:
    if not slots.empty:
        raise ImprintError("slots of the published form belong to no turn", 'Set form = "associative"')
    return tuple(slots.empty)


def leave_one_out(
    method: Slotted, memory: Memory, turns: Sequence[Turn], sampling: Sampling, most: int
) -> Effects | None:
    """The reply to `turns`, and what it owes to the slots they attend to most; None while the memory keeps silent."""
    injection = method.read(memory, turns)
    if injection is None:
        return None
    _one_a_slot(method.slots)
    given = reply(method.backbone, [asked(turns, injection, sampling)])[0]
    return effects_on(method, memory, turns, sampling, given, most)


@torch.no_grad()
def effects_on(
    method: Slotted, memory: Memory, turns: Sequence[Turn], sampling: Sampling, given: Reply, most: int
) -> Effects:
    """What a reply that is given already owes to the slots; the memory speaks to `turns`."""
    facts = facts_of(memory)
    whole = method.read(memory, turns)
    weights = method.address(memory, turns[-1].text).weights[: len(facts)]
    chosen = weights.argsort(descending=True, stable=True)[:most].tolist()
    left = [method.read(without(memory, slot, method.slots), turns) for slot in chosen]
    different: list[Injection] = [whole, None]
    place = []
    for injection in left:
        known = (i for i, other in enumerate(different) if _same(injection, other))
        place.append(next(known, len(different)))
        if place[-1] == len(different):
            different.append(injection)
    requests = [asked(turns, injection, sampling) for injection in different]
    found = log_likelihoods(forced(method.backbone, requests, [given.tokens] * len(requests)))
    falls = [found[0][0] - total for total, _ in found]
    effects = (
        Effect(slot, facts[slot], weights[slot].item(), falls[at]) for slot, at in zip(chosen, place, strict=True)
    )
    return Effects(given.text, found[0][0], falls[1], tuple(effects))


def asked(turns: Sequence[Turn], injection: Injection, sampling: Sampling) -> Request:
    """The conversation with this injection, as a row of a batch."""
    return Request(tuple(Message(turn.role, turn.text) for turn in turns), injection, sampling)


def _same(one: Injection, other: Injection) -> bool:
    """Whether two injections put the same rows before the model: then no forward is needed to tell them apart."""
    left, right = soft_of(one), soft_of(other)
    if left is None or right is None:
        return left is right
    return torch.equal(left.rows, right.rows)
