"""The learned reader: a network reads the turn whole and by the sentence; the patterns add what it did not see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.detect.sentences import sentences
from imprint.detect.words import words
from imprint.study.extractor.asking import foreseen_row
from imprint.study.extractor.extractor import Extractor, Read
from imprint.study.questions import wordings_of
from imprint.study.reader import Reader, Understood
from imprint.study.readers import folded
from imprint.study.rules import extract, fold
from imprint.types import Fact, Turn

WHOLE_TURN = ("about", "statement")
"""Kinds by which the patterns keep what they do not understand; the network's guess is worth more."""
CERTAIN = 20.0
"""Logit of a kind that is not guessed."""
_OWN = re.compile(r"(?i)\b(?:i|me|my|mine|we|us|our|ours)\b|\bi[\u2019']?m\b")
_SMALL = frozenset(words("a an the my your our i you we in on at of to for and or is it"))


@dataclass(frozen=True)
class Piece:
    """One thing that the network read, and the part of the turn it read."""

    read: Read
    one: Understood


class LearnedReader(Reader):
    """The extractor over the turn and over each of its sentences, and the patterns (`study/rules.py`) beside it.

    Where it is not sure what was said, the turn is kept as a whole rather than a value invented.
    """

    answers = True
    keep = 0.1
    """Least probability of being right at which kind and value are believed."""
    tells = 0.35
    changed = 0.5
    besides = 0.7
    """Least probability of telling of a sentence that tells something else than the turn as a whole."""
    besides_sure = 0.3
    """Least probability of being right of what such a sentence tells."""
    most = 8
    """Sentences read by themselves, the first ones in which the speaker names themselves."""
    doubtful = 0.1
    """Below this probability of telling, the patterns are not believed either."""
    surer = 0.5
    """Least probability of being right at which the network is believed where the patterns say otherwise."""
    over = 0.2
    """Least probability of a change at which the patterns may end what was told before."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self.id = extractor.id

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        tells, changes, pieces = self._read(text, before)
        read = [piece.one for piece in pieces]
        if tells < self.doubtful:
            return tells, tuple(read)
        found, read = self._agreed(extract([Turn("0" * 16, "", "user", text)]), read)
        over = changes >= self.changed
        return tells, (*read, *(Understood(f.kind, f.about, f.value, f.polarity, over, 1.0) for f in found))

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        if turn.role != "user":
            return facts
        tells, changes, pieces = self._read(turn.text, before)
        if tells < self.doubtful:
            return facts
        after = fold(facts, turn)
        found, read = self._agreed([fact for fact in after if fact.turn == turn.id], [piece.one for piece in pieces])
        if changes < self.over:  # nothing is over: what the patterns ended stays
            held = {key(fact): fact for fact in facts}
            after = [fact if fact.turn == turn.id else held.get(key(fact), fact) for fact in after]
            gone = held.keys() - {key(fact) for fact in after}
            after = [*(held[name] for name in held if name in gone), *after]
        told = [fact for fact in after if fact.turn != turn.id or fact in found]
        # What the patterns replaced by something that does not stand is kept.
        lost = {key(fact) for fact in after} - {key(fact) for fact in told}
        return folded((*(fact for fact in facts if key(fact) in lost), *told), turn, read, self.keep)

    def foresee(self, fact: Fact, text: str, before: str) -> Float[Tensor, " f"] | None:
        _, _, pieces = self._read(text, before)
        for piece in pieces:
            if piece.one.kind == fact.kind or fact.kind == "about":
                return piece.read.foreseen
        return self._certain(fact)

    def likely(
        self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, " b"]]:
        return self._extractor.asking.likely(questions, foreseen)

    def _read(self, text: str, before: str) -> tuple[float, float, list[Piece]]:
        """Probabilities that the turn tells and that it changes something, and what it tells: first the whole."""
        if not text.strip():
            return 0.0, 0.0, []
        whole = self._extractor.read(text, before)
        pieces = [self._piece(whole)] if whole.tells >= self.tells and whole.value.strip() else []
        parts = sentences(text)
        own = [(part, "" if number else before) for number, part in enumerate(parts) if _OWN.search(part)]
        if whole.tells < self.doubtful or len(parts) < 2 or not own:
            return whole.tells, whole.changes, pieces
        for piece in map(self._piece, self._extractor.read_all(own[: self.most])):
            read, one = piece.read, piece.one
            other = all(one.kind != told.one.kind and not overlap(one.value, told.one.value) for told in pieces)
            if read.tells >= self.besides and read.sure >= self.besides_sure and one.value.strip() and other:
                pieces.append(piece)
        return whole.tells, whole.changes, pieces

    def _agreed(self, found: Sequence[Fact], read: Sequence[Understood]) -> tuple[list[Fact], list[Understood]]:
        """What stands of what patterns and network found: where they clash, the network's if it is sure enough."""
        facts, left = [], list(read)
        for fact in found:
            against = [one for one in left if clash(fact, one)]
            if fact.kind in WHOLE_TURN or any(one.sure >= self.surer for one in against):
                continue
            facts.append(fact)
            left = [one for one in left if one not in against]
        return facts, left

    def _piece(self, read: Read) -> Piece:
        changes = read.changes >= self.changed
        return Piece(read, Understood(read.kind, read.about, read.value, read.polarity, changes, read.sure))

    def _certain(self, fact: Fact) -> Float[Tensor, " f"] | None:
        """The row of a fact whose kind is known: the bank's wordings stand for the questions it answers."""
        kinds = self._extractor.kept.kinds
        if fact.kind not in kinds:
            return None
        asked = self._extractor.encoder.encode(wordings_of(fact)).mean(0)
        kind = torch.zeros(len(kinds))
        kind[kinds.index(fact.kind)] = CERTAIN
        return foreseen_row(torch.nn.functional.normalize(asked, dim=0), kind)


def key(fact: Fact) -> tuple[str, str]:
    """What a fact replaces another by."""
    return fact.kind, fact.about


def clash(fact: Fact, one: Understood) -> bool:
    """Whether patterns and network speak of the same thing."""
    return key(fact) == (one.kind, one.about) or overlap(fact.value, one.value)


def overlap(left: str, right: str) -> bool:
    """Whether two values share a word that says something."""
    one, other = (set(re.findall(r"\w+", text.lower())) for text in (left, right))
    return bool(one & other - _SMALL)
