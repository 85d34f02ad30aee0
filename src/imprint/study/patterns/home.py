"""Where the user lives and comes from."""

import re

from imprint.study.found import Found, Scene
from imprint.study.spans import place

_DWELLING = (
    r"(?:house|flat|apartment|studio|bungalow|cottage|terrace|terraced house|farm|farmhouse|narrowboat|houseboat|"
    r"boat|barge|caravan|van|static caravan|loft|basement|bedsit|maisonette|townhouse|"
    r"penthouse|cabin|yurt|mobile home|tiny house|flatshare|house share|houseshare|shared house|semi|"
    r"semi-detached|detached house|condo|duplex|tower block|dorm|halls|student halls|hostel|"
    r"barn conversion|lighthouse|croft|villa|chalet|trailer|council flat|(?:one|two|three)-bed(?! (?:flat|"
    r"apartment|house|terrace))|commune|convent|vicarage|manor|castle|canal boat|motorhome|camper|"
    r"sheltered housing|retirement village|rectory|mill)"
)
_DWELLING_IN = re.compile(
    rf"(?i)^(?:alone )?(?:now )?(?:(?:in|on|aboard)\s+)?(?:(?:an?|the|my|our|my own|"
    rf"this)\s+)?(?P<what>(?:[\w-]+ ){{0,4}}?{_DWELLING})s?\b(?! (?:music|party|plants?))(?: (?:above|over|on|with|by|"
    rf"near|next to) (?:the|a|an) (?P<tail>[\w-]+(?: \w+)?))?(?P<rest>.*)"
)


def home(scene: Scene) -> list[Found]:
    """home, dwelling, origin of the user."""
    frame = scene.clause.frame
    if frame.subject not in ("I", "we") or frame.ended:
        return _home_is(scene)
    if (
        frame.verb in ("move", "come", "emigrate")
        and frame.past
        and (born := re.match(r"(?i)(?:over )?here from\s+(?P<place>.+)", frame.rest))
    ):
        where = place(born["place"], scene.clause.cased)
        return [Found("origin", "", where)] if where else []
    rest, cased = frame.rest, scene.clause.cased
    if frame.modal or frame.negative:
        return []
    if frame.verb in ("live", "stay") and not (frame.past and not frame.perfect):
        return (
            lives(rest, cased)
            if frame.verb == "live" or re.match(r"(?i)in .*(?:these days|now|permanently)", rest)
            else []
        )
    if frame.verb in ("move", "relocate", "settle", "emigrate") and not frame.doing:
        target = re.match(
            (
                r"(?i)(?:(?:back|over|out|up|down|home|here|house|again|away|recently|from [\w' -]+?|"
                r"all the way) )*(?:to|into|in)\s+(?P<place>(?!with\b|my|our|a |an |the (?:next|other)).+)"
            ),
            rest,
        )
        if target:
            where = place(re.split(r"(?i)\bfrom\b", target["place"])[0], cased)
            return [Found("home", "", where)] if where else []
        into = re.search(r"(?i)\b(?:in)?to (?P<what>(?:an?|our|my)\s.+)", rest)
        return _dwelling(into["what"], cased) if into else []
    if (
        frame.verb in ("rent", "own", "buy", "share", "have", "get", "inherit")
        and re.match(rf"(?i)(?:an?|our|my|the)\s+(?:[\w-]+ ){{0,4}}?{_DWELLING}\b", rest)
        and not re.search(r"(?i)\b(?:holiday|\w*boat|barge|van|caravan|camper|motorhome)\b", rest)
    ):
        return _dwelling(rest, cased)
    if frame.verb == "grow" and rest.lower().startswith("up"):
        found = re.match(r"(?i)up (?:in|on|near|around|outside|by|just outside)\s+(?P<place>.+)", rest)
        where = place(re.sub(r"(?i)^(?:in|near|outside) ", "", found["place"]), cased, anything=True) if found else ""
        return [Found("origin", "", where)] if where else []
    if frame.verb in ("come", "hail", "originate") and re.match(r"(?i)(?:originally )?from\s", rest):
        where = place(re.sub(r"(?i)^(?:originally )?from ", "", rest), cased)
        return [Found("origin", "", where)] if where and not frame.past else []
    if frame.verb == "spend" and re.match(r"(?i)my (?:childhood|early years|first \w+ years|youth) in\s", rest):
        where = place(re.split(r"(?i)\bin\s", rest, maxsplit=1)[1], cased)
        return [Found("origin", "", where)] if where else []
    return []


