"""Three ways from a user's slots to a soft prompt: shared network, network fitted with the slots, published form."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from imprint.backbone.base import Backbone
from imprint.fit.rows import Prefilled, input_states, make_row, prefill
from imprint.methods.parts.network import BLANK, FRAME, SlotNetwork
from imprint.methods.parts.projector import ProjectorConfig, PublishedReader, rms_clamp
from imprint.tensors import Memory, Placement
from imprint.types import Question

ANSWERS = ("Yes", "No")
"""Words of the two slots that every user has after their own."""


class Slots(ABC):
    """How slots are written and read. `n` counts the user's own; attention is over these, then Yes, then No."""

    writes: bool
    """Whether a slot can be read as soon as it is written, before any fit."""
    answers: bool
    """Whether the slots of Yes and No are fitted too."""
    empty: Mapping[str, int]
    """Tensors with one row a slot, and what fills the row of a slot that holds nothing; none where slots do not belong
    to facts."""

    @abstractmethod
    def written(self, values: Sequence[str]) -> dict[str, Tensor]:
        """New slots for these answers, one row of each tensor a slot; nothing where slots do not belong to facts."""

    def holds(self, value: str) -> bool:
        """Whether the whole answer fits a slot: one that was cut cannot be made exact by a fit."""
        return True

    @abstractmethod
    def shared(self) -> dict[str, Tensor]:
        """Tensors all slots of a user share, before any fit; those that a memory has already are kept."""

    @abstractmethod
    def reader(self, memory: Memory) -> nn.Module:
        """What a fit learns: every parameter of the module is the user's own."""

    @abstractmethod
    def soft(
        self, reader: nn.Module, weights: Float[Tensor, "b n"], rows: Sequence[Prefilled]
    ) -> Float[Tensor, "b k d"]:
        """The soft prompt by attention over the slots."""

    @abstractmethod
    def asked(self, question: str) -> list[Prefilled]:
        """What `soft` needs of the question itself; often nothing."""

    @abstractmethod
    def contents(self, memory: Memory) -> Float[Tensor, "n d"]:
        """Each of the user's own slots as one vector: the mean of the rows it is decoded to."""


class SharedSlots(Slots):
    """Codes and residuals, read through the network that was trained over many users: only they are the user's."""

    writes = True
    answers = False
    empty = {"codes": BLANK, "residual": 0}

    def __init__(self, network: SlotNetwork, backbone: Backbone) -> None:
        self._network = network.requires_grad_(False).eval()
        self._backbone = backbone
        self._prefilled = Prefill(backbone, network.config.placement)

    def written(self, values: Sequence[str]) -> dict[str, Tensor]:
        config = self._network.config
        codes = [self._network.codes(value) for value in values]
        return {
            "codes": torch.stack(codes) if codes else torch.zeros(0, config.rows, dtype=torch.int32),
            "residual": torch.zeros(len(values), config.rows, config.width, dtype=torch.float16),
        }

    def holds(self, value: str) -> bool:
        return len(self._backbone.tokenize(f" {value}")) <= self._network.config.rows

    def shared(self) -> dict[str, Tensor]:
        return {}

    def reader(self, memory: Memory) -> nn.Module:
        return SharedReader(memory.tensors, self.written(ANSWERS))

    def soft(
        self, reader: nn.Module, weights: Float[Tensor, "b n"], rows: Sequence[Prefilled]
    ) -> Float[Tensor, "b k d"]:
        slots = reader(weights)
        if self._network.condition is None:
            return self._network(*slots)
        return self._network(*slots, *input_states(self._backbone, rows, self._network.config.placement))

    def asked(self, question: str) -> list[Prefilled]:
        return [] if self._network.condition is None else self._prefilled(question)

    def contents(self, memory: Memory) -> Float[Tensor, "n d"]:
        codes = memory.tensors["codes"]
        used = (codes != BLANK)[..., None]
        rows = self._network.decoded(codes, memory.tensors["residual"].float()) * used
        return rows.sum(1) / used.sum(1).clamp(min=1)


class SharedReader(nn.Module):
    """The slot that a question means, by arg-max: a mixture of two answers would be neither."""

    def __init__(self, own: Mapping[str, Tensor], answers: Mapping[str, Tensor]) -> None:
        super().__init__()
        self._codes = torch.cat([own["codes"], answers["codes"]])
        self._used = (own["codes"] != BLANK)[..., None]
        self._answers = answers["residual"].float()
        self.residual = nn.Parameter(own["residual"].float().clone())

    def forward(self, weights: Float[Tensor, "b n"]) -> tuple[Int[Tensor, "b r"], Float[Tensor, "b r m"]]:
        """Codes and residual of the slot; rows that hold nothing stay zero whatever a fit does."""
        slot = weights.argmax(-1)
        return self._codes[slot], torch.cat([self.residual * self._used, self._answers])[slot]


