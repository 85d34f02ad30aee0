"""The reader's network: the frozen encoder with a low-rank adapter, and small heads on its token states."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from peft import LoraConfig, inject_adapter_in_model
from torch import Tensor, nn
from transformers import PreTrainedModel

from imprint.encode.minilm import Pair

TARGETS = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")
"""Every product of the encoder's layers gets an adapter."""


@dataclass(frozen=True)
class NetConfig:
    """Sizes of the reader."""

    rank: int = 32
    dropout: float = 0.1
    width: int = 384
    """Of the encoder."""


@dataclass(frozen=True)
class Inputs:
    """A batch of turns, each after the line it answers: [start] line [end] turn [end]."""

    ids: Int[Tensor, "b t"]
    sides: Int[Tensor, "b t"]
    """0 in the line before, 1 in the turn."""
    mask: Bool[Tensor, "b t"]
    own: Bool[Tensor, "b t"]
    """Tokens of the turn itself, special tokens left out: where a value may stand."""


@dataclass(frozen=True)
class Outputs:
    """What the heads say."""

    tells: Float[Tensor, " b"]
    """Logit: something lasting about the speaker is told."""
    polarity: Float[Tensor, " b"]
    changes: Float[Tensor, " b"]
    kind: Float[Tensor, "b k"]
    value_start: Float[Tensor, "b t"]
    value_end: Float[Tensor, "b t"]
    about_start: Float[Tensor, "b t"]
    """Where what fills {about} stands; token 0 (the start token): it does not stand in the turn."""
    about_end: Float[Tensor, "b t"]
    filler: Float[Tensor, "b e"]
    """A vector near that of what fills {about}."""
    asked: Float[Tensor, "b e"]
    """A unit vector near those of the questions that the turn answers."""


class TalkNet(nn.Module):
    """Adapted states of the encoder -> heads.

    The kind is chosen by likeness: the turn, seen whole and at its value, is mapped to where its questions lie, and
    each kind's mean wording vector is a candidate, so that a kind without training turns can be found, too.
    """

    def __init__(self, encoder: PreTrainedModel, config: NetConfig, kinds: int) -> None:
        """encoder: a copy of its own, which gets the adapter."""
        super().__init__()
        c = config
        # No dropout of its own: the encoder's does as well, and drawing the masks was a quarter of a step.
        lora = LoraConfig(r=c.rank, lora_alpha=2 * c.rank, target_modules=list(TARGETS))
        self.encoder = inject_adapter_in_model(lora, encoder)
        self.drop = nn.Dropout(c.dropout)
        self.verdict = nn.Linear(2 * c.width, 3)
        self.spans = nn.Linear(c.width, 4)
        self.to_asked = nn.Linear(3 * c.width, c.width)
        self.to_filler = nn.Linear(3 * c.width, c.width)
        self.scale = nn.Parameter(torch.tensor(3.0))
        self.bias = nn.Parameter(torch.zeros(kinds))
        self.shift = nn.Parameter(torch.zeros(kinds, c.width))

    def learned(self) -> dict[str, nn.Parameter]:
        """Adapter and heads by name: what is trained and shipped. The encoder's own weights are frozen."""
        return {name: one for name, one in self.named_parameters() if one.requires_grad}

    def forward(self, inputs: Inputs, kinds: Float[Tensor, "k e"]) -> Outputs:
        """kinds: the mean wording vector of each kind, norm 1."""
        out = self.encoder(input_ids=inputs.ids, token_type_ids=inputs.sides, attention_mask=inputs.mask.long())
        rows = self.drop(out.last_hidden_state.float())
        mean = (rows * inputs.own[..., None]).sum(1) / inputs.own.sum(1, keepdim=True).clamp(min=1)
        value_start, value_end, about_start, about_end = self.spans(rows).unbind(-1)
        value_start = value_start.masked_fill(~inputs.own, -1e4)
        value_end = value_end.masked_fill(~inputs.own, -1e4)
        first = inputs.own | (torch.arange(rows.shape[1]) == 0)
        # The value as the spans see it: between where it likely begins and where it likely ends.
        begun = value_start.softmax(-1).cumsum(-1)
        ended = value_end.softmax(-1).flip(-1).cumsum(-1).flip(-1)
        inside = begun * ended * inputs.own
        value = (rows * inside[..., None]).sum(1) / inside.sum(1, keepdim=True).clamp(min=1e-3)
        seen = torch.cat([rows[:, 0], mean], -1)
        tells, polarity, changes = self.verdict(seen).unbind(-1)
        everything = torch.cat([seen, value], -1)
        asked = F.normalize(self.to_asked(everything), dim=-1)
        candidates = F.normalize(kinds + self.shift, dim=-1)
        return Outputs(
            tells,
            polarity,
            changes,
            self.scale.exp() * asked @ candidates.T + self.bias,
            value_start,
            value_end,
            about_start.masked_fill(~first, -1e4),
            about_end.masked_fill(~first, -1e4),
            self.to_filler(everything),
            asked,
        )


def stack(pairs: Sequence[Pair]) -> Inputs:
    """A batch, padded to its longest pair and on to a multiple of 8: kernels are built anew for every length."""
    longest = -(-max(len(pair.ids) for pair in pairs) // 8) * 8

    def padded(rows: Sequence[Sequence[int]]) -> Int[Tensor, "b t"]:
        return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])

    mask = padded([[1] * len(pair.ids) for pair in pairs]).bool()
    own = padded([[int(place is not None) for place in pair.places] for pair in pairs]).bool()
    return Inputs(padded([pair.ids for pair in pairs]), padded([pair.sides for pair in pairs]), mask, own)


def best_span(
    start: Float[Tensor, " t"], end: Float[Tensor, " t"], longest: int = 24, parts: Sequence[int] = ()
) -> tuple[int, int, float]:
    """First and last token of the likeliest span, and its probability.

    longest: most tokens of a span. parts: the sentence each token stands in, as far as given; no span runs over two.
    """
    scores = start.log_softmax(-1)[:, None] + end.log_softmax(-1)[None, :]
    size = len(start)
    near: Int[Tensor, "t t"] = torch.arange(size)[None, :] - torch.arange(size)[:, None]
    scores = scores.masked_fill((near < 0) | (near >= longest), -torch.inf)
    if parts:
        of = torch.tensor([*parts, *[0] * (size - len(parts))])
        scores = scores.masked_fill(of[:, None] != of[None, :], -torch.inf)
    best = int(scores.argmax())
    return best // size, best % size, scores.flatten()[best].exp().item()
