"""Events ahead with their dates, birthdays, and dated events of the past."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.patterns.goals import goal_is
from imprint.study.patterns.relatives import whose
from imprint.study.spans import name, thing, when, without_times
from imprint.study.words import DATE, MONTH, WHEN, YEAR

EVENT_WORD = (
    r"(?:wedding|exam|exams|finals|interview|job interview|marathon|half[- ]marathon|10k|5k|triathlon|race|party|"
    r"birthday party|appointment|operation|surgery|graduation|concert|gig|recital|performance|show|exhibition|"
    r"conference|"
    r"course|workshop|driving test|theory test|viva|baby|due date|anniversary|hen do|stag do|reunion|funeral|"
    r"christening|baptism|bar mitzvah|bat mitzvah|audition|competition|tournament|match|festival|retreat|"
    r"camping trip|hike|house move|move|"
    r"book club|book launch|launch|presentation|thesis|dissertation|open day|parents' evening|"
    r"school play|flight|visa appointment|citizenship test|hearing|scan|check-?up|mot|holiday|honeymoon|cruise|"
    r"trip|tour|swim|charity swim|charity run|"
    r"engagement party|housewarming|barbecue|dinner party|first day|trial shift|assessment|inspection|review|"
    r"induction|screening|premiere|auction|sale|garden party|street party|ceremony|gala|fair|ride|grading|bout|"
    r"regatta|expedition|language exam|diploma|"
    r"piano exam|cello exam|violin exam|dentist appointment|doctor's appointment|hospital appointment|job trial|"
    r"performance review|parole|quiz|pub quiz|eye test|blood test|half|ultra|ultramarathon|duathlon|iron ?man|"
    r"course)"
)
_HAVE_EVENT = re.compile(
    rf"(?i)^(?:an?|my|our|the|tickets? (?:for|to)|got|"
    rf"another)?\s*(?P<what>(?:[\w'&-]+ ){{0,3}}?{EVENT_WORD})\b(?P<rest>.*)"
)
_EVENT_IS = re.compile(
    rf"(?i)^(?:my|our|the|my \w+'s|(?P<owner>my (?:[\w-]+ )?\w+)'s)\s+(?P<what>(?:[\w'&-]+ "
    rf"){{0,2}}?{EVENT_WORD})\s+(?:is|are|starts?|begins?|falls|takes place|has been moved to|got moved to|"
    rf"was moved to|has been pushed to|is moved to|is booked for)(?: (?:now|actually|set|scheduled|booked|coming up|"
    rf"happening|still|definitely|going to be|due))*\s+(?P<rest>.+)"
)
_TRAIN_FOR = re.compile(r"(?i)^(?:for|to (?:run|do|swim)|up for)\s+(?:an?|the|my)?\s*(?P<what>.+)")
_BY_FRONT = re.compile(
    r"(?i)\b(?:today|tonight|this (?:morning|afternoon|evening)|at (?:one|two|three|four|five|six|\d)|in (?:ten|five|"
    r"\d+) minutes|in an hour|an hour)\b"
)


def timed(time: str, kind: str, about: str = "") -> list[Found]:
    return [Found(kind, about, time)] if time else []


_BIRTHDAY_ON = re.compile(
    rf"(?i)\bmy (?:\w+(?:st|nd|rd|th) )?birthday (?:party )?(?:is )?(?:on|in) (?:the )?(?P<d>{DATE}|{MONTH})\b"
)


_DUE = re.compile(r"(?i)\b(?:pregnant|preggers|expecting|baby)\b.*?\bdue (?P<when>(?:in|on|at|this|next) .+)")


def baby_due(text: str) -> list[Found]:
    """ "My wife is pregnant, due in October"."""
    found = (
        _DUE.search(text)
        if re.search(r"(?i)\b(?:I|we|my (?:wife|mrs|girlfriend|partner|missus)|our)\b", text)
        else None
    )
    return timed(when(found["when"]), "plan_event_time", "baby") if found else []


def birthday_mentioned(text: str) -> list[Found]:
    """ "celebrating my 25th birthday on 9 August" inside any sentence."""
    found = _BIRTHDAY_ON.search(text)
    return [Found("birthday", "", found["d"])] if found else []


def event_name(what: str) -> str:
    bare = re.sub(
        (
            r"(?i)^(?:(?:an?|my|our|the|big|first|second|next|new|another|really|final|important|local|small|huge|"
            r"upcoming) )+"
        ),
        "",
        what.strip(),
    ).lower()
    return re.sub(r"^(?:\w+) (?=wedding anniversary)", "", bare)


_A_BABY = re.compile(r"(?i)(?:an?|our|my|twins)?\s*(?:first |second |third )?(?:baby|child|twins|girl|boy|kid)\b")
_DONE = re.compile(r"(?i)(?:my|our|the) (?P<what>[\w -]+?) (?:done|removed|out|fixed|operated on|taken out|replaced)\b")
_A_RACE = re.compile(
    r"(?i)^(?:an?|the|my)\s+(?P<what>(?:[\w'-]+ ){0,3}?(?:marathon|10k|5k|triathlon|race|ultra|iron ?man|duathlon))\b"
)
_SEEN = re.compile(
    r"(?i)(?!(?:my|our|the|a|an|you|him|her|them|it|how|if|what|whether|that|"
    r"this)\b)(?P<who>[\w' &-]{2,30}?)(?: live)?(?= (?:in|at|on|live|next|this)\b)"
)
_HELD_ALREADY = frozenset(words("have book get start sit take defend run host go do play give"))
_HELD = _HELD_ALREADY | frozenset(words("attend throw plan organise resit see hold celebrate"))


def events(scene: Scene) -> list[Found]:
    """Events ahead, with their dates, of clauses about "I" and "we"."""
    if _BY_FRONT.search(scene.clause.text):
        return []
    return first_of((_turning, _wedding, _baby, _having_done, _beginning, _racing, _concert, _appointment), scene)


def _time(scene: Scene) -> str:
    return when(f"{scene.clause.frame.rest} {scene.clause.frame.front}")


def _is_ahead(scene: Scene) -> bool:
    frame = scene.clause.frame
    return frame.doing or frame.modal in ("will", "going", "must")


def _turning(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    age = re.match(r"(?i)(?:the big )?(?P<n>\d{2}|\w+ty(?:[- ]\w+)?)\b", frame.rest)
    if frame.verb != "turn" or frame.subject != "I" or not age:
        return []
    date = re.search(rf"(?i)\b(?:on |in )?(?P<d>{DATE}|{MONTH})", f"{frame.rest[age.end() :]} {frame.front}")
    out = [Found("age", "", age["n"] if frame.past and not frame.modal else f"turning {age['n']}")]
    return out + (one("birthday", "", re.sub(r"(?i)^the ", "", date["d"])) if date else [])


def _wedding(scene: Scene) -> list[Found]:
    frame, ahead = scene.clause.frame, _is_ahead(scene)
    if frame.verb == "marry" and (ahead or frame.past):
        who = name(frame.rest, scene.clause.cased)
        return one("partner", "fiancé" if ahead else "partner", who) + (
            timed(_time(scene), "plan_event_time", "wedding") if ahead else []
        )
    married = frame.verb in ("get", "tie") and re.match(r"(?i)(?:married|the knot|hitched)\b", frame.rest)
    return timed(_time(scene), "plan_event_time", "wedding") if married and ahead else []


def _baby(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    expecting = (
        frame.verb == "expect" and frame.doing and (not rest or when(rest) == re.sub(r"(?i)^(?:in|on|at) ", "", rest))
    )
    having = frame.verb in ("expect", "have") and _is_ahead(scene) and _A_BABY.match(rest)
    return timed(_time(scene), "plan_event_time", "baby") if expecting or having else []


def _having_done(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _DONE.match(frame.rest) if frame.verb in ("have", "get") and _is_ahead(scene) else None
    return timed(_time(scene), "plan_event_time", found["what"].lower()) if found else []


def _beginning(scene: Scene) -> list[Found]:
    frame, time = scene.clause.frame, _time(scene)
    what = (
        thing(without_times(frame.rest), 5) if frame.verb in ("start", "begin", "finish") and _is_ahead(scene) else ""
    )
    if not what or not time:
        return []
    if re.search(r"(?i)course|class|lessons", what):
        return [Found("plan_event", "course", what), Found("plan_event_time", "course", time)]
    about = (
        "job"
        if re.search(r"(?i)\bjob\b|\brole\b", what)
        else re.sub(r"(?i)^(?:a|an|my|your|the|new) ", "", what.lower())
    )
    return [Found("plan_event_time", about, time)]


def _racing(scene: Scene) -> list[Found]:
    """ "Training for the Berlin marathon", "running a 10k"."""
    frame, ahead = scene.clause.frame, _is_ahead(scene)
    found = None
    if frame.verb in ("train", "prepare", "revise", "practise", "sign", "enter") and (ahead or frame.past):
        found = _TRAIN_FOR.match(frame.rest)
    elif frame.verb in ("run", "do") and (ahead or frame.perfect):
        found = _A_RACE.match(frame.rest)
    event = re.search(rf"(?i)(?P<full>(?:[\w'-]+ ){{0,3}}{EVENT_WORD})\b", found["what"]) if found else None
    if not event:
        return []
    label = re.search(rf"(?i){EVENT_WORD}$", event["full"])
    about, shown, time = label[0].lower() if label else event_name(event["full"]), thing(event["full"], 5), _time(scene)
    return one("plan_event", about, shown if shown.lower() != about or not time else "") + timed(
        time, "plan_event_time", about
    )


def _concert(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _SEEN.match(frame.rest) if frame.verb == "see" and _is_ahead(scene) else None
    return timed(_time(scene), "plan_event_time", found["who"].strip().lower()) if found else []


def _appointment(scene: Scene) -> list[Found]:
    frame, rest, time = scene.clause.frame, scene.clause.frame.rest, _time(scene)
    if frame.past and not frame.perfect and frame.verb not in ("book", "get"):
        return []
    if frame.verb not in _HELD or not (_is_ahead(scene) or frame.verb in _HELD_ALREADY) or not time:
        return []
    found = _HAVE_EVENT.match(re.sub(r"(?i)^(?:to|on|for|up for|in|at) ", "", rest))
    if not found or re.search(r"(?i)\bevery\b|\blast\b", time) or re.search(r"(?i)\b(?:every|each)\b", rest):
        return []
    about = event_name(found["what"])
    with_what = re.match(r"(?i)\s*(?:with|at|for|in|on)\s+(?P<w>(?!\d|the \d)[A-Z][^,.]*)", found["rest"])
    detail = thing(without_times(with_what["w"]), 4) if with_what and when(with_what["w"]) != with_what["w"] else ""
    return one("plan_event", about, "" if when(detail) else detail) + [Found("plan_event_time", about, time)]


def event_is(scene: Scene) -> list[Found]:
    text, frame = scene.clause.text, scene.clause.frame
    if (
        frame.verb == "get"
        and re.match(r"(?i)married\b", frame.rest)
        and (frame.doing or frame.modal)
        and (who := whose(scene))
    ):
        time = when(frame.rest)
        return [Found("plan_event_time", f"{who}'s wedding", time)] if time else []
    born = re.match(
        (
            rf"(?i)^(?:my|our) (?P<who>[\w ]+'s )?birthday (?:is|falls)(?: (?:actually|coming up|on|in|the|always|"
            rf"also))* (?:the )?(?P<d>{DATE}|(?:early |late |mid[- ]?)?{MONTH}|.+)"
        ),
        text,
    ) or re.match(rf"(?i)^it is my (?P<who>)birthday (?:on|in) (?:the )?(?P<d>{DATE}|{MONTH}|.+)", text)
    if born:
        date = when(born["d"]) or thing(born["d"], 4)
        if not re.search(rf"(?i)\d|{MONTH}|christmas|halloween|valentine|new year|eve|boxing|leap", date):
            return []
        if born["who"]:
            return [Found("plan_event_time", f"{born['who'].strip()} birthday".lower(), date)]
        return [Found("birthday", "", re.sub(r"(?i)^the ", "", date))]
    bare = re.match(
        rf"(?i)^(?:my |our )?(?P<what>(?:[\w'-]+ )?{EVENT_WORD})(?: booked)?(?: is)? (?P<when>{WHEN})(?: at .*)?$", text
    )
    if bare and not _BY_FRONT.search(text):
        return [Found("plan_event_time", event_name(bare["what"]), when(bare["when"]))]
    found = _EVENT_IS.match(text)
    if found and not _BY_FRONT.search(text):
        time = when(found["rest"])
        about = event_name(found["what"])
        owner = found["owner"]
        if owner and time:
            return [Found("plan_event_time", f"{owner[3:].lower()}'s {about}", time)]
        if not time:
            return []
        where = re.match(r"(?i)(?:in|at) (?P<place>[A-Z][\w' ]+?)(?= (?:on|in|next|this)\b)", found["rest"])
        return ([Found("plan_event", about, f"in {where['place']}")] if where and not when(where["place"]) else []) + [
            Found("plan_event_time", about, time)
        ]
    return goal_is(text, scene.clause.cased)


_PAST_WHEN = re.compile(
    rf"(?i)\b(?:in (?:{MONTH} )?(?P<year>{YEAR})|(?P<rel>last (?:year|month|week|summer|winter|spring|autumn|"
    rf"{MONTH})|(?:\w+|\d+|a few|a couple of) (?:years?|months?|weeks?) ago|when I was (?:\w+|\d+)(?: years old)?|"
    rf"at \d+|as a (?:kid|child|teenager|student)))"
)


def memories(scene: Scene) -> list[Found]:
    """memory_event[topic]: dated events of the past ("I broke my leg in 2019")."""
    frame = scene.clause.frame
    if (
        frame.subject not in ("I", "we")
        or not frame.past
        or frame.ended
        or frame.negative
        or frame.modal
        or scene.clause.mood != "statement"
    ):
        return []
    whole = f"{frame.rest} {frame.front}"
    dated = _PAST_WHEN.search(whole)
    if not dated:
        return []
    time = (dated["year"] and dated[0]) or dated[0]
    rest = _PAST_WHEN.sub("", frame.rest).strip(" ,.")
    about = ""
    if frame.verb in ("marry",) or frame.verb == "get" and re.match(r"(?i)married\b", rest):
        about = "wedding"
    elif frame.verb == "graduate":
        about = "graduation"
    elif frame.verb == "get" and re.match(r"(?i)engaged\b", rest):
        about = "engagement"
    elif frame.verb == "retire":
        about = "retirement"
    elif frame.verb == "get" and re.match(r"(?i)divorced\b", rest) or frame.verb == "divorce":
        about = "divorce"
    elif frame.verb == "break" and (part := re.match(r"(?i)my (?P<p>(?:left |right )?\w+)", rest)):
        about = f"broken {part['p'].lower()}"
    elif frame.verb == "have" and (
        op := re.match(
            (
                r"(?i)(?:an?|my|our)?\s*(?P<w>(?:[\w'-]+ ){0,2}?(?:operation|surgery|accident|heart attack|"
                r"stroke|wedding|"
                r"baby|transplant|concussion|breakdown|burnout|hip replacement|knee replacement|miscarriage))"
            ),
            rest,
        )
    ):
        about = op["w"].lower().strip()
    elif frame.verb in ("run", "win", "pass", "climb", "finish", "complete", "visit", "publish"):
        about = thing(rest, 3).lower()
        about = re.sub(r"^(?:your|my|first|a) ", "", about)
    return (
        [
            Found(
                "memory_event",
                about,
                re.sub(r"(?i)\bmy\b", "your", re.sub(r"(?i)\bwhen I was\b", "when you were", time)),
            )
        ]
        if about
        else []
    )
