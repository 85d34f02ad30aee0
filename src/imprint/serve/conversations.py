"""Which conversation a client goes on with, and what of it is new. A client sends it whole, or only its end."""

from collections.abc import Sequence

from imprint.data import turn_id
from imprint.data.ids import conversation_source
from imprint.types import Role, Turn

Said = tuple[Role, str]
"""Role and text of one message."""
TAILS = 16
"""Most conversations, newest first, whose end is looked for in what is sent."""
GAPS = 1_000
"""Most turns of a conversation that may be missing, forgotten or never heard, for its end to be found."""
Place = tuple[str, int]
"""A conversation's id, and the place in it of the first message that is sent."""


def fresh(name: str, ledger: Sequence[Turn], said: Sequence[Said], time: str, source: str, newest: bool) -> list[Turn]:
    """The turns of `said` that the ledger does not hold.

    Only what follows the last one it holds: a gap before that was forgotten, or not to be heard. source: the
    conversation's id; without one it is found. newest: no more than the last answer and what follows it.
    """
    known = {turn.id for turn in ledger}
    source, first = (source, 0) if source else _place(ledger, said, known)
    # The id leaves the time out: a client sends the whole conversation again with every message.
    turns = [
        Turn(_id(source, first + place, message), name, *message, time, source) for place, message in enumerate(said)
    ]
    begin = max((place + 1 for place, turn in enumerate(turns) if turn.id in known), default=0)
    if newest:
        answers = [place for place, (role, _) in enumerate(said) if role == "assistant"]
        # The answer to something the ledger does not hold may repeat it.
        skip = bool(answers) and all(turn.source != source for turn in ledger)
        begin = max(begin, (answers[-1] if answers else 0) + skip)
    return turns[begin:]


def _place(ledger: Sequence[Turn], said: Sequence[Said], known: set[str]) -> Place:
    """Where `said` belongs.

    One message that opens with words heard before, after something else was heard, begins a new conversation: telling
    a thing again is telling it anew. The same request sent twice is not.
    """
    asked = [text for role, text in said if role == "user"]
    opening = conversation_source("chat", asked[0] if asked else said[0][1])
    numbers = {source: n for source in dict.fromkeys(t.source for t in ledger) if (n := _number(source, opening))}
    places = [(source, 0) for source in numbers]
    if len(said) > 1:
        places += _tails(ledger, said)
    if not places:
        return opening, 0
    order = {turn.source: at for at, turn in enumerate(ledger)}
    best = max(places, key=lambda place: (_overlap(place, said, known), order[place[0]]))
    if len(asked) == 1 and best[0] in numbers and ledger[-1].source != best[0]:
        return f"{opening}-{max(numbers.values()) + 1}", 0
    return best


def _number(source: str, opening: str) -> int:
    """Which of the conversations with this opening it is, from 1; 0 when it is none."""
    rest = source.removeprefix(opening)
    if rest == source or not rest:
        return int(rest == "")
    number = rest.removeprefix("-")
    return int(number) if number != rest and number.isdecimal() and len(number) < 10 else 0


def _tails(ledger: Sequence[Turn], said: Sequence[Said]) -> list[Place]:
    """The places of `said` in conversations whose last turn is among it: a client that sends only the end."""
    lasts: dict[str, Turn] = {}
    counts: dict[str, int] = {}
    for turn in ledger:
        lasts.pop(turn.source, None)
        lasts[turn.source] = turn
        counts[turn.source] = counts.get(turn.source, 0) + 1
    at = {message: place for place, message in enumerate(said)}
    found: list[Place] = []
    ends = [turn for turn in lasts.values() if (turn.role, turn.text) in at]
    for turn in reversed(ends[-TAILS:]):
        message = (turn.role, turn.text)
        least = counts[turn.source] - 1
        places = range(max(least, at[message]), least + GAPS)
        place = next((place for place in places if _id(turn.source, place, message) == turn.id), None)
        if place is not None:
            found.append((turn.source, place - at[message]))
    return found


def _overlap(place: Place, said: Sequence[Said], known: set[str]) -> int:
    source, first = place
    return sum(_id(source, first + at, message) in known for at, message in enumerate(said))


def _id(source: str, place: int, message: Said) -> str:
    return turn_id(source, place, *message, "")
