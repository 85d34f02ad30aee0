"""What a user said about themselves, said back to them: first person becomes second person (no model needed)."""

import re

_RULES: tuple[tuple[str, str], ...] = (
    (r"\bI'?m\b", "you're"),
    (r"\bI'?ve\b", "you've"),
    (r"\bI'll\b", "you'll"),
    (r"\bI'd\b", "you'd"),
    (r"\b(?:I am|we are|we're)\b", "you are"),
    (r"\bam I\b", "are you"),
    (r"\bwas I\b", "were you"),
    (r"\b(?:I was)\b", "you were"),
    (r"\bwe(?:'ve| have)\b", "you have"),
    (r"\bwe'll\b", "you'll"),
    (r"\bwe'd\b", "you'd"),
    (r"\b(?:myself|ourselves)\b", "yourself"),
    (r"(?<!\ba )(?<!\bthe )\b(?:mine|ours)\b", "yours"),
    (r"\b(?:my|our)\b", "your"),
    (r"\b(?:I|me|we|us)\b", "you"),
)
# "I" alone is a capital letter on purpose: "i" inside lower-case text is written as "I" by `detect.text.regular` first.
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), new) for pattern, new in _RULES)
# "I" and the verb may be parted by adverbs or a coordinated verb: "I really am", "I live here and am a nurse".
_AGREEMENT: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(you(?:'re|'ve)?(?:\s+\w+ly|\s+(?:also|still|just|really|never|always|not|now))*)\s+am\b", re.IGNORECASE
        ),
        r"\1 are",
    ),
    (
        re.compile(r"\b(you(?:\s+\w+ly|\s+(?:also|still|just|really|never|always|not|now))+)\s+was\b", re.IGNORECASE),
        r"\1 were",
    ),
    (re.compile(r"\bam\b(?!\.)(?<!\d am)(?<!\dam)", re.IGNORECASE), "are"),
    (re.compile(r"\bmy(?=self)\b"), "your"),
)
_SWAPPED = re.compile(r"\b(?:you are|you|your|yours|yourself|you're|you've|you'll|you'd)\b", re.IGNORECASE)
_MINE = {"you": "me", "your": "my", "yours": "mine", "yourself": "myself", "you are": "I am"}


def second_person(text: str) -> str:
    """`text` with I/me/we/us -> you, my/our -> your, am/was -> are/were; "you" of the speaker becomes "me".

    >>> second_person("I was told my cat hates me, I've got proof")
    "you were told your cat hates you, you've got proof"
    """
    # The speaker's "you" is the assistant: step it aside so that it does not fall together with the new "you".
    parts: list[str] = []
    last = 0
    for found in _SWAPPED.finditer(text):
        parts.append(_to_second(text[last : found.start()]))
        parts.append(_MINE.get(found[0].lower(), "I"))
        last = found.end()
    parts.append(_to_second(text[last:]))
    return "".join(parts)


def _to_second(text: str) -> str:
    for pattern, new in _COMPILED:
        text = pattern.sub(new, text)
    for pattern, new in _AGREEMENT:
        text = pattern.sub(new, text)
    return text


def shortened(text: str, words: int = 12) -> str:
    """The first `words` words, cut at a natural joint where there is one, without closing punctuation."""
    parts = text.split()
    if len(parts) > words:
        parts = parts[:words]
        for index in range(len(parts) - 1, words // 2, -1):
            if parts[index].lower() in (
                "because",
                "which",
                "and",
                "but",
                "so",
                "when",
                "since",
                "although",
                "while",
                "where",
            ):
                parts = parts[:index]
                break
        while parts and parts[-1].lower() in (
            "the",
            "a",
            "an",
            "of",
            "to",
            "in",
            "on",
            "at",
            "for",
            "with",
            "my",
            "your",
            "and",
            "or",
            "is",
        ):
            parts.pop()
    return " ".join(parts).strip(" ,.;:!?-")
