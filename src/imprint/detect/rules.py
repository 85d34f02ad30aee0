"""Detector B of Pref-LSTM (METHODS 1.1), widened: first-person subject, lasting predicate, by rules alone and always there.

The paper's heuristic wanted a preference phrase, an opinion word and a parse that ties both to "I" or "we". Here the parse is the clause
frame (`detect.frames`), and the lexicon covers every lasting thing people tell about themselves, not tastes alone.
"""

import re

from imprint.detect.base import Detector
from imprint.detect.clauses import Clause, clauses
from imprint.detect.replies import whole
from imprint.types import Turn

_LASTING = frozenset(
    "like love enjoy adore dig hate dislike detest loathe despise prefer live work teach study major play speak collect support follow own drive ride commute "
    "wake rise practise practice volunteer suffer believe avoid wear grow come hail keep collect sing knit crochet garden bake climb swim run cycle hike jog sail ski "
    "surf dance paint sew fish row box skate meditate busk foster rent share manage coach save train learn fear stand bear abide stomach tolerate swear favour host "
    "breed raise babysit brew forage journal camp kayak golf juggle exercise cook draw support attend listen crave worship drink eat smoke celebrate own".split()
)
_CHANGES = frozenset(
    "move relocate settle quit stop start begin marry divorce retire graduate adopt buy sell switch swap change join leave lose break become give go take separate finish "
    "trade replace ditch drop get inherit pass win book emigrate sign enrol enroll rescue retrain turn pick meet bring land convert upgrade have".split()
)
_MOMENT = re.compile(
    r"(?i)\b(?:today|tonight|right now|just now|this (?:morning|afternoon|evening|minute|second|time)|yesterday|last night|earlier|a minute|for a (?:bit|sec|moment|while)|at once|in a (?:minute|second|moment|bit|hurry)|later|again now)\b"
)
_MOOD_WORD = re.compile(
    r"(?i)^(?:(?:so|really|very|quite|a bit|just|feeling|absolutely|totally|still|pretty|too|all|also|now|bit|rather|dead|completely|getting|super|not|glad|that|such|on my|in a) )*"
    r"(?:tired|hungry|thirsty|bored|happy|sad|fine|good|ok|okay|well|great|busy|sorry|sure|ready|back|here|home|late|early|confused|lost|stuck|curious|interested|grateful|thankful|glad|pleased|cold|hot|warm|sick|ill|exhausted|"
    r"knackered|shattered|starving|sleepy|full|drunk|hungover|annoyed|angry|mad|upset|stressed|frustrated|done|finished|free|able|unable|aware|afraid (?:that|I|so|not)|wondering|thinking|looking|trying|asking|hoping you|going (?:out|home|to bed|"
    r"to the|now|with|crazy|mad|for)|having|making|getting|writing|watching|reading|waiting|working on|using|in a (?:meeting|hurry|rush|bad|good)|on (?:the|my way|a)|off|out|about to|at (?:work|home|the)|all (?:set|good|ears)|right|wrong|serious|"
    r"kidding|joking|impressed|surprised|shocked|excited|nervous|worried|feeling|doing|running|cooking|preparing|planning (?:dinner|lunch|a meal)|trying|not sure|not certain|unsure|new to (?:this|the)|a bit|up for|down for|in the (?:mood|middle)|under the weather|kind of|speechless|alone|awake|overwhelmed|behind|"
    r"good at (?:this|that)|bad at (?:this|that)|an idiot|your|you|the (?:one|same)|convinced|certain|relieved|so\b|freezing|boiling|soaked|fed up(?: today)?|it|there|coming|meeting|heading (?:out|home)|popping|walking|driving (?:to|home|now)|calling|talking|messing|testing|checking|just)\b"
)
_STABLE_BE = re.compile(
    r"(?i)^(?:(?:so|really|very|quite|just|also|now|originally|fully|strictly|happily|newly|not|still|mostly|actually|deathly|terribly|highly|severely|currently|totally|huge|proudly) )*"
    r"(?:an?\b(?! bit\b| little\b| mess| wreck| moment| minute)|the (?:oldest|youngest|eldest|middle|only|head|manager|owner|founder)|\d\d\b|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|nineteen|eighteen)|in my \w+|from|based|born|raised|married|engaged|single|divorced|widowed|retired|unemployed|"
    r"self|freelance|between jobs|on (?:maternity|paternity)|allergic|intolerant|lactose|gluten|coeliac|celiac|vegan|vegetarian|veggie|pescatarian|teetotal|sober|keto|halal|kosher|diabetic|asthmatic|dyslexic|autistic|epileptic|colou?r[- ]?blind|deaf|blind|left[- ]handed|right[- ]handed|"
    r"afraid of|scared of|terrified|petrified|frightened of|(?:an? )?(?:\w+ )?fan (?:of|when)|into|fond|keen|mad about|mad on|crazy about|obsessed|hooked|addicted|partial|big on|passionate|fluent|bilingual|called|named|known|catholic|muslim|jewish|christian|hindu|sikh|buddhist|atheist|agnostic|"
    r"\w+(?:ish|ese)\b|italian|german|american|canadian|australian|indian|mexican|brazilian|nigerian|kenyan|french|greek|dutch|welsh|swiss|russian|ukrainian|norwegian|hungarian|romanian|egyptian|pregnant|expecting|up at|up by|in bed by|living with|together with|with \w+ for|one of|"
    r"happiest|never happier|used to|prone to|sensitive to|fed up with|sick of|bored of|tired of (?!this|it|waiting|that)|in (?:a|the) (?:band|choir|club|team|orchestra|navy|army)|in [A-Z]\w+|more of an?|not one for|team|off to [A-Z]\w*|trans|gay|queer|half|part|bi|non-binary|neurodivergent|type (?:1|2)|retiring|dating|seeing)\b"
)
_STABLE_DOING = frozenset(
    "learn live study train save plan teach rent move fly travel expect move renovate build restore write date see marry retire start turn hope try head work raise foster drive".split()
)
_HAVE_MOMENT = re.compile(
    r"(?i)^(?:an?|the|some|any|no|to|had|this|my|another|so|too|one|two|three|\d+)?\s*(?:\w+ )?(?:question|questions|problem|problems|idea|ideas|feeling|headache|hangover|cold|cough|meeting|call|minute|moment|look|chance|nap|shower|bath|bite|drink|break|day|night|week|weekend|time|fun|go|try|chat|word|think|"
    r"point|doubt|deadline|file|function|bug|error|dataset|list|spreadsheet|table|string|code|script|essay|report|assignment|homework|paragraph|text|email|letter|draft|sentence|issue|request|favour|task|temperature|lot|bit|couple|trouble|guests|people|leftovers|much|dinner|lunch|enough|clue|more|minutes|hours|eggs|chicken|flour)\b"
)
_ALWAYS = re.compile(
    r"(?i)\b(?:every|each|always|usually|normally|never|most (?:days|mornings|nights|weekends|evenings)|on (?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekends|twice a|once a|times a (?:week|day|month)|a day|since (?:I|\d|uni|school|birth|last|we|my|the)|for (?:years|ages|\d+ years|\w+ years)|all my life|these days|nowadays|no longer|any more|used to|anymore|daily|weekly|growing up|as a (?:kid|child))\b"
)
_OWN_NOUN = re.compile(
    r"(?i)^(?:my|our)\s+(?:[\w-]+\s+){0,3}?(?:name|nickname|eldest|youngest|oldest|birthday|age|job|work|boss|manager|home|house|flat|garden|allotment|place|commute|alarm|favou?rite[\w ]*|hobb\w+|team|goal|dream[\w ]*|aim|ambition|fear|phobia|religion|faith|diet|allergy|breakfast|order|usual|language|tongue|wife|husband|partner|girlfriend|boyfriend|fianc\w+|mum|mom|mam|dad|mother|father|parents|"
    r"sister|sisters|brother|brothers|twin|son|sons|daughter|daughters|kids?|children|baby|aunt|auntie|uncle|cousin|niece|nephew|gran|granny|nan|nana|grandma|grandmother|grandad|granddad|grandpa|grandfather|in-laws|friend|friends|mate|mates|neighbour|flatmate|housemate|roommate|colleague|coach|landlord|landlady|dog|dogs|puppy|cat|cats|kitten|rabbit|horse|pony|"
    r"hamster|parrot|tortoise|hens|chickens|car|van|bike|motorbike|phone|laptop|computer|camera|wedding|exam|interview|marathon|holiday|trip|course|degree|surname|middle name|family|hometown|home town|shift|shifts|office|weakness|go-to|passion|pet|pets|eyes|hair|shoe size|height|star sign|blood type|hearing|eyesight|knee|back|sight|resolution|company|business|school|uni|instrument|piano|guitar|cello|violin)\b"
)
_OWN_MOMENT = re.compile(
    r"(?i)\b(?:is|are|has|have|was|keeps?|will not|does not|did not|just|hurts?|aches?|died on|crashed|broke(?: down)?|is not)\b.*\b(?:hurts?|aching|killing me|broken|dead|late|slow|crashing|loading|working|stuck|frozen|asking|calling|here|coming over|on the way|ready|cold|hot|wet|messy|a mess|tired|asleep|dirty|missing|lost|full|empty|boring|due (?:today|tomorrow))\b|\b(?:hurts?|aches?|crashed)\b"
)
_EFFECT_ON_ME = re.compile(
    r"(?i)\b(?:(?:makes?|drives?|freaks?|scares?|terrif(?:y|ies)|creeps?|gross(?:es)?|bores?|annoys?|irritates?|calms?|relax(?:es)?|gives?|brings?|puts?|winds?|cheers?|spooks?|keeps?) me\b|is (?:not )?(?:really )?(?:my (?:thing|jam|cup of tea|bag|scene|favourite|weakness|comfort|guilty|go-to|happy|passion)|for me)|are (?:not )?(?:really )?(?:my (?:thing|jam|cup of tea|bag|scene|favourite|weakness|comfort|guilty|go-to|passion)|for me)|"
    r"(?:makes?|make) my (?:throat|skin|eyes|face|mouth|lips)|my (?:sister|brother|wife|husband|partner|mum|mom|dad|son|daughter|dog|cat|boss|neighbour|girlfriend|boyfriend|best friend|cousin|aunt|uncle)$|(?:is|are) (?:disgusting|gross|vile|revolting|overrated|delicious|the best|the worst|underrated|heaven)$|does my head in|do my head in|gets? on my nerves|turns? my stomach)"
)
_RELATED = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc\w+|mum|mom|dad|mother|father|sister|brother|twin|son|daughter|kids|children|baby|aunt|auntie|uncle|cousin|niece|nephew|gran|granny|nan|nana|grandma|grandmother|grandad|grandpa|friend|mate|neighbour|"
    r"flatmate|housemate|roommate|boss|manager|colleague|dog|dogs|puppy|cat|cats|kitten|rabbit|horse|pony|hamster|parrot|tortoise|budgie|son|landlady|landlord|coach)"
)
_NAMED_INSIDE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur)(?: [\w-]+){{0,2}}? {_RELATED}s?,?\s+\(?(?!I\b|I'|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|English|French|Christmas|Easter|January|February|March|April|May\b|June|July|August|September|October|November|December)[A-ZÀ-Þ][\w'-]+"
    rf"|[A-ZÀ-Þ][\w'-]+,? \(?(?:is )?my {_RELATED}\b|\b(?:called|named) [A-ZÀ-Þ]\w+|\bmy (?:[\w-]+ )?allergy\b|^(?:[Ss]peaking )?[Aa]s an? (?!result|rule|matter|joke|gift|present|treat|side|starter|heads|bonus|reminder|test|last|first|whole|group|team)[\w -]+?,? (?:I|what|my|how)\b|\bmy (?:new |current )?job (?:at|as)\b"
    rf"|\bmy (?:old |new )?(?:[A-Z][a-z]+ (?:[A-Z]\w+)|iPhone|MacBook|Toyota|Ford|Fiat|Volvo|Honda|Skoda|Brompton|Pixel|ThinkPad)|\b(?:my|our) (?:trip|holiday|flight|honeymoon) to [A-Z]\w+|\b(?:his|her|its) name is\b|\b(?:[Mm]y|[Oo]ur) \w+(?: \w+)?'s name is\b"
)
_THIRD = re.compile(r"(?i)^(?:he|she|it)\s+(?:is (?:an?|called|named|allergic|based|from|turning|\d)|lives|works|loves|hates|was born|has (?:a|two|three))\b")
_NEGATIVE_LIKING = frozenset("stand bear abide stomach tolerate care mind".split())
_NOTHING_BEATS = re.compile(r"(?i)^(?:nothing (?:quite |ever |really )?(?:beats|tops|like|compares|is better)|(?:you )?can(?: not|not) beat|there is nothing (?:like|better)|everyone calls me|people call me|everybody calls me|call me \w+|just call me|you can call me|friends call me|name is|[\w ]{2,25} over [\w ]{2,20}(?:,? always|,? any day|,? every time)|it takes me .* to work|give me .+ (?:over|any day))\b")
_DAY_FOR = re.compile(r"(?i)^(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: nights?| evenings?| mornings?)? (?:is|are|means?)\b")


