"""The learned reader: frozen MiniLM, a small adapter and heads say what a turn tells. No generation, milliseconds."""

import hashlib
import json
import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Float
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from imprint.encode.minilm import MiniLM, Pair
from imprint.study.bank import load_kinds
from imprint.study.extractor.abouts import normal_about
from imprint.study.extractor.asking import Asking, foreseen_row
from imprint.study.extractor.net import NetConfig, Outputs, TalkNet, best_span, stack
from imprint.types import ImprintError

SHIPPED = Path(__file__).parents[2] / "weights" / "extractor-minilm.safetensors"
"""Weights of the reader; made by `imprint train extractor`."""
_TITLES = r"(?<!\bmr)(?<!\bms)(?<!\bdr)(?<!\bst)(?<!\bmrs)(?<!\bprof)"
_SENTENCE_END = re.compile(_TITLES + r"(?<![.!?…])[.!?…]++[\"')]*+\s|\n", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """What belongs to the weights besides tensors."""

    net: NetConfig
    kinds: tuple[str, ...]
    fillers: Mapping[str, tuple[str, ...]]
    """What fills {about} of a kind, as far as the corpus and the bank know."""
    tells: tuple[float, float]
    """Slope and offset of the calibrated probability that a turn tells something."""
    sure: tuple[float, float, float]
    """Weights of the log probabilities of kind and value, and offset: the probability that both are right."""
    odds: tuple[float, float, float, float]
    """See `Asking`."""
    encoder: str
    """Id of the encoder it was trained on."""
    turns: int
    """Turns it was trained on."""

    def check(self) -> None:
        """ValueError: what a file says can not be."""
        sizes = [len(self.tells), len(self.sure), len(self.odds)]
        numbers = (*self.tells, *self.sure, *self.odds)
        if sizes != [2, 3, 4] or not all(isinstance(n, float) and math.isfinite(n) for n in numbers):
            raise ValueError("calibrations of another size, or none")
        if len(set(self.kinds)) != len(self.kinds) or not isinstance(self.turns, int) or self.net.rank < 1:
            raise ValueError("kinds, turns or a rank that can not be")


@dataclass(frozen=True)
class Read:
    """Everything the heads say about one turn."""

    tells: float
    kind: str
    about: str
    value: str
    polarity: int
    changes: float
    sure: float
    foreseen: Float[Tensor, " f"]
    """See `foreseen_row`."""


class Extractor:
    """The network, its vocabulary and its calibration."""

    def __init__(
        self, encoder: MiniLM, net: TalkNet, kept: Kept, prototypes: Float[Tensor, "k e"], asking: Asking
    ) -> None:
        self.encoder, self.net, self.kept, self.prototypes = encoder, net.eval(), kept, prototypes
        self.asking = asking
        self._slots = {name: bool(kind.about) for name, kind in load_kinds().items()}
        self._vectors: dict[str, Float[Tensor, "f e"]] = {}
        text = json.dumps(asdict(kept), sort_keys=True)
        weights = hashlib.sha256(text.encode())
        for name, tensor in sorted(self._tensors().items()):
            weights.update(name.encode() + tensor.numpy().tobytes())
        self.id = f"extractor/{weights.hexdigest()[:16]}"

    def read(self, text: str, before: str) -> Read:
        """What the turn `text` tells, said after the assistant's line `before` ("" for none)."""
        return self.read_all([(text, before)])[0]

    @torch.no_grad()
    def read_all(self, said: Sequence[tuple[str, str]]) -> list[Read]:
        """What each of these tells, in one go: text, and the assistant's line before it."""
        pairs = [self.encoder.pair(before, text) for text, before in said]
        out = self.net(stack(pairs), self.prototypes)
        return [self._read(text, pair, out, row) for row, ((text, _), pair) in enumerate(zip(said, pairs, strict=True))]

    def _read(self, text: str, pair: Pair, out: Outputs, row: int) -> Read:
        """Row `row` of what the heads said."""
        number, first, last, evidence = evidence_of(text, pair, out, row)
        kind, about = self.kept.kinds[number], ""
        if self._slots.get(kind):
            a, b, _ = best_span(out.about_start[row], out.about_end[row], longest=6)
            spoken = text_of(text, pair, a, b) if a else ""
            about = normal_about(spoken) or self._nearest(kind, out.filler[row])
        slope, offset = self.kept.tells
        sure = sum(weight * one for weight, one in zip(self.kept.sure, evidence, strict=True))
        return Read(
            _sigmoid(slope * out.tells[row].item() + offset),
            kind,
            about,
            text_of(text, pair, first, last),
            1 if out.polarity[row] > 0 else -1,
            _sigmoid(out.changes[row].item()),
            _sigmoid(sure),
            foreseen_row(out.asked[row], out.kind[row]),
        )

    def _nearest(self, kind: str, vector: Float[Tensor, " e"]) -> str:
        known = self.kept.fillers.get(kind, ())
        if not known:
            return ""
        if kind not in self._vectors:
            self._vectors[kind] = self.encoder.encode(known)
        return known[int((self._vectors[kind] @ vector).argmax())]

    def pack(self) -> bytes:
        """The weights file."""
        return save(self._tensors(), metadata={"kept": json.dumps(asdict(self.kept))})

    def _tensors(self) -> dict[str, Tensor]:
        asking = {"asking.weight": self.asking.weight, "asking.bias": self.asking.bias}
        named = {**self.net.learned(), **asking, "prototypes": self.prototypes}
        return {name: tensor.detach().half().contiguous() for name, tensor in named.items()}


def text_of(text: str, pair: Pair, first: int, last: int) -> str:
    """The words of the turn from token `first` to token `last`; "" where one of them is none of its own."""
    start, end = pair.places[first], pair.places[last]
    return text[start[0] : end[1]] if start and end else ""


def evidence_of(text: str, pair: Pair, out: Outputs, row: int) -> tuple[int, int, int, tuple[float, float, float]]:
    """Number of the likeliest kind, first and last token of the value, and what speaks for both: log probabilities."""
    log_kind = out.kind[row].log_softmax(-1)
    number = int(log_kind.argmax())
    parts = sentence_numbers(text, pair)
    first, last, p_value = best_span(out.value_start[row], out.value_end[row], parts=parts)
    return number, first, last, (log_kind[number].item(), math.log(max(p_value, 1e-6)), 1.0)


def sentence_numbers(text: str, pair: Pair) -> list[int]:
    """For each token of the pair, the number of the turn's sentence that it stands in; 0 outside the turn."""
    seen = max((place[1] for place in pair.places if place), default=0)
    ends = [end.end() for end in _SENTENCE_END.finditer(text, 0, seen)]
    return [bisect_right(ends, place[0]) if place else 0 for place in pair.places]


def _sigmoid(x: float) -> float:
    return torch.tensor(x).sigmoid().item()


@lru_cache(maxsize=2)
def open_extractor(encoder: MiniLM, path: Path = SHIPPED) -> Extractor:
    """The shipped reader. ImprintError: the file is missing, or was made for another encoder."""
    if not path.is_file():
        raise ImprintError(f"the reader's weights {path} are missing", "imprint train extractor")
    try:
        kept, tensors = _read(path)
        kept.check()
        net = TalkNet(encoder.copy(), kept.net, len(kept.kinds))
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImprintError(f"{path} holds no weights of a reader", "imprint train extractor") from error
    if kept.encoder != encoder.id or set(kept.kinds) - set(load_kinds()):
        raise ImprintError(f"{path} was trained on another encoder or bank", "imprint train extractor")
    width, kinds = kept.net.width, len(kept.kinds)
    shapes = {name: tuple(one.shape) for name, one in net.learned().items()}
    shapes |= {"prototypes": (kinds, width), "asking.weight": (kinds + 1, width), "asking.bias": (kinds + 1,)}
    if shapes != {name: tuple(one.shape) for name, one in tensors.items() if one.isfinite().all()}:
        raise ImprintError(f"{path} has tensors that are missing, strange or not finite", "imprint train extractor")
    with torch.no_grad():
        for name, one in net.learned().items():
            one.copy_(tensors[name])
    asking = Asking(tensors["asking.weight"], tensors["asking.bias"], kept.odds)
    return Extractor(encoder, net, kept, tensors["prototypes"], asking)


def _read(path: Path) -> tuple[Kept, dict[str, Tensor]]:
    with safe_open(path, "pt") as file:
        row = json.loads((file.metadata() or {})["kept"])
    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    row["net"] = NetConfig(**row["net"])
    row["fillers"] = {kind: tuple(known) for kind, known in row["fillers"].items()}
    for name in ("kinds", "tells", "sure", "odds"):
        row[name] = tuple(row[name])
    return Kept(**row), tensors
