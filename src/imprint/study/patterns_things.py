"""What the user has: pets, children, brothers and sisters, a car, a phone, an allergy, a fear."""

import re

from imprint.study.found import Found, Scene
from imprint.study.lexicon import BIKE_MAKES, BIKES, CAR_MAKES, COMPUTERS, INSTRUMENTS, KIN, PHONES, VEHICLES, word_set
from imprint.study.patterns_being import condition
from imprint.study.patterns_people import animal_of, relation
from imprint.study.spans import name, singular, thing, things
from imprint.study.words import COUNT

_CHILDREN = word_set("kids, kid, children, child, son, sons, daughter, daughters, boys, girls, boy, girl, toddler, toddlers, baby, twins, triplets, teenagers, little ones, bairns, stepkids, stepchildren, teenage daughters, teenage sons")
_COUNTED = re.compile(rf"(?i)^(?P<count>an?|no|another|{COUNT}|twin|our|my)\s+(?P<what>.+)")
_AGE_ADJ = r"(?:(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)[- ](?:year|month|week)s?[- ]old|newborn|teenage|grown[- ]up|adult|young|small|little|lovely|beautiful|school-age|older|younger|big|wonderful|gorgeous|grown)"
_MOMENTARY = re.compile(r"(?i)^(?:an? )?(?:\w+ )?(?:question|questions|problem|problems|idea|feeling|headache|hangover|cold|cough|meeting|call|minute|moment|look|chance|nap|shower|bath|bite|drink|break|day off|day|night|week|weekend|time|fun|go|try|chat|word|think|point|plan|doubt|deadline|presentation|file|function|bug|error|dataset|list|spreadsheet|table|string|code|script|essay|report|assignment|homework|paragraph|text|email|letter|recipe|draft|sentence|poem|issue|request|favour|task|sore throat|temperature|tummy ache|stomach ache|rest|lot|bit|couple|few|long day|rough day|great day|good day|bad day)\b")
_OWNABLE = word_set("""camera, sofa, watch, coat, tent, telescope, kayak, boat, canoe, surfboard, paddleboard, skateboard, sewing machine, coffee machine, espresso machine, air fryer, bread machine, record player, turntable, greenhouse, shed, hot tub, allotment, garden, wood burner,
drone, printer, 3d printer, kiln, loom, tattoo, caravan, trailer, piano stool, ring, necklace, typewriter, projector, tv, console, playstation, ps5, ps4, xbox, switch, nintendo switch, steam deck, kindle, headphones, ipad, tablet, speaker, backpack, rucksack, wheelchair, hearing aid, glasses, rug, desk, bed, armchair,
wok, slow cooker, pressure cooker, barbecue, bbq, vinyl collection, holiday home, cottage, lathe, workshop, studio, balcony, polytunnel, pond, sauna, treadmill, rowing machine, easel, metal detector, binoculars, film camera, guitar amp, amp, pedalboard, sailing boat, dinghy, rowing boat, beehive, sourdough starter, oven, fridge, kettle, teapot, jacket, boots, shoes, trainers, lens, tripod""")  # fmt: skip
_FEAR = re.compile(r"(?i)^(?:an? )?(?:(?:real|big|huge|terrible|massive|irrational|deep|mild|bit of a|serious|major) )*(?:fear|phobia|terror|horror|dread) (?:of|about) (?P<what>.+)")
_ALLERGY = re.compile(r"(?i)^(?:an? )?(?:(?:bad|severe|serious|mild|nasty|really bad|terrible|slight|life-threatening) )*(?:(?P<what>[\w -]+?) allergy|allerg(?:y|ies) to (?P<to>.+)|intolerance to (?P<into>.+)|(?P<in>\w+) intolerance)(?=$|[,. ])")
_OWN_VERBS = frozenset("have own keep get adopt buy rescue foster raise inherit breed use ride drive rent lease".split())


