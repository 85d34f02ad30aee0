"""What the user is: age, origin, partner and place in life, said as "I am ..."."""

import re

from imprint.study.found import Found, Scene
from imprint.study.lexicon import AGENTS, CLUBS, JOBS, NATIONALITIES, SPORTS
from imprint.study.patterns.health import belief, body
from imprint.study.patterns.jobs import job_facts
from imprint.study.spans import clock, name, place, thing, when
from imprint.study.words import DATE, MONTH, NUMBER_WORD, YEAR

_AGE = re.compile(
    rf"(?i)^(?:(?:nearly|almost|about|just|only|now|already)\s+)*(?P<age>(?:[1-9]\d|"
    rf"{NUMBER_WORD}))(?:[- ]years?[- ](?:old|young))?(?=$|,|\.| now\b| (?:this|next) | in {MONTH}| and\b|"
    rf" with\b| today| but| years old| since| already| soon)"
)
_AGE_RANGE = re.compile(
    r"(?i)^in my (?P<age>(?:(?:early|mid|late)[- ])?(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|"
    r"\d0s))"
)
_BORN_PLACE = re.compile(
    r"(?i)^(?:born(?: and (?:raised|bred|brought up))?|raised|brought up|bred)(?: and (?:raised|born|bred))? (?:in|"
    r"near|on) (?P<place>.+)"
)
_BORN_DATE = re.compile(rf"(?i)^born (?:in|on)?\s*(?P<date>{DATE}|{MONTH}(?: {YEAR})?|{YEAR})")
_MARRIED = re.compile(r"(?i)^(?:\w+ly )?(?:(?P<m>married)|(?P<e>engaged)) to (?:my \w+,? )?(?P<name>.+)")
_WITH = re.compile(
    r"(?:in a relationship|going out|together|living) with (?P<name>[A-Z]\w+)|^with (?P<only>[A-Z]\w+)(?: for| since|"
    r"$)"
)
_FAN = re.compile(
    r"(?i)^(?:an? |the )?(?:(?:big|huge|massive|lifelong|life-long|die-?hard|long-suffering|real|total|proper|keen|"
    r"avid|loyal) )*(?P<what>[\w' &-]{2,30}?) (?:fan|supporter|fanatic|nut)\b"
)
_WORK_STATES = re.compile(
    r"(?i)^(?:(?:semi-?)?retired(?: (?!now|since|and|at|these|from|for|after)\w+)?|unemployed|between jobs|"
    r"out of work|self[- ]employed|freelance(?: \w+(?: \w+)?)?|on (?:maternity|paternity|parental|sick) leave|"
    r"a (?:full-time |stay[- ]at[- ]home )(?:mum|dad|mom|parent|carer)|a stay[- ]at[- ]home (?:mum|dad|mom|"
    r"parent)|signed off sick)(?=$|,|\s(?:now|since|and|at|these|from|for|after))"
)
_FIELDS = re.compile(
    r"(?i)^in (?P<field>marketing|it|sales|finance|hr|insurance|banking|publishing|advertising|recruitment|"
    r"construction|retail|hospitality|logistics|education|healthcare|the army|the navy|the raf|the civil service|"
    r"tech|pr|catering|real estate|property|law|fashion|accounting|accounts|human resources|software|procurement|"
    r"politics)\b"
)


def being(scene: Scene) -> list[Found]:
    """Facts of "I am ..." (also "I have been ...")."""
    frame = scene.clause.frame
    if (
        frame.subject == "I"
        and frame.verb == "be"
        and frame.modal == "will"
        and (soon := re.match(r"(?i)(?P<n>[1-9]\d) (?:years old )?(?:in|on|this|next) ?(?P<d>.*)", frame.rest))
    ):
        date = re.search(rf"(?i){DATE}|{MONTH}\b", soon["d"])
        return [Found("age", "", f"turning {soon['n']}")] + (
            [Found("birthday", "", re.sub(r"(?i)^the ", "", date[0]))] if date else []
        )
    if frame.subject not in ("I", "we") or frame.verb != "be" or frame.negative or frame.modal or frame.ended:
        return []
    rest = frame.rest.strip(" ,.")
    if frame.past and not frame.perfect:
        return _born(rest, scene.clause.cased)
    if re.search(r"(?i)\b(?:today|tonight|this morning|this evening|right now for)\b", rest) and not re.match(
        r"(?i)\d", rest
    ):
        return []
    for read in (_age, _origin, body, belief, _attached, _rising, _work):
        out = read(rest, scene)
        if out:
            return out
    return []


