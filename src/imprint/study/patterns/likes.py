"""One liked, disliked, favourite or preferred thing, sorted into its category."""

import re

from imprint.detect.verbs import base_of, is_doing
from imprint.detect.words import either, words
from imprint.study.found import Found, Scene, one
from imprint.study.lexicon import (
    CLUBS,
    INSTRUMENTS,
)
from imprint.study.rewrite import second_person
from imprint.study.spans import (
    name,
    place,
    singular,
    thing,
    things,
    without_times,
)
from imprint.study.topics import head_noun

LIKING = frozenset(words("like love enjoy adore dig fancy appreciate crave worship favour"))
DISLIKING = frozenset(words("hate dislike detest loathe despise"))
_FAVOURITE = re.compile(
    r"(?i)^(?:my|our) (?:(?:absolute|all[- ]time|personal|current|very|new|other|second|old|big|biggest|"
    r"childhood) )*favourite(?: (?P<about>(?:thing|way|kind|type|sort|part|time|place|day)(?: (?:to|of|"
    r"for) [\w ]+?)?|[\w' -]+?))?(?: (?:of all time|ever|in the world|of all|by far|right now|at the moment|"
    r"these days|has to be|would be|would have to be|has always been|will always be|is definitely|is probably|"
    r"is still|is now|is|are|was|=))+:?\s+(?P<value>.+)"
)
_IS_FAVOURITE = re.compile(
    r"(?i)^(?P<value>.+?) (?:is|are|has always been|has to be|will always be|have always been|must be)(?: definitely|"
    r" probably| by far| still| easily| hands down| now| also| just)? (?:my|our)(?: absolute| all[- ]time| personal|"
    r" current| new)? favourite(?: (?P<about>[\w' ]+?))?(?: (?:ever|of all time|in the world|by far|hands down|"
    r"though|too|these days|of all))*$"
)
_PREFERS = re.compile(
    r"(?i)^(?P<a>.+?)(?:,)? (?:to|over|rather than|instead of|more than|and not|not|any day over|than) (?P<b>.+)"
)
MY_HOW = re.compile(
    r"(?i)^(?:my|our) (?P<what>[\w ]+?) (?P<how>(?:very |really |extra |quite |nice and )?(?:black|strong|weak|milky|"
    r"sweet|hot|cold|iced|spicy|mild|crispy|raw|rare|medium(?:[- ]rare)?|well done|blue|plain|dark|sour|bitter|short|"
    r"long|loud|quiet|soft|firm|dry|simple|neat|straight|unsweetened|frothy|crunchy|chilled|fizzy|still|runny|"
    r"hard-boiled|burnt|with .+|without .+|in the .+|no sugar|extra \w+))(?:$|[,.])"
)
_TIME_TASTE = re.compile(
    r"(?i)^(?:the (?:way|idea|thought|look|sound|fact)|when|how|that|it|this|to (?:know|think|hear|see if)|your|"
    r"you)\b"
)


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


_IT_OR_THEM = re.compile(r"(?i)(?:it|them)(?: now| these days| so much| too| again| a lot| all| really| instead)*")
_AROUND_IT = re.compile(
    r"(?i)^(?:going to |to go to |going for |getting |having |to have |the (?:smell|taste|sound|feel|sight|"
    r"texture) of |nothing (?:more|better) than |a bit of |me (?:some|a) |a nice |a good |myself a |any kind of |"
    r"all things |everything about )+"
)
_ONE_OF_THESE = re.compile(
    r"(?i)(?:the )?(?:(?:\w+ )?(?:one|ones|option|version|idea|suggestion|answer|part|bit|sound|look|start|"
    r"ending|result|photo|picture|title)s?)\b(?! (?:of|with|that|who))"
)
_SOMEBODY = re.compile(
    r"(?i)(?:it|this|that|these|those|them|him|her|you|your|my (?:wife|husband|partner|mum|dad|mom|kids|family|"
    r"sister|brother|son|daughter|cat|dog|job|work|new|old|own|life|friends?))\b"
)


def all_tastes(text: str, polarity: int, scene: Scene, verb: str = "") -> list[Found]:
    """Every liked or disliked thing in `text`, what follows "I like"."""
    if _IT_OR_THEM.fullmatch(text.strip()):
        return [found for item in _meant(scene) for found in taste(item, polarity, scene, verb)]
    text = _AROUND_IT.sub("", text.strip())
    if not text or _TIME_TASTE.match(text) or _ONE_OF_THESE.match(text) or _SOMEBODY.match(text):
        return []
    infinitive = re.match(r"(?i)to (?P<verb>\w+)\s*(?P<rest>.*)", text)
    if infinitive:
        return _liked_doing(infinitive["verb"].lower(), infinitive["rest"], polarity, scene)
    return [found for item in things(text) for found in taste(item, polarity, scene, verb)]