def clause_score(clause: Clause) -> float:
    """How likely one clause says something lasting about the user, in [0, 1]."""
    if clause.mood == "supposed":
        return 0.05
    if clause.mood != "statement":
        return 0.1
    frame = clause.frame
    if _NOTHING_BEATS.match(clause.text):
        return 0.85
    score = _first_person(clause) if frame.subject in ("I", "we") else _others(clause)
    if score >= 0.5 and _MOMENT.search(clause.text) and not re.search(r"(?i)\b(?:again|any more|since|now a|moved|married|divorced|started|quit|adopted|bought|sold|allergic|birthday|turned?|\d\d)\b", clause.text):
        return 0.3
    return score


def _first_person(clause: Clause) -> float:
    frame = clause.frame
    rest = frame.rest
    if not frame.verb:
        return 0.2
    if frame.ended:
        return 0.85
    if frame.modal in ("might", "could", "should", "shall", "may"):
        return 0.15
    if frame.modal == "would":
        return 0.6 if frame.verb in ("love", "prefer") and not re.search(r"(?i)^(?:to (?:know|hear|see|try|have|get|ask)|some|a |your|it|that|if)", rest) or re.search(r"(?i)\brather\b.*\bthan\b|\bone day\b|\bsome ?day\b|dream", clause.text) else 0.15
    if frame.modal == "can" and not frame.negative:
        return 0.7 if frame.verb in ("speak", "play", "swim", "drive", "cook", "juggle", "sing", "live") and not re.match(r"(?i)(?:it|this|that|the)\b", rest) else 0.15
    if frame.modal == "can":
        return 0.85 if frame.verb in ("stand", "bear", "abide", "stomach", "tolerate", "eat", "drink", "swim", "drive", "live", "get", "do", "have", "digest", "cook", "ride") and not re.match(r"(?i)(?:it\b|this|that|the (?:app|file|page)|to|access|sleep|work|over|any sense|you|help|into|past|a (?:hold|straight|good)|through)", rest) else 0.15
    if frame.modal in ("will", "must"):
        return 0.55 if _ALWAYS.search(clause.text) or re.search(r"(?i)\b(?:next (?:year|month|summer)|in (?:january|february|march|april|may|june|july|august|september|october|november|december))\b", clause.text) else 0.2
    if frame.modal == "going":
        return 0.6 if frame.verb in ("be", "become", "move", "retire", "run", "visit", "marry", "study", "learn", "start", "have", "go", "travel") and not re.search(r"(?i)\b(?:the (?:shop|gym|pub|store)|bed|lunch|dinner|a (?:shower|nap|look|go|try))\b", rest) and re.search(r"(?i)[A-Z]\w+|next|in \w+|\d", rest) else 0.2
    if frame.verb == "be":
        return _being(clause)
    if frame.verb == "have":
        return _having(clause)
    if frame.doing:
        return _in_progress(clause)
    return _doing(clause)


