"""What lies ahead and what lies behind: trips, events, goals, dreams, and dated events of the past."""

import re

from imprint.study.found import Found, Scene
from imprint.study.patterns_being import is_job
from imprint.study.spans import name, place, thing, when, without_times
from imprint.study.words import DATE, MONTH, YEAR

_TRAVEL = frozenset("fly go travel head visit drive sail cycle backpack move return walk".split())
_NOT_TRIP = re.compile(
    r"(?i)^(?:the (?:shop|shops|gym|pub|cinema|doctor|dentist|park|beach|office|toilet|bathroom|bank|hospital|vet|supermarket|theatre|library|post office|market|airport|station|kitchen)|bed|work|school|sleep|church|town|mass|lunch|dinner|yoga|pilates|hell|my |our |be |a (?:party|gig|concert|meeting|wedding|funeral|restaurant|class|friend|mate|match|game|doctor)|him|her|them|it|you|therapy|uni|college|court|war|waste|plan|need)\b"
)
_EVENT_WORD = (
    r"(?:wedding|exam|exams|finals|interview|job interview|marathon|half[- ]marathon|10k|5k|triathlon|race|party|birthday party|appointment|operation|surgery|graduation|concert|gig|recital|performance|show|exhibition|conference|"
    r"course|workshop|driving test|theory test|viva|baby|due date|anniversary|hen do|stag do|reunion|funeral|christening|baptism|bar mitzvah|bat mitzvah|audition|competition|tournament|match|festival|retreat|camping trip|hike|house move|move|"
    r"book club|book launch|launch|presentation|thesis|dissertation|deadline|open day|parents' evening|school play|flight|visa appointment|citizenship test|hearing|scan|check-?up|mot|holiday|honeymoon|cruise|trip|tour|swim|charity swim|charity run|"
    r"engagement party|housewarming|barbecue|dinner party|first day|trial shift|assessment|inspection|review|induction|screening|premiere|auction|sale|garden party|street party|ceremony|gala|fair|ride|grading|bout|regatta|expedition|language exam|diploma|"
    r"piano exam|cello exam|violin exam|dentist appointment|doctor's appointment|hospital appointment|job trial|performance review|parole|quiz|pub quiz|eye test|blood test|half|ultra|ultramarathon|duathlon|iron ?man|course)"
)
_HAVE_EVENT = re.compile(rf"(?i)^(?:an?|my|our|the|tickets? (?:for|to)|got|another)?\s*(?P<what>(?:[\w'&-]+ ){{0,3}}?{_EVENT_WORD})\b(?P<rest>.*)")
_EVENT_IS = re.compile(rf"(?i)^(?:my|our|the|my \w+'s|(?P<owner>my (?:[\w-]+ )?\w+)'s)\s+(?P<what>(?:[\w'&-]+ ){{0,2}}?{_EVENT_WORD})\s+(?:is|are|starts?|begins?|falls|takes place|has been moved to|got moved to|was moved to|has been pushed to|is moved to|is booked for)(?: (?:now|actually|set|scheduled|booked|coming up|happening|still|definitely|going to be|due))*\s+(?P<rest>.+)")
_TRAIN_FOR = re.compile(rf"(?i)^(?:for|to (?:run|do|swim)|up for)\s+(?:an?|the|my)?\s*(?P<what>.+)")
_BY_FRONT = re.compile(r"(?i)\b(?:today|tonight|this (?:morning|afternoon|evening)|at (?:one|two|three|four|five|six|\d)|in (?:ten|five|\d+) minutes|in an hour|an hour)\b")


