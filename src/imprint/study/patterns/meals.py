"""What the user eats and drinks as a habit, and what they avoid."""

import re

from imprint.detect.frames import Frame
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.patterns.times import MOMENT
from imprint.study.spans import thing, things, without_times
from imprint.study.topics import category_by_words
from imprint.study.words import OFTEN

_TAKE_IT = re.compile(
    r"(?i)^(?:my|our) (?P<drink>coffee|tea|espresso|latte|cuppa)s? (?:very |really |quite |always )*(?P<how>black|"
    r"white|strong|weak|milky|sweet|iced|decaf|with .+|without .+|(?:two|one|three|no|\d) sugars?.*|extra .+)"
)


_USUAL = re.compile(
    r"(?i)^(?:my (?:usual|regular|normal|standard|typical|daily|go-to) )(?P<what>breakfast|drink|order|"
    r"coffee(?: order)?|coffee shop order|tipple)(?: order)? is (?P<value>.+)|^(?:my )?breakfast is (?:usually |"
    r"always |normally |just |mostly )*(?P<plain>.+)"
)
_COFFEE_BLACK = re.compile(r"(?i)^(?P<drink>coffee|tea),? (?P<how>black|white|strong|weak|milky|with [\w ]+)(?:,|$)")
_REGULARLY = re.compile(rf"(?i)\b(?:{OFTEN})(?![\w'])|\ba day\b|\b(?:always|usually|normally)\b")
_DIET_WORD = re.compile(
    r"(?i)(?:only |mostly |strictly |fully )?(?P<diet>halal|kosher|vegan|vegetarian|veggie|pescatarian|"
    r"plant[- ]based|keto|low[- ]carb|gluten[- ]free|dairy[- ]free|paleo|teetotal|sober)\b"
)
_DIET_KEPT = re.compile(
    r"(?i)(?:to )?(?:an? |the )?(?P<diet>keto|paleo|low[- ]carb|low[- ]fodmap|gluten[- ]free|vegan|vegetarian|"
    r"halal|kosher|mediterranean|dairy[- ]free|plant[- ]based|intermittent fasting|16:8)(?: diet)?(?:$|[ ,.])"
)


