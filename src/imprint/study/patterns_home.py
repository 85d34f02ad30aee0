"""Where the user and their family live, work and study."""

import re

from imprint.study.found import Found, Scene
from imprint.study.lexicon import ANIMALS
from imprint.study.patterns_being import employer, is_job, job_facts
from imprint.study.patterns_people import _OWNED, animal_of, relation
from imprint.study.spans import name, place, thing

_DWELLING = (
    r"(?:house|flat|apartment|studio|bungalow|cottage|terrace|terraced house|farm|farmhouse|narrowboat|houseboat|boat|barge|caravan|van|static caravan|loft|basement|bedsit|maisonette|townhouse|"
    r"penthouse|cabin|yurt|mobile home|tiny house|flatshare|house share|houseshare|shared house|semi|semi-detached|detached house|condo|duplex|tower block|dorm|halls|student halls|hostel|"
    r"barn conversion|lighthouse|croft|villa|chalet|trailer|council flat|one-bed|two-bed|commune|convent|vicarage|manor|castle|canal boat|motorhome|camper|sheltered housing|retirement village|rectory|mill)"
)
_DWELLING_IN = re.compile(rf"(?i)^(?:in|on|aboard)?\s*(?:an?|the|my|our|my own|this)?\s*(?P<what>(?:[\w-]+ ){{0,4}}?{_DWELLING})s?\b(?! (?:music|party|plants?))(?: (?:above|over|on|with|by|near|next to) (?:the|a|an) (?P<tail>[\w-]+(?: \w+)?))?(?P<rest>.*)")


def home(scene: Scene) -> list[Found]:
    """home, dwelling, origin of the user."""
    frame = scene.clause.frame
    if frame.subject not in ("I", "we") or frame.ended:
        return _home_is(scene)
    rest, cased = frame.rest, scene.clause.cased
    if frame.modal or frame.negative:
        return []
    if frame.verb in ("live", "stay") and not (frame.past and not frame.perfect):
        return _lives(rest, cased) if frame.verb == "live" or re.match(r"(?i)in .*(?:these days|now|permanently)", rest) else []
    if frame.verb in ("move", "relocate", "settle", "emigrate") and not frame.doing:
        target = re.search(r"(?i)\b(?:(?:back |over |out |up |down |home |here )?to|into|in|here to)\s+(?P<place>(?!with\b|my|our|a |an |the (?:next|other)).+)", rest)
        if target:
            where = place(re.split(r"(?i)\bfrom\b", target["place"])[0], cased)
            return [Found("home", "", where)] if where else []
        into = re.search(r"(?i)\b(?:in)?to (?P<what>(?:an?|our|my)\s.+)", rest)
        return _dwelling(into["what"], cased) if into else []
    if frame.verb in ("rent", "own", "buy", "share", "have", "get", "inherit") and re.match(rf"(?i)(?:an?|our|my|the)\s+(?:[\w-]+ ){{0,4}}?{_DWELLING}\b", rest) and "holiday" not in rest.lower():
        return _dwelling(rest, cased)
    if frame.verb == "grow" and rest.lower().startswith("up"):
        found = re.match(r"(?i)up (?:in|on|near|around|outside|by|just outside)\s+(?P<place>.+)", rest)
        where = place(re.sub(r"(?i)^(?:in|near|outside) ", "", found["place"]), cased, anything=True) if found else ""
        return [Found("origin", "", where)] if where else []
    if frame.verb in ("come", "hail", "originate") and re.match(r"(?i)(?:originally )?from\s", rest):
        where = place(re.sub(r"(?i)^(?:originally )?from ", "", rest), cased)
        return [Found("origin", "", where)] if where and not frame.past else []
    if frame.verb == "spend" and re.match(r"(?i)my (?:childhood|early years|first \w+ years|youth) in\s", rest):
        where = place(re.split(r"(?i)\bin\s", rest, maxsplit=1)[1], cased)
        return [Found("origin", "", where)] if where else []
    return []


