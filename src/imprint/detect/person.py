"""How lasting a first-person clause is: "I am ...", "I have ...", "I play ...", "I moved ..."."""

import re

from imprint.detect.clauses import Clause
from imprint.detect.frames import Frame
from imprint.detect.lasting import ALWAYS, CHANGED, CHANGES, LASTING, STABLE_DOING, STEADY, UNDER_WAY, follows
from imprint.detect.words import words

_ABLE = frozenset(words("speak play swim drive cook juggle sing live"))
_UNABLE = frozenset(words("stand bear abide stomach tolerate eat drink swim drive live get do have digest cook ride"))
_INTENDED = frozenset(words("be become move retire run visit marry study learn start have go travel see"))
_ENDURING_PAST = frozenset(words("grow retire graduate marry divorce relocate emigrate adopt quit inherit"))
_OFTEN_IDIOM = frozenset(
    words(
        "run keep drive come follow play eat share support believe manage ride stand learn cook wear grow save "
        "work bear study host raise "
        "listen draw sing mind"
    )
)
_OF_THE_MIND = frozenset(words("know need want think forget say tell hear understand see"))
_NEXT = re.compile(
    r"(?i)\b(?:next (?:year|month|summer)|in (?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december))\b"
)
_NOT_ABLE_TO = re.compile(
    r"(?i)(?:it\b|this|that|the (?:app|file|page)|to|access|sleep|work|over|any sense|you|help|into|past|"
    r"a (?:hold|straight|good)|through)"
)
_ERRAND = re.compile(r"(?i)\b(?:the (?:shop|gym|pub|store)|bed|lunch|dinner|a (?:shower|nap|look|go|try))\b")
_TRAVELS = re.compile(
    r"(?i)(?:back )?(?:to|on|through|around) (?:(?:a|the|my|our) )?(?:[A-Z]\w+|trip|holiday|honeymoon|cruise|"
    r"divorce|\w+ (?:in|next|on))"
)
_NEARBY = re.compile(
    r"(?i)to (?:the (?:shop|gym|pub|store|park|cinema|loo)|bed|lunch|work)\b(?! .*(?:every|on \w+days))"
)
_THIS_THING = re.compile(
    r"(?i)(?:it|this|that|you|your|these|those|how (?:you|it|this)|the (?:way|idea|sound|answer|first|second|"
    r"last|new|look|one|suggestion|recipe|plot|ending|joke))\b"
)
_IDIOM = re.compile(
    r"(?i)(?:it|this|that|into|out of|along|you|the (?:code|script|command|app|program|problem|idea|point|"
    r"instructions|link)|$|getting|thinking|forgetting|on (?:it|this)|with you|up with|to this|for (?:it|this)|"
    r"dinner|lunch|in mind|corrected)\b"
)
_HOPED = re.compile(
    r"(?i)^to (?:be an?|become|visit|learn|run a|retire|travel|move|live|open|write a (?:novel|book)|"
    r"buy a (?:house|flat|home))|\b(?:one day|some ?day|this year|by the end|next year)\b|^of "
)
MOOD_WORD = re.compile(
    r"(?i)^(?:(?:so|really|very|quite|a bit|just|feeling|absolutely|totally|still|pretty|too|all|also|now|bit|"
    r"rather|dead|completely|getting|super|not|glad|that|such|on my|in a) )*"
    r"(?:tired|hungry|thirsty|bored|happy|sad|fine|good|ok|okay|well|great|busy|sorry|sure|ready|back|here|home|"
    r"late|early|confused|lost|stuck|curious|interested|grateful|thankful|glad|pleased|cold|hot|warm|sick|ill|"
    r"exhausted|"
    r"knackered|shattered|starving|sleepy|full|drunk|hungover|annoyed|angry|mad|upset|stressed|frustrated|done|"
    r"finished|free|able|unable|aware|afraid (?:that|I|so|not)|wondering|thinking|looking|trying|asking|"
    r"hoping you|going (?:out|home|to bed|"
    r"to the|now|with|crazy|mad|for)|having|making|getting|writing|watching|reading|waiting|working on|using|"
    r"in a (?:meeting|hurry|rush|bad|good)|on (?:the|my way|a)|off|out|about to|at (?:work|home|the)|all (?:set|"
    r"good|ears)|right|wrong|serious|"
    r"kidding|joking|impressed|surprised|shocked|excited|nervous|worried|feeling|doing|running|cooking|preparing|"
    r"planning (?:dinner|lunch|a meal)|trying|not sure|not certain|unsure|new to (?:this|the)|a bit|up for|"
    r"down for|in the (?:mood|middle)|under the weather|kind of|speechless|alone|awake|overwhelmed|behind|"
    r"good at (?:this|that)|bad at (?:this|that)|an idiot|your|you|the (?:one|same)|convinced|certain|relieved|"
    r"so\b|freezing|boiling|soaked|fed up(?: today)?|it|there|coming|meeting|heading (?:out|home)|popping|"
    r"walking|driving (?:to|home|now)|calling|talking|messing|testing|checking|just)\b"
)
_STABLE_BE = re.compile(
    r"(?i)^(?:(?:so|really|very|quite|just|also|now|originally|fully|strictly|happily|newly|not|still|mostly|"
    r"actually|deathly|terribly|highly|severely|currently|totally|huge|proudly) )*"
    r"(?:an?\b(?! bit\b| little\b| mess| wreck| moment| minute)|the (?:oldest|youngest|eldest|middle|only|head|"
    r"manager|owner|founder)|\d\d\b|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|nineteen|eighteen)|"
    r"in my \w+|from|based|born|raised|married|engaged|single|divorced|widowed|retired|unemployed|"
    r"self|freelance|between jobs|on (?:maternity|paternity)|allergic|intolerant|lactose|gluten|coeliac|celiac|"
    r"vegan|vegetarian|veggie|pescatarian|teetotal|sober|keto|halal|kosher|diabetic|asthmatic|dyslexic|autistic|"
    r"epileptic|colou?r[- ]?blind|deaf|blind|left[- ]handed|right[- ]handed|"
    r"afraid of|scared of|terrified|petrified|frightened of|(?:an? )?(?:[\w']+ ){0,4}fan\b|into|fond|keen|"
    r"mad about|mad on|crazy about|obsessed|hooked|addicted|partial|big on|passionate|fluent|bilingual|called|"
    r"named|known|catholic|muslim|jewish|christian|hindu|sikh|buddhist|atheist|agnostic|"
    r"\w+(?:ish|ese)\b|italian|german|american|canadian|australian|indian|mexican|brazilian|nigerian|kenyan|"
    r"french|greek|dutch|welsh|swiss|russian|ukrainian|norwegian|hungarian|romanian|egyptian|pregnant|expecting|"
    r"religious|church of|on an? [\w-]+ diet|up at|up by|in bed by|living with|together with|with \w+ for|one of|"
    r"happiest|never happier|used to|prone to|sensitive to|fed up with|sick of|bored of|tired of (?!this|it|"
    r"waiting|that)|in (?:a|an|the) (?:[\w-]+ )?(?:band|choir|club|team|orchestra|navy|army)|in [A-Z]\w+|"
    r"more of an?|not one for|team|off to [A-Z]\w*|trans|gay|queer|half|part|bi|non-binary|neurodivergent|"
    r"type (?:1|2)|retiring|dating|seeing)\b"
)
_HAVE_MOMENT = re.compile(
    r"(?i)^(?:an?|the|some|any|no|to|had|this|my|another|so|too|one|two|three|\d+)?\s*(?:\w+ )?(?:question|"
    r"questions|problem|problems|idea|ideas|feeling|headache|hangover|cold|cough|meeting|call|minute|moment|look|"
    r"chance|nap|shower|bath|bite|drink|break|day|night|week|weekend|time|fun|go|try|chat|word|think|"
    r"point|doubt|deadline|file|function|bug|error|dataset|list|spreadsheet|table|string|code|script|essay|"
    r"report|assignment|homework|paragraph|text|email|letter|draft|sentence|issue|request|favour|task|"
    r"temperature|lot|bit|couple|trouble|guests|people|leftovers|much|dinner|lunch|enough|clue|more|minutes|"
    r"hours|eggs|chicken|flour)\b"
)


