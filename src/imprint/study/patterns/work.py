"""What the user does for a living, and where."""

import re

from imprint.detect.verbs import gerund
from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.lexicon import JOBS
from imprint.study.patterns.jobs import employer, is_job, job_facts
from imprint.study.patterns.studies import studies
from imprint.study.spans import thing

_WORK_AS = re.compile(
    r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|shifts|freelance|here|there|remotely|mostly|"
    r"weekends) )*as (?P<job>.+)"
)
_WORK_AT = re.compile(
    r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|shifts|freelance|over|up|down|out|here|days|weekends|"
    r"behind the (?:bar|counter|till)) )*(?P<prep>at|for|with)\s+(?P<at>.+)"
)
_WORK_IN = re.compile(
    r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|mostly|over|shifts|weekends|freelance) )*(?P<prep>in|on|within|"
    r"down|behind)\s+(?P<what>.+)"
)
_SHIFTS = re.compile(
    r"(?i)^(?:(?:mostly|usually|permanent|rotating|only|just|the|a lot of|mainly|regular) )*(?P<what>nights|"
    r"night shifts?|late shifts?|early shifts?|the early shift|the late shift|lates|earlies|shifts|days|weekends|"
    r"part[- ]time|full[- ]time|from home|remotely|remote|hybrid|"
    r"(?:\w+|\d) days a week|(?:\w+|\d) days|flexi-?time|freelance|twelve[- ]hour shifts|12[- ]hour shifts|"
    r"split shifts|compressed hours|night shift|four on four off|nine to five|9 to 5|evenings|for myself)\b"
)
_COMPANY = re.compile(
    r"(?i)\b(?:ltd|plc|inc|hospital|university|school|college|library|bank|council|station|infirmary|museum|nhs)\b"
)


def workplaces(rest: str, cased: bool) -> list[Found]:
    out: list[Found] = []
    found = _WORK_AS.match(rest)
    if found:
        facts = job_facts(found["job"], cased)
        if facts:
            return facts
        job = thing(re.split(r"(?i)\s(?:at|for|in|with)\s", found["job"])[0], 4)
        out = [Found("work", "", job)] if job else []
        at = re.search(r"(?i)\s(?:at|for|with)\s(.+)", found["job"])
        return out + (employer(at[1]) if at else [])
    found = _SHIFTS.match(rest)
    if found:
        if found["what"].lower() == "for myself":
            return [Found("work", "", "for yourself")]
        out.append(Found("habit", "work", re.sub(r"(?i)^the ", "", found["what"])))
        rest = rest[found.end() :].strip()
        as_what = _WORK_AS.match(rest)
        if as_what:
            return out + job_facts(as_what["job"], cased)
    found = _WORK_AT.match(rest)
    if found:
        if re.match(
            (
                r"(?i)(?:home|night|the moment|weekends|a (?:desk|computer)|the (?:till|bar)|\d|least|it|this|that|"
                r"myself|me|you|my|her|him|them|us|children|kids|people|animals|wood|metal|clay|data|glass|leather|"
                r"horses|dogs|young|elderly|the (?:elderly|homeless)|adults|refugees|computers)\b"
            ),
            found["at"],
        ):
            if found["prep"].lower() == "with" and not re.match(
                r"(?i)(?:it|this|that|me|you|my|her|him|them|us)\b", found["at"]
            ):
                return [*out, Found("work", "", f"with {thing(found['at'], 4)}")]
            return out
        who = employer(found["at"])
        job = re.search(r"(?i)\bas (?P<job>an? .+|head of .+)", found["at"])
        return out + who + (job_facts(job["job"], cased) if job else [])
    found = _WORK_IN.match(rest)
    if found and not re.match(
        (
            r"(?i)(?:my|it|this|that|the (?:morning|evening|garden|summer|winter|moment|house)|a (?:team|project|"
            r"presentation|report|novel|book|paper)|progress|\d)\b"
        ),
        found["what"],
    ):
        return out + _works_in(found["prep"].lower(), found["what"], cased)
    return out


