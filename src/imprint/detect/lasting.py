"""Which verbs, with what after them, tell something that lasts. Tables of the rule detector."""

import re
from collections.abc import Mapping

from imprint.detect.words import words

LASTING = frozenset(
    words(
        "like love enjoy adore dig hate dislike detest loathe despise prefer live work teach study major play speak "
        "collect support follow own drive ride commute wake rise practise practice code walk skip volunteer suffer "
        "believe avoid wear grow come hail keep collect sing knit crochet garden bake climb swim run cycle hike jog "
        "sail ski surf dance paint sew fish row box skate meditate busk foster rent share manage coach save train "
        "learn fear stand bear abide stomach tolerate swear favour host breed raise babysit brew forage journal camp "
        "kayak golf juggle exercise cook draw support attend listen crave worship drink eat smoke celebrate own"
    )
)
"""Said in the plain present, these last ("I play ...", "I live ...")."""
CHANGES = frozenset(
    words(
        "move relocate settle quit stop start begin marry divorce retire graduate adopt buy sell switch swap change "
        "join leave lose break become give go take separate finish trade replace ditch drop decide name postpone get "
        "inherit pass win book emigrate sign enrol enroll rescue retrain turn pick meet bring land convert upgrade "
        "have"
    )
)
"""Said in the past, these may change a life; `CHANGED` says with what after them."""
STABLE_DOING = frozenset(
    words(
        "learn live study train save plan teach rent move fly travel expect move renovate build restore write date "
        "see marry retire start turn hope try head work raise foster drive"
    )
)
"""Said as "I am ...ing", these last."""

ALWAYS = re.compile(
    r"(?i)\b(?:every|each|always|usually|normally|never|most (?:days|mornings|nights|weekends|evenings)|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekends|"
    r"twice a|once a|times a (?:week|day|month)|a day|since (?:I|\d|uni|school|birth|last|we|my|the)|"
    r"for (?:years|ages|\d+ years|\w+ years)|all my life|these days|nowadays|no longer|any more|used to|anymore|"
    r"daily|weekly|growing up|as a (?:kid|child))\b"
)
MOMENT = re.compile(
    r"(?i)\b(?:today|tonight|right now|just now|this (?:morning|afternoon|evening|minute|second|time)|yesterday|"
    r"last night|earlier|a minute|for a (?:bit|sec|moment|while)|at once|in a (?:minute|second|moment|bit|hurry)|"
    r"later|again now)\b"
)


