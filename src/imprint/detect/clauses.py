"""A turn cut into sentences and clauses, each told apart: statement, question, command, or only supposed."""

import re
from dataclasses import dataclass

from imprint.detect.frames import Frame, frame_of
from imprint.detect.text import is_cased, regular
from imprint.detect.verbs import LEMMA, PAST, THIRD, is_doing


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


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+|\n+|\.{2,}")
_RUN_ON = re.compile(r"(?<=\w) (?=I (?:am|have|live|work|also)\b)")
_KEEPS_RUN_ON = re.compile(
    r"(?i)(?:^(?:hi+|hey+|hello|hiya|yo|well|so|oh|yeah|yes|no|ok|okay)|\b(?:that|and|but|so|because|since|if|when|while|what|where|which|who|think|guess|say|said|know|mean|as|than|"
    r"though|although|until|after|before|how|you|place|thing|things|all|one|only|everything|says|or|believe|where|the \w+))$"
)
_STRONG = re.compile(r"\s*[;()\[\]]\s*|:(?!\d)\s*|\s+-+\s+|\s+/\s+")
_QUOTED = re.compile(r"\"([^\"]*)\"")
_NAMES_IT = re.compile(r"(?i)\b(?:called|named|name is|nicknamed|call (?:me|him|her|it)|titled|book|film|song|show)\s*,?\s*$")

_PRONOUN = r"(?:I|we|my|our|he|she|they|it|there|that|this|you|his|her|their|mine|ours)\b"
_ADVERB = r"(?:(?:also|now|then|just|really|still|always|usually|actually|recently|sometimes|mostly|currently|often|only)\s+)?"
_VERB_WORDS = (
    "am|was|have|had|got|live|lived|lives|work|works|worked|love|loves|hate|hates|like|likes|enjoy|enjoys|prefer|prefers|play|"
    "plays|speak|speaks|own|owns|drive|drives|drove|ride|rides|cycle|commute|collect|collects|support|supports|follow|study|"
    "studies|studied|teach|teaches|run|runs|swim|drink|drinks|eat|eats|cook|bake|moved|grew|been|can not|do not|does not|never|"
    "used to|started|stopped|quit|gave up|went|switched|bought|sold|wake|get up|go to|go|goes|take|keep|want to|hope to|"
    "plan to|is|are|has|wants|moves|turned|turns|turn|married|joined|left|became|met|will|would|usually|wear|listen|watch|read|"
    "knit|sing|volunteer|coach|stay|rent|share|stick|need to|adopted|retired|graduated|switch|call|calls|tend to|avoid"
)
_DOING_WORDS = (
    "working|living|studying|learning|training|planning|hoping|trying|flying|moving|saving|driving|expecting|teaching|"
    "thinking of|turning|getting married|renting|looking to|going to|heading"
)
_JOIN = r"(?:and|but|so|because|although|though|while|whereas|plus|yet|since|as|or|then|except|which means|only)"
_SPLIT = re.compile(
    rf"(?i:,?\s+(?:{_JOIN})\s+(?:then\s+|so\s+|yes\s+)?)(?=(?i:{_ADVERB}{_PRONOUN})\s|(?i:{_ADVERB}(?:{_VERB_WORDS}|{_DOING_WORDS})\s))"
    rf"|(?i:,?\s+(?:but|because(?! of)|although|which means(?: that)?|so now|except)\s+)"
    rf"|,\s+(?=(?i:{_ADVERB}{_PRONOUN})\s)"
    rf"|,\s+(?=(?i:{_ADVERB}(?:been|love|hate|allergic|can not|do not|never|mainly|used to|born|grew up|married|big fan|huge fan|"
    rf"not a fan|got|have|always|usually|please|thanks|thank you|what|how|any|could you|can you|would you|do you|should|is there|"
    rf"is it|are there|where|when(?! I was)|working|living|studying|originally|though|moved|started|gave up|switched|"
    rf"no longer|not any more|no more)\s))"
    rf"|(?i:,?\s+(?:when|if|until|unless|whenever)\s+)(?=(?i:{_PRONOUN}|the|someone|people)\s)"
)
_JOINED_BY = re.compile(rf"(?i)^[,\s]*({_JOIN}|if|when|until|unless|whenever)?\b")

