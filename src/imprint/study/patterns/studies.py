"""What the user studies, and where."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.spans import thing

_STUDY = re.compile(
    r"(?i)^(?P<what>.+?)(?=$|[,;]|\s(?:at|in|with|since|for|because|and|part|full|through|on|by|online|these|now|"
    r"this|so|to|as)\b)(?P<after>.*)"
)
_SCHOOL = re.compile(
    r"(?i)\b(?:at|in|with|through)\s+(?P<school>(?:the )?(?:[A-Z][\w'.]+(?: (?:of|and|the|for|in) )?\s?)+|"
    r".*?\b(?:uni|university|college|school|academy|sixth form)\b.*)"
)


_NO_SUBJECT = re.compile(r"(?i)(?:for|this|it|the (?:menu|map)|hard)\b")
_STUDYING = frozenset(words("do have start finish take get pursue complete work"))
_DEGREE = re.compile(
    r"(?i)(?:(?:an?|my|the|this) )?(?:(?:part[- ]time|full[- ]time|online|second|first|distance|evening|"
    r"night) )*(?P<level>degree|phd|ph\.d|doctorate|master's|masters|ma|msc|ba|bsc|mba|a[- ]levels?|gcses?|"
    r"diploma|apprenticeship|pgce|foundation year|law degree|nursing degree|highers|baccalaureate|undergrad|"
    r"bachelor's|bachelors|open university degree|btec)\b(?: degree)?(?: (?:(?:in|on|of) )?(?P<what>(?!at\b|"
    r"with\b|from\b|and\b|so\b|but\b|now\b|last\b|this\b|next\b|part\b|full\b).+))?"
)
_TO_SCHOOL = re.compile(
    r"(?i)to (?P<school>(?:(?:the|a) )?[\w' ]*\b(?:university|uni|college|school|academy|"
    r"sixth form)\b(?:(?-i: of [A-Z]\w+| in [A-Z]\w+))?)"
)
_ANY_SCHOOL = re.compile(r"(?i)(?:the )?(?:university|uni|college|school|night school)")
_YEAR_OF = re.compile(
    r"(?i)(?:in (?:my|the) (?:first|second|third|fourth|final|last|1st|2nd|3rd) year (?:of|at|studying|doing)|"
    r"halfway through|doing|at (?:uni|university|college) (?:in|doing|studying))\s"
)


def studies(scene: Scene) -> list[Found]:
    """studies and school."""
    return first_of((_subject, _course, _goes_to_school, _in_a_year), scene)


def _subject(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb not in ("study", "major") or (frame.past and not frame.perfect) or _NO_SUBJECT.match(frame.rest):
        return []
    rest = re.sub(r"(?i)^in ", "", frame.rest)
    at_once = re.match(r"(?i)at (?P<school>.+)", rest)
    if at_once:
        return one("school", "", thing(at_once["school"], 5))
    found = _STUDY.match(rest)
    school = _SCHOOL.search(found["after"]) if found else None
    return one("studies", "", thing(found["what"], 5) if found else "") + (
        one("school", "", thing(school["school"], 6)) if school else []
    )


def _course(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _DEGREE.match(frame.rest) if frame.verb in _STUDYING else None
    if not found or (frame.verb == "do" and frame.past and not frame.perfect):
        return []
    what = thing(re.split(r"(?i)\s(?:at|with|from)\s", found["what"])[0], 5) if found["what"] else ""
    at = re.search(r"(?i)\s(?:at|with|from)\s+(?P<at>(?!the moment|home|night).+)", found["what"] or frame.rest)
    return one("studies", "", what or found["level"]) + (one("school", "", thing(at["at"], 5)) if at else [])


def _goes_to_school(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _TO_SCHOOL.match(frame.rest) if frame.verb == "go" else None
    if not found or frame.doing or (frame.past and not frame.perfect) or _ANY_SCHOOL.fullmatch(found["school"].strip()):
        return []
    return [Found("school", "", re.sub(r"(?i)^(?:the|a) (?=[a-z])", "", found["school"]))]


def _in_a_year(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb != "be" or not _YEAR_OF.match(frame.rest):
        return []
    about = re.search(r"(?i)\b(?:of|studying|doing|through|reading) (?:an? |my |the )?(?P<what>.+)", frame.rest)
    at = re.search(r"(?i)\sat (?P<at>[^,]+?)(?= (?:studying|doing|reading)\b|$)", frame.rest)
    what = thing(re.split(r"(?i)\sat\s", about["what"])[0], 5) if about else ""
    return one("studies", "", what) + (one("school", "", thing(at["at"], 5)) if at else [])