class JointSlots(Slots):
    """Embedding rows, and a frame around them, fitted together for one user: no shared network is known."""

    writes = False
    answers = True
    empty = {"values": 0}

    def __init__(self, backbone: Backbone, value_rows: int, frame_rows: int) -> None:
        self._backbone = backbone
        self._rows = value_rows
        self._frame = frame_rows

    def written(self, values: Sequence[str]) -> dict[str, Tensor]:
        """Embedding rows of the first tokens of an answer, filled up with those of a full stop (METHODS 5.1)."""
        found = [self._embedded(f" {value}", self._rows) for value in values]
        return {"values": torch.stack(found) if found else torch.zeros(0, self._rows, self._backbone.width)}

    def shared(self) -> dict[str, Tensor]:
        return {
            "answers": self.written(ANSWERS)["values"],
            "shift": torch.zeros(self._rows, self._backbone.width),
            "before": self._embedded(FRAME[0], self._frame),
            "after": self._embedded(FRAME[1], self._frame),
        }

    def reader(self, memory: Memory) -> nn.Module:
        return AssociativeReader(memory.tensors, self._backbone.rho)

    def soft(
        self, reader: nn.Module, weights: Float[Tensor, "b n"], rows: Sequence[Prefilled]
    ) -> Float[Tensor, "b k d"]:
        return reader(weights)

    def asked(self, question: str) -> list[Prefilled]:
        return []

    def contents(self, memory: Memory) -> Float[Tensor, "n d"]:
        return memory.tensors["values"].float().mean(1)

    def _embedded(self, text: str, rows: int) -> Float[Tensor, "r d"]:
        ids = self._backbone.tokenize(text)[:rows]
        ids += self._backbone.tokenize(".")[:1] * (rows - len(ids))
        return self._backbone.embed(torch.tensor(ids, dtype=torch.int64)).detach().clone()


class AssociativeReader(nn.Module):
    """Slots [n, r, d] -> soft prompt: the attended value rows between two shared frames, at the embedding scale.

    P = clamp([before ; sum_i a_i value_i + shift ; after]) (METHODS 5.1 with every U_j the identity).
    """

    def __init__(self, tensors: Mapping[str, Tensor], rho: float) -> None:
        super().__init__()
        self.values = nn.Parameter(tensors["values"].clone())
        self.answers = nn.Parameter(tensors["answers"].clone())
        self.shift = nn.Parameter(tensors["shift"].clone())
        self.before = nn.Parameter(tensors["before"].clone())
        self.after = nn.Parameter(tensors["after"].clone())
        self.rho = rho

    def forward(self, weights: Float[Tensor, "b n"]) -> Float[Tensor, "b k d"]:
        """weights: attention over the slots, one row a question; the last two slots are Yes and No."""
        value = torch.einsum("bn,nrd->brd", weights, torch.cat([self.values, self.answers])) + self.shift
        b = len(weights)
        rows = torch.cat([self.before.expand(b, -1, -1), value, self.after.expand(b, -1, -1)], 1)
        return rms_clamp(rows, self.rho)


class PublishedSlots(Slots):
    """Slots from noise, read through the projector of METHODS 2.3; both are fitted for the one user."""

    writes = False
    answers = True
    empty = {}

    def __init__(self, backbone: Backbone, config: ProjectorConfig, placement: Placement, seed: int) -> None:
        self._backbone = backbone
        self._config = config
        self._placement: Placement = placement
        self._seed = seed
        self._prefilled = Prefill(backbone, placement)

    def written(self, values: Sequence[str]) -> dict[str, Tensor]:
        return {}

    def shared(self) -> dict[str, Tensor]:
        return {}

    def reader(self, memory: Memory) -> nn.Module:
        reader = PublishedReader(self._config, self._backbone.width, self._backbone.rho, self._seed)
        if memory.meta.get("fitted"):
            names = dict(reader.named_parameters())
            reader.load_state_dict({name: memory.tensors[name] for name in names})
        return reader

    def soft(
        self, reader: nn.Module, weights: Float[Tensor, "b n"], rows: Sequence[Prefilled]
    ) -> Float[Tensor, "b k d"]:
        return cast(Tensor, reader(*input_states(self._backbone, rows, self._placement)))

    def asked(self, question: str) -> list[Prefilled]:
        return self._prefilled(question)

    def contents(self, memory: Memory) -> Float[Tensor, "n d"]:
        return torch.zeros(0, self._backbone.width)


class Prefill:
    """The frozen part of a question's prompt; run once while the same question is read from memory after memory."""

    def __init__(self, backbone: Backbone, placement: Placement) -> None:
        self._backbone = backbone
        self._placement: Placement = placement
        self._last: tuple[str, list[Prefilled]] | None = None

    def __call__(self, question: str) -> list[Prefilled]:
        """One row, without an answer."""
        if self._last is None or self._last[0] != question:
            row = make_row(self._backbone, Question(question, "", "recall", "", 0), self._placement)
            self._last = question, prefill(self._backbone, [row], lambda done: None)
        return self._last[1]
