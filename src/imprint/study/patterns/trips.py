"""Journeys ahead."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of
from imprint.study.patterns.events import EVENT_WORD, event_name, timed
from imprint.study.spans import place, thing, when

_TRAVEL = frozenset(words("fly go travel head visit drive sail cycle backpack move return walk tour explore"))
_NOT_TRIP = re.compile(
    r"(?i)^(?:the (?:shop|shops|gym|pub|cinema|doctor|dentist|park|beach|office|toilet|bathroom|bank|hospital|"
    r"vet|supermarket|theatre|library|post office|market|airport|station|kitchen)|bed|work|school|sleep|church|"
    r"town|mass|lunch|dinner|yoga|pilates|hell|my |our |be |a (?:party|gig|concert|meeting|wedding|funeral|"
    r"restaurant|class|friend|mate|match|game|doctor)|him|her|them|it|you|therapy|uni|college|court|war|waste|"
    r"plan|need)\b"
)


_OFF = re.compile(r"(?i)(?:off|away|heading off|finally off|booked) (?:on (?:holiday|a trip) )?to\s+(?P<place>.+)")
_BOOKED = re.compile(
    r"(?i)(?:on )?(?:(?:an?|our|my|some|the|two|three|cheap|return|\w+ (?:week|day)s?'?|last-minute|family|big|"
    r"short|little|long|summer|winter|week-long|weekend|city|walking|cycling|skiing|ski|road|train|solo|quick|"
    r"\d+-day|romantic) )*(?:holiday|trip|flights?|tickets?|break|getaway|vacation|honeymoon|cruise|tour|week|"
    r"fortnight|weekend|train|retreat|hotel|airbnb|cottage|sabbatical|city break|road trip|ferry)s?(?: away| off|"
    r" tickets| booked| planned)? (?:to|in|around|across|on|through|near|booked (?:to|for|in)|planned (?:to|for|"
    r"in))\s+(?P<place>.+)"
)
_TOWARDS = re.compile(
    r"(?i)^(?:away |back |off |over |out |down |up |home |abroad |\w+ing |on holiday |on a trip |"
    r"on our honeymoon )*(?:to|for|round|across|around)\s+(?P<place>.+)"
)


def trips(scene: Scene) -> list[Found]:
    """plan_trip and plan_trip_time: "flying to Lisbon in May", "booked a week in Crete", "we're off to Oslo"."""
    return first_of((_off_to, _booked, _moving, _travelling), scene)


def _trip(where: str, scene: Scene) -> list[Found]:
    if not where:
        return []
    time = when(f"{scene.clause.frame.rest} {scene.clause.frame.front}")
    return [Found("plan_trip", "", where), *timed(time, "plan_trip_time")]


def _is_ahead(scene: Scene) -> bool:
    return scene.clause.frame.doing or scene.clause.frame.modal in ("will", "going", "must")


def _off_to(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _OFF.match(frame.rest) if frame.verb == "be" and not frame.past else None
    return _trip(_destination(found["place"], scene), scene) if found else []


def _booked(scene: Scene) -> list[Found]:
    frame, time = scene.clause.frame, when(f"{scene.clause.frame.rest} {scene.clause.frame.front}")
    bought = frame.verb in ("book", "buy", "get", "organise", "organize")
    spent = re.match(r"(?:\w+ ){1,4}(?:in|at|on)\s+(?P<place>[A-Z].+)", frame.rest) if frame.verb == "spend" else None
    if spent and _is_ahead(scene) and time:
        return _trip(place(spent["place"], scene.clause.cased), scene)
    found = _BOOKED.match(frame.rest) if bought or frame.verb in ("plan", "have", "take", "go") else None
    if not found or (frame.past and not bought):
        return []
    sure = bought or frame.verb == "plan" or _is_ahead(scene) or time or re.search(r"booked|planned", found[0])
    where = place(found["place"], scene.clause.cased) if sure else ""
    return _trip(
        "" if re.match(r"(?i)(?:the )?(?:gig|concert|game|match|show|theatre|cinema)\b", where) else where, scene
    )


def _moving(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    to = re.search(r"(?i)\b(?:to|into)\s+(?P<place>.+)", frame.rest)
    if frame.verb != "move" or not _is_ahead(scene) or not to:
        return []
    where = place(to["place"], scene.clause.cased, anything=True) or thing(to["place"], 4)
    time = when(f"{frame.rest} {frame.front}")
    return ([Found("plan_event", "move", f"to {where}")] if where else []) + timed(time, "plan_event_time", "move")


def _travelling(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    sights = re.match(r"the [\w ]+? in (?P<place>[A-Z].+)", frame.rest) if frame.verb == "see" else None
    if sights and _is_ahead(scene) and when(frame.rest):
        return _trip(_destination(sights["place"], scene), scene)
    if frame.verb not in _TRAVEL or frame.verb == "move" or not _is_ahead(scene) or not frame.rest:
        return []
    target = _TOWARDS.search(frame.rest)
    direct = frame.rest if frame.verb in ("visit", "tour", "explore") else ""
    return _trip(_destination(target["place"] if target else direct, scene), scene)


def _destination(spot: str, scene: Scene) -> str:
    """The place of a journey; "" for errands and for today's outings."""
    if not spot or _NOT_TRIP.match(spot) or re.search(r"(?i)today|tonight", scene.clause.text):
        return ""
    visited = re.match(r"(?i)(?:see |visit )?my [\w ]+? in (?P<place>.+)", spot)
    where = place(visited["place"] if visited else spot, scene.clause.cased)
    dated = when(f"{scene.clause.frame.rest} {scene.clause.frame.front}")
    return where if re.search(r"[A-Z]", where) or dated else ""


def postponed(scene: Scene) -> list[Found]:
    """ "We moved the trip to June", "rescheduled my exam for the 9th"."""
    frame = scene.clause.frame
    if frame.verb not in ("move", "push", "shift", "postpone", "reschedule", "change", "delay", "bring", "put"):
        return []
    found = re.match(
        (
            rf"(?i)(?:the|our|my) (?:date of (?:the|our|"
            rf"my) )?(?P<what>(?:[\w'-]+ )??(?:{EVENT_WORD}))(?: date)? (?:back "
            rf"|forward |off )*(?:to|until|till|for)\s+(?P<when>.+)"
        ),
        frame.rest,
    )
    time = when(found["when"]) if found else ""
    if not found or not time:
        return []
    about = event_name(found["what"])
    if about in ("trip", "holiday", "flight", "honeymoon", "cruise", "tour"):
        return [Found("plan_trip_time", "", time)]
    return [Found("plan_event_time", about, time)]


_TRIP_NOUN = re.compile(
    r"(?:\b(?i:my|our|a|booked)\s+(?:[\w-]+ ){0,2}?|^)(?i:trip|holiday|flights?|honeymoon|city break|cruise|train|"
    r"ferry)s? to (?P<place>[A-Z].+)"
)


def trip_mentioned(text: str) -> list[Found]:
    """ "my trip to Lisbon in May" inside any sentence, "Flight to Lisbon 4 May" on its own."""
    found = _TRIP_NOUN.search(text)
    if not found or re.search(r"(?i)\b(?:last|ago|was|were|if|cancel\w*|would|could)\b", text):
        return []
    where = place(found["place"], True)
    return [Found("plan_trip", "", where), *timed(when(found["place"]), "plan_trip_time")] if where else []
