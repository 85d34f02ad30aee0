"""What the user has, drives, rides and uses."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, first_of, one
from imprint.study.patterns.health import condition
from imprint.study.patterns.pets import owned_list
from imprint.study.patterns.things import sort_of
from imprint.study.spans import thing, things

_FEAR = re.compile(
    r"(?i)^(?:an? )?(?:(?:real|big|huge|terrible|massive|irrational|deep|mild|bit of a|serious|major) )*(?:fear|"
    r"phobia|terror|horror|dread) (?:of|about) (?P<what>.+)"
)
_ALLERGY = re.compile(
    r"(?i)^(?:an? )?(?:(?:bad|severe|serious|mild|nasty|really bad|terrible|slight|"
    r"life-threatening) )*(?:(?P<what>[\w -]+?) allergy|allerg(?:y|ies) to (?P<to>.+)|intolerance to (?P<into>.+)|"
    r"(?P<in>\w+) intolerance)(?=$|[,. ])"
)
_OWN_VERBS = frozenset(words("have own keep get adopt buy rescue foster raise inherit breed use ride drive rent lease"))


_AT_A_SCREEN = frozenset(words("code work write type program game edit draw design"))
_TOO_PLAIN = frozenset(words("car van manual automatic laptop computer phone pc desktop smartphone"))
_GETS_ELSE = re.compile(r"(?i)(?:up|to|into|out|on|off|back|home|rid|it|that|this|married|the (?:bus|train))\b")
_ON_THE_ROAD = re.compile(
    r"(?i)(?:to|into|home|back|for|my (?:kids|son|daughter|mum)|past|through|around|him|her|them|everywhere|it|"
    r"too|very|there|up|down|on|along)\b"
)
_BUS = re.compile(
    r"(?i)(?:an?|the|school|tour|local|delivery) (?P<what>(?:[\w-]+ )?(?:bus|taxi|cab|lorry|truck|van|tram|train|"
    r"ambulance|hgv|digger|forklift|crane|minibus|bin lorry|tube train))s?\b(?: (?:for|at) (?P<at>[^,]+))?"
)
_ALWAYS_WORK = re.compile(r"(?i)\b(?:bus|taxi|cab|lorry|tram|train|ambulance|hgv|forklift)$")
_OLD_NEW = re.compile(
    r"(?i)^(?:an?|my|the|our) (?:(?:battered|trusty|tiny|little|second-hand|clapped-out|rusty|beat-up|beaten-up|"
    r"ancient|very old|old|knackered|new|brand[- ]new|used) )*"
)


def possessions(scene: Scene) -> list[Found]:
    """Facts of "I have / own / drive / keep / bought ..."."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return _mine_is(scene)
    if frame.negative or frame.ended or frame.modal or not frame.rest:
        return []
    out = first_of((_works_on, _decided), scene)
    if out or frame.verb not in _OWN_VERBS:
        return out
    had = frame.past and not frame.perfect and frame.verb in ("have", "own", "keep", "use", "drive", "ride", "rent")
    if had or (frame.doing and frame.verb not in ("foster", "drive", "use", "rent")):
        return []
    if frame.verb == "get" and _GETS_ELSE.match(frame.rest):
        return []
    if frame.verb in ("drive", "rent", "lease"):
        return _bus(frame.rest, frame.verb) or _drives(frame.verb, frame.rest)
    if frame.verb in ("ride", "use"):
        return _rides_or_uses(frame.verb, frame.rest)
    return (first_of((_has_trouble, _season_ticket), scene) if frame.verb in ("have", "get") else []) or owned_list(
        frame.rest, scene
    )


def _works_on(scene: Scene) -> list[Found]:
    """ "I code on a ThinkPad"."""
    frame = scene.clause.frame
    found = (
        re.match(r"(?i)on (?:an?|my) (?P<what>.+)", frame.rest)
        if frame.verb in _AT_A_SCREEN and not frame.past
        else None
    )
    return (
        _named(thing(re.split(r"(?i) (?:running|with|from|that|which) ", found["what"])[0], 4), ("computer",))
        if found
        else []
    )


