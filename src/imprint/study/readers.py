"""The two readers of turns: the learned one, and the patterns, which need no weights."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imprint.detect.clauses import clauses
from imprint.study.bank import load_kinds
from imprint.study.changes import ended
from imprint.study.found import Found, People, Scene
from imprint.study.reader import Reader, Understood
from imprint.study.rewrite import second_person, shortened
from imprint.study.rules import CORRECTS, extract, fold, topic_of_clause
from imprint.study.told import Told
from imprint.types import Fact, ImprintError, Turn

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from imprint.encode.base import Encoder
    from imprint.study.extractor.extractor import Extractor

READERS = ("learned", "rules")


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


class LearnedReader(Reader):
    """The extractor. Where it is not sure what was said, the turn is kept as a whole rather than a value invented."""

    answers = True
    keep = 0.1
    """Least probability of being right at which kind and value are believed."""
    tells = 0.35
    changed = 0.5

    def __init__(self, extractor: "Extractor") -> None:
        self._extractor = extractor
        self.id = extractor.id

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        if not text.strip():
            return 0.0, ()
        read = self._extractor.read(text, before)
        if read.tells < self.tells or not read.value.strip():
            return read.tells, ()
        one = Understood(read.kind, read.about, read.value, read.polarity, read.changes >= self.changed, read.sure)
        return read.tells, (one,)

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        if turn.role != "user":
            return facts
        return folded(facts, turn, self.understand(turn.text, before)[1], self.keep)

    def foresee(self, text: str, before: str) -> "Float[Tensor, ' f'] | None":
        return self._extractor.read(text, before).foreseen if text.strip() else None

    def likely(
        self, questions: "Float[Tensor, 'b e']", foreseen: "Float[Tensor, 'n f']"
    ) -> "tuple[Float[Tensor, 'b n'], Float[Tensor, ' b']]":
        return self._extractor.asking.likely(questions, foreseen)


def folded(facts: tuple[Fact, ...], turn: Turn, read: Sequence[Understood], keep: float) -> tuple[Fact, ...]:
    """The facts after a turn out of which `read` was taken; what is less sure than `keep` is kept as the whole turn."""
    told = Told(facts)
    for one in read:
        sure = round(one.sure, 2)
        whole = one.kind == "about" or bool(load_kinds()[one.kind].about) and not one.about
        if one.sure >= keep and not whole:
            told.add(Found(one.kind, one.about, second_person(one.value), one.polarity, sure), turn.id, one.changes)
        elif about := one.about or _subject(turn.text):
            told.add(Found("about", about, shortened(second_person(turn.text)), one.polarity, sure), turn.id)
    return told.facts()


RULES = RulesReader()


def open_reader(name: str, encoder: "Encoder") -> Reader:
    """The reader called `name`; "" is the rules."""
    from imprint.encode.minilm import MiniLM

    if name not in ("", *READERS):
        raise ImprintError(f"there is no reader {name!r}", f"Choose one of: {', '.join(READERS)}")
    if name != "learned":
        return RULES
    if not isinstance(encoder, MiniLM):
        raise ImprintError("the learned reader needs the encoder minilm", 'Set encoder = "minilm" or reader = "rules"')
    from imprint.study.extractor.extractor import open_extractor

    return LearnedReader(open_extractor(encoder))


def _subject(text: str) -> str:
    """The noun that a turn kept whole is asked for by."""
    return next((found for clause in clauses(text) if (found := topic_of_clause(clause, People()))), "")
