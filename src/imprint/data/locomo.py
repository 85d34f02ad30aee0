"""Reads one conversation of a LoCoMo file (Maharana et al., ACL 2024). Questions are not read."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from imprint.data.messages import Message, Request, listing, own_id
from imprint.types import Role

_SESSION = re.compile(r"session_(\d+)")
_DATE = re.compile(r"(\d{1,2}):(\d{2}) ([ap])m on (\d{1,2}) ([a-z]+),? (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def fits(value: object) -> bool:
    """Whether a parsed JSON file looks like a list of LoCoMo samples."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and "sample_id" in first and "conversation" in first


def read(value: Any, request: Request) -> Iterator[Message]:
    """The turns of the chosen sample, session by session, the chosen speaker as the user."""
    for _, message in _spoken(value, request):
        yield message


def dialogue_ids(value: Any, request: Request) -> Iterator[str]:
    """The `dia_id` of each message that `read` gives, in the same order; empty for one without."""
    for identity, _ in _spoken(value, request):
        yield identity


def _spoken(value: Any, request: Request) -> Iterator[tuple[str, Message]]:
    place, sample = _sample(request.need(value, list, ""), request)
    talk = request.need(sample.get("conversation"), dict, f"{place}.conversation")
    place = f"{place}.conversation"
    names = [request.need(talk.get(key), str, f"{place}.{key}") for key in ("speaker_a", "speaker_b")]
    speaker = _speaker(names, request)
    for session in sorted((m for key in talk if (m := _SESSION.fullmatch(key))), key=lambda m: int(m[1])):
        turns = talk[session[0]]
        # Some files date sessions that were never written.
        if not isinstance(turns, list):
            continue
        date = talk.get(f"{session[0]}_date_time")
        time = "" if date is None else _time(date, f"{place}.{session[0]}_date_time", request)
        for index, turn in enumerate(turns):
            where = f"{place}.{session[0]}[{index}]"
            name, text = _turn(turn, where, request)
            if name not in names:
                raise request.wrong(f"{where}.speaker", f"expected one of {listing(names)}")
            if text.strip():
                role: Role = "user" if name == speaker else "assistant"
                yield own_id(turn.get("dia_id")), Message(0, own_id(sample["sample_id"]), role, text, time)
            else:
                request.on_skip("empty message")


def _sample(samples: list[Any], request: Request) -> tuple[str, Any]:
    """The JSON path and the object of the sample asked for."""
    for number, sample in enumerate(samples):
        sample = request.need(sample, dict, f"[{number}]")
        request.need(sample.get("sample_id"), str, f"[{number}].sample_id")
    ids = [sample["sample_id"] for sample in samples]
    if not request.sample and len(samples) > 1:
        raise request.wrong("", f"holds {len(ids)} samples: {listing(ids)}", "Choose one with --sample")
    found = [number for number, name in enumerate(ids) if name == request.sample or not request.sample]
    if len(found) != 1:
        problem = f"the sample asked for occurs {len(found)} times; samples: {listing(ids)}"
        raise request.wrong("", problem, "Choose another with --sample")
    return f"[{found[0]}]", samples[found[0]]


def _speaker(names: list[str], request: Request) -> str:
    for name in names:
        if request.speaker and name.casefold() == request.speaker.casefold():
            return name
    problem = "the speaker asked for is not in it" if request.speaker else "two people talk in it"
    raise request.wrong("", f"{problem}; speakers: {listing(names)}", "Say whose memory it is with --speaker")


def _turn(value: Any, where: str, request: Request) -> tuple[str, str]:
    """Speaker and text; a shared photo is told by its caption, the photos themselves are not published."""
    value = request.need(value, dict, where)
    name = request.need(value.get("speaker"), str, f"{where}.speaker")
    text = request.need(value.get("text"), str, f"{where}.text")
    if (caption := value.get("blip_caption")) is not None:
        text += f" [shares a photo: {request.need(caption, str, f'{where}.blip_caption')}]"
    return name, request.accept(text.strip(), f"{where}.text")


def _time(value: Any, where: str, request: Request) -> str:
    """Turns "9:05 am on 14 June, 2024" into ISO 8601; no time zone is named, so it is taken as UTC."""
    match = _DATE.fullmatch(request.need(value, str, where).strip())
    if match and match[5][:3].lower() in _MONTHS and 1 <= int(match[1]) <= 12:
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        month = _MONTHS.index(match[5][:3].lower()) + 1
        try:
            date = datetime(int(match[6]), month, int(match[4]), hour, int(match[2]))
        except ValueError:
            pass
        else:
            return date.isoformat() + "Z"
    raise request.wrong(where, 'expected a time such as "9:05 am on 14 June, 2024"')
