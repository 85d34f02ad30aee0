"""Likes, dislikes and feelings in whatever words they come."""

import re

from imprint.detect.frames import Frame
from imprint.detect.words import words
from imprint.study.found import Found, Scene
from imprint.study.patterns.likes import DISLIKING, LIKING, MY_HOW, all_tastes, favourites, prefers, taste
from imprint.study.rewrite import second_person
from imprint.study.spans import thing, things
from imprint.study.topics import head_noun

_BE_INTO = re.compile(
    r"(?i)^(?:(?:really|very|quite|so|super|totally|absolutely|big|pretty|well|completely|currently|a bit|just|"
    r"not|that|too|all that|particularly|such|especially|such a|properly|heavily|weirdly|always|seriously|"
    r"a huge fan and) )*"
    r"(?:into|in love with|fond of|keen on|mad about|mad on|mad for|crazy about|nuts about|obsessed with|"
    r"hooked on|addicted to|partial to|big on|passionate about|"
    r"enamoured with|besotted with|(?:an? )?(?:(?:big|huge|massive|real|total|complete|lifelong|secret|proper|"
    r"great|major|enormous|avid|bit of a|devoted) )*(?:fan|lover|sucker|fiend) (?:of|for)|a sucker for|"
    r"a slave to|"
    r"happiest (?:when(?: I am)?|with|in|on|doing)|at my happiest|never happier than(?: when(?: I am)?)?|"
    r"all about|team)\s+(?P<what>.+)"
)
_LOVER = re.compile(
    r"(?i)^an? (?:(?:big|huge|real|total|massive|lifelong|proper|serious|complete|"
    r"committed) )*(?P<what>[\w'-]+(?: [\w'-]+)?) (?P<how>lover|person|addict|snob|nut|drinker|obsessive|junkie|"
    r"freak|geek|nerd|enthusiast|fiend|guy|girl|man|woman|family)\b(?P<rest>.*)"
)
_NOT_INTO = re.compile(
    r"(?i)^(?:an? )?(?:(?:big|huge|massive|really|much of an?|great|particularly|that|especially|so|such an?|very|"
    r"too|real) )*(?:fan (?:of|for)|lover of|into|keen on|fond of|big on|crazy about|mad about|mad on|one for|"
    r"comfortable with|enthusiastic about|much for|much into|much of a one for|bothered about|good with|"
    r"great with)\s+(?P<what>.+)"
)
_BE_OFF = re.compile(
    r"(?i)^(?:(?:so|really|totally|absolutely|completely|just|thoroughly) )*(?:sick(?: to death)? of|fed up (?:with|"
    r"of)|bored (?:of|by)|tired of|repulsed by|disgusted by|put off by|allergic to the idea of|creeped out by|"
    r"over)\s+(?P<what>.+)"
)
_FEEL = re.compile(
    r"(?i)^(?:(?P<how>(?:(?:really|very|a bit|so|quite|super|pretty|rather|kind of|slightly|extremely|secretly|"
    r"a little|dead|absolutely|mostly|genuinely) )*(?:nervous|worried|excited|anxious|stressed|proud|ashamed|"
    r"embarrassed|sceptical|skeptical|optimistic|pessimistic|passionate|ambivalent|torn|self-conscious|gutted|"
    r"thrilled|buzzing|terrible at|uneasy|guilty|apprehensive)) (?:about|of|over|for|when it comes to)) (?P<what>.+)"
)
_SUBJECT_IS = (
    (
        re.compile(
            r"(?i)^(?:not )?(?:really |just |so |quite |exactly |totally |definitely |absolutely |"
            r"very much )*(?:my (?:thing|jam|cup of tea|bag|scene|vibe|style|idea of fun|cuppa|kind of (?:thing|music|"
            r"food|film|place)|favourites?|comfort (?:food|film|show|blanket|read|album)|guilty pleasure|"
            r"go-to(?: \w+)?|"
            r"happy place|weakness|passion|obsession|first love|great love|one true love|poison|drink of choice|"
            r"therapy|"
            r"heaven|everything|absolute favourites?|all-time favourite|idea of heaven|number one)|for me|"
            r"the best(?: thing)?(?: ever| in the world)?|the love of my life|the dream|where it is at|unbeatable|life|"
            r"heaven)(?:$|[ ,.])"
        ),
        1,
    ),
    (
        re.compile(
            r"(?i)^(?:(?:so|just|really|absolutely|totally|completely|honestly|way|quite|pretty|utterly|basically|"
            r"always) )*(?:delicious|amazing|gorgeous|wonderful|brilliant|heavenly|divine|underrated|fantastic|awesome|"
            r"beautiful|ace|class|sublime|unreal|magic|magical|bliss|incredible)(?: to me)?$"
        ),
        1,
    ),
    (
        re.compile(
            r"(?i)^(?:(?:so|just|really|absolutely|totally|completely|honestly|way|quite|pretty|utterly|"
            r"basically|always|"
            r"a bit|all) )*(?:gross|disgusting|overrated|awful|horrible|vile|revolting|rank|minging|the worst|hideous|"
            r"boring|terrible|my (?:worst )?(?:nightmare|idea of hell|pet hate|pet peeve|kryptonite|bugbear|nemesis|"
            r"arch[- ]?enemy)|hell|unbearable|evil|nasty|rubbish|grim|overhyped|the devil(?:'s work)?|a nightmare|"
            r"my least favourite(?: \w+)?|foul|bleh|yuck|slimy|an abomination)(?: to me| for me| in the world)?$"
        ),
        -1,
    ),
)
_EFFECT = (
    (
        re.compile(
            r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |never fails to )*(?:makes? (?:me|"
            r"us) (?:so |really |very )?(?:happy|smile|feel (?:alive|calm|good|better|at home|at peace))|calms? me|"
            r"cheers? me up|relax(?:es)? me|keeps? me (?:sane|going)|soothes? me|is good for my soul|lifts? my mood|"
            r"makes? my day)\b"
        ),
        "like",
    ),
    (
        re.compile(
            r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |totally )*(?:makes? me (?:sick|"
            r"gag|heave|"
            r"want to (?:scream|cry|leave|throw up|run|vomit)|cringe|miserable|angry|cross|furious)|"
            r"gross(?:es)? me out|"
            r"drives? me (?:mad|crazy|insane|nuts|up the wall|bonkers|round the bend)|annoys? me|irritates? me|"
            r"bores? me|"
            r"winds? me up|does my head in|do my head in|gets? on my nerves|puts? me off|turns? my stomach|"
            r"repulses? me|"
            r"depress(?:es)? me|gets? me down|(?:is|are) not for me|does nothing for me|do nothing for me|"
            r"leaves? me cold)\b"
        ),
        "dislike",
    ),
    (
        re.compile(
            r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |totally |properly )*(?:scares? me|"
            r"terrif(?:y|ies) me|freaks? me out|frightens? me|gives? me the (?:creeps|willies|heebie-jeebies|shivers)|"
            r"creeps? me out|petrif(?:y|ies) me|makes? my skin crawl|makes? me panic|spooks? me|"
            r"scares? the (?:life|hell|"
            r"crap) out of me)\b"
        ),
        "fear",
    ),
    (
        re.compile(
            r"(?i)^(?P<subject>.+?) (?:always |really |just |still |can |could |will |would )*(?:(?:bring|"
            r"brings) me out in \w+|makes? me (?:swell|itch|wheeze|sneeze|puff)(?: up)?|makes? my (?:throat|mouth|face|"
            r"lips|tongue|eyes|skin) (?:swell|itch|close|puff|tingle|burn)\w*(?: up)?|gives? me (?:hives|a rash|"
            r"anaphylaxis)|sets? off my allerg(?:y|ies)|set me off sneezing|kills? me|(?:does|do) not agree with me|"
            r"put me in hospital|makes? me ill|upsets? my stomach)\b"
        ),
        "allergy",
    ),
    (
        re.compile(
            r"(?i)^(?P<subject>.+?) (?:always |really |just )*(?:makes? me (?:nervous|anxious|sad|uneasy|uncomfortable|"
            r"sleepy|emotional|nostalgic|homesick))\b"
        ),
        "feeling",
    ),
)
_NOTHING_BEATS = re.compile(
    r"(?i)^(?:(?:for me )?(?:nothing|there is nothing|not much|no \w+|few things) (?:quite |ever |really |"
    r"else )?(?:beats?|tops?|compares to|comes close to|like|better than|quite like|finer than|nicer than|"
    r"is better than|makes me happier than|hits the spot like|hits like)|(?:you|I) can(?: not|not|'t)(?: ever|"
    r" really)? beat|can not beat|give me|(?:I )?(?:would|could) (?:happily |gladly |easily )?(?:(?:live on|eat|"
    r"drink|listen to|watch|read|play) (?=.*(?:forever|all day|every day|for ever|on repeat|non-?stop|all night|"
    r"for the rest of my life|every meal|and nothing else|until))|live on|do anything for|kill for|die for|"
    r"never say no to|sell my soul for)|I have (?:an? )?(?:\w+ )?(?:soft spot|thing|weakness|passion|obsession|"
    r"sweet tooth|fondness|love|craving|real love|deep love) (?:for|with)|my (?:weakness|passion|obsession|"
    r"guilty pleasure|comfort food|happy place|go-to|one true love|first love|great love|idea of heaven|"
    r"perfect (?:sunday|weekend|evening|day|meal)|greatest pleasure|big passion|true love|drink of choice|"
    r"drug of choice|order)(?: \w+)?(?: in life)? (?:is|are|has to be|was|has always been|"
    r"will always be))\s+(?P<what>.+)"
)
_COMPARED = re.compile(r"(?i)\b(?:more than|better than|over)\s+(?P<b>.+)")


def tastes(scene: Scene) -> list[Found]:
    """Facts about what the user likes, dislikes, prefers, fears or feels."""
    clause, frame = scene.clause, scene.clause.frame
    first = frame.subject in ("I", "we")
    if clause.mood != "statement":
        return []
    beats = _NOTHING_BEATS.match(clause.text)
    if (
        beats
        and not frame.past
        and not (clause.text.lower().startswith("give me") and not re.search(r"(?i)any (?:day|time)|over", clause.text))
    ):
        found = all_tastes(
            re.sub(
                r"(?i)\s+(?:any day|any time|all day|forever|every day|for ever|for breakfast, lunch.*)\b.*",
                "",
                beats["what"],
            ),
            1,
            scene,
        )
        return found
    over = re.match(
        (
            r"(?i)^(?P<pair>(?!I\b|we\b)[\w ]{2,25} (?:over|not|before) [\w ]{2,20}?)(?:,? (?:always|any day|any time|"
            r"every time|for me|all day))+$"
        ),
        clause.text,
    )
    if over and not frame.verb:
        return prefers(over["pair"].replace(" not ", " over "), scene)
    favourite = favourites(scene)
    if favourite:
        return favourite
    if first and not frame.ended:
        return _first_person(scene)
    return [] if first else _about_subject(scene)


_RATHER = re.compile(
    r"(?i)\brather (?:(?:have|drink|eat|take|go for|watch|listen to|read|use|get|live in|"
    r"be in) (?!than\b))?(?P<what>.+)"
)
_IDIOMS: tuple[tuple[tuple[str, ...], re.Pattern[str], bool, int], ...] = (
    (
        words("stand bear abide stomach tolerate handle"),
        re.compile(r"(?i)(?:the (?:sight|taste|smell|sound|texture) of )?"),
        True,
        -1,
    ),
    (("do", "be"), re.compile(r"(?i)(?:being |doing )?(?:with|bothered with)\s+"), True, -1),
    (("get",), re.compile(r"(?i)enough of\s+"), True, 1),
    (("live",), re.compile(r"(?i)without\s+"), True, 1),
    (("swear", "live"), re.compile(r"(?i)(?:by|for)\s"), False, 1),
    (("go", "get"), re.compile(r"(?i)(?:mad|nuts|crazy|wild|weak) for\s"), False, 1),
    (("get",), re.compile(r"(?i)(?:really |well |so |very |quite )*(?:into|hooked on|obsessed with)\s"), False, 1),
    (("care",), re.compile(r"(?i)(?:much )?for\s"), True, -1),
    (
        ("see", "get", "understand"),
        re.compile(r"(?i)the (?:point|appeal|fuss|hype)(?: of| with| in| about)?\s+"),
        True,
        -1,
    ),
)
"""Verbs, what must follow, whether the clause is negative, and whether that is liking."""


def _first_person(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    if frame.verb == "be":
        return _being_into(frame.rest, frame.negative, scene)
    if frame.verb in ("find", "think", "consider") and not frame.past:
        return _finds(frame.rest, scene)
    if frame.verb == "prefer":
        return prefers(re.sub(r"(?i)^rather ", "", frame.rest), scene)
    if frame.modal == "would" and not frame.negative and re.search(r"(?i)\brather\b", scene.clause.text):
        rather = _RATHER.search(scene.clause.text)
        return prefers(rather["what"], scene) if rather and re.search(r"(?i)\b(?:than|over)\b", rather["what"]) else []
    if frame.verb == "fear" and not frame.negative:
        return [Found("fear", "", item) for item in things(frame.rest)]
    polarity, rest = _side(frame)
    if not polarity or (frame.past and not frame.perfect and frame.verb in LIKING):
        return []
    how = MY_HOW.match(rest) if polarity > 0 and frame.verb in ("like", "take", "love") else None
    if how:
        return [Found("prefers", how["what"].lower(), second_person(how["how"]).strip())]
    compared = _COMPARED.search(rest)
    if polarity > 0 and compared and re.search(r"(?i)\b(?:more|better) than\b", rest):
        return prefers(f"{rest[: compared.start()]} to {compared['b']}", scene)
    if re.match(r"(?i)(?:it|this|that) (?:when|if|how)\b", rest):
        return []
    most = re.split(r"(?i)\s+(?:the most|most of all|more than anything)\b", rest)[0]
    return all_tastes(most, polarity, scene, frame.verb)


def _side(frame: Frame) -> tuple[int, str]:
    """(+1 likes, -1 dislikes, 0 neither; what): also "can not stand", "live for", "go mad for"."""
    verb, rest = frame.verb, frame.rest
    if verb in LIKING and (frame.modal in ("", "can", "will") or frame.seldom):
        return (-1 if frame.negative else 1), rest
    if verb in DISLIKING and not frame.modal:
        return (0 if frame.negative else -1), rest
    for verbs, wanted, negative, polarity in _IDIOMS:
        found = wanted.match(rest) if verb in verbs and frame.negative == negative else None
        if found:
            return polarity, rest[found.end() :]
    return 0, rest


def _being_into(rest: str, negative: bool, scene: Scene) -> list[Found]:
    if scene.clause.frame.past and not scene.clause.frame.perfect:
        return []
    if negative:
        found = _NOT_INTO.match(rest)
        if found:
            return all_tastes(found["what"], -1, scene)
        person = _LOVER.match(rest)
        return _lover(person, -1, scene) if person else []
    found = _BE_INTO.match(rest)
    if found:
        return all_tastes(found["what"], 1, scene)
    found = _BE_OFF.match(rest)
    if found:
        return all_tastes(found["what"], -1, scene)
    felt = _FEEL.match(rest)
    if felt:
        what = thing(felt["what"], 5)
        return [Found("feeling_about", re.sub(r"^your ", "", what.lower()), felt["how"])] if what else []
    person = _LOVER.match(rest)
    return _lover(person, 1, scene) if person else []


def _lover(found: re.Match[str], polarity: int, scene: Scene) -> list[Found]:
    what, how = found["what"], found["how"].lower()
    if how == "family" and not scene.category(what):
        return []
    if what.lower() in (
        "morning",
        "day",
        "night",
        "evening",
        "people",
        "early",
        "young",
        "old",
        "single",
        "shy",
        "creative",
        "private",
        "quiet",
        "big",
        "family",
        "nice",
        "bad",
        "good",
        "lucky",
        "happy",
        "changed",
        "different",
        "busy",
        "simple",
    ):
        return []
    if how == "drinker":
        return (
            [Found("drink_habit", "", what)]
            if polarity > 0 and what.lower() not in ("big", "heavy", "social", "moderate")
            else []
        )
    category = scene.category(what)
    if how in ("man", "woman", "guy", "girl") and category in ("place", "") and re.match(r"[A-Z]", what):
        return [Found("origin", "", what)]
    if not category and how in ("person", "guy", "girl", "man", "woman"):
        return []
    side = "likes" if polarity > 0 else "dislikes"
    return (
        [Found(f"{side}_{category}", "", what, polarity)]
        if category
        else [Found(f"{side}_thing", head_noun(what), what, polarity)]
    )


def _finds(rest: str, scene: Scene) -> list[Found]:
    judged = re.match(
        (
            r"(?i)(?:that )?(?P<what>.+?)\s+(?:(?:is|are) )?(?:(?:so|really|very|absolutely|a bit|totally|incredibly|"
            r"quite|way too|too|completely|rather|utterly) )*(?P<how>relaxing|soothing|fascinating|delicious|"
            r"calming|fun|"
            r"therapeutic|wonderful|amazing|brilliant|beautiful|addictive|comforting|boring|dull|disgusting|gross|"
            r"stressful|exhausting|annoying|overrated|tedious|unbearable|irritating|awful|horrible|vile|"
            r"revolting|scary|"
            r"terrifying|frightening|creepy)$"
        ),
        rest,
    )
    if not judged or re.match(r"(?i)(?:it|this|that|you|your|the answer)$", judged["what"]):
        return []
    how = judged["how"].lower()
    if how in ("scary", "terrifying", "frightening", "creepy"):
        return [Found("fear", "", one) for one in things(judged["what"])]
    good = how in words(
        "relaxing soothing fascinating delicious calming fun therapeutic wonderful amazing brilliant beautiful "
        "addictive comforting"
    )
    return all_tastes(judged["what"], 1 if good else -1, scene)


_RELATED_SUBJECT = re.compile(
    r"(?i)^(?:my|our|his|her|their|your|he|she|they|you|it|this|that|these|those|there|what|which|who|someone|"
    r"everyone|people|the (?:weather|food|film|movie|book|answer|recipe|place|hotel|view|traffic|concert|gig|party|"
    r"meeting|trip|game|match|queue|service|show|train|bus|one)\b|today|yesterday|last|i)\b"
)


def _about_subject(scene: Scene) -> list[Found]:
    """ "Olives are not my thing", "spiders freak me out"."""
    text, frame = scene.clause.text, scene.clause.frame
    for pattern, sort in _EFFECT:
        found = pattern.match(text)
        if found and not _RELATED_SUBJECT.match(found["subject"]) and not frame.past:
            items = things(
                re.sub(
                    r"(?i)^(?:the (?:sight|thought|smell|taste|sound|idea|texture) of |even |just |seeing |eating )+",
                    "",
                    found["subject"],
                )
            )
            if sort == "feeling":
                how = re.search(r"(?i)makes? me (\w+)", text)
                return [Found("feeling_about", items[0].lower(), how[1])] if items and how else []
            if sort in ("fear", "allergy"):
                return [Found(sort, "", one) for one in items]
            return [one for item in items for one in taste(item, 1 if sort == "like" else -1, scene)]
    if frame.verb != "be" or frame.past or not frame.subject or _RELATED_SUBJECT.match(frame.subject):
        return []
    for pattern, polarity in _SUBJECT_IS:
        rest = re.sub(r"(?i)[,]? (?:though|too|as well|in my book|if I am honest)$", "", frame.rest)
        if pattern.match(rest):
            side = -polarity if frame.negative or rest.lower().startswith("not ") else polarity
            return all_tastes(frame.subject, side, scene)
    return []
