"""What was seen inside memories, in the words of a result file: scores, the slot map, one user's attention.

No text of a user stands in it: slots are named by the kind of their fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone
from imprint.evals.families import family_of
from imprint.evals.inside import HEADLINE, Looked
from imprint.evals.slot_map import principal, silhouettes
from imprint.evals.stats import ratio, resamples

BLIND = {
    "effect": "chance",
    "attention": "chance",
    "effect_where_spoke": "chance_where_spoke",
    "attention_where_spoke": "chance_where_spoke",
}
"""Score: what a slot chosen blindly would have."""


def assemble_inside(seen: Sequence[Looked], backbone: Backbone) -> dict[str, Any]:
    """The measured part of a result."""
    rows = [
        (user.person.user, one.item.kind, scores)
        for user in seen
        for one, scores in zip(user.asked, user.scores, strict=True)
    ]
    names = sorted({name for _, _, scores in rows for name in scores} - set(BLIND.values()))
    kinds = sorted({kind for _, kind, _ in rows})
    lpm = {
        "method": "lpm",
        "settings": {},
        "scores": {name: _estimate(rows, name) for name in names},
        "kinds": {HEADLINE: {kind: _estimate([row for row in rows if row[1] == kind], HEADLINE) for kind in kinds}},
        "cost": {},
        "slots": sum(len(user.facts) for user in seen),
        "silhouette": _silhouettes(seen),
        "map": _map(seen),
        "attention": _attention(max(seen, key=lambda user: len(user.asked))),
    }
    chance = {"method": "none", "settings": {"control": "chance"}, "kinds": {}, "cost": {}}
    chance["scores"] = {name: _estimate(rows, blind) for name, blind in BLIND.items() if name in names}
    return {
        "people": [_person(user, backbone) for user in seen],
        "kinds": {kind: sum(row[1] == kind for row in rows) for kind in kinds},
        "note": "",
        "arms": {"lpm": lpm, "chance": chance},
        "outcomes": [_outcome(user, number) for user in seen for number in range(len(user.asked))],
        "errors": [],
    }


def _estimate(rows: Sequence[tuple[str, str, Mapping[str, float]]], name: str) -> dict[str, Any]:
    having = [(user, scores[name]) for user, _, scores in rows if name in scores]
    return asdict(ratio([(value, 1.0) for _, value in having], resamples([user for user, _ in having])))


def _person(user: Looked, backbone: Backbone) -> dict[str, Any]:
    own = "\n".join(turn.text for turn in user.person.turns if turn.role == "user")
    counts = {"turns": len(user.person.turns), "history_tokens": len(backbone.tokenize(own)), "items": len(user.asked)}
    return {"seed": 0, "user": user.person.user, "slots": len(user.facts), **counts}


def _outcome(user: Looked, number: int) -> dict[str, Any]:
    one = user.asked[number]
    first = one.effects.first if one.effects else None
    return {
        "user": user.person.user,
        "item": one.item.id,
        "kind": one.item.kind,
        "planted": list(one.planted),
        "first_by_effect": first.slot if first else None,
        "scores": user.scores[number],
    }


def _spaces(seen: Sequence[Looked]) -> dict[str, Float[Tensor, "n a"]]:
    """The vectors of all users' slots, by what they say of a slot."""
    found = {"contents": [user.contents for user in seen], "keys": [user.keys for user in seen]}
    foreseen = [user.foreseen for user in seen if user.foreseen is not None]
    if len(foreseen) == len(seen):
        found["foreseen"] = foreseen
    return {name: torch.cat(vectors) for name, vectors in found.items()}


def _silhouettes(seen: Sequence[Looked]) -> dict[str, dict[str, float]]:
    """Mean silhouette of the slots by user, and by family of the fact, in each space."""
    users = [user.person.user for user in seen for _ in user.facts]
    families = [family_of(fact.kind) for user in seen for fact in user.facts]
    return {
        space: {"user": _mean(silhouettes(vectors, users)), "family": _mean(silhouettes(vectors, families))}
        for space, vectors in _spaces(seen).items()
    }


def _mean(values: Float[Tensor, " n"]) -> float:
    return values.mean().item() if len(values) else 0.0


def _map(seen: Sequence[Looked]) -> dict[str, Any]:
    """Contents, and what slots are found by, on their first two principal components; users by number."""
    spaces = _spaces(seen)
    owners = [number for number, user in enumerate(seen) for _ in user.facts]
    panels = {}
    for space in ("contents", "foreseen" if "foreseen" in spaces else "keys"):
        if len(owners) > 1:
            places, explained = principal(spaces[space])
            points = [[owner, *place] for owner, place in zip(owners, places.tolist(), strict=True)]
            panels[space] = {"points": points, "explained": list(explained)}
    return panels


def _attention(user: Looked) -> dict[str, Any]:
    """One user's questions over their slots: kinds of the slots, weights, which slots were planted, who spoke.

    Questions stand in the order of the slots that answer them, those that no slot answers last.
    """
    order = sorted(range(len(user.asked)), key=lambda i: user.asked[i].planted or (len(user.facts),))
    asked = [user.asked[i] for i in order]
    return {
        "user": user.person.user,
        "slots": [fact.kind for fact in user.facts],
        "weights": [list(one.weights) for one in asked],
        "planted": [list(one.planted) for one in asked],
        "first_by_effect": [one.effects.first.slot if one.effects and one.effects.first else None for one in asked],
        "spoke": [one.effects is not None for one in asked],
    }