def _meant(scene: Scene) -> list[str]:
    """What "them" is in "I used to hate olives but now I love them": the object of the clause before."""
    earlier = scene.before.frame if scene.before is not None else None
    if earlier is None or earlier.subject not in ("I", "we"):
        return []
    spoken_of = re.search(r"(?i)\babout (?=\w)", earlier.rest)
    if not spoken_of and earlier.verb not in LIKING | DISLIKING:
        return []
    return things(earlier.rest[spoken_of.end() :] if spoken_of else earlier.rest)


def _liked_doing(done: str, rest: str, polarity: int, scene: Scene) -> list[Found]:
    """ "to read crime novels" is books, "to sing in the shower" an activity."""
    if done in ("eat", "drink", "listen", "watch", "read", "wear", "visit", "play", "bake", "cook") and rest:
        bare = re.sub(r"(?i)^to ", "", rest)
        return [found for item in things(without_times(bare)) for found in taste(item, polarity, scene, done)]
    if done in ("know", "be", "see", "hear", "think", "say", "ask", "have"):
        return []
    value = thing(without_times(f"{done} {rest}".strip()), 6) or thing(f"{done} {rest}", 6)
    return one("likes_activity" if polarity > 0 else "dislikes_activity", "", value, polarity)


def favourites(scene: Scene) -> list[Found]:
    text = scene.clause.text
    found = _FAVOURITE.match(text)
    if found:
        about = (found["about"] or "thing").lower().strip()
        value = found["value"]
        if about in ("thing", "thing to do", "way to relax", "pastime", "activity"):
            return all_tastes(value, 1, scene) if about != "pastime" else [Found("hobby", "", thing(value))]
        if re.match(r"(?i)(?:called|named) ", value):
            value = value.split(" ", 1)[1]
        titled = re.match(r"(?:The|A|An) [A-Z][\w']*(?: (?:[A-Z][\w']*|of|the|and|in|a))*", value)
        short = (
            titled[0]
            if titled
            else thing(
                re.sub(
                    (
                        r"(?i)^(?:definitely|probably|by far|still|easily|hands down|always|now|the one|"
                        r"a tie between|got to be) "
                    ),
                    "",
                    value,
                )
            )
        )
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
    return (
        singular(about)
        if about.split()[-1] not in ("series", "news", "chess", "tennis") and not about.endswith("ss")
        else about
    )


def prefers(rest: str, scene: Scene) -> list[Found]:
    """ "I prefer X to Y" -> prefers["x or y"]; "my coffee black" -> prefers["coffee"]; X alone -> its head noun."""
    how = MY_HOW.match(rest)
    if how:
        return [Found("prefers", how["what"].lower(), second_person(how["how"]).strip())]
    found = _PREFERS.match(rest)
    if found and not re.match(r"(?i)to\b", rest):
        first, second = (
            thing(re.sub(r"(?i)^(?:to )?(?:be |have |go |use )?", "", found["a"]), 5, stop=False),
            thing(re.sub(r"(?i)^(?:be|have|go|use|in|on) ", "", found["b"]), 4),
        )
        if first and second:
            pair = sorted((first.lower(), second.lower()))
            return [Found("prefers", f"{pair[0]} or {pair[1]}", first)]
    value = thing(without_times(re.sub(r"(?i)^(?:to |it |things |when )+", "", rest)), 5)
    if not value or re.match(r"(?i)(?:if|when|not|that|you)\b", rest):
        return []
    first = value.split()[0].lower()
    return [
        Found(
            "prefers",
            first if is_doing(first) else _topic(head_noun(value)) if " " in value else scene.category(value) or first,
            value,
        )
    ]


_CLUB = re.compile(rf"(?i)(?:{either(CLUBS)})(?=$|[\s,.!])")
_LONG_CLUB = re.compile(r"[A-Z]\w+(?: [A-Z]\w+)* (?:of|and) [A-Z]\w+")


def team_of(text: str, cased: bool) -> str:
    """A club's name at the start of `text`."""
    text = re.sub(r"(?i)^the ", "", text)
    longer = _LONG_CLUB.match(text) if cased else None
    if longer:
        return longer[0]
    club = _CLUB.match(text)
    return club[0] if club else name(text, cased) or place(text, cased)