def _being(clause: Clause) -> float:
    frame = clause.frame
    if frame.past and not frame.perfect:
        return 0.75 if re.match(r"(?i)(?:born|raised|brought up|diagnosed|adopted|called|made redundant|a \w+ (?:for|until)|promoted)\b", frame.rest) else 0.2
    if _STABLE_BE.match(frame.rest) and not re.match(r"(?i)(?:an? )(?:idiot|mess|wreck|bit|little|fool|disaster)|in (?:a|the) (?:hurry|mood|rush|meeting|middle|car|bath|shower)|sick of (?:this|it|you|waiting)|up (?:for|to)\b|with you|one of (?:those|them|the)|in (?:English|French)", frame.rest):
        return 0.85
    if _MOOD_WORD.match(frame.rest):
        return 0.1
    if re.search(r"(?i)\b(?:about|of|for|at)\b", frame.rest) or _ALWAYS.search(clause.text):
        return 0.6 if _ALWAYS.search(clause.text) or re.match(r"(?i)(?:nervous|worried|excited|anxious|proud|terrible|useless|good|bad|rubbish|great|hopeless|brilliant)\b", frame.rest) else 0.3
    return 0.3


def _having(clause: Clause) -> float:
    frame = clause.frame
    if frame.past and not frame.perfect:
        return 0.6 if _ALWAYS.search(clause.text) or re.search(r"(?i)\b(?:operation|surgery|accident|baby|stroke|heart attack|in (?:19|20)\d\d|years ago)\b", frame.rest) else 0.2
    if _HAVE_MOMENT.match(frame.rest) and not _ALWAYS.search(clause.text) and not re.search(r"(?i)\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next|in (?:january|february|march|april|may|june|july|august|september|october|november|december))\b", frame.rest):
        return 0.15
    if frame.negative and not re.match(r"(?i)(?:any )?(?:kids|children|pets|siblings|brothers|sisters|a (?:car|telly|tv|smartphone|phone|dog|cat|sweet tooth|favourite))", frame.rest):
        return 0.25
    return 0.8 if frame.rest else 0.1


