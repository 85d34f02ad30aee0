"""A fact as a sentence, and as a yes-or-no question the user might ask."""

import re

from imprint.study.bank import filled, load_kinds
from imprint.study.lexicon import ANIMALS
from imprint.types import Fact

_PLURAL_OR_MASS = re.compile(
    r"(?i)(?:s|ing|nights|hair|retired|unemployed|freelance)$|^(?:in|on|at|with|for|a|an|the|two|three|four|five|six|"
    r"seven|eight|nine|ten|no|your|self|between|running|teaching|driving|head|both|one|not)\b|\d"
)
_TAKES_ARTICLE = frozenset(
    (
        "work",
        "relative_work",
        "pet_kind",
        "pet_breed",
        "dwelling",
        "vehicle",
        "phone",
        "computer",
        "possession",
        "dream_job",
    )
)
_AFTER = (
    r"(?:to|for|with|of|from|at|about|than|on|by|like|without|makes?|gives?|drives?|freaks?|keeps?|calls?|tells?|"
    r"told|gave|brings?|puts?|made|taught|teaches|scares?|bores?|calms?|winds?|cheers?|bit|hit|left|let|help|helps|"
    r"helped|visits?|love|loves|hates?|miss|misses)"
)


def _with_article(kind: str, value: str) -> str:
    """ "nurse" -> "a nurse" where a determiner belongs; values themselves go without."""
    if kind == "instrument" and not value.lower().startswith(("the ", "a ")):
        return f"the {value}"
    if (
        kind not in _TAKES_ARTICLE
        or _PLURAL_OR_MASS.search(value)
        or (kind in ("phone", "computer", "vehicle") and not value[:1].isalpha())
    ):
        return value
    if kind == "pet_kind" and value.split()[-1].lower() not in ANIMALS:
        return value
    parts = [f"{'an' if part[:1].lower() in 'aeiou' else 'a'} {part}" for part in value.split(" and ")]
    return " and ".join(parts)


def statement_of(fact: Fact) -> str:
    """The fact as a sentence to the user: "You live in Cork."; an "about" fact is its own sentence."""
    kind = load_kinds().get(fact.kind)
    if kind is None or fact.kind in ("about", "statement"):
        return fact.value[:1].upper() + fact.value[1:] + "."
    if fact.polarity < 0 and re.match(r"not .* any more$", fact.value):
        return filled(kind.answer, fact.about, fact.value)
    if fact.kind == "age" and re.match(r"(?i)turning|early|mid|late|in ", fact.value):
        return f"You are {fact.value if fact.value.startswith('turning') else 'in your ' + fact.value}."
    if fact.kind == "work" and not _with_article("work", fact.value).startswith(
        ("a ", "an ", "head", "in ", "with ", "for ")
    ):
        return f"Your work: {fact.value}."
    if fact.kind in ("work", "relative_work") and fact.value.startswith(("in ", "with ", "for ", "at ", "on ")):
        subject = "You work" if fact.kind == "work" else f"Your {fact.about} works"
        return f"{subject} {fact.value}."
    return filled(kind.answer, fact.about, _with_article(fact.kind, fact.value))


def first_person(text: str) -> str:
    """ "you gave up your job" -> "I gave up my job": the user's own side of a second-person text."""
    text = re.sub(r"(?i)\byou are\b|\byou're\b", "I am", text)
    text = re.sub(r"(?i)\byou were\b", "I was", text)
    text = re.sub(rf"(?i)\b({_AFTER}) you\b(?! (?:are|have|do|can|will|were|like|live|work))", r"\1 me", text)
    text = re.sub(r"(?i)\byou've\b", "I have", text)
    text = re.sub(r"(?i)\byourself\b", "myself", text)
    text = re.sub(r"(?i)\byours\b", "mine", text)
    text = re.sub(r"(?i)\byour\b", "my", text)
    return re.sub(r"(?i)\byou\b", "I", text)


_TURNED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), question)
    for pattern, question in (
        (r"^For breakfast you have (.*)$", r"Do I have \1 for breakfast?"),
        (r"^At work you are in (.*)$", r"Is \1 part of my work?"),
        (r"^On (\w+s) you (.*)$", r"Do I \2 on \1?"),
        (r"^About ([^,]+), you feel (.*)$", r"Do I feel \2 about \1?"),
        (r"^Given the choice of (.*), you prefer (.*)$", r"Do I prefer \2 when it comes to \1?"),
        (r"^Your (.*) habit: (.*)$", r"Is my usual \1 time \2?"),
        (r"^Your work: (.*)$", r"Is my work \1?"),
        (
            r"^(?:The|A) ((?:sport|place|weather|style|kind of [\w' -]+?) you (?:do|like|don't like)) is (.*)$",
            r"Is \2 the \1?",
        ),
        (r"^Your (.*?) works (.*)$", r"Does my \1 work \2?"),
        (r"^Your (.*?) lives in (.*)$", r"Does my \1 live in \2?"),
        (r"^Your (.*?) (is|was) (.*)$", r"\2 my \1 \3?"),
        (r"^You grew up in (.*)$", r"Did I grow up in \1?"),
        (r"^You are (.*)$", r"Am I \1?"),
        (r"^You don't (\w+) (.*)$", r"Is it true that I don't \1 \2?"),
        (r"^You (.*)$", r"Do I \1?"),
    )
)


_SAID_OF = re.compile(
    r"^(?:As for|About (?!.*, you feel )|At weekends|In the evenings|When you travel|To reach|To concentrate|"
    r"You want answers)"
)
"""Statements that are no clause: the value is asked about instead."""


