"""Tables of what was seen inside memories: one row a thing that was looked at, a blind choice of a slot beside it."""

from collections.abc import Iterator

from imprint.evals.read_results import Result

SHARES = {
    "understood": "the turn that told it left a slot",
    "spoke": "of these: the memory speaks when asked",
    "attention": "most attention is on a slot of that turn",
    "effect": "the reply owes most to a slot of that turn",
    "attention_where_spoke": "attention, where the turn left a slot and the memory spoke",
    "effect_where_spoke": "effect, where the turn left a slot and the memory spoke",
    "right": "the reply holds the answer",
    "emptied": "edit: the slot emptied, the answer is gone",
    "removed": "edit: the slot taken out, the answer is gone",
    "swapped": "edit: its contents swapped with another slot's, the other's answer is given",
    "untouched": "edit: that other slot emptied, the reply stays word for word",
}
NATS = {
    "fall": "fall of log p(reply) without that turn's slot, nats",
    "fall_of_others": "the same without another slot, mean size, nats",
}
SPACES = {
    "contents": "contents: mean of the decoded rows",
    "keys": "keys: mean of the wordings it is found by",
    "foreseen": "foreseen: the questions the reader expects",
}


def rows_of(result: Result) -> Iterator[tuple[str, str, str, str]]:
    """What was looked at, its share with the interval, that of a blind choice, and over how many questions."""
    own, blind = (result.data["arms"][name]["scores"] for name in ("lpm", "chance"))
    for name, label in (SHARES | NATS).items():
        if name in own:
            one, chance = own[name], blind.get(name)
            shown = f"{one['mean']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"
            yield label, shown, f"{chance['mean']:.2f}" if chance else "-", str(one["n"])


def silhouette_rows(result: Result) -> Iterator[tuple[str, str, str]]:
    """What slots are compared by, and the mean silhouette by user and by family of fact."""
    found = result.data["arms"]["lpm"]["silhouette"]
    for space, label in SPACES.items():
        if space in found:
            yield label, f"{found[space]['user']:+.2f}", f"{found[space]['family']:+.2f}"
