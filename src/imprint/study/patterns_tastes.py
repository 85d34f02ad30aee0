"""Likes, dislikes, favourites, preferences, fears and feelings."""

import re

from imprint.detect.verbs import base_of, is_doing
from imprint.study.found import Found, Scene
from imprint.study.lexicon import CLUBS, INSTRUMENTS
from imprint.study.rewrite import second_person
from imprint.study.spans import name, place, singular, thing, things, without_times
from imprint.study.topics import head_noun

_LIKING = frozenset("like love enjoy adore dig fancy appreciate crave worship favour".split())
_DISLIKING = frozenset("hate dislike detest loathe despise".split())
_BE_INTO = re.compile(
    r"(?i)^(?:(?:really|very|quite|so|super|totally|absolutely|big|pretty|well|completely|currently|a bit|just|not|that|too|all that|particularly|such|especially|such a|properly|heavily|weirdly|always|seriously|a huge fan and) )*"
    r"(?:into|in love with|fond of|keen on|mad about|mad on|mad for|crazy about|nuts about|obsessed with|hooked on|addicted to|partial to|big on|passionate about|"
    r"enamoured with|besotted with|(?:an? )?(?:(?:big|huge|massive|real|total|complete|lifelong|secret|proper|great|major|enormous|avid|bit of a|devoted) )*(?:fan|lover|sucker|fiend) (?:of|for)|a sucker for|a slave to|"
    r"happiest (?:when(?: I am)?|with|in|on|doing)|at my happiest|never happier than(?: when(?: I am)?)?|all about|team)\s+(?P<what>.+)"
)
_LOVER = re.compile(r"(?i)^an? (?:(?:big|huge|real|total|massive|lifelong|proper|serious|complete|committed) )*(?P<what>[\w'-]+(?: [\w'-]+)?) (?P<how>lover|person|addict|snob|nut|drinker|obsessive|junkie|freak|geek|nerd|enthusiast|fiend|guy|girl|man|woman|family)\b(?P<rest>.*)")
_NOT_INTO = re.compile(r"(?i)^(?:an? )?(?:(?:big|huge|massive|really|much of an?|great|particularly|that|especially|so|such an?|very|too|real) )*(?:fan (?:of|for)|lover of|into|keen on|fond of|big on|crazy about|mad about|mad on|one for|comfortable with|enthusiastic about|much for|much into|much of a one for|bothered about|good with|great with)\s+(?P<what>.+)")
_BE_OFF = re.compile(r"(?i)^(?:(?:so|really|totally|absolutely|completely|just|thoroughly) )*(?:sick(?: to death)? of|fed up (?:with|of)|bored (?:of|by)|tired of|repulsed by|disgusted by|put off by|allergic to the idea of|creeped out by|over)\s+(?P<what>.+)")
_FEEL = re.compile(r"(?i)^(?:(?P<how>(?:(?:really|very|a bit|so|quite|super|pretty|rather|kind of|slightly|extremely|secretly|a little|dead|absolutely|mostly|genuinely) )*(?:nervous|worried|excited|anxious|stressed|proud|ashamed|embarrassed|sceptical|skeptical|optimistic|pessimistic|passionate|ambivalent|torn|self-conscious|gutted|thrilled|buzzing|terrible at|uneasy|guilty|apprehensive)) (?:about|of|over|for|when it comes to)) (?P<what>.+)")
_SUBJECT_IS = (
    (re.compile(r"(?i)^(?:not )?(?:really |just |so |quite |exactly |totally |definitely |absolutely |very much )*(?:my (?:thing|jam|cup of tea|bag|scene|vibe|style|idea of fun|cuppa|kind of (?:thing|music|food|film|place)|favourites?|comfort (?:food|film|show|blanket|read|album)|guilty pleasure|go-to(?: \w+)?|happy place|weakness|passion|obsession|first love|great love|one true love|poison|drink of choice|therapy|heaven|everything|absolute favourites?|all-time favourite|idea of heaven|number one)|for me|the best(?: thing)?(?: ever| in the world)?|the love of my life|the dream|where it is at|unbeatable|life|heaven)(?:$|[ ,.])"), 1),
    (re.compile(r"(?i)^(?:(?:so|just|really|absolutely|totally|completely|honestly|way|quite|pretty|utterly|basically|always) )*(?:delicious|amazing|gorgeous|wonderful|brilliant|heavenly|divine|underrated|fantastic|awesome|beautiful|ace|class|sublime|unreal|magic|magical|bliss|incredible)(?: to me)?$"), 1),
    (re.compile(r"(?i)^(?:(?:so|just|really|absolutely|totally|completely|honestly|way|quite|pretty|utterly|basically|always|a bit|all) )*(?:gross|disgusting|overrated|awful|horrible|vile|revolting|rank|minging|the worst|hideous|boring|terrible|my (?:worst )?(?:nightmare|idea of hell|pet hate|pet peeve|kryptonite|bugbear|nemesis|arch[- ]?enemy)|hell|unbearable|evil|nasty|rubbish|grim|overhyped|the devil(?:'s work)?|a nightmare|my least favourite(?: \w+)?|foul|bleh|yuck|slimy|an abomination)(?: to me| for me| in the world)?$"), -1),
)  # fmt: skip
_EFFECT = (
    (re.compile(r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |never fails to )*(?:makes? (?:me|us) (?:so |really |very )?(?:happy|smile|feel (?:alive|calm|good|better|at home|at peace))|calms? me|cheers? me up|relax(?:es)? me|keeps? me (?:sane|going)|soothes? me|is good for my soul|lifts? my mood|makes? my day)\b"), "like"),
    (re.compile(r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |totally )*(?:makes? me (?:sick|gag|heave|want to (?:scream|cry|leave|throw up|run|vomit)|cringe|miserable|angry|cross|furious)|gross(?:es)? me out|drives? me (?:mad|crazy|insane|nuts|up the wall|bonkers|round the bend)|annoys? me|irritates? me|bores? me|winds? me up|does my head in|do my head in|gets? on my nerves|puts? me off|turns? my stomach|repulses? me|depress(?:es)? me|gets? me down|(?:is|are) not for me|does nothing for me|do nothing for me|leaves? me cold)\b"), "dislike"),
    (re.compile(r"(?i)^(?P<subject>.+?) (?:always |really |just |still |absolutely |totally |properly )*(?:scares? me|terrif(?:y|ies) me|freaks? me out|frightens? me|gives? me the (?:creeps|willies|heebie-jeebies|shivers)|creeps? me out|petrif(?:y|ies) me|makes? my skin crawl|makes? me panic|spooks? me|scares? the (?:life|hell|crap) out of me)\b"), "fear"),
    (re.compile(r"(?i)^(?P<subject>.+?) (?:always |really |just |still |can |could |will |would )*(?:(?:bring|brings) me out in \w+|makes? me (?:swell|itch|wheeze|sneeze|puff)(?: up)?|makes? my (?:throat|mouth|face|lips|tongue|eyes|skin) (?:swell|itch|close|puff|tingle|burn)\w*(?: up)?|gives? me (?:hives|a rash|anaphylaxis)|sets? off my allerg(?:y|ies)|set me off sneezing|kills? me|put me in hospital|makes? me ill|upsets? my stomach)\b"), "allergy"),
    (re.compile(r"(?i)^(?P<subject>.+?) (?:always |really |just )*(?:makes? me (?:nervous|anxious|sad|uneasy|uncomfortable|sleepy|emotional|nostalgic|homesick))\b"), "feeling"),
)  # fmt: skip
_NOTHING_BEATS = re.compile(
    r"(?i)^(?:(?:for me )?(?:nothing|there is nothing|not much|no \w+|few things) (?:quite |ever |really |else )?(?:beats?|tops?|compares to|comes close to|like|better than|quite like|finer than|nicer than|is better than|makes me happier than|hits the spot like|hits like)|(?:you|I) can(?: not|not|'t)(?: ever| really)? beat|can not beat|give me|I (?:would|could) (?:happily |gladly |easily )?(?:(?:live on|eat|drink|listen to|watch|read|play) (?=.*(?:forever|all day|every day|for ever|on repeat|non-?stop|all night|for the rest of my life|every meal|and nothing else|until))|live on|do anything for|kill for|die for|never say no to|sell my soul for)|I have (?:an? )?(?:\w+ )?(?:soft spot|thing|weakness|passion|obsession|sweet tooth|fondness|love|craving|real love|deep love) (?:for|with)|my (?:weakness|passion|obsession|guilty pleasure|comfort food|happy place|go-to|one true love|first love|great love|idea of heaven|perfect (?:sunday|weekend|evening|day|meal)|greatest pleasure|big passion|true love|drink of choice|drug of choice|order)(?: \w+)?(?: in life)? (?:is|are|has to be|was|has always been|will always be))\s+(?P<what>.+)"
)
_FAVOURITE = re.compile(
    r"(?i)^(?:my|our) (?:(?:absolute|all[- ]time|personal|current|very|new|other|second|old|big|biggest|childhood) )*favourite(?: (?P<about>(?:thing|way|kind|type|sort|part|time|place|day)(?: (?:to|of|for) [\w ]+?)?|[\w' -]+?))?(?: (?:of all time|ever|in the world|of all|by far|right now|at the moment|these days|has to be|would be|would have to be|has always been|will always be|is definitely|is probably|is still|is now|is|are|was|=))+:?\s+(?P<value>.+)"
)
_IS_FAVOURITE = re.compile(r"(?i)^(?P<value>.+?) (?:is|are|has always been|has to be|will always be|have always been|must be)(?: definitely| probably| by far| still| easily| hands down| now| also| just)? (?:my|our)(?: absolute| all[- ]time| personal| current| new)? favourite(?: (?P<about>[\w' ]+?))?(?: (?:ever|of all time|in the world|by far|hands down|though|too|these days|of all))*$")
_PREFERS = re.compile(r"(?i)^(?P<a>.+?)(?:,)? (?:to|over|rather than|instead of|more than|and not|not|any day over|than) (?P<b>.+)")
_MY_HOW = re.compile(r"(?i)^(?:my|our) (?P<what>[\w ]+?) (?P<how>(?:very |really |extra |quite |nice and )?(?:black|strong|weak|milky|sweet|hot|cold|iced|spicy|mild|crispy|raw|rare|medium(?:[- ]rare)?|well done|blue|plain|dark|sour|bitter|short|long|loud|quiet|soft|firm|dry|simple|neat|straight|unsweetened|frothy|crunchy|chilled|fizzy|still|runny|hard-boiled|burnt|with .+|without .+|in the .+|no sugar|extra \w+))(?:$|[,.])")
_TIME_TASTE = re.compile(r"(?i)^(?:the (?:way|idea|thought|look|sound|fact)|when|how|that|it|this|to (?:know|think|hear|see if)|your|you)\b")
_COMPARED = re.compile(r"(?i)\b(?:more than|better than|over)\s+(?P<b>.+)")
_GET_ENOUGH = re.compile(r"(?i)^enough of\s+(?P<what>.+)")


def _clean(value: str) -> str:
    """Gerunds keep their object ("reading crime novels"); "to cook" becomes "cooking" in no way: it stays "to cook" minus "to"."""
    return re.sub(r"(?i)^to ", "", value)


def taste(value: str, polarity: int, scene: Scene, verb: str = "") -> list[Found]:
    """One liked or disliked thing, sorted into its category."""
    low = value.lower()
    words = low.split()
    first = words[0]
    if re.fullmatch(r"(?:my|your|his|her|their|our) .+", low) and verb != "enjoy":
        return []
    if low in CLUBS and polarity > 0:
        return [Found("team", "", value)]
    done = base_of(first) if is_doing(first) else ""
    category = ""
    if done in ("eat", "drink", "listen", "watch", "read", "wear", "visit", "play") and len(words) > 1:
        bare = re.sub(r"(?i)^\w+ing (?:to )?(?:the |a |an |some |old )?(?=\w)", "", value)
        if done == "play" and (bare.lower() in INSTRUMENTS or singular(bare) in INSTRUMENTS):
            return [Found("instrument", "", bare)] if polarity > 0 else []
        known = scene.category(bare, done)
        if known and known != "activity":
            category, value = known, bare
    category = category or scene.category(value, verb)
    if is_doing(first) and category in ("", "thing"):
        category = "activity"
    side = "likes" if polarity > 0 else "dislikes"
    if category:
        return [Found(f"{side}_{category}", "", value, polarity)]
    return [Found(f"{side}_thing", head_noun(value), value, polarity)]


def _tastes(text: str, polarity: int, scene: Scene, verb: str = "") -> list[Found]:
    text = re.sub(r"(?i)^(?:going to |to go to |going for |getting |having |to have |the (?:smell|taste|sound|feel|sight|texture) of |nothing (?:more|better) than |a bit of |me (?:some|a) |a nice |a good |myself a |any kind of |all things |everything about )+", "", text.strip())
    if not text or _TIME_TASTE.match(text) or re.match(r"(?i)(?:it|this|that|these|those|them|him|her|you|your|my (?:wife|husband|partner|mum|dad|mom|kids|family|sister|brother|son|daughter|cat|dog|job|work|new|old|own|life|friends?))\b", text):
        return []
    infinitive = re.match(r"(?i)to (?P<verb>\w+)(?P<rest>.*)", text)
    if infinitive:
        done = infinitive["verb"].lower()
        rest = infinitive["rest"].strip()
        if done in ("eat", "drink", "listen", "watch", "read", "wear", "visit", "play", "bake", "cook") and rest:
            bare = re.sub(r"(?i)^to ", "", rest)
            return [one for item in things(without_times(bare)) for one in taste(item, polarity, scene, done)]
        if done in ("know", "be", "see", "hear", "think", "have", "get", "say", "ask", "try", "do", "make", "go", "learn", "help", "use", "keep"):
            cleaned = thing(without_times(text), 6)
        else:
            cleaned = thing(without_times(f"{done} {rest}".strip()), 6)
        cleaned = _clean(cleaned or thing(f"{done} {rest}", 6))
        return [Found("likes_activity" if polarity > 0 else "dislikes_activity", "", cleaned, polarity)] if cleaned and done not in ("know", "be", "see", "hear", "think", "say", "ask", "have") else []
    return [one for item in things(text) for one in taste(item, polarity, scene, verb)]


def tastes(scene: Scene) -> list[Found]:
    """Facts about what the user likes, dislikes, prefers, fears or feels."""
    clause, frame = scene.clause, scene.clause.frame
    first = frame.subject in ("I", "we")
    if clause.mood != "statement":
        return []
    beats = _NOTHING_BEATS.match(clause.text)
    if beats and not frame.past and not (clause.text.lower().startswith("give me") and not re.search(r"(?i)any (?:day|time)|over", clause.text)):
        found = _tastes(re.sub(r"(?i)\s+(?:any day|any time|all day|forever|every day|for ever|for breakfast, lunch.*)\b.*", "", beats["what"]), 1, scene)
        return found
    over = re.match(r"(?i)^(?P<pair>(?!I\b|we\b)[\w ]{2,25} (?:over|not|before) [\w ]{2,20}?)(?:,? (?:always|any day|any time|every time|for me|all day))+$", clause.text)
    if over and not frame.verb:
        return prefers(over["pair"].replace(" not ", " over "), scene)
    favourite = _favourite(scene)
    if favourite:
        return favourite
    if first and not frame.ended:
        return _first_person(scene)
    return [] if first else _about_subject(scene)


def _favourite(scene: Scene) -> list[Found]:
    text = scene.clause.text
    found = _FAVOURITE.match(text)
    if found:
        about = (found["about"] or "thing").lower().strip()
        value = found["value"]
        if about in ("thing", "thing to do", "way to relax", "pastime", "activity"):
            return _tastes(value, 1, scene) if about != "pastime" else [Found("hobby", "", thing(value))]
        if re.match(r"(?i)(?:called|named) ", value):
            value = value.split(" ", 1)[1]
        titled = re.match(r"(?:The|A|An) [A-Z][\w']*(?: (?:[A-Z][\w']*|of|the|and|in|a))*", value)
        short = titled[0] if titled else thing(re.sub(r"(?i)^(?:definitely|probably|by far|still|easily|hands down|always|now|the one|a tie between|got to be) ", "", value))
        if not titled and re.search(r" and ", value) and len(value.split()) <= 7:
            listed = things(value)
            short = " and ".join(listed[:2]) if listed else short
        return [Found("favourite", _topic(about), short)] if short else []
    found = _IS_FAVOURITE.match(text)
    if found and not re.match(r"(?i)(?:it|this|that|these|those|which|he|she|they|what)$", found["value"]):
        value = thing(found["value"], stop=False)
        if not value:
            return []
        if found["about"]:
            return [Found("favourite", _topic(found["about"].lower()), value)]
        return taste(value, 1, scene)
    return []


def _topic(about: str) -> str:
    about = re.sub(r"^(?:kind|type|sort) of ", "", about)
    about = re.sub(r"^(?:thing|way|place) to ", "", about).strip()
    return singular(about) if about.split()[-1] not in ("series", "news", "chess", "tennis") and not about.endswith("ss") else about


def _first_person(scene: Scene) -> list[Found]:
    frame = scene.clause.frame
    rest = frame.rest
    if frame.verb == "be":
        return _being_into(rest, frame.negative, scene)
    if frame.verb in ("find", "think", "consider") and not frame.past:
        return _finds(rest, scene)
    if frame.verb == "prefer" or (frame.modal == "would" and re.search(r"(?i)\brather\b", scene.clause.text) and not frame.negative):
        rest = re.sub(r"(?i)^rather ", "", rest)
        if frame.verb != "prefer":
            plain = re.search(r"(?i)\brather (?:(?:have|drink|eat|take|go for|watch|listen to|read|use|get|live in|be in) (?!than\b))?(?P<what>.+)", scene.clause.text)
            rest = plain["what"] if plain and re.search(r"(?i)\b(?:than|over)\b", plain["what"]) else ""
        return prefers(rest, scene)
    if frame.verb in ("miss",) or frame.past and not frame.perfect and frame.verb in _LIKING:
        return []
    polarity = 0
    if frame.verb in _LIKING and (not frame.modal or frame.modal in ("can", "will") or frame.seldom):
        polarity = -1 if frame.negative else 1
    elif frame.verb in _DISLIKING and not frame.modal:
        polarity = -1 if not frame.negative else 0
    elif frame.verb in ("stand", "bear", "abide", "stomach", "tolerate", "handle") and frame.negative:
        polarity = -1
        rest = re.sub(r"(?i)^(?:the (?:sight|taste|smell|sound|texture) of )", "", rest)
    elif frame.negative and frame.modal == "can" and re.match(r"(?i)(?:stomach|abide|stand|be doing with|be bothered with)\b", rest):
        polarity, rest = -1, re.sub(r"(?i)^(?:stomach|abide|stand|be doing with|be bothered with)\s+", "", rest)
    elif frame.negative and frame.modal == "can" and (frame.verb == "get" and _GET_ENOUGH.match(rest)):
        polarity, rest = 1, rest[10:].strip()
    elif frame.negative and frame.modal == "can" and frame.verb == "live" and rest.lower().startswith("without"):
        polarity, rest = 1, rest[8:].strip()
    elif frame.verb in ("swear", "live") and re.match(r"(?i)(?:by|for)\s", rest) and not frame.negative:
        polarity, rest = 1, rest.split(" ", 1)[1]
    elif frame.verb in ("go", "get") and re.match(r"(?i)(?:mad|nuts|crazy|wild|weak) for\s", rest):
        polarity, rest = 1, rest.split(" ", 2)[2]
    elif frame.verb == "get" and re.match(r"(?i)(?:really |well |so |very |quite )*(?:into|hooked on|obsessed with)\s", rest) and not frame.negative:
        polarity, rest = 1, re.split(r"(?i)\b(?:into|on|with)\s+", rest, maxsplit=1)[1]
    elif frame.verb == "care" and frame.negative and re.match(r"(?i)(?:much )?for\s", rest):
        polarity, rest = -1, re.sub(r"(?i)^(?:much )?for ", "", rest)
    elif frame.verb in ("see", "get", "understand") and frame.negative and re.match(r"(?i)(?:the (?:point|appeal|fuss|hype)(?: of| with| in| about)?)\s", rest):
        polarity, rest = -1, re.sub(r"(?i)^the \w+(?: of| with| in| about)?\s+", "", rest)
    elif frame.verb == "fear" and not frame.negative:
        return [Found("fear", "", one) for one in things(rest)]
    if not polarity:
        return []
    if polarity > 0 and frame.verb in ("like", "take", "love"):
        how = _MY_HOW.match(rest)
        if how:
            return [Found("prefers", how["what"].lower(), second_person(how["how"]).strip())]
    if frame.verb == "like" and frame.modal == "would":
        return []
    compared = _COMPARED.search(rest)
    if polarity > 0 and compared and re.search(r"(?i)\b(?:more|better) than\b", rest):
        return prefers(f"{rest[: compared.start()]} to {compared['b']}", scene)
    if re.match(r"(?i)(?:it|this|that) (?:when|if|how)\b", rest):
        return []
    return _tastes(re.split(r"(?i)\s+(?:the most|most of all|more than anything)\b", rest)[0], polarity, scene, frame.verb)


def _being_into(rest: str, negative: bool, scene: Scene) -> list[Found]:
    if scene.clause.frame.past and not scene.clause.frame.perfect:
        return []
    if negative:
        found = _NOT_INTO.match(rest)
        if found:
            return _tastes(found["what"], -1, scene)
        person = _LOVER.match(rest)
        return _lover(person, -1, scene) if person else []
    found = _BE_INTO.match(rest)
    if found:
        return _tastes(found["what"], 1, scene)
    found = _BE_OFF.match(rest)
    if found:
        return _tastes(found["what"], -1, scene)
    felt = _FEEL.match(rest)
    if felt:
        what = thing(felt["what"], 5)
        return [Found("feeling_about", re.sub(r"^your ", "", what.lower()), felt["how"])] if what else []
    person = _LOVER.match(rest)
    return _lover(person, 1, scene) if person else []


def _lover(found: re.Match[str], polarity: int, scene: Scene) -> list[Found]:
    what, how = found["what"], found["how"].lower()
    if how in ("man", "woman", "guy", "girl", "family") and not scene.category(what):
        return []
    if what.lower() in ("morning", "day", "night", "evening", "people", "early", "young", "old", "single", "shy", "creative", "private", "quiet", "big", "family", "nice", "bad", "good", "lucky", "happy", "changed", "different", "busy", "simple"):
        return []
    if how == "drinker":
        return [Found("drink_habit", "", what)] if polarity > 0 and what.lower() not in ("big", "heavy", "social", "moderate") else []
    category = scene.category(what)
    if not category and how in ("person", "guy", "girl", "man", "woman"):
        return []
    side = "likes" if polarity > 0 else "dislikes"
    return [Found(f"{side}_{category}", "", what, polarity)] if category else [Found(f"{side}_thing", head_noun(what), what, polarity)]


def _finds(rest: str, scene: Scene) -> list[Found]:
    judged = re.match(r"(?i)(?:that )?(?P<what>.+?)\s+(?:(?:is|are) )?(?:(?:so|really|very|absolutely|a bit|totally|incredibly|quite|way too|too|completely|rather|utterly) )*(?P<how>relaxing|soothing|fascinating|delicious|calming|fun|therapeutic|wonderful|amazing|brilliant|beautiful|addictive|comforting|boring|dull|disgusting|gross|stressful|exhausting|annoying|overrated|tedious|unbearable|irritating|awful|horrible|vile|revolting|scary|terrifying|frightening|creepy)$", rest)
    if not judged or re.match(r"(?i)(?:it|this|that|you|your|the answer)$", judged["what"]):
        return []
    how = judged["how"].lower()
    if how in ("scary", "terrifying", "frightening", "creepy"):
        return [Found("fear", "", one) for one in things(judged["what"])]
    good = how in "relaxing soothing fascinating delicious calming fun therapeutic wonderful amazing brilliant beautiful addictive comforting".split()
    return _tastes(judged["what"], 1 if good else -1, scene)


def prefers(rest: str, scene: Scene) -> list[Found]:
    """ "I prefer X to Y" -> (prefers, "x or y", X); "my coffee black" -> (prefers, "coffee", "black"); "X" alone -> its head noun."""
    how = _MY_HOW.match(rest)
    if how:
        return [Found("prefers", how["what"].lower(), second_person(how["how"]).strip())]
    found = _PREFERS.match(rest)
    if found and not re.match(r"(?i)to\b", rest):
        first, second = thing(re.sub(r"(?i)^(?:to )?(?:be |have |go |use )?", "", found["a"]), 5, stop=False), thing(re.sub(r"(?i)^(?:be|have|go|use|in|on) ", "", found["b"]), 4)
        if first and second:
            pair = sorted((first.lower(), second.lower()))
            return [Found("prefers", f"{pair[0]} or {pair[1]}", first)]
    value = thing(without_times(re.sub(r"(?i)^(?:to |it |things |when )+", "", rest)), 5)
    if not value or re.match(r"(?i)(?:if|when|not|that|you)\b", rest):
        return []
    first = value.split()[0].lower()
    return [Found("prefers", first if is_doing(first) else _topic(head_noun(value)) if " " in value else scene.category(value) or first, value)]


_RELATED_SUBJECT = re.compile(r"(?i)^(?:my|our|his|her|their|your|he|she|they|you|it|this|that|these|those|there|what|which|who|someone|everyone|people|the (?:weather|food|film|movie|book|answer|recipe|place|hotel|view|traffic|concert|gig|party|meeting|trip|game|match|queue|service|show|train|bus|one)\b|today|yesterday|last|i)\b")


def _about_subject(scene: Scene) -> list[Found]:
    """ "Olives are not my thing", "spiders freak me out"."""
    text, frame = scene.clause.text, scene.clause.frame
    for pattern, sort in _EFFECT:
        found = pattern.match(text)
        if found and not _RELATED_SUBJECT.match(found["subject"]) and not frame.past:
            items = things(re.sub(r"(?i)^(?:the (?:sight|thought|smell|taste|sound|idea|texture) of |even |just |seeing |eating )+", "", found["subject"]))
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
            return _tastes(frame.subject, side, scene)
    return []




def team_of(text: str, cased: bool) -> str:
    """A club's name at the start of `text`."""
    low = text.lower()
    for club in sorted(CLUBS, key=lambda word: (-len(word), word)):
        if re.match(rf"{re.escape(club)}(?=$|[\s,.!])", low):
            return text[: len(club)]
    return name(text, cased) or place(text, cased)
