"""Short values cut out of a clause: things, lists, names, places and times, in the user's own words."""

import re

from imprint.detect.words import words
from imprint.study.given_names import GIVEN_NAMES
from imprint.study.rewrite import second_person
from imprint.study.words import CLOCK, DAYS, LEADING, NOT_NAMES, NOT_VALUES, OFTEN, STOP_AT, TRAILING, WHEN

# Plain spaces only: the hard spaces of `held_together` must not part.
SEPARATOR = re.compile(r" *, *(?:and |or |plus )?| +(?:and|or|plus|as well as|&) +")
_BOUND = re.compile(
    r"(?i)\b(fish and chips|mac and cheese|rock and roll|rock and pop|drum and bass|r and b|bread and butter|"
    r"gin and tonic|salt and vinegar|salt and pepper|"
    r"dungeons and dragons|black and white|bed and breakfast|ham and eggs|bacon and eggs|eggs and bacon|"
    r"eggs and toast|peanut butter and jelly|cheese and onion|"
    r"sweet and sour|arts and crafts|country and western|pie and mash|bangers and mash|rice and peas|"
    r"cheese and crackers|toast and jam|rum and coke|"
    r"kings and queens|health and safety|crime and punishment|pride and prejudice|war and peace|"
    r"marks and spencer|strawberries and cream|"
    r"toast and marmite|tea and toast|porridge and berries|yoghurt and \w+|toast and \w+|eggs on toast|"
    r"\w+ and lemon|milk and sugar|beans and toast|rice and beans|simon and garfunkel|belle and sebastian|"
    r"track and field)\b"
)
_EDGE = " ,.;:!?\"'-()"


def thing(text: str, limit: int = 5, stop: bool = True) -> str:
    """The short noun phrase at the start of `text`, without determiners; "" when there is none worth keeping."""
    text = text.strip(_EDGE)
    lead = LEADING.match(text)
    if lead:
        text = text[lead.end() :]
    if stop:
        cut = STOP_AT.search(text)
        if cut:
            text = text[: cut.start()]
    words = text.split()
    if len(words) > limit:
        words = _shorter(words, limit)
    text = " ".join(words)
    while True:
        shorter = TRAILING.sub("", text)
        if shorter == text:
            break
        text = shorter
    text = LEADING.sub("", text.strip(_EDGE)) if text.strip(_EDGE).lower() not in NOT_VALUES else text.strip(_EDGE)
    if text.lower() in NOT_VALUES or len(text) < 2 or not re.search(r"\w", text):
        return ""
    if re.match(r"(?i)(?:that|this|it|what|how|when|where|why|who|if|to)\b", text):
        return ""
    return second_person(text)


def _shorter(words: list[str], limit: int) -> list[str]:
    """Cut a long phrase before its last preposition that leaves something behind, else hard."""
    for index in range(min(limit, len(words) - 1), 0, -1):
        if words[index].lower() in (
            "of",
            "in",
            "on",
            "at",
            "with",
            "for",
            "from",
            "to",
            "by",
            "and",
            "that",
            "which",
            "near",
            "about",
        ):
            return words[:index]
    return words[:limit]