def _in_progress(clause: Clause) -> float:
    frame = clause.frame
    if frame.perfect:
        return 0.75 if not _MOOD_WORD.match(f"{frame.verb}ing {frame.rest}") or _ALWAYS.search(clause.text) or frame.verb in _LASTING else 0.2
    if _ALWAYS.search(clause.text) and frame.verb not in ("think", "wonder", "look", "try"):
        return 0.7
    if frame.verb == "go":
        return 0.7 if re.match(r"(?i)(?:back )?(?:to|on|through|around) (?:(?:a|the|my|our) )?(?:[A-Z]\w+|trip|holiday|honeymoon|cruise|divorce|\w+ (?:in|next|on))", frame.rest) and not re.match(r"(?i)to (?:the (?:shop|gym|pub|store|park|cinema|loo)|bed|lunch|work)\b(?! .*(?:every|on \w+days))", frame.rest) else 0.15
    if frame.verb == "get":
        return 0.8 if re.match(r"(?i)(?:married|divorced|into|a (?:dog|cat|puppy|kitten|divorce))\b", frame.rest) else 0.15
    if frame.verb in ("try", "hope", "plan", "think", "start", "do", "work", "write", "see", "build"):
        lasting = {
            "try": r"to (?:lose|quit|give up|cut|save|get (?:fit|fitter|into|better)|learn|eat|drink|sleep|run|stop (?:smok|drink|eat)|become|go vegan|conceive|read more|spend less|walk)",
            "hope": r"to (?:become|move|visit|retire|run|buy|study|be|go to|travel|start|qualify|open)", "plan": r"(?:to|a|our|on|my)\b(?! (?:dinner|meal|lunch|menu|lesson|cook|make|eat))", "think": r"of (?:moving|getting a|quitting|leaving|changing|retraining|adopting|going vegan)",
            "start": r"(?:a|an|my|at|as|work|school|uni|\w+ing)\b", "work": r"(?:as|at|for|in|nights|from|towards|part|full|remotely)\b", "write": r"(?:a|my) (?:\w+ )?(?:novel|book|memoir|thesis|dissertation|phd)", "do": r"(?:an?|my|the) (?:[\w-]+ )*?(?:course|degree|phd|masters|class|classes|apprenticeship|training|diploma|pgce|mba|a[- ]levels)", "see": r"(?:[A-Z]|someone|a (?:therapist|guy|girl|woman|man))", "build": r"(?:a|an|our|my own) (?:house|shed|boat|treehouse|guitar|extension|kit|greenhouse)",
        }[frame.verb]  # fmt: skip
        return 0.75 if re.match(rf"(?i){lasting}", frame.rest) else 0.2
    if frame.verb in _STABLE_DOING:
        if frame.verb in ("drive", "turn", "move", "head", "fly", "travel", "start") and re.match(r"(?i)(?:home|to work|now|round|on\b|it|this|the (?:page|light)|$)", frame.rest):
            return 0.2
        return 0.85
    return 0.2