def _decided(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    found = (
        re.match(r"(?i)to (?:get|adopt|rescue|foster) (?P<what>an? .+)", frame.rest) if frame.verb == "decide" else None
    )
    return [fact for fact in owned_list(found["what"], scene) if fact.kind.startswith("pet_")] if found else []


def _has_trouble(scene: Scene) -> list[Found]:
    """ "I have a nut allergy / a fear of lifts / asthma"."""
    rest = scene.clause.frame.rest
    allergic, afraid = _ALLERGY.match(rest), _FEAR.match(rest)
    if allergic:
        return [Found("allergy", "", item) for item in things(next(group for group in allergic.groups() if group))]
    return [Found("fear", "", item) for item in things(afraid["what"])] if afraid else condition(rest)


def _season_ticket(scene: Scene) -> list[Found]:
    rest = scene.clause.frame.rest
    ticket = re.match(r"(?i)an? season ticket (?:at|for|to) (?P<team>.+)", rest)
    collected = re.match(r"(?i)(?:an? )?(?:\w+ )?collection of (?P<what>.+)", rest)
    if ticket:
        return one("team", "", thing(ticket["team"], 3))
    return one("collection", "", thing(collected["what"])) if collected else []


def _named(value: str, kinds: tuple[str, ...]) -> list[Found]:
    """The value as a vehicle, phone or computer, if it names one closer than "car" or "laptop"."""
    kind = sort_of(value.lower())[0] if value else ""
    return [Found(kind, "", value)] if kind in kinds and value.lower() not in _TOO_PLAIN else []


def _bus(rest: str, verb: str) -> list[Found]:
    """ "I drive a bus for First": a job, not a car."""
    found = _BUS.match(rest) if verb == "drive" else None
    if not found or not (found["at"] or _ALWAYS_WORK.search(found["what"])):
        return []
    who = thing(found["at"], 4) if found["at"] and "living" not in found["at"] else ""
    return [Found("work", "", f"driving a {found['what']}"), *one("employer", "", who)]


def _drives(verb: str, rest: str) -> list[Found]:
    bare = "" if _ON_THE_ROAD.match(rest) else thing(_OLD_NEW.sub("", rest), 4)
    if not bare or bare.lower() in _TOO_PLAIN:
        return []
    owned = verb == "drive" and re.match(r"(?i)(?:an?|my|the|our)\s", rest)
    return [Found("vehicle", "", bare)] if sort_of(bare.lower())[0] == "vehicle" or owned else []


def _rides_or_uses(verb: str, rest: str) -> list[Found]:
    bare = thing(_OLD_NEW.sub("", rest), 4)
    if verb == "use":
        return _named(bare, ("phone", "computer"))
    if re.match(r"(?i)(?:horses|ponies)\b", rest):
        return [Found("sport", "", "horse riding")]
    if bare and sort_of(bare.lower())[0] == "bike":
        return [Found("possession", "bike", bare)] if bare.lower() not in ("bike", "bicycle") else []
    return _named(bare, ("vehicle",))


_MINE_IS = re.compile(
    r"(?i)^(?:my|our) (?:(?:new|old|current|main|trusty|work|home|first|daily|own|beloved|"
    r"gaming) )*(?P<what>[\w-]+(?: [\w-]+)?) (?:is|are) (?:still |now |just |actually |"
    r"basically )?(?P<value>(?:an?|the|my|all|bright|dark|light|mostly|called|from|made)?\s*.+)"
)


def _mine_is(scene: Scene) -> list[Found]:
    """ "My car is a blue Polo", "my phone's a Pixel"."""
    found = _MINE_IS.match(scene.clause.text)
    if (
        not found
        or scene.clause.frame.negative
        or scene.clause.frame.past
        or scene.clause.frame.ended
        or scene.clause.frame.modal
    ):
        return []
    what = found["what"].lower()
    value = found["value"]
    if re.match(
        (
            r"(?i)(?:my|our|broken|in|at|not|so|too|very|really|playing|making|being|getting|running|due|out|"
            r"stolen|gone|"
            r"dead|dying|acting|on|off|slow|fine|great|good|bad|awful|giving|late|here|there|back|full|empty|"
            r"dirty|ready|"
            r"lost|missing|frozen|stuck|cracked|old|new|\w+ing\b)\b"
        ),
        value,
    ):
        return []
    kind, about = sort_of(what)
    if not kind:
        return []
    short = thing(
        re.sub(r"(?i)^(?:called|an? (?:old|new|battered|second-hand|little|very old) (?=[A-Z])) ?", "", value), 5
    )
    if not short:
        return []
    if kind in ("vehicle", "phone", "computer") and what not in ("bike",):
        return (
            [Found(kind, "", short)]
            if sort_of(short.lower())[0] == kind or re.search(r"[A-Z]", short)
            else [Found("possession", about, short)]
        )
    return [Found("possession", "bike" if kind == "bike" else about, short)]