def _born(rest: str, cased: bool) -> list[Found]:
    dated = _BORN_DATE.match(rest)
    if dated:
        more = re.search(r"(?i)\bin (?!\d)(?P<place>\D+)$", rest[dated.end() :])
        where = place(more["place"], cased) if more else ""
        if re.fullmatch(r"\d{4}", dated["date"]):
            return [Found("about", "birth year", f"you were born in {dated['date']}")] + (
                [Found("origin", "", where)] if where else []
            )
        return [Found("birthday", "", re.sub(r"(?i)^the ", "", dated["date"]))] + (
            [Found("origin", "", where)] if where else []
        )
    found = _BORN_PLACE.match(rest)
    where = place(found["place"], cased) if found else ""
    out = [Found("origin", "", where)] if where else []
    if re.match(r"(?i)diagnosed with\b", rest):
        what = thing(re.sub(r"(?i)^diagnosed with ", "", rest))
        return [Found("health", "", what)] if what else []
    grew = re.search(r"(?i)(?:raised|brought up|grew up) in (.+)$", rest) if found else None
    if grew and grew.start() > 4:
        later = place(grew[1], cased)
        return [Found("origin", "", later)] if later else out
    return out


def _age(rest: str, scene: Scene) -> list[Found]:
    found = _AGE.match(rest) or _AGE_RANGE.match(rest)
    if not found or scene.clause.frame.subject == "we" or found["age"].lower() in ("one", "two", "three"):
        return []
    return [Found("age", "", found["age"])]


def _origin(rest: str, scene: Scene) -> list[Found]:
    cased = scene.clause.cased
    if re.match(r"(?i)(?:born|raised|brought up)\b", rest):
        return _born(rest, cased)
    origin = re.match(r"(?i)(?:originally |all the way |really )?from (?P<place>.+)", rest)
    if origin:
        where = place(origin["place"], cased)
        return [Found("origin", "", where)] if where else []
    home = re.match(
        (
            r"(?i)(?:based|living|located|settled|resident|in) ?(?:out of|up in|down in|over in|in|near|on|"
            r"at)?\s+(?P<place>.+)"
        ),
        rest,
    )
    if home:
        where = place(home["place"], cased)
        plain = re.match(r"(?i)in\b", rest)
        if plain and (
            not where
            or not re.search(r"[A-Z]", where)
            or not cased
            or re.search(
                (
                    r"(?i)\b(?:this week|for (?:a|the|two|three) |until|on holiday|for work|visiting|today|next|till|"
                    r"tomorrow|just for|class|year|season|love|group|team|band)\b"
                ),
                rest,
            )
        ):
            field = _FIELDS.match(rest)
            return [Found("work", "", f"in {field['field']}")] if field else []
        return [Found("home", "", where)] if where else []
    low = re.sub(r"(?i)^(?:half|part|proud(?:ly)?|100%|originally|technically) ", "", rest).lower()
    nationality = re.split(r"(?:,| and | but | by | so | living| though| on my | from | myself)", low)[0].strip()
    if nationality in NATIONALITIES:
        said = rest[: len(rest) - len(low) + len(nationality)]
        mixed = re.match(r"(?i)half[- ](\w+),? (?:and )?half[- ](\w+)", rest)
        value = mixed[0] if mixed else re.sub(r"(?i)^(?:an?|originally|proudly|technically) ", "", said)
        shown = value if mixed else value[:1].upper() + value[1:]
        # Where somebody grew up may replace the origin; what they are stays.
        town = re.search(r"(?i)\bfrom (?P<place>[^,]+)$", rest)
        shown = (place(town["place"], cased) if town else "") or shown
        return [
            Found("origin", "", shown),
            Found("about", "nationality", f"you are {said if not mixed else mixed[0]}".strip()),
        ]
    return []


