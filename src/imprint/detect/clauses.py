"""A turn cut into sentences and clauses, each told apart: statement, question, command, or only supposed."""

import re
from dataclasses import dataclass

from imprint.detect.frames import Frame, frame_of
from imprint.detect.moods import mood_of
from imprint.detect.sentences import COMPOUND, from_form, pieces_of, sentences, without_quotes
from imprint.detect.text import is_cased, regular
from imprint.detect.verbs import LEMMA, PAST, THIRD, is_doing
from imprint.detect.words import words


@dataclass(frozen=True)
class Clause:
    """One clause with its subject restored ("been vegan since uni" -> "I have been vegan since uni")."""

    text: str
    frame: Frame
    mood: str
    """"statement", "question", "command", "supposed"."""
    sentence: str
    """The whole sentence it stands in, regular form."""
    cased: bool
    """Whether the writer capitalises names."""


_FILLER = re.compile(
    r"(?i)^(?:(?:well|oh|hey|hi+|hello|hiya|yo|so|and|but|also|anyway|anyways|actually|honestly|seriously|yeah|"
    r"yep|yes|yup|ok|okay|"
    r"no(?=\s*[,!.])|nope|nah|right(?=\s*[,!.])|sure(?=\s*[,!.])|haha|ah|aha|oops|um+|uh|hmm+|wow|ugh|god|gosh|"
    r"man|mate|dude|bro|bruh|guys|plus|because|though|basically|look|see|"
    r"cool|great|nice|perfect|thanks|thank you|cheers|morning|good (?:morning|evening|afternoon)|sorry|"
    r"correction|update|quick one|"
    r"fun fact|funny thing|funnily enough|funny enough|confession|news|big news|good news|bad news|turns out|"
    r"as it happens|in case (?:it|that) (?:helps|matters)|for (?:the record|context|reference|what it is worth|me)|"
    r"in my (?:opinion|book|case|view)|truth be told|true story|to be clear|unfortunately|sadly|luckily|happily|"
    r"obviously|"
    r"of course|lately|personally|you know(?: what| that)?|you see|guess what|i mean|i guess|i suppose|"
    r"i should (?:say|mention|add)|"
    r"i (?:forgot|meant) to (?:say|mention|tell you)|i have to (?:say|admit|confess)|i think|i would say|"
    r"i have decided|i realised|"
    r"i must confess|i am afraid|did i (?:tell you|mention|say)(?: already)?|have i (?:told you|mentioned|"
    r"said)(?: already)?|"
    r"(?:just )?so you know|just (?:a )?(?:heads up|to let you know|to say|for info)|"
    r"(?:please |can you |could you )*(?:remember|note|keep in mind|bear in mind|do not forget|make a note|mind you)|"
    r"(?:you should|you ought to|might help to|worth|good to) (?:know|knowing)|the thing is|thing is|"
    r"the truth is|fact is|"
    r"it turns out|the funny thing is|one more thing|another thing|also worth mentioning|still|then|or|"
    r"it is true|not gonna lie|"
    r"as you know|as i (?:said|mentioned)|like i said|speaking of (?:which|that)|on another note|in other news)"
    r"(?:\s*[,:!.]+\s*|\s+(?:that\s+|, ?)?))+(?=\S)"
)
_FRONT = re.compile(
    r"(?i)^(?P<front>(?:on|in|at|every|each|after|before|since|during|for|as|from|by|until|with|most|this|next|"
    r"last|these days|"
    r"nowadays|lately|now|right now|at the moment|once|come|back|over|sundays?|mondays?|tuesdays?|wednesdays?|"
    r"thursdays?|fridays?|"
    r"saturdays?|weekends?|mornings?|evenings?|tomorrow|weekdays|currently|recently|growing up|outside|when|"
    r"usually|normally|sometimes|"
    r"mostly|twice|first|these|ever|apart|besides|being|for breakfast|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"(?:(?!\b(?:says?|said|thinks?|told|sang|sings|tells|goes|writes|wrote|if)\b)[^,]){0,60}?)(?:,?\s+(?=(?:I|"
    r"we)\s+\w)|,\s+(?=(?:my|our)\s+\w+))"
)
_TAG = re.compile(
    r"(?i),?\s*(?:(?:right|you know|eh|innit|yeah|huh|no|ok|remember|is(?: it)? not(?: it)?|"
    r"you know what I mean))\s*\?$"
)
_MY_DROPPED = re.compile(
    (
        r"(?:absolute |all[- ]time )?favourite \w+(?: \w+)?(?: ever)? (?:is|are|has|have|was|would)\b|(?:best|closest|"
        r"oldest) (?:friend|mate) is |(?:first|middle) name is |birthday is |(?:wife|husband|partner|girlfriend|"
        r"boyfriend|mum|mom|dad|sister|brother|son|daughter|lad|kid|eldest|youngest|boss|missus|dog|cat) is "
    ),
    re.IGNORECASE,
)
_RESTORED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), before)
    for pattern, before in (
        (r"been\s", "I have "),
        (
            r"(?:allergic to|married to|engaged to|born (?:in|on|and)|raised (?:in|by)|originally from|based in|"
            r"obsessed with|terrified of|"
            r"scared of|afraid of|vegan|vegetarian|veggie|pescatarian|teetotal|coeliac|celiac|lactose|"
            r"gluten[- ]free|diabetic|"
            r"(?:not )?(?:a |such a )?(?:big|huge|massive|real|lifelong) (?:[\w'-]+ ){0,3}fan\b|up (?:at|by) (?:\d|"
            r"four|five|six|half)|in bed by |(?:first|second|third|final) year (?:at|of|studying|doing)|"
            r"not a (?:big |huge |massive )?fan|mad about|big into|well into|crazy about|"
            r"addicted to|hooked on|retired|into (?:\w+ )|not into|not keen on|not really (?:into|a fan)|"
            r"from \w+ originally|"
            r"mother of|father of|mum of|dad of|off to [A-Z]|turning \d)",
            "I am ",
        ),
        (
            r"(?:still |currently |also |now |just |mostly |usually |mainly |actually )?(?:living|working (?:as|at|"
            r"for|in|nights|from|part|full)|studying|learning|training for|saving (?:up )?for|flying to|"
            r"going to [A-Z]|going to (?:see|be|run|have|get|start|visit) |"
            r"heading to|travelling to|traveling to|moving to|planning (?:to|a|on)|hoping to|trying to (?:learn|"
            r"lose|quit|get|eat|cut|stop|save)|"
            r"teaching myself|expecting (?:a|our|my|twins)|renting|getting (?:married|into)|driving (?:a|an|my) |"
            r"doing (?:an? |my )?(?:degree|btec|a[- ]levels|gcses|masters|phd|apprenticeship)|reading (?:a lot|"
            r"mostly|lots)|thinking of (?:moving|getting))",
            "I am ",
        ),
        (
            r"(?:absolutely |really |still |also |just |do |actually |always |never |usually |secretly |totally |"
            r"quite |mostly |recently |only |finally )*"
            r"(?:love|loved|loathe|adore|hate|enjoy|prefer|like (?!this|that|the|a |an |I|it|my|when|how|so)|"
            r"can not (?:stand|bear|abide|eat|drink|have|do|get enough|live without|swim|drive|cook)|"
            r"do not (?:like|love|eat|drink|drive|smoke|own|mind|care|do (?!it|that|this))|grew up|moved (?:to|from|"
            r"in|out|back|house)|live (?:in|on|near|with|alone)|work (?:as|at|for|in|nights|from)|"
            r"used to|gave up|quit (?!it\b|this\b)\w+|went (?:off|vegan|vegetarian|veggie)|gone (?:off|vegan)|"
            r"switched|swapped|"
            r"started (?:\w+ing|a|my|at|with)|stopped \w+ing|bought|sold|got (?!it\b|you\b|any\b|that\b|this\b|to\b|"
            r"what\b)\w+|have to (?=be up|get up|wake)|"
            r"turned|married|drank|drink (?:my|about|too|a lot|tea|coffee|only)|eat (?:mostly|a lot|out|meat|no )|"
            r"play (?:the|in a|guitar|piano|drums|bass|football|tennis|five|chess)|"
            r"speak|drive (?:a|an|my|to)|cycle|commute|collect|support|study|wake|get up|adopted|joined|left|lost|"
            r"broke|met|visited|booked|signed up|"
            r"wish|have (?:a|an|two|three|four|been|never|always|lived|worked|moved|got)|had (?:a|an|my|to)|need|"
            r"want to|took up|picked up|passed|won|finished|graduated|retired|ended up|hoping|keep (?:bees|chickens|"
            r"hens|a)|"
            r"take the (?=.*(?:to|into) work)|run (?:every|a bakery|marathons|half|my own)|teach(?! me)|volunteer)\b",
            "I ",
        ),
    )
)
_NOT_NAMED = frozenset(words("born raised just not also only been still never always finally recently"))
_NO_SUBJECT = frozenset(
    words("can do does did not never will would have has had am is are was were been used got used please just")
)