def first_person_score(clause: Clause) -> float:
    """How likely a clause about "I" or "we" tells something lasting."""
    frame = clause.frame
    if re.search(r"(?i)\brather\b.*\b(?:than|over)\b", clause.text):
        return 0.7
    if not frame.verb:
        return 0.2
    if frame.ended:
        return 0.85
    if frame.modal:
        return _modal(clause)
    if frame.verb == "be":
        return _being(clause)
    if frame.verb == "have":
        return _having(clause)
    return _in_progress(clause) if frame.doing else _doing(clause)


def _modal(clause: Clause) -> float:
    frame, rest = clause.frame, clause.frame.rest
    if frame.modal == "would":
        wished = frame.verb in ("love", "prefer") and not re.search(
            r"(?i)^(?:to (?:know|hear|see|try|have|get|ask)|some|a |your|it|that|if)", rest
        )
        return 0.6 if wished or re.search(r"(?i)\bone day\b|\bsome ?day\b|dream", clause.text) else 0.15
    if frame.modal == "can" and frame.negative:
        return 0.85 if frame.verb in _UNABLE and not _NOT_ABLE_TO.match(rest) else 0.15
    if frame.modal == "can":
        return 0.7 if frame.verb in _ABLE and not re.match(r"(?i)(?:it|this|that|the)\b", rest) else 0.15
    if frame.modal == "must" and re.match(r"(?i)up (?:at|by|before)", rest) and frame.verb in ("be", "get", "wake"):
        return 0.75
    if frame.modal in ("will", "must"):
        return 0.55 if ALWAYS.search(clause.text) or _NEXT.search(clause.text) else 0.2
    if frame.modal == "going":
        dated = re.search(r"(?i)[A-Z]\w+|next|in \w+|\d", rest)
        return 0.6 if frame.verb in _INTENDED and dated and not _ERRAND.search(rest) else 0.2
    return 0.15


