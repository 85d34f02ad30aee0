"""What holds after each turn: later facts supersede earlier ones, lists grow, changed minds remove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imprint.detect.words import words
from imprint.study.changes import Ended, matches
from imprint.study.found import Found
from imprint.study.spans import SEPARATOR, held_together
from imprint.study.topics import category_by_words
from imprint.types import Fact

LISTED = frozenset(
    words(
        "allergy language hobby sport instrument collection learning fear avoid_food health pet_kind pet_name "
        "relative friend neighbour goal weekly skill cannot visited volunteering club celebrates medication "
        "access_need achievement subscription life_event cause injury"
    )
)
"""Kinds that hold several values at once, besides every likes_ and dislikes_ kind."""
_MOST_WORDS = 6
_KEPT_WORDS = frozenset(("drink_habit", "diet", "religion", "team", "work"))


@dataclass(frozen=True)
class _Item:
    value: str
    turn: str
    polarity: int
    sure: float = 1.0


def _is_listed(kind: str) -> bool:
    return kind in LISTED or kind.startswith(("likes_", "dislikes_"))


def _opposite(kind: str) -> str:
    if kind.startswith("dislikes_"):
        return kind.removeprefix("dis")
    return f"dis{kind}" if kind.startswith("likes_") else ""


def _same(left: str, right: str) -> bool:
    """Whether two values say the same thing: equal but for case, or one is the other with a word more."""
    a, b = left.lower(), right.lower()
    return a == b or a.rstrip("s") == b.rstrip("s") or f" {a} " in f" {b} " or f" {b} " in f" {a} "


class Told:
    """Facts in order of telling, keyed by (kind, about)."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._items: dict[tuple[str, str], list[_Item]] = {
            (fact.kind, fact.about): [
                _Item(value, fact.turn, fact.polarity, fact.sure)
                for value in (_parted(fact.value) if _is_listed(fact.kind) else [fact.value])
            ]
            for fact in facts
        }
        self._read = {(fact.kind, fact.about): (list(self._items[fact.kind, fact.about]), fact) for fact in facts}
        self._ended_key: tuple[str, str] | None = None
        self._soured = False

    def __contains__(self, key: tuple[str, str]) -> bool:
        return key in self._items

    def values(self, kind: str) -> list[str]:
        """Every value told of a kind."""
        return [item.value for (k, _), items in self._items.items() if k == kind for item in items]

    def add(self, found: Found, turn: str, corrects: bool = False) -> None:
        """Tell a fact: merged into its list, or in place of what was told before."""
        key = (found.kind, found.about.lower())
        item = _Item(found.value, turn, found.polarity, found.sure)
        self._drop_opposite(found)
        held = self._items.get(key, [])
        if any(item.value.lower() == old.value.lower() and item.polarity == old.polarity for old in held):
            return
        another_trip = bool(held) and held[-1].turn != turn
        if not _is_listed(found.kind) or (corrects and not any(old.turn == turn for old in held)):
            held = []
        kept = [
            old
            for old in held
            if not _same(old.value, item.value)
            and old.polarity == item.polarity
            or old.turn == turn
            and not _same(old.value, item.value)
        ]
        # Re-inserted last: facts stand in the order of their latest telling.
        self._items.pop(key, None)
        self._items[key] = [*kept, item]
        if found.kind == "plan_trip" and another_trip and not corrects:
            self._items.pop(("plan_trip_time", ""), None)

    def _drop_opposite(self, found: Found) -> None:
        other = _opposite(found.kind)
        for key in [key for key in self._items if other and key[0] == other]:
            self._replace(key, [old for old in self._items[key] if not _same(old.value, found.value)])

    def _replace(self, key: tuple[str, str], items: list[_Item]) -> None:
        if items:
            self._items[key] = items
        else:
            self._items.pop(key, None)

    def end(self, over: Ended, turn: str) -> bool:
        """Take back what `over` says is over, put in what replaced it. True when something was taken back."""
        if over.what == ("",):
            return self._instead(over.instead, turn, bool(over.kinds))
        hit: list[tuple[tuple[str, str], _Item]] = []
        for key in list(self._items):
            gone = [
                item for item in self._items[key] if item.turn != turn and matches(over, key[0], key[1], item.value)
            ]
            if gone:
                hit.extend((key, item) for item in gone)
                self._replace(key, [item for item in self._items[key] if item not in gone])
        for key, item in hit:
            self._after(key, item, over, turn)
        if over.soured and not hit:
            for what in over.what:
                category = category_by_words(what)
                self.add(Found(f"dislikes_{category or 'thing'}", "" if category else what, what, -1), turn)
                self._soured = True
        return bool(hit)

    def _after(self, key: tuple[str, str], item: _Item, over: Ended, turn: str) -> None:
        self._ended_key = key
        kind, about = key
        if over.instead and kind not in ("plan_trip_time",):
            self.add(Found(kind, about, over.instead), turn)
        elif over.soured and kind.startswith("likes_"):
            self.add(Found(f"dis{kind}", about, item.value, -1), turn)
        elif kind in _KEPT_WORDS and key not in self._items and over.what:
            self.add(Found(kind, about, f"not {item.value.removeprefix('in ')} any more", -1), turn)
        if kind == "plan_trip":
            self._items.pop(("plan_trip_time", ""), None)

    def _instead(self, new: str, turn: str, sure: bool) -> bool:
        """ "It's tea now": takes the place of what ended in this turn, or of the habit of its category."""
        key = self._ended_key
        if key is None:
            category = category_by_words(new)
            if category == "drink" and (sure or ("drink_habit", "") in self._items or self._soured):
                key = ("drink_habit", "")
            elif category and self._soured:
                key = (f"likes_{category}", "")
            else:
                return False
        self.add(Found(key[0], key[1] if not key[0].endswith("_thing") else new.lower(), new), turn)
        return True

    def facts(self) -> tuple[Fact, ...]:
        """One fact a (kind, about): the latest value, or for lists the most recent two (three when they are short)."""
        return tuple(self._fact(key, items) for key, items in self._items.items())

    def _fact(self, key: tuple[str, str], items: list[_Item]) -> Fact:
        was, fact = self._read.get(key, ([], None))
        if fact is not None and items == was:
            return fact  # nothing of this turn touched it: a list longer than is shown stays whole
        latest = items[-1]
        shown = [item.value for item in items[-3:]]
        if len(" ".join(shown).split()) > _MOST_WORDS:
            shown = shown[-2:]
        return Fact(key[0], key[1], _joined(shown), latest.turn, latest.polarity, latest.sure)


def _parted(value: str) -> list[str]:
    """The items of a joined list value."""
    return [item.replace("\u00a0", " ") for item in SEPARATOR.split(held_together(value)) if item]


def _joined(values: Iterable[str]) -> str:
    listed = list(values)
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " and " + listed[-1]