def _is_plural(noun: str) -> bool:
    """ "My kids love ..." has a verb in its base form, "my swim coach ..." has none."""
    return noun.lower().endswith("s") or noun.lower() in ("children", "people", "family") or noun[:1].isupper()


def _subject_of(piece: str) -> tuple[str, str]:
    """(subject, predicate) of a piece; ("", piece) when it begins with no subject we can tell."""
    pronoun = re.match(
        (
            r"(?i)(I|we|he|she|they|it|who(?= (?:is|lives|works|teaches|loves|has|plays|studies|runs|drives|"
            r"hates))|you|"
            r"there|that|this|those|these)\s+(.*)$"
        ),
        piece,
    )
    if pronoun:
        return ("I" if pronoun[1] == "i" else pronoun[1].lower() if pronoun[1] != "I" else "I"), pronoun[2]
    words = piece.split()
    if words and words[0].lower() in _NO_SUBJECT:
        return "", piece
    first, second = (word.lower().strip(",") for word in (words + ["", ""])[:2])
    # "hate dill, which is a problem" begins with its verb; "work is in Leeds" does not.
    if LEMMA.get(first) == first and second not in THIRD and second not in ("are", "were", "can", "will"):
        return "", piece
    for index, word in enumerate(words[:12]):
        low = word.lower().strip(",")
        if not index:
            continue
        if low in THIRD or low in ("are", "were", "have", "will", "can", "do", "would", "had"):
            return " ".join(words[:index]).strip(" ,"), " ".join(words[index:])
        if (
            low in PAST
            and index <= 2
            and all(w[:1].isupper() for w in words[:index])
            and first not in LEMMA
            and first not in _NOT_NAMED
        ):
            return " ".join(words[:index]).strip(" ,"), " ".join(words[index:])
        if (
            (low in PAST or (LEMMA.get(low) == low and (_is_plural(words[index - 1]) or "and" in words[:index])))
            and index > 1
            and re.match(r"(?i)(?:my|our|his|her|their|\w+s$)", piece)
            and not is_doing(low)
        ):
            return " ".join(words[:index]).strip(" ,"), " ".join(words[index:])
    return "", piece