_FILLER = re.compile(
    r"(?i)^(?:(?:well|oh|hey|hi+|hello|hiya|yo|so|and|but|also|anyway|anyways|actually|honestly|seriously|yeah|yep|yes|yup|ok|okay|"
    r"no|nope|nah|right|sure|haha|ah|aha|oops|um+|uh|hmm+|wow|ugh|god|gosh|man|mate|dude|plus|because|though|basically|look|see|"
    r"cool|great|nice|perfect|thanks|thank you|cheers|morning|good (?:morning|evening|afternoon)|sorry|correction|update|quick one|"
    r"fun fact|funny thing|funnily enough|funny enough|confession|news|big news|good news|bad news|turns out|"
    r"as it happens|in case (?:it|that) (?:helps|matters)|for (?:the record|context|reference|what it is worth|me)|"
    r"in my (?:opinion|book|case|view)|truth be told|true story|to be clear|unfortunately|sadly|luckily|happily|obviously|"
    r"of course|lately|personally|you know(?: what| that)?|you see|guess what|i mean|i guess|i suppose|i should (?:say|mention|add)|"
    r"i (?:forgot|meant) to (?:say|mention|tell you)|i have to (?:say|admit|confess)|i think|i would say|i have decided|i realised|"
    r"i must confess|i am afraid|did i (?:tell you|mention|say)(?: already)?|have i (?:told you|mentioned|said)(?: already)?|"
    r"(?:just )?so you know|just (?:a )?(?:heads up|to let you know|to say|for info)|"
    r"(?:please |can you |could you )*(?:remember|note|keep in mind|bear in mind|do not forget|make a note|mind you)|"
    r"(?:you should|you ought to|might help to|worth|good to) (?:know|knowing)|the thing is|thing is|the truth is|fact is|"
    r"it turns out|the funny thing is|one more thing|another thing|also worth mentioning|still|then|or|it is true|not gonna lie|"
    r"as you know|as i (?:said|mentioned)|like i said|speaking of (?:which|that)|on another note|in other news)"
    r"(?:\s*[,:!.]+\s*|\s+(?:that\s+|, ?)?))+(?=\S)"
)
_FRONT = re.compile(
    r"(?i)^(?P<front>(?:on|in|at|every|each|after|before|since|during|for|as|from|by|until|with|most|this|next|last|these days|"
    r"nowadays|lately|now|right now|at the moment|once|come|back|over|sundays?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|"
    r"saturdays?|weekends?|mornings?|evenings?|tomorrow|weekdays|currently|recently|growing up|outside|when|usually|normally|sometimes|"
    r"mostly|twice|first|these|ever|apart|besides|being|for breakfast|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"(?:(?!\b(?:says?|said|thinks?|told|sang|sings|tells|goes|writes|wrote|if)\b)[^,]){0,60}?),?\s+"
    r"(?=(?:I|we)\s+\w|(?:my|our)\s+\w+)"
)
_QUESTION_START = re.compile(
    r"(?i)^(?:what|who|whom|whose|where|when|why|how|which|do(?! not (?:like|love|eat|drink|do|care|mind|own|drive))|does|did|can(?! not)|could|would|will|should|shall|is|are|was|were|am I|have you|"
    r"has|have I|may I|might|any (?:idea|ideas|recs|recommendations|tips|suggestions|advice|thoughts|chance|good)|got any|"
    r"is there|do you|i wonder|i was wondering|i am wondering|wondering|what about|how about|thoughts|ideas|tips)\b"
)
_STATED_WHEN = re.compile(r"(?i)^(?:when I was|when we|will be|do love|do like|does not|did not|do not|have you)\b")
_COMMAND_START = re.compile(
    r"(?i)^(?:please|write|tell|give|show|explain|help|list|find|make|translate|suggest|recommend|summari[sz]e|fix|create|generate|"
    r"compare|describe|draft|rewrite|convert|calculate|let us|let me|remind|set|open|turn (?:on|off|the|this|it|up|down)|check|add|define|"
    r"correct|proofread|plan|pick|choose|imagine|pretend|act as|think of|come up|look up|search|play (?:me|some|a|the|that)|read (?:me|this|the)|"
    r"answer|continue|try|use|do it|send|sort|count|name (?:a|some|three|five|ten|one|two)|rank|rate|go on|stop (?:it|that|the|asking)|"
    r"keep (?:it|the|that|your|going)|put|change (?:it|this|the|that)|edit|shorten|outline|format|review|test|run (?:the|this|it|a)|debug|"
    r"wish me|talk to|ask|order (?:me|a)|book (?:me|a)|cancel|buy (?:me|a)|take a look|guess|forget (?:it|about|that|what)|never mind|"
    r"ignore|delete|spell|walk me|teach me|roleplay|brainstorm|cut|solve|provide|consider|include|avoid)\b"
)
_SUPPOSED_START = re.compile(
    r"(?i)^(?:if|suppose|supposing|imagine|say I|what if|unless|even if|whether|I wish|I would(?! (?:love|like|rather|prefer|say|never|hate)\b)|"
    r"I (?:might|could)\b|wish I|were I|as if|maybe|perhaps|let us say|hypothetically|we would(?! (?:love|like|rather|prefer)\b)|we (?:might|could)\b)"
)
_TAG = re.compile(r"(?i),?\s*(?:(?:right|you know|eh|innit|yeah|huh|no|ok|remember|is(?: it)? not(?: it)?|you know what I mean))\s*\?$")

