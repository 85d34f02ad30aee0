"""When the user gets up and goes to bed, and how they get to work."""

import re

from imprint.study.found import Found, Scene
from imprint.study.spans import clock, thing, without_times
from imprint.study.words import CLOCK

MOMENT = re.compile(
    r"(?i)\b(?:today|tonight|yesterday|this (?:morning|evening|afternoon|week|weekend)|last (?:night|week|weekend|"
    r"month|year|summer)|tomorrow|just now|right now|earlier|a minute|ago|next (?:week|month|year))\b"
)
_ALARM = re.compile(
    r"(?i)^(?:(?=.*\b(?:gets|wakes) me\b)[\w' ]{2,25}?|my (?:alarm|body clock|cat|dog|day|kids?|toddler|baby|"
    r"shift)(?: clock)?) (?:always |usually )?(?:goes off|is set(?: for)?|rings|wakes me(?: up)?|gets me up|"
    r"starts)\b(?P<rest>.*)"
)


def is_habit(scene: Scene) -> bool:
    frame = scene.clause.frame
    return (
        frame.subject in ("I", "we")
        and not frame.ended
        and not frame.negative
        and not frame.modal
        and not (frame.past and not frame.perfect)
        and not MOMENT.search(scene.clause.text)
    )


def times(scene: Scene) -> list[Found]:
    """wake_time, bed_time and commute."""
    clause, frame = scene.clause, scene.clause.frame
    alarm = _ALARM.match(clause.text)
    if (
        alarm
        and clause.mood == "statement"
        and clock(alarm["rest"])
        and not re.match(r"(?i)my (?:shift|day)", clause.text)
    ):
        return [Found("wake_time", "", clock(alarm["rest"]))]
    hour = re.match(
        (
            rf"(?i)^(?P<clock>{CLOCK}) is (?:when|the time) (?:(?P<up>my alarm goes off|I (?:get|wake) up|"
            rf"my day starts)|"
            rf"I go to (?:bed|sleep))"
        ),
        clause.sentence,
    )
    if hour and clause.mood == "statement":
        return [Found("wake_time" if hour["up"] else "bed_time", "", clock(hour["clock"]))]
    trip = re.match(
        r"(?i)^my (?:commute|journey to work|ride to work|walk to work) (?:to work )?(?:is|takes) (?P<how>.+)",
        clause.text,
    )
    if trip and clause.mood == "statement":
        how = thing(trip["how"], 7, stop=False)
        return [Found("commute", "", how)] if how else []
    spoken = re.match(
        (
            r"(?i)^it (?:is|takes) (?P<how>(?:about |around |like )?(?:\d+|an?|half an|forty|fifty|twenty|"
            r"thirty)\W?\w* .*)"
        ),
        clause.text,
    )
    if (
        spoken
        and clause.mood == "statement"
        and re.search(r"(?i)\bmy (?:commute|drive to work|journey to work)\b", clause.sentence)
    ):
        return [Found("commute", "", thing(spoken["how"], 7, stop=False))]
    takes = re.match(
        r"(?i)^it takes me (?P<long>.+?) (?:to (?:get|walk|cycle|drive|commute) to work|by (?P<how>\w+) to work)",
        clause.text,
    )
    if takes:
        return [Found("commute", "", takes["long"])]
    must_rise = (
        frame.modal == "must"
        and frame.verb in ("get", "wake", "be")
        and frame.subject == "I"
        and not MOMENT.search(clause.text)
        and not frame.negative
    )
    if not is_habit(scene) and not must_rise:
        return []
    text = f"{frame.rest} {frame.front}"
    if (
        (frame.verb == "get" and re.match(r"(?i)(?:myself )?(?:up|out of bed)\b", frame.rest))
        or frame.verb in ("wake", "rise")
        or (must_rise and frame.verb == "be" and re.match(r"(?i)up\b", frame.rest))
    ):
        return [Found("wake_time", "", clock(text))] if clock(text) else []
    if frame.verb == "set" and re.match(r"(?i)my alarm\b", frame.rest) and clock(text):
        return [Found("wake_time", "", clock(text))]
    asleep = (frame.verb == "go" and re.match(r"(?i)to (?:bed|sleep)\b|bed at", frame.rest)) or (
        frame.verb in ("turn", "hit", "fall", "crash", "head", "get")
        and re.match(r"(?i)(?:in|the (?:hay|sack)|asleep|out|to bed|off to bed)\b(?! the)", frame.rest)
    )
    if asleep and clock(text):
        return [Found("bed_time", "", clock(text))]
    return _commute(scene)


def _commute(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    rest = frame.rest
    to_work = re.search(
        (
            r"(?i)\b(?:to|into|for) (?:work|the office|uni|school|college|my (?:job|office)|the (?:hospital|shop|lab|"
            r"school|site))\b"
        ),
        rest,
    )
    if frame.verb in ("cycle", "walk", "drive", "bike", "run", "scoot", "skate") and to_work:
        return [
            Found(
                "commute",
                "",
                "by bike"
                if frame.verb in ("bike",)
                else {
                    "cycle": "cycling",
                    "walk": "walking",
                    "drive": "driving",
                    "run": "running",
                    "skate": "skating",
                }.get(frame.verb, "by scooter"),
            )
        ]
    ride = re.match(
        (
            r"(?i)(?:the|a|an|my) (?P<what>(?:[\w:.']+ ){0,3}?(?:bus|train|tube|tram|metro|subway|ferry|bike|scooter|"
            r"boat|underground|motorbike|car|coach))\b"
        ),
        rest,
    )
    if frame.verb in ("take", "get", "catch", "ride") and ride and to_work:
        return [Found("commute", "", f"by {ride['what']}")]
    by = re.search(
        (
            r"(?i)\b(?:by|on the|via the|with the) (?P<what>(?:\w+ )?(?:bus|train|tube|tram|metro|subway|ferry|bike|"
            r"bicycle|car|boat|scooter|underground|motorbike|foot))\b"
        ),
        rest,
    )
    if frame.verb in ("commute", "travel", "go", "get", "come") and (to_work or frame.verb == "commute"):
        if by:
            return [Found("commute", "", f"by {by['what']}")]
        if re.search(r"(?i)\bon foot\b", rest):
            return [Found("commute", "", "on foot")]
        how = thing(without_times(rest), 6, stop=False) if frame.verb == "commute" else ""
        return [Found("commute", "", how)] if how and not MOMENT.search(how) else []
    return []
