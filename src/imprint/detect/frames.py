"""One clause read as subject, verb and rest, with what surrounds the verb: negation, tense, modality, adverbs."""

import re
from dataclasses import dataclass

from imprint.detect.verbs import LEMMA, PAST, base_of, is_doing
from imprint.detect.words import words

_ADVERBS = frozenset(
    words(
        "really also still just always usually often sometimes normally generally mostly mainly actually honestly "
        "definitely absolutely totally genuinely currently recently probably basically only now then ever even "
        "completely secretly already finally lately typically rarely hardly seldom barely quite so very too both all "
        "simply truly mostly officially originally personally properly regularly occasionally religiously obviously "
        "pretty kind sort of much more recently happily proudly newly soon first last once again nearly almost "
        "almost deeply particularly especially certainly clearly strongly greatly slightly somewhat kindly quietly "
        "temporarily permanently"
    )
)
_SELDOM = frozenset(words("never rarely hardly seldom barely"))
_MODALS = frozenset(words("will would can could should might may must shall"))
_BE = frozenset(words("am is are was were be been being"))
_NOT_PARTICIPLE = frozenset(words("red bed need kid mixed limited naked"))


@dataclass(frozen=True)
class Frame:
    """`I have not been eating meat any more` -> subject "I", verb "eat", rest "meat", negative, ended."""

    subject: str
    verb: str
    """Base form; "" when no verb is known."""
    rest: str
    """What follows the verb, in the writer's own case."""
    negative: bool = False
    ended: bool = False
    """"no longer", "not ... any more", "used to"."""
    modal: str = ""
    """will, would, can, going, must, ... ; "" for a plain statement."""
    past: bool = False
    perfect: bool = False
    """"have been ...", "have lived ...": began in the past and holds now."""
    doing: bool = False
    """Progressive: "am learning"."""
    front: str = ""
    """What stood before the subject: "On Tuesdays", "As a nurse"."""
    seldom: bool = False


_ENDED = re.compile(r"(?i)\b(?:any more|any longer|no longer|no more)\b")


class _Reader:
    """Walks the words after the subject up to the main verb."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.low = [word.lower().strip(",") for word in words]
        self.at = 0
        self.negative = self.ended = self.past = self.perfect = self.doing = self.seldom = False
        self.modal = ""
        self.verb = ""

    def _peek(self, start: int) -> int:
        """Index of the next word that is no adverb and no "not"."""
        while start < len(self.low) and (self.low[start] in _ADVERBS or self.low[start] in ("not", "never")):
            start += 1
        return start

    def _skip_small(self) -> bool:
        word = self.low[self.at]
        following = self.low[self.at + 1] if self.at + 1 < len(self.low) else ""
        if word == "no" and following == "longer":
            self.negative = self.ended = True
            self.at += 2
        elif word in ("not", "never") or word in _SELDOM:
            self.negative = True
            self.seldom |= word in ("rarely", "hardly", "seldom", "barely")
            self.at += 1
        elif word in _ADVERBS:
            self.at += 1
        elif word in _MODALS:
            self.modal = word
            self.at += 1
        else:
            return False
        return True

    def _take(self, index: int) -> bool:
        self.verb = base_of(self.low[index]) or self.low[index]
        self.at = index + 1
        return True

    def _be(self) -> bool:
        """After a form of "be": a progressive, "going to", or plain being."""
        word = self.low[self.at]
        self.past |= word in ("was", "were")
        index = self._peek(self.at + 1)
        skipped = self.low[self.at + 1 : index]
        self.negative |= any(w in ("not", "never") or w in _SELDOM for w in skipped)
        if self.low[self.at + 1 : self.at + 3] == ["no", "longer"]:
            self.negative = self.ended = True
            index = self._peek(self.at + 3)
        if index < len(self.low) and self.low[index] in ("been", "being"):
            self.at = index
            return self._be()
        if self.low[index : index + 2] == ["going", "to"] and index + 2 < len(self.low):
            after = self.low[index + 2]
            if after in LEMMA and LEMMA[after] == after and not self.words[index + 2][0].isupper():
                self.modal, self.doing = "going", True
                self.at = index + 2
                return False
        if index < len(self.low) and is_doing(self.low[index]) and base_of(self.low[index]):
            self.doing = True
            return self._take(index)
        self.verb = "be"
        self.at = self.at + 1 if index == self.at + 1 or not skipped else index
        return True

    def _have(self) -> bool:
        index = self._peek(self.at + 1)
        self.negative |= any(w in ("not", "never") or w in _SELDOM for w in self.low[self.at + 1 : index])
        following = self.low[index] if index < len(self.low) else ""
        if following == "to":
            self.modal = "must"
            self.at = index + 1
            return False
        if following == "got":
            if index + 1 < len(self.low) and self.low[index + 1] == "to":
                self.modal = "must"
                self.at = index + 2
                return False
            self.verb, self.at = "have", index + 1
            return True
        if following == "been":
            self.perfect = True
            self.at = index
            return self._be()
        if following in PAST and following not in _NOT_PARTICIPLE:
            self.perfect = self.past = True
            return self._take(index)
        self.past |= self.low[self.at] == "had"
        self.verb, self.at = "have", index
        return True

    def walk(self) -> None:
        while self.at < len(self.low) and not self.verb:
            word = self.low[self.at]
            if self._skip_small():
                continue
            if word in _BE:
                self._be()
            elif word in ("have", "has", "had"):
                self._have()
            elif word in ("do", "does", "did") and self._is_auxiliary():
                self.past |= word == "did"
                self.at += 1
            elif word == "used" and self.low[self.at + 1 : self.at + 2] == ["to"]:
                self.ended = self.past = True
                self.at += 2
            elif word in LEMMA:
                self.past |= word in PAST and LEMMA[word] != word
                self._take(self.at)
            else:
                break

    def _is_auxiliary(self) -> bool:
        following = self.low[self.at + 1] if self.at + 1 < len(self.low) else ""
        if following == "not":
            return True
        index = self._peek(self.at + 1)
        return index < len(self.low) and LEMMA.get(self.low[index]) == self.low[index]


def frame_of(subject: str, predicate: str, front: str = "") -> Frame:
    """Read `predicate`, the words after `subject`, as a frame. Unknown verbs leave `verb` empty and all in `rest`."""
    reader = _Reader(predicate.split())
    reader.walk()
    rest = " ".join(reader.words[reader.at :])
    # "I have cats no more" ends something; "I can't wait any longer" says nothing of the kind.
    tail = _ENDED.search(rest)
    ended = reader.ended or bool(tail and (reader.negative or "no " in tail[0].lower()))
    if tail:
        rest = _ENDED.sub("", rest)
    rest = re.sub(r"\s+", " ", rest).strip(" ,")
    return Frame(
        subject=subject,
        verb=reader.verb,
        rest=rest,
        negative=reader.negative,
        ended=ended,
        modal=reader.modal,
        past=reader.past,
        perfect=reader.perfect,
        doing=reader.doing,
        front=front,
        seldom=reader.seldom,
    )
