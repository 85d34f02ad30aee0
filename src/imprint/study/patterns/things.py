"""Vehicles, bikes, phones, computers and other things by their names."""

import re

from imprint.detect.words import words
from imprint.study.found import Found
from imprint.study.lexicon import BIKE_MAKES, BIKES, CAR_MAKES, COMPUTERS, INSTRUMENTS, PHONES, VEHICLES, word_set
from imprint.study.spans import thing

_OWNABLE = word_set("""camera, sofa, watch, coat, tent, telescope, kayak, boat, canoe, surfboard, paddleboard,
skateboard, sewing machine, coffee machine, espresso machine, air fryer, bread machine, record player, turntable,
greenhouse, shed, hot tub, allotment, garden, wood burner, drone, printer, 3d printer, kiln, loom, tattoo, caravan,
trailer, piano stool, ring, necklace, typewriter, projector, tv, console, playstation, ps5, ps4, xbox, switch,
nintendo switch, steam deck, kindle, headphones, ipad, tablet, speaker, backpack, rucksack, wheelchair, hearing aid,
glasses, rug, desk, bed, armchair, wok, slow cooker, pressure cooker, barbecue, bbq, vinyl collection, holiday home,
cottage, lathe, workshop, studio, balcony, polytunnel, pond, sauna, treadmill, rowing machine, easel, metal
detector, binoculars, film camera, guitar amp, amp, pedalboard, sailing boat, dinghy, rowing boat, beehive,
sourdough starter, oven, fridge, kettle, teapot, jacket, boots, shoes, trainers, lens, tripod""")
_CAR_ADJECTIVES = frozenset(
    words(
        "electric old new red blue black white silver green grey yellow little vintage classic second-hand "
        "hybrid diesel "
        "battered"
    )
)


def object_had(count: str, what: str) -> list[Found]:
    """Vehicle, bike, phone, computer, instrument or other thing among what the user has."""
    bare = thing(
        re.sub(
            (
                r"(?i)^(?:brand[- ]new|new|second-hand|used|refurbished|vintage|lovely|trusty|myself an?|ourselves an?|"
                r"myself|ourselves|it) "
            ),
            "",
            what,
        ),
        5,
    )
    if not bare or count == "no":
        return []
    low = bare.lower()
    last = low.split()[-1]
    kind, about = sort_of(low)
    if kind in ("vehicle", "phone", "computer"):
        if low in ("car", "phone", "laptop", "computer", "van", "smartphone", "pc"):
            return []
        return [Found(kind, "", re.sub(r"(?i)^old (?=[A-Z])", "", bare))]
    if kind == "bike":
        return [Found("possession", "bike", bare)]
    if last in INSTRUMENTS or low in INSTRUMENTS:
        return [Found("possession", last, bare)]
    if about:
        value = bare if len(bare.split()) > 1 else f"{count} {bare}".strip() if count not in ("a", "an", "") else bare
        return [Found("possession", about, value)]
    return []


def sort_of(low: str) -> tuple[str, str]:
    words = low.split()
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            part = " ".join(words[start:end])
            if part in BIKES or part in BIKE_MAKES:
                return "bike", "bike"
            if part in PHONES:
                return "phone", "phone"
            if part in COMPUTERS and part not in ("surface", "framework"):
                return "computer", "computer"
            if part in CAR_MAKES and (
                part
                not in (
                    "seat",
                    "mini",
                    "smart",
                    "golf",
                    "polo",
                    "focus",
                    "leaf",
                    "panda",
                    "rover",
                    "ka",
                    "triumph",
                    "micro",
                    "transit",
                    "duster",
                    "beetle",
                    "fiesta",
                )
                or start == 0
                or words[start - 1] in _CAR_ADJECTIVES
            ):
                return "vehicle", "car"
    if words[-1] in VEHICLES or " ".join(words[-2:]) in VEHICLES:
        return "vehicle", words[-1]
    for part in (" ".join(words[-2:]), words[-1]):
        if part in _OWNABLE:
            return "possession", part
    return "", ""


_MINE_NAMED = re.compile(
    r"\b(?i:my|our) (?:(?:new|old|trusty|little|battered|second-hand|beloved|ancient|blue|red|white|black|silver|"
    r"green|grey|yellow) )*(?P<what>[A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,3}|i[Pp]hone(?: (?:\d+\w*|SE|Pro|Max|X\w?))*|"
    r"i[Pp]ad(?: (?:Pro|Air|mini))?)(?='s|[\s,.?!]|$)"
)


def named_things(text: str) -> list[Found]:
    """ "my Fiat Panda won't start": a make after "my", in any sentence that parts with nothing."""
    if re.search(
        r"(?i)\b(?:sold|selling|replac\w+|trad(?:ed|ing)|swapp\w+|switch\w+|rid of|lost|stolen|scrapped|used to)\b",
        text,
    ):
        return []
    out: list[Found] = []
    for found in _MINE_NAMED.finditer(text):
        kind, about = sort_of(found["what"].lower())
        if kind in ("vehicle", "phone", "computer"):
            out.append(Found(kind, "", found["what"]))
        elif kind == "bike":
            out.append(Found("possession", about, found["what"]))
    allergy = re.search(r"(?i)\b(?:my|with a|have a) (?P<what>(?:[\w-]+ )?[\w-]+) allergy\b", text)
    allergy = allergy or re.match(r"(?i)^(?P<what>(?:tree )?[\w-]+) allergy(?: here| sufferer| over here)?\b", text)
    if allergy:
        what = thing(re.sub(r"(?i)^(?:bad|severe|serious|mild|terrible|stupid|annoying) ", "", allergy["what"]))
        if what:
            out.append(Found("allergy", "", what))
    return out