def plans(scene: Scene) -> list[Found]:
    """plan_trip, plan_event and their times; goal and dream_job."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return _event_is(scene)
    if frame.negative or frame.ended:
        return []
    out = _trip(scene)
    if out:
        return out
    out = _event(scene)
    if out:
        return out
    return _wish(scene)


def _timed(time: str, kind: str, about: str = "") -> list[Found]:
    return [Found(kind, about, time)] if time else []


def _trip(scene: Scene) -> list[Found]:
    frame, cased = scene.clause.frame, scene.clause.cased
    rest = frame.rest
    ahead = frame.doing or frame.modal in ("will", "going", "must")
    time = when(f"{rest} {frame.front}")
    if frame.verb in ("be",) and (off := re.match(r"(?i)(?:off|away|heading off|finally off|booked) (?:on (?:holiday|a trip) )?to\s+(?P<place>.+)", rest)) and not frame.past:
        rest, ahead = f"to {off['place']}", True
        verb = "go"
    else:
        verb = frame.verb
    if verb in ("spend",) and ahead and (spent := re.match(r"(?i)(?:\w+ ){1,4}(?:in|at|on)\s+(?P<place>[A-Z].+)", rest)):
        where = place(spent["place"], cased)
        return [Found("plan_trip", "", where), *_timed(time, "plan_trip_time")] if where and time else []
    if verb in ("book", "plan", "organise", "organize", "buy", "get", "have", "take", "go"):
        trip = re.match(r"(?i)(?:on )?(?:(?:an?|our|my|some|the|two|three|cheap|return|\w+ (?:week|day)s?'?|last-minute|family|big|short|little|long|summer|winter|week-long|weekend|city|walking|cycling|skiing|ski|road|train|solo|quick|\d+-day|romantic) )*(?:holiday|trip|flights?|tickets?|break|getaway|vacation|honeymoon|cruise|tour|week|fortnight|weekend|train|retreat|hotel|airbnb|cottage|sabbatical|city break|road trip|ferry)s?(?: away| off| tickets| booked| planned)? (?P<prep>to|in|around|across|on|through|near|booked (?:to|for|in)|planned (?:to|for|in))\s+(?P<place>.+)", rest)
        if trip and (not frame.past or verb in ("book", "buy", "get", "organise", "organize")) and (verb not in ("have", "go", "take") or ahead or time or "booked" in trip[0] or "planned" in trip[0]):
            where = place(trip["place"], cased)
            if where and not re.match(r"(?i)(?:the )?(?:gig|concert|game|match|show|theatre|cinema)\b", where):
                return [Found("plan_trip", "", where), *_timed(time, "plan_trip_time")]
    if verb not in _TRAVEL or not ahead or not rest:
        return []
    if verb == "move":
        to = re.search(r"(?i)\b(?:to|into)\s+(?P<place>.+)", rest)
        where = place(to["place"], cased, anything=True) if to else ""
        if to and not where:
            where = thing(to["place"], 4)
        return ([Found("plan_event", "move", f"to {where}")] if where else []) + _timed(time, "plan_event_time", "move")
    target = re.search(r"(?i)^(?:away |back |off |over |out |down |up |home |abroad |\w+ing |on holiday |on a trip |on our honeymoon )*(?:to|for|round|across|around)\s+(?P<place>.+)", rest)
    spot = target["place"] if target else rest if verb == "visit" else ""
    if not spot or _NOT_TRIP.match(spot):
        return []
    visited = re.match(r"(?i)(?:see |visit )?my (?P<who>[\w ]+?) in (?P<place>.+)", spot)
    where = place(visited["place"] if visited else spot, cased)
    if where and (re.search(r"[A-Z]", where) or time) and not re.search(r"(?i)today|tonight", scene.clause.text):
        return [Found("plan_trip", "", where), *_timed(time, "plan_trip_time")]
    return []


def _event_name(what: str) -> str:
    bare = re.sub(r"(?i)^(?:(?:an?|my|our|the|big|first|second|next|new|another|really|final|important|local|small|huge|upcoming) )+", "", what.strip()).lower()
    return re.sub(r"^(?:\w+) (?=wedding anniversary)", "", bare)


def _event(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    time = when(f"{rest} {frame.front}")
    ahead = frame.doing or frame.modal in ("will", "going", "must")
    if _BY_FRONT.search(scene.clause.text):
        return []
    if frame.verb == "turn" and frame.subject == "I":
        age = re.match(r"(?i)(?:the big )?(?P<n>\d{2}|\w+ty(?:[- ]\w+)?)\b", rest)
        if age and re.search(r"(?i)\d|ty|teen", age["n"]):
            date = re.search(rf"(?i)\b(?:on |in )?(?P<d>{DATE}|{MONTH})", rest[age.end() :] + " " + frame.front)
            out = [Found("age", "", age["n"] if frame.past and frame.modal == "" else f"turning {age['n']}")]
            return out + ([Found("birthday", "", re.sub(r"(?i)^the ", "", date["d"]))] if date else [])
    married = frame.verb in ("get", "tie", "marry") and re.match(r"(?i)(?:married|the knot|hitched)\b", rest)
    if frame.verb == "marry" and (ahead or frame.past):
        who = name(rest, scene.clause.cased)
        return ([Found("partner", "fiancé" if ahead else "partner", who)] if who else []) + (_timed(time, "plan_event_time", "wedding") if ahead else [])
    if married and ahead and time:
        return [Found("plan_event_time", "wedding", time)]
    if frame.verb == "expect" and frame.doing and (not rest or when(rest) == re.sub(r"(?i)^(?:in|on|at) ", "", rest)):
        return [Found("plan_event_time", "baby", time)] if time else []
    if frame.verb in ("expect", "have") and ahead and re.match(r"(?i)(?:an?|our|my|twins)?\s*(?:first |second |third )?(?:baby|child|twins|girl|boy|kid)\b", rest):
        return [Found("plan_event_time", "baby", time)] if time else []
    if frame.verb in ("start", "begin", "finish") and ahead and time:
        what = thing(without_times(rest), 5)
        if what:
            about = "course" if re.search(r"(?i)course|class|lessons", what) else "job" if re.search(r"(?i)\bjob\b|\brole\b", what) else re.sub(r"(?i)^(?:a|an|my|your|the|new) ", "", what.lower())
            return ([Found("plan_event", "course", what)] if about == "course" else []) + [Found("plan_event_time", about, time)]
    if frame.verb in ("train", "prepare", "revise", "practise", "sign", "enter") and (ahead or frame.past) and (found := _TRAIN_FOR.match(rest)) or frame.verb in ("run", "do", "enter") and (ahead or frame.perfect) and (found := re.match(rf"(?i)^(?:an?|the|my)\s+(?P<what>(?:[\w'-]+ ){{0,3}}?(?:marathon|10k|5k|triathlon|race|ultra|iron ?man|duathlon))\b", rest)):
        event = re.search(rf"(?i)(?P<full>(?:[\w'-]+ ){{0,3}}{_EVENT_WORD})\b", found["what"])
        if event:
            label = re.search(rf"(?i){_EVENT_WORD}$", event["full"])
            about = label[0].lower() if label else _event_name(event["full"])
            shown = thing(event["full"], 5)
            return ([Found("plan_event", about, shown)] if shown.lower() != about or not time else []) + _timed(time, "plan_event_time", about)
    holding = frame.verb in ("have", "book", "get", "do", "go", "host", "attend", "sit", "take", "start", "throw", "plan", "organise", "play", "run", "give", "defend", "resit", "see", "hold", "celebrate")
    if not holding or (frame.past and not frame.perfect and frame.verb not in ("book", "get")):
        return []
    found = _HAVE_EVENT.match(re.sub(r"(?i)^(?:to|on|for|up for|in|at) ", "", rest))
    if not found or not time or re.search(r"(?i)\bevery\b|\blast\b|\bs\b", time) or not (ahead or frame.verb in ("have", "book", "get", "start", "sit", "take", "defend", "run", "host", "go", "do", "play", "give")):
        return []
    if re.search(r"(?i)\b(?:every|each)\b", rest):
        return []
    about = _event_name(found["what"])
    with_what = re.match(r"(?i)\s*(?:with|at|for|in|on)\s+(?P<w>(?!\d|the \d)[A-Z][^,.]*)", found["rest"])
    detail = thing(without_times(with_what["w"]), 4) if with_what and not when(with_what["w"]) == with_what["w"] else ""
    return ([Found("plan_event", about, detail)] if detail and not when(detail) else []) + [Found("plan_event_time", about, time)]


def _event_is(scene: Scene) -> list[Found]:
    text = scene.clause.text
    born = re.match(rf"(?i)^(?:my|our) (?P<who>[\w ]+'s )?birthday (?:is|falls)(?: (?:actually|coming up|on|in|the|always|also))* (?:the )?(?P<d>{DATE}|(?:early |late |mid[- ]?)?{MONTH}|.+)", text) or re.match(
        rf"(?i)^it is my (?P<who>)birthday (?:on|in) (?:the )?(?P<d>{DATE}|{MONTH}|.+)", text
    )
    if born:
        date = when(born["d"]) or thing(born["d"], 4)
        if not re.search(rf"(?i)\d|{MONTH}|christmas|halloween|valentine|new year|eve|boxing|leap", date):
            return []
        if born["who"]:
            return [Found("plan_event_time", f"{born['who'].strip()} birthday".lower(), date)]
        return [Found("birthday", "", re.sub(r"(?i)^the ", "", date))]
    found = _EVENT_IS.match(text)
    if found and not _BY_FRONT.search(text):
        time = when(found["rest"])
        about = _event_name(found["what"])
        owner = found["owner"]
        if owner and time:
            return [Found("plan_event_time", f"{owner[3:].lower()}'s {about}", time)]
        if not time:
            return []
        where = re.match(r"(?i)(?:in|at) (?P<place>[A-Z][\w' ]+?)(?= (?:on|in|next|this)\b)", found["rest"])
        return ([Found("plan_event", about, f"in {where['place']}")] if where and not when(where["place"]) else []) + [Found("plan_event_time", about, time)]
    return _goal_is(text, scene.clause.cased)


_DREAM = re.compile(r"(?i)^my (?:(?:big|biggest|main|lifelong|ultimate|current|only|new|long-term|one|secret) )*(?P<what>dream job|dream career|dream|goal|aim|ambition|target|resolution|new year's resolution|plan|bucket list(?: item)?|wish|hope)s?(?: (?:this year|for (?:this|next) year|in life|for \d{4}|now|at the moment|right now|one day|for the year))? (?:is|are|would be|has always been|was always|includes?)(?: still| now| just| really)? (?P<value>.+)")


def _goal_is(text: str, cased: bool) -> list[Found]:
    found = _DREAM.match(text)
    if not found:
        return []
    value = re.sub(r"(?i)^(?:to |that I |being |becoming )", "", found["value"])
    job = re.sub(r"(?i)^(?:(?:be|become|work as|being|becoming|working as|a|an|to) )+", "", value)
    if re.search(r"(?i)job|career", found["what"]) or (re.match(r"(?i)(?:be|become|being|becoming)\b", re.sub(r"(?i)^to ", "", found["value"])) and is_job(thing(job, 4))):
        short = thing(job, 5)
        return [Found("dream_job", "", short)] if short else []
    short = _goal_value(value)
    return [Found("goal", "", short)] if short else []


def _goal_value(text: str) -> str:
    text = re.sub(r"(?i)^to ", "", text)
    short = thing(text, 7, stop=False) if len(text.split()) <= 7 else thing(text, 6)
    return re.sub(r"(?i)^to ", "", short)


_LASTING_TRY = re.compile(r"(?i)^to (?:(?:finally|just|properly|really|only) )*(?:lose|quit|give up|cut|save|get (?:fit|fitter|better|into|healthier|more|my|back|out of)|run|eat|drink|sleep|read|learn|write|become|move|walk|stop|reduce|spend less|be more|pay off|buy (?:a|our|my) (?:first )?(?:house|flat|home)|start|build|grow|train|improve|go vegan|qualify|publish|finish my|gain|swim|find a (?:new )?(?:job|flat|house)|pass my)\b(?! (?:this|the|an?|it) (?:function|bug|error|essay|email|code|script|letter|file|report|list))")


def _wish(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.verb == "save" and (frame.doing or frame.perfect):
        what = re.match(r"(?i)(?:up )?(?:for|to buy|to get)\s+(?P<what>.+)", rest)
        short = thing(what["what"], 5) if what else ""
        return [Found("goal", "", f"saving for {_with_article(what['what'], short)}")] if what and short else []
    if frame.verb == "try" and (frame.doing or frame.perfect) and _LASTING_TRY.match(rest) and not re.search(r"(?i)\bto learn\b", rest):
        return [Found("goal", "", _goal_value(rest))]
    if frame.verb == "work" and frame.doing and re.match(r"(?i)towards\s", rest):
        return [Found("goal", "", _goal_value(rest[8:]))]
    wishing = frame.verb in ("want", "hope", "plan", "aim", "dream", "intend", "wish") or (frame.verb in ("like", "love") and frame.modal == "would")
    if not wishing or frame.verb == "wish" or not rest:
        return []
    if frame.past and not frame.perfect:
        return []
    target = re.match(r"(?i)(?:to|of|on)\s+(?P<what>.+)", rest)
    if not target or (frame.verb in ("want", "like", "love") and not re.search(r"(?i)\b(?:one day|some ?day|eventually|by (?:the end|\d|next|summer|my)|this year|next year|before I|really|always|in (?:a few|five|ten) years|long[- ]term|when I|dream|finally)\b", scene.clause.text) and not re.match(r"(?i)(?:to )?(?:become|be an?|visit|learn|run|write|retire|travel|retrain|move|open|start|own|live)\b", target["what"])):
        return []
    what = target["what"]
    job = re.match(r"(?i)(?:be|become|being|becoming|work as|retrain as|working as|qualify as|train as)\s+(?:an? )(?P<job>.+)", what)
    if job and is_job(re.split(r"(?i)\s(?:at|in|for|one|some|when|by|because|someday)\b", job["job"])[0]):
        return [Found("dream_job", "", thing(re.split(r"(?i)\s(?:one day|some ?day|eventually|when|by)\b", job["job"])[0], 5))]
    trip = re.match(r"(?i)(?:visit|go to|travel to|fly to|see|visiting|going to|travelling to|go back to|travel around|travel across|explore)\s+(?P<place>[A-Z].+)", what)
    if trip:
        where = place(trip["place"], scene.clause.cased)
        time = when(what)
        if where and frame.verb in ("plan", "hope", "intend", "aim") and time:
            return [Found("plan_trip", "", where), Found("plan_trip_time", "", time)]
        lead = re.match(r"\w+(?: to)?", what)
        return [Found("goal", "", f"{lead[0].lower()} {where}")] if where and lead else []
    if re.match(r"(?i)(?:know|ask|see if|make sure|try|understand|find out|hear|do|use|get|have|go to (?:bed|sleep|the)|check|watch|cook|make|order|say|tell|talk|help|eat|buy (?!a house|a flat)|bake|be (?:able|sure|there|more careful))\b", what) and not re.search(r"(?i)\b(?:one day|some ?day|eventually|this year|next year|by the end)\b", what):
        return []
    short = _goal_value(re.sub(r"(?i)\s+(?:one day|some ?day|eventually)\b.*", "", what))
    return [Found("goal", "", short)] if short else []


def _with_article(text: str, short: str) -> str:
    lead = re.match(r"(?i)(?:an?|the|my|our)\s+", text)
    return f"{lead[0].lower().strip().replace('my', 'your').replace('our', 'your')} {short}" if lead else short


_PAST_WHEN = re.compile(rf"(?i)\b(?:in (?:{MONTH} )?(?P<year>{YEAR})|(?P<rel>last (?:year|month|week|summer|winter|spring|autumn|{MONTH})|(?:\w+|\d+|a few|a couple of) (?:years?|months?|weeks?) ago|when I was (?:\w+|\d+)(?: years old)?|at \d+|as a (?:kid|child|teenager|student)))")


def memories(scene: Scene) -> list[Found]:
    """memory_event[topic]: dated events of the past ("I broke my leg in 2019")."""
    frame = scene.clause.frame
    if frame.subject not in ("I", "we") or not frame.past or frame.ended or frame.negative or frame.modal or scene.clause.mood != "statement":
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
    elif frame.verb == "have" and (op := re.match(r"(?i)(?:an?|my|our)?\s*(?P<w>(?:[\w'-]+ ){0,2}?(?:operation|surgery|accident|heart attack|stroke|wedding|baby|transplant|concussion|breakdown|burnout|hip replacement|knee replacement|miscarriage))", rest)):
        about = op["w"].lower().strip()
    elif frame.verb in ("run", "win", "pass", "climb", "finish", "complete", "visit", "publish"):
        about = thing(rest, 3).lower()
        about = re.sub(r"^(?:your|my|first|a) ", "", about)
    return [Found("memory_event", about, re.sub(r"(?i)\bmy\b", "your", re.sub(r"(?i)\bwhen I was\b", "when you were", time)))] if about else []
