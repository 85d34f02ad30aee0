"""Casual writing made regular: quotes, lost apostrophes, contractions and slang, so that rules see one form."""

import re

_PLAIN = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "…": ". ", "–": " - ", "—": " - "})
_DASHES = re.compile(r"\s+-{1,2}\s+|(?<=\w)--(?=\w)")
_NOISE = re.compile(r"https?://\S+|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200d]|(?<!\w)[:;]-?[)(DPp]+(?!\w)|<3")
_LAUGHTER = re.compile(r"(?i)\b(?:lo+l|lmao|ha(?:ha)+|he(?:he)+|hi(?:hi)+|rofl|omg|xd|xx+)\b[,!.]*")
_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Jr|Sr|approx|vs|etc|Rd|Ave)\.(?=\s|,|$)")
_CLOCK_DOTS = re.compile(r"(?i)(?<=\d)\s?([ap])\.m\.?|\b([ap])\.m\.")

_SUBJECTS = "he|she|it|that|there|here|what|who|where|how|everything|name|nothing|something|everyone|nobody|which"
_DOING = (
    "visiting|coming|getting|living|working|studying|learning|going|moving|turning|starting|expecting|training|"
    "teaching|staying|having|doing|running|making|thinking|looking|trying"
)
_AFTER_IS = rf"a|an|the|called|named|not|also|always|really|so|very|just|still|my|our|allergic|vegan|{_DOING}"
_RELATED = (
    "wife|husband|partner|girlfriend|boyfriend|mum|mom|dad|mother|father|sister|brother|son|daughter|friend|mate|"
    "dog|cat|boss|neighbour|nan|gran|grandad|cousin|aunt|uncle|kid|flatmate|housemate|rabbit|hamster|horse"
)

_REPLACEMENTS: tuple[tuple[str, str], ...] = (
    # Lost apostrophes. "its", "were", "ill", "id" are words too and need their surroundings.
    (r"\bim(?=\s)(?!\s+here to)", "I'm"),
    (r"\bive\b", "I've"),
    (
        r"\bill(?= (?:be|go|have|take|need|probably|always|never|turn|literally|die|swell|explode|puke|cry|end up)\b)",
        "I'll",
    ),
    (r"\bid(?= (?:love|like|rather|say|prefer|really|never|always)\b)", "I'd"),
    (r"\b(do|does|did|is|are|was|have|has|had|could|would|should|were(?=nt))nt\b", r"\1n't"),
    (r"\bcant\b|\bcan't\b|\bcannot\b", "can not"),
    (r"\bwont\b|\bwon't\b", "will not"),
    (r"\bi\s+ain'?t\b", "I am not"),
    (r"\bain'?t\b", "is not"),
    (r"\b(he|she|that|there|what|who|here|where)s\b", r"\1's"),
    (r"\b(they|we|you)(?:'| )?ve\b", r"\1 have"),
    (r"\b(they|you)re\b|\b(they|you|we)'re\b", r"\1\2 are"),
    (r"\bits(?= (?:a|an|the|my|our|not|been|so|called|really|just|me)\b)", "it's"),
    (rf"\b(my|our) ({_RELATED})s(?= (?:names?|called|a|an)\b)", r"\1 \2's"),
    (r"\b(my|our) names\b", r"\1 name's"),
    (r"\b(my (?:\w+ )?\w+'s) names\b", r"\1 name's"),
    # Contractions.
    (r"\bI'm\b", "I am"),
    (r"\bI've\b", "I have"),
    (r"\b(I|we|you|he|she|they)'ll\b", r"\1 will"),
    (r"\b(I|we|he|she|they)'d(?= (?:been|gone|had|never been|just)\b)", r"\1 had"),
    (r"\b(I|we|you|he|she|they)'d\b", r"\1 would"),
    (r"\blet'?s\b", "let us"),
    (rf"\b({_SUBJECTS})'s(?= (?:been|got|had)\b)", r"\1 has"),
    (rf"\b({_SUBJECTS})'s\b", r"\1 is"),
    (r"(\w+)'s(?= (?:been|got)\b)", r"\1 has"),
    (rf"(\w+)'s(?= (?:{_AFTER_IS}|\d+)\b)", r"\1 is"),
    (
        (
            r"\b(birthday|wedding|exam|interview|favourite \w+|fave \w+|goal|dream)'s(?= (?:on|in|the|next|this|at|to|"
            r"def\w+|prob\w+|got|[A-Z]))"
        ),
        r"\1 is",
    ),
    (r"n't\b", " not"),
    # Slang.
    (r"\b(?:gonna|gunna)\b", "going to"),
    (r"\bwanna\b", "want to"),
    (r"\bgotta\b", "have to"),
    (r"\b(?:cuz|coz|'cause|b/?c)\b", "because"),
    (r"\bcos\b(?! lettuce)", "because"),
    (r"^((?:\W*(?:hi|hey|hello|yo))?\W*)names (?=\w+)", r"\1name is "),
    (r"((?:^|[,.;]) ?)were (?=called\b|off to\b|based\b|from\b|both\b|all\b|a \w+)", r"\1we are "),
    (r"\btho\b", "though"),
    (r"\brn\b", "right now"),
    (r"\batm\b", "at the moment"),
    (r"\bb-?day\b", "birthday"),
    (r"\bbff\b|\bbestie\b", "best friend"),
    (r"\bbf\b", "boyfriend"),
    (r"\bgf\b", "girlfriend"),
    (r"\bfav(?:e|ou?rites?|orites?|)\b", "favourite"),
    (r"\bneighbor(s?)\b", r"neighbour\1"),
    (r"\bluv\b", "love"),
    (r"\b(?:kinda|sorta)\b", "quite"),
    (r"\b(?:a wee bit|a (?:little )?bit)(?= (?:of a )?\w)", "quite"),
    (r"\bquite of a(?= )", "a"),
    (r"\bur\b", "your"),
    (r"\bu\b", "you"),
    (r"\bw/(?= ?\w)", "with "),
    (r"\bw (?=my\b|the\b|a\b|me\b|our\b)", "with "),
    (r"\s&\s|(?<=\w) '?n'? (?=\w)", " and "),
    (r"\b(\d+) ?(?:y/?o|yrs? old|years? of age)\b", r"\1 years old"),
    (r"\bany ?more\b", "any more"),
    (
        (
            r"\b(?:tbh|ngl|imo|imho|btw|fyi|tbf|lowkey|literally|to be (?:honest|fair)|i must (?:say|admit)|"
            r"by the way)\b,?"
        ),
        "",
    ),
    (r"\bi\b", "I"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), new) for pattern, new in _REPLACEMENTS)
_SPACES = re.compile(r"[ \t]+")


def regular(text: str) -> str:
    """`text` with plain quotes, spelled-out contractions and slang, no emoji; "i" is "I". Line breaks stay."""
    text = _NOISE.sub(" ", text.translate(_PLAIN))
    text = _LAUGHTER.sub(" ", text)
    text = _ABBREVIATED.sub(r"\1", text)
    text = _CLOCK_DOTS.sub(lambda found: (found[1] or found[2]).lower() + "m", text)
    text = _DASHES.sub(" - ", text)
    for pattern, new in _COMPILED:
        text = pattern.sub(new, text)
    return _SPACES.sub(" ", text).strip()


def is_cased(text: str) -> bool:
    """Whether the writer uses capitals for names at all: any capital beyond a lone "I" and sentence starts."""
    inner = re.sub(r"(?:^|[.!?\n]\s*)\w", " ", text)
    return bool(re.search(r"[A-Z]", re.sub(r"\bI\b", "", inner)))
