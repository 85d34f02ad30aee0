"""Daily life: times, commute, food and drink habits, sports, music, hobbies, languages and lessons."""

import re

from imprint.detect.verbs import base_of, is_doing
from imprint.study.found import Found, Scene
from imprint.study.lexicon import AGENTS, CLUBS, HOBBIES, INSTRUMENTS, LANGUAGES, SPORTS
from imprint.study.patterns_being import condition, is_pastime
from imprint.study.patterns_home import _gerund
from imprint.study.patterns_tastes import team_of
from imprint.study.spans import clock, day_named, often, thing, things, without_times
from imprint.study.topics import category_by_words
from imprint.study.words import CLOCK, OFTEN

_ACTIVE = frozenset(
    "run swim cycle climb hike walk jog row ski surf skate box knit bake cook garden paint draw sew crochet dance sing write blog journal fish camp sail kayak golf bowl fence juggle meditate "
    "volunteer babysit busk brew forage birdwatch carve lift stretch exercise train practise practice read bike commute".split()
)
_FREE_TIME = re.compile(r"(?i)^(?:in my (?:spare|free) time|at (?:the )?weekends?|on weekends|outside (?:of )?work|for fun|to relax|to unwind|when I (?:can|have time|am not working)|after work)\b")
_MOMENT = re.compile(r"(?i)\b(?:today|tonight|yesterday|this (?:morning|evening|afternoon|week|weekend)|last (?:night|week|weekend|month|year|summer)|tomorrow|just now|right now|earlier|a minute|ago|next (?:week|month|year))\b")
_ALARM = re.compile(r"(?i)^my (?:alarm|body clock|cat|dog|day|kids?|toddler|baby|shift)(?: clock)? (?:always |usually )?(?:goes off|is set(?: for)?|rings|wakes me(?: up)?|gets me up|starts)\b(?P<rest>.*)")


def _present(scene: Scene) -> bool:
    frame = scene.clause.frame
    return (
        frame.subject in ("I", "we") and not frame.ended and not frame.negative and not frame.modal and not (frame.past and not frame.perfect)
        and not _MOMENT.search(scene.clause.text)
    )  # fmt: skip


def times(scene: Scene) -> list[Found]:
    """wake_time, bed_time and commute."""
    clause, frame = scene.clause, scene.clause.frame
    alarm = _ALARM.match(clause.text)
    if alarm and clause.mood == "statement" and clock(alarm["rest"]) and not re.match(r"(?i)my (?:shift|day)", clause.text):
        return [Found("wake_time", "", clock(alarm["rest"]))]
    hour = re.match(rf"(?i)^(?P<clock>{CLOCK}) is (?:when|the time) (?:(?P<up>my alarm goes off|I (?:get|wake) up|my day starts)|I go to (?:bed|sleep))", clause.text)
    if hour and clause.mood == "statement":
        return [Found("wake_time" if hour["up"] else "bed_time", "", clock(hour["clock"]))]
    trip = re.match(r"(?i)^my (?:commute|journey to work|ride to work|walk to work) (?:to work )?(?:is|takes) (?P<how>.+)", clause.text)
    if trip and clause.mood == "statement":
        how = thing(trip["how"], 7, stop=False)
        return [Found("commute", "", how)] if how else []
    takes = re.match(r"(?i)^it takes me (?P<long>.+?) (?:to (?:get|walk|cycle|drive|commute) to work|by (?P<how>\w+) to work)", clause.text)
    if takes:
        return [Found("commute", "", takes["long"])]
    must_rise = frame.modal == "must" and frame.verb in ("get", "wake", "be") and frame.subject == "I" and not _MOMENT.search(clause.text) and not frame.negative
    if not _present(scene) and not must_rise:
        return []
    text = f"{frame.rest} {frame.front}"
    if (frame.verb == "get" and re.match(r"(?i)(?:myself )?(?:up|out of bed)\b", frame.rest)) or frame.verb in ("wake", "rise") or (must_rise and frame.verb == "be" and re.match(r"(?i)up\b", frame.rest)):
        return [Found("wake_time", "", clock(text))] if clock(text) else []
    if frame.verb == "set" and re.match(r"(?i)my alarm\b", frame.rest) and clock(text):
        return [Found("wake_time", "", clock(text))]
    asleep = (frame.verb == "go" and re.match(r"(?i)to (?:bed|sleep)\b|bed at", frame.rest)) or (frame.verb in ("turn", "hit", "fall", "crash", "head", "get") and re.match(r"(?i)(?:in|the (?:hay|sack)|asleep|out|to bed|off to bed)\b(?! the)", frame.rest))
    if asleep and clock(text):
        return [Found("bed_time", "", clock(text))]
    return _commute(scene)


