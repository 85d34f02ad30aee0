"""Changed minds: what a clause says is over, and what took its place."""

import re
from dataclasses import dataclass

from imprint.detect.frames import Frame
from imprint.detect.verbs import gerund
from imprint.detect.words import words
from imprint.study.found import Scene
from imprint.study.lexicon import ANIMALS
from imprint.study.spans import thing, things
from imprint.study.topics import head_noun


@dataclass(frozen=True)
class Ended:
    """Something that holds no longer: facts about one of `what`, or every fact of `kinds` when `what` is empty."""

    what: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    """Only these kinds; empty = every kind that can end."""
    instead: str = ""
    """What took its place ("tea" in "it's tea now"); takes over kind and topic of what ended."""
    soured: bool = False
    """"gone off", "don't like any more": what was liked is disliked now."""


_WORK = ("work", "employer", "workplace_detail", "boss", "commute")
_LIKES = tuple(
    f"likes_{c}" for c in words("food drink music film book sport game place weather animal activity style thing")
)
_DISLIKES = tuple(f"dis{kind}" for kind in _LIKES)
_TASTE = (*_LIKES, "favourite", "prefers")
_KINDS_OF_VERB: dict[str, tuple[str, ...]] = {
    "live": ("home", "dwelling", "neighbour"),
    "rent": ("home", "dwelling"),
    "work": _WORK,
    "teach": _WORK,
    "drive": ("vehicle", "commute", "work"),
    "ride": ("possession", "vehicle", "sport", "hobby"),
    "eat": ("diet", "likes_food", "avoid_food", "breakfast", "favourite"),
    "drink": ("drink_habit", "likes_drink", "favourite"),
    "smoke": ("habit",),
    "play": ("sport", "instrument", "hobby", "likes_game", "weekly", "habit", "team"),
    "support": ("team",),
    "speak": ("language",),
    "collect": ("collection",),
    "study": ("studies", "school"),
    "learn": ("learning",),
    "have": ("pet_kind", "pet_name", "pet_breed", "vehicle", "possession", "phone", "computer", "allergy", "health"),
    "own": ("vehicle", "possession", "phone", "computer", "pet_kind", "pet_name"),
    "like": (*_TASTE, "hobby"),
    "love": (*_TASTE, "hobby"),
    "enjoy": (*_TASTE, "hobby"),
    "hate": _DISLIKES,
    "dislike": _DISLIKES,
    "fear": ("fear",),
    "sell": ("vehicle", "possession", "phone", "computer", "dwelling"),
    "go": ("habit", "weekly", "hobby", "sport", "religion", "plan_trip", "plan_trip_time"),
    "date": ("partner",),
    "see": ("partner",),
}
_PETS = ("pet_kind", "pet_name", "pet_breed")
_ONCE_ONLY = ("name", "birthday", "origin", "age", "memory_event", "about")
_GONE_OFF = re.compile(r"(?i)^off\s+(?P<what>.+)")
_GAVE_UP = re.compile(r"(?i)^up(?: on)?\s+(?P<what>.+)|^(?P<end>.+) up$")
_FROM_TO = re.compile(
    r"(?i)^(?:(?:over|my \w+|our \w+|careers?|jobs?|allegiance|teams?|schools?) )?from\s+(?P<old>.+?)\s+(?:to|into|"
    r"over to|for)\s+(?P<new>.+)"
)
_FOR = re.compile(r"(?i)^(?:out |in )?(?P<old>.+?)\s+(?:for|with|to|in for)\s+(?P<new>.+)")
_SWITCHED_TO = re.compile(r"(?i)^(?:over )?(?:to|onto)\s+(?P<new>.+?)(?:\s+(?:from|instead of)\s+(?P<old>.+))?$")
_NOW = re.compile(
    r"(?i)^(?:so |and )?it is (?:all |only |just |mostly )?(?P<new>.+?) (?:now|these days|nowadays|instead|"
    r"from now on)(?: for me)?$|^(?P<only>[\w ]{2,30}?) (?:only )?(?:now|instead)$"
)
_SPLIT_UP = re.compile(r"(?i)^(?:up with|up)\b")
_GONE = re.compile(
    r"(?i)^(?P<who>my|our) (?P<what>(?:[\w-]+ ){0,2}?[\w-]+)(?: [A-Z]\w+)? (?:has |just |sadly |recently )*(?:died|"
    r"passed away|passed|was put (?:down|to sleep)|got stolen|was stolen|has been stolen|ran away)\b"
)
_CALLED_OFF = re.compile(
    r"(?i)^(?:the|my|our) (?P<what>[\w ]+?) (?:is|has been|was|got|got) (?:off|cancelled|canceled|called off|"
    r"not happening)\b"
)


