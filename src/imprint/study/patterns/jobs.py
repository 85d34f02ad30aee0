"""Occupations and employers inside a phrase: "a nurse at St Mary's"."""

import re

from imprint.study.found import Found
from imprint.study.lexicon import AGENTS, JOB_ENDINGS, JOBS, NOT_JOBS
from imprint.study.spans import thing, when

_JOB = re.compile(
    r"(?i)^(?:(?P<det>an?|the)\s+)?(?P<job>.+?)(?=\s+(?:at|for|with|in|on|by|from|who|based|here|now|working|since|"
    r"these|over|near|and)\b|[,;(]|$)(?P<after>.*)"
)
_ELSEWHERE = re.compile(r"(?i)\b(?:at|for|with) (?P<at>(?:(?! at | for | with ).)+)")
_HOW_LONG = re.compile(
    r"(?i)(?:about |over |nearly |almost |the (?:last|past) )?(?:\d+|ten|years|ages|a (?:long|while|few|year|"
    r"living|decade)|"
    r"one|two|three|four|five|six|seven|eight|nine|twenty|thirty|now|the moment|home|night|weekends|work|over|"
    r"nearly|my|our)\b"
)
_JUDGED = re.compile(
    r"(?i)^(?:picky|slow|light|heavy|bad|good|big|huge|terrible|fast|early|late|quick|messy|firm|great|poor|total|"
    r"bit|nervous|strong|real|proper|massive|social|fussy|decent|hopeless|natural|born|hard|complete|regular)\b"
)


def is_job(phrase: str) -> bool:
    """Whether a noun phrase names an occupation, by list or by ending."""
    low = phrase.lower().strip(" .,")
    words = low.split()
    if not words or len(words) > 6 or low in NOT_JOBS or words[-1] in NOT_JOBS:
        return False
    head = low.split(" of ")[0]
    if re.match(
        (
            r"(?:head|director|manager|chief|vice president|vp|professor|captain|chair|deputy head|secretary|owner|"
            r"master) of \w"
        ),
        low,
    ) or head.startswith("chief "):
        return True
    last = head.split()[-1]
    for start in range(len(words)):
        if " ".join(words[start:]) in JOBS:
            return True
    if last in JOBS or last in ("head", "lead", "temp", "rep", "partner") and len(words) > 1:
        return True
    if last.endswith(JOB_ENDINGS) and last not in NOT_JOBS and not _JUDGED.match(low):
        return True
    return (
        bool(re.search(r"(?:er|or|ist|ian)$", last))
        and not _JUDGED.match(low)
        and last not in AGENTS
        and last
        not in (
            "number",
            "winter",
            "summer",
            "order",
            "letter",
            "matter",
            "power",
            "paper",
            "corner",
            "sister",
            "brother",
        )
    )


def job_facts(phrase: str, cased: bool) -> list[Found]:
    """work, employer and home out of "nurse at St Mary's", "product manager for Ocado in Leeds"."""
    found = _JOB.match(phrase.strip(" ."))
    if not found:
        return []
    job = re.sub(
        (
            r"(?i)^(?:full-time|part-time|newly qualified|qualified|fully qualified|proud|humble|lowly|trained|simple|"
            r"mere|just|actually|currently)\s+"
        ),
        "",
        found["job"],
    ).strip()
    if not is_job(job) or re.search(r"(?i)\b(?:my|your|his|her|their|our|this|that|what|not)\b", job):
        return []
    job = thing(job, stop=False) or job
    out = [Found("work", "", job)]
    field = re.match(
        (
            r"(?i)\s*in (?P<field>the (?:\w+ )?(?:department|team|unit|ward|office|industry)|"
            r"a (?:\w+ ){1,3}(?:ward|unit|"
            r"lab|office|department|shop|school|hospital|restaurant|kitchen|library|bakery|cafe|café|factory|"
            r"warehouse))"
        ),
        found["after"],
    )
    if field:
        out.append(Found("workplace_detail", "", re.sub(r"^(?:the|a|an) ", "", field["field"])))
    for at in _ELSEWHERE.finditer(found["after"]):
        if not _HOW_LONG.match(at["at"]):
            return out + employer(at["at"])
    return out


def employer(text: str) -> list[Found]:
    """The employer at the start of `text`, unless it names a time."""
    where = re.match(
        (
            r"(?i)(?P<who>.+?)(?:\s+in\s+(?P<place>[A-Z][\w' -]+?))?(?=$|[,;(]|\s+(?:as|since|for|and|where|which|on|"
            r"doing|these|now|so|but|because|near|until|full|part|from|every|in)\b)"
        ),
        text.strip(" ."),
    )
    called = re.search(r"(?i)\b(?:called|named) (?P<n>[A-Z].*)", where["who"]) if where else None
    who = thing(called["n"] if called else where["who"], 6, stop=False) if where else ""
    return [Found("employer", "", who)] if who and when(who) != who else []
