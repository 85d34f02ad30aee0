"""Pets, children and siblings among what the user has."""

import re

from imprint.detect.words import words
from imprint.study.found import Found, Scene, one
from imprint.study.lexicon import KIN, word_set
from imprint.study.patterns.people import animal_of, relation
from imprint.study.patterns.things import object_had
from imprint.study.spans import name, singular
from imprint.study.words import COUNT

_CHILDREN = word_set(
    "kids, kid, children, child, son, sons, daughter, daughters, boys, girls, boy, girl, toddler, toddlers, baby, "
    "twins, triplets, teenagers, little ones, bairns, stepkids, stepchildren, teenage daughters, teenage sons"
)
_COUNTED = re.compile(rf"(?i)^(?P<count>an?|no|another|{COUNT}|twin|our|my)\s+(?P<what>.+)")
_AGE_ADJ = (
    r"(?:(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)[- ](?:year|"
    r"month|week)s?[- ]old|newborn|teenage|grown[- ]up|adult|young|small|little|lovely|beautiful|school-age|older|"
    r"younger|big|wonderful|gorgeous|grown)"
)
_MOMENTARY = re.compile(
    r"(?i)^(?:an? )?(?:\w+ )?(?:question|questions|problem|problems|idea|feeling|headache|hangover|cold|cough|"
    r"meeting|call|minute|moment|look|chance|nap|shower|bath|bite|drink|break|day off|day|night|week|weekend|time|"
    r"fun|go|try|chat|word|think|point|plan|doubt|deadline|presentation|file|function|bug|error|dataset|list|"
    r"spreadsheet|table|string|code|script|essay|report|assignment|homework|paragraph|text|email|letter|recipe|draft|"
    r"sentence|poem|issue|request|favour|task|sore throat|temperature|tummy ache|stomach ache|rest|lot|bit|couple|"
    r"few|long day|rough day|great day|good day|bad day)\b"
)


def owned_list(rest: str, scene: Scene) -> list[Found]:
    """Each noun phrase of "two kids, a dog called Rex and an old Volvo"."""
    out: list[Found] = []
    animals: list[str] = []
    children: list[str] = []
    for item in re.split(
        rf"(?i),?\s+(?:and|plus|as well as)\s+(?=(?:an?|another|one|no|{COUNT})\s)|,\s+(?=(?:an?|another|{COUNT})\s)",
        rest,
    ):
        found = _COUNTED.match(item.strip())
        count, what = (found["count"].lower(), found["what"]) if found else ("", item.strip())
        pet = _pet(count, what, scene)
        if pet:
            animals.append(pet[0])
            out += pet[1]
            continue
        kin = _kin(count, what, scene)
        if kin:
            children += kin[0]
            out += kin[1]
            continue
        if not _MOMENTARY.match(item.strip()) and not re.match(r"(?i)(?:it|them|him|her|this|that|to|my|your)\b", item):
            out += object_had(count, what)
    if animals:
        out.insert(0, Found("pet_kind", "", " and ".join(animals)))
    if children:
        out.insert(0, Found("children_count", "", " and ".join(children)))
    return out


_PET_HEAD = re.compile(
    r"(?i)^(?P<np>(?:[\w'-]+ ){0,5}?[\w'-]+?)(?=$|[,.;(]|\s(?:called|named|who|that|which|and|from|at|now|since|"
    r"for|with|in|on|as|by|too|last|this|to|whose|because|so|but|we|I|again|over|instead|is|two|three|yesterday|"
    r"from|recently|a|he|she|it|they|though|aged)\b)"
)


_SEVERAL = frozenset(
    words(
        "two, three, four, five, six, seven, eight, nine, ten, a couple of, a few, several, a dozen, half a dozen", ","
    )
)
_CALLED = re.compile(
    r"\s*[,(]?\s*(?:who is |whose name is )?(?:called |named )?(?P<n>(?!I\b)[A-Z][\w'-]+)(?=$|[\s,.)])"
)


def _pet(count: str, what: str, scene: Scene) -> tuple[str, list[Found]] | None:
    """(what to show as pet_kind, facts) of "border collie called Fly"; None when it is no animal."""
    head = _PET_HEAD.match(what) if count != "no" else None
    animal, breed, noun = _animal_in(head["np"]) if head else ("", "", "")
    if head is None or not animal:
        return None
    scene.people.mention(animal)
    full = head["np"].lower()
    plural = full.endswith("s") and singular(full) != full or re.search(r"(?i)(?:mice|geese|fish|sheep)$", full)
    number = count if count in _SEVERAL or count.isdigit() else ""
    shown = f"{number} {full if breed else noun}" if plural and number else animal if breed else noun
    out = one("pet_breed", animal, breed)
    called = _CALLED.match(what[head.end() :])
    if called and not plural and name(called["n"], True):
        out.append(Found("pet_name", animal, called["n"]))
        scene.people.names[called["n"].lower()] = animal
    return shown, out


def _animal_in(phrase: str) -> tuple[str, str, str]:
    """(animal, breed, noun) of "rescue greyhound", "labrador cross"; empty strings when it ends in no animal."""
    parts = phrase.split()
    for start in range(len(parts)):
        noun = " ".join(parts[start:])
        animal, breed = animal_of(noun)
        if animal:
            inner = (
                animal_of(" ".join(parts[first:last]))[1] for first in range(len(parts)) for last in (len(parts), -1)
            )
            return animal, breed or next(filter(None, inner), ""), noun
    mixed = re.match(r"(?i)(.+?)[- ](?:cross|mix|puppy|pup|rescue)$", phrase)
    for part in (mixed[1], mixed[1].split(" ", 1)[-1]) if mixed else ():
        animal, breed = animal_of(part)
        if animal:
            return animal, phrase if breed else "", parts[-1]
    return "", "", ""


def _kin(count: str, what: str, scene: Scene) -> tuple[list[str], list[Found]] | None:
    found = re.match(rf"(?i)(?P<adj>(?:{_AGE_ADJ},? )*)(?P<noun>[\w-]+(?:-in-law)?)(?P<rest>.*)", what)
    if not found:
        return None
    noun = found["noun"].lower()
    rest_adj = found["adj"].strip()
    if (
        noun in _CHILDREN
        and not re.match(r"(?i)\s(?:friend|club|party|room|school|car|seat|bike|book)", found["rest"])
        and count not in ("my", "our")
    ):
        scene.people.mention(relation(singular(noun)) if noun not in ("kids", "twins", "boys", "girls") else noun)
        if count == "another":
            return None
        shown = (
            f"{'one' if count in ('a', 'an') else count} {noun}".strip()
            if count and count != "twin"
            else f"{count} {noun}".strip()
        )
        return [f"no {noun}" if count == "no" else shown], []
    one = singular(noun)
    if one in KIN and count and count != "no" and (noun in KIN or one != noun):
        scene.people.mention(relation(one))
        if re.search(r"(?i)\b(?:called|named)\b|^\s*,?\s*[A-Z]", found["rest"]):
            return [], [Found("about", noun, "")]
        return [], [Found("about", relation(noun), f"you have {count} {rest_adj + ' ' if rest_adj else ''}{noun}")]
    return None
