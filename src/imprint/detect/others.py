"""How lasting a clause about something else than "I" is: "my wife ...", "olives ...", "Tuesday is ..."."""

import re

from imprint.detect.clauses import Clause

_OWN_NOUN = re.compile(
    r"(?i)^(?:my|our)\s+(?:[\w-]+\s+){0,3}?(?:name|nickname|comfort food|guilty pleasure|surname|driving test|"
    r"\w+ test|appointment|operation|anniversary|eldest|youngest|oldest|birthday|age|job|work|boss|manager|home|"
    r"house|flat|garden|allotment|place|commute|alarm|favou?rite[\w ]*|hobb\w+|team|goal|dream[\w ]*|aim|"
    r"ambition|fear|phobia|religion|faith|diet|allergy|breakfast|order|usual|language|tongue|wife|husband|"
    r"partner|girlfriend|boyfriend|fianc\w+|mum|mom|mam|dad|mother|father|parents|"
    r"sister|sisters|brother|brothers|twin|son|sons|daughter|daughters|kids?|children|baby|aunt|auntie|uncle|"
    r"cousin|niece|nephew|gran|granny|nan|nana|grandma|grandmother|grandad|granddad|grandpa|grandfather|grandson|"
    r"granddaughter|lad|housemates|flatmates|in-laws|friend|friends|mate|mates|neighbour|flatmate|housemate|"
    r"roommate|colleague|coach|landlord|landlady|dog|dogs|puppy|cat|cats|kitten|rabbit|horse|pony|"
    r"hamster|parrot|tortoise|hens|chickens|car|van|bike|motorbike|phone|laptop|computer|camera|wedding|exam|"
    r"interview|marathon|holiday|trip|course|degree|surname|middle name|family|hometown|home town|shift|shifts|"
    r"office|weakness|go-to|passion|pet|pets|eyes|hair|shoe size|height|star sign|blood type|hearing|eyesight|"
    r"knee|back|sight|resolution|company|business|school|uni|instrument|piano|guitar|cello|violin)\b"
)
_OWN_MOMENT = re.compile(
    r"(?i)\b(?:is|are|has|have|was|keeps?|will not|does not|did not|just|hurts?|aches?|died on|crashed|"
    r"broke(?: down)?|is not)\b.*\b(?:hurts?|aching|killing me|broken|dead|late|slow|crashing|loading|working|"
    r"stuck|frozen|asking|calling|here|coming over|on the way|ready|cold|hot|wet|messy|a mess|tired|asleep|dirty|"
    r"missing|lost|full|empty|boring|due (?:today|tomorrow))\b|\b(?:hurts?|aches?|crashed)\b"
)
_EFFECT_ON_ME = re.compile(
    r"(?i)\b(?:(?:makes?|drives?|freaks?|scares?|terrif(?:y|ies)|creeps?|gross(?:es)?|bores?|annoys?|irritates?|"
    r"calms?|relax(?:es)?|gives?|brings?|puts?|winds?|cheers?|spooks?|keeps?) me\b|is (?:not )?(?:really |more |"
    r"so |totally |very much )*(?:my (?:thing|jam|cup of tea|bag|scene|favourite|weakness|comfort|guilty|go-to|"
    r"happy|passion)|for me)|are (?:not )?(?:really )?(?:my (?:thing|jam|cup of tea|bag|scene|favourite|weakness|"
    r"comfort|guilty|go-to|passion)|for me)|"
    r"(?:makes?|make) my (?:throat|skin|eyes|face|mouth|lips)|my (?:sister|brother|wife|husband|partner|mum|mom|"
    r"dad|son|daughter|dog|cat|boss|neighbour|girlfriend|boyfriend|best friend|cousin|aunt|uncle)$|(?:is|"
    r"are) (?:disgusting|gross|vile|revolting|overrated|delicious|the best|the worst|underrated|heaven)$|"
    r"does my head in|do my head in|gets? on my nerves|turns? my stomach)"
)
RELATED = (
    r"(?:wife|husband|partner|girlfriend|boyfriend|fianc\w+|mum|mom|dad|mother|father|sister|brother|twin|son|"
    r"daughter|kids|children|baby|aunt|auntie|uncle|cousin|niece|nephew|gran|granny|nan|nana|grandma|grandmother|"
    r"grandad|grandpa|friend|mate|neighbour|"
    r"flatmate|housemate|roommate|boss|manager|colleague|dog|dogs|puppy|cat|cats|kitten|rabbit|horse|pony|"
    r"hamster|parrot|tortoise|budgie|son|landlady|landlord|coach)"
)
NAMED_INSIDE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur)(?: [\w-]+){{0,2}}? {RELATED}s?,?\s+\(?(?!I\b|I'|Monday|Tuesday|Wednesday|Thursday|"
    rf"Friday|Saturday|Sunday|English|French|Christmas|Easter|January|February|March|April|May\b|June|July|"
    rf"August|September|October|November|December)[A-ZÀ-Þ][\w'-]+"
    rf"|[A-ZÀ-Þ][\w'-]+,? \(?(?:is )?my {RELATED}\b|\b(?:called|named) [A-ZÀ-Þ]\w+|\bmy (?:[\w-]+ )?allergy\b|"
    rf"^(?:[Ss]peaking )?[Aa]s an? (?!result|rule|matter|joke|gift|present|treat|side|starter|heads|bonus|"
    rf"reminder|test|last|first|whole|group|team)[\w -]+?,? (?:I|what|my|how)\b|\bmy (?:new |current )?job (?:at|"
    rf"as)\b"
    rf"|\b[Mm]y (?:old |new )?(?:[A-Z][a-z]+ (?:[A-Z]\w+)|iPhone|MacBook|Toyota|Ford|Fiat|Volvo|Honda|Skoda|"
    rf"Brompton|Pixel|ThinkPad)|\b(?:my|our) (?:trip|holiday|flight|honeymoon) to [A-Z]\w+|\b(?:his|her|"
    rf"its) name is\b|\b(?:[Mm]y|[Oo]ur) \w+(?: \w+)?'s name is\b"
)
_DAY_FOR = re.compile(
    r"(?i)^(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: nights?| evenings?| mornings?)? (?:is|are|means?)\b"
)


def others_score(clause: Clause) -> float:
    """How likely a clause whose subject is not the user tells something lasting about them."""
    frame = clause.frame
    if re.match(r"(?i)(?:my|our)\s", clause.text):
        owned_other = re.match(r"(?i)(?:my|our) (?:[\w-]+ ){0,2}?[\w-]+'s (?!name|birthday|wedding)", clause.text)
        if owned_other:
            return 0.15
        if (
            _OWN_MOMENT.search(clause.text)
            and not NAMED_INSIDE.search(clause.text)
            and not re.search(r"(?i)favou?rite|allergic|called|birthday|works?\b(?! now)", clause.text)
        ):
            return 0.2
        if frame.verb == "be" and re.match(
            r"(?i)(?:my|our) [\w-]+(?: [\w-]+)? (?:is|are) (?:in|on|at|near) (?:an?|the|[A-Z])", clause.text
        ):
            return 0.6
        if _OWN_NOUN.match(clause.text):
            if re.search(
                (
                    r"(?i)\b(?:says?|said|told|asked|asks|thinks|reckons|wants? (?:me|to know|a)|needs|sent|gave|"
                    r"bought|"
                    r"keeps? (?:asking|telling)|will not stop)\b"
                ),
                clause.text,
            ) and not NAMED_INSIDE.search(clause.text):
                return 0.2
            return 0.8 if frame.verb else 0.3
        return 0.35
    if _EFFECT_ON_ME.search(clause.text) and not re.match(
        r"(?i)(?:it|this|that|these|those|what|you|he|she|they)\b", clause.text
    ):
        return 0.8
    if _DAY_FOR.match(clause.text) or re.match(
        r"(?i)(?:the|it is my) (?:wedding|exam|interview|baby|birthday|marathon|move|course)\b.*\b(?:is|are|on|in)\b",
        clause.text,
    ):
        return 0.6
    if re.match(r"(?i)it is (?:\w+ ){1,3}(?:now|these days|instead)$", clause.text):
        return 0.6
    if re.match(r"(?i)(?:there (?:are|is) (?:just |only )?(?:\w+ of us|me and))\b", clause.text):
        return 0.7
    if re.match(r"[A-Z][\w' -]+ (?:is|has been) (?:my |our )?home\b", clause.text):
        return 0.75
    return 0.1