def _being(clause: Clause) -> float:
    frame = clause.frame
    if frame.past and not frame.perfect:
        return (
            0.75
            if re.match(
                (
                    r"(?i)(?:born|raised|brought up|diagnosed|adopted|called|made redundant|an? [\w -]+ (?:for|until)|"
                    r"promoted)\b"
                ),
                frame.rest,
            )
            else 0.2
        )
    if _STABLE_BE.match(frame.rest) and not re.match(
        (
            r"(?i)(?:an? )(?:idiot|mess|wreck|bit|little|fool|disaster)|in (?:a|the) (?:hurry|mood|rush|meeting|middle|"
            r"car|bath|shower)|sick of (?:this|it|you|waiting)|up (?:for|to)\b|with you|one of (?:those|them|the)|"
            r"in (?:English|French)"
        ),
        frame.rest,
    ):
        return 0.85
    if MOOD_WORD.match(frame.rest):
        return 0.1
    if re.search(r"(?i)\b(?:about|of|for|at)\b", frame.rest) or ALWAYS.search(clause.text):
        return (
            0.6
            if ALWAYS.search(clause.text)
            or re.match(
                (
                    r"(?i)(?:nervous|worried|excited|anxious|proud|terrible|useless|good|bad|rubbish|great|hopeless|"
                    r"brilliant)\b"
                ),
                frame.rest,
            )
            else 0.3
        )
    return 0.3


