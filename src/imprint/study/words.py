"""Words that stop, start or spoil a value, and the calendar."""

import re

from imprint.detect.words import words

MONTHS = words("january february march april may june july august september october november december")
DAYS = words("monday tuesday wednesday thursday friday saturday sunday")
MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
DAY = r"(?:mon|tues?|wednes|weds?|thurs?|thu|fri|satur|sat|sun)(?:day)?"
NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|"
    r"nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|"
    r"seven|eight|nine))?)"
)
COUNT = rf"(?:\d{{1,3}}|{NUMBER_WORD}|a couple of|a few|several|both|half a dozen|a dozen)"
YEAR = r"(?:19|20)\d\d"
_ORDINAL = (
    r"(?:the )?(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|"
    r"twentieth)"
)
DATE = (
    rf"(?:{DAY},? )?(?:(?:\d{{1,2}}|{_ORDINAL})(?:st|nd|rd|th)?(?: of)? {MONTH}|{MONTH} (?:the )?\d{{1,2}}(?:st|"
    rf"nd|rd|th)?(?!\d))(?:,? {YEAR})?"
    rf"|\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?"
)
_WHEN_UNIT = (
    r"(?:week|weekend|month|year|spring|summer|autumn|fall|winter|term|semester|january|february|march|april|may|"
    r"june|july|august|september|"
    r"october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|easter|christmas)"
)
WHEN = (
    rf"(?:(?:on |from |by |around |for )?(?:{DATE})"
    rf"|(?:at |in |by )?(?:the )?(?:early|mid|late|start of|beginning of|middle of|end of|first (?:week|"
    rf"weekend) (?:of|in)|last (?:week|weekend) (?:of|in))[- ](?:the )?(?:{MONTH}|year|month|summer|spring|"
    rf"autumn|winter)"
    rf"|(?:in |by |this |next |last |every |around |until |over |for )?(?:{MONTH})\b(?: {YEAR})?(?! \w+ing)"
    rf"|(?:a week |two weeks )?(?:on |this |next |this coming |coming |from )?(?:{DAY})\b(?: (?:week|morning|"
    rf"afternoon|evening|night))?(?: at [\d:.]+ ?(?:am|pm)?)?"
    rf"|(?:in |over |during |for )?(?:the |this |next )(?:coming )?{_WHEN_UNIT}(?: holidays?)?"
    rf"|(?:in |within )(?:about )?(?:{COUNT}|a) (?:days?|weeks?|months?|years?)(?:' time)?"
    rf"|(?:in |over |at |for |after |before )(?:christmas|easter|xmas|new year|halloween|half[- ]term|spring|"
    rf"summer|autumn|fall|winter|lent|diwali|eid|thanksgiving)"
    rf"|tomorrow(?: (?:morning|evening|night|afternoon))?|later this (?:year|month|week)|(?:in |by )?{YEAR}|"
    rf"the day after tomorrow|on the {_ORDINAL}|the weekend after next)"
)
CLOCK = (
    r"(?:(?:about|around|roughly|before|after|like|by|just (?:after|before)) )?"
    rf"(?:(?:half(?: past)?|quarter (?:past|to)|(?:ten|twenty|five) (?:past|to)) (?:{NUMBER_WORD}|\d{{1,2}})"
    rf"|\d{{1,2}}(?:[:.]\d\d)?(?:ish)? ?(?:am|pm|o'clock)?|{NUMBER_WORD}(?:[- ](?:thirty|fifteen|"
    rf"forty[- ]five))?(?:ish)?(?: ?(?:am|pm|o'clock))?|noon|midnight|dawn|sunrise)"
)
OFTEN = (
    rf"(?:(?:almost |nearly |pretty much )?(?:every|each|most) (?:single |other |second )?(?:{DAY}s?|day|days|"
    rf"morning|mornings|evening|evenings|night|nights|week|weekend|weekends|weekday|weekdays|lunchtime|month|"
    rf"year|summer|winter|spring|autumn)(?: (?:morning|evening|night|afternoon|"
    rf"lunchtime))?(?: and (?:every )?{DAY})?"
    rf"|(?:on )?(?:{DAY})(?:s|(?= (?:mornings|evenings|nights|afternoons|lunchtimes)))(?: (?:mornings?|evenings?|"
    rf"nights?|afternoons?|lunchtimes?))?(?: and (?:{DAY})s)?|(?:on |at )?weekends|in the (?:mornings?|evenings?|"
    rf"afternoons?)|at (?:night|lunchtime|lunch)"
    rf"|(?:once|twice|{COUNT} times|{COUNT} (?:days|nights|mornings|evenings))(?: or (?:twice|"
    rf"{COUNT} times))? (?:a|per|each|every) (?:day|week|month|year|fortnight)|daily|weekly|"
    rf"first thing(?: in the morning)?|before (?:work|bed|breakfast|school|dinner)|after (?:work|school|lunch|"
    rf"dinner)|on weekdays|all day|year round)"
)

