"""Names of partners, relatives, friends and pets, wherever they stand in a sentence."""

import re

from imprint.detect.words import either, words
from imprint.study.found import Found, People, Scene
from imprint.study.given_names import GIVEN_NAMES
from imprint.study.lexicon import (
    ACQUAINTANCES,
    ANIMALS,
    BOSSES,
    BREEDS,
    FRIENDS,
    KIN,
    NEIGHBOURS,
    PARTNERS,
)
from imprint.study.spans import name, names, singular

PEOPLE = PARTNERS | KIN | ACQUAINTANCES | FRIENDS | NEIGHBOURS | BOSSES
_PLURALS = frozenset(word + "s" for word in ACQUAINTANCES | FRIENDS | NEIGHBOURS)
_PETS = ANIMALS | {animal + "s" for animal in ANIMALS}
_BREED_OF = {breed: animal for animal, breeds in BREEDS.items() for breed in breeds}
_NOUN = rf"(?:{either(PEOPLE | _PLURALS | _PETS | frozenset(_BREED_OF))})"
_ADJECTIVE = (
    r"(?:little|older|elder|eldest|oldest|big|younger|youngest|baby|twin|half|step|late|lovely|dear|beloved|poor|"
    r"amazing|best|old|closest|good|new|rescue|"
    r"other|only|middle|first|second|crazy|daft|stupid|gorgeous|next-door|upstairs|downstairs|line|work|uni|"
    r"school|maternal|paternal|great|\d+[- ]year[- ]old|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)[- ]year[- ]old|"
    r"black|white|grey|ginger|fat|tiny|giant|elderly|wonderful|pet|two|three|four|teenage)"
)
OWNED = re.compile(
    rf"(?i)\b(?P<own>my|our)\s+(?P<adj>(?:{_ADJECTIVE},?\s+)*)(?P<noun>{_NOUN})(?P<tail>(?:\s|,|\(|$|').*)", re.DOTALL
)
_THE_PET = re.compile(rf"(?i)\bthe (?P<noun>{either(_PETS)})(?P<tail>(?:,| is called| is named)\s.*)")
_A_NAMED = re.compile(
    rf"(?i)\b(?P<count>an?|one|two|three|four|five|\d|another|this|"
    rf"identical)\s+(?P<adj>(?:[\w-]+\s+){{0,3}}?)(?P<noun>{_NOUN})s?\s*(?:,|\()?\s*"
    rf"(?:called|named|by the name of|who is called|whose name is|whose names are|who we call|and (?:his|her|its|"
    rf"their) names? (?:is|are))\s+(?P<name>.+)"
)
_COUNTED = re.compile(
    rf"\b(?i:(?P<count>an?|one|two|three|four|five|\d|another|"
    rf"twin)\s+(?P<adj>(?:[\w-]+\s+){{0,3}}?)(?P<noun>{_NOUN})s?)\s*[,(:]\s*(?P<name>[A-Z].+)"
)
_BORN_TO_US = re.compile(
    r"(?i)\b(?:I|we) (?:had|have|have just had|just had) (?:an?|our) (?:(?:beautiful|baby|little|first|second|third|"
    r"healthy) )*(?P<noun>girl|boy|son|daughter|baby)\b[^,.]*, (?:called |named |little )?(?P<name>\w+)(?=$|[.,!])"
)
_NAME_IS_MY = re.compile(
    rf"(?P<name>[^\W\d_a-z][\w'-]+(?: [A-Z][\w'-]+)?)(?:,\s+(?:my|our)\s+|\s+is\s+(?:my|our)\s+|\s+\((?:my|"
    rf"our)\s+)(?i:(?P<adj>(?:{_ADJECTIVE}\s+)*)(?P<noun>{_NOUN}))(?=[,.)\s]|$)(?! (?:'s|of)\b)"
)
_PRONOUN_NAMED = re.compile(
    r"(?i)\b(?:(?:(?P<p1>his|her|its|their) names? (?:is|are))|(?:(?P<p2>he|she|it|they) (?:is|are|was|"
    r"were) (?:called|named))|(?:(?:named|call|called|calling|named) (?P<p3>him|her|it|them)))\s+(?P<name>.+)"
)
_NAMED_TAIL = re.compile(
    (
        r"(?i)^(?:'s? names? (?:is|are)|'s called|,? (?:is|are) called|,? (?:is|are) named|,? called|,? named|"
        r",? by the name of|,? whose name is|'s name, which is|,? goes by)\s+(?P<name>.+)"
    ),
    re.DOTALL,
)
_FROM_TAIL = re.compile(r"(?i)^ (?:from|at|in|back) [\w ]{2,20},\s+(?P<name>.+)", re.DOTALL)
_IS_TAIL = re.compile(r"(?i)^,? (?:is|are) (?P<name>.+)", re.DOTALL)
_DIRECT_TAIL = re.compile(r"^[,(]?\s+\(?(?P<name>.+)|^\s?\((?P<paren>.+)", re.DOTALL)
_PLURAL = re.compile(r"(?i)(?:s|kids|children|parents|in-laws|twins|triplets|mice|geese|fish|sheep)$")
_SINGULAR_S = frozenset(("boss", "missus", "tortoise", "fish", "sis", "sheep", "moggies"))


