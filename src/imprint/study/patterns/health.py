"""Allergies, diets, conditions, fears and faith, said as "I am ..." or "I have ..."."""

import re

from imprint.study.found import Found, Scene
from imprint.study.lexicon import DIETS, HEALTH, HEALTH_ADJECTIVES, LANGUAGES, RELIGIONS
from imprint.study.spans import thing, things

_ALLERGIC = re.compile(r"(?i)^(?:\w+ )?(?:allergic|intolerant) to (?P<what>.+)")
_INTOLERANT = re.compile(r"(?i)^(?P<what>[\w ]{3,20}?)[- ]intolerant\b")
_AFRAID = re.compile(
    r"(?i)^(?:\w+ly |a bit |so |really |absolutely |dead )*(?:afraid|scared(?: stiff| to death)?|terrified|"
    r"frightened|petrified|phobic|deathly afraid) (?:of|about) (?P<what>.+)"
)


def _allergies(text: str) -> list[Found]:
    return [Found("allergy", "", one) for one in things(text)]


def body(rest: str, scene: Scene) -> list[Found]:
    out: list[Found] = []
    allergic = _ALLERGIC.match(rest)
    if allergic:
        return _allergies(allergic["what"])
    intolerant = _INTOLERANT.match(rest)
    if intolerant:
        return [Found("allergy", "", thing(intolerant["what"]) or intolerant["what"])]
    low = rest.lower()
    diet = _diet_in(low)
    if diet:
        out.append(Found("diet", "", diet))
    if re.match(r"(?i)(?:teetotal|tee-total|sober|a teetotaller|on the wagon)\b", rest):
        return [Found("drink_habit", "", "no alcohol")]
    ill = re.match(r"(?i)(?:living|diagnosed|born) with (?P<what>.+)", rest)
    if ill and thing(ill["what"]):
        return [Found("health", "", thing(ill["what"]))]
    for adjective in sorted(HEALTH_ADJECTIVES, key=lambda word: (-len(word), word)):
        if re.match(rf"(?i)(?:quite |severely |slightly |a bit |very |registered )?{re.escape(adjective)}\b", rest):
            at = low.index(adjective)
            extra = re.match(r" in (?:my|one|both) \w+(?: \w+)?", rest[at + len(adjective) :])
            value = rest[at : at + len(adjective)] + (extra[0].replace(" my ", " your ") if extra else "")
            out.append(Found("health", "", re.sub(r"^an? ", "", value)))
            break
    afraid = _AFRAID.match(rest)
    if afraid:
        out += [Found("fear", "", one) for one in things(afraid["what"])]
    return out


def _diet_in(low: str) -> str:
    bare = re.sub(
        (
            r"^(?:(?:a|an|mostly|fully|strictly|strict|completely|lifelong|on a|on the|100%|ethical|about|nearly|"
            r"full-time|pretty|committed|been|going|trying to be|now|eating) )+"
        ),
        "",
        low,
    )
    for diet in sorted(DIETS, key=lambda word: (-len(word), word)):
        if re.match(
            (
                rf"{re.escape(diet)}(?=$|[,.;]| (?:since|for|so|and|now|but|diet|these|because|who|by|at|on|in|from|"
                rf"person|eater|again|though|myself|as|here|ish|household|family|too|all|most|during|when)\b)"
            ),
            bare,
        ):
            return diet
    return ""


def belief(rest: str, scene: Scene) -> list[Found]:
    low = re.sub(
        (
            r"^(?:(?:an?|practising|practicing|devout|lapsed|raised|proud|non-practising|committed|born-again|"
            r"orthodox(?= jew)|roman(?= catholic)|greek(?= orthodox)) )*"
        ),
        "",
        rest.lower(),
    )
    for faith in sorted(RELIGIONS, key=lambda word: (-len(word), word)):
        if re.match(rf"{re.escape(faith)}(?:$|[,.;]| (?:and|so|but|by|since|like|too|now|myself)\b)", low):
            said = rest[len(rest) - len(low) :][: len(faith)]
            return [Found("religion", "", said)]
    tongue = re.match(
        (
            r"(?i)(?:fluent in|bilingual in|bilingual,?|a native speaker of|trilingual:?,?|a native|"
            r"conversational in) (?P<what>.+?)(?: speaker)?$"
        ),
        rest,
    )
    if tongue:
        return [Found("language", "", one) for one in things(tongue["what"]) if one.lower() in LANGUAGES]
    return []


def condition(text: str) -> list[Found]:
    """health facts of "have asthma", "suffer from migraines"."""
    low = text.lower()
    bare = re.sub(
        r"^(?:really |quite |very |mild |severe |bad |chronic |terrible |awful |a bit of |got |some |occasional )+",
        "",
        low,
    )
    for known in sorted(HEALTH, key=lambda word: (-len(word), word)):
        if re.match(
            (
                rf"{re.escape(known)}(?=$|[,.;]| (?:and|so|in|since|which|that|from|but|now|on|for|when|as|too|"
                rf"because)\b)"
            ),
            bare,
        ):
            at = low.index(known)
            value = re.sub(r"(?i)^an? ", "", text[at : at + len(known)])
            more = re.match(r"(?i)(?:,| and) (?P<more>.+)", text[at + len(known) :])
            return [Found("health", "", value)] + (condition(more["more"]) if more else [])
    return []