def _having(clause: Clause) -> float:
    frame = clause.frame
    if frame.past and not frame.perfect:
        return (
            0.6
            if ALWAYS.search(clause.text)
            or re.search(
                r"(?i)\b(?:operation|surgery|accident|baby|stroke|heart attack|in (?:19|20)\d\d|years ago)\b",
                frame.rest,
            )
            else 0.2
        )
    if (
        _HAVE_MOMENT.match(frame.rest)
        and not ALWAYS.search(clause.text)
        and not re.search(
            (
                r"(?i)\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next|in (?:january|february|march|april|"
                r"may|june|"
                r"july|august|september|october|november|december))\b"
            ),
            frame.rest,
        )
    ):
        return 0.15
    if frame.negative and not re.match(
        (
            r"(?i)(?:any )?(?:kids|children|pets|siblings|brothers|sisters|a (?:car|telly|tv|smartphone|phone|dog|cat|"
            r"sweet tooth|favourite))"
        ),
        frame.rest,
    ):
        return 0.25
    return 0.8 if frame.rest else 0.1


def _in_progress(clause: Clause) -> float:
    frame, rest = clause.frame, clause.frame.rest
    if frame.perfect:
        passing = MOOD_WORD.match(f"{frame.verb}ing {rest}")
        return 0.75 if not passing or ALWAYS.search(clause.text) or frame.verb in LASTING else 0.2
    if ALWAYS.search(clause.text) and frame.verb not in ("think", "wonder", "look", "try"):
        return 0.7
    if frame.verb == "go":
        return 0.7 if _TRAVELS.match(rest) and not _NEARBY.match(rest) else 0.15
    if frame.verb in UNDER_WAY:
        return 0.75 if follows(UNDER_WAY, frame.verb, rest) else 0.2
    if frame.verb in STABLE_DOING:
        passing = re.match(r"(?i)(?:home(?! to)|to work|now|round|on\b|it|this|the (?:page|light)|$)", rest)
        moving = frame.verb in ("drive", "turn", "move", "head", "fly", "travel")
        return 0.2 if moving and passing else 0.85
    return 0.2


def _past(frame: Frame, text: str) -> float:
    stayed = frame.verb in ("live", "work", "study", "spend") and re.search(r"(?i)\b(?:for|in|as|at) ", frame.rest)
    if stayed or (frame.verb == "learn" and frame.negative):
        return 0.7
    if frame.verb in ("like", "love", "enjoy", "hate"):
        return 0.3
    if frame.verb in _ENDURING_PAST:
        return 0.85
    if _has_changed(frame):
        return 0.8
    return (
        0.6
        if re.search(r"(?i)\b(?:years? ago|in (?:19|20)\d\d|as a (?:kid|child|teenager)|when I was)\b", text)
        else 0.2
    )


def _has_changed(frame: Frame) -> bool:
    return frame.verb in CHANGES and (frame.verb not in CHANGED or follows(CHANGED, frame.verb, frame.rest))


def _doing(clause: Clause) -> float:
    frame, rest = clause.frame, clause.frame.rest
    if frame.verb in ("like", "love", "hate", "enjoy", "dislike", "prefer", "dig") and _THIS_THING.match(rest):
        return 0.2
    if frame.past and not frame.perfect:
        return _past(frame, clause.text)
    if frame.verb == "quit" and rest and not re.match(r"(?i)(?:it|this|that|the (?:app|game|program))\b", rest):
        return 0.8
    if frame.verb in LASTING:
        return 0.2 if frame.verb in _OFTEN_IDIOM and _IDIOM.match(rest) and not ALWAYS.search(clause.text) else 0.85
    if frame.perfect and _has_changed(frame):
        return 0.8
    if frame.verb == "start" and re.match(
        r"(?i)(?:an?|my) (?:[\w-]+ )*(?:course|job|degree|class|apprenticeship)", rest
    ):
        return 0.75
    if ALWAYS.search(f"{clause.text} {frame.front}") and frame.verb not in _OF_THE_MIND:
        return 0.75
    if frame.verb in ("read", "listen", "watch"):
        return 0.75 if re.search(r"(?i)\b(?:mostly|mainly|only|a lot of|lots of|nothing but)\b", clause.text) else 0.25
    if frame.verb in ("want", "hope", "dream", "plan", "aim"):
        return 0.7 if _HOPED.search(rest) and not re.search(r"(?i)\blearn (?:about|more|how)\b", rest) else 0.2
    if frame.verb in STEADY:
        return 0.75 if follows(STEADY, frame.verb, rest) else 0.2
    return 0.25