def question_of(fact: Fact) -> str:
    """The fact as a question whose answer is yes: "Do I live in Cork?"."""
    if fact.kind == "about":
        return f"Did I tell you that {first_person(fact.value)}?"
    if fact.kind.startswith(("likes_", "dislikes_")):
        return f"Do I {'like' if fact.kind.startswith('likes') else 'dislike'} {first_person(fact.value)}?"
    statement = statement_of(fact).rstrip(".")
    if _SAID_OF.match(statement):
        return f"Is this right about {label_of(fact)}: {first_person(fact.value)}?"
    for pattern, question in _TURNED:
        found = pattern.match(statement)
        if found:
            asked = first_person(found.expand(question))
            return asked[:1].upper() + asked[1:]
    return f"Is it true that {first_person(statement[:1].lower() + statement[1:])}?"


def told_question_of(fact: Fact) -> str:
    """The other way to ask: "Did I tell you that I live in Cork?"."""
    if fact.kind == "about":
        return f"Have I mentioned that {first_person(fact.value)}?"
    said = statement_of(fact).rstrip(".").replace("Your work: ", "your work is ")
    if _SAID_OF.match(said):
        return f"Did I tell you this about {label_of(fact)}: {first_person(fact.value)}?"
    said = re.sub(r"^Your (.*) habit: ", r"your usual \1 time is ", said)
    return f"Did I tell you that {first_person(said[:1].lower() + said[1:])}?"


def lowered(statement: str) -> str:
    """A statement to stand after "Yes, ": "you live in Cork."."""
    return statement[:1].lower() + statement[1:]


_LABELS = {
    "name": "my name",
    "nickname": "my nickname",
    "age": "my age",
    "birthday": "my birthday",
    "home": "where I live",
    "origin": "where I come from",
    "dwelling": "the kind of home I have",
    "work": "my job",
    "employer": "my employer",
    "workplace_detail": "my place at work",
    "commute": "my commute",
    "wake_time": "when I get up",
    "bed_time": "my bedtime",
    "studies": "my studies",
    "school": "where I study",
    "partner": "my {about}'s name",
    "relative": "my {about}'s name",
    "relative_work": "my {about}'s job",
    "relative_home": "where my {about} lives",
    "children_count": "how many children I have",
    "friend": "my best friend",
    "neighbour": "my neighbour",
    "boss": "my boss",
    "pet_kind": "my pets",
    "pet_name": "my {about}'s name",
    "pet_breed": "my {about}'s breed",
    "allergy": "my allergies",
    "diet": "my diet",
    "health": "my health",
    "avoid_food": "food I avoid",
    "drink_habit": "what I usually drink",
    "breakfast": "my breakfast",
    "hobby": "my hobbies",
    "sport": "the sport I do",
    "team": "the team I support",
    "instrument": "the instrument I play",
    "collection": "my collection",
    "language": "the languages I speak",
    "learning": "what I am learning",
    "fear": "my fears",
    "goal": "my goals",
    "dream_job": "my dream job",
    "religion": "my religion",
    "plan_trip": "my next trip",
    "plan_trip_time": "the date of my trip",
    "plan_event": "plans for my {about}",
    "plan_event_time": "the date of my {about}",
    "vehicle": "what I drive",
    "phone": "my phone",
    "computer": "my computer",
    "possession": "my {about}",
    "habit": "my {about} routine",
    "weekly": "my {about}s",
    "favourite": "my favourite {about}",
    "prefers": "my preference about {about}",
    "feeling_about": "my feelings about {about}",
    "memory_event": "my {about}, long ago",
    "about": "my {about}",
    "work_hours": "my working hours",
    "siblings": "my brothers and sisters",
    "marital": "my relationship status",
    "household": "who I live with",
    "anniversary": "my anniversary",
    "medication": "my medication",
    "sleep": "how I sleep",
    "size": "my {about} size",
    "driving": "my driving",
    "smoking": "my smoking",
    "alcohol": "my drinking",
    "reply_style": "how you should answer me",
    "contact": "how to reach me",
    "rhythm": "my best time of day",
    "temperature": "how warm I like it",
    "work_setting": "what I need to concentrate",
    "social": "how I am with people",
    "budget": "my budget",
    "shopping": "my shopping",
    "cooking": "my cooking",
    "usual_order": "what I order at the {about}",
    "app": "the app I use for {about}",
    "skill": "my skills",
    "cannot": "what I can't do",
    "volunteering": "where I volunteer",
    "club": "my club",
    "garden": "my garden and plants",
    "cause": "the cause I care about",
    "achievement": "what I am proud of",
    "life_event": "the big change in my life",
    "deadline": "the date my {about} is due",
    "travel_style": "how I like to travel",
    "visited": "the places I have been to",
    "celebrates": "the holidays I keep",
    "nationality": "my nationality",
    "access_need": "my access needs",
    "relative_age": "my {about}'s age",
    "relative_need": "what my {about} needs",
    "pet_need": "what my {about} needs",
    "weekend": "my weekends",
    "evening": "my evenings",
    "subscription": "my subscriptions",
    "home_detail": "what my home is like",
    "degree": "my qualification",
    "past_job": "my former job",
    "injury": "my injury",
    "statement": "what I told you",
    "likes_thing": "the {about} I like",
    "dislikes_thing": "the {about} I dislike",
}


def label_of(fact: Fact) -> str:
    """What the fact is about, in the user's words: "my sister's name", "where I live", "food I like"."""
    if fact.kind in _LABELS:
        return filled(_LABELS[fact.kind], fact.about)
    side, _, category = fact.kind.partition("_")
    return f"{category} I {'like' if side == 'likes' else 'dislike'}"
