"""Sports, music, hobbies, teams, collections and languages."""

import re

from imprint.detect.verbs import gerund, is_doing
from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.lexicon import (
    CLUBS,
    HOBBIES,
    INSTRUMENTS,
    LANGUAGES,
    SPORTS,
)
from imprint.study.patterns.health import condition
from imprint.study.patterns.likes import team_of
from imprint.study.patterns.routine import ACTIVE, lessons, routine
from imprint.study.patterns.times import is_habit
from imprint.study.spans import often, thing, things, without_times
from imprint.study.topics import category_by_words


def is_pastime(word: str) -> str:
    """ "sport" or "hobby" when the activity is a known one, else ""."""
    low = word.lower()
    return "sport" if low in SPORTS and low != "walking" else "hobby" if low in HOBBIES else ""


_FREE_TIME = re.compile(
    r"(?i)^(?:in my (?:spare|free) time|at (?:the )?weekends?|on weekends|outside (?:of )?work|for fun|to relax|"
    r"to unwind|when I (?:can|have time|am not working)|after work)\b"
)


_HOW_WELL = re.compile(
    r"(?i)\b(?:fluently|fluent|a little|some|a bit of|basic|broken|decent|good|bad|passable|rusty|native|both|"
    r"pretty|okay|at home|with my \w+)\s*"
)
_HOW_DONE = re.compile(
    r"(?i)^(?:(?:for|to|in|on|a bit of|some|a lot of|lots of|my own|the|a|an|my|out|loads of|competitive|amateur|"
    r"wild(?! swimming)|hot(?= yoga)) )+"
)
_TO_CHURCH = re.compile(
    r"(?i)to (?:the )?(?:church|mass|chapel|temple|mosque|synagogue|shul|quaker meeting|gurdwara)\b"
)
_TO_WORK = re.compile(r"(?i)\bto (?:work|the office|school|uni|college)\b")
_SOMEWHERE = re.compile(r"(?i)(?:the|a|an|this|my|to|into|out|over|it|like|for) ")
_FOR_ITSELF = re.compile(r"(?i)(?:a lot|to relax|for fun|my own|a bit|in a choir)")
_IN_A_CHOIR = re.compile(
    r"(?i)(?:in|with) (?:an?|the|my|our) (?P<what>(?:[\w-]+ ){0,3}?(?:choir|chorus|band|group|club|"
    r"barbershop quartet))\b"
)
_MAKING = frozenset(words("write knit bake paint draw sew brew carve cook dance restore build"))