def held_together(text: str) -> str:
    """`text` with hard spaces inside "fish and chips" and the like, so that lists are not cut there."""
    return _BOUND.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def things(text: str, most: int = 4) -> list[str]:
    """The items of a list ("jazz, old ska and dub because ...") in order, each as `thing` gives it."""
    held = held_together(text.strip(_EDGE))
    out: list[str] = []
    for item in SEPARATOR.split(held):
        item = item.replace("\u00a0", " ")
        bare = LEADING.sub("", item.strip(_EDGE))
        stopped = STOP_AT.search(bare)
        if out and re.match(
            (
                r"(?i)(?:I|we|you|he|she|they|it|my|not|then|also|so|always|never|now|can|do|is|are|am|will|would|have|"
                r"has|been|but|maybe)\b"
            ),
            item,
        ):
            break
        if out and re.match(
            r"(?i)(?:tastes?|smells?|makes?|gives?|looks?|feels?|reminds?|drives?|brings?|keeps?|sounds?)\b", item
        ):
            break
        if out and re.search(r"(?i)\b(?:a|per|every|each) (?:day|week|month|morning|night)\b", item):
            break
        if out and re.fullmatch(r"(?i)(?!family|butterfly|jelly)\w{4,}ly", item.strip(_EDGE)):
            break
        if out and re.search(r"(?i)\w (?:can|do|does|is|are|have|has|will|would|was|were|did)(?: not)? \w", item):
            break
        found = thing(item)
        if not found:
            break
        if found.lower() not in [known.lower() for known in out]:
            out.append(found)
        if stopped or len(out) == most:
            break
    return out


_NAME_WORD = r"[A-ZÀ-ÖØ-ÞŠŽŁĆČŚŻĐ][\w'’-]*"
_NAME = re.compile(rf"({_NAME_WORD}(?:[ -](?:{_NAME_WORD}|de|van|der|von|la|al|el|O'\w+|Mc\w+)(?=\W|$))*)")
_ENDS_OFTEN = re.compile(r"(?i)(?:ing|ed|ly|ness|tion|ment)$")


def name(text: str, cased: bool, sure: bool = False, most: int = 3) -> str:
    """The proper name at the start of `text`; `sure`: after "is called", where lower case counts too."""
    text = text.lstrip(" ,:\"'").rstrip(_EDGE)
    found = _NAME.match(text)
    if found:
        words = found[1].split()
        while words and words[-1].lower() in ("i", "and"):
            words.pop()
        if words and words[0].lower() not in NOT_NAMES and not re.fullmatch(r"(?:[A-Z]\.?)|I", words[0]):
            return re.sub(r"'s?$", "", " ".join(words[:most]).strip(_EDGE))
        return ""
    if cased and not sure:
        return ""
    words = text.split()
    if not words:
        return ""
    word = words[0].strip(_EDGE)
    if word.endswith("'s"):
        return ""
    low = word.lower()
    if low in NOT_NAMES or not re.fullmatch(r"[^\W\d_][\w'-]+", low) or (not sure and _ENDS_OFTEN.search(low)):
        return ""
    if not sure:
        following = words[1].lower().strip(_EDGE) if len(words) > 1 else ""
        ends = len(words) == 1 or word != words[0]
        if not ends and following not in _AFTER_NAME and low not in GIVEN_NAMES:
            return ""
        if low.endswith("s") and low not in GIVEN_NAMES and following in ("", "a", "the", "in", "at"):
            return ""
    return _capital(word)


_AFTER_NAME = frozenset(
    words(
        "is was has and who are in works lives loves likes hates had just will would can turned got plays came comes "
        "does did said says for he she with to from wants needs on at also always still never moved started goes "
        "went keeps broke knocked ate wont will woke made makes makes teaches studies drives"
    )
)


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def names(text: str, cased: bool, sure: bool = False) -> list[str]:
    """Names of a list: "Leo and Mia", "Ana, Bea and Cleo"."""
    out: list[str] = []
    for item in re.split(r"\s*,\s*(?:and )?|\s+and\s+|\s*&\s*", text.strip(_EDGE)):
        item = re.sub(r"(?i)^(?:the |both |one is |other is |one |little |called |named )+", "", item)
        found = name(item, cased, sure)
        if not found:
            break
        out.append(found)
        if len(item.strip(_EDGE).split()) > len(found.split()):
            break
    return out[:4]


