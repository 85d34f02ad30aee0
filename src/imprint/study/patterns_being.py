"""What the user is: age, origin, home, job, allergies, diet, health, faith, fears, hobbies said as "I am a keen climber"."""

import re

from imprint.study.found import Found, Scene
from imprint.study.lexicon import (
    AGENTS, CLUBS, DIETS, HEALTH, HEALTH_ADJECTIVES, HOBBIES, JOB_ENDINGS, JOBS, LANGUAGES, NATIONALITIES, NOT_JOBS, RELIGIONS, SPORTS,
)  # fmt: skip
from imprint.study.spans import clock, name, place, thing, things, when
from imprint.study.words import DATE, MONTH, NUMBER_WORD, YEAR

_AGE = re.compile(
    rf"(?i)^(?:(?:nearly|almost|about|just|only|now|already)\s+)*(?P<age>(?:[1-9]\d|{NUMBER_WORD}))(?:[- ]years?[- ](?:old|young))?(?=$|,|\.| now\b| (?:this|next) | in {MONTH}| and\b| with\b| today| but| years old| since| already| soon)"
)
_AGE_RANGE = re.compile(r"(?i)^in my (?P<age>(?:(?:early|mid|late)[- ])?(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|\d0s))")
_BORN_PLACE = re.compile(r"(?i)^(?:born(?: and (?:raised|bred|brought up))?|raised|brought up|bred)(?: and (?:raised|born|bred))? (?:in|near|on) (?P<place>.+)")
_BORN_DATE = re.compile(rf"(?i)^born (?:in|on)?\s*(?P<date>{DATE}|{MONTH}(?: {YEAR})?|{YEAR})")
_ALLERGIC = re.compile(r"(?i)^(?:\w+ )?(?:allergic|intolerant) to (?P<what>.+)")
_INTOLERANT = re.compile(r"(?i)^(?P<what>[\w ]{3,20}?)[- ]intolerant\b")
_MARRIED = re.compile(r"(?i)^(?:\w+ly )?(?:(?P<m>married)|(?P<e>engaged)) to (?:my \w+,? )?(?P<name>.+)")
_WITH = re.compile(r"(?:in a relationship|going out|together|living) with (?P<name>[A-Z]\w+)|^with (?P<only>[A-Z]\w+)(?: for| since|$)")
_AFRAID = re.compile(r"(?i)^(?:\w+ly |a bit |so |really |absolutely |dead )*(?:afraid|scared(?: stiff| to death)?|terrified|frightened|petrified|phobic|deathly afraid) (?:of|about) (?P<what>.+)")
_JOB = re.compile(r"(?i)^(?:(?P<det>an?|the)\s+)?(?P<job>.+?)(?=\s+(?:at|for|with|in|on|by|from|who|based|here|now|working|since|these|over|near|and)\b|[,;(]|$)(?P<after>.*)")
_ELSEWHERE = re.compile(r"(?i)\b(?:at|for|with) (?P<at>.+)")
_FAN = re.compile(r"(?i)^(?:an? |the )?(?:(?:big|huge|massive|lifelong|life-long|die-?hard|long-suffering|real|total|proper|keen|avid|loyal) )*(?P<what>[\w' &-]{2,30}?) (?:fan|supporter|fanatic|nut)\b")
_JUDGED = re.compile(r"(?i)^(?:picky|slow|light|heavy|bad|good|big|huge|terrible|fast|early|late|quick|messy|firm|great|poor|total|bit|nervous|strong|real|proper|massive|social|fussy|decent|hopeless|natural|born|hard|complete|regular)\b")
_WORK_STATES = re.compile(
    r"(?i)^(?:(?:semi-?)?retired(?: (?!now|since|and|at|these|from|for|after)\w+)?|unemployed|between jobs|out of work|self[- ]employed|freelance(?: \w+(?: \w+)?)?|on (?:maternity|paternity|parental|sick) leave|a (?:full-time |stay[- ]at[- ]home )(?:mum|dad|mom|parent|carer)|a stay[- ]at[- ]home (?:mum|dad|mom|parent)|signed off sick)(?=$|,|\s(?:now|since|and|at|these|from|for|after))"
)
_FIELDS = re.compile(r"(?i)^in (?P<field>marketing|it|sales|finance|hr|insurance|banking|publishing|advertising|recruitment|construction|retail|hospitality|logistics|education|healthcare|the army|the navy|the raf|the civil service|tech|pr|catering|real estate|property|law|fashion|accounting|accounts|human resources|software|procurement|politics)\b")


