"""Lessons, and what is done on which day or how often."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.patterns.times import MOMENT
from imprint.study.rewrite import second_person
from imprint.study.spans import days_named, often, thing, things, without_times

ACTIVE = frozenset(
    words(
        "run swim cycle climb hike walk jog row ski surf skate box knit bake cook garden paint draw sew crochet "
        "dance sing write blog journal fish camp sail kayak golf bowl fence juggle meditate volunteer babysit busk "
        "brew forage birdwatch carve lift stretch exercise train practise practice read bike commute restore build"
    )
)
_LESSON = re.compile(
    r"(?i)^(?:up )?(?:(?:an?|some|my|the|weekly|evening|online|private|beginners'?|"
    r"another) )*(?P<what>(?:[\w'-]+ ){1,3}?)(?:lessons?|classes|class|course|courses|evening class|"
    r"evening classes|workshops?|tuition)\b(?P<rest>.*)"
)
_LESSON_IN = re.compile(
    r"(?i)^(?:up (?:for|to) |on |to )?(?:(?:an?|some|my|the|weekly|evening|online|private|beginners'?|short|"
    r"night) )*(?:lessons?|classes|class|course|courses|workshops?) (?:in|on) (?P<what>.+)"
)


_ATTENDING = frozenset(words("take have do start sign join begin book go attend enrol enroll get"))


def lessons(scene: Scene) -> list[Found]:
    """learning (and its weekday): "I'm learning Welsh", "I take cello lessons on Fridays", "I took up crochet"."""
    frame = scene.clause.frame
    if (
        frame.subject not in ("I", "we")
        or frame.negative
        or frame.ended
        or frame.modal not in ("", "will", "can", "going")
    ):
        return []
    if frame.verb == "teach" and re.match(r"(?i)myself\b", frame.rest):
        what = re.sub(r"(?i)^myself (?:how )?(?:to )?(?:play |speak )?", "", frame.rest)
        return [Found("learning", "", item) for item in things(what)]
    if frame.verb in ("take", "pick") and re.match(r"(?i)up\s", frame.rest):
        return [Found("hobby", "", item) for item in things(frame.rest[3:])]
    return first_of((_learns, _attends), scene)


def _learns(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    begun = frame.verb in ("start", "begin", "try", "be") and re.match(
        r"(?i)(?:(?:to )?learn(?:ing)?|trying to learn)\b", rest
    )
    learned = frame.verb == "learn" and frame.past and not frame.perfect
    if not begun and frame.verb != "learn" or learned or frame.modal in ("will", "going"):
        return []
    what = re.sub(r"(?i)^(?:(?:to )?learn(?:ing)?|trying to learn)\s+", "", rest)
    # "I learn fast", "I learned that ..." are no lessons.
    if re.match(r"(?i)(?:that|about|from|fast|quickly|best|by|a lot|so|more|it|slowly)\b", what):
        return []
    infinitive = re.match(r"(?i)(?:how )?to (?P<what>.+)", what)
    if infinitive:
        done = thing(infinitive["what"], 5)
        return one("learning", "", f"to {done}" if done else "")
    return [Found("learning", "", re.sub(r"(?i)^(?:bit of|some) ", "", item)) for item in things(without_times(what))]


def _attends(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb not in _ATTENDING or MOMENT.search(scene.clause.text):
        return []
    bare = re.sub(r"(?i)^(?:up (?:for|to)|to|on|in) ", "", frame.rest)
    found = _LESSON_IN.match(bare) or _LESSON.match(bare)
    what = thing(found["what"], 4) if found else ""
    what = re.sub(r"(?i)^(?:evening|online|beginners?|beginner's|private|weekly|new|night|short) ", "", what)
    if not what:
        return []
    sort = re.search(r"(?i)(course|class|lesson|workshop)", frame.rest)
    lesson = f"have a {what} {sort[1].lower() if sort else 'lesson'}"
    return [
        Found("learning", "", what),
        *(Found("weekly", day, lesson) for day in days_named(f"{frame.rest} {frame.front}")),
    ]


def routine(scene: Scene, told: list[Found]) -> list[Found]:
    """habit[activity] and weekly[day] of a clause that says how often."""
    frame = scene.clause.frame
    whole = f"{frame.rest} {frame.front}"
    often_said = often(whole)
    if not often_said or frame.doing and not frame.perfect and not days_named(whole):
        return []
    phrase = _phrase(scene)
    days = days_named(whole)
    if not phrase or days:
        return [Found("weekly", day, phrase) for day in days if phrase]
    named = [fact.value for fact in told if fact.kind in ("sport", "hobby", "instrument")]
    bare = re.sub(
        r"(?i)^(?:go to|go|do|have|play|take|visit|call) (?:to |on |for )?(?:the |a |an |my |your )?", "", phrase
    )
    return [Found("habit", (named[0] if named else bare).lower(), re.sub(r"(?i)^on ", "", often_said))]


def _phrase(scene: Scene) -> str:
    """What is done, as it stands after "On Mondays you": "do pottery", "call your mum", "sing in a choir"."""
    frame = scene.clause.frame
    if frame.verb in (
        "be",
        "like",
        "love",
        "work",
        "want",
        "need",
        "think",
        "live",
        "drink",
        "eat",
        "hate",
        "prefer",
        "",
    ):
        return ""
    rest = without_times(frame.rest)
    lead = re.match(r"(?i)(?:(?:to|for|on|with|at|in|up|my|our|the|a|an) )*", rest)
    start = lead[0] if lead else ""
    what = thing(rest[len(start) :], 5)
    if not what:
        return frame.verb if frame.verb in ACTIVE else ""
    if re.search(r"(?i)\b(?:her|him|them|it)$", what):
        return ""
    return second_person(f"{frame.verb} {start}{what}")
