"""The learned reader: a network reads the turn whole and by the sentence; the patterns add what it did not see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.detect.sentences import sentences
from imprint.detect.words import words
from imprint.study.extractor.asking import foreseen_row
from imprint.study.extractor.extractor import Extractor, Read
from imprint.study.extractor.opening import open_opening
from imprint.study.questions import wordings_of
from imprint.study.reader import Reader, Understood
from imprint.study.readers import folded
from imprint.study.rewrite import second_person
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


@dataclass(frozen=True)
class Seen:
    """What the network sees in a turn."""

    tells: float = 0.0
    """Probability that the turn as a whole tells something lasting."""
    changes: float = 0.0
    """Probability that something told before is no longer so."""
    pieces: tuple[Piece, ...] = ()
    """What it tells: first the turn as a whole, then sentences that tell something else."""


class LearnedReader(Reader):
    """The extractor over the turn and over each of its sentences, and the patterns (`study/rules.py`) beside it.

    Where it is not sure what was said, the sentence is kept rather than a value invented.
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
    doubtful = 0.05
    """Below this probability of telling, the patterns are not believed either."""
    surer = 0.5
    """Least probability of being right at which the network is believed where the patterns say otherwise."""
    over = 0.2
    """Least probability of a change at which the patterns may end what was told before."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self.id = extractor.id
        self._opening = open_opening(extractor.id)
        self._last: tuple[tuple[str, str], Seen] = (("", ""), Seen())

    def understand(self, text: str, before: str) -> tuple[float, tuple[Understood, ...]]:
        seen = self._read(text, before)
        read = [piece.one for piece in seen.pieces]
        if seen.tells < self.doubtful:
            return seen.tells, tuple(read)
        found, read = self._agreed(extract([Turn("0" * 16, "", "user", text)]), read)
        over = seen.changes >= self.changed
        return seen.tells, (*read, *(Understood(f.kind, f.about, f.value, f.polarity, over, seen.tells) for f in found))

    def fold(self, facts: tuple[Fact, ...], turn: Turn, before: str) -> tuple[Fact, ...]:
        if turn.role != "user":
            return facts
        seen = self._read(turn.text, before)
        if seen.tells < self.doubtful:
            return facts
        after = fold(facts, turn, ends=seen.changes >= self.over)
        # Of a list that grew, this turn's own words are weighed, not those of earlier turns.
        own = {key(fact): fact for fact in extract([turn])}
        found = [own.get(key(fact), fact) for fact in after if fact.turn == turn.id]
        found, read = self._agreed(found, [piece.one for piece in seen.pieces])
        believed = {key(fact) for fact in found}
        now, kept = {key(fact): fact for fact in after}, []
        for old in facts:
            new = now.get(key(old))
            if new is not None and (new.turn != turn.id or key(old) not in believed):
                kept.append(old if new.turn == turn.id else new)
        # The patterns know no probability: they can not be surer than that the turn tells anything.
        sure = round(seen.tells, 2)
        fresh = [replace(fact, sure=sure) for fact in after if fact.turn == turn.id and key(fact) in believed]
        return folded((*kept, *fresh), turn, read, self.keep)

    def foresee(self, fact: Fact, text: str, before: str) -> Float[Tensor, " f"] | None:
        pieces = self._read(text, before).pieces
        for piece in pieces:
            if key(fact) == (piece.one.kind, piece.one.about):
                return piece.read.foreseen
        if fact.kind == "about" and pieces:
            held = fact.value.lower()
            of = next((piece for piece in pieces if second_person(piece.one.value).lower() in held), pieces[0])
            return of.read.foreseen
        return self._certain(fact)

    def likely(
        self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"], texts: Sequence[str] = ()
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, " b"]]:
        if not texts or self._opening is None:
            return self._extractor.asking.likely(questions, foreseen)
        logits, evidence = self._extractor.asking.weighed(questions, foreseen)
        return logits, self._opening.probable(evidence, texts)

    def evidence(self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]) -> Float[Tensor, "b 4"]:
        """What the gate is fitted on, see `Asking.weighed`."""
        return self._extractor.asking.weighed(questions, foreseen)[1]

    def _read(self, text: str, before: str) -> Seen:
        """What the network sees; the last turn's is kept, because each of its facts asks for it again."""
        if self._last[0] != (text, before):
            self._last = ((text, before), self._see(text, before) if re.search(r"\w", text) else Seen())
        return self._last[1]

    def _see(self, text: str, before: str) -> Seen:
        whole = self._extractor.read(text, before)
        pieces = [self._piece(whole)] if whole.tells >= self.tells and whole.value.strip() else []
        parts = sentences(text)
        own = [(part, "" if number else before) for number, part in enumerate(parts) if _OWN.search(part)]
        if whole.tells < self.doubtful or len(parts) < 2 or not own:
            return Seen(whole.tells, whole.changes, tuple(pieces))
        for piece in map(self._piece, self._extractor.read_all(own[: self.most])):
            read, one = piece.read, piece.one
            other = all(one.kind != told.one.kind and not overlap(one.value, told.one.value) for told in pieces)
            if read.tells >= self.besides and read.sure >= self.besides_sure and one.value.strip() and other:
                pieces.append(piece)
        return Seen(whole.tells, whole.changes, tuple(pieces))

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