def being(scene: Scene) -> list[Found]:
    """Facts of "I am ..." (also "I have been ...")."""
    frame = scene.clause.frame
    if frame.subject not in ("I", "we") or frame.verb != "be" or frame.negative or frame.modal or frame.ended:
        return []
    rest = frame.rest.strip(" ,.")
    if frame.past and not frame.perfect:
        return _born(rest, scene.clause.cased)
    if re.search(r"(?i)\b(?:today|tonight|this morning|this evening|right now for)\b", rest) and not re.match(r"(?i)\d", rest):
        return []
    for read in (_age, _origin, _body, _belief, _attached, _rising, _work):
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
            return [Found("about", "birth year", f"you were born in {dated['date']}")] + ([Found("origin", "", where)] if where else [])
        return [Found("birthday", "", re.sub(r"(?i)^the ", "", dated["date"]))] + ([Found("origin", "", where)] if where else [])
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
    home = re.match(r"(?i)(?:based|living|located|settled|resident|in) ?(?:out of|up in|down in|over in|in|near|on|at)?\s+(?P<place>.+)", rest)
    if home:
        where = place(home["place"], cased)
        plain = re.match(r"(?i)in\b", rest)
        if plain and (not where or not re.search(r"[A-Z]", where) or not cased or re.search(r"(?i)\b(?:this week|for (?:a|the|two|three) |until|on holiday|for work|visiting|today|next|till|tomorrow|just for|class|year|season|love|group|team|band)\b", rest)):
            field = _FIELDS.match(rest)
            return [Found("work", "", field["field"].removeprefix("the "))] if field else []
        return [Found("home", "", where)] if where else []
    low = re.sub(r"(?i)^(?:half|part|proud(?:ly)?|100%|originally|technically) ", "", rest).lower()
    nationality = re.split(r"(?:,| and | but | by | so | living| though| on my | from | myself)", low)[0].strip()
    if nationality in NATIONALITIES:
        said = rest[: len(rest) - len(low) + len(nationality)]
        mixed = re.match(r"(?i)half[- ](\w+),? (?:and )?half[- ](\w+)", rest)
        value = mixed[0] if mixed else re.sub(r"(?i)^(?:an?|originally|proudly|technically) ", "", said)
        shown = value if mixed else value[:1].upper() + value[1:]
        # Where somebody grew up may replace the origin; what they are stays.
        return [Found("origin", "", shown), Found("about", "nationality", f"you are {said if not mixed else mixed[0]}".strip())]
    return []


def _allergies(text: str) -> list[Found]:
    return [Found("allergy", "", one) for one in things(text)]


def _body(rest: str, scene: Scene) -> list[Found]:
    out: list[Found] = []
    allergic = _ALLERGIC.match(rest)
    if allergic:
        return _allergies(allergic["what"])
    intolerant = _INTOLERANT.match(rest)
    if intolerant:
        return [Found("allergy", "", thing(intolerant["what"]) or intolerant["what"])]
    low = rest.lower()
    diet = _diet_in(low)
    if diet:
        out.append(Found("diet", "", diet))
    if re.match(r"(?i)(?:teetotal|tee-total|sober|a teetotaller|on the wagon)\b", rest):
        return [Found("drink_habit", "", "no alcohol")]
    ill = re.match(r"(?i)(?:living|diagnosed|born) with (?P<what>.+)", rest)
    if ill and thing(ill["what"]):
        return [Found("health", "", thing(ill["what"]))]
    for adjective in sorted(HEALTH_ADJECTIVES, key=lambda word: (-len(word), word)):
        if re.match(rf"(?i)(?:quite |severely |slightly |a bit |very |registered )?{re.escape(adjective)}\b", rest):
            at = low.index(adjective)
            extra = re.match(r" in (?:my|one|both) \w+(?: \w+)?", rest[at + len(adjective) :])
            value = rest[at : at + len(adjective)] + (extra[0].replace(" my ", " your ") if extra else "")
            out.append(Found("health", "", re.sub(r"^an? ", "", value)))
            break
    afraid = _AFRAID.match(rest)
    if afraid:
        out += [Found("fear", "", one) for one in things(afraid["what"])]
    return out