_PLACE_STOP = re.compile(
    rf"(?i)\s*(?:[,;:.!?(]|\s-\s|\s(?:and|with|for|since|because|when|while|where|which|but|so|now|right|these|"
    rf"at the|from|until|as|after|before|by|to be|to see|to visit|to study|to work|to do|to run|"
    rf"though|near|on my|on our|to|in a|in an|nowadays|currently|last|this|next|again|already|too|who|that|is|"
    rf"are|was|actually|permanently|originally|instead|till|til|again|back|full|if|about|via|once|then|all|every|via|"
    rf"on holiday|together|alone|"
    rf"(?:\w+|\d+|a few|a couple of) (?:years?|months?|weeks?|days?) ago|in \d|in (?:january|february|march|"
    rf"april|may|june|july|august|september|october|november|december|the (?:spring|summer|autumn|winter)|two|"
    rf"three|four|five|six|a|about)|on (?:\d|the \d|{'|'.join(DAYS)})|(?:{WHEN}))(?=\s|$|[,.!?]))"
)
_NOT_PLACES = re.compile(
    r"(?i)^(?:bed|work|school|uni|university|college|town|touch|trouble|love|general|fact|time|need|charge|"
    r"hospital|pain|here|there|home|house|it|that|this|life|peace|fear|chaos|hell|harmony|sin|"
    r"my\b|our\b|your\b|his\b|her\b|their\b|[ai]n? (?:hurry|rush|mood|meeting|bit|lot|good|bad|great|new job|"
    r"relationship|band|mess|world|way|bubble)|me\b|the (?:moment|mood|middle|office|house|car|pub|shop|gym|"
    r"garden|kitchen|same|past|present|future|dark|morning|evening|process|world|shower|bath|loop)\b)"
)


def place(text: str, cased: bool, anything: bool = False) -> str:
    """The place at the start of `text`. Unless `anything` goes, a writer who uses capitals must have used one."""
    text = re.sub(
        (
            r"(?i)^(?:both|sunny|rainy|lovely|beautiful|good old|a place called|a town called|a village called|"
            r"the city of)\s+"
        ),
        "",
        text.strip(_EDGE),
    )
    text = re.sub(rf"^(the (?:\w+ )?(?:town|city|village|suburb|island) (?:of|called) )(?={_NAME_WORD})", "", text)
    if not text or _NOT_PLACES.match(text):
        return ""
    small = re.match(
        (
            rf"(?i)(?:an?|the)\s+(?P<p>(?:[a-z]+ ){{0,2}}(?:village|town|island|city|farm|suburb|hamlet) (?:near|in|"
            rf"outside|of|off|on|just outside|north of|south of|called) (?:the )?{_NAME_WORD}(?: {_NAME_WORD})*)"
        ),
        text,
    )
    named = re.search(rf"\bcalled (?P<n>{_NAME_WORD}(?: {_NAME_WORD})*)", text)
    if small:
        return named["n"] if named else small["p"]
    first = text.split(",")
    cut = _PLACE_STOP.search(text)
    kept = text[: cut.start()] if cut else text
    # "Portland, Oregon": a capital straight after the comma belongs to the place.
    if (
        len(first) > 1
        and cut
        and cut[0].strip().startswith(",")
        and re.fullmatch(rf"\s*{_NAME_WORD}(?: {_NAME_WORD})?\s*", first[1])
        and cased
    ):
        kept = f"{first[0]},{first[1]}"
    kept = kept.strip(_EDGE)
    words = kept.split()
    if not words or len(words) > 6:
        return ""
    has_capital = bool(re.search(r"[A-ZÀ-Þ]", kept))
    if cased and not has_capital and not anything:
        return ""
    kept = re.sub(r"(?i)^(?:a|an) (?!coruña)", "", kept)
    kept = re.sub(r"^(?:the|The) (?=[a-z]+$)", "", kept)
    if not has_capital and not anything and len(words) <= 3:
        small = ("the", "of", "in", "upon", "on", "near", "a", "north", "south", "east", "west", "le", "la", "de")
        kept = " ".join(w if w in small else _capital(w) for w in kept.split())
    return "" if kept.lower() in NOT_VALUES else kept