def _doing(clause: Clause) -> float:
    frame = clause.frame
    rest = frame.rest
    simple_past = frame.past and not frame.perfect
    if re.match(r"(?i)(?:it|this|that|you|your|these|those|how (?:you|it|this)|the (?:way|idea|sound|answer|first|second|last|new|look|one|suggestion|recipe|plot|ending|joke))\b", rest) and frame.verb in ("like", "love", "hate", "enjoy", "dislike", "prefer", "dig"):
        return 0.2
    if simple_past:
        if frame.verb in ("like", "love", "enjoy", "hate"):
            return 0.3
        if frame.verb in ("grow", "retire", "graduate", "marry", "divorce", "relocate", "emigrate", "adopt", "quit", "inherit"):
            return 0.85
        if frame.verb in _CHANGES and _lasting_change(frame.verb, rest):
            return 0.8
        return 0.6 if re.search(r"(?i)\b(?:years? ago|in (?:19|20)\d\d|as a (?:kid|child|teenager)|when I was)\b", clause.text) else 0.2
    if frame.verb in _LASTING:
        if frame.verb in ("run", "keep", "drive", "come", "follow", "play", "eat", "drink", "share", "support", "believe", "manage", "ride", "stand", "learn", "cook", "wear", "grow", "save", "work", "bear", "study", "host", "raise", "listen", "draw", "sing", "mind") and re.match(
            r"(?i)(?:it|this|that|into|out of|along|you|the (?:code|script|command|app|program|problem|idea|point|instructions|link)|$|getting|thinking|forgetting|on (?:it|this)|with you|up with|to this|for (?:it|this)|dinner|lunch|in mind|corrected)\b", rest
        ) and not _ALWAYS.search(clause.text) and frame.verb not in ("drink",):  # fmt: skip
            return 0.2
        return 0.85
    if frame.perfect and frame.verb in _CHANGES and _lasting_change(frame.verb, rest):
        return 0.8
    if _ALWAYS.search(f"{clause.text} {frame.front}") and frame.verb not in ("know", "need", "want", "think", "forget", "say", "tell", "hear", "understand", "see"):
        return 0.75
    if frame.verb in ("want", "hope", "dream", "plan", "aim"):
        return 0.7 if re.search(r"(?i)^to (?:be an?|become|visit|learn|run a|retire|travel|move|live|open|write a (?:novel|book)|buy a (?:house|flat|home))|\b(?:one day|some ?day|this year|by the end|next year)\b|^of ", rest) and not re.search(r"(?i)\blearn (?:about|more|how)\b", rest) else 0.2
    if frame.verb in ("go", "get", "take", "catch", "turn", "set", "do", "call", "visit", "fall", "use", "make", "find", "miss", "see", "cut"):
        steady = {
            "go": r"(?:to (?:bed|sleep|church|mass|mosque|temple|synagogue|the gym|uni|college|school|\w+ (?:university|college|school))|by|\w+ing\b)", "get": r"(?:up|the (?:\w+ )?(?:bus|train|tube|tram|ferry)|to work|into|out of bed|hay ?fever|migraines|seasick|carsick|\w+ migraines)", "take": r"(?:the (?:\w+ )?(?:bus|train|tube|tram|ferry)|my (?:coffee|tea)|\w+ (?:lessons|classes)|medication|insulin|up)", "catch": r"the", "turn": r"in at|\d\d|forty|fifty|thirty|sixty",
            "set": r"my alarm", "do": r"(?!it\b|this\b|that\b|not\b|my (?:homework|best)|the\b|have\b|you\b)\w+", "call": r"my (?:mum|mom|dad|gran|nan|sister|brother)", "visit": r"my", "fall": r"asleep at", "use": r"(?:an?|my) (?:\w+ )?(?:iphone|android|mac|macbook|laptop|wheelchair|pixel|thinkpad|samsung|linux|hearing aid|cane|stick)|linux|vim|emacs|arch", "make": r"my own", "find": r"\w+(?: \w+)? (?:boring|relaxing|stressful|soothing|scary|terrifying|dull|overrated|fascinating|therapeutic|disgusting)", "miss": r"my (?:home|family|dog|cat|country|kids|gran|dad|mum)", "see": r"my (?:kids|parents|mum|dad) ", "cut": r"out (?:meat|dairy|sugar|gluten|alcohol|caffeine)",
        }[frame.verb]  # fmt: skip
        return 0.75 if re.match(rf"(?i){steady}", rest) else 0.2
    return 0.25


