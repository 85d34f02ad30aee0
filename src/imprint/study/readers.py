"""Choosing a reader of turns: the patterns, which need no weights, or the learned one; and what both do with facts."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from imprint.detect.clauses import clauses
from imprint.detect.sentences import sentences
from imprint.detect.words import words
from imprint.study.bank import load_kinds
from imprint.study.changes import Ended, ended
from imprint.study.found import Found, People, Scene
from imprint.study.reader import Reader, Understood
from imprint.study.rewrite import second_person, shortened
from imprint.study.rules import CORRECTS, extract, fold, topic_of_clause
from imprint.study.told import LISTED, Told
from imprint.types import Fact, ImprintError, Turn

if TYPE_CHECKING:
    from imprint.encode.base import Encoder

READERS = ("auto", "learned", "rules")
HAD_OR_DONE = frozenset(
    words(
        "hobby sport instrument learning club volunteering weekly habit collection pet_kind pet_name vehicle phone "
        "computer possession app subscription medication work employer goal drink_habit breakfast plan_trip plan_event"
    )
)
"""Kinds whose value is something had or done: said to be over, it is taken back rather than told as it stands."""


class RulesReader(Reader):
    """Patterns over clause frames (`study/rules.py`). They do not look at the line before."""

    answers = False
    id = "rules"

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        found = extract([Turn("0" * 16, "", "user", text)])
        over = bool(CORRECTS.search(text)) or any(ended(Scene(clause, People())) for clause in clauses(text))
        read = tuple(Understood(f.kind, f.about, f.value, f.polarity, over, 1.0) for f in found)
        return float(bool(read)), read

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        return fold(facts, turn)


def folded(facts: tuple[Fact, ...], turn: Turn, read: Sequence[Understood], keep: float) -> tuple[Fact, ...]:
    """The facts after a turn out of which `read` was taken; what is less sure than `keep` is kept as its sentence."""
    told = Told(facts)
    for one in read:
        believed = one.sure >= keep
        over = believed and one.polarity < 0 and one.changes and one.kind in HAD_OR_DONE
        whole = one.kind == "about" or bool(load_kinds()[one.kind].about) and not one.about
        if over:
            told.end(Ended((one.value.lower(),), (one.kind,)), turn.id)
        if believed and not whole and not over:
            found = Found(one.kind, one.about, second_person(one.value), one.polarity, round(one.sure, 2))
            told.add(found, turn.id, one.changes and one.kind not in LISTED)
        elif about := one.about or (one.value.lower() if over else _subject(turn.text)):
            said = shortened(second_person(_sentence(turn.text, one.value)))
            told.add(Found("about", about, said, one.polarity, round(one.sure, 2)), turn.id)
    return told.facts()


def _sentence(text: str, value: str) -> str:
    """The sentence that the value stands in."""
    spoken = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    return next((part for part in sentences(text) if spoken.search(part)), text)


RULES = RulesReader()


def open_reader(name: str, encoder: "Encoder") -> Reader:
    """The reader called `name`: "auto" is the learned one where its encoder and its weights are there; "" the rules."""
    from imprint.encode.minilm import MiniLM

    if name not in ("", *READERS):
        raise ImprintError(f"there is no reader {name!r}", f"Choose one of: {', '.join(READERS)}")
    if name in ("", "rules"):
        return RULES
    from imprint.study.extractor.extractor import SHIPPED, open_extractor
    from imprint.study.learned import LearnedReader

    if isinstance(encoder, MiniLM) and (name == "learned" or SHIPPED.is_file()):
        return LearnedReader(open_extractor(encoder))
    if name == "learned":
        raise ImprintError("the learned reader needs the encoder minilm", 'Set encoder = "minilm" or reader = "rules"')
    return RULES


def _subject(text: str) -> str:
    """The noun that a turn kept whole is asked for by."""
    return next((found for clause in clauses(text) if (found := topic_of_clause(clause, People()))), "")