def pastimes(scene: Scene) -> list[Found]:
    """sport, team, instrument, hobby, collection, language, learning, religion, habit and weekly."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return _hobby_is(clause.text)
    taught = lessons(scene)
    if taught or not is_habit(scene):
        return taught
    out = first_of((_speaks, _collects, _supports, _suffers), scene)
    if not out and frame.verb == "play":
        out = _plays(frame.rest, clause.cased)
    elif not out and frame.verb in ("listen", "watch", "read"):
        out = _consumes(scene)
    elif not out and frame.verb in ("wear", "dress"):
        out = _wears(scene)
    elif not out:
        out = _does(scene)
    return out + routine(scene, out)


def _speaks(scene: Scene) -> list[Found]:
    if scene.clause.frame.verb != "speak":
        return []
    spoken = things(_HOW_WELL.sub("", scene.clause.frame.rest))
    return [
        Found("language", "", tongue) for tongue in spoken if {tongue.lower(), tongue.split()[0].lower()} & LANGUAGES
    ]


def _collects(scene: Scene) -> list[Found]:
    rest = scene.clause.frame.rest
    if scene.clause.frame.verb != "collect" or re.match(r"(?i)(?:the|my|your|him|her|them|it) ", rest):
        return []
    return [Found("collection", "", item) for item in things(rest)]


def _supports(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb not in ("support", "follow", "root") or not frame.rest:
        return []
    sport = thing(frame.rest)
    if sport.lower() in SPORTS:
        return [Found("likes_sport", "", sport)]
    if frame.verb == "follow" and not re.match(r"(?:the )?[A-Z]", frame.rest):
        return []
    return one("team", "", team_of(re.sub(r"(?i)^for ", "", frame.rest), scene.clause.cased))


def _suffers(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb == "believe" and re.match(r"(?i)in god\b", frame.rest):
        return [Found("religion", "", "believing in God")]
    if frame.verb == "suffer":
        ill = re.sub(r"(?i)^(?:from|with) ", "", frame.rest)
        return condition(ill) or one("health", "", thing(ill))
    return condition(frame.rest[5:]) if frame.verb == "live" and frame.rest.lower().startswith("with ") else []


def _wears(scene: Scene) -> list[Found]:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    steady = re.match(r"(?i)(?:in|mostly|only|a lot of|lots of|nothing but)\b", rest)
    always = frame.verb == "wear" and re.search(r"(?i)\b(?:only|mostly|always)\b", scene.clause.text)
    if not (steady or always) or re.search(r"(?i)\b(?:today|tonight|mask|to the|to a)\b", rest):
        return []
    return one("likes_style", "", thing(re.sub(r"(?i)^(?:in|mostly|only|a lot of|always) ", "", rest), 5))


def _plays(rest: str, cased: bool) -> list[Found]:
    bare = re.sub(
        (
            r"(?i)^(?:(?:a bit of|some|a little|the|a|an|my|mostly|mainly|lots of|a lot of|both|too much|loads of|"
            r"competitive|amateur|sunday league|semi-pro|first|second|lead|old-time) )+"
        ),
        "",
        rest,
    )
    team = re.match(r"(?i)for (?P<team>.+)", rest)
    if team:
        who = thing(team["team"], 4)
        return [Found("team", "", who)] if who and re.search(r"[A-Z]", who) else []
    band = re.match(
        r"(?i)in (?:an?|the|my) (?P<what>(?:[\w-]+ ){0,3}?(?:band|orchestra|quartet|ensemble|group|league|team))\b",
        rest,
    )
    if band:
        return [Found("hobby", "", f"playing in a {band['what']}")]
    out: list[Found] = []
    bare = re.split(r"(?i) (?:at|in|for|with|on|against) ", bare)[0]
    for item in things(without_times(bare)):
        low = item.lower()
        kind = (
            "instrument"
            if low in INSTRUMENTS or low.split()[-1] in INSTRUMENTS
            else "sport"
            if low in SPORTS or low.split()[-1] in SPORTS
            else ""
        )
        if not kind:
            kind = (
                "hobby"
                if low in HOBBIES
                else "likes_game"
                if category_by_words(item) == "game" or re.search(r"[A-Z]|games?$", item)
                else ""
            )
        if kind and item:
            out.append(Found(kind, "", item))
    also = re.search(r"(?i)\b(?:in|with) (?:an?|the|my local) (?P<what>(?:[\w-]+ ){0,2}(?:band|orchestra))", rest)
    return out + ([Found("hobby", "", f"playing in a {also['what']}")] if also and out else [])


def _does(scene: Scene) -> list[Found]:
    """ "I do yoga", "I go climbing", "I swim", "in my spare time I knit"."""
    frame = scene.clause.frame
    regular = bool(often(f"{frame.rest} {frame.front}")) or bool(_FREE_TIME.match(frame.front))
    if frame.verb in ("do", "practise", "practice", "train", "take", "go", "make"):
        return _goes_and_does(scene, regular)
    return _active(scene, regular) if frame.verb in ACTIVE and frame.verb not in ("commute", "train") else []


def _goes_and_does(scene: Scene, regular: bool) -> list[Found]:
    frame, rest = scene.clause.frame, without_times(scene.clause.frame.rest)
    what = thing(_HOW_DONE.sub("", rest), 3)
    if not what or (frame.verb == "go" and _TO_CHURCH.match(rest)):
        return []
    first = what.split()[0]
    kind = is_pastime(what) or is_pastime(first)
    if kind:
        return [Found(kind, "", what if is_pastime(what) else first)]
    if (
        frame.verb == "go"
        and is_doing(first)
        and (regular or not frame.doing)
        and first.lower() not in ("shopping", "going")
    ):
        return [Found("hobby", "", what)]
    own = thing(rest[7:], 3) if frame.verb == "make" and rest.lower().startswith("my own ") else ""
    return one("hobby", "", f"making your own {own}" if own else "")


def _active(scene: Scene, regular: bool) -> list[Found]:
    frame, rest = scene.clause.frame, without_times(scene.clause.frame.rest)
    if (frame.doing and not frame.perfect and not regular) or _TO_WORK.search(frame.rest):
        return []
    if _SOMEWHERE.match(frame.rest) and not regular and not _FOR_ITSELF.match(frame.rest):
        return []
    done = gerund(frame.verb)
    choir = _IN_A_CHOIR.match(rest)
    if choir:
        return [Found("hobby", "", f"{done} in a {choir['what']}")]
    made = thing(rest, 3) if rest and frame.verb in _MAKING else ""
    if frame.verb in ("cook", "walk", "write") and not regular and not made:
        return []
    value = f"{done} {made}" if made and len(made.split()) <= 2 else done
    return [Found("sport" if is_pastime(done) == "sport" else "hobby", "", value)]


def _consumes(scene: Scene) -> list[Found]:
    """ "I listen to a lot of ska", "I mostly read crime novels"."""
    frame = scene.clause.frame
    rest = re.sub(r"(?i)^to ", "", frame.rest)
    regular = (
        re.match(
            (
                r"(?i)(?:a lot of|a great deal of|lots of|loads of|mostly|mainly|tons of|too much|only|"
                r"nothing but|so much|"
                r"anything by|everything by)\b"
            ),
            rest,
        )
        or re.search(r"(?i)\b(?:mostly|mainly|always|usually|only|often|still)\b", scene.clause.text)
        or often(rest + " " + frame.front)
        or frame.perfect
    )
    rest = re.sub(
        (
            r"(?i)^(?:(?:a lot of|lots of|loads of|a great deal of|mostly|mainly|tons of|too much|only|nothing but|"
            r"so much|anything by|everything by|anything|stuff by) )+"
        ),
        "",
        rest,
    )
    if (
        frame.doing
        and not frame.perfect
        and not regular
        or re.match(r"(?i)(?:the|this|that|it|him|her|your|my|you|a|an|me)\s", rest)
        and not regular
    ):
        return []
    found = things(without_times(rest))
    if not found or (frame.doing and not regular):
        return []
    out: list[Found] = []
    for item in found:
        category = scene.category(item, frame.verb)
        if frame.verb == "watch" and category == "sport":
            out.append(Found("likes_sport", "", item))
        elif item.lower() in CLUBS:
            out.append(Found("team", "", item))
        elif (
            category
            and category not in ("activity",)
            and item.lower() not in ("music", "books", "tv", "films", "podcasts", "radio")
        ):
            out.append(Found(f"likes_{category}", "", item))
        elif item.lower() in ("podcasts", "radio", "audiobooks"):
            out.append(Found("likes_thing", item.lower(), item))
    return out


_HOBBY_IS = re.compile(
    r"(?i)^(?:my|our) (?:main |biggest |favourite |big |new |only |other )*(?P<what>hobby|hobbies|pastimes?|"
    r"interests|sport|team|football team|club|first language|native language|mother tongue|second language|religion|"
    r"faith|instrument|diet|biggest fear|worst fear|phobia|greatest fear|biggest phobia|fear)(?: (?:include|includes|"
    r"is|are|has always been))(?: probably| definitely| mostly| mainly| still)? (?P<value>.+)"
)
_DAY_IS = re.compile(
    r"(?i)^(?P<day>mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)(?: (?:nights?|mornings?|"
    r"evenings?|afternoons?))? (?:is|are|means?|is for|are for) (?:always |usually |my |our |for |the |"
    r"reserved for )*(?P<what>.+)"
)
_TO_KIND = {
    "hobby": "hobby",
    "hobbies": "hobby",
    "pastime": "hobby",
    "pastimes": "hobby",
    "interests": "hobby",
    "sport": "sport",
    "team": "team",
    "football team": "team",
    "club": "team",
    "first language": "language",
    "native language": "language",
    "mother tongue": "language",
    "second language": "language",
    "religion": "religion",
    "faith": "religion",
    "instrument": "instrument",
    "diet": "diet",
}


def _hobby_is(text: str) -> list[Found]:
    found = _HOBBY_IS.match(text)
    if found:
        kind = _TO_KIND.get(found["what"].lower(), "fear")
        return [Found(kind, "", re.sub(r"(?i)^(?:of )", "", item)) for item in things(found["value"])]
    tongue = re.match(
        (
            r"(?i)^(?P<what>\w+(?: and \w+)?) (?:is|are) my (?:first|second|native|mother|home|main|"
            r"strongest) (?:languages?|tongue)"
        ),
        text,
    )
    if tongue:
        return [Found("language", "", item) for item in things(tongue["what"])]
    loyal = re.match(r"(?i)^(?:up the )?(?P<club>[\w ]{3,25}?) (?:till|until|til) I die", text)
    if loyal:
        return [Found("team", "", loyal["club"])]
    day = _DAY_IS.match(text)
    if day:
        what = thing(day["what"], 4)
        what = (
            f"have {what}"
            if re.search(r"(?i)\b(?:night|day|evening|practice|club|class|training|rehearsal)$", what)
            else what
        )
        named = day["day"].rstrip("s").capitalize()
        return (
            [Found("weekly", named, what)]
            if what
            and not re.match(
                r"(?i)(?:fine|ok|good|best|free|out|bad|perfect|great|when|busy|bank|christmas|not)\b", what
            )
            else []
        )
    return []