def _lasting_change(verb: str, rest: str) -> bool:
    steady = {
        "move": r"(?!it\b|on\b|the\b)", "stop": r"(?:\w+ing|being|playing)\b", "start": r"(?:\w+ing (?!to (?:think|wonder))|a new|my|at|as|an?|uni|school|work|learning)\b", "begin": r"(?:\w+ing|a|my|learning)\b", "switch": r"", "swap": r"", "change": r"(?:jobs?|careers?|my (?:name|diet|surname|job)|from|schools|teams|doctors)", "join": r"(?:a|an|the|[A-Z])",
        "leave": r"(?:my (?:job|husband|wife|partner|church)|[A-Z]|school|uni|home|the (?:army|navy|company|nhs|church|band|firm|bank))", "lose": r"(?:my (?:job|dad|mum|mother|father|brother|sister|wife|husband|dog|cat|gran|nan|sight|hearing)|\w+ (?:kilos|stone|pounds))", "break": r"(?:up|my (?:leg|arm|wrist|ankle|nose|collarbone|foot|hip|finger|back|toe))", "become": r"an?", "give": r"up", "go": r"(?:off|vegan|vegetarian|veggie|part[- ]time|full[- ]time|back to (?:uni|school|work|eating|being)|freelance|keto|gluten|teetotal|sober|plant)", "take": r"up",
        "finish": r"(?:my (?:degree|phd|masters|course|training|a[- ]levels|apprenticeship)|uni|school)", "trade": r"", "replace": r"my", "ditch": r"", "drop": r"(?:out|my|meat|dairy|sugar)", "get": r"(?:married|divorced|engaged|promoted|rid of|into|hooked|an? (?:new )?(?:\w+ ){0,3}(?:dog|cat|puppy|kitten|rabbit|job|car|bike|phone|laptop|tattoo|allotment|place|mortgage|promotion|van|camera|horse|hamster|parrot|tortoise|flat|piano|guitar)|back together|made redundant|custody|tickets|my (?:degree|licence|citizenship|driving)|\w+ (?:a|an) |the (?:job|keys))", "pass": r"my (?:driving test|exam|test|theory|finals|grade|bar)", "win": r"(?:a|the) ", "book": r"", "sign": r"up", "enrol": r"", "enroll": r"",
        "turn": r"(?:\d\d|thirty|forty|fifty|sixty|vegan|vegetarian|down the job)", "pick": r"up (?:the |an? )?(?:guitar|piano|knitting|running|climbing|new hobby|pottery|\w+ing)", "meet": r"my (?:wife|husband|partner|girlfriend|boyfriend|best)", "bring": r"home an?", "land": r"(?:a|the|my) ", "buy": r"(?:an?|our|my|myself|two|the)\b(?! (?:coffee|sandwich|ticket|drink|pint|round|loaf|bottle|book for|present|card|cake))", "sell": r"(?:my|our|the)\b", "have": r"", "settle": r"(?:in|down)", "divorce": r"", "separate": r"", "upgrade": r"", "convert": r"(?:to|the|our)", "retrain": r"", "rescue": r"an?",
    }  # fmt: skip
    return verb not in steady or bool(re.match(rf"(?i){steady[verb]}", rest))