def _works_in(prep: str, what: str, cased: bool) -> list[Found]:
    at = re.search(r"(?i)\s(?:at|for)\s+(?P<at>(?!the moment|home|night).+)", what)
    who = employer(at["at"]) if at else []
    as_what = re.search(r"(?i)\bas (?P<job>an? .+)", what)
    jobs = job_facts(as_what["job"], cased) if as_what else []
    bare = thing(re.split(r"(?i:\s(?:at|for|as)\s)|\sin\s(?=[A-Z])", what)[0], 5)
    if (
        not bare
        or prep == "on"
        and not re.match(
            (
                r"(?i)(?:the|a|an)\s+(?:[\w-]+ )*(?:ward|railways?|farm|boat|ship|oil rigs?|rigs?|site|trains|"
                r"ferries|unit|"
                r"desk|floor|checkouts?|tills?|buses|estate|docks)"
            ),
            what,
        )
    ):
        return who + jobs
    if re.match(r"(?i)(?:the|a|an)\s", what) and prep in ("in", "within", "down", "behind", "on"):
        kind = (
            "workplace_detail"
            if re.search(
                (
                    r"(?i)\b(?:department|team|ward|unit|lab|office|warehouse|desk|division|floor|kitchen|"
                    r"industry|counter|"
                    r"section|branch|ICU|A&E)\b"
                ),
                what,
            )
            or prep == "on"
            else "employer"
        )
        return [Found(kind, "", bare), *who, *jobs]
    if re.match(r"[A-Z]", what) and cased and not who and len(bare) > 3:
        return [Found("workplace_detail", "", bare), *jobs]
    return [Found("work", "", f"in {bare}"), *who, *jobs]


_ON_SHIFTS = re.compile(r"(?i)(?:on )?(?:nights|night shifts|lates|earlies|days|shifts)\b(?! out| in)")
_BUSINESS = re.compile(
    r"(?i)(?:(?P<own>my own|our own|up my own|up a|a|an|my|our|the)\s+)(?P<what>(?:[\w'-]+ ){0,3}?(?:bakery|shop|"
    r"café|cafe|restaurant|pub|bar|business|company|studio|salon|farm|nursery|garage|bookshop|agency|practice|"
    r"firm|hotel|guesthouse|place|b&b|market stall|stall|food truck|start-?up|charity|gallery|florist|kennels|"
    r"dairy|brewery|vineyard|smallholding|barbershop|workshop|takeaway|chip shop|deli|gym|pharmacy|theatre|"
    r"campsite))\b"
)
_FIRMS = frozenset(words("business company stall studio practice firm bakery shop"))
_JOB_VERBS = frozenset(
    words("start begin join take get land accept find switch change return go become retrain be leave quit earn have")
)


def work(scene: Scene) -> list[Found]:
    """work, employer, workplace_detail, studies, school of the user."""
    frame = scene.clause.frame
    if frame.subject not in ("I", "we"):
        return _job_is(scene)
    if frame.ended or frame.negative or frame.modal not in ("", "will", "can", "going"):
        return []
    as_a = re.match(r"(?i)(?:speaking )?as (?P<job>an? .+)", frame.front)
    said_first = job_facts(as_a["job"], scene.clause.cased) if as_a else []
    if said_first or frame.modal:
        return said_first
    return first_of((_working, _teaching, _own_business, _job_found, _for_a_living, studies), scene)


def _working(scene: Scene) -> list[Found]:
    clause, frame = scene.clause, scene.clause.frame
    if frame.past and not frame.perfect:
        return []
    shifts = frame.verb in ("do", "be") and _ON_SHIFTS.match(frame.rest)
    if frame.verb == "work" or shifts:
        return workplaces(re.sub(r"(?i)^on ", "", frame.rest), clause.cased)
    moved_on = re.search(r"(?i)\b(?:quit|left|changed jobs|new job|leaving)\b", clause.sentence)
    return employer(frame.rest[3:]) if moved_on and frame.verb == "be" and re.match(r"(?i)at\s", frame.rest) else []