def _diet_in(low: str) -> str:
    bare = re.sub(r"^(?:(?:a|an|mostly|fully|strictly|strict|completely|lifelong|on a|on the|100%|ethical|about|nearly|full-time|pretty|committed|been|going|trying to be|now|eating) )+", "", low)
    for diet in sorted(DIETS, key=lambda word: (-len(word), word)):
        if re.match(rf"{re.escape(diet)}(?=$|[,.;]| (?:since|for|so|and|now|but|diet|these|because|who|by|at|on|in|from|person|eater|again|though|myself|as|here|ish|household|family|too|all|most|during|when)\b)", bare):
            return diet
    return ""


def _belief(rest: str, scene: Scene) -> list[Found]:
    low = re.sub(r"^(?:(?:an?|practising|practicing|devout|lapsed|raised|proud|non-practising|committed|born-again|orthodox(?= jew)|roman(?= catholic)|greek(?= orthodox)) )*", "", rest.lower())
    for faith in sorted(RELIGIONS, key=lambda word: (-len(word), word)):
        if re.match(rf"{re.escape(faith)}(?:$|[,.;]| (?:and|so|but|by|since|like|too|now|myself)\b)", low):
            said = rest[len(rest) - len(low) :][: len(faith)]
            return [Found("religion", "", said)]
    tongue = re.match(r"(?i)(?:fluent in|bilingual in|bilingual,?|a native speaker of|trilingual:?,?|a native|conversational in) (?P<what>.+?)(?: speaker)?$", rest)
    if tongue:
        return [Found("language", "", one) for one in things(tongue["what"]) if one.lower() in LANGUAGES]
    return []


def _attached(rest: str, scene: Scene) -> list[Found]:
    cased = scene.clause.cased
    parent = re.match(rf"(?i)(?:an? )?(?:(?:proud|single|busy|working|tired|new|lone) )*(?:mum|mom|dad|mother|father|parent|mama|papa)s? (?:of|to) (?P<n>{NUMBER_WORD}|\d)(?P<what> (?:boys|girls|kids|children|daughters|sons|under \w+|teenagers))?", rest)
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
    agent = re.match(r"(?i)(?:an? )?(?:(?:keen|avid|amateur|passionate|big|weekend|hobby|serious|obsessive|lifelong|regular|recreational|fair-weather|enthusiastic|occasional) )+(?P<who>[\w ]+?)(?=$|[,.;]| (?:and|in|on|at|since|so|but|who|with|when|of)\b)", rest)
    who = agent["who"].lower() if agent else re.sub(r"(?i)^an? ", "", rest).lower()
    if who in AGENTS and (agent or who not in JOBS):
        done = AGENTS[who]
        return [Found("sport" if done in SPORTS and done != "walking" else "hobby", "", done)]
    member = re.match(r"(?i)(?:in|a member of|part of) (?:an?|the|my|our) (?P<what>(?:[\w-]+ ){0,2}(?:band|choir|orchestra|book club|chess club|running club|climbing club|cycling club|club|improv group|drama group|theatre group|quiz team))\b", rest)
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


def is_job(phrase: str) -> bool:
    """Whether a noun phrase names an occupation, by list or by ending."""
    low = phrase.lower().strip(" .,")
    words = low.split()
    if not words or len(words) > 6 or low in NOT_JOBS or words[-1] in NOT_JOBS:
        return False
    head = low.split(" of ")[0]
    if re.match(r"(?:head|director|manager|chief|vice president|vp|professor|captain|chair|deputy head|secretary|owner|master) of \w", low) or head.startswith("chief "):
        return True
    last = head.split()[-1]
    for start in range(len(words)):
        if " ".join(words[start:]) in JOBS:
            return True
    if last in JOBS or last in ("head", "lead", "temp", "rep", "partner") and len(words) > 1:
        return True
    if last.endswith(JOB_ENDINGS) and last not in NOT_JOBS and not _JUDGED.match(low):
        return True
    return bool(re.search(r"(?:er|or|ist|ian)$", last)) and not _JUDGED.match(low) and last not in AGENTS and last not in ("number", "winter", "summer", "order", "letter", "matter", "power", "paper", "corner", "sister", "brother")


