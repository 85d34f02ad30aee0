"""Does the read gate open when something told is asked for, on the right slot, and stay shut on everything else?

No model is read: users are composed from the corpus, their memories written turn by turn, their messages addressed.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.data.talk import Talk
from imprint.encode.base import Encoder
from imprint.evals.gate_scores import (
    GENERAL,
    IMPLICIT,
    NEVER,
    QUIET,
    TOLD,
    Met,
    Opens,
    by_kind,
    curves,
    scored,
    thinned,
    threshold,
)
from imprint.evals.recall_file import NEVER_TOLD
from imprint.evals.talk_users import compose
from imprint.methods.lpm import LPM
from imprint.methods.parts.addressing import facts_of
from imprint.study.bank import general_lines
from imprint.tensors import Memory
from imprint.types import ImprintError, Progress, Turn

HEADLINE = "right"
PROBABLE_BEFORE = 0.7
"""The setting that went with the reader's own odds, before the gate had weights."""
FIX = 'Give a file with one JSON object a line, each with a "text", plain or .gz'


@dataclass(frozen=True)
class GateOptions:
    """Table [evals.gate]."""

    part: Literal["dev", "test"] = "test"
    """Whose voices are measured. The threshold is always chosen on dev."""
    users: int = 20
    facts: int = 14
    """Things a user tells."""
    changed: int = 2
    """Of these, things told anew."""

    def __post_init__(self) -> None:
        if self.users < 1 or self.facts < 1 or self.changed < 0:
            raise ValueError("users and facts must be 1 or more, changed 0 or more")


@dataclass(frozen=True)
class Ask:
    """One message to a user's memory."""

    kind: str
    text: str
    item: str
    """As in `Met`."""
    turn: str = ""
    """Id of the turn that told what it asks for."""


@dataclass(frozen=True)
class Person:
    """A composed user: what they said, and what is asked."""

    user: str
    turns: tuple[Turn, ...]
    asked: tuple[Ask, ...]