def _teaching(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.verb not in ("teach", "lecture", "tutor") or (frame.past and not frame.perfect):
        return []
    if re.match(r"(?i)(?:myself|me|him|her|them|it|my|you)\b", rest):
        return []
    what = thing(re.split(r"(?i)\s(?:at|to|in)\s", rest)[0], 4)
    at = re.search(r"(?i)\s(?:at|in)\s+(?P<at>(?:a |an |the )?.+)", f" {rest}")
    return one("work", "", f"teaching {what}".strip() if what or not rest else "") + (employer(at["at"]) if at else [])


def _own_business(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    founded = frame.verb in ("open", "start", "set")
    if (
        frame.verb not in ("run", "own", "manage", "have")
        and not founded
        or (frame.past and not frame.perfect and not founded)
    ):
        return []
    shop = _BUSINESS.match(frame.rest)
    if not shop:
        return []
    own, kind = "own" in shop["own"].lower(), shop["what"].split()[-1]
    if kind == "place" and not own or (frame.verb == "have" or founded) and not own and kind not in _FIRMS:
        return []
    whose = "your own" if re.search(r"(?i)my|our", shop["own"]) else shop["own"].lower().strip()
    return [Found("work", "", f"running {whose} {shop['what']}")]


def _job_found(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb == "retire" and frame.past:
        return [Found("work", "", "retired")]
    return _new_job(frame.verb, frame.rest, scene.clause.cased) if frame.verb in _JOB_VERBS and not frame.doing else []


def _for_a_living(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = re.match(r"(?i)^(?P<what>.+?) (?:for a living|for work|as a job|professionally)\b", frame.rest)
    if (
        not found
        or (frame.past and not frame.perfect)
        or frame.verb in ("", "travel", "go", "be", "need", "want", "read")
    ):
        return []
    return [Found("work", "", f"{gerund(frame.verb)} {thing(found['what'], 4)}".strip())]


def _new_job(verb: str, rest: str, cased: bool) -> list[Found]:
    post = re.match(
        (
            r"(?i)(?:(?:back|over|in|on|out) )?(?:(?:an?|my|the|this|another) )?(?:(?:new|great|different|better|"
            r"part[- ]time|full[- ]time|summer|weekend|graduate|first|proper|permanent|dream|temp) )*(?:job|role|"
            r"position|post|gig|placement|contract|internship|apprenticeship|career|shift|work)s?,?\s*(?P<rest>.*)"
        ),
        rest,
    )
    tail = post["rest"] if post else ""
    if post and not re.match(r"(?i)(?:my|the) (?:job|work)$", rest):
        tail = re.sub(
            (
                r"(?i)^(?:(?:last|this|next) (?:\w+)|now|recently|again|and|in \w+|on \w+)\s*,?\s*(?=(?:as|at|with|"
                r"for)\b)"
            ),
            "",
            tail,
        )
        as_what = re.search(r"(?i)\bas (?P<job>.+)", tail)
        at = re.search(r"(?i)\b(?:at|with|for)\s+(?P<at>(?!the moment|last|now).+)", tail)
        if verb in ("leave", "quit"):
            return []
        return (job_facts(as_what["job"], cased) if as_what else []) + (
            employer(at["at"]) if at and not as_what else []
        )
    if verb == "start" and (found := re.match(r"(?i)(?:working |out )?(?P<how>at|as|with)\s+(?P<what>.+)", rest)):
        if found["how"].lower() == "as":
            return job_facts(found["what"], cased)
        return (
            employer(found["what"])
            if re.match(r"(?:the |a |an )?(?:[\w']+ )*[A-Z]", found["what"])
            or _COMPANY.search(found["what"])
            or not cased
            and not re.match(r"(?i)\d|(?:six|seven|eight|nine|ten|half|a|the)\b", found["what"])
            else []
        )
    if (
        verb == "join"
        and re.match(r"(?:the )?[A-Z]", rest)
        and not re.search(r"(?i)\b(?:club|choir|gym|group|class|band|team|call|meeting)\b", rest)
    ):
        return employer(re.split(r"\sas\s", rest)[0]) + (
            job_facts(rest.split(" as ", 1)[1], cased) if " as " in rest else []
        )
    found = re.match(
        r"(?i)(?P<how>promoted to|promoted,? (?:I am|now)|made|as|a promotion to|into)?\s*(?P<job>(?:an? )?.+)", rest
    )
    promoted = found and (found["how"] or "").lower() in ("promoted to", "made", "a promotion to")
    if found and (verb in ("become", "retrain") or (promoted and verb in ("get", "go", "be"))):
        return job_facts(found["job"], cased)
    return []


_JOB_IS = re.compile(
    r"(?i)^my (?:(?:day|current|new|main|actual|full-time|part-time) )*(?:job|work|profession|occupation|trade|role|"
    r"title|job title|career)(?: is| =| has always been)(?: as| being)? (?P<job>.+)"
)
_JOB_AT = re.compile(
    r"(?i)\bmy (?:(?:new|current|day|part-time|full-time|weekend|old(?! job)) )*(?:job|work|role|position|"
    r"shifts?) (?:as (?P<job>an? [^,]+?|head of [^,]+?))?\s?(?:(?:at|with|for) (?P<at>(?!the moment|home|"
    r"night)[^,.?!]+))?(?=$|[,.;?!]| (?:is|starts|started|because|and|but|so|means|has|was)\b)"
)


def _job_is(scene: Scene) -> list[Found]:
    text, cased = scene.clause.text, scene.clause.cased
    if scene.clause.mood != "statement":
        return []
    if not scene.clause.frame.subject or not scene.clause.frame.verb:
        now_at = re.match(r"(?i)(?:now |currently )?at (?P<at>[A-Z].+)", text)
        if now_at and re.search(r"(?i)\b(?:changed jobs|quit|left|new job)\b", scene.clause.sentence):
            return employer(now_at["at"])
        bare = re.match(r"(?i)(?:an? )?(?P<job>[\w -]+?)(?P<rest> (?:in|at|for|by trade|from) .+| by trade)?$", text)
        if bare and bare["job"].lower() in JOBS and len(text.split()) <= 8 and text[:4] == scene.clause.sentence[:4]:
            return job_facts(text.replace(" by trade", ""), cased)
    found = _JOB_IS.match(text)
    if found:
        facts = job_facts(found["job"], cased)
        if facts:
            return facts
        at = re.match(r"(?i)(?:at|with|for) (?P<at>.+)", found["job"])
        if at:
            return employer(at["at"])
        doing = re.match(r"(?i)(?P<what>\w+ing .+)", found["job"])
        return [Found("work", "", thing(doing["what"], 5))] if doing else []
    at = re.match(
        (
            r"(?i)^(?:my (?:employer|company|workplace|firm|office) is (?:called |in |at )?|the (?:company|place|"
            r"firm) I work (?:for|at) is (?:called )?)(?P<who>.+)"
        ),
        text,
    )
    if at:
        kind = "workplace_detail" if re.match(r"(?i)my office is in", text) else "employer"
        who = thing(at["who"], 5)
        return [Found(kind, "", who)] if who and re.search(r"[A-Z]", who) else []
    return []


def job_mentioned(text: str, cased: bool) -> list[Found]:
    """ "my new job at Ocado", "as a nurse I ..." inside any sentence."""
    out: list[Found] = []
    for found in _JOB_AT.finditer(text):
        if found["job"]:
            out += job_facts(found["job"], cased)
        if found["at"]:
            out += employer(found["at"])
    called = re.search(
        (
            r"\bI (?:\w+ ){1,4}(?:at|for) (?:a|an|this) (?:[\w-]+ ){0,2}(?:place|company|firm|start-?up|school|"
            r"shop|café|"
            r"cafe|restaurant|studio|agency|bakery|bar|pub|hospital|lab) called (?P<at>[A-Z][\w' &-]*)"
        ),
        text,
    )
    if called and not re.search(
        r"(?i)\b(?:ate|went|was|lunch|dinner|stayed|met|booked|bought)\b", text[: called.start("at")]
    ):
        out += employer(called["at"])
    as_a = re.match(r"(?i)(?:speaking |talking )?as an? (?P<job>[\w -]+?),? (?:I|my|we|what|which|how)\b", text)
    if as_a and is_job(as_a["job"]):
        out.append(Found("work", "", as_a["job"].strip()))
    return out
