"""Journeys ahead."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene
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


def trips(scene: Scene) -> list[Found]:
    frame, cased = scene.clause.frame, scene.clause.cased
    rest = frame.rest
    ahead = frame.doing or frame.modal in ("will", "going", "must")
    time = when(f"{rest} {frame.front}")
    if (
        frame.verb in ("be",)
        and (
            off := re.match(
                r"(?i)(?:off|away|heading off|finally off|booked) (?:on (?:holiday|a trip) )?to\s+(?P<place>.+)", rest
            )
        )
        and not frame.past
    ):
        rest, ahead = f"to {off['place']}", True
        verb = "go"
    else:
        verb = frame.verb
    if (
        verb in ("spend",)
        and ahead
        and (spent := re.match(r"(?i)(?:\w+ ){1,4}(?:in|at|on)\s+(?P<place>[A-Z].+)", rest))
    ):
        where = place(spent["place"], cased)
        return [Found("plan_trip", "", where), *timed(time, "plan_trip_time")] if where and time else []
    if verb in ("book", "plan", "organise", "organize", "buy", "get", "have", "take", "go"):
        trip = re.match(
            (
                r"(?i)(?:on )?(?:(?:an?|our|my|some|the|two|three|cheap|return|\w+ (?:week|day)s?'?|last-minute|family|"
                r"big|short|little|long|summer|winter|week-long|weekend|city|walking|cycling|skiing|ski|road|"
                r"train|solo|"
                r"quick|\d+-day|romantic) )*(?:holiday|trip|flights?|tickets?|break|getaway|vacation|honeymoon|cruise|"
                r"tour|week|fortnight|weekend|train|retreat|hotel|airbnb|cottage|sabbatical|city break|road trip|"
                r"ferry)s?(?: away| off| tickets| booked| planned)? (?P<prep>to|in|around|across|on|through|near|"
                r"booked (?:to|for|in)|planned (?:to|for|in))\s+(?P<place>.+)"
            ),
            rest,
        )
        if (
            trip
            and (not frame.past or verb in ("book", "buy", "get", "organise", "organize"))
            and (verb not in ("have", "go", "take") or ahead or time or "booked" in trip[0] or "planned" in trip[0])
        ):
            where = place(trip["place"], cased)
            if where and not re.match(r"(?i)(?:the )?(?:gig|concert|game|match|show|theatre|cinema)\b", where):
                return [Found("plan_trip", "", where), *timed(time, "plan_trip_time")]
    if verb not in _TRAVEL or not ahead or not rest:
        return []
    if verb == "move":
        to = re.search(r"(?i)\b(?:to|into)\s+(?P<place>.+)", rest)
        where = place(to["place"], cased, anything=True) if to else ""
        if to and not where:
            where = thing(to["place"], 4)
        return ([Found("plan_event", "move", f"to {where}")] if where else []) + timed(time, "plan_event_time", "move")
    target = re.search(
        (
            r"(?i)^(?:away |back |off |over |out |down |up |home |abroad |\w+ing |on holiday |on a trip |"
            r"on our honeymoon )*(?:to|for|round|across|around)\s+(?P<place>.+)"
        ),
        rest,
    )
    spot = target["place"] if target else rest if verb in ("visit", "tour", "explore") else ""
    if not spot or _NOT_TRIP.match(spot):
        return []
    visited = re.match(r"(?i)(?:see |visit )?my (?P<who>[\w ]+?) in (?P<place>.+)", spot)
    where = place(visited["place"] if visited else spot, cased)
    if where and (re.search(r"[A-Z]", where) or time) and not re.search(r"(?i)today|tonight", scene.clause.text):
        return [Found("plan_trip", "", where), *timed(time, "plan_trip_time")]
    return []


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
