"""Work and home of the people the user spoke of."""

import re

from imprint.detect.verbs import gerund
from imprint.study.found import Found, Scene, one
from imprint.study.lexicon import ANIMALS
from imprint.study.patterns.home import lives
from imprint.study.patterns.jobs import job_facts
from imprint.study.patterns.people import OWNED, animal_of, relation
from imprint.study.patterns.work import workplaces
from imprint.study.spans import name, place, thing

_NOBODY = frozenset(("", "I", "we", "you", "there", "this", "that"))
_DRIVEN = re.compile(
    r"(?i)(?:an? |the )?(?:[\w-]+ )?(?:bus|buses|coach|coaches|taxi|taxis|lorry|lorries|truck|trucks|train|"
    r"trains|tram|trams|ambulance|hgvs?|van for \w+)\b"
)
_SHOP = re.compile(
    r"(?i)\b(?:shop|caf[eé]|bakery|business|company|farm|restaurant|pub|salon|garage|stall|hotel|bar|practice)\b"
)


def relatives(scene: Scene) -> list[Found]:
    """Work and home of the people the user spoke of: "my wife is a nurse", "She lives in Porto"."""
    clause, frame = scene.clause, scene.clause.frame
    if clause.mood != "statement" or frame.ended or frame.negative or frame.modal or frame.subject in _NOBODY:
        return []
    who = whose(scene)
    if who in ANIMALS:
        return _breed(who, frame.rest) if frame.verb == "be" else []
    if not who:
        return []
    where = _their_home(scene)
    if where:
        return [Found("relative_home", who, where)]
    return one("relative_work", who, _their_work(scene))


def _their_home(scene: Scene) -> str:
    frame, cased = scene.clause.frame, scene.clause.cased
    if frame.verb in ("move", "relocate") and not frame.doing:
        to = re.search(r"(?i)\bto (?P<place>.+)", frame.rest)
        return place(to["place"], cased) if to else ""
    if frame.past and not frame.perfect:
        return ""
    if frame.verb == "live":
        return next((fact.value for fact in lives(frame.rest, cased) if fact.kind == "home"), "")
    based = re.match(r"(?i)(?:based|living|up|over|settled)\s+(?:in|near)\s+(?P<place>.+)", frame.rest)
    return place(based["place"], cased) if based and frame.verb == "be" else ""


def _their_work(scene: Scene) -> str:
    frame, rest = scene.clause.frame, scene.clause.frame.rest
    if frame.past and not frame.perfect:
        return ""
    if frame.verb == "be" and re.match(r"(?i)retired\b", rest):
        return "retired"
    if frame.verb == "be":
        facts = job_facts(rest, scene.clause.cased) if re.match(r"(?i)(?:an?|the|head of)\s", rest) else []
        return next((fact.value for fact in facts if fact.kind == "work"), "")
    if frame.verb == "work":
        named_job = next((fact.value for fact in workplaces(rest, scene.clause.cased) if fact.kind == "work"), "")
        spot = re.match(r"(?i)(?P<prep>in|on|at|for|with) (?P<the>the |a |an )?(?P<what>.+)", rest)
        where = thing(spot["what"], 4) if spot else ""
        return named_job or (f"{spot['prep']} {spot['the'] or ''}{where}" if spot and where else "")
    if frame.verb == "drive":
        vehicle = _DRIVEN.match(rest)
        return f"driving {vehicle[0]}" if vehicle else ""
    what = thing(rest, 4) if frame.verb in ("teach", "run", "own", "manage") else ""
    return f"{gerund(frame.verb)} {what}" if what and (frame.verb == "teach" or _SHOP.search(what)) else ""


def _breed(animal: str, rest: str) -> list[Found]:
    """ "is a border collie", "a rescue greyhound"."""
    found = re.match(
        (
            r"(?i)(?:an?|part|half|mostly|my) (?P<what>[\w -]+?)(?=$|[,.]|\s(?:and|who|that|from|but|called|with|so|we|"
            r"I)\b)"
        ),
        rest,
    )
    what = (
        re.sub(r"(?i)^(?:\w+ )??(?:lovely|gorgeous|old|big|little|black|white|brown|rescue) (?=\w)", "", found["what"])
        if found
        else ""
    )
    words = what.split()
    known = any(
        animal_of(" ".join(words[start:end]))[1]
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )
    return (
        [Found("pet_breed", animal, what)] if known or re.search(r"(?i)\b(?:mix|cross|mongrel|breed)\b", what) else []
    )


def whose(scene: Scene) -> str:
    """Relation or animal the clause's subject stands for; "" when it is nobody of the user's."""
    subject = scene.clause.frame.subject
    known = scene.people.relation_of(subject)
    if known:
        return known
    owned = OWNED.match(subject + " ")
    if owned and not re.match(r"'s", owned["tail"]):
        tail = owned["tail"].strip(" ,")
        if not tail or name(tail, scene.clause.cased) or not re.search(r"'s\b", tail):
            animal, _ = animal_of(owned["noun"])
            return animal or relation(owned["noun"], owned["adj"])
    return ""
