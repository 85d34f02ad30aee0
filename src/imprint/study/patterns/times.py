"""When the user gets up and goes to bed, and how they get to work."""

import re

from imprint.study.found import Found, Scene, first_of, one
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


_HOUR_IS = re.compile(
    rf"(?i)^(?P<clock>{CLOCK}) is (?:when|the time) (?:(?P<up>my alarm goes off|I (?:get|wake) up|my day starts)|"
    rf"I go to (?:bed|sleep))"
)
_MY_COMMUTE = re.compile(
    r"(?i)^my (?:commute|journey to work|ride to work|walk to work) (?:to work )?(?:is|takes) (?P<how>.+)"
)
_IT_TAKES = re.compile(
    r"(?i)^it (?:is|takes) (?P<how>(?:about |around |like )?(?:\d+|an?|half an|forty|fifty|twenty|thirty)\W?\w* .*)"
)
_TAKES_ME = re.compile(r"(?i)^it takes me (?P<long>.+?) (?:to (?:get|walk|cycle|drive|commute) to work|by \w+ to work)")
_INTO_BED = re.compile(r"(?i)(?:in|the (?:hay|sack)|asleep|out|to bed|off to bed)\b(?! the)")


def times(scene: Scene) -> list[Found]:
    """wake_time, bed_time and commute."""
    if scene.clause.mood != "statement":
        return []
    return first_of((_alarm, _hour_of, _commute_is, _rises, _goes_to_bed, _commute), scene)


def _alarm(scene: Scene) -> list[Found]:
    found = _ALARM.match(scene.clause.text)
    if not found or re.match(r"(?i)my (?:shift|day)", scene.clause.text):
        return []
    return one("wake_time", "", clock(found["rest"]))


def _hour_of(scene: Scene) -> list[Found]:
    """ "Half past six is when my alarm goes off"."""
    found = _HOUR_IS.match(scene.clause.sentence)
    return one("wake_time" if found["up"] else "bed_time", "", clock(found["clock"])) if found else []


def _commute_is(scene: Scene) -> list[Found]:
    text = scene.clause.text
    found = _MY_COMMUTE.match(text)
    if not found and re.search(r"(?i)\bmy (?:commute|drive to work|journey to work)\b", scene.clause.sentence):
        found = _IT_TAKES.match(text)
    if found:
        return one("commute", "", thing(found["how"], 7, stop=False))
    takes = _TAKES_ME.match(text)
    return [Found("commute", "", takes["long"])] if takes else []


def _rises(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    must = (
        frame.modal == "must" and frame.subject == "I" and not frame.negative and not MOMENT.search(scene.clause.text)
    )
    if not is_habit(scene) and not must:
        return []
    up = re.match(r"(?i)(?:myself )?(?:up|out of bed)\b", frame.rest)
    rising = frame.verb in ("wake", "rise") or (up and (frame.verb == "get" or (frame.verb == "be" and must)))
    setting = frame.verb == "set" and re.match(r"(?i)my alarm\b", frame.rest)
    return one("wake_time", "", clock(f"{frame.rest} {frame.front}")) if rising or setting else []


def _goes_to_bed(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    going = frame.verb == "go" and re.match(r"(?i)to (?:bed|sleep)\b|bed at", frame.rest)
    turning = frame.verb in ("turn", "hit", "fall", "crash", "head", "get") and _INTO_BED.match(frame.rest)
    return one("bed_time", "", clock(f"{frame.rest} {frame.front}")) if is_habit(scene) and (going or turning) else []


def _commute(scene: Scene) -> list[Found]:
    if not is_habit(scene):
        return []
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
        how = f"by {how}" if how and rest.lower().startswith("by ") else how
        return [Found("commute", "", how)] if how and not MOMENT.search(how) else []
    return []