def job_facts(phrase: str, cased: bool) -> list[Found]:
    """work, employer and home out of "nurse at St Mary's", "product manager for Ocado in Leeds"."""
    found = _JOB.match(phrase.strip(" ."))
    if not found:
        return []
    job = re.sub(r"(?i)^(?:full-time|part-time|newly qualified|qualified|fully qualified|proud|humble|lowly|trained|simple|mere|just|actually|currently)\s+", "", found["job"]).strip()
    if not is_job(job) or re.search(r"(?i)\b(?:my|your|his|her|their|our|this|that|what|not)\b", job):
        return []
    job = thing(job, stop=False) or job
    out = [Found("work", "", job)]
    field = re.match(r"(?i)\s*in (?P<field>the (?:\w+ )?(?:department|team|unit|ward|office|industry)|a (?:\w+ ){1,3}(?:ward|unit|lab|office|department|shop|school|hospital|restaurant|kitchen|library|bakery|cafe|café|factory|warehouse))", found["after"])
    if field:
        out.append(Found("workplace_detail", "", re.sub(r"^(?:the|a|an) ", "", field["field"])))
    at = _ELSEWHERE.search(found["after"])
    if at and not re.match(r"(?i)(?:about |over |nearly |almost |the (?:last|past) )?(?:\d+|ten|years|ages|a (?:long|while|few|year|living|decade)|one|two|three|four|five|six|seven|eight|nine|twenty|thirty|now|the moment|home|night|weekends|work|over|nearly)\b", at["at"]):
        out += employer(at["at"])
    return out


def employer(text: str) -> list[Found]:
    """The employer at the start of `text`, unless it names a time."""
    where = re.match(r"(?i)(?P<who>.+?)(?:\s+in\s+(?P<place>[A-Z][\w' -]+?))?(?=$|[,;(]|\s+(?:as|since|for|and|where|which|on|doing|these|now|so|but|because|near|until|full|part|from|every|in)\b)", text.strip(" ."))
    who = thing(where["who"], 6, stop=False) if where else ""
    return [Found("employer", "", who)] if who and not when(who) == who else []


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
    what = re.sub(r"(?i)\b(?:first|second|third|fourth|final|1st|2nd|3rd)[- ]year\b|\b(?:mature|full-time|part-time|undergraduate|undergrad|postgraduate|postgrad|phd|masters|doctoral|university|uni|college|international|exchange|poor|a)\b", "", found["what"]).strip()
    out = [Found("studies", "", what)] if what else [Found("work", "", "student")]
    if found["school"]:
        school = thing(found["school"], 5)
        if school:
            out.append(Found("school", "", school))
    more = re.search(r"(?i)\b(?:studying|doing|reading|in) (?P<what>.+)$", scene.clause.frame.rest)
    if not what and more and thing(more["what"]):
        out = [Found("studies", "", thing(more["what"]))] + out[1:]
    return out


def condition(text: str) -> list[Found]:
    """health facts of "have asthma", "suffer from migraines"."""
    low = text.lower()
    bare = re.sub(r"^(?:really |quite |very |mild |severe |bad |chronic |terrible |awful |a bit of |got |some |occasional )+", "", low)
    for known in sorted(HEALTH, key=lambda word: (-len(word), word)):
        if re.match(rf"{re.escape(known)}(?=$|[,.;]| (?:and|so|in|since|which|that|from|but|now|on|for|when|as|too|because)\b)", bare):
            at = low.index(known)
            value = re.sub(r"(?i)^an? ", "", text[at : at + len(known)])
            more = re.match(r"(?i)(?:,| and) (?P<more>.+)", text[at + len(known) :])
            return [Found("health", "", value)] + (condition(more["more"]) if more else [])
    return []


def is_pastime(word: str) -> str:
    """ "sport" or "hobby" when the activity is a known one, else ""."""
    low = word.lower()
    return "sport" if low in SPORTS and low != "walking" else "hobby" if low in HOBBIES else ""