def _owned(piece: str) -> str:
    """ "Favourite band is ..." -> "my favourite band is ..."."""
    return f"my {piece[0].lower()}{piece[1:]}" if _MY_DROPPED.match(piece) else piece


def _restored(piece: str) -> str:
    for pattern, before in _RESTORED:
        if pattern.match(piece):
            return before + piece[0].lower() + piece[1:]
    return piece


def _carried(piece: str, previous: Frame | None) -> str:
    """A piece that begins with a verb takes over the subject of the clause before it."""
    first = re.sub(
        r"(?i)^(?:also|now|then|just|really|still|always|usually|actually|sometimes|mostly|never|currently|often)\s+",
        "",
        piece,
    )
    word = first.split()[0].lower().strip(",") if first.split() else ""
    if previous is None or not previous.subject:
        return _restored(piece)
    if is_doing(word):
        return (
            f"{previous.subject} {'am' if previous.subject == 'I' else 'are' if previous.subject == 'we' else 'is'} "
            f"{piece}"
        )
    verbal = word in LEMMA or word in ("can", "do", "does", "will", "would", "been", "used", "not")
    if word == "been":
        return f"{previous.subject} have {piece}"
    if (
        verbal
        and word not in ("love", "like", "cook", "work", "cycle", "dance", "paint")
        or (verbal and len(first.split()) > 1)
    ):
        return f"{previous.subject} {piece}"
    return _restored(piece)


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause of one user turn, in order."""
    plain = regular(text)
    cased = is_cased(plain)
    out: list[Clause] = []
    for sentence in sentences(plain):
        out.extend(_of_sentence(from_form(sentence), cased))
    return tuple(out)


def _of_sentence(sentence: str, cased: bool) -> list[Clause]:
    untagged = _TAG.sub("", sentence)
    told_by_asking = re.match(
        (
            r"(?i)(?:\W*\w+\W+){0,3}?(?:did i (?:tell|mention|say)|have i (?:told|mentioned|said)|do you know what|"
            r"guess what|you know what)"
        ),
        sentence,
    )
    asked = untagged.endswith("?") and not told_by_asking
    body = without_quotes(untagged).rstrip(" .!?,")
    for pattern in COMPOUND:
        body = pattern.sub("we", body)
    pieces = pieces_of(body)
    out: list[Clause] = []
    previous: Frame | None = None
    supposing = False
    for index, (joined, raw) in enumerate(pieces):
        piece = _FILLER.sub("", raw)
        if not piece or len(piece.split()) < 1:
            continue
        front = ""
        fronted = _FRONT.match(piece)
        if fronted and not re.match(r"(?i)when (?:do|does|did|is|are|will|can|should)", piece):
            front, piece = fronted["front"], piece[fronted.end() :]
        if joined in ("if", "unless") or re.match(r"(?i)(?:if|unless|suppose|imagine)\b", piece):
            supposing = True
        # "What can I cook for her, she is vegan?": the statement after a question is still a statement.
        last = index == len(pieces) - 1 and not any(clause.mood == "question" for clause in out)
        mood = mood_of(f"{joined} {piece}" if joined in ("if", "unless") else piece, asked and last)
        if supposing and re.search(r"(?i)\b(?:would|could|might|will)\b", piece):
            mood = "supposed"
        if re.match(r"(?i)if\b", front):
            mood = "supposed"
        piece = _owned(piece)
        subject, predicate = _subject_of(piece)
        if not subject or (
            joined in ("and", "but", "so", ",", "or", "then", "because")
            and subject.lower() in ("always", "usually", "never", "now", "also")
        ):
            restored = _carried(piece, previous if joined else None)
            if restored != piece:
                piece = restored
                subject, predicate = _subject_of(piece)
                mood = "statement" if mood == "command" and joined else mood
        frame = frame_of(subject, predicate, front)
        out.append(Clause(text=piece, frame=frame, mood=mood, sentence=sentence, cased=cased))
        if frame.subject and frame.verb:
            previous = frame
    return out
