"""Claims near a fact that are not true: another name, number, day, animal or town, or liking for disliking."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from imprint.detect.words import words
from imprint.study.claims import question_of
from imprint.study.words import DAYS, MONTHS
from imprint.types import Fact

_NAMES = words(
    "Gwendolyn Barnaby Ottilie Cedric Philippa Lionel Marguerite Humphrey Imelda Rupert Cordelia Ambrose Henrietta "
    "Quentin Rosalind Leopold"
)
_PET_NAMES = words("Bubbles Captain Noodle Waffles Marmalade Zorro Duchess Pickle Sprocket Truffle Banjo Clover")
_TOWNS = words(
    "Helsinki Nairobi Toronto Lima Seville Osaka Perth Bergen Havana Tallinn Quito Aarhus Salzburg Cardiff Boston "
    "Hobart"
)
_JOBS = words(
    "plumber translator florist pilot tailor beekeeper locksmith astronomer judge blacksmith optician diver "
    "upholsterer zookeeper"
)
_COMPANIES = words(
    (
        "Brightwater Logistics, Harrow & Finch, the Meridian Hotel, Northgate Dairy, Castellan Insurance, "
        "Pemberton Glass, Alder Books"
    ),
    ",",
)
_ANIMALS = words("parrot tortoise ferret hamster goldfish goat gecko donkey canary hedgehog snake pony")
_BREEDS = words("chow chow, xoloitzcuintli, otterhound, komondor, savannah, turkish van, borzoi", ",")
_POOLS: dict[str, Sequence[str]] = {
    "name": _NAMES,
    "nickname": _PET_NAMES,
    "partner": _NAMES,
    "relative": _NAMES,
    "friend": _NAMES,
    "neighbour": _NAMES,
    "boss": _NAMES,
    "pet_name": _PET_NAMES,
    "home": _TOWNS,
    "origin": _TOWNS,
    "relative_home": _TOWNS,
    "plan_trip": _TOWNS,
    "work": _JOBS,
    "relative_work": _JOBS,
    "dream_job": _JOBS,
    "employer": _COMPANIES,
    "pet_kind": _ANIMALS,
    "pet_breed": _BREEDS,
    "dwelling": words("lighthouse windmill castle treehouse yurt"),
    "workplace_detail": words("the legal department, the mail room, the boiler house, the press office", ","),
    "commute": words("by ferry, by helicopter, by unicycle, on horseback", ","),
    "studies": words("dentistry theology forestry Egyptology meteorology"),
    "school": ["Carrow College", "the University of Elmstead", "Westmarsh Academy"],
    "children_count": ["nine children", "eleven children", "eight children"],
    "allergy": words("latex, bee stings, celery, mustard, nickel, lupin", ","),
    "diet": ["keto", "paleo", "carnivore"],
    "health": words("gout glaucoma tinnitus vertigo"),
    "drink_habit": words("kefir, cider, coconut water, root beer", ","),
    "breakfast": words("kippers, sardines, cold pizza, rice pudding", ","),
    "hobby": words("falconry, origami, ventriloquism, taxidermy, bell ringing", ","),
    "sport": words("curling, fencing, water polo, archery, lacrosse, handball", ","),
    "team": ["Harlow Rovers", "the Tidewater Otters", "Eastmoor Athletic"],
    "instrument": words("bagpipes harp tuba xylophone accordion oboe"),
    "collection": words("thimbles, snow globes, cigar bands, barbed wire", ","),
    "language": words("Icelandic Mongolian Quechua Maltese Swahili Basque"),
    "learning": words("Esperanto, juggling, fire eating, bookbinding", ","),
    "fear": words("balloons clowns thunder mirrors moths"),
    "goal": ["cross the Sahara", "swim the Channel", "win a chess title"],
    "religion": ["Shinto", "Jain", "Zoroastrian"],
    "vehicle": words("Lamborghini, tractor, hearse, ice cream van", ","),
    "phone": ["Blackberry", "flip phone", "satellite phone"],
    "computer": ["Commodore 64", "Chromebook", "supercomputer"],
    "possession": ["made of gold", "striped pink and green", "three hundred years old"],
    "weekly": words("play bingo, visit a museum, practise archery, wash the car", ","),
    "habit": ["every leap year", "once a decade", "at three in the morning"],
    "avoid_food": words("parsnips pears oats turnips"),
    "feeling_about": ["deeply indifferent", "utterly terrified", "rather jealous"],
    "plan_event": ["in Helsinki", "in Havana", "in Osaka"],
    "memory_event": ["in 1931", "in 1942", "in 1950"],
    "birthday": [],
    "plan_trip_time": [],
    "plan_event_time": [],
    "wake_time": ["noon", "3:15 in the morning", "eleven"],
    "bed_time": ["five in the afternoon", "4:30 in the morning"],
}
_TOPICS = words(
    (
        "lighthouse, submarine, violin, vineyard, windmill, pension, tattoo, passport, piano, stamp album, trampoline, "
        "beehive, jury duty, surfboard"
    ),
    ",",
)


def _ordered(candidates: Iterable[str], key: str) -> list[str]:
    """Candidates in an order that depends on `key` and on each candidate alone: one that drops out moves no other."""
    return sorted(candidates, key=lambda one: hashlib.sha256(f"{key}\0{one}".encode()).digest())


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[^\W_]+", text.lower()) if len(word) > 2 or word.isdigit()}


def near_miss(fact: Fact, known: set[str], key: str) -> Fact | None:
    """A fact like this one that is not true of the user; None when none is safe.

    `known`: lower-case words (as `known_words` gives them) of everything remembered; a candidate shares none of them.
    """
    if fact.kind == "about":
        return None
    if fact.kind.startswith(("likes_", "dislikes_")):
        other = fact.kind.removeprefix("dis") if fact.kind.startswith("dis") else f"dis{fact.kind}"
        return replace(fact, kind=other, polarity=-fact.polarity)
    if fact.polarity < 0:
        return None
    if fact.kind == "prefers":
        return _other_side(fact)
    for candidate in _ordered(_candidates(fact), key):
        changed = _words(candidate) - _words(fact.value)
        if changed and not (changed & known):
            return replace(fact, value=candidate)
    return None


def false_question(fact: Fact, known: set[str], key: str) -> str:
    """A question near this fact whose answer is no; "" when none is safe."""
    if fact.kind == "favourite":
        return f"Is {fact.value} my least favourite {fact.about}?"
    false = near_miss(fact, known, key)
    return question_of(false) if false is not None else ""


def _other_side(fact: Fact) -> Fact | None:
    """ "coffee or tea" -> the one not chosen."""
    for one in fact.about.split(" or "):
        if " or " in fact.about and one.lower() != fact.value.lower():
            return replace(fact, value=one)
    return None


def _candidates(fact: Fact) -> Sequence[str]:
    if fact.kind in ("birthday", "plan_trip_time", "plan_event_time"):
        return _other_times(fact.value)
    if fact.kind == "age":
        found = re.search(r"\d+", fact.value)
        years = int(found[0]) if found else 0
        return (
            [fact.value.replace(str(years), str(years + step)) for step in (7, 9, 12, 15)]
            if found
            else ["ninety-eight", "eleven"]
        )
    return _POOLS.get(fact.kind, [])


def _other_times(value: str) -> list[str]:
    """The same date with another month or weekday; another month when it names none."""
    low = value.lower()
    out: list[str] = []
    for group in (MONTHS, DAYS):
        for said in group:
            at = re.search(rf"\b{said[:3]}[a-z]*\b", low)
            if at and (at[0] == said or len(at[0]) <= 4):
                out += [
                    value[: at.start()] + other.capitalize() + value[at.end() :] for other in group if other != said
                ]
                return out
    return [month.capitalize() for month in MONTHS]


def foreign_topic(known: set[str], key: str) -> str:
    """A topic the user never spoke of; "" when every one in the list was mentioned."""
    return next((topic for topic in _ordered(_TOPICS, key) if not (_words(topic) & known)), "")


def known_words(texts: Iterable[str]) -> set[str]:
    """Words of everything remembered, as near misses must avoid them."""
    return {word for text in texts for word in _words(text)}