def _kind_of(noun: str) -> str:
    if noun in PARTNERS:
        return "partner"
    if noun in FRIENDS:
        return "friend"
    if noun in NEIGHBOURS:
        return "neighbour"
    if noun in BOSSES:
        return "boss"
    return "relative"


def animal_of(noun: str) -> tuple[str, str]:
    """(animal, breed) of a noun: ("dog", "border collie"), ("cat", ""); ("", "") when it is no animal."""
    low = noun.lower()
    for candidate in (low, singular(low)):
        if candidate in _BREED_OF:
            return _BREED_OF[candidate], candidate
        if candidate in ANIMALS:
            return {
                "puppy": "dog",
                "pup": "dog",
                "doggo": "dog",
                "pooch": "dog",
                "mutt": "dog",
                "hound": "dog",
                "kitten": "cat",
                "kitty": "cat",
                "bunny": "rabbit",
            }.get(candidate, candidate), ""
    return "", ""


_SAME_AS = {
    "husband": "hubby",
    "wife": "missus, mrs, wifey",
    "partner": "fella, other half, better half, spouse",
    "fiancé": "fiance",
    "fiancée": "fiancee",
    "mother": "mum, mom, mam, mummy",
    "father": "dad, daddy",
    "sister": "sis",
    "brother": "bro",
    "son": "lad",
    "sons": "lads",
    "children": "kids",
    "grandmother": "grandma, gran, granny, nan, nana",
    "grandfather": "grandad, granddad, grandpa",
    "aunt": "auntie, aunty",
}
_NORMAL = {said: normal for normal, list_of in _SAME_AS.items() for said in words(list_of, ",")}


def relation(noun: str, adjective: str = "") -> str:
    """Normal form of a relation, as the bank names it: "mum" is "mother"; "twin brother" keeps its word."""
    low = noun.lower().strip()
    low = _NORMAL.get(low, low)
    for kept in ("twin", "half", "step"):
        if kept in adjective.lower().split() and not low.startswith(kept):
            return f"{kept} {low}" if kept == "twin" else f"{kept}-{low}" if kept == "half" else kept + low
    return low


def named(noun: str, adjective: str, who: list[str], people: People) -> list[Found]:
    """Facts that `who` is the user's `noun`; remembers them for later pronouns."""
    animal, breed = animal_of(noun)
    joined = who[0] if len(who) == 1 else ", ".join(who[:-1]) + " and " + who[-1]
    if animal:
        for one in who:
            people.names[one.lower()] = animal
        people.mention(animal)
        out = [Found("pet_name", animal, joined)]
        if breed:
            out.append(Found("pet_breed", animal, breed))
        return out
    low = relation(noun, adjective)
    if len(who) == 1:
        people.names[who[0].lower()] = low
    people.mention(low)
    kind = _kind_of(low)
    return [Found(kind, low if kind in ("partner", "relative") else "", joined)]


def _noun_seen(noun: str, adjective: str, people: People) -> None:
    animal, _ = animal_of(noun)
    people.mention(animal or relation(noun, adjective))


def _of_owned(found: re.Match[str], scene: Scene) -> list[Found]:
    noun, adjective, tail, cased = found["noun"], found["adj"], found["tail"], scene.clause.cased
    if adjective.lower().strip() == "other" or re.match(r"'s (?!name)", tail):
        return []
    _noun_seen(noun, adjective, scene.people)
    several = bool(_PLURAL.search(noun)) and noun.lower() not in _SINGULAR_S
    read = (
        names
        if several or re.match(r"(?i)(?:two|three)", adjective)
        else (lambda text, cased, sure=False: [one for one in [name(text, cased, sure)] if one])
    )
    for pattern, sure in ((_NAMED_TAIL, True), (_FROM_TAIL, False), (_IS_TAIL, False), (_DIRECT_TAIL, False)):
        matched = pattern.match(tail)
        if not matched:
            continue
        text = next(group for group in matched.groups() if group)
        if pattern is _IS_TAIL and not (_capital_first(text) or (several and not cased and _known_names(text))):
            continue
        if pattern is _DIRECT_TAIL and text[:1].isupper() and re.match(r"(?i)(?:I|we|he|she|they|it|my|our)\b", text):
            continue
        who = read(text, cased, sure or (pattern is _IS_TAIL and several))
        if who and who[0].lower() not in PEOPLE and not animal_of(who[0])[0]:
            return named(noun, adjective, who, scene.people)
    return []


def _known_names(text: str) -> bool:
    """ "leo and mia ..." in lower case: one of the two is a name we know."""
    pair = re.match(r"(\w+)(?:, \w+)* and (\w+)", text)
    return bool(pair and {pair[1].lower(), pair[2].lower()} & GIVEN_NAMES)