_MY_DROPPED = re.compile(r"(?:absolute |all[- ]time )?favourite \w+(?: \w+)?(?: ever)? (?:is|are|has|have|was|would)\b|(?:best|closest|oldest) (?:friend|mate) is |(?:first|middle) name is |birthday is |(?:wife|husband|partner|girlfriend|boyfriend|mum|mom|dad|sister|brother|son|daughter|dog|cat) is ", re.IGNORECASE)
_RESTORED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), before)
    for pattern, before in (
        (r"been\s", "I have "),
        (r"(?:allergic to|married to|engaged to|born (?:in|on|and)|raised (?:in|by)|originally from|based in|obsessed with|terrified of|"
         r"scared of|afraid of|vegan|vegetarian|veggie|pescatarian|teetotal|coeliac|celiac|lactose|gluten[- ]free|diabetic|"
         r"(?:not )?(?:a |such a )?(?:big|huge|massive|real|lifelong) fan|not a (?:big |huge |massive )?fan|mad about|crazy about|"
         r"addicted to|hooked on|retired|into (?:\w+ )|not into|not keen on|not really (?:into|a fan)|from \w+ originally|"
         r"mother of|father of|mum of|dad of|off to [A-Z]|turning \d)", "I am "),
        (r"(?:still |currently |also |now |just |mostly |usually |mainly |actually )?(?:living|working (?:as|at|for|in|nights|from)|studying|learning|training for|saving (?:up )?for|flying to|going to [A-Z]|"
         r"heading to|travelling to|traveling to|moving to|planning (?:to|a|on)|hoping to|trying to (?:learn|lose|quit|get|eat|cut|stop|save)|"
         r"teaching myself|expecting (?:a|our|my|twins)|renting|getting (?:married|into)|driving (?:a|an|my) |reading a lot|thinking of (?:moving|getting))", "I am "),
        (r"(?:absolutely |really |still |also |just |do |actually |always |never |usually |secretly |totally |quite |mostly |recently |only |finally )*"
         r"(?:love|loved|loathe|adore|hate|enjoy|prefer|like (?!this|that|the|a |an |I|it|my|when|how|so)|can not (?:stand|bear|abide|eat|drink|have|do|get enough|live without|swim|drive|cook)|"
         r"do not (?:like|love|eat|drink|drive|smoke|own|mind|care|do (?!it|that|this))|grew up|moved (?:to|from|in|out|back|house)|live (?:in|on|near|with|alone)|work (?:as|at|for|in|nights|from)|"
         r"used to|gave up|quit (?:smoking|my|the|drinking|coffee)|went (?:off|vegan|vegetarian|veggie)|gone (?:off|vegan)|switched|swapped|"
         r"started (?:\w+ing|a|my|at|with)|stopped \w+ing|bought|sold|got (?:a|an|two|three|my|our|married|engaged|into|up|myself|the|promoted|tickets)|"
         r"turned|married|drank|drink (?:my|about|too|a lot|tea|coffee|only)|eat (?:mostly|a lot|out|meat|no )|play (?:the|in a|guitar|piano|drums|bass|football|tennis|five|chess)|"
         r"speak|drive (?:a|an|my|to)|cycle|commute|collect|support|study|wake|get up|adopted|joined|left|lost|broke|met|visited|booked|signed up|"
         r"wish|have (?:a|an|two|three|four|been|never|always|lived|worked|moved|got)|had (?:a|an|my|to)|need|want to|took up|picked up|passed|won|finished|graduated|retired|ended up|hoping|keep (?:bees|chickens|hens|a)|"
         r"take the (?=.*(?:to|into) work)|run (?:every|a bakery|marathons|half|my own)|teach(?! me)|volunteer)\b", "I "),
    )
)


def sentences(text: str) -> list[str]:
    """Sentences of regular text, end marks kept. A run-on "... I am ... I live ..." is cut when nothing else marks it."""
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


def _without_quotes(sentence: str) -> str:
    def keep(found: re.Match[str]) -> str:
        return found[1] if _NAMES_IT.search(sentence[: found.start()]) and len(found[1].split()) <= 5 else " "

    return _QUOTED.sub(keep, sentence)