def _lives(rest: str, cased: bool) -> list[Found]:
    out = _dwelling(rest, cased)
    if out:
        return out
    where = re.match(r"(?i)(?:(?:just |right |way |all |up |down |over |out |here )*)(?P<prep>in|near|outside|at|on|by|between|around|just outside|close to|north of|south of)\s+(?P<place>.+)", rest)
    if not where:
        return []
    spot = place(where["place"], cased, anything=where["prep"].lower() != "in" or bool(re.match(r"(?i)(?:a|an|the)\s", where["place"])))
    if not spot and where["prep"].lower() == "in":
        spot = place(where["place"], False)
    if not spot or re.match(r"(?i)(?:same|fear|middle of nowhere|past|moment|my own|years|place|own)\b", spot):
        return []
    prep = where["prep"].lower()
    return [Found("home", "", spot if prep in ("in", "at") else f"{prep} {spot}" if prep != "on" or not re.match(r"[A-Z0-9]", spot) else spot)]


def _dwelling(text: str, cased: bool) -> list[Found]:
    found = _DWELLING_IN.match(text)
    if not found:
        return []
    value = re.sub(r"(?i)^(?:(?:my|our|own|new|lovely|nice|a|an|the|this|in|on) )+", "", found["what"].strip())
    above = re.search(r"(?i) (?:above|over) (?:the|a|an) $", text[: found.start("tail")]) if found["tail"] else None
    out = [Found("dwelling", "", f"{value}{above[0]}{found['tail']}" if above else value)]
    where = re.search(r"(?i)\b(?:in|near|outside)\s+(?P<place>[^,]+.*)", found["rest"])
    spot = place(where["place"], cased) if where else ""
    if spot:
        out.append(Found("home", "", spot))
    return out


def _home_is(scene: Scene) -> list[Found]:
    text, cased = scene.clause.text, scene.clause.cased
    if scene.clause.mood != "statement":
        return []
    found = re.match(r"(?i)^(?:(?:my |our )?home|(?:my|our) (?:house|flat|place|apartment|address)) is (?:now |actually |currently |in |at |near |out in |over in )*(?P<place>.+)", text)
    if found:
        where = place(re.sub(r"(?i)^(?:in|at) ", "", found["place"]), cased)
        return [Found("home", "", where)] if where else []
    grew = re.match(r"(?i)^my (?:home ?town|birthplace|native (?:town|city|country|village)|home village|home city|family) (?:is|was|are|come from|comes from)(?: originally)?(?: called| from)? (?P<place>.+)", text)
    if grew:
        where = place(grew["place"], cased)
        return [Found("origin", "", where)] if where else []
    reverse = re.match(r"^(?P<place>[A-Z][\w' -]+?) (?:is|has been) (?:my |our )?(?P<what>home|hometown|home town)(?: now| these days|$)", text)
    if reverse:
        where = place(reverse["place"], True)
        return [Found("origin" if "town" in reverse["what"] else "home", "", where)] if where else []
    return []


_WORK_AS = re.compile(r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|shifts|freelance|here|there|remotely|mostly|weekends) )*as (?P<job>.+)")
_WORK_AT = re.compile(r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|shifts|freelance|over|up|down|out|here|days|weekends|behind the (?:bar|counter|till)) )*(?P<prep>at|for|with)\s+(?P<at>.+)")
_WORK_IN = re.compile(r"(?i)^(?:(?:full[- ]time|part[- ]time|nights|mostly|over|shifts|weekends|freelance) )*(?P<prep>in|on|within|down|behind)\s+(?P<what>.+)")
_SHIFTS = re.compile(
    r"(?i)^(?:(?:mostly|usually|permanent|rotating|only|just|the|a lot of|mainly|regular) )*(?P<what>nights|night shifts?|late shifts?|early shifts?|the early shift|the late shift|lates|earlies|shifts|days|weekends|part[- ]time|full[- ]time|from home|remotely|remote|hybrid|"
    r"(?:\w+|\d) days a week|(?:\w+|\d) days|flexi-?time|freelance|twelve[- ]hour shifts|12[- ]hour shifts|split shifts|compressed hours|night shift|four on four off|nine to five|9 to 5|evenings|for myself)\b"
)
_COMPANY = re.compile(r"(?i)\b(?:ltd|plc|inc|hospital|university|school|college|library|bank|council|station|infirmary|museum|nhs)\b")


