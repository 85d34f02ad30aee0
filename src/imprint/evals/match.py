"""Whether a reply holds an answer, and whether it says that it does not know."""

import re
from collections.abc import Iterable


def stands_in(values: Iterable[str], reply: str) -> bool:
    """One of the values stands in the reply as whole words; case does not count."""
    words = "|".join(re.escape(value) for value in values if value)
    return bool(words) and re.search(rf"(?<!\w)(?:{words})(?!\w)", reply, re.IGNORECASE) is not None


_LITTLE = r"(?:(?:actually|really|currently|yet|honestly|unfortunately|just|even|personally|also|simply) )*"
_NOT = r"(?:do not|don't|did not|didn't|can not|cannot|can't|could not|couldn't)"
_I_NOT = rf"\bi {_LITTLE}{_NOT} {_LITTLE}"
_HELD = r"(?:information|info|details?|data|records?|memory|memories|knowledge|access|idea|answer|clue|note|way)"
_TOLD = r"(?:told|mentioned|said|shared|given|provided|specified|stated|disclosed|revealed)"
_TELL = r"(?:tell|mention|say|share|give|provide|specify)"
_REFUSALS = (
    rf"\byou (?:haven't|have not|have never|never|hadn't) {_LITTLE}{_TOLD}\b",
    rf"\byou've (?:not|never) {_LITTLE}{_TOLD}\b",
    rf"\byou (?:didn't|did not) {_LITTLE}{_TELL}\b",
    # "I don't know how old she is" says that it does not know, "I don't know why you love tea" does not.
    rf"{_I_NOT}(?:know|recall|remember)\b(?! (?:why|how to)\b)",
    rf"{_I_NOT}(?:tell you|access|answer (?:that|this)|say (?:for sure|what|which|who|where|when))\b",
    rf"\bi {_LITTLE}(?:do not|don't) {_LITTLE}have (?:your\b|(?:\w+ ){{0,3}}?{_HELD}\b)",
    rf"\bi(?: have|'ve)(?: got)? (?:absolutely )?no (?:\w+ )?{_HELD}\b",
    r"\bi(?:'m| am) (?:not (?:sure|aware|certain|familiar)|unsure|unaware)\b",
    r"\bi(?:'m| am) (?:unable|not able) to (?:tell|know|say|answer|access|provide|recall|find)\b",
    rf"\bi lack (?:\w+ ){{0,2}}{_HELD}\b",
    rf"\bi (?:haven't been|have not been|wasn't|was not|was never|have never been) {_TOLD}\b",
    rf"\bi've (?:not|never) been {_TOLD}\b",
    rf"\bthere(?: is|'s) no (?:\w+ )?(?:{_HELD}|mention)\b",
    r"\bno (?:\w+ )?(?:information|details?|records?|data) (?:(?:is|was|has been) )?(?:available|provided|given)\b",
    r"(?:\b(?:not|never)|n't)(?: been)? (?:mentioned|specified|provided|stated|disclosed|shared)\b",
    r"\b(?:is|are|was|remains?) (?:unknown|not known)\b",
    r"^\W*(?:sorry\W+)?(?:don't know|dunno|no idea|not sure|unknown|no information|not (?:mentioned|specified))\b",
)
_REFUSAL = re.compile("|".join(_REFUSALS))
_HELPLESS = r"(?:welcome|free|able|the (?:only )?one|asking|referring|looking|right|correct|talking)"
_CLAIM = re.compile(
    r"(?<!if )(?<!what )(?<!that )(?<!whether )(?<!which )(?:"
    r"\byour (?:\w+ ){1,4}(?:is|was|are|were)\b|\byours (?:is|are)\b"
    rf"|\byou(?:'re| are| were) (?!{_HELPLESS}\b)|\byou (?:work|live|like|love|play|drive|prefer|told|said|mentioned)\b"
    r"|\bi (?:think|believe|guess|bet|do know|remember|recall)\b)"
)
"""The reply says something about the user after all."""
_ANSWERS = re.compile(
    r"\b(?:but|however|though|although|still)\b.*?\b(?:it|that|he|she|they)(?:'s| is| was| are|'re)\b"
)


def is_refusal(reply: str) -> bool:
    """The reply says that it does not know what was asked, and does not answer all the same.

    "I don't know your dog's name." does; "I don't know why you love tea, but your dog is Max." and "I'm not sure, but
    I think it is Max." do not.
    """
    text = " ".join(reply.lower().replace("’", "'").split())
    if not (found := _REFUSAL.search(text)):
        return False
    rest = text[found.end() :]
    return not (_CLAIM.search(text[: found.start()]) or _claims(rest))


def _claims(rest: str) -> bool:
    """Whether what comes after "I don't know" answers: not the clause itself ("what your dog is called")."""
    parts = re.split(r"[.!?;]|\b(?=but\b|however\b|though\b|although\b)", rest, maxsplit=1)
    after = rest[len(parts[0]) :]
    return bool(_CLAIM.search(after) or _ANSWERS.search(after))