def _others(clause: Clause) -> float:
    frame = clause.frame
    if re.match(r"(?i)(?:my|our)\s", clause.text):
        owned_other = re.match(r"(?i)(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+'s (?!name|birthday|wedding)", clause.text)
        if owned_other:
            return 0.15
        if _OWN_MOMENT.search(clause.text) and not _NAMED_INSIDE.search(clause.text) and not re.search(r"(?i)favou?rite|allergic|called|birthday|works?\b(?! now)", clause.text):
            return 0.2
        if _OWN_NOUN.match(clause.text):
            if re.search(r"(?i)\b(?:says?|said|told|asked|asks|thinks|reckons|wants? (?:me|to know|a)|needs|sent|gave|bought|keeps? (?:asking|telling)|will not stop)\b", clause.text) and not _NAMED_INSIDE.search(clause.text):
                return 0.2
            return 0.8 if frame.verb else 0.3
        return 0.35
    if _EFFECT_ON_ME.search(clause.text) and not re.match(r"(?i)(?:it|this|that|these|those|what|you|he|she|they)\b", clause.text):
        return 0.8
    if _DAY_FOR.match(clause.text) or re.match(r"(?i)(?:the|it is my) (?:wedding|exam|interview|baby|birthday|marathon|move|course)\b.*\b(?:is|are|on|in)\b", clause.text):
        return 0.6
    if re.match(r"(?i)it is (?:\w+ ){1,3}(?:now|these days|instead)$", clause.text):
        return 0.6
    if re.match(r"(?i)(?:there (?:are|is) (?:just |only )?(?:\w+ of us|me and))\b", clause.text):
        return 0.7
    if re.match(r"[A-Z][\w' -]+ (?:is|has been) (?:my |our )?home\b", clause.text):
        return 0.75
    return 0.1


class RuleDetector(Detector):
    """Detector B: no training, no weights; a turn is judged by its best clause."""

    id = "rules-1"

    def probability(self, turn: Turn, before: Turn | None) -> float:
        """Highest score of any clause; names told in passing ("my sister Ines") count in questions too."""
        if turn.role != "user":
            return 0.0
        best = 0.05
        related = False
        for clause in clauses(whole(turn.text, before)):
            score = clause_score(clause)
            if score < 0.5 and related and clause.mood == "statement" and _THIRD.match(clause.text):
                score = 0.7
            if clause.mood != "supposed" and score < 0.7 and _NAMED_INSIDE.search(clause.sentence):
                score = 0.7
            related = related or bool(re.search(rf"(?i)\b(?:my|our) (?:[\w-]+ ){{0,2}}?{_RELATED}\b(?!')|\b(?:a|an|two) (?:[\w-]+ )?(?:dog|cat|puppy|rabbit|sister|brother)\b", clause.text))
            best = max(best, score)
        return best