def _capital_first(text: str) -> bool:
    return text[:1].isupper() and not re.match(
        (
            r"(?:I|I'm|English|French|German|Spanish|Italian|Polish|Irish|Welsh|Scottish|Dutch|Catholic|Muslim|Jewish|"
            r"[A-Z]\w+(?:ish|ese|ian|an))\b"
        ),
        text,
    )


def _counted(text: str, cased: bool) -> list[re.Match[str]]:
    """ "two kids, Leo and Mia" of somebody who has them; ages in between do not count."""
    if (
        not cased
        or not re.search(r"\b(?:I|[Ww]e) (?:also )?(?:have|got|adopted|share|live)\b", text)
        and re.search(r"(?i)\b(?:he|she|they|his|her|has|had|the)\b", text.split("(")[0])
    ):
        return []
    return list(_COUNTED.finditer(re.sub(r",? \(?\d{1,2}\)?(?=\b|,|\))", "", text)))


_SEEING = re.compile(
    r"(?i)\b(?:I|we) (?:am|are|have been|have started|started) (?:\w+ )?(?:seeing|dating|"
    r"going out with) (?:someone|somebody|an? (?:\w+ )?(?:girl|guy|woman|man))\b"
)
_TOGETHER = re.compile(
    r"\b(?:[Mm]e|I) and (?P<a>[\w-]+) (?:have )?been together|(?P<b>[A-Z][\w-]+) and I have been together"
)


def names_told(scene: Scene, text: str) -> list[Found]:
    """Names in a sentence or clause, by apposition or after "called": "my sister Ines", "a cat called Pixel"."""
    out: list[Found] = []
    people, cased = scene.people, scene.clause.cased
    for found in _NAME_IS_MY.finditer(text):
        who = name(found["name"], True)
        if who and not re.match(r"(?i)(?:my|our)\b", who):
            out += named(found["noun"], found["adj"], [who], people)
    at = 0
    while found := OWNED.search(text, at):
        out += _of_owned(found, scene)
        at = found.start("tail")
    out += _the_pet(text, people, cased) + _born(text, people, cased) + _had(text, people, cased)
    out += _couple(text, people, cased)
    for found in _PRONOUN_NAMED.finditer(text):
        out += _pronoun(found, people, cased)
    return out


def _the_pet(text: str, people: People, cased: bool) -> list[Found]:
    out: list[Found] = []
    for found in _THE_PET.finditer(text):
        matched = _NAMED_TAIL.match(" " + found["tail"].lstrip()) or _NAMED_TAIL.match(found["tail"])
        apposed = cased and re.match(r",\s[A-Z][\w'-]+,", found["tail"])
        who = name(matched["name"], cased, True) if matched else name(found["tail"][1:], True) if apposed else ""
        out += named(found["noun"], "", [who], people) if who else []
    return out


def _born(text: str, people: People, cased: bool) -> list[Found]:
    found = _BORN_TO_US.search(text)
    who = name(found["name"], cased, False) if found else ""
    if not found or not who:
        return []
    noun = found["noun"].lower()
    return named({"girl": "daughter", "boy": "son", "lad": "son"}.get(noun, noun), "", [who], people)


def _had(text: str, people: People, cased: bool) -> list[Found]:
    """ "a cat called Pixel", "two kids, Leo and Mia"; not of one they had."""
    out: list[Found] = []
    for found in (*_A_NAMED.finditer(text), *_counted(text, cased)):
        if re.search(r"(?i)(?<!have )(?<!just )\bhad $", text[: found.start()]):
            continue
        many = not re.match(r"(?i)(?:an?|one|another|this)$", found["count"])
        who = names(found["name"], cased, True)[: None if many else 1]
        noun = found["noun"].lower()
        owned = animal_of(noun)[0] or noun in KIN or noun in PARTNERS or re.search(r"(?i)\b(?:I|we) have\b", text)
        out += named(noun, found["adj"], who, people) if who and owned else []
    return out


def _couple(text: str, people: People, cased: bool) -> list[Found]:
    if _SEEING.search(text):
        people.mention("partner")
    found = _TOGETHER.search(text)
    who = name(found["a"] or found["b"], cased, True) if found else ""
    return named("partner", "", [who], people) if who else []


def _pronoun(found: re.Match[str], people: People, cased: bool) -> list[Found]:
    """ "His name is Mango", "we named her Pesto"; a pet that had a name before is not meant."""
    said = (found["p1"] or found["p2"] or found["p3"]).lower()
    who = names(found["name"], cased, True)
    if said in ("him", "her", "it") and re.match(r"(?i)named|called", found[0]):
        # Only a pet or a baby is "named" by the user.
        baby = next((one for one in (people.she, people.he) if one in ("baby", "daughter", "son")), "")
        fresh = baby or (people.it and people.it not in people.named_pets)
        return named(people.it or baby, "", who[:1], people) if who and fresh else []
    pronoun = {"his": "he", "him": "he", "her": "she", "its": "it"}.get(said, said)
    meant = getattr(people, pronoun) if pronoun in ("he", "she", "it") else people.they
    if not meant or not who or (pronoun in ("he", "she", "it") and meant in people.named_pets):
        return []
    return named(meant, "", who if pronoun not in ("he", "she", "it") else who[:1], people)