def _works(rest: str, cased: bool) -> list[Found]:
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
        out.append(Found("workplace_detail", "", re.sub(r"(?i)^the ", "", found["what"])))
        rest = rest[found.end() :].strip()
    found = _WORK_AT.match(rest)
    if found:
        if re.match(r"(?i)(?:home|night|the moment|weekends|a (?:desk|computer)|the (?:till|bar)|\d|least|it|this|that|myself|me|you|my|her|him|them|us|children|kids|people|animals|wood|metal|clay|data|glass|leather|horses|dogs|young|elderly|the (?:elderly|homeless)|adults|refugees|computers)\b", found["at"]):
            if found["prep"].lower() == "with" and not re.match(r"(?i)(?:it|this|that|me|you|my|her|him|them|us)\b", found["at"]):
                return [*out, Found("work", "", f"with {thing(found['at'], 4)}")]
            return out
        who = employer(found["at"])
        job = re.search(r"(?i)\bas (?P<job>an? .+|head of .+)", found["at"])
        return out + who + (job_facts(job["job"], cased) if job else [])
    found = _WORK_IN.match(rest)
    if found and not re.match(r"(?i)(?:my|it|this|that|the (?:morning|evening|garden|summer|winter|moment|house)|a (?:team|project|presentation|report|novel|book|paper)|progress|\d)\b", found["what"]):
        return out + _works_in(found["prep"].lower(), found["what"], cased)
    return out


def _works_in(prep: str, what: str, cased: bool) -> list[Found]:
    at = re.search(r"(?i)\s(?:at|for)\s+(?P<at>(?!the moment|home|night).+)", what)
    who = employer(at["at"]) if at else []
    as_what = re.search(r"(?i)\bas (?P<job>an? .+)", what)
    jobs = job_facts(as_what["job"], cased) if as_what else []
    bare = thing(re.split(r"(?i)\s(?:at|for|as)\s", what)[0], 5)
    if not bare or prep == "on" and not re.match(r"(?i)(?:the|a|an)\s+(?:[\w-]+ )*(?:ward|railways?|farm|boat|ship|oil rigs?|rigs?|site|trains|ferries|unit|desk|floor|checkouts?|tills?|buses|estate|docks)", what):
        return who + jobs
    if re.match(r"(?i)(?:the|a|an)\s", what) and prep in ("in", "within", "down", "behind", "on"):
        kind = "workplace_detail" if re.search(r"(?i)\b(?:department|team|ward|unit|lab|office|warehouse|desk|division|floor|kitchen|industry|counter|section|branch|ICU|A&E)\b", what) or prep == "on" else "employer"
        return [Found(kind, "", bare), *who, *jobs]
    if re.match(r"[A-Z]", what) and cased and not who and len(bare) > 3:
        return [Found("workplace_detail", "", bare), *jobs]
    return [Found("work", "", f"in {bare}"), *who, *jobs]