def _pieces(sentence: str) -> list[tuple[str, str]]:
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
    return [(joined, piece) for joined, piece in out if piece]


_KIN = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|mum|mom|dad|mother|father|sister|brother|son|daughter|friend|mate|"
    r"best friend|cousin|kids|family|flatmate|housemate|missus|hubby|other half|twin|nan|gran|aunt|uncle|colleague|neighbour|parents|dog)"
)
_COMPOUND = (
    re.compile(rf"\b(?:me|I|myself) and (?:my|the|our) (?:\w+ )?{_KIN}(?:,? [A-Z][\w'-]+,?)?(?=\s+(?!is\b|has\b|was\b)\w)", re.IGNORECASE),
    re.compile(rf"\b(?:my|the|our) (?:\w+ )?{_KIN}(?:,? [A-Z][\w'-]+,?)? and (?:me|I|myself)\b", re.IGNORECASE),
)


_NO_SUBJECT = frozenset("can do does did not never will would have has had am is are was were been used got used please just".split())


def _subject_of(piece: str) -> tuple[str, str]:
    """(subject, predicate) of a piece; ("", piece) when it begins with no subject we can tell."""
    pronoun = re.match(r"(?i)(I|we|he|she|they|it|you|there|that|this|those|these)\s+(.*)$", piece)
    if pronoun:
        return ("I" if pronoun[1] == "i" else pronoun[1].lower() if pronoun[1] != "I" else "I"), pronoun[2]
    words = piece.split()
    if words and words[0].lower() in _NO_SUBJECT:
        return "", piece
    for index, word in enumerate(words[:12]):
        low = word.lower().strip(",")
        if not index:
            continue
        if low in THIRD or low in ("are", "were", "have", "will", "can", "do", "would", "had"):
            return " ".join(words[:index]).strip(" ,"), " ".join(words[index:])
        if (low in PAST or LEMMA.get(low) == low) and re.match(r"(?i)(?:my|our|his|her|their|\w+s$)", piece) and not is_doing(low):
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
    first = re.sub(r"(?i)^(?:also|now|then|just|really|still|always|usually|actually|sometimes|mostly|never|currently|often)\s+", "", piece)
    word = first.split()[0].lower().strip(",") if first.split() else ""
    if previous is None or not previous.subject:
        return _restored(piece)
    if is_doing(word):
        return f"{previous.subject} {'am' if previous.subject == 'I' else 'are' if previous.subject == 'we' else 'is'} {piece}"
    verbal = word in LEMMA or word in ("can", "do", "does", "will", "would", "been", "used", "not")
    if word == "been":
        return f"{previous.subject} have {piece}"
    if verbal and word not in ("love", "like", "cook", "work", "cycle", "dance", "paint") or (verbal and len(first.split()) > 1):
        return f"{previous.subject} {piece}"
    return _restored(piece)


def _mood(piece: str, asked: bool) -> str:
    if _SUPPOSED_START.match(piece):
        return "supposed"
    if asked or (_QUESTION_START.match(piece) and not _STATED_WHEN.match(piece)):
        return "question"
    return "command" if _COMMAND_START.match(piece) else "statement"


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause of one user turn, in order."""
    plain = regular(text)
    cased = is_cased(plain)
    out: list[Clause] = []
    for sentence in sentences(plain):
        out.extend(_of_sentence(sentence, cased))
    return tuple(out)


def _of_sentence(sentence: str, cased: bool) -> list[Clause]:
    untagged = _TAG.sub("", sentence)
    told_by_asking = re.match(r"(?i)(?:\W*\w+\W+){0,3}?(?:did i (?:tell|mention|say)|have i (?:told|mentioned|said)|do you know what|guess what|you know what)", sentence)
    asked = untagged.endswith("?") and not told_by_asking
    body = _without_quotes(untagged).rstrip(" .!?,")
    for pattern in _COMPOUND:
        body = pattern.sub("we", body)
    pieces = _pieces(body)
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
        mood = _mood(f"{joined} {piece}" if joined in ("if", "unless") else piece, asked and last)
        if supposing and re.search(r"(?i)\b(?:would|could|might|will)\b", piece):
            mood = "supposed"
        if re.match(r"(?i)if\b", front):
            mood = "supposed"
        piece = _owned(piece)
        subject, predicate = _subject_of(piece)
        if not subject or (joined in ("and", "but", "so", ",", "or", "then", "because") and subject.lower() in ("always", "usually", "never", "now", "also")):
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
