"""Detector B of Pref-LSTM (METHODS 1.1), widened: a lasting predicate tied to the user, by rules alone.

The paper's heuristic wanted a preference phrase, an opinion word and a parse that ties both to "I" or "we". Here the
parse is the clause frame (`detect.frames`), and the lexicon covers every lasting thing people tell of themselves.
"""

import re

from imprint.detect.base import Detector
from imprint.detect.clauses import Clause, clauses
from imprint.detect.lasting import MOMENT
from imprint.detect.others import NAMED_INSIDE, RELATED, others_score
from imprint.detect.person import MOOD_WORD, first_person_score
from imprint.detect.replies import whole
from imprint.types import Turn

_INTRODUCED = re.compile(
    r"(?i:\W*(?:hi+|hey+|hello|hiya|yo|good \w+)\b\W*(?:there\W*)?(?:I am|name is)) (?!back|here|new|just|not|the|"
    r"a\b|an\b)\w+|I am (?!English|French|German)[A-Z]\w+(?:$|[.,!]| and (?:I|my|this))"
)
_THIRD = re.compile(
    r"(?i)^(?:he|she|it)\s+(?:is (?:an?|called|named|allergic|based|from|turning|\d)|lives|works|loves|hates|"
    r"was born|has (?:a|two|three))\b"
)
_NOTHING_BEATS = re.compile(
    r"(?i)^(?:nothing (?:quite |ever |really )?(?:beats|tops|like|compares|is better)|(?:you )?can(?: not|not) beat|"
    r"there is nothing (?:like|better)|everyone calls me|people call me|everybody calls me|"
    r"people (?:at \w+ )?call me|[\w -]+ allergy here|[\w ]+ (?:does|do) not agree with me|home is [A-Z]|"
    r"could (?:eat|live on)|call me \w+|just call me|you can call me|friends call me|name is|"
    r"[\w ]{2,25} over [\w ]{2,20}(?:,? always|,? any day|,? every time)|it takes me .* to work|give me .+ (?:over|"
    r"any day))\b"
)
_LASTS_ANYWAY = re.compile(
    r"(?i)\b(?:again|obsessed|into|hooked|any more|since|now a|moved|married|divorced|started|quit|adopted|"
    r"bought|sold|allergic|birthday|turned?|\d\d)\b"
)
_SPOKEN_OF = re.compile(
    rf"(?i)\b(?:my|our) (?:[\w-]+ ){{0,2}}?{RELATED}\b(?!')|\b(?:a|an|two) (?:[\w-]+ )?(?:dog|cat|puppy|rabbit|"
    rf"sister|brother)\b"
)


def clause_score(clause: Clause) -> float:
    """How likely one clause says something lasting about the user, in [0, 1]."""
    if clause.mood == "supposed":
        return 0.05
    if clause.mood != "statement":
        return 0.1
    if _NOTHING_BEATS.match(clause.text):
        return 0.85
    score = first_person_score(clause) if clause.frame.subject in ("I", "we") else others_score(clause)
    passing = MOMENT.search(clause.text) and not _LASTS_ANYWAY.search(clause.text)
    return 0.3 if score >= 0.5 and passing else score


class RuleDetector(Detector):
    """Detector B: no training, no weights; a turn is judged by its best clause."""

    id = "rules-1"

    def probability(self, turn: Turn, before: Turn | None) -> float:
        """Highest score of any clause; names told in passing ("my sister Ines") count in questions too."""
        if turn.role != "user":
            return 0.0
        best = 0.05
        related = False
        for clause in clauses(whole(turn.text, before)):
            best = max(best, clause_score(clause), _in_passing(clause, related))
            related = related or bool(_SPOKEN_OF.search(clause.text))
        return best


def _in_passing(clause: Clause, related: bool) -> float:
    """An introduction, a name inside any sentence, or "She lives in ..." after `related` was spoken of."""
    if clause.mood == "supposed":
        return 0.0
    stated = clause.mood == "statement"
    introduced = _INTRODUCED.match(clause.sentence) or _INTRODUCED.match(clause.text)
    if stated and introduced and not MOOD_WORD.match(clause.frame.rest):
        return 0.7
    if stated and related and _THIRD.match(clause.text):
        return 0.7
    return 0.7 if NAMED_INSIDE.search(clause.sentence) else 0.0