STOP_AT = re.compile(
    rf"(?i)(?:\s*[,;:.!?()]|\s+-\s|\s+(?:because|since|when|whenever|while|if|so|but|although|though|which|who|"
    rf"whom|whose|that|where|after|before|until|unless|as|"
    rf"these days|nowadays|right now|now|lately|recently|currently|anyway|at the moment|at present|"
    rf"of an? (?:evening|morning|weekend|night)|at the mo|too|"
    rf"as well|either|tbh|to be|honestly|the most|so much|very much|a lot|more than|over|rather than|"
    rf"again|already|yet|ever|still|til|till|like|than|really|normally|usually|mostly|actually|especially|even|"
    rf"apparently|thanks|please|mainly|maybe|probably|lol|"
    rf"this|next|last|every|each|most (?:days|mornings|nights|evenings|weekends)|both|always|just|by the|"
    rf"around the|down the|up the|into|during|"
    rf"on (?:my|the|a|our|{DAY}|weekends|weekdays|sunday|top)|at (?:the|my|home|work|weekends|night|lunch|a|"
    rf"least|all|\d)|in (?:my|our|the (?:morning|evening|mornings|evenings|summer|winter|spring|autumn|end|past|"
    rf"garden|world)|{MONTH}|{YEAR}|general|particular|bed|town|fact)|"
    rf"for (?:years|ages|\d|a|an|about|over|nearly|almost|my|our|the|breakfast|lunch|dinner|{NUMBER_WORD}|"
    rf"as long|now|me|us|fun|work|charity|some|years|once)|with (?:my|the|a|our|some|friends|breakfast|it)|"
    rf"from (?:my|the|a|our)|to (?:my|the|be|work)|once|twice|{COUNT} times|daily|weekly|year round|and (?:I|it|"
    rf"we|he|she|they|that|so|then|also|always|never|not|now|my|our|am|is|are|can|have|do|will|everything|stuff|"
    rf"things?|all that|whatnot|yes)|"
    rf"or (?:something|so|anything|whatever|I)|instead|together|myself|ourselves|tomorrow|today|tonight|"
    rf"yesterday|ago|full[- ]time|part[- ]time|online|badly|professionally|competitively|casually|"
    rf"outside|indoors|there|here|away|back|out loud|too much|way too|is|are|was|were|has|have|will|would|makes?|"
    rf"made|goes|went)(?=\s|$|[,.!?;]))"
)
LEADING = re.compile(
    r"(?i)^(?:(?:a|an|the|some|any|my|our|your|all|all kinds of|all sorts of|any kind of|any sort of|lots of|"
    r"loads of|a lot of|plenty of|too much|too many|much|many|more|most|just|only|really|very|quite|"
    r"such|pretty|anything|something|everything|stuff|both|to be|being|like|about|bit of|a bit of|of|a nice|"
    r"a decent|a proper|a good old|one of|every|these|those|this|that|even|especially|mostly|basically|called|"
    r"named|for|on|"
    r"lovely|gorgeous|little|wee|beloved|own|dear|so-called|certain|kind of|sort of|a cup of|cups of|a mug of|"
    r"a glass of|a pint of|a slice of|a bowl of|eating|drinking|by|a great deal of|a good deal of)\s+)+(?=\S)"
)
TRAILING = re.compile(
    r"(?i)(?:\s+(?:and|or|of|in|on|at|for|to|with|from|the|a|an|my|so|too|very|really|as|by|is|are|now|stuff|things?|"
    r"etc|though|myself|please|in general|quite|not))+$|[\s,.;:!?'\"-]+$"
)
NOT_VALUES = frozenset(
    words(
        "it this that these those them him her he she they you me us i we one ones thing things stuff something "
        "anything everything nothing someone anyone everyone people somebody anybody nobody so not how what who when "
        "where why there here lot bit way sound idea look much more less most all some none other another same such "
        "very too well now then too better best worse good bad fine ok okay nice great sure yes no life being doing "
        "having getting going point kind sort part day time times today tonight tomorrow yesterday and or but if to "
        "of at in on a an the is are be question answer help advice fact problem thought feeling moment minute "
        "second while both each every few many several himself herself myself itself word mind"
    )
)
NOT_NAMES = frozenset(
    words(
        "i a an the and or but so is are was were has have had do does did am be been being just also still always "
        "really very too not never now then here there this that these those who what when where why how which in on "
        "at to for from of with by as if than my our your his her its their me you him them us we he she they it "
        "lives live works work loves likes hates got get gets go goes went going gone came comes come said says "
        "thinks told told plays play makes make wants needs can will would could should might may must visiting "
        "turned turns keeps keep lost left moved married died passed called named used lived worked grew started "
        "stopped gave bought took because since while after before until around about over under up down out off "
        "away back again soon today tomorrow yesterday last next every some any all both each one two three four "
        "five six seven eight nine ten good bad great best old new young little big who's whose instead together "
        "only even more most much many few lot ate eats sleeps barks knocked woke broke fell ran runs sat sits stole "
        "wanted needed asked asks calls told tells phone car job house flat birthday wedding party food bed name "
        "names age hair side group family school studies ones passed recently finally sadly currently usually "
        "sometimes often apparently mostly originally probably actually once almost already ever yet though although "
        "mum mom dad sister brother wife husband son daughter partner boyfriend girlfriend friend mate boss "
        "neighbour cousin aunt uncle nan gran grandma grandad dog cat and, too, "
        "tired hungry happy sad sick ill busy sorry fine okay ok sure back home ready late early here hi hello hey "
        "thanks thank please yes no yeah well vegan vegetarian veggie allergic from based retired single english "
        "learning looking trying thinking feeling having making working living wondering planning hoping english "
        "married engaged pregnant side's place thing things guy person people man woman girl boy kid kids child "
        "children baby yoga tennis football things coming getting taking staying something new starts start end day "
        "days week weeks month months year years time times morning evening night monday tuesday wednesday thursday "
        "friday saturday sunday january february march april june july august september october november december "
        "i'm sounds seems needs helps gives thought knows know think say see saw feels felt wears drives sings "
        "paints teaches speaks cooks bakes snores hates dislikes prefers refuses swears insists moans complains "
        "collects supports owns runs swims climbs cycles visits lot wins won bit into like owner nurse teacher "
        "doctor vet chef driver student lawyer engineer group chat team club members member idiot bless used stuff "
        "pet pets lover sitter shop bowl toys toy walker show breed breeds house gifted recommended bought drove "
        "flew dropped picked cried laughed sent wrote rang texted rings texts emails either neither nor per via "
        "within without against among lactose coeliac"
    )
)
