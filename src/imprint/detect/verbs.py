"""The everyday verbs of people talking about themselves, with their forms."""

import re

from imprint.detect.words import words

_IRREGULAR = """
be am is are was were been being / have has had having / do does did done doing / go goes went gone going
get got gotten getting / grow grew grown growing / drive drove driven driving / ride rode ridden riding
drink drank drunk drinking / eat ate eaten eating / speak spoke spoken speaking / teach taught teaching
sing sang sung singing / swim swam swum swimming / run ran running / write wrote written writing
read reading / buy bought buying / sell sold selling / give gave given giving / quit quitting
leave left leaving / wake woke woken waking / rise rose risen rising / sleep slept sleeping / keep kept keeping
make made making / take took taken taking / meet met meeting / bring brought bringing / fly flew flown flying
lose lost losing / win won winning / break broke broken breaking / find found finding / feel felt feeling
think thought thinking / know knew known knowing / say said saying / tell told telling / see saw seen seeing
wear wore worn wearing / build built building / sew sewed sewn sewing / knit knitted knitting / fall fell fallen falling
become became becoming / hold held holding / spend spent spending / put putting / set setting / cut cutting
begin began begun beginning / swear swore sworn swearing / hear heard hearing / draw drew drawn drawing
choose chose chosen choosing / stand stood standing / bear bore borne bearing / throw threw thrown throwing
let letting / hit hitting / tie tied tying / die died dying / lie lay lain lying / pay paid paying / lead led leading
skip skipped skipping / swap swapped swapping / chat chatted chatting / jog jogged jogging / plan planned planning
ban banned banning / hop hopped hopping / stop stopped stopping / cycle cycled cycling / bike biked biking
date dated dating / need needed needing / own owned owning / understand understood understanding / come came coming
sit sat sitting / send sent sending / catch caught catching / feed fed feeding / hike hiked hiking / row rowed rowing
ski skied skiing / forget forgot forgotten forgetting / commit committed committing / upgrade upgraded upgrading
split splitting
"""
_REGULAR = """
live work love like hate enjoy prefer adore dislike detest loathe despise play study learn collect support follow
commute walk cook bake garden paint dance climb fish camp surf sail box train practise practice crochet move relocate
settle own rent share use watch listen want hope try start finish switch change marry divorce retire join call name
turn celebrate visit travel head book organise organize avoid crave fancy believe worship pray volunteer help look
consider intend need mean wish dream miss remember fear worry suffer tend serve manage clean cover design develop
program programme code repair fix farm foster adopt breed raise born attend graduate major sign enrol enroll register
save stick swear reckon live stay spend host plan upgrade trade replace convert separate grow dig favour volunteer
freelance intern babysit busk juggle skate bowl golf wrestle fence meditate stretch journal blog stream photograph
restore carve brew forage birdwatch hunt row kayak lift exercise order celebrate care appreciate rate abide stomach
smoke vape taste smell touch talk ask answer wait open close push pull carry laugh cry smile sneeze cough snore type
text email phone ring shop invest donate argue agree decide realise realize notice discover arrive return belong
depend recover heal gamble bet vote protest campaign recycle compost declutter vacuum hoover iron wash dry dust
decorate renovate tidy pack unpack park queue order bid crash ache hurt bark snuggle purr wake act direct produce edit
translate nurse weld plumb tattoo mind react tolerate digest handle drop ditch deliver explore shoot film record mix
sample compose rehearse perform coach mentor tutor lecture research
"""


def _doubled(base: str) -> str:
    return base + base[-1] if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", base) else base


def _regular_forms(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return base, base + "s", base + "d", base[:-1] + "ing"
    if re.search(r"[^aeiou]y$", base):
        return base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    ending = "es" if re.search(r"(?:s|sh|ch|x|z|o)$", base) else "s"
    return base, base + ending, _doubled(base) + "ed", _doubled(base) + "ing"


def _third(base: str) -> str:
    return _regular_forms(base)[1]


def _build() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    lemma: dict[str, str] = {}
    past: set[str] = set()
    third: set[str] = set()
    for base in _REGULAR.split():
        forms = _regular_forms(base)
        lemma.update(dict.fromkeys(forms, base))
        past.add(forms[2])
        third.add(forms[1])
    for group in _IRREGULAR.replace("\n", " / ").split("/"):
        words = group.split()
        if not words:
            continue
        base = words[0]
        lemma.update(dict.fromkeys(words, base))
        lemma[_third(base)] = base
        third.add(_third(base))
        past.update(w for w in words[1:] if not w.endswith(("ing", "s")))
    past.update(("read", "quit", "put", "set", "cut", "let", "hit", "run", "come", "become", "been", "born", "lost"))
    return lemma, frozenset(past - {"am", "are"}), frozenset(third | {"is", "has", "does", "was"})


LEMMA, PAST, THIRD = _build()
"""Form -> base verb; forms that are past tense or participle; forms of the third person singular."""

_NOT_DOING = frozenset(
    words(
        "thing nothing something anything everything morning evening wedding boring interesting amazing annoying "
        "tiring exciting disgusting during sibling king ring spring string wing sling ceiling pudding darling"
    )
)


def base_of(word: str) -> str:
    """Base form of an -ing form (known or guessed) or of any known form; "" when it is no verb we know."""
    low = word.lower()
    if low in LEMMA:
        return LEMMA[low]
    if is_doing(low):
        stem = low[:-3]
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
            return stem[:-1]
        return stem
    return ""


def is_doing(word: str) -> bool:
    """Whether a word is (or looks like) an -ing form of a verb."""
    low = word.lower()
    return len(low) > 4 and low.endswith("ing") and low not in _NOT_DOING


def gerund(verb: str) -> str:
    """The -ing form of a base verb: "run" -> "running"."""
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return (verb + verb[-1] if _doubled(verb) != verb else verb) + "ing"
