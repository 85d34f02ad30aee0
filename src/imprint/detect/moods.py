"""What a clause does: state, ask, command, or only suppose."""

import re

_QUESTION_START = re.compile(
    r"(?i)^(?:what|who|whom|whose|where|when|why|how|which|do(?! not (?:like|love|eat|drink|do|care|mind|own|"
    r"drive))|does|did|can(?! not)|could|would|will|should|shall|is|are|was|were|am I|have you|"
    r"has|have I|may I|might|any (?:idea|ideas|recs|recommendations|tips|suggestions|advice|thoughts|chance|"
    r"good)|got any|"
    r"is there|do you|i wonder|i was wondering|i am wondering|wondering|what about|how about|thoughts|ideas|tips)\b"
)
_STATED_WHEN = re.compile(r"(?i)^(?:when I was|when we|will be|do love|do like|does not|did not|do not|have you)\b")
_COMMAND_START = re.compile(
    r"(?i)^(?:please|write|tell|give|show|explain|help|list|find|make|translate|suggest|recommend|summari[sz]e|"
    r"fix|create|generate|"
    r"compare|describe|draft|rewrite|convert|calculate|let us|let me|remind|set|open|turn (?:on|off|the|this|it|"
    r"up|down)|check|add|define|"
    r"correct|proofread|plan|pick|choose|imagine|pretend|act as|think of|come up|look up|search|play (?:me|some|"
    r"a|the|that)|read (?:me|this|the)|"
    r"answer|continue|try|use|do it|send|sort|count|name (?:a|some|three|five|ten|one|two)|rank|rate|go on|"
    r"stop (?:it|that|the|asking)|"
    r"keep (?:it|the|that|your|going)|put|change (?:it|this|the|that)|edit|shorten|outline|format|review|test|"
    r"run (?:the|this|it|a)|debug|"
    r"wish me|talk to|ask|order (?:me|a)|book (?:me|a)|cancel|buy (?:me|a)|take a look|guess|forget (?:it|about|"
    r"that|what)|never mind|"
    r"ignore|delete|spell|walk me|teach me|roleplay|brainstorm|cut|solve|provide|consider|include|avoid)\b"
)
_SUPPOSED_START = re.compile(
    r"(?i)^(?:if|suppose|supposing|imagine|say I|what if|unless|even if|whether|I wish|I would(?! (?:love|like|"
    r"rather|prefer|say|never|hate)\b)|"
    r"I (?:might|could)\b|wish I|were I|as if|maybe|perhaps|let us say|hypothetically|we would(?! (?:love|like|"
    r"rather|prefer)\b)|we (?:might|could)\b)"
)


def mood_of(piece: str, asked: bool) -> str:
    """ "statement", "question", "command" or "supposed"; `asked`: it closes with a question mark."""
    if _SUPPOSED_START.match(piece):
        return "supposed"
    if asked or (_QUESTION_START.match(piece) and not _STATED_WHEN.match(piece)):
        return "question"
    return "command" if _COMMAND_START.match(piece) else "statement"