def work(scene: Scene) -> list[Found]:
    """work, employer, workplace_detail, studies, school of the user."""
    clause, frame = scene.clause, scene.clause.frame
    rest, cased = frame.rest, clause.cased
    if frame.subject not in ("I", "we"):
        return _job_is(scene)
    if frame.ended or frame.negative or frame.modal in ("would", "could", "might", "should", "must", "may"):
        return []
    if frame.front and (as_a := re.match(r"(?i)(?:speaking )?as (?P<job>an? .+)", frame.front)):
        facts = job_facts(as_a["job"], cased)
        if facts:
            return facts
    simple_past = frame.past and not frame.perfect
    if frame.modal:
        return []
    if frame.verb == "work" and not simple_past:
        return _works(rest, cased)
    if frame.verb in ("teach", "lecture", "tutor") and not simple_past and not re.match(r"(?i)(?:myself|me|him|her|them|it|my|you)\b", rest):
        what = thing(re.split(r"(?i)\s(?:at|to|in)\s", rest)[0], 4)
        at = re.search(r"(?i)\s(?:at|in)\s+(?P<at>(?:a |an |the )?.+)", " " + rest)
        return ([Found("work", "", f"teaching {what}" if what else "teaching")] if what or not rest else []) + (employer(at["at"]) if at else [])
    if frame.verb in ("run", "own", "manage", "have") and not simple_past:
        shop = re.match(r"(?i)(?:(?P<own>my own|our own|a|an|my|our|the)\s+)(?P<what>(?:[\w'-]+ ){0,3}?(?:bakery|shop|café|cafe|restaurant|pub|bar|business|company|studio|salon|farm|nursery|garage|bookshop|agency|practice|firm|hotel|guesthouse|b&b|market stall|stall|food truck|start-?up|charity|gallery|florist|kennels|dairy|brewery|vineyard|smallholding|barbershop|workshop|takeaway|chip shop|deli|gym|pharmacy|theatre|campsite))\b(?P<rest>.*)", rest)
        if shop and (frame.verb != "have" or "own" in (shop["own"] or "").lower() or shop["what"].split()[-1] in ("business", "company", "stall", "studio", "practice", "firm", "bakery", "shop")):
            return [Found("work", "", f"running {'your own' if re.match(r'(?i)my|our', shop['own']) else shop['own'].lower().strip()} {shop['what']}")]
    if frame.verb in ("start", "begin", "join", "take", "get", "land", "accept", "find", "switch", "change", "return", "go", "become", "retrain", "be", "leave", "quit", "earn", "have") and not frame.doing:
        facts = _new_job(frame.verb, rest, cased)
        if facts:
            return facts
    living = re.match(r"(?i)^(?P<what>.+?) (?:for a living|for work|as a job|professionally)\b", rest)
    if living and frame.verb and not simple_past and frame.verb not in ("travel", "go", "be", "need", "want", "read"):
        return [Found("work", "", f"{_gerund(frame.verb)} {thing(living['what'], 4)}".strip())]
    if frame.verb == "retire" and frame.past:
        return [Found("work", "", "retired")]
    return _studies(scene)


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def _new_job(verb: str, rest: str, cased: bool) -> list[Found]:
    post = re.match(r"(?i)(?:(?:back|over|in|on|out) )?(?:(?:an?|my|the|this|another) )?(?:(?:new|great|different|better|part[- ]time|full[- ]time|summer|weekend|graduate|first|proper|permanent|dream|temp) )*(?:job|role|position|post|gig|placement|contract|internship|apprenticeship|career|shift|work)s?,?\s*(?P<rest>.*)", rest)
    tail = post["rest"] if post else ""
    if post and not re.match(r"(?i)(?:my|the) (?:job|work)$", rest):
        tail = re.sub(r"(?i)^(?:(?:last|this|next) (?:\w+)|now|recently|again|and|in \w+|on \w+)\s*,?\s*(?=(?:as|at|with|for)\b)", "", tail)
        as_what = re.search(r"(?i)\bas (?P<job>.+)", tail)
        at = re.search(r"(?i)\b(?:at|with|for)\s+(?P<at>(?!the moment|last|now).+)", tail)
        if verb in ("leave", "quit"):
            return []
        return (job_facts(as_what["job"], cased) if as_what else []) + (employer(at["at"]) if at and not as_what else [])
    if verb == "start" and (found := re.match(r"(?i)(?:working |out )?(?P<how>at|as|with)\s+(?P<what>.+)", rest)):
        if found["how"].lower() == "as":
            return job_facts(found["what"], cased)
        return employer(found["what"]) if re.match(r"(?:the |a |an )?(?:[\w']+ )*[A-Z]", found["what"]) or _COMPANY.search(found["what"]) or not cased and not re.match(r"(?i)\d|(?:six|seven|eight|nine|ten|half|a|the)\b", found["what"]) else []
    if verb == "join" and re.match(r"(?:the )?[A-Z]", rest) and not re.search(r"(?i)\b(?:club|choir|gym|group|class|band|team|call|meeting)\b", rest):
        return employer(re.split(r"\sas\s", rest)[0]) + (job_facts(rest.split(" as ", 1)[1], cased) if " as " in rest else [])
    if verb in ("become", "retrain", "get", "go", "be") and (found := re.match(r"(?i)(?:promoted to|promoted,? (?:I am|now)|made|as|a promotion to|into)?\s*(?P<job>(?:an? )?.+)", rest)):
        if verb in ("become", "retrain") or re.match(r"(?i)(?:promoted to|made|a promotion to)\s", rest):
            return job_facts(found["job"], cased)
    return []


_STUDY = re.compile(r"(?i)^(?P<what>.+?)(?=$|[,;]|\s(?:at|in|with|since|for|because|and|part|full|through|on|by|online|these|now|this|so|to|as)\b)(?P<after>.*)")
_SCHOOL = re.compile(r"(?i)\b(?:at|in|with|through)\s+(?P<school>(?:the )?(?:[A-Z][\w'.]+(?: (?:of|and|the|for|in) )?\s?)+|.*?\b(?:uni|university|college|school|academy|sixth form)\b.*)")