def _attached(rest: str, scene: Scene) -> list[Found]:
    cased = scene.clause.cased
    parent = re.match(
        (
            rf"(?i)(?:an? )?(?:(?:proud|single|busy|working|tired|new|lone) )*(?:mum|mom|dad|mother|father|parent|mama|"
            rf"papa)s? (?:of|to) (?P<n>{NUMBER_WORD}|\d)(?P<what> (?:boys|girls|kids|children|daughters|sons|under \w+|"
            rf"teenagers))?"
        ),
        rest,
    )
    if parent:
        return [Found("children_count", "", f"{parent['n']}{parent['what'] or ' children'}")]
    married = _MARRIED.match(rest)
    if married:
        who = name(married["name"], cased)
        relation = "fiancé" if married["e"] else "partner"
        return [Found("partner", relation, who)] if who else []
    with_whom = _WITH.search(rest)
    if with_whom:
        return [Found("partner", "partner", with_whom["name"] or with_whom["only"])]
    fan = _FAN.match(rest)
    if fan and fan["what"].lower() not in ("big", "huge", "massive", "such a big"):
        return _fan_of(fan["what"], scene)
    agent = re.match(
        (
            r"(?i)(?:an? )?(?:(?:keen|avid|amateur|passionate|big|weekend|hobby|serious|obsessive|lifelong|regular|"
            r"recreational|fair-weather|enthusiastic|occasional) )+(?P<who>[\w ]+?)(?=$|[,.;]| (?:and|in|on|at|"
            r"since|so|"
            r"but|who|with|when|of)\b)"
        ),
        rest,
    )
    who = agent["who"].lower() if agent else re.sub(r"(?i)^an? ", "", rest).lower()
    if who in AGENTS and (agent or who not in JOBS):
        done = AGENTS[who]
        return [Found("sport" if done in SPORTS and done != "walking" else "hobby", "", done)]
    member = re.match(
        (
            r"(?i)(?:in|a member of|part of) (?:an?|the|my|our) (?P<what>(?:[\w-]+ ){0,2}(?:band|choir|orchestra|"
            r"book club|chess club|running club|climbing club|cycling club|club|improv group|drama group|theatre group|"
            r"quiz team))\b"
        ),
        rest,
    )
    if member:
        return [Found("hobby", "", member["what"])]
    return []


def _fan_of(what: str, scene: Scene) -> list[Found]:
    if what.lower() in CLUBS:
        return [Found("team", "", what)]
    if what.lower() in SPORTS:
        return [Found("likes_sport", "", what)]
    category = scene.category(what)
    if category:
        return [Found(f"likes_{category}", "", what)]
    if re.search(r"[A-Z]", what):
        return [Found("team", "", what)]
    return [Found("likes_thing", what.split()[-1].lower(), what)]


def _rising(rest: str, scene: Scene) -> list[Found]:
    habitual = not scene.clause.frame.past and not re.search(r"(?i)\b(?:tomorrow|today|tonight|this)\b", rest)
    if habitual and re.match(r"(?i)(?:up|awake|out of bed|out the door) (?:at|by|before|around|from)\b", rest):
        return [Found("wake_time", "", clock(rest))] if clock(rest) else []
    if habitual and re.match(r"(?i)(?:in bed|asleep|tucked up|in my pyjamas) (?:at|by|before|around)\b", rest):
        return [Found("bed_time", "", clock(rest))] if clock(rest) else []
    due = re.match(r"(?i)(?:pregnant|due|expecting)\b", rest)
    if due:
        time = when(rest)
        return [Found("plan_event_time", "baby", time)] if time else []
    return []


def _work(rest: str, scene: Scene) -> list[Found]:
    state = _WORK_STATES.match(rest)
    if state:
        return [Found("work", "", re.sub(r"(?i)^an? ", "", state[0]))]
    student = re.match(r"(?i)(?:an? )?(?P<what>(?:[\w-]+ ){0,3}?)student(?: at (?P<school>.+))?", rest)
    if student:
        return _student(student, scene)
    if re.match(r"(?i)(?:an?|the|head of|chief|director of)\s+", rest) or scene.clause.frame.subject == "we":
        if scene.clause.frame.subject == "we" and not re.search(r"(?i)^both ", rest):
            return []
        return job_facts(rest, scene.clause.cased)
    return []


def _student(found: re.Match[str], scene: Scene) -> list[Found]:
    what = re.sub(
        (
            r"(?i)\b(?:first|second|third|fourth|final|1st|2nd|3rd)[- ]year\b|\b(?:mature|full-time|part-time|"
            r"undergraduate|undergrad|postgraduate|postgrad|phd|masters|doctoral|university|uni|college|international|"
            r"exchange|poor|a)\b"
        ),
        "",
        found["what"],
    ).strip()
    out = [Found("studies", "", what)] if what else [Found("work", "", "student")]
    if found["school"]:
        school = thing(found["school"], 5)
        if school:
            out.append(Found("school", "", school))
    more = re.search(r"(?i)\b(?:studying|doing|reading|in) (?P<what>.+)$", scene.clause.frame.rest)
    if not what and more and thing(more["what"]):
        out = [Found("studies", "", thing(more["what"]))] + out[1:]
    return out
