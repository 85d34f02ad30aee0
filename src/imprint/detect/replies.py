"""Short answers made whole: "Sam." after "What's your name?" is "My name is Sam."."""

import re

from imprint.detect.text import regular
from imprint.types import Turn

_ASKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), statement)
    for pattern, statement in (
        (
            (
                r"what(?:'s| is) your name|what (?:should|can|may|do) i call you|who am i (?:talking|speaking) (?:to|"
                r"with)"
            ),
            "My name is {}",
        ),
        (r"how old are you|what(?:'s| is) your age", "I am {} years old"),
        (r"when(?:'s| is) your birthday", "My birthday is {}"),
        (r"where do you live|where are you (?:based|living)|which (?:city|town) do you live in", "I live in {}"),
        (r"where (?:are you|do you come) (?:originally )?from|where did you grow up", "I am from {}"),
        (r"what do you do(?: for (?:a living|work))?\?|what(?:'s| is) your job|what kind of work", "I am {}"),
        (r"where do you work|who do you work for", "I work at {}"),
        (r"what(?:'s| is| are) your favou?rite (?P<about>[\w ]+?)s?\?", "My favourite {about} is {}"),
        (
            (
                r"(?:do|have) you (?:have|got|own)(?: any)? (?:pets?|siblings|children|kids|brothers|sisters|allergies|"
                r"animals)"
            ),
            "I have {}",
        ),
        (r"(?:any|other) (?:food )?allergies|what are you allergic to|are you allergic to", "I am allergic to {}"),
        (
            (
                r"what(?:'s| is) your (?P<about>dog|cat|sister|brother|wife|husband|partner|son|daughter|boss|rabbit|"
                r"horse|friend)(?:'s name| called)"
            ),
            "My {about} is called {}",
        ),
        (r"what (?:instrument|instruments) do you play|what do you play|which sports? do you (?:play|do)", "I play {}"),
        (r"what languages? do you speak|which languages? (?:do|can) you speak", "I speak {}"),
        (
            (
                r"what (?:are|is) your hobb(?:y|ies)|what do you (?:like|enjoy) (?:doing|to do)|"
                r"what do you do (?:for fun|in your (?:free|spare) time)"
            ),
            "I like {}",
        ),
        (
            (
                r"what (?:kind|sort|type) of (?:music|food|films?|movies|books?|games?) do you (?:like|enjoy|prefer)|"
                r"what do you like"
            ),
            "I like {}",
        ),
        (r"what car do you (?:drive|have)|what do you drive", "I drive {}"),
        (r"what time do you (?:usually |normally )?(?:get|wake) up", "I get up at {}"),
        (r"what time do you (?:usually |normally )?go to (?:bed|sleep)", "I go to bed at {}"),
        (r"which team do you support|who do you support", "I support {}"),
        (r"what are you (?:studying|learning)", "I am studying {}"),
    )
)
_WHOLE = re.compile(r"(?i)\b(?:I|my|we|our|mine|you|your|he|she|they)\b|\?")
_LEAD = re.compile(
    r"(?i)^(?:(?:yes|yeah|yep|yup|oh|well|hmm|um|sure|definitely|it is|it's|that would be|probably|just|only|"
    r"easy|easily|has to be|got to be|always|in|at|at about|around|on|from|called)[,. !]*\s+)+(?=\S)"
)
_NO = re.compile(
    r"(?i)^(?:no|nope|none|nothing|not really|i don't know|no idea|dunno|maybe|pass|skip|later|yes|yeah|yep|sure|ok|"
    r"okay|thanks|why|what|rather not|nah)\b[\w ,.!]*$"
)


def whole(text: str, before: Turn | None) -> str:
    """`text`, made a full first-person statement when it is a short answer to the assistant's question `before`."""
    if before is None or before.role != "assistant" or "?" not in before.text or len(text.split()) > 10:
        return text
    plain = regular(text)
    if not plain or _WHOLE.search(plain) or _NO.match(plain):
        return text
    question = before.text.replace("’", "'")
    last = question[: question.rindex("?") + 1]
    last = re.split(r"(?<=[.!?])\s+", last)[-1]
    for pattern, statement in _ASKED:
        found = pattern.search(last)
        if found:
            answer = _LEAD.sub("", plain)
            if (
                not re.search(r"[A-Z]", last + answer)
                or statement.startswith("I am {}")
                and re.match(r"(?i)[a-z]+$", answer)
            ):
                answer = (
                    answer
                    if re.match(r"(?i)(?:an?|the)\s", answer)
                    else f"a {answer}"
                    if statement == "I am {}"
                    else answer
                )
            answer = re.sub(r"(?i) years old", "", answer) if "years old" in statement else answer
            about = found.groupdict().get("about", "")
            return statement.replace("{about}", about).replace("{}", answer)
    return text