def lives(rest: str, cased: bool) -> list[Found]:
    out = _dwelling(rest, cased)
    if out:
        return out
    rest = re.sub(
        r"(?i)^(?:alone|together|with (?:my |our |the |a |an |two |three )?[\w' -]+?)\s+(?=(?:in|near|on|outside)\s)",
        "",
        rest,
    )
    where = re.match(
        (
            r"(?i)(?:(?:just |right |way |all |up |down |over |out |here )*)(?P<prep>in|near|outside|at|on|by|between|"
            r"around|just outside|close to|north of|south of)\s+(?P<place>.+)"
        ),
        rest,
    )
    if not where:
        return []
    spot = place(
        where["place"],
        cased,
        anything=where["prep"].lower() != "in" or bool(re.match(r"(?i)(?:a|an|the)\s", where["place"])),
    )
    if not spot and where["prep"].lower() == "in":
        spot = place(where["place"], False)
    if not spot or re.match(r"(?i)(?:same|fear|middle of nowhere|past|moment|my own|years|place|own)\b", spot):
        return []
    prep = where["prep"].lower()
    return [
        Found(
            "home",
            "",
            spot
            if prep in ("in", "at")
            else f"{prep} {spot}"
            if prep != "on" or not re.match(r"[A-Z0-9]", spot)
            else spot,
        )
    ]


def _dwelling(text: str, cased: bool) -> list[Found]:
    found = _DWELLING_IN.match(text)
    if not found:
        return []
    value = re.sub(r"(?i)^(?:(?:my|our|own|new|lovely|nice|a|an|the|this|in|on) )+", "", found["what"].strip())
    above = re.search(r"(?i) (?:above|over) (?:the|a|an) $", text[: found.start("tail")]) if found["tail"] else None
    out = [Found("dwelling", "", f"{value}{above[0]}{found['tail']}" if above else value)]
    where = re.search(r"(?i)\b(?:in|near|outside)\s+(?P<place>[^,]+.*)", found["rest"])
    spot = place(where["place"], cased) if where else ""
    if spot:
        out.append(Found("home", "", spot))
    return out


def _home_is(scene: Scene) -> list[Found]:
    text, cased = scene.clause.text, scene.clause.cased
    if scene.clause.mood != "statement":
        return []
    family = re.match(r"(?i)^my (?:family|parents) (?:moved|came|emigrated) (?:over )?here from\s+(?P<place>.+)", text)
    if family:
        where = place(family["place"], cased)
        return [Found("origin", "", where)] if where else []
    found = re.match(
        (
            r"(?i)^(?:(?:my |our )?home|(?:my|our) (?:house|flat|place|apartment|address)) is (?:now |actually |"
            r"currently |in |at |near |out in |over in )*(?P<place>.+)"
        ),
        text,
    )
    if found:
        where = place(re.sub(r"(?i)^(?:in|at) ", "", found["place"]), cased)
        return [Found("home", "", where)] if where else []
    grew = re.match(
        (
            r"(?i)^my (?:home ?town|birthplace|native (?:town|city|country|village)|home village|home city|"
            r"family) (?:is|"
            r"was|are|come from|comes from)(?: originally)?(?: called| from)? (?P<place>.+)"
        ),
        text,
    )
    if grew:
        where = place(grew["place"], cased)
        return [Found("origin", "", where)] if where else []
    reverse = re.match(
        (
            r"^(?P<place>[A-Z][\w' -]+?) (?:is|has been) (?:my |our )?(?P<what>home|hometown|home town)(?: now|"
            r" these days|$)"
        ),
        text,
    )
    if reverse:
        where = place(reverse["place"], True)
        return [Found("origin" if "town" in reverse["what"] else "home", "", where)] if where else []
    return []