def possessions(scene: Scene) -> list[Found]:
    """Facts of "I have / own / drive / keep / bought ..."."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement":
        return []
    if frame.subject not in ("I", "we"):
        return _mine_is(scene)
    if frame.verb not in _OWN_VERBS or frame.negative or frame.ended or frame.modal or not frame.rest:
        return []
    simple_past = frame.past and not frame.perfect
    if simple_past and frame.verb in ("have", "own", "keep", "use", "drive", "ride", "rent") or frame.doing and frame.verb not in ("foster", "drive", "use", "rent"):
        return []
    rest = frame.rest
    if frame.verb == "get" and re.match(r"(?i)(?:up|to|into|out|on|off|back|home|it|that|this|married|the (?:bus|train))\b", rest):
        return []
    if frame.verb in ("drive", "ride", "use", "rent", "lease"):
        return _drives(frame.verb, rest)
    if frame.verb in ("have", "get"):
        allergic = _ALLERGY.match(rest)
        if allergic:
            return [Found("allergy", "", one) for one in things(next(group for group in allergic.groups() if group))]
        afraid = _FEAR.match(rest)
        if afraid:
            return [Found("fear", "", one) for one in things(afraid["what"])]
        ill = condition(rest)
        if ill:
            return ill
        ticket = re.match(r"(?i)an? season ticket (?:at|for|to) (?P<team>.+)", rest)
        if ticket and thing(ticket["team"], 3):
            return [Found("team", "", thing(ticket["team"], 3))]
        collected = re.match(r"(?i)(?:an? )?(?:\w+ )?collection of (?P<what>.+)", rest)
        if collected and thing(collected["what"]):
            return [Found("collection", "", thing(collected["what"]))]
    return _owned_list(rest, scene)


def _owned_list(rest: str, scene: Scene) -> list[Found]:
    """Each noun phrase of "two kids, a dog called Rex and an old Volvo"."""
    out: list[Found] = []
    animals: list[str] = []
    children: list[str] = []
    for item in re.split(rf"(?i),?\s+(?:and|plus|as well as)\s+(?=(?:an?|another|one|{COUNT})\s)|,\s+(?=(?:an?|another|{COUNT})\s)", rest):
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
            out += _object(count, what)
    if animals:
        out.insert(0, Found("pet_kind", "", " and ".join(animals)))
    if children:
        out.insert(0, Found("children_count", "", " and ".join(children)))
    return out


_PET_HEAD = re.compile(
    r"(?i)^(?P<np>(?:[\w'-]+ ){0,5}?[\w'-]+?)(?=$|[,.;(]|\s(?:called|named|who|that|which|and|from|at|now|since|for|with|in|on|as|by|too|last|this|to|whose|because|so|but|we|I|again|over|instead|is|two|three|yesterday|from|recently|a|he|she|it|they|though|aged)\b)"
)


def _pet(count: str, what: str, scene: Scene) -> tuple[str, list[Found]] | None:
    if count == "no":
        return None
    head = _PET_HEAD.match(what)
    if not head:
        return None
    words = head["np"].split()
    for start in range(len(words)):
        noun = " ".join(words[start:])
        animal, breed = animal_of(noun)
        if not animal and start < len(words) - 1:
            continue
        if not animal:
            mixed = re.match(r"(?i)(.+?)[- ](?:cross|mix|puppy|pup|rescue)$", head["np"])
            animal, breed = animal_of(mixed[1].split(" ", 1)[-1] if mixed and len(mixed[1].split()) > 1 and not animal_of(mixed[1])[0] else mixed[1]) if mixed else ("", "")
            breed = head["np"] if breed else ""
        if not animal:
            return None
        full = head["np"].lower()
        for first in range(len(words)):
            breed_here = animal_of(" ".join(words[first:]))[1] or animal_of(" ".join(words[first:-1]))[1] if words else ""
            if breed_here and not breed:
                breed = breed_here
        scene.people.mention(animal)
        plural = full.endswith("s") and singular(full) != full or re.search(r"(?i)(?:mice|geese|fish|sheep)$", full)
        number = count if count in ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "a couple of", "a few", "several", "a dozen", "half a dozen") or count.isdigit() else ""
        shown = f"{number} {noun if not breed else full}".strip() if plural and number else noun if not breed else animal
        out = [Found("pet_breed", animal, breed)] if breed else []
        tail = what[head.end() :]
        called = re.match(r"\s*[,(]?\s*(?:who is |whose name is )?(?:called |named )?(?P<n>[A-Z][\w'-]+)(?=$|[\s,.)])", tail)
        if called and not plural and name(called["n"], True) and called["n"] not in ("I",):
            out.append(Found("pet_name", animal, called["n"]))
            scene.people.names[called["n"].lower()] = animal
        return shown, out
    return None


def _kin(count: str, what: str, scene: Scene) -> tuple[list[str], list[Found]] | None:
    found = re.match(rf"(?i)(?P<adj>(?:{_AGE_ADJ},? )*)(?P<noun>[\w-]+(?:-in-law)?)(?P<rest>.*)", what)
    if not found:
        return None
    noun = found["noun"].lower()
    rest_adj = found["adj"].strip()
    if noun in _CHILDREN and not re.match(r"(?i)\s(?:friend|club|party|room|school|car|seat|bike|book)", found["rest"]) and count not in ("my", "our"):
        scene.people.mention(relation(singular(noun)) if noun not in ("kids", "twins", "boys", "girls") else noun)
        if count == "another":
            return None
        shown = f"{'one' if count in ('a', 'an') else count} {noun}".strip() if count and count != "twin" else f"{count} {noun}".strip()
        return [f"no {noun}" if count == "no" else shown], []
    one = singular(noun)
    if one in KIN and count and count != "no" and (noun in KIN or one != noun):
        scene.people.mention(relation(one))
        if re.search(r"(?i)\b(?:called|named)\b|^\s*,?\s*[A-Z]", found["rest"]):
            return [], [Found("about", noun, "")]
        return [], [Found("about", relation(noun), f"you have {count} {rest_adj + ' ' if rest_adj else ''}{noun}")]
    return None


def _object(count: str, what: str) -> list[Found]:
    """Vehicle, bike, phone, computer, instrument or other thing among what the user has."""
    bare = thing(re.sub(r"(?i)^(?:brand[- ]new|new|second-hand|used|refurbished|vintage|lovely|trusty|myself an?|ourselves an?|myself|ourselves|it) ", "", what), 5)
    if not bare or count == "no":
        return []
    low = bare.lower()
    last = low.split()[-1]
    kind, about = _sort_of(low)
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


def _sort_of(low: str) -> tuple[str, str]:
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
            if part in CAR_MAKES and (part not in ("seat", "mini", "smart", "golf", "polo", "focus", "leaf", "panda", "rover", "ka", "triumph", "micro", "transit", "duster", "beetle", "fiesta") or start == 0):
                return "vehicle", "car"
    if words[-1] in VEHICLES or " ".join(words[-2:]) in VEHICLES:
        return "vehicle", words[-1]
    for part in (" ".join(words[-2:]), words[-1]):
        if part in _OWNABLE:
            return "possession", part
    return "", ""


def _drives(verb: str, rest: str) -> list[Found]:
    if re.match(r"(?i)(?:to|into|home|back|for|my (?:kids|son|daughter|mum)|past|through|around|him|her|them|everywhere|it|too|very|there|up|down|on|along)\b", rest) or not rest:
        return []
    bus = re.match(r"(?i)(?:an?|the|school|tour|local|delivery) (?P<what>(?:[\w-]+ )?(?:bus|taxi|cab|lorry|truck|van|tram|train|ambulance|hgv|digger|forklift|crane|minibus|bin lorry|tube train))s?\b(?: (?:for|at) (?P<at>[^,]+))?", rest)
    if verb == "drive" and bus and (bus["at"] or re.search(r"(?i)\b(?:bus|taxi|cab|lorry|tram|train|ambulance|hgv|forklift)$", bus["what"])):
        who = thing(bus["at"], 4) if bus["at"] and "living" not in bus["at"] else ""
        return [Found("work", "", f"driving a {bus['what']}")] + ([Found("employer", "", who)] if who else [])
    bare = thing(re.sub(r"(?i)^(?:an?|my|the|our) (?:(?:battered|trusty|tiny|little|second-hand|clapped-out|rusty|beat-up|beaten-up|ancient|very old|old|knackered|new|brand[- ]new|used) )*", "", rest), 4)
    if not bare:
        return []
    kind, _ = _sort_of(bare.lower())
    if verb in ("drive", "rent", "lease"):
        return [Found("vehicle", "", bare)] if (kind == "vehicle" or (verb == "drive" and re.match(r"(?i)(?:an?|my|the|our)\s", rest))) and bare.lower() not in ("car", "van", "manual", "automatic") else []
    if verb == "ride":
        if kind == "vehicle":
            return [Found("vehicle", "", bare)]
        if kind == "bike":
            return [Found("possession", "bike", bare)] if bare.lower() not in ("bike", "bicycle") else []
        return [Found("sport", "", "horse riding")] if re.match(r"(?i)(?:horses|ponies)\b", rest) else []
    return [Found(kind, "", bare)] if kind in ("phone", "computer") and bare.lower() not in ("laptop", "computer", "phone", "pc", "desktop") else []


_MINE_IS = re.compile(
    r"(?i)^(?:my|our) (?:(?:new|old|current|main|trusty|work|home|first|daily|own|beloved|gaming) )*(?P<what>[\w-]+(?: [\w-]+)?) (?:is|are) (?:still |now |just |actually |basically )?(?P<value>(?:an?|the|my|all|bright|dark|light|mostly|called|from|made)?\s*.+)"
)
_MINE_NAMED = re.compile(r"\b(?i:my|our) (?:(?:new|old|trusty|little|battered|second-hand|beloved|ancient|blue|red|white|black|silver|green|grey|yellow) )*(?P<what>[A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,3}|i[Pp]hone(?: \w+)?|i[Pp]ad(?: \w+)?)(?='s|[\s,.?!]|$)")


def _mine_is(scene: Scene) -> list[Found]:
    """ "My car is a blue Polo", "my phone's a Pixel"."""
    found = _MINE_IS.match(scene.clause.text)
    if not found or scene.clause.frame.negative or scene.clause.frame.past or scene.clause.frame.ended or scene.clause.frame.modal:
        return []
    what = found["what"].lower()
    value = found["value"]
    if re.match(r"(?i)(?:broken|in|at|not|so|too|very|really|playing|making|being|getting|running|due|out|stolen|gone|dead|dying|acting|on|off|slow|fine|great|good|bad|awful|giving|late|here|there|back|full|empty|dirty|ready|lost|missing|frozen|stuck|cracked|old|new|\w+ing\b)\b", value):
        return []
    kind, about = _sort_of(what)
    if not kind:
        return []
    short = thing(re.sub(r"(?i)^(?:called|an? (?:old|new|battered|second-hand|little|very old) (?=[A-Z])) ?", "", value), 5)
    if not short:
        return []
    if kind in ("vehicle", "phone", "computer") and what not in ("bike",):
        return [Found(kind, "", short)] if _sort_of(short.lower())[0] == kind or re.search(r"[A-Z]", short) else [Found("possession", about, short)]
    return [Found("possession", "bike" if kind == "bike" else about, short)]


def named_things(text: str) -> list[Found]:
    """ "my Fiat Panda won't start", "on my iPhone 12": a make after "my" inside any sentence."""
    out: list[Found] = []
    for found in _MINE_NAMED.finditer(text):
        kind, about = _sort_of(found["what"].lower())
        if kind in ("vehicle", "phone", "computer"):
            out.append(Found(kind, "", found["what"]))
        elif kind == "bike":
            out.append(Found("possession", about, found["what"]))
    allergy = re.search(r"(?i)\b(?:my|with a|have a) (?P<what>(?:[\w-]+ )?[\w-]+) allergy\b", text)
    if allergy:
        what = thing(re.sub(r"(?i)^(?:bad|severe|serious|mild|terrible|stupid|annoying) ", "", allergy["what"]))
        if what:
            out.append(Found("allergy", "", what))
    return out