_WHEN = re.compile(rf"(?i)(?<![\w'])({WHEN})(?![\w'])")
_CLOCK = re.compile(rf"(?i)(?<![\w.:])({CLOCK})(?![\w:%])")
_OFTEN = re.compile(rf"(?i)(?<![\w'])({OFTEN})(?![\w'])")


def when(text: str) -> str:
    """The first calendar time named, without its preposition: "on 3 June" -> "3 June"."""
    for found in _WHEN.finditer(text):
        said = found[1].strip()
        # The verb "may", and "march" as walking, are no months.
        if said.lower() in ("may", "march", "mar", "sat", "sun", "fall", "spring", "second") and not said[0].isupper():
            continue
        return re.sub(
            (
                r"(?i)^(?:on|in|from|for|at|by|over|during)\s+(?!about)(?!\d+ (?:days|weeks|months|years))(?!(?:a|two|"
                r"three|four|five|six|ten|a few|a couple of) (?:days?|weeks?|months?|years?))"
            ),
            "",
            said,
        )
    return ""


def clock(text: str) -> str:
    """The first time of day named: "half past six", "5:30", "around 7am" -> "7am"."""
    found = _CLOCK.search(text)
    if not found:
        return ""
    said = re.sub(r"(?i)^(?:about|around|roughly|like|by)\s+", "", found[1].strip())
    if re.fullmatch(r"\d{3,}", said):
        return ""
    tail = re.match(r"(?i)\s+(?:in the (?:morning|evening|afternoon)|at night|sharp)", text[found.end() :])
    return said + (tail[0].replace(" sharp", "") if tail else "")


def often(text: str) -> str:
    """How often or when in the week: "every Tuesday evening", "twice a week"."""
    found = _OFTEN.search(text)
    return found[1].strip() if found else ""


_DAYS = {
    "mo": "Monday",
    "tu": "Tuesday",
    "we": "Wednesday",
    "th": "Thursday",
    "fr": "Friday",
    "sa": "Saturday",
    "su": "Sunday",
}
_DAY_STEM = r"(mon|tues?|wednes|weds?|thurs?|fri|satur|sun)"
_HABIT_DAY = re.compile(
    rf"(?i)\b{_DAY_STEM}(?:day)?(?:s\b|(?= (?:mornings|evenings|nights|afternoons|lunchtimes)\b))|\b(?:every|"
    rf"each|most) (?:single |other |second )?{_DAY_STEM}(?:day)?\b(?: and {_DAY_STEM}(?:day)?\b)?"
)


def days_named(text: str) -> list[str]:
    """The weekdays of a habit: "on Mondays and Fridays" -> Monday, Friday; "every Tue evening" -> Tuesday."""
    stems = [stem for found in _HABIT_DAY.finditer(text) for stem in found.groups() if stem]
    return list(dict.fromkeys(_DAYS[stem[:2].lower()] for stem in stems))


def singular(noun: str) -> str:
    """Rough singular of the last word: "guinea pigs" -> "guinea pig", "ponies" -> "pony"."""
    low = noun.lower()
    for plural, one in (
        ("mice", "mouse"),
        ("geese", "goose"),
        ("sheep", "sheep"),
        ("fish", "fish"),
        ("puppies", "puppy"),
        ("children", "child"),
        ("wolves", "wolf"),
    ):
        if low.endswith(plural):
            return low[: -len(plural)] + one
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "xes", "sses")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low


def without_times(text: str) -> str:
    """`text` with calendar times, clock times and frequencies taken out (what is done, not when)."""
    for pattern in (_OFTEN, _WHEN):
        text = pattern.sub(" ", text)
    text = re.sub(rf"(?i)\b(?:at|from|until|till|by)\s+{CLOCK}(?![\w:])", " ", text)
    return re.sub(r"\s+", " ", text).strip(_EDGE)
