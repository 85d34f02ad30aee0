"""A turn cut into sentences, and a sentence into clauses, before anything is understood of them."""

import re

from imprint.detect.verbs import THIRD

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+|\n+|\.{2,}")
_RUN_ON = re.compile(r"(?<=\w) (?=I (?:am|have|live|work|also)\b)")
_KEEPS_RUN_ON = re.compile(
    r"(?i)(?:^(?:hi+|hey+|hello|hiya|yo|well|so|oh|yeah|yes|no|ok|okay)|\b(?:that|and|but|so|because|since|if|"
    r"when|while|what|where|which|who|think|guess|imagine|suppose|pretend|assume|like|say|said|know|mean|as|than|"
    r"though|although|until|after|before|how|you|place|thing|things|all|one|only|everything|says|or|believe|"
    r"where|now|then|also|still|maybe|once|whenever|the \w+))$"
)
_STRONG = re.compile(r"\s*[;()\[\]]\s*|:(?!\d)\s*|\s+-+\s+|\s+/\s+")
_QUOTED = re.compile(r"\"([^\"]*)\"")
_NAMES_IT = re.compile(
    r"(?i)\b(?:called|named|name is|nicknamed|call (?:me|him|her|it)|titled|book|film|song|show)\s*,?\s*$"
)
_PRONOUN = (
    r"(?:most people call|people call|everyone calls|everybody calls|friends call|I|we|my|our|he|she|they|it|there|"
    r"that|this|you|his|her|their|mine|ours)\b"
)
_ADVERB = (
    r"(?:(?:also|now|then|just|really|still|always|usually|actually|recently|sometimes|mostly|currently|often|"
    r"only)\s+)?"
)
_VERB_WORDS = (
    "am|was|have|had|got|live|lived|lives|work|works|worked|love|loves|hate|hates|like|likes|enjoy|enjoys|prefer|"
    "prefers|play|"
    "plays|speak|speaks|own|owns|drive|drives|drove|ride|rides|cycle|commute|collect|collects|support|supports|"
    "follow|study|"
    "studies|studied|teach|teaches|run|runs|swim|drink|drinks|eat|eats|cook|bake|moved|grew|been|can not|do not|"
    "does not|never|"
    "used to|started|stopped|quit|gave up|went|switched|bought|sold|wake|get up|go to|go|goes|take|keep|want to|"
    "hope to|"
    "plan to|is|are|has|wants|moves|turned|turns|turn|married|joined|left|became|met|will|would|usually|wear|"
    "listen|watch|read|"
    "knit|sing|volunteer|coach|stay|rent|share|stick|need to|adopted|retired|graduated|switch|call|calls|tend to|avoid"
)
_DOING_WORDS = (
    "working|living|studying|learning|training|planning|hoping|trying|flying|moving|saving|driving|expecting|teaching|"
    "thinking of|turning|getting married|renting|looking to|going to|heading"
)
_JOIN = r"(?:and|but|so|because|although|though|while|whereas|plus|yet|since|as|or|then|except|which means)"
_SPLIT = re.compile(
    rf"(?i:,?\s+(?:{_JOIN})\s+(?:then\s+|so\s+|yes\s+)?)(?=(?i:{_ADVERB}{_PRONOUN})\s|"
    rf"(?i:{_ADVERB}(?:{_VERB_WORDS}|{_DOING_WORDS})\s))"
    rf"|(?i:,?\s+(?:but|because(?! of)|although|which means(?: that)?|so now|except)\s+)"
    rf"|,?\s+(?=(?i:who (?:is|lives|works|teaches|loves|has|plays|studies|runs|drives|hates))\s)"
    rf"|,\s+(?=(?i:{_ADVERB}{_PRONOUN})\s)"
    rf"|,\s+(?=(?i:{_ADVERB}(?:been|love|hate|allergic|can not|do not|never|mainly|used to|born|grew up|married|"
    rf"big fan|huge fan|"
    rf"not a fan|got|have|always|usually|please|thanks|thank you|what|how|any|could you|can you|would you|do you|"
    rf"should|is there|"
    rf"is it|are there|where|when(?! I was)|working|living|live in|work as|work for|work at|studying|originally|"
    rf"though|moved|started|gave up|switched|"
    rf"no longer|not any more|no more|works|lives|teaches|drives|runs|is|plays|has)\s))"
    rf"|(?i:,?\s+(?:when|if|until|unless|whenever)\s+)(?=(?i:{_PRONOUN}|the|someone|people)\s)"
)
_JOINED_BY = re.compile(rf"(?i)^[,\s]*({_JOIN}|if|when|until|unless|whenever)?\b")


