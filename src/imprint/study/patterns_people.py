"""Names: the user's own, and those of partners, relatives, friends, neighbours and pets, wherever they stand in a sentence."""

import re

from imprint.study.found import Found, People, Scene
from imprint.study.lexicon import ACQUAINTANCES, ANIMALS, BOSSES, BREEDS, FRIENDS, KIN, NEIGHBOURS, PARTNERS
from imprint.study.spans import name, names, place, singular


def _either(words: frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_PEOPLE = PARTNERS | KIN | ACQUAINTANCES | FRIENDS | NEIGHBOURS | BOSSES
_PETS = ANIMALS | {animal + "s" for animal in ANIMALS}
_BREED_OF = {breed: animal for animal, breeds in BREEDS.items() for breed in breeds}
_NOUN = rf"(?:{_either(_PEOPLE | _PETS | frozenset(_BREED_OF))})"
_ADJECTIVE = (
    r"(?:little|older|elder|eldest|oldest|big|younger|youngest|baby|twin|half|step|late|lovely|dear|beloved|poor|amazing|best|old|closest|good|new|rescue|"
    r"other|only|middle|first|second|crazy|daft|stupid|gorgeous|next-door|upstairs|downstairs|line|work|uni|school|maternal|paternal|great|\d+[- ]year[- ]old|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)[- ]year[- ]old|black|white|grey|ginger|fat|tiny|giant|elderly|wonderful|pet|two|three|four|teenage)"
)
_OWNED = re.compile(rf"(?i)\b(?P<own>my|our)\s+(?P<adj>(?:{_ADJECTIVE},?\s+)*)(?P<noun>{_NOUN})(?P<tail>(?:\s|,|\(|$|').*)", re.DOTALL)
_THE_PET = re.compile(rf"(?i)\bthe (?P<noun>{_either(_PETS)})(?P<tail>(?:,| is called| is named)\s.*)")
_A_NAMED = re.compile(
    rf"(?i)\b(?P<count>an?|one|two|three|four|five|\d|another|this|identical)\s+(?P<adj>(?:[\w-]+\s+){{0,3}}?)(?P<noun>{_NOUN})s?\s*(?:,|\()?\s*"
    rf"(?:called|named|by the name of|who is called|whose name is|whose names are|who we call|and (?:his|her|its|their) names? (?:is|are))\s+(?P<name>.+)"
)
_COUNTED = re.compile(
    rf"\b(?i:(?P<count>an?|one|two|three|four|five|\d|another)\s+(?P<adj>(?:[\w-]+\s+){{0,3}}?)(?P<noun>{_NOUN})s?)\s*[,(:]\s*(?P<name>[A-Z].+)"
)
_NAME_IS_MY = re.compile(
    rf"(?P<name>[^\W\d_a-z][\w'-]+(?: [A-Z][\w'-]+)?)(?:,\s+(?:my|our)\s+|\s+is\s+(?:my|our)\s+|\s+\((?:my|our)\s+)(?i:(?P<adj>(?:{_ADJECTIVE}\s+)*)(?P<noun>{_NOUN}))(?=[,.)\s]|$)(?! (?:'s|of)\b)"
)
_PRONOUN_NAMED = re.compile(
    r"(?i)\b(?:(?:(?P<p1>his|her|its|their) names? (?:is|are))|(?:(?P<p2>he|she|it|they) (?:is|are|was|were) (?:called|named))|(?:(?:named|call|called|calling|named) (?P<p3>him|her|it|them)))\s+(?P<name>.+)"
)
_NAMED_TAIL = re.compile(r"(?i)^(?:'s name is|'s names are|'s called|,? (?:is|are) called|,? (?:is|are) named|,? called|,? named|,? by the name of|,? whose name is|'s name, which is|,? goes by)\s+(?P<name>.+)", re.DOTALL)
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
            return {"puppy": "dog", "pup": "dog", "doggo": "dog", "pooch": "dog", "mutt": "dog", "hound": "dog", "kitten": "cat", "kitty": "cat", "bunny": "rabbit"}.get(candidate, candidate), ""
    return "", ""


def relation(noun: str, adjective: str = "") -> str:
    """Normal form of a relation: "little sister" stays "sister", "twin brother" and "youngest" keep their word."""
    low = noun.lower().strip()
    low = {"hubby": "husband", "missus": "wife", "wifey": "wife", "fiance": "fiancé", "fiancee": "fiancée", "sis": "sister", "bro": "brother", "other half": "partner", "better half": "partner", "spouse": "partner"}.get(low, low)
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
    read = names if several or re.match(r"(?i)(?:two|three)", adjective) else (lambda text, cased, sure=False: [one for one in [name(text, cased, sure)] if one])
    for pattern, sure in ((_NAMED_TAIL, True), (_FROM_TAIL, False), (_IS_TAIL, False), (_DIRECT_TAIL, False)):
        matched = pattern.match(tail)
        if not matched:
            continue
        text = next(group for group in matched.groups() if group)
        if pattern is _IS_TAIL and not (_capital_first(text) or (several and not cased and re.fullmatch(r"\w+(?:, \w+)* and \w+", text))):
            continue
        if pattern is _DIRECT_TAIL and text[:1].isupper() and re.match(r"(?i)(?:I|we|he|she|they|it|my|our)\b", text):
            continue
        who = read(text, cased, sure or (pattern is _IS_TAIL and several))
        if who and who[0].lower() not in _PEOPLE and not animal_of(who[0])[0]:
            return named(noun, adjective, who, scene.people)
    return []


def _capital_first(text: str) -> bool:
    return text[:1].isupper() and not re.match(r"(?:I|I'm|English|French|German|Spanish|Italian|Polish|Irish|Welsh|Scottish|Dutch|Catholic|Muslim|Jewish|[A-Z]\w+(?:ish|ese|ian|an))\b", text)


def names_told(scene: Scene, text: str) -> list[Found]:
    """Names in apposition or after "called", in a whole sentence or clause: "my sister Ines", "a cat called Pixel", "Ines, my sister"."""
    out: list[Found] = []
    people, cased = scene.people, scene.clause.cased
    for found in _NAME_IS_MY.finditer(text):
        who = name(found["name"], True)
        if who and not re.match(r"(?i)(?:my|our)\b", who):
            out += named(found["noun"], found["adj"], [who], people)
    at = 0
    while found := _OWNED.search(text, at):
        out += _of_owned(found, scene)
        at = found.start("tail")
    for found in _THE_PET.finditer(text):
        matched = _NAMED_TAIL.match(" " + found["tail"].lstrip()) or _NAMED_TAIL.match(found["tail"])
        who = name(matched["name"], cased, True) if matched else name(found["tail"][1:], True) if cased and re.match(r",\s[A-Z][\w'-]+,", found["tail"]) else ""
        if who:
            out += named(found["noun"], "", [who], people)
    for found in (*_A_NAMED.finditer(text), *(_COUNTED.finditer(text) if cased and re.search(r"\b(?:I|[Ww]e) (?:also )?(?:have|got|adopted)\b", text) else ())):
        many = not re.match(r"(?i)(?:an?|one|another|this)$", found["count"])
        who = names(found["name"], cased, True) if many else [one for one in [name(found["name"], cased, True)] if one]
        noun = found["noun"].lower()
        if who and (animal_of(noun)[0] or noun in KIN or noun in PARTNERS or re.search(r"(?i)\b(?:I|we) have\b", text)):
            out += named(noun, found["adj"], who, people)
    for found in _PRONOUN_NAMED.finditer(text):
        said = (found["p1"] or found["p2"] or found["p3"]).lower()
        who_is = {"his": people.he, "he": people.he, "him": people.he, "her": people.she, "she": people.she, "it": people.it, "its": people.it}.get(said, people.they)
        who = names(found["name"], cased, True)
        if who_is and who:
            out += named(who_is, "", who if said in ("their", "they", "them") else who[:1], people)
    return out


_OWN_NAME = re.compile(
    r"(?i)^(?:(?:hi|hello|hey)[ ,]+)?(?:my (?:full |first |real |actual |given )?name is|I am called|I am named|you can call me|please call me|just call me|call me|I go by|the name is|name is|this is|it is)\s+(?P<name>.+)"
)
_NICKNAME = re.compile(
    r"(?i)^(?:(?:but )?(?:my (?:friends|mates|family|mum|mom|dad|colleagues|brother|sister|wife|husband|gran|nan)|everyone|everybody|people|most people|friends|they|you can|the kids|the lads)(?: at \w+)?(?: all| just| usually| always| still| mostly)* calls? me|"
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
    found = _OWN_NAME.match(clause.text)
    if found:
        weak = re.match(r"(?i)(?:this is|it is)\b", clause.text)
        if weak and not re.match(r"[A-Z][\w'-]+(?: (?:here|again|speaking)|$)", found["name"]):
            return []
        called = name(found["name"], clause.cased, not weak)
        if not called or called.lower() in _PEOPLE:
            return []
        more = re.match(r"\s*,?\s*(?P<age>[1-9]\d)?(?=$|[\s,.])(?:\s*,?\s*(?:and )?from (?P<from>.+))?", found["name"][len(called) :])
        age, origin = (more["age"], place(more["from"], clause.cased) if more["from"] else "") if more else ("", "")
        return [Found("name", "", called)] + ([Found("age", "", age)] if age else []) + ([Found("origin", "", origin)] if origin else [])
    if clause.frame.subject == "I" and clause.frame.verb == "be" and not clause.frame.negative and not clause.frame.past:
        return _introduced(clause.frame.rest, clause.sentence, clause.cased)
    return []


def _introduced(rest: str, sentence: str, cased: bool) -> list[Found]:
    """ "I'm Sam": a capitalised word that is no nationality, faith or place; lower case only after a greeting."""
    word = rest.split()[0].strip(",.") if rest.split() else ""
    after = rest[len(word) :].strip(" ,.")
    greeted = bool(re.match(r"(?i)\W*(?:hi+|hey+|hello|hiya|yo|good \w+|morning|evening)\b", sentence))
    ends = not after or bool(re.match(r"(?i)(?:and|from|by the way|here|a|an|the|\d|your|nice|but|short for|age[d]?|or|[A-Z][\w'-]+$|[A-Z][\w'-]+ (?:and|from|by)\b)", after))
    if not word or not ends or word.lower() in _NO_INTRODUCTION or re.search(r"(?i)(?:ish|ese|ian|ist|ing|ed|ic|ful|ous|less|ive)$", word):
        return []
    if not word[0].isupper() and not (greeted and not cased):
        return []
    called = name(rest, cased, True)
    return [Found("name", "", called)] if called else []


_NO_INTRODUCTION = frozenset(
    "in on at from about going new back here free good great fine ok okay well so not a an the my your very really just all also still always never vegan vegetarian muslim hindu sikh jewish "
    "catholic christian german french dutch greek swiss welsh mexican american african korean canadian asian indian italian dyslexic autistic adhd sorry sure ready done late early off out up home tired "
    "happy sad bored hungry busy curious confused lost stuck ill sick worried afraid single married divorced retired unemployed pregnant allergic deaf blind over under between both kind sort more most much "
    "team type half part only now then too like into against for with without after before one two three four five six seven eight nine ten twenty thirty forty fifty sixty celiac coeliac veggie keto "
    "teetotal sober halal kosher left right gluten lactose dairy plant he she it they we you lgbt gay bi trans straight queer lesbian tall short big small old young thai turk pole dane swede finn scot brit kiwi czech".split()
)
