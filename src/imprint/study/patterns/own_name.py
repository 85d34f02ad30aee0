"""The user's own name and nickname, and what an introduction adds to them."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene
from imprint.study.given_names import GIVEN_NAMES
from imprint.study.patterns.jobs import job_facts
from imprint.study.patterns.people import PEOPLE
from imprint.study.spans import name, place
from imprint.study.words import NOT_NAMES

_OWN_NAME = re.compile(
    r"(?i)^(?:(?:hi|hello|hey)[ ,]+)?(?:my (?:full |first |real |actual |given )?name is|I am called|I am named|"
    r"you can call me|please call me|just call me|call me|I go by|the name is|name is|this is|"
    r"it is)\s+(?P<name>.+)"
)
_NICKNAME = re.compile(
    r"(?i)^(?:(?:but )?(?:my (?:friends|mates|family|mum|mom|dad|colleagues|brother|sister|wife|husband|gran|"
    r"nan)|everyone|everybody|people|most people|friends|they|you can|the kids|the lads)(?: at \w+)?(?: all|"
    r" just| usually| always| still| mostly)* calls? me|"
    r"my nickname(?: at \w+)? is|I am (?:also |usually |mostly |better )?known as|nicknamed|short for)\s+(?P<name>.+)"
)


def own_name(scene: Scene) -> list[Found]:
    """The user's name and nickname."""
    clause = scene.clause
    if clause.mood == "supposed" or clause.mood == "question":
        return []
    nick = _NICKNAME.match(clause.text)
    if nick:
        called = name(nick["name"], clause.cased, True)
        return [Found("nickname", "", called)] if called else []
    aged = re.match(
        (
            r"(?i)\W*(?P<age>[1-9]\d)(?: years old)?(?:,| and) (?:living|from|based|single|married|male|female|m|f|mum|"
            r"dad|born|i am from|i live)\b"
        ),
        clause.sentence,
    )
    if aged and clause.sentence.startswith(clause.text[:2]):
        return [Found("age", "", aged["age"])]
    here = re.match(r"(?P<name>[A-Z][\w'-]+) here$", clause.text)
    if here and clause.cased and not clause.frame.verb and here["name"].lower() not in NOT_NAMES:
        return [Found("name", "", here["name"])]
    found = _OWN_NAME.match(clause.text)
    if found:
        weak = re.match(r"(?i)(?:this is|it is)\b", clause.text)
        if weak and not re.match(r"[A-Z][\w'-]+(?: (?:here|again|speaking)|$)", found["name"]):
            return []
        called = name(found["name"], clause.cased, not weak)
        if not called or called.lower() in PEOPLE:
            return []
        return [Found("name", "", called), *_after_name(found["name"][len(called) :], clause.cased)]
    if (
        clause.frame.subject == "I"
        and clause.frame.verb == "be"
        and not clause.frame.negative
        and not clause.frame.past
    ):
        return _introduced(clause.frame.rest, clause.sentence, clause.cased)
    return []


def _introduced(rest: str, sentence: str, cased: bool) -> list[Found]:
    """ "I'm Sam": a capitalised word that is no nationality, faith or place; lower case only after a greeting."""
    word = rest.split()[0].strip(",.") if rest.split() else ""
    after = rest[len(word) :].strip(" ,.")
    greeted = bool(re.match(r"(?i)\W*(?:hi+|hey+|hello|hiya|yo|good \w+|morning|evening)\b", sentence))
    ends = (
        not after
        or rest[len(word) : len(word) + 1] == ","
        or bool(
            re.match(
                (
                    r"(?i)(?:and|from|by the way|here|a|an|the|\d|your|nice|but|short for|age[d]?|or|[A-Z][\w'-]+$|"
                    r"[A-Z][\w'-]+ (?:and|from|by)\b)"
                ),
                after,
            )
        )
    )
    if (
        not word
        or not ends
        or word.lower() in _NO_INTRODUCTION
        or re.search(r"(?i)(?:ish|ese|ian|ist|ing|ed|ic|ful|ous|less|ive)$", word)
    ):
        return []
    if not word[0].isupper() and (cased or not (greeted or "short for" in after or word.lower() in GIVEN_NAMES)):
        return []
    called = name(rest, cased, True)
    return [Found("name", "", called), *_after_name(rest[len(called) :], cased)] if called else []


def _after_name(tail: str, cased: bool) -> list[Found]:
    """What an introduction adds after the name: ", 52, a ceramicist in Hebden Bridge" or ", 29, from Thessaloniki"."""
    out: list[Found] = []
    for part in re.split(r"\s*,\s*|\s+and\s+", tail):
        age = re.match(r"(?:I am |aged? )?(?P<n>[1-9]\d)(?: years old)?$", part.strip(" ."))
        origin = re.match(r"(?i)(?:originally )?from (?P<place>.+)", part)
        job = re.match(r"(?i)an? [\w -]+", part)
        if age:
            out.append(Found("age", "", age["n"]))
        elif origin and place(origin["place"], cased):
            out.append(Found("origin", "", place(origin["place"], cased)))
        elif job:
            facts = job_facts(part, cased)
            where = re.search(r"\b(?:in|from) (?P<place>[A-Z].+)$", part)
            out += facts + (
                [Found("home", "", place(where["place"], cased))]
                if facts and where and place(where["place"], cased)
                else []
            )
    return out


_NO_INTRODUCTION = frozenset(
    words(
        "in on at from about going new back here free good great fine ok okay well so not a an the my your very "
        "really just all also still always never vegan vegetarian muslim hindu sikh jewish catholic christian german "
        "french dutch greek swiss welsh mexican american african korean canadian asian indian italian dyslexic "
        "autistic adhd sorry sure ready done late early off out up home tired happy sad bored hungry busy curious "
        "confused lost stuck ill sick worried afraid single married divorced retired unemployed pregnant allergic "
        "deaf blind over under between both kind sort more most much team type half part only now then too like into "
        "against for with without after before one two three four five six seven eight nine ten twenty thirty forty "
        "fifty sixty celiac coeliac veggie keto teetotal sober halal kosher left right gluten lactose dairy plant he "
        "she it they we you lgbt gay bi trans straight queer lesbian tall short big small old young thai turk pole "
        "dane swede finn scot brit kiwi czech"
    )
)