def meals(scene: Scene) -> list[Found]:
    """drink_habit, breakfast, avoid_food, diet."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    out = first_of((_usual, _none_for_me), scene)
    if out or frame.subject not in ("I", "we") or frame.ended or MOMENT.search(clause.text):
        return out
    if frame.past and not frame.perfect and frame.verb not in ("go", "turn", "become"):
        return []
    if frame.negative:
        return _avoided(scene)
    if frame.modal not in ("", "must", "will"):
        return []
    return first_of((_shunned, _breakfast, _taken, _daily_drink, _diet, _much_eaten), scene)


def _usual(scene: Scene) -> list[Found]:
    """ "My usual order is a flat white", "coffee black"."""
    found = _USUAL.match(scene.clause.text)
    if found:
        breakfast = not found["what"] or found["what"].lower() == "breakfast"
        return one(
            "breakfast" if breakfast else "drink_habit", "", thing(found["value"] or found["plain"], 5, stop=False)
        )
    black = _COFFEE_BLACK.match(scene.clause.text)
    return one("drink_habit", "", _prepared(black["drink"].lower(), black["how"])) if black else []


def _prepared(drink: str, how: str) -> str:
    how = how.strip(" .,")
    return f"{drink} {how}" if " " in how else f"{how} {drink}"


def _none_for_me(scene: Scene) -> list[Found]:
    found = re.match(r"(?i)^(?:so )?no (?P<what>[\w ,]+?) for me\b", scene.clause.text)
    items = things(found["what"]) if found else []
    return [
        Found("drink_habit", "", "no alcohol")
        if re.match(r"(?i)alcohol|booze", item)
        else Found("avoid_food", "", item)
        for item in items
        if category_by_words(item) in ("food", "drink")
    ]


def _shunned(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.verb == "skip" and re.match(r"(?i)breakfast\b", rest) and not frame.modal:
        return [Found("breakfast", "", "nothing")]
    if frame.verb == "avoid":
        eaten = re.match(r"(?i)(?:eating|drinking) ", rest)
        items = things(rest[eaten.end() :] if eaten else rest)
        return [
            Found("avoid_food", "", item)
            for item in items
            if eaten or category_by_words(item) in ("food", "drink", "animal")
        ]
    away = re.match(r"(?i)(?:well )?(?:away from|off|clear of)\s", rest) if frame.verb in ("stay", "keep") else None
    items = things(rest[away.end() :]) if away else []
    return [Found("avoid_food", "", item) for item in items if category_by_words(item) in ("food", "drink")]


def _breakfast(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    found = re.search(r"(?i)^(?P<what>.+?),? (?:for|at) (?:my |our )?(?:breakfast|brekkie|brekky)\b", rest)
    if frame.verb not in ("have", "eat", "make", "do", "take", "like", "love") or not (
        found or "breakfast" in frame.front.lower()
    ):
        return []
    return one("breakfast", "", thing(without_times(found["what"] if found else rest), 6, stop=False))


def _taken(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = _TAKE_IT.match(frame.rest) if frame.verb in ("drink", "take", "have", "get", "order", "sip") else None
    return one("drink_habit", "", _prepared(found["drink"], found["how"])) if found else []


def _daily_drink(scene: Scene) -> list[Found]:
    clause, frame = scene.clause, scene.clause.frame
    if frame.verb == "drink":
        return _drinks(frame.rest)
    if frame.verb not in ("have", "need", "get", "start") or not _REGULARLY.search(f"{clause.text} {frame.front}"):
        return []
    bare = without_times(re.sub(r"(?i)\b(?:(?:a|per|every|each) day|before (?:nine|ten|noon|\d+))\b.*", "", frame.rest))
    value = thing(re.sub(r"(?i)^(?:my|every|the day with|with) ", "", bare), 5)
    return one("drink_habit", "", value) if category_by_words(value) == "drink" else []


def _diet(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb in ("eat", "go", "turn", "become"):
        found = _DIET_WORD.match(frame.rest)
    elif frame.verb in ("follow", "stick", "keep", "do"):
        found = _DIET_KEPT.match(frame.rest)
    else:
        found = None
    if found and found["diet"].lower() in ("teetotal", "sober"):
        return [Found("drink_habit", "", "no alcohol")]
    return one("diet", "", found["diet"]) if found else []


def _much_eaten(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    much = re.match(r"(?i)(?:a lot of|lots of|loads of|tons of|too much|so much|mostly|mainly)\s", frame.rest)
    return [Found("likes_food", "", item) for item in things(frame.rest)] if much and frame.verb == "eat" else []


def _drinks(rest: str) -> list[Found]:
    if re.match(r"(?i)(?:and drive|like a fish|to|it|this|that|socially|sometimes|$)", rest):
        return [Found("drink_habit", "", "socially")] if rest.lower().startswith("socially") else []
    value = thing(
        re.sub(
            (
                r"(?i)^(?:way |far )?(?:too much|a lot of|lots of|loads of|so much|gallons of|my|nothing but|"
                r"only|mostly|"
                r"mainly|about|around) "
            ),
            "",
            without_times(re.sub(r"(?i)\b(?:a|per|every|each) day\b.*", "", rest)),
        ),
        6,
    )
    return [Found("drink_habit", "", value)] if value else []


_ONLY = re.compile(r"(?i),?\s*(?:but |and )?(?:only|just)\s+(?P<kept>.+)$")
"""What somebody keeps to after what they leave out: "I do not drink coffee, only black tea"."""


def _avoided(scene: Scene) -> list[Found]:
    """What a clause says somebody does not eat or drink, and what they keep to instead."""
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    kept = _ONLY.search(rest)
    if kept is None or kept.start() == 0:
        return _left_out(frame, rest)
    instead = things(kept["kept"]) if frame.verb == "drink" else []
    return _left_out(frame, rest[: kept.start()]) + [Found("drink_habit", "", one) for one in instead[:1]]


def _left_out(frame: Frame, rest: str) -> list[Found]:
    if frame.modal in ("will", "would", "could", "should", "might"):
        return []
    if frame.verb in ("drink", "touch") and re.match(
        r"(?i)(?:(?:any )?(?:alcohol|booze)|a drop|at all|these days|now|$|since)", rest
    ):
        return [Found("drink_habit", "", "no alcohol")]
    if frame.verb in ("eat", "have", "do", "touch", "drink", "take", "digest", "tolerate", "process"):
        foods = things(re.sub(r"(?i)^(?:any|much|really|anything with|food with|anything containing) ", "", rest))
        sure = frame.verb in ("eat", "digest") or (
            frame.modal == "can" and frame.verb in ("have", "drink", "do", "tolerate", "process")
        )
        edible = [one for one in foods if category_by_words(one) in ("food", "drink", "animal")]
        if frame.verb in ("do", "have", "touch", "take", "drink") and not (
            frame.modal == "can" or frame.verb in ("do", "touch", "drink")
        ):
            return []
        kept = (
            foods
            if frame.verb == "eat"
            and foods
            and not re.match(
                r"(?i)(?:out|at|before|after|in|on|with|much|enough|well|late|early|breakfast|lunch|dinner)\b", rest
            )
            else edible
        )
        if frame.verb == "eat" and re.match(r"(?i)breakfast\b", rest):
            return [Found("breakfast", "", "nothing")]
        return [Found("avoid_food", "", one) for one in (kept if sure or edible else [])]
    if frame.verb == "smoke" and not rest:
        return []
    return []