class Remembering(Encoder):
    """An encoder that encodes no text twice: each user is asked the same general messages."""

    def __init__(self, encoder: Encoder) -> None:
        self.id, self.width = encoder.id, encoder.width
        self._encoder = encoder
        self._known: dict[str, Tensor] = {}

    def encode(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        """As the encoder itself."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        rows = self._encoder.encode(fresh) if fresh or not texts else ()
        self._known |= {text: row.clone() for text, row in zip(fresh, rows, strict=True)}
        return torch.stack([self._known[text] for text in texts]) if texts else self._encoder.encode([])


def read_general(path: Path) -> list[str]:
    """The messages of a file of JSON lines with "text", plain or gzipped. ImprintError names what is wrong."""
    try:
        packed = path.read_bytes()
        lines = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode().splitlines()
    except FileNotFoundError as error:
        raise ImprintError(f"there is no file {path}", FIX) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ImprintError(f"{path} can not be read as text", FIX) from error
    bank, found = set(general_lines()), []
    for number, line in enumerate(lines, 1):
        try:
            text = json.loads(line)["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise ImprintError(f'{path}, line {number} is no JSON object with "text"', FIX) from error
        if not isinstance(text, str) or not text.strip():
            raise ImprintError(f'{path}, line {number} has a "text" that is empty or no text', FIX)
        if text in bank:
            raise ImprintError(f"{path}, line {number} is a line of the question bank, a null key", "Leave it out")
        found.append(text)
    if any(not _of_part(found, part) for part in ("dev", "test")):
        raise ImprintError(f"{path} has too few messages: none for dev or none for test", "Give more of them")
    return found


def people(talk: Talk, general: Sequence[str], options: GateOptions, seed: int) -> list[Person]:
    """Users of a part: asked for what they told and did not tell, and what asks for neither."""
    said = {one.text: one for one in talk.part(options.part)}
    quiet = [one for one in said.values() if one.told is None]
    shared = [Ask(GENERAL, text, str(number)) for number, text in _of_part(general, options.part)]
    rows = compose(talk, options.part, options.users, options.facts, options.changed, seed, questions=3)
    made = []
    for row in rows:
        ids = [hashlib.sha256(f"{row['user']} {place}".encode()).hexdigest()[:16] for place in range(len(row["turns"]))]
        turns = [Turn(id, row["user"], one["role"], one["text"]) for id, one in zip(ids, row["turns"], strict=True)]
        asked = []
        for one in row["questions"]:
            told = one["kind"] != NEVER_TOLD
            asked.append(
                Ask(TOLD if told else NEVER, one["question"], one["question"], ids[one["turn"]] if told else "")
            )
        for place in sorted({one["turn"] for one in row["questions"] if one["kind"] != NEVER_TOLD}):
            label = said[turns[place].text].told
            assert label is not None
            asked.append(Ask(IMPLICIT, label.situation, label.situation, ids[place]))
        own = {turn.text for turn in turns}
        others = [one for one in quiet if one.text not in own]
        asked += [*shared, *(Ask(f"{QUIET} {one.form.replace('_', ' ')}", one.text, one.id) for one in others)]
        made.append(Person(row["user"], tuple(turns), tuple(asked)))
    return made


def meet(method: LPM, person: Person, memory: Memory) -> list[Met]:
    """What the gate makes of each message to this user's memory."""
    facts = facts_of(memory)
    met = []
    for one in person.asked:
        found = method.address(memory, one.text)
        best = int(found.weights.argmax())
        right = bool(one.turn) and best < len(facts) and facts[best].turn == one.turn
        score = (1 + found.told - found.null) / 2
        met.append(Met(person.user, one.kind, one.item, score, found.speaks, right))
    return met


def measure(methods: dict[str, LPM], persons: Sequence[Person], progress: Progress) -> dict[str, list[Met]]:
    """Each method on the same people. The first one writes the memories; the others differ in what they read alone."""
    progress.start("gate", len(persons))
    met: dict[str, list[Met]] = {name: [] for name in methods}
    writer = next(iter(methods.values()))
    for number, person in enumerate(persons, 1):
        memory = writer.write(writer.empty(), person.turns)
        for name, method in methods.items():
            met[name] += meet(method, person, memory)
        progress.advance(number)
    return met


def variants(method: LPM) -> dict[str, LPM]:
    """The gate as it is, and as it was before wording counted."""
    gate = replace(method.config.gate, wording=False, probable=PROBABLE_BEFORE)
    plain = LPM(replace(method.config, gate=gate), method.backbone, method.encoder, method.reader)
    return {"lpm": method, "lpm_no_wording": plain}


def arms_of(name: str, dev: Sequence[Met], met: Sequence[Met], settings: dict[str, Any]) -> dict[str, Any]:
    """A variant at its own setting and at the threshold chosen on dev, as rows of a result file."""
    least = threshold([one.score for one in dev if one.kind == GENERAL])
    rows: dict[str, Opens] = {name: lambda one: one.opens, f"{name}_chosen": lambda one: one.score >= least}
    made = {}
    for row, opens in rows.items():
        chosen = {**settings, "threshold": least} if opens is not rows[name] else settings
        shown = {"scores": scored(met, opens), "kinds": by_kind(met, opens)}
        made[row] = {"method": "lpm", "settings": chosen, **shown, "cost": {}, "dev": scored(dev, opens)}
    return made


def roc_of(met: Sequence[Met]) -> dict[str, list[list[float]]]:
    """The curves that are drawn."""
    return {against: thinned(points) for against, points in curves(met).items()}


def outcomes(met: dict[str, list[Met]]) -> list[dict[str, Any]]:
    """Every message's outcome: a row a question; a row a general or quiet message, with a score for each user."""
    first = next(iter(met.values()))
    rows: list[dict[str, Any]] = []
    shared: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(first):
        if one.kind.startswith((GENERAL, QUIET)):
            shared.setdefault((one.kind, one.item), []).append(number)
            continue
        scores = {name: round(each[number].score, 4) for name, each in met.items()}
        right = {"right": one.right} if one.kind in (TOLD, IMPLICIT) else {}
        rows.append({"user": one.user, "kind": one.kind, "item": one.item, "scores": scores, **right})
    for (kind, item), numbers in shared.items():
        scores = {name: " ".join(f"{each[n].score:.3f}" for n in numbers) for name, each in met.items()}
        rows.append({"kind": kind, "item": item, "scores": scores})
    return rows


def _of_part(general: Sequence[str], part: str) -> list[tuple[int, str]]:
    """Line number and text of a part's messages: even hashes are dev's."""
    even = [hashlib.sha256(text.encode()).digest()[0] % 2 == 0 for text in general]
    lines = enumerate(zip(general, even, strict=True), 1)
    return [(number, text) for number, (text, dev) in lines if dev == (part == "dev")]