def _compiled(table: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {verb: re.compile(rf"(?i){after}") for verb, after in table.items()}


CHANGED = _compiled(
    {
        "move": r"(?!it\b|on\b|the (?!trip|wedding|exam|holiday|party|interview))",
        "stop": r"(?:\w+ing|being|playing)\b",
        "start": r"(?:\w+ing (?!to (?:think|wonder))|a new|my|at|as|an?|uni|school|work|learning)\b",
        "begin": r"(?:\w+ing|a|my|learning)\b",
        "switch": r"",
        "swap": r"",
        "change": r"(?:jobs?|careers?|my (?:name|diet|surname|job)|from|schools|teams|doctors)",
        "join": r"(?:a|an|the|[A-Z])",
        "leave": (
            r"(?:my (?:job|husband|wife|partner|church)|[A-Z]|school|uni|home|the (?:army|navy|company|nhs|church|"
            r"band|firm|bank))"
        ),
        "lose": (
            r"(?:my (?:job|dad|mum|mother|father|brother|sister|wife|husband|dog|cat|gran|nan|sight|hearing)|"
            r"\w+ (?:kilos|stone|pounds))"
        ),
        "break": r"(?:up|my (?:leg|arm|wrist|ankle|nose|collarbone|foot|hip|finger|back|toe))",
        "become": r"an?",
        "give": r"up",
        "go": (
            r"(?:off|vegan|vegetarian|veggie|part[- ]time|full[- ]time|back to (?:uni|school|work|eating|being)|"
            r"freelance|keto|gluten|teetotal|sober|plant)"
        ),
        "take": r"up",
        "finish": r"(?:my (?:degree|phd|masters|course|training|a[- ]levels|apprenticeship)|uni|school)",
        "trade": r"",
        "replace": r"my",
        "ditch": r"",
        "drop": r"(?:out|my|meat|dairy|sugar)",
        "decide": r"to (?:get|adopt|move|quit|leave|go (?:back|vegan|part)|become|retire|learn|marry|stop|give up)",
        "name": r"(?:her|him|it|them|the|our|my) ",
        "postpone": r"(?:my|our|the) ",
        "get": (
            r"(?:my (?:\w+ )*(?:exam|test|interview|appointment)|type \d|\w+ allergy|diabetes|asthma|married|"
            r"divorced|engaged|promoted|rid of|into|hooked|an? (?:new )?(?:\w+ ){0,3}(?:dog|cat|puppy|kitten|rabbit|"
            r"job|car|bike|phone|laptop|tattoo|allotment|place|mortgage|promotion|van|camera|horse|hamster|parrot|"
            r"tortoise|flat|piano|guitar)|back together|made redundant|custody|tickets|my (?:degree|licence|"
            r"citizenship|driving)|\w+ (?:a|an) |the (?:job|keys))"
        ),
        "pass": r"my (?:driving test|exam|test|theory|finals|grade|bar)",
        "win": r"(?:a|the) ",
        "book": r"",
        "sign": r"up",
        "enrol": r"",
        "enroll": r"",
        "turn": r"(?:\d\d|thirty|forty|fifty|sixty|vegan|vegetarian|down the job)",
        "pick": r"up (?:the |an? )?(?:guitar|piano|knitting|running|climbing|new hobby|pottery|\w+ing)",
        "meet": r"my (?:wife|husband|partner|girlfriend|boyfriend|best)",
        "bring": r"home an?",
        "land": r"(?:a|the|my) ",
        "buy": (
            r"(?:an?|our|my|myself|two|the)\b(?! (?:coffee|sandwich|ticket|drink|pint|round|loaf|bottle|book for|"
            r"present|card|cake))"
        ),
        "sell": r"(?:my|our|the)\b",
        "have": r"",
        "settle": r"(?:in|down)",
        "divorce": r"",
        "separate": r"",
        "upgrade": r"",
        "convert": r"(?:to|the|our)",
        "retrain": r"",
        "rescue": r"an?",
    }
)
"""Past verb -> what must follow; a verb of `CHANGES` that is not here needs nothing."""
UNDER_WAY = _compiled(
    {
        "try": (
            r"to (?:lose|quit|give up|cut|save|get (?:fit|fitter|into|better)|learn|eat|drink|sleep|run|"
            r"stop (?:smok|drink|eat)|become|go vegan|conceive|read more|spend less|walk)"
        ),
        "hope": r"to (?:become|move|visit|retire|run|buy|study|be|go to|travel|start|qualify|open)",
        "plan": r"(?:to|a|our|on|my)\b(?! (?:dinner|meal|lunch|menu|lesson|cook|make|eat))",
        "think": r"of (?:moving|getting a|quitting|leaving|changing|retraining|adopting|going vegan)",
        "start": r"(?:a|an|my|at|as|work|school|uni|\w+ing)\b",
        "work": r"(?:as|at|for|in|nights|from|towards|part|full|remotely)\b",
        "write": r"(?:a|my) (?:\w+ )?(?:novel|book|memoir|thesis|dissertation|phd)",
        "read": r"(?:a (?:lot|great deal)|lots|loads|mostly)",
        "do": (
            r"(?:an?|my|the) (?:[\w-]+ )*?(?:course|degree|phd|masters|class|classes|apprenticeship|training|"
            r"diploma|pgce|mba|a[- ]levels)"
        ),
        "see": r"(?:[A-Z]|someone|a (?:therapist|guy|girl|woman|man))",
        "build": r"(?:a|an|our|my own) (?:house|shed|boat|treehouse|guitar|extension|kit|greenhouse)",
    }
)
"""Verb of "I am ...ing" -> what must follow."""
STEADY = _compiled(
    {
        "go": (
            r"(?:to (?:bed|sleep|church|mass|mosque|temple|synagogue|the gym|uni|college|school|"
            r"\w+ (?:university|college|school))|by|\w+ing\b)"
        ),
        "get": (
            r"(?:up|the (?:[\w:]+ )?(?:bus|train|tube|tram|ferry)|to work|into|out of bed|hay ?fever|migraines|"
            r"seasick|carsick|\w+ migraines)"
        ),
        "take": (
            r"(?:the (?:\w+ )?(?:bus|train|tube|tram|ferry)|my (?:coffee|tea)|\w+ (?:lessons|classes)|medication|"
            r"insulin|up)"
        ),
        "catch": r"the",
        "turn": r"in at|\d\d|forty|fifty|thirty|sixty",
        "set": r"my alarm",
        "do": r"(?!it\b|this\b|that\b|not\b|my (?:homework|best)|the\b|have\b|you\b)\w+",
        "call": r"my (?:mum|mom|dad|gran|nan|sister|brother)",
        "visit": r"my",
        "fall": r"asleep at",
        "use": (
            r"(?:an?|my) (?:\w+ )?(?:iphone|android|mac|macbook|laptop|wheelchair|pixel|thinkpad|samsung|linux|"
            r"hearing aid|cane|stick)|linux|vim|emacs|arch"
        ),
        "make": r"my own",
        "sell": r"(?!you|it|this)\w+(?: \w+)? (?:online|on|at|for)",
        "clean": r"(?:offices|houses|windows)",
        "fix": r"\w+s\b",
        "find": (
            r"\w+(?: \w+)? (?:boring|relaxing|stressful|soothing|scary|terrifying|dull|overrated|fascinating|"
            r"therapeutic|disgusting)"
        ),
        "miss": r"my (?:home|family|dog|cat|country|kids|gran|dad|mum)",
        "see": r"my (?:kids|parents|mum|dad) ",
        "cut": r"out (?:meat|dairy|sugar|gluten|alcohol|caffeine)",
    }
)
"""Verb of a habit in the plain present -> what must follow."""


def follows(table: Mapping[str, re.Pattern[str]], verb: str, rest: str) -> bool:
    """Whether `rest` is what the table wants after `verb`."""
    return bool(table[verb].match(rest))