def sentences(text: str) -> list[str]:
    """Sentences of regular text, end marks kept. A run-on "... I am ... I live ..." is cut at the "I"."""
    found: list[str] = []
    for part in _SENTENCE_END.split(text):
        part = part.strip()
        if not part:
            continue
        pieces: list[str] = []
        start = 0
        for cut in _RUN_ON.finditer(part):
            if not _KEEPS_RUN_ON.search(part[start : cut.start()]) and part[cut.start() - 1] not in ",;:":
                pieces.append(part[start : cut.start()])
                start = cut.end()
        pieces.append(part[start:])
        found.extend(piece for piece in pieces if piece.strip())
    return found


_FORM = (
    (r"(?:full |first )?name", "my name is"),
    (r"age", "I am"),
    (r"city|town|location|home|based(?: in)?|lives? in|address", "I live in"),
    (r"job|occupation|profession|work", "my job is"),
    (r"(?:home ?town|origin(?:ally)?(?: from)?|from)", "I am from"),
    (r"hobby|hobbies|interests", "my hobby is"),
    (r"birthday|dob|date of birth", "my birthday is"),
    (r"allerg(?:y|ies|ic(?: to)?)", "I am allergic to"),
    (r"diet", "my diet is"),
    (r"car", "I drive a"),
    (r"languages?", "I speak"),
    (r"pets?", "I have"),
    (r"team", "I support"),
    (r"(?P<f>favourite [\w ]{2,20})", r"my \g<f> is"),
    (
        r"(?P<r>wife|husband|partner|girlfriend|boyfriend|boss|dog|cat|best friend|sister|brother|son|daughter)",
        r"my \g<r> is called",
    ),
)
_FORM_LINES = tuple(
    (re.compile(rf"(?i)^(?:my )?(?:{label})\s?[:=]\s*(?=\w)(?!none|no\b|n/a|nil)"), said + " ") for label, said in _FORM
)


def from_form(sentence: str) -> str:
    """ "Age: 47." is "I am 47."."""
    for label, said in _FORM_LINES:
        if label.match(sentence):
            return label.sub(said, sentence, count=1)
    return sentence


def without_quotes(sentence: str) -> str:
    """`sentence` without what somebody else said; quoted names and titles lose their quotes only."""

    def keep(found: re.Match[str]) -> str:
        return found[1] if _NAMES_IT.search(sentence[: found.start()]) and len(found[1].split()) <= 5 else " "

    return _QUOTED.sub(keep, sentence)


_HAS_VERB = re.compile(
    r"(?i)\b(?:am|is|are|was|were|has|have|had|do|does|did|can|will|would)\b|\w(?:ed|s) (?:in|at|to|the|a|my|on|for|"
    r"with)\b"
)


def pieces_of(sentence: str) -> list[tuple[str, str]]:
    """(joining word, piece) in order."""
    out: list[tuple[str, str]] = []
    for part in _STRONG.split(sentence):
        start, joined = 0, ""
        for cut in _SPLIT.finditer(part):
            out.append((joined, part[start : cut.start()].strip(" ,")))
            word = _JOINED_BY.match(cut[0])
            joined = (word[1] or ",").lower() if word else ","
            start = cut.end()
        out.append((joined, part[start:].strip(" ,")))
    whole: list[tuple[str, str]] = []
    for joined, piece in out:
        # "My eldest, Pauline, lives in Toronto": a verb whose subject is the piece before, set off by commas.
        if (
            whole
            and joined == ","
            and piece
            and piece.split()[0].lower() in THIRD
            and not _HAS_VERB.search(whole[-1][1])
        ):
            whole[-1] = (whole[-1][0], f"{whole[-1][1]}, {piece}")
        elif piece:
            whole.append((joined, piece))
    return whole


_KIN = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|mum|mom|dad|mother|father|sister|brother|son|"
    r"daughter|friend|mate|"
    r"best friend|cousin|kids|family|flatmate|housemate|missus|hubby|other half|twin|nan|gran|aunt|uncle|"
    r"colleague|neighbour|parents|dog)"
)
COMPOUND = (
    re.compile(
        rf"\b(?:me|I|myself) and (?:my|the|our) (?:\w+ )?{_KIN}(?:,? [A-Z][\w'-]+,?)?(?=\s+(?!is\b|has\b|was\b)\w)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:my|the|our) (?:\w+ )?{_KIN}(?:,? [A-Z][\w'-]+,?)? and (?:me|I|myself)\b", re.IGNORECASE),
)