def _commute(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    rest = frame.rest
    to_work = re.search(r"(?i)\b(?:to|into|for) (?:work|the office|uni|school|college|my (?:job|office)|the (?:hospital|shop|lab|school|site))\b", rest)
    if frame.verb in ("cycle", "walk", "drive", "bike", "run", "scoot", "skate") and to_work:
        return [Found("commute", "", "by bike" if frame.verb in ("bike",) else {"cycle": "cycling", "walk": "walking", "drive": "driving", "run": "running", "skate": "skating"}.get(frame.verb, "by scooter"))]
    ride = re.match(r"(?i)(?:the|a|an|my) (?P<what>(?:[\w:.']+ ){0,3}?(?:bus|train|tube|tram|metro|subway|ferry|bike|scooter|boat|underground|motorbike|car|coach))\b", rest)
    if frame.verb in ("take", "get", "catch", "ride") and ride and to_work:
        return [Found("commute", "", f"by {ride['what']}")]
    by = re.search(r"(?i)\b(?:by|on the|via the|with the) (?P<what>(?:\w+ )?(?:bus|train|tube|tram|metro|subway|ferry|bike|bicycle|car|boat|scooter|underground|motorbike|foot))\b", rest)
    if frame.verb in ("commute", "travel", "go", "get", "come") and (to_work or frame.verb == "commute"):
        if by:
            return [Found("commute", "", f"by {by['what']}")]
        if re.search(r"(?i)\bon foot\b", rest):
            return [Found("commute", "", "on foot")]
        how = thing(without_times(rest), 6, stop=False) if frame.verb == "commute" else ""
        return [Found("commute", "", how)] if how and not _MOMENT.search(how) else []
    return []


_DRINKS = re.compile(r"(?i)^(?P<what>.+)")
_TAKE_IT = re.compile(r"(?i)^(?:my|our) (?P<drink>coffee|tea|espresso|latte|cuppa)s? (?:very |really |quite |always )*(?P<how>black|white|strong|weak|milky|sweet|iced|decaf|with .+|without .+|(?:two|one|three|no|\d) sugars?.*|extra .+)")


def meals(scene: Scene) -> list[Found]:
    """drink_habit, breakfast, avoid_food, diet."""
    clause, frame = scene.clause, scene.clause.frame
    rest = frame.rest
    usual = re.match(r"(?i)^(?:my (?:usual|regular|normal|standard|typical|daily|go-to) )(?P<what>breakfast|drink|order|coffee(?: order)?|coffee shop order|tipple)(?: order)? is (?P<value>.+)|^(?:my )?breakfast is (?:usually |always |normally |just |mostly )*(?P<plain>.+)", clause.text)
    if usual and clause.mood == "statement":
        value = thing(usual["value"] or usual["plain"], 5, stop=False)
        return [Found("breakfast" if not usual["what"] or usual["what"].lower() == "breakfast" else "drink_habit", "", value)] if value else []
    if frame.subject not in ("I", "we") or frame.ended or clause.mood != "statement" or (frame.past and not frame.perfect) or _MOMENT.search(clause.text):
        return []
    if frame.negative:
        return _avoided(scene)
    if frame.modal and frame.modal not in ("can", "must", "will"):
        return []
    if frame.verb in ("avoid", "skip") and frame.modal != "can":
        kept = re.sub(r"(?i)^eating |^drinking ", "", rest)
        if frame.verb == "skip":
            return [Found("breakfast", "", "nothing")] if re.match(r"(?i)breakfast\b", rest) and not frame.modal else []
        return [Found("avoid_food", "", one) for one in things(kept) if category_by_words(one) in ("food", "drink", "animal") or re.match(r"(?i)eating|drinking", rest)]
    if frame.modal == "can":
        only = re.match(r"(?i)(?:only )?", rest)
        return [] if only else []
    if frame.verb in ("stay", "keep") and re.match(r"(?i)(?:away from|off|clear of|well clear of)\s", rest):
        items = things(re.sub(r"(?i)^(?:well )?(?:away from|off|clear of) ", "", rest))
        return [Found("avoid_food", "", one) for one in items if category_by_words(one) in ("food", "drink")]
    morning = re.search(r"(?i)^(?P<what>.+?),? (?:for|at) (?:my |our )?(?:breakfast|brekkie|brekky)\b", rest)
    if frame.verb in ("have", "eat", "make", "do", "take", "like", "love") and (morning or re.search(r"(?i)\bfor breakfast\b|\bbreakfast\b", frame.front)):
        value = thing(without_times(morning["what"] if morning else rest), 6, stop=False)
        return [Found("breakfast", "", value)] if value else []
    if frame.verb in ("drink", "take", "have", "like", "get", "order", "sip") and (taken := _TAKE_IT.match(rest)):
        return [Found("drink_habit", "", f"{taken['how'].strip(' .,')} {taken['drink']}" if len(taken["how"].split()) == 1 else f"{taken['drink']} {taken['how'].strip(' .,')}")] if frame.verb != "like" else []
    if frame.verb == "drink":
        return _drinks(rest)
    if frame.verb in ("have", "need", "get", "start") and re.search(rf"(?i)\b(?:{OFTEN})(?![\w'])|\ba day\b|\b(?:always|usually|normally)\b", f"{clause.text} {frame.front}"):
        value = thing(re.sub(r"(?i)^(?:my|every|the day with|with) ", "", without_times(re.sub(r"(?i)\b(?:(?:a|per|every|each) day|before (?:nine|ten|noon|\d+))\b.*", "", rest))), 5)
        return [Found("drink_habit", "", value)] if value and category_by_words(value) == "drink" else []
    if frame.verb == "eat" and re.match(r"(?i)(?:only |mostly |strictly )?(?:halal|kosher|vegan|vegetarian|plant[- ]based|keto|low[- ]carb|gluten[- ]free|veggie|paleo|pescatarian)\b", rest):
        return [Found("diet", "", rest.split()[-1] if len(rest.split()) == 1 else re.match(r"(?i)(?:only |mostly |strictly )?([\w-]+)", rest)[1])]  # type: ignore[index]
    if frame.verb in ("go", "turn", "become") and re.match(r"(?i)(?:fully |mostly )?(?:vegan|vegetarian|veggie|pescatarian|gluten[- ]free|dairy[- ]free|teetotal|sober|keto|plant[- ]based)\b", rest):
        diet = re.match(r"(?i)(?:fully |mostly )?(?P<d>[\w-]+)", rest)
        value = diet["d"] if diet else ""
        return [Found("drink_habit", "", "no alcohol")] if value.lower() in ("teetotal", "sober") else [Found("diet", "", value)]
    if frame.verb in ("follow", "stick", "keep", "do", "eat") and (diet := re.match(r"(?i)(?:to )?(?:an? |the )?(?P<d>keto|paleo|low[- ]carb|low[- ]fodmap|gluten[- ]free|vegan|vegetarian|halal|kosher|mediterranean|dairy[- ]free|plant[- ]based|intermittent fasting|16:8)(?: diet)?(?:$|[ ,.])", rest)):
        return [Found("diet", "", diet["d"])]
    if frame.verb == "eat" and re.match(r"(?i)(?:a lot of|lots of|loads of|tons of|too much|so much|mostly|mainly)\s", rest):
        return [Found("likes_food", "", one) for one in things(rest)]
    return []


def _drinks(rest: str) -> list[Found]:
    if re.match(r"(?i)(?:and drive|like a fish|to|it|this|that|socially|sometimes|$)", rest):
        return [Found("drink_habit", "", "socially")] if rest.lower().startswith("socially") else []
    value = thing(re.sub(r"(?i)^(?:way |far )?(?:too much|a lot of|lots of|loads of|so much|gallons of|my|nothing but|only|mostly|mainly|about|around) ", "", without_times(re.sub(r"(?i)\b(?:a|per|every|each) day\b.*", "", rest))), 6)
    return [Found("drink_habit", "", value)] if value else []


def _avoided(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.modal in ("will", "would", "could", "should", "might"):
        return []
    if frame.verb in ("drink", "touch") and re.match(r"(?i)(?:(?:any )?(?:alcohol|booze)|a drop|at all|these days|now|$|since)", rest):
        return [Found("drink_habit", "", "no alcohol")]
    if frame.verb in ("eat", "have", "do", "touch", "drink", "take", "digest", "tolerate", "process"):
        foods = things(re.sub(r"(?i)^(?:any|much|really|anything with|food with|anything containing) ", "", rest))
        sure = frame.verb in ("eat", "digest") or (frame.modal == "can" and frame.verb in ("have", "drink", "do", "tolerate", "process"))
        edible = [one for one in foods if category_by_words(one) in ("food", "drink", "animal")]
        if frame.verb in ("do", "have", "touch", "take", "drink") and not (frame.modal == "can" or frame.verb in ("do", "touch", "drink")):
            return []
        kept = foods if frame.verb == "eat" and foods and not re.match(r"(?i)(?:out|at|before|after|in|on|with|much|enough|well|late|early|breakfast|lunch|dinner)\b", rest) else edible
        if frame.verb == "eat" and re.match(r"(?i)breakfast\b", rest):
            return [Found("breakfast", "", "nothing")]
        return [Found("avoid_food", "", one) for one in (kept if sure or edible else [])]
    if frame.verb == "smoke" and not rest:
        return []
    return []


def pastimes(scene: Scene) -> list[Found]:
    """sport, team, instrument, hobby, collection, language, learning, religion, habit and weekly."""
    clause, frame = scene.clause, scene.clause.frame
    rest = frame.rest
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return _hobby_is(clause.text)
    lessons = _learning(scene)
    if lessons:
        return lessons
    if not _present(scene):
        return []
    out: list[Found] = []
    if frame.verb == "speak":
        out = [Found("language", "", one) for one in things(re.sub(r"(?i)\b(?:fluently|fluent|a little|some|a bit of|basic|broken|decent|good|bad|passable|rusty|native|both|pretty|okay|at home|with my \w+)\s*", "", rest)) if one.lower() in LANGUAGES or one.split()[0].lower() in LANGUAGES]
    elif frame.verb == "play":
        out = _plays(rest, clause.cased)
    elif frame.verb == "collect" and rest:
        out = [Found("collection", "", one) for one in things(rest) if not re.match(r"(?i)(?:the|my|your|him|her|them|it) ", rest)]
    elif frame.verb == "support" or (frame.verb in ("follow", "root") and rest):
        team = team_of(re.sub(r"(?i)^for ", "", rest), clause.cased)
        sport = thing(rest).lower() in SPORTS
        out = [Found("likes_sport", "", thing(rest))] if sport else [Found("team", "", team)] if team else []
    elif frame.verb == "suffer" or (frame.verb == "live" and rest.lower().startswith("with ")):
        out = condition(re.sub(r"(?i)^(?:from|with) ", "", rest))
        out = out or ([Found("health", "", thing(rest[5:]))] if frame.verb == "suffer" and thing(rest[5:]) else [])
    elif frame.verb == "believe" and re.match(r"(?i)in god\b", rest):
        out = [Found("religion", "", "believing in God")]
    elif frame.verb in ("listen", "watch", "read"):
        out = _consumes(scene)
    elif frame.verb in ("practise", "practice", "do", "go", "attend", "take", "train", "have", "host", "make") or frame.verb in _ACTIVE:
        out = _does(scene)
    elif frame.verb in ("wear", "dress") and not re.search(r"(?i)\b(?:today|tonight|mask|to the|to a)\b", rest):
        out = [Found("likes_style", "", thing(re.sub(r"(?i)^(?:in|mostly|only|a lot of|always) ", "", rest), 5))] if re.match(r"(?i)(?:in|mostly|only|a lot of|lots of|nothing but)\b", rest) or frame.verb == "wear" and re.search(r"(?i)\bonly\b|\bmostly\b|\balways\b", clause.text) else []
        out = [fact for fact in out if fact.value]
    return out + _routine(scene, out)


def _plays(rest: str, cased: bool) -> list[Found]:
    bare = re.sub(r"(?i)^(?:(?:a bit of|some|a little|the|a|an|my|mostly|mainly|lots of|a lot of|both|too much|loads of|competitive|amateur|sunday league|semi-pro|first|second|lead|old-time) )+", "", rest)
    team = re.match(r"(?i)for (?P<team>.+)", rest)
    if team:
        who = thing(team["team"], 4)
        return [Found("team", "", who)] if who and re.search(r"[A-Z]", who) else []
    band = re.match(r"(?i)in (?:an?|the|my) (?P<what>(?:[\w-]+ ){0,3}?(?:band|orchestra|quartet|ensemble|group|league|team))\b", rest)
    if band:
        return [Found("hobby", "", f"playing in a {band['what']}")]
    out: list[Found] = []
    for one in things(without_times(bare)):
        low = one.lower()
        kind = "instrument" if low in INSTRUMENTS or low.split()[-1] in INSTRUMENTS else "sport" if low in SPORTS or low.split()[-1] in SPORTS else ""
        if not kind:
            kind = "hobby" if low in HOBBIES else "likes_game" if category_by_words(one) == "game" or re.search(r"[A-Z]|games?$", one) else ""
        if kind and one:
            out.append(Found(kind, "", one))
    also = re.search(r"(?i)\b(?:in|with) (?:an?|the|my local) (?P<what>(?:[\w-]+ ){0,2}(?:band|orchestra))", rest)
    return out + ([Found("hobby", "", f"playing in a {also['what']}")] if also and out else [])


def _does(scene: Scene) -> list[Found]:
    """ "I do yoga", "I go climbing", "I swim", "in my spare time I knit"."""
    frame = scene.clause.frame
    rest = without_times(frame.rest)
    regular = bool(often(f"{frame.rest} {frame.front}")) or bool(_FREE_TIME.match(frame.front))
    if frame.verb in ("do", "practise", "practice", "train", "take", "go", "have", "make"):
        bare = re.sub(r"(?i)^(?:(?:for|to|in|on|a bit of|some|a lot of|lots of|my own|the|a|an|my|out|loads of|competitive|amateur|wild(?! swimming)|hot(?= yoga)) )+", "", rest)
        what = thing(bare, 3)
        if not what:
            return []
        kind = is_pastime(what) or is_pastime(what.split()[0])
        if frame.verb == "go" and re.match(r"(?i)to (?:church|mass|chapel|temple|mosque|synagogue|shul|quaker meeting|the mosque|the gurdwara)\b", rest):
            return []
        if kind and frame.verb not in ("have",):
            done = what if is_pastime(what) else what.split()[0]
            return [Found(kind, "", done)]
        if frame.verb == "go" and is_doing(what.split()[0]) and (regular or not frame.doing) and what.split()[0].lower() not in ("shopping", "going"):
            return [Found("hobby", "", what)]
        if frame.verb == "make" and re.match(r"(?i)my own\b", frame.rest):
            own = thing(re.sub(r"(?i)^my own ", "", rest), 3)
            return [Found("hobby", "", f"making your own {own}")] if own else []
        return []
    if frame.verb not in _ACTIVE or frame.verb in ("commute", "train") or (frame.doing and not frame.perfect and not regular):
        return []
    done = AGENTS.get(frame.verb + "er", "") or _gerund(frame.verb)
    known = is_pastime(done)
    if re.match(r"(?i)(?:the|a|an|this|my|to|into|out|over|it|like|for) ", frame.rest) and not regular and not re.match(r"(?i)(?:a lot|to relax|for fun|my own|a bit|in a choir)", frame.rest):
        return []
    choir = re.match(r"(?i)(?:in|with) (?:an?|the|my|our) (?P<what>(?:[\w-]+ ){0,3}?(?:choir|chorus|band|group|club|barbershop quartet))\b", rest)
    if choir:
        return [Found("hobby", "", f"{done} in a {choir['what']}")]
    thing_done = thing(rest, 3) if rest and frame.verb in ("write", "knit", "bake", "paint", "draw", "sew", "brew", "carve", "read", "cook", "dance") else ""
    if frame.verb in ("read", "cook", "walk", "write") and not regular and not _FREE_TIME.match(frame.front) and not thing_done:
        return []
    if frame.verb in ("read",) and thing_done:
        return _consumes(scene)
    value = f"{done} {thing_done}".strip() if thing_done and len(thing_done.split()) <= 2 else done
    return [Found("sport" if known == "sport" else "hobby", "", value)]


def _consumes(scene: Scene) -> list[Found]:
    """ "I listen to a lot of ska", "I mostly read crime novels"."""
    frame = scene.clause.frame
    rest = re.sub(r"(?i)^to ", "", frame.rest)
    regular = re.match(r"(?i)(?:a lot of|lots of|loads of|mostly|mainly|tons of|too much|only|nothing but|so much|anything by|everything by)\b", rest) or re.search(r"(?i)\b(?:mostly|mainly|always|usually|only|often|still)\b", scene.clause.text) or often(rest + " " + frame.front) or frame.perfect
    rest = re.sub(r"(?i)^(?:(?:a lot of|lots of|loads of|mostly|mainly|tons of|too much|only|nothing but|so much|anything by|everything by|anything|stuff by) )+", "", rest)
    if frame.doing and not frame.perfect and not regular or re.match(r"(?i)(?:the|this|that|it|him|her|your|my|you|a|an|me)\s", rest) and not regular:
        return []
    found = things(without_times(rest))
    if not found or (frame.doing and not regular):
        return []
    out: list[Found] = []
    for one in found:
        category = scene.category(one, frame.verb)
        if frame.verb == "watch" and category == "sport":
            out.append(Found("likes_sport", "", one))
        elif one.lower() in CLUBS:
            out.append(Found("team", "", one))
        elif category and category not in ("activity",) and one.lower() not in ("music", "books", "tv", "films", "podcasts", "radio"):
            out.append(Found(f"likes_{category}", "", one))
        elif one.lower() in ("podcasts", "radio", "audiobooks"):
            out.append(Found("likes_thing", one.lower(), one))
    return out


_LESSON = re.compile(
    r"(?i)^(?:up )?(?:(?:an?|some|my|the|weekly|evening|online|private|beginners'?|another) )*(?P<what>(?:[\w'-]+ ){1,3}?)(?:lessons?|classes|class|course|courses|evening class|evening classes|workshops?|tuition)\b(?P<rest>.*)"
)
_LESSON_IN = re.compile(r"(?i)^(?:up (?:for|to) |on |to )?(?:(?:an?|some|my|the|weekly|evening|online|private|beginners'?|short|night) )*(?:lessons?|classes|class|course|courses|workshops?) (?:in|on) (?P<what>.+)")


def _learning(scene: Scene) -> list[Found]:
    frame, text = scene.clause.frame, scene.clause.text
    if frame.subject not in ("I", "we") or frame.negative or frame.ended or frame.modal in ("would", "could", "should", "might", "must"):
        return []
    rest = frame.rest
    simple_past = frame.past and not frame.perfect
    if frame.verb == "learn" or (frame.verb in ("start", "begin", "try", "be", "want", "decide") and re.match(r"(?i)(?:to )?(?:learning|learn)\b|trying to learn\b", rest)):
        if simple_past and frame.verb == "learn" or frame.modal == "will":
            return []
        if frame.verb in ("want", "decide") or frame.modal == "going":
            return []
        what = re.sub(r"(?i)^(?:to )?(?:learning|learn|trying to learn)\s+", "", rest)
        # "I learn fast", "I learned that ..." are no lessons.
        if re.match(r"(?i)(?:that|about|from|fast|quickly|best|by|a lot|so|more|it|slowly)\b", what):
            return []
        infinitive = re.match(r"(?i)(?:how )?to (?P<verb>\w+)(?P<rest>.*)", what)
        if infinitive:
            done = thing(f"{infinitive['verb']}{infinitive['rest']}", 5)
            return [Found("learning", "", f"to {done}")] if done else []
        return [Found("learning", "", re.sub(r"(?i)^(?:bit of|some) ", "", one)) for one in things(without_times(what))]
    if frame.verb == "teach" and re.match(r"(?i)myself\b", rest):
        what = re.sub(r"(?i)^myself (?:how )?(?:to )?(?:play |speak )?", "", rest)
        return [Found("learning", "", one) for one in things(what)]
    if frame.verb in ("take", "pick") and re.match(r"(?i)up\s", rest):
        return [Found("hobby", "", one) for one in things(rest[3:])]
    if frame.verb in ("take", "have", "do", "start", "sign", "join", "begin", "book", "go", "attend", "enrol", "enroll", "get") and not _MOMENT.search(text):
        found = _LESSON_IN.match(re.sub(r"(?i)^(?:up (?:for|to)|to|on|in) ", "", rest)) or _LESSON.match(re.sub(r"(?i)^(?:up (?:for|to)|to|on|in) ", "", rest))
        if found:
            what = thing(found["what"], 4)
            what = re.sub(r"(?i)^(?:evening|online|beginners?|beginner's|private|weekly|new|night|short) ", "", what)
            out = [Found("learning", "", what)] if what else []
            day = day_named(f"{rest} {frame.front}")
            sort = re.search(r"(?i)(course|class|lesson|workshop)", rest)
            return out + ([Found("weekly", day, f"{what} {sort[1].lower() if sort else 'lesson'}")] if day and what else [])
    return []


def _routine(scene: Scene, told: list[Found]) -> list[Found]:
    """habit[activity] and weekly[day] of a clause that says how often."""
    frame = scene.clause.frame
    whole = f"{frame.rest} {frame.front}"
    often_said = often(whole)
    if not often_said or frame.doing and not frame.perfect and not day_named(whole):
        return []
    activity = _activity(scene, told)
    if not activity:
        return []
    day = day_named(whole)
    if day:
        return [Found("weekly", day, activity)]
    label = {"to the gym": "gym", "to church": "church", "go to the gym": "gym"}.get(activity, re.sub(r"(?i)^(?:go|go to|do|have|play|take|visit|call) (?:the |a |an |my |your )?", "", activity))
    return [Found("habit", label.lower(), re.sub(r"(?i)^on ", "", often_said))]


def _activity(scene: Scene, told: list[Found]) -> str:
    frame = scene.clause.frame
    named = [fact for fact in told if fact.kind in ("sport", "hobby", "instrument")]
    if named and frame.verb not in ("play",):
        return named[0].value
    rest = without_times(frame.rest)
    what = thing(rest, 5)
    lead = re.match(r"(?i)(?:to|for|on|with|at|in|up) (?:the |a |an |my |our )?", rest)
    prep = re.sub(r"(?i) (?:a|an|our)$", "", lead[0].strip()) if lead else ""
    if frame.verb in _ACTIVE and not what:
        return _gerund(frame.verb)
    if re.match(r"(?i)(?:my|our) ", rest) and what and frame.verb not in ("have", "be"):
        return f"{frame.verb} your {what}"
    if lead:
        inner = thing(rest[lead.end() :], 4)
        prep = prep.replace(" my", " your")
        return f"{frame.verb} {prep} {inner}".strip() if inner else ""
    if frame.verb in ("be", "have", "like", "love", "work", "want", "need", "think", "live", "drink", "eat") and frame.verb != "have":
        return ""
    return f"{frame.verb} {what}".strip() if what and frame.verb else ""


_HOBBY_IS = re.compile(r"(?i)^(?:my|our) (?:main |biggest |favourite |big |new |only |other )*(?P<what>hobby|hobbies|pastimes?|interests|sport|team|football team|club|first language|native language|mother tongue|second language|religion|faith|instrument|diet|biggest fear|worst fear|phobia|greatest fear|biggest phobia|fear)(?: (?:include|includes|is|are|has always been))(?: probably| definitely| mostly| mainly| still)? (?P<value>.+)")
_DAY_IS = re.compile(r"(?i)^(?P<day>mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)(?: (?:nights?|mornings?|evenings?|afternoons?))? (?:is|are|means?|is for|are for) (?:always |usually |my |our |for |the |reserved for )*(?P<what>.+)")
_TO_KIND = {
    "hobby": "hobby", "hobbies": "hobby", "pastime": "hobby", "pastimes": "hobby", "interests": "hobby", "sport": "sport", "team": "team", "football team": "team", "club": "team", "first language": "language", "native language": "language",
    "mother tongue": "language", "second language": "language", "religion": "religion", "faith": "religion", "instrument": "instrument", "diet": "diet",
}  # fmt: skip


def _hobby_is(text: str) -> list[Found]:
    found = _HOBBY_IS.match(text)
    if found:
        kind = _TO_KIND.get(found["what"].lower(), "fear")
        return [Found(kind, "", re.sub(r"(?i)^(?:of )", "", one)) for one in things(found["value"])]
    day = _DAY_IS.match(text)
    if day:
        what = thing(re.sub(r"(?i)\b(?:night|day|evening|time)$", "", day["what"]).strip(), 4) or thing(day["what"], 4)
        named = day["day"].rstrip("s").capitalize()
        return [Found("weekly", named, what)] if what and not re.match(r"(?i)(?:fine|ok|good|best|free|out|bad|perfect|great|when|busy|bank|christmas|not)\b", what) else []
    return []


