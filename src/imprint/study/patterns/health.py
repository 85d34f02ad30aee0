"""Allergies, diets, conditions, fears and faith, said as "I am ..." or "I have ..."."""

import re

from imprint.detect.words import either
from imprint.study.found import Found, Scene, one
from imprint.study.lexicon import DIETS, HEALTH, HEALTH_ADJECTIVES, LANGUAGES, RELIGIONS
from imprint.study.spans import thing, things

_ALLERGIC = re.compile(r"(?i)^(?:\w+ )?(?:allergic|intolerant) to (?P<what>.+)")
_INTOLERANT = re.compile(r"(?i)^(?P<what>[\w ]{3,20}?)[- ]intolerant\b")
_AFRAID = re.compile(
    r"(?i)^(?:\w+ly |a bit |so |really |absolutely |dead )*(?:afraid|scared(?: stiff| to death)?|terrified|"
    r"frightened|petrified|phobic|deathly afraid) (?:of|about) (?P<what>.+)"
)


_DIET = re.compile(
    r"(?:(?:a|an|mostly|fully|strictly|strict|completely|lifelong|on a|on the|100%|ethical|about|nearly|"
    r"full-time|pretty|committed|been|going|trying to be|now|eating) )*"
    rf"(?P<diet>{either(DIETS)})"
    r"(?=$|[,.;]| (?:since|for|so|and|now|but|diet|these|because|who|by|at|on|in|from|person|eater|again|though|"
    r"myself|as|here|ish|household|family|too|all|most|during|when)\b)"
)
_FAITH = re.compile(
    r"(?i)(?:(?:an?|practising|practicing|devout|lapsed|raised|proud|non-practising|committed|born-again|"
    r"orthodox(?= jew)|roman(?= catholic)|greek(?= orthodox)) )*"
    rf"(?P<faith>{either(RELIGIONS)})(?:$|[,.;]| (?:and|so|but|by|since|like|too|now|myself)\b)"
)
_FLUENT = re.compile(
    r"(?i)(?:fluent in|bilingual in|bilingual,?|a native speaker of|trilingual:?,?|a native|"
    r"conversational in) (?P<what>.+?)(?: speaker)?$"
)
_ILLNESS = re.compile(
    r"(?i)(?:really |quite |very |mild |severe |bad |chronic |terrible |awful |a bit of |got |some |occasional )*"
    rf"(?P<ill>{either(HEALTH)}|(?:an? )?(?:bad|dodgy|bum|gammy|weak|frozen|dicky|trick) (?:back|knees?|hips?|"
    rf"shoulders?|ankles?|wrists?|neck|heart|eye))(?=$|[,.;]| (?:and|so|in|since|which|that|from|but|now|on|for|"
    rf"when|as|too|because)\b)"
)
_STATE = re.compile(
    rf"(?i)(?:quite |severely |slightly |a bit |very |registered )?(?P<state>{either(HEALTH_ADJECTIVES)})\b"
)


def _allergies(text: str) -> list[Found]:
    return [Found("allergy", "", one) for one in things(text)]


def body(rest: str, scene: Scene) -> list[Found]:
    """allergy, diet, health and fear of "I am ..."."""
    allergic, intolerant = _ALLERGIC.match(rest), _INTOLERANT.match(rest)
    if allergic:
        return _allergies(allergic["what"])
    if intolerant:
        return [Found("allergy", "", thing(intolerant["what"]) or intolerant["what"])]
    if re.match(r"(?i)(?:teetotal|tee-total|sober|a teetotaller|on the wagon)\b", rest):
        return [Found("drink_habit", "", "no alcohol")]
    out = one("diet", "", _diet_in(rest.lower()))
    ill = re.match(r"(?i)(?:living|diagnosed|born) with (?P<what>.+)", rest)
    if ill:
        out += one("health", "", thing(ill["what"]))
    state = _STATE.match(rest)
    if state:
        where = re.match(r" in (?:my|one|both) \w+(?: \w+)?", rest[state.end() :])
        value = re.sub(r"^an? ", "", state["state"]) + (where[0].replace(" my ", " your ") if where else "")
        out.append(Found("health", "", value))
    afraid = _AFRAID.match(rest)
    return out + ([Found("fear", "", item) for item in things(afraid["what"])] if afraid else [])


def _diet_in(low: str) -> str:
    found = _DIET.match(low)
    return found["diet"] if found else ""


def belief(rest: str, scene: Scene) -> list[Found]:
    """religion, and languages somebody is fluent in."""
    faith = _FAITH.match(rest)
    if faith:
        return [Found("religion", "", faith["faith"])]
    tongue = _FLUENT.match(rest)
    return (
        [Found("language", "", item) for item in things(tongue["what"]) if item.lower() in LANGUAGES] if tongue else []
    )


def condition(text: str) -> list[Found]:
    """health facts of "have asthma", "suffer from migraines"."""
    found = _ILLNESS.match(text)
    if not found:
        return []
    more = re.match(r"(?i)(?:,| and) (?P<more>.+)", text[found.end() :])
    return [Found("health", "", re.sub(r"(?i)^an? ", "", found["ill"])), *(condition(more["more"]) if more else [])]