def _studies(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    simple_past = frame.past and not frame.perfect
    if frame.verb in ("study", "major") and not simple_past and (not re.match(r"(?i)(?:for|this|it|the (?:menu|map)|hard)\b", rest)):
        rest = re.sub(r"(?i)^in ", "", rest)
        found = _STUDY.match(rest)
        at_once = re.match(r"(?i)at (?P<school>.+)", rest)
        if at_once:
            return [Found("school", "", thing(at_once["school"], 5))] if thing(at_once["school"], 5) else []
        what = thing(found["what"], 5) if found else ""
        school = _SCHOOL.search(found["after"]) if found else None
        out = [Found("studies", "", what)] if what else []
        return out + ([Found("school", "", thing(school["school"], 6))] if school and thing(school["school"], 6) else [])
    course = re.match(r"(?i)(?:(?:an?|my|the|this) )?(?:(?:part[- ]time|full[- ]time|online|second|first|distance|evening|night) )*(?P<level>degree|phd|ph\.d|doctorate|master's|masters|ma|msc|ba|bsc|mba|a[- ]levels?|gcses?|diploma|apprenticeship|pgce|foundation year|law degree|nursing degree|highers|baccalaureate|undergrad|bachelor's|bachelors|open university degree|btec)\b(?: degree)?(?: (?:in|on|of) (?P<what>.+))?", rest)
    if course and frame.verb in ("do", "have", "start", "finish", "take", "get", "pursue", "complete", "work") and not (simple_past and frame.verb == "do"):
        what = thing(re.split(r"(?i)\s(?:at|with|from)\s", course["what"])[0], 5) if course["what"] else ""
        at = re.search(r"(?i)\s(?:at|with|from)\s+(?P<at>(?!the moment|home|night).+)", course["what"] or rest)
        value = what or course["level"]
        return [Found("studies", "", value)] + ([Found("school", "", thing(at["at"], 5))] if at and thing(at["at"], 5) else [])
    going = re.match(r"(?i)to (?P<school>(?:(?:the|a) )?[\w' ]*\b(?:university|uni|college|school|academy|sixth form)\b(?: of [A-Z]\w+| in [A-Z]\w+)?)", rest)
    if going and frame.verb == "go" and not simple_past and not frame.doing and not re.fullmatch(r"(?i)(?:the )?(?:university|uni|college|school|night school)", going["school"].strip()):
        return [Found("school", "", re.sub(r"(?i)^(?:the|a) (?=[a-z])", "", going["school"]))]
    if frame.verb == "be" and re.match(r"(?i)(?:in (?:my|the) (?:first|second|third|fourth|final|last|1st|2nd|3rd) year (?:of|at|studying|doing)|halfway through|doing|at (?:uni|university|college) (?:in|doing|studying))\s", rest):
        about = re.search(r"(?i)\b(?:of|studying|doing|through|reading) (?:an? |my |the )?(?P<what>.+)", rest)
        what = thing(re.split(r"(?i)\sat\s", about["what"])[0], 5) if about else ""
        at = re.search(r"(?i)\sat (?P<at>[A-Z].+)", rest)
        return ([Found("studies", "", what)] if what else []) + ([Found("school", "", thing(at["at"], 5))] if at else [])
    return []


_JOB_IS = re.compile(r"(?i)^my (?:(?:day|current|new|main|actual|full-time|part-time) )*(?:job|work|profession|occupation|trade|role|title|job title|career)(?: is| =| has always been)(?: as| being)? (?P<job>.+)")
_JOB_AT = re.compile(r"(?i)\bmy (?:(?:new|current|day|part-time|full-time|weekend|old(?! job)) )*(?:job|work|role|position|shifts?) (?:as (?P<job>an? [^,]+?|head of [^,]+?))?\s?(?:(?:at|with|for) (?P<at>(?!the moment|home|night)[^,.?!]+))?(?=$|[,.;?!]| (?:is|starts|started|because|and|but|so|means|has|was)\b)")


def _job_is(scene: Scene) -> list[Found]:
    text, cased = scene.clause.text, scene.clause.cased
    if scene.clause.mood != "statement":
        return []
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
    at = re.match(r"(?i)^(?:my (?:employer|company|workplace|firm|office) is (?:called |in |at )?|the (?:company|place|firm) I work (?:for|at) is (?:called )?)(?P<who>.+)", text)
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
    as_a = re.match(r"(?i)(?:speaking |talking )?as an? (?P<job>[\w -]+?),? (?:I|my|we|what|which|how)\b", text)
    if as_a and is_job(as_a["job"]):
        out.append(Found("work", "", as_a["job"].strip()))
    return out


def relatives(scene: Scene) -> list[Found]:
    """Work and home of the people the user spoke of: "my wife is a nurse", "She lives in Porto"."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement" or frame.ended or frame.negative or frame.modal or not frame.subject or frame.subject in ("I", "we", "you", "there", "this", "that"):
        return []
    who = whose(scene)
    if who in ANIMALS and frame.verb == "be":
        return _breed(who, frame.rest)
    if not who or who in ANIMALS:
        return []
    simple_past = frame.past and not frame.perfect
    rest, cased = frame.rest, clause.cased
    if frame.verb == "live" and not simple_past:
        return [Found("relative_home", who, fact.value) for fact in _lives(rest, cased) if fact.kind == "home"]
    if frame.verb in ("move", "relocate") and not frame.doing:
        to = re.search(r"(?i)\bto (?P<place>.+)", rest)
        where = place(to["place"], cased) if to else ""
        return [Found("relative_home", who, where)] if where else []
    if frame.verb == "be" and not simple_past:
        based = re.match(r"(?i)(?:based|living|up|over|settled)\s+(?:in|near)\s+(?P<place>.+)", rest)
        if based:
            where = place(based["place"], cased)
            return [Found("relative_home", who, where)] if where else []
        if re.match(r"(?i)(?:an?|the|head of)\s", rest):
            return [Found("relative_work", who, fact.value) for fact in job_facts(rest, cased) if fact.kind == "work"]
        if re.match(r"(?i)retired\b", rest):
            return [Found("relative_work", who, "retired")]
    if frame.verb == "work" and not simple_past:
        facts = _works(rest, cased)
        best = [f for f in facts if f.kind == "work"] or [f for f in facts if f.kind in ("employer", "workplace_detail")]
        value = best[0].value if best else ""
        return [Found("relative_work", who, value if best[0].kind == "work" else f"at {'the ' if f'the {value}' in rest else ''}{value}")] if value else []
    if frame.verb == "drive" and not simple_past and (vehicle := re.match(r"(?i)(?:an? |the )?(?:[\w-]+ )?(?:bus|buses|coach|coaches|taxi|taxis|lorry|lorries|truck|trucks|train|trains|tram|trams|ambulance|hgvs?|van for \w+)\b", rest)):
        return [Found("relative_work", who, f"driving {vehicle[0]}")]
    if frame.verb in ("teach", "run", "own", "manage") and not simple_past and rest:
        what = thing(rest, 4)
        return [Found("relative_work", who, f"{_gerund(frame.verb)} {what}")] if what and (frame.verb == "teach" or re.search(r"(?i)\b(?:shop|caf[eé]|bakery|business|company|farm|restaurant|pub|salon|garage|stall|hotel|bar|practice)\b", what)) else []
    return []


def _breed(animal: str, rest: str) -> list[Found]:
    """ "is a border collie", "a rescue greyhound"."""
    found = re.match(r"(?i)(?:an?|part|half|mostly|my) (?P<what>[\w -]+?)(?=$|[,.]|\s(?:and|who|that|from|but|called|with|so|we|I)\b)", rest)
    what = re.sub(r"(?i)^(?:\w+ )??(?:lovely|gorgeous|old|big|little|black|white|brown|rescue) (?=\w)", "", found["what"]) if found else ""
    words = what.split()
    known = any(animal_of(" ".join(words[start:end]))[1] for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    return [Found("pet_breed", animal, what)] if known or re.search(r"(?i)\b(?:mix|cross|mongrel|breed)\b", what) else []


def whose(scene: Scene) -> str:
    """Relation or animal the clause's subject stands for; "" when it is nobody of the user's."""
    subject = scene.clause.frame.subject
    known = scene.people.relation_of(subject)
    if known:
        return known
    owned = _OWNED.match(subject + " ")
    if owned and not re.match(r"'s", owned["tail"]):
        tail = owned["tail"].strip(" ,")
        if not tail or name(tail, scene.clause.cased) or not re.search(r"'s\b", tail):
            animal, _ = animal_of(owned["noun"])
            return animal or relation(owned["noun"], owned["adj"])
    return ""