_PLANS = ("plan_trip", "plan_trip_time", "plan_event", "plan_event_time")
_SACKED = re.compile(r"(?i)(?:made redundant|laid off|let go|fired|sacked|unemployed|between jobs)\b")


def ended(scene: Scene) -> list[Ended]:
    """What a clause takes back. Facts it states are found by the other patterns."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        who = scene.people.relation_of(frame.subject)
        died = frame.verb == "die" or (frame.verb == "pass" and frame.past)
        return [Ended((who,), _PETS)] if who in ANIMALS and died else _of_others(clause.text)
    if frame.ended:
        return _over(frame.verb, frame.rest, frame.past and not frame.negative)
    if frame.modal:
        return []
    for read in (_dropped, _parted, _job_over):
        out = read(frame)
        if out:
            return out
    if frame.verb in ("switch", "swap", "change", "trade", "replace", "convert", "move", "upgrade", "exchange"):
        return _swapped(frame.verb, frame.rest)
    return _denied(frame.verb, frame.rest, frame.negative, clause.text)


def _dropped(frame: Frame) -> list[Ended]:
    """ "Gone off coffee", "gave up meat", "stopped smoking", "cut out sugar", "cancelled the trip"."""
    rest = frame.rest
    off, up = _GONE_OFF.match(rest), _GAVE_UP.match(rest)
    if frame.verb == "go" and off:
        kinds = (*_LIKES, "drink_habit", "favourite", "breakfast", "hobby", "prefers")
        return [Ended(tuple(things(off["what"])), kinds, soured=True)]
    if frame.verb == "give" and up:
        return [_gave_up(up["what"] or up["end"])]
    if frame.verb in ("quit", "stop", "drop", "ditch") and rest and not frame.negative:
        if re.match(r"(?i)my job|the job|work(?:ing)?\b|teaching$", rest):
            return [Ended((), _WORK)]
        return [_gave_up(rest)] if frame.verb != "stop" or re.match(r"(?i)\w+ing\b|out of\b", rest) else []
    out = re.match(r"(?i)out (?P<what>.+)|(?P<w>.+) out$", rest)
    if frame.verb == "cut" and out:
        return [Ended(tuple(things(out["what"] or out["w"])), (*_LIKES, "drink_habit", "breakfast"))]
    return [Ended(_with_head(rest), _PLANS)] if frame.verb == "cancel" else []


def _parted(frame: Frame) -> list[Ended]:
    """ "Sold my bike", "got rid of the car", "we broke up"."""
    split = frame.verb in ("break", "split") and _SPLIT_UP.match(frame.rest)
    if (
        split
        or frame.verb in ("divorce", "separate")
        or (frame.verb == "get" and re.match(r"(?i)divorced\b", frame.rest))
    ):
        return [Ended((), ("partner",))]
    sold = re.match(r"(?i)(?P<rid>rid of )?(?:my|our|the) (?P<what>.+)", frame.rest)
    gone = frame.verb == "sell" or (frame.verb == "get" and sold and sold["rid"])
    return [Ended(_with_head(sold["what"]), _KINDS_OF_VERB["sell"])] if sold and gone else []


def _job_over(frame: Frame) -> list[Ended]:
    rest = frame.rest
    sacked = frame.verb == "be" and _SACKED.match(rest)
    lost = frame.verb in ("lose", "leave") and re.match(r"(?i)my job\b|work$", rest)
    if sacked or lost or (frame.verb == "retire" and frame.past):
        return [Ended((), _WORK)]
    if frame.verb != "leave" or not rest:
        return []
    return [Ended(tuple(things(re.split(r"(?i)\s(?:for|to)\s", rest)[0])), (*_WORK, "school", "home", "religion"))]


def _denied(verb: str, rest: str, negative: bool, text: str) -> list[Ended]:
    if negative and verb == "be" and (allergic := re.match(r"(?i)(?:actually )?allergic to (?P<what>.+)", rest)):
        return [Ended(tuple(things(allergic["what"])), ("allergy",))]
    if (
        not negative
        and verb == "eat"
        and re.search(r"(?i)\bagain\b", rest)
        or verb in ("start", "go")
        and re.match(r"(?i)(?:back to )?eating (?:meat|fish|dairy|everything)\b", rest)
    ):
        return [Ended((), ("diet", "avoid_food"))]
    if negative and verb == "go" and re.match(r"(?i)to\s", rest) and re.search(r"(?i)after all|instead", text):
        return [Ended(tuple(things(rest[3:])), ("plan_trip", "plan_trip_time"))]
    return []


def _with_head(text: str) -> tuple[str, ...]:
    found = things(re.sub(r"(?i)^(?:my|our|the) ", "", text))
    return tuple(dict.fromkeys([*found, *(head_noun(one) for one in found)]))


def _over(verb: str, rest: str, used_to: bool) -> list[Ended]:
    rest = re.sub(r"(?i)^(?:as|at|for|in|on|to|with|from|into|an?|the)\s+", "", rest)
    rest = re.sub(r"(?i)^(?:an?|the|my|our)\s+", "", rest)
    what = tuple(things(rest)) or ((rest,) if rest else ())
    kinds = _KINDS_OF_VERB.get(verb, ())
    if not what:
        return (
            [Ended((), _WORK)]
            if verb == "work"
            else [Ended((), ("drink_habit",))]
            if verb == "drink"
            else [Ended(("smoking",))]
            if verb == "smoke"
            else [Ended((gerund(verb),))]
            if verb
            else []
        )
    if verb in ("go", "do"):
        return [Ended(what, (*_KINDS_OF_VERB["go"], "learning"))]
    if verb == "have":
        what = tuple(dict.fromkeys([*what, *(head_noun(one) for one in what)]))
    return [Ended(what, kinds, soured=verb in ("like", "love", "enjoy") and not used_to)]


def _gave_up(text: str) -> Ended:
    bare = re.sub(
        (
            r"(?i)^(?:on )?(?:being (?:an? )?|eating |drinking |playing (?:the )?|going to (?:the )?|doing |having |"
            r"using |taking |my |the |out of )"
        ),
        "",
        text,
    )
    kinds = _KINDS_OF_VERB.get(
        {"eating": "eat", "drinking": "drink", "playing": "play"}.get(text.split()[0].lower(), ""), ()
    )
    return Ended(tuple(dict.fromkeys([*things(bare), *things(text)])), kinds)


def _swapped(verb: str, rest: str) -> list[Ended]:
    if verb == "change" and re.match(r"(?i)(?:my )?(?:jobs?|careers?|employers?)\b", rest):
        return [Ended((), _WORK)]
    found = _FROM_TO.match(rest)
    if found is None and verb in ("swap", "trade", "replace", "exchange", "change", "convert"):
        found = _FOR.match(rest)
    if found and verb != "move":
        old = thing(found["old"], 4, stop=False)
        return [Ended(tuple(dict.fromkeys((old, head_noun(old)))), (), thing(found["new"], 4))] if old else []
    if verb == "move" and found:
        return []
    to = _SWITCHED_TO.match(rest)
    if to and verb in ("switch", "swap", "upgrade", "change"):
        old = thing(to["old"] or "", 4)
        return (
            [Ended((old,), (), thing(to["new"], 4))] if old else [Ended(("",), ("drink_habit",), thing(to["new"], 4))]
        )
    return []


def _of_others(text: str) -> list[Ended]:
    now = _NOW.match(text)
    if now:
        new = thing(now["new"] or now["only"] or "", 4)
        return [Ended(("",), (), new)] if new else []
    gone = _GONE.match(text)
    if gone:
        noun = gone["what"].lower().split()[-1]
        return [
            Ended(
                (noun,),
                (
                    "pet_kind",
                    "pet_name",
                    "pet_breed",
                    "vehicle",
                    "possession",
                    "phone",
                    "computer",
                    "relative_home",
                    "relative_work",
                ),
            )
        ]
    off = _CALLED_OFF.match(text)
    if off:
        return [Ended(_with_head(off["what"]), ("plan_event", "plan_event_time", "plan_trip", "plan_trip_time"))]
    return []


_GENERIC = {
    "car": ("vehicle",),
    "van": ("vehicle",),
    "motorbike": ("vehicle",),
    "truck": ("vehicle",),
    "phone": ("phone",),
    "laptop": ("computer",),
    "computer": ("computer",),
    "mac": ("computer",),
    "job": _WORK,
    "house": ("dwelling",),
    "flat": ("dwelling",),
    "boat": ("dwelling",),
    "holiday": ("plan_trip", "plan_trip_time"),
    "trip": ("plan_trip", "plan_trip_time"),
    "flights": ("plan_trip", "plan_trip_time"),
    "alcohol": ("drink_habit", "likes_drink"),
    "drinking": ("drink_habit", "likes_drink"),
}
_SMALL = frozenset(words("a an the my your our of in at on to for with and or some any no not"))


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[\w'-]+", text.lower()) if word not in _SMALL}


def matches(over: Ended, kind: str, about: str, value: str) -> bool:
    """Whether a fact is what `over` says is over."""
    if kind in _ONCE_ONLY or (over.kinds and kind not in over.kinds):
        return False
    if not over.what:
        return True
    told = _words(value)
    for what in over.what:
        said = _words(what)
        if kind in _GENERIC.get(what.lower(), ()):
            return True
        if said and (said <= told or (told and told <= said) or said == _words(about)):
            return True
    return False
