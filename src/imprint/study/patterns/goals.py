"""Goals, dreams and dream jobs."""

import re

from imprint.study.found import Found, Scene, first_of, one
from imprint.study.patterns.jobs import is_job
from imprint.study.spans import place, thing, when

_DREAM = re.compile(
    r"(?i)^my (?:(?:big|biggest|main|lifelong|ultimate|current|only|new|long-term|one|secret) )*(?P<what>dream job|"
    r"dream career|dream|goal|aim|ambition|target|resolution|new year's resolution|plan|bucket list(?: item)?|wish|"
    r"hope)s?(?: (?:this year|for (?:this|next) year|in life|for \d{4}|now|at the moment|right now|one day|"
    r"for the year))? (?:is|are|would be|has always been|was always|includes?)(?: still| now| just|"
    r" really)? (?P<value>.+)"
)


def goal_is(text: str, cased: bool) -> list[Found]:
    found = _DREAM.match(text)
    if not found:
        return []
    value = re.sub(r"(?i)^(?:to |that I |being |becoming )", "", found["value"])
    job = re.sub(r"(?i)^(?:(?:be|become|work as|being|becoming|working as|a|an|to) )+", "", value)
    if re.search(r"(?i)job|career", found["what"]) or (
        re.match(r"(?i)(?:be|become|being|becoming)\b", re.sub(r"(?i)^to ", "", found["value"]))
        and is_job(thing(job, 4))
    ):
        short = thing(job, 5)
        return [Found("dream_job", "", short)] if short else []
    short = _goal_value(value)
    return [Found("goal", "", short)] if short else []


def _goal_value(text: str) -> str:
    text = re.sub(r"(?i)^to ", "", text)
    short = thing(text, 7, stop=False) if len(text.split()) <= 7 else thing(text, 6)
    return re.sub(r"(?i)^to ", "", short)


_LASTING_TRY = re.compile(
    r"(?i)^to (?:(?:finally|just|properly|really|only) )*(?:lose|quit|give up|cut|save|get (?:fit|fitter|better|into|"
    r"healthier|more|my|back|out of)|run|eat|drink|sleep|read|learn|write|become|move|walk|stop|reduce|spend less|"
    r"be more|pay off|buy (?:a|our|my) (?:first )?(?:house|flat|home)|start|build|grow|train|improve|go vegan|"
    r"qualify|publish|finish my|gain|swim|find a (?:new )?(?:job|flat|house)|pass my)\b(?! (?:this|the|an?|"
    r"it) (?:function|bug|error|essay|email|code|script|letter|file|report|list))"
)


_FAR_OFF = re.compile(
    r"(?i)\b(?:one day|some ?day|eventually|by (?:the end|\d|next|summer|my)|this year|next year|before I|really|"
    r"always|in (?:a few|five|ten) years|long[- ]term|when I|dream|finally)\b"
)
_LIFE_VERB = re.compile(
    r"(?i)(?:to )?(?:become|be an?|visit|learn|run|write|retire|travel|retrain|move|open|start|own|live)\b"
)
_BECOMING = re.compile(
    r"(?i)(?:be|become|being|becoming|work as|retrain as|working as|qualify as|train as)\s+(?:an? )(?P<job>.+)"
)
_GOING_THERE = re.compile(
    r"(?i)(?P<how>(?:visit|go to|travel to|fly to|see|visiting|going to|travelling to|go back to|travel around|"
    r"travel across|explore))\s+(?-i:(?P<place>[A-Z].+))"
)
_SMALL_WISH = re.compile(
    r"(?i)(?:know|ask|see if|make sure|try|understand|find out|hear|do|use|get|have|go to (?:bed|sleep|the)|"
    r"check|watch|cook|make|order|say|tell|talk|help|eat|buy (?!a house|a flat)|bake|be (?:able|sure|there|"
    r"more careful))\b"
)


def wish(scene: Scene) -> list[Found]:
    """goal, dream_job, and trips that are only hoped for."""
    return first_of((_saving, _striving, _wanting), scene)


def _saving(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = re.match(r"(?i)(?:up )?(?:for|to buy|to get)\s+(?P<what>.+)", frame.rest)
    if frame.verb != "save" or not (frame.doing or frame.perfect) or not found:
        return []
    short = thing(found["what"], 5)
    return one("goal", "", f"saving for {_with_article(found['what'], short)}" if short else "")


def _striving(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.verb == "work" and frame.doing and re.match(r"(?i)towards\s", rest):
        return one("goal", "", _goal_value(rest[8:]))
    trying = frame.verb == "try" and (frame.doing or frame.perfect) and _LASTING_TRY.match(rest)
    return one("goal", "", _goal_value(rest)) if trying and not re.search(r"(?i)\bto learn\b", rest) else []


def _wanting(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    fond = frame.verb in ("like", "love") and frame.modal == "would"
    if (
        not fond
        and frame.verb not in ("want", "hope", "plan", "aim", "dream", "intend")
        or (frame.past and not frame.perfect)
    ):
        return []
    target = re.match(r"(?i)(?:to|of|on)\s+(?P<what>.+)", frame.rest)
    what = target["what"] if target else ""
    vague = fond or frame.verb == "want"
    if not what or (vague and not _FAR_OFF.search(scene.clause.text) and not _LIFE_VERB.match(what)):
        return []
    return _move(what) or _dream_job(what) or _hoped_trip(what, frame.verb, scene.clause.cased) or _plain_goal(what)


def _move(what: str) -> list[Found]:
    """ "Planning to relocate to Ghent next spring" is an event with a date."""
    found = re.match(r"(?:move|relocate|moving|relocating) (?:back |over )?to (?P<place>[A-Z].+)", what)
    where, time = (place(found["place"], True), when(what)) if found else ("", "")
    return (
        [Found("plan_event", "move", f"to {where}"), Found("plan_event_time", "move", time)] if where and time else []
    )


def _dream_job(what: str) -> list[Found]:
    found = _BECOMING.match(what)
    if not found or not is_job(re.split(r"(?i)\s(?:at|in|for|one|some|when|by|because|someday)\b", found["job"])[0]):
        return []
    return one(
        "dream_job", "", thing(re.split(r"(?i)\s(?:one day|some ?day|eventually|when|by)\b", found["job"])[0], 5)
    )


def _hoped_trip(what: str, verb: str, cased: bool) -> list[Found]:
    found = _GOING_THERE.match(what)
    where = place(found["place"], cased) if found else ""
    if not found or not where:
        return []
    time = when(what)
    if verb in ("plan", "hope", "intend", "aim") and time:
        return [Found("plan_trip", "", where), Found("plan_trip_time", "", time)]
    return [Found("goal", "", f"{found['how'].lower()} {where}")]


def _plain_goal(what: str) -> list[Found]:
    if _SMALL_WISH.match(what) and not re.search(
        r"(?i)\b(?:one day|some ?day|eventually|this year|next year|by the end)\b", what
    ):
        return []
    return one("goal", "", _goal_value(re.sub(r"(?i)\s+(?:one day|some ?day|eventually)\b.*", "", what)))


def _with_article(text: str, short: str) -> str:
    lead = re.match(r"(?i)(?:an?|the|my|our)\s+", text)
    return f"{lead[0].lower().strip().replace('my', 'your').replace('our', 'your')} {short}" if lead else short
