"""`imprint train extractor`: the heads that read natural talk, fitted on the corpus by the loop every fit shares."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from imprint.data.talk import Talk
from imprint.encode.minilm import MiniLM, Pair
from imprint.fit.loop import FitConfig, Group, checkpoint_key, fit
from imprint.fit.runs import Run
from imprint.study.bank import load_kinds
from imprint.study.extractor.abouts import same_value
from imprint.study.extractor.asking import foreseen_row
from imprint.study.extractor.extractor import Extractor, Kept, evidence_of, text_of
from imprint.study.extractor.net import NetConfig, Outputs, TalkNet, stack
from imprint.train.asking import fit_asking
from imprint.train.logistic import logistic
from imprint.train.samples import Sample, fillers, prototypes, questions, samples

PIECE = 16


@dataclass(frozen=True)
class ExtractorConfig:
    """Table [train.extractor]."""

    net: NetConfig = NetConfig()
    rate: float = 2e-3
    """Of the heads."""
    adapter_rate: float = 1e-3
    asked_scale: float = 20.0
    """Factor on the likeness of turn and questions before the softmax over the questions of a batch."""
    filler_scale: float = 10.0
    questions: int = 16
    """Questions and situations whose kind is learned beside each batch of turns; they name kinds more plainly."""
    share: float = 1.0
    """Share of the training turns used: the learning curve."""
    fit: FitConfig = FitConfig(epochs=4, batch=32, patience=0, decay=0.02)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share is {self.share}, expected more than 0 and at most 1")
        if self.questions < 0:
            raise ValueError(f"questions is {self.questions}, expected 0 or more")


def train_extractor(encoder: MiniLM, talk: Talk, config: ExtractorConfig, run: Run) -> Extractor:
    """Fit the heads on the part train, calibrate them on dev. Test turns are not looked at."""
    kinds = tuple(load_kinds())
    parts = [talk.part("train"), talk.part("dev")]
    parts[0] = _share(parts[0], config.share)
    run.progress.start("encode the corpus", sum(map(len, parts)))
    train = samples(encoder, parts[0], kinds, run.progress.advance)
    dev = samples(encoder, parts[1], kinds, lambda count: run.progress.advance(len(train) + count))
    base = prototypes(encoder, kinds, parts[0]).half().float()
    known = fillers(kinds, parts[0])
    words = sorted({sample.filler for sample in train if sample.filler})
    places = {word: i for i, word in enumerate(words)}
    vectors = encoder.encode(words)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.fit.seed)
        net = TalkNet(encoder.copy(), config.net, len(kinds)).train()

    asked = questions(encoder, kinds, parts[0])

    def step(chosen: list[int]) -> tuple[Tensor, Tensor]:
        batch = [train[i] for i in chosen]
        draw = random.Random(f"{config.fit.seed} {chosen}")
        beside = draw.sample(asked, min(config.questions, len(asked)))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(draw.getrandbits(31))
            out = run_net(net, [one.pair for one in batch], base)
            kind = run_net(net, [pair for _, pair in beside], base).kind if beside else None
        loss = _loss(out, batch, config)
        if kind is not None:
            loss = loss + 0.5 * F.cross_entropy(kind, torch.tensor([number for number, _ in beside]))
        named = [i for i, sample in enumerate(batch) if sample.filler]
        if named:
            targets = torch.tensor([places[batch[i].filler] for i in named])
            loss = loss + 0.3 * F.cross_entropy(config.filler_scale * out.filler[named] @ vectors.T, targets)
        return loss, torch.zeros(len(chosen), dtype=torch.bool)

    shapes = [(name, tuple(one.shape)) for name, one in net.learned().items()]
    key = checkpoint_key(config, parts[0], kinds, known, base.sum().item(), shapes)
    heads = {name: one for name, one in net.learned().items() if not name.startswith("encoder.")}
    adapter = {name: one for name, one in net.learned().items() if name.startswith("encoder.")}
    groups = [Group(adapter, config.adapter_rate), Group(heads, config.rate)]
    fit(groups, len(train), step, config.fit, run, key)
    with torch.no_grad():
        for one in net.learned().values():
            one.copy_(one.half().float())
    net.eval()
    tells, sure = calibrate(net, base, dev)
    asking = fit_asking(encoder, kinds, train, _foreseen(net, base, dev))
    kept = Kept(config.net, kinds, known, tells, sure, asking.odds, encoder.id, len(train))
    return Extractor(encoder, net, kept, base, asking)


@torch.no_grad()
def _foreseen(net: TalkNet, base: Float[Tensor, "k e"], said: Sequence[Sample]) -> list[tuple[Sample, Tensor]]:
    outs = [run_net(net, [one.pair], base) for one in said]
    return [(one, foreseen_row(out.asked[0], out.kind[0])) for one, out in zip(said, outs, strict=True)]


def _share(said: Sequence, share: float) -> list:
    order = torch.randperm(len(said), generator=torch.Generator().manual_seed(0)).tolist()
    return [said[i] for i in sorted(order[: math.ceil(share * len(said))])]


def run_net(net: TalkNet, pairs: Sequence[Pair], base: Float[Tensor, "k e"]) -> Outputs:
    """The network on a batch, run in pieces of like length: padding would be most of the work otherwise."""
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].ids))
    pieces = [order[i : i + PIECE] for i in range(0, len(order), PIECE)]
    outs = [net(stack([pairs[i] for i in piece]), base) for piece in pieces]
    longest = max(out.value_start.shape[1] for out in outs)
    back = torch.tensor(order).argsort()

    def joined(name: str) -> Tensor:
        parts = [getattr(out, name) for out in outs]
        if name in ("value_start", "value_end", "about_start", "about_end"):
            parts = [F.pad(part, (0, longest - part.shape[1]), value=-1e4) for part in parts]
        return torch.cat(parts)[back]

    return Outputs(**{field.name: joined(field.name) for field in fields(Outputs)})


def _loss(out: Outputs, batch: Sequence[Sample], config: ExtractorConfig) -> Float[Tensor, ""]:
    """Sum of the heads' losses; all but the first are taken over the telling turns."""
    tells = torch.tensor([float(one.said.told is not None) for one in batch])
    loss = F.binary_cross_entropy_with_logits(out.tells, 0.95 * tells + 0.025)
    rows = [i for i, one in enumerate(batch) if one.said.told is not None]
    if not rows:
        return loss
    told = [one for one in batch if one.said.told is not None]
    labels = [one.said.told for one in told if one.said.told is not None]
    positive = torch.tensor([float(label.polarity > 0) for label in labels])
    changes = torch.tensor([float(label.changes) for label in labels])
    loss = loss + 0.3 * F.binary_cross_entropy_with_logits(out.polarity[rows], positive)
    loss = loss + 0.5 * F.binary_cross_entropy_with_logits(out.changes[rows], changes)
    right: Bool[Tensor, "r k"] = torch.zeros(len(rows), out.kind.shape[1], dtype=torch.bool)
    for row, one in enumerate(told):
        right[row, list(one.kinds)] = True
    log_kind = out.kind[rows].log_softmax(-1)
    if right.any():
        loss = loss - log_kind.masked_fill(~right, -1e4).logsumexp(-1)[right.any(-1)].mean()
    for start, end, spans in (
        (out.value_start, out.value_end, [one.value for one in told]),
        (out.about_start, out.about_end, [one.about for one in told]),
    ):
        first, last = torch.tensor(spans).T
        loss = loss + 0.5 * (F.cross_entropy(start[rows], first) + F.cross_entropy(end[rows], last))
    asked = torch.cat([one.asked for one in told if one.asked is not None])
    own = torch.arange(len(rows)).repeat_interleave(3)
    likeness = config.asked_scale * out.asked[rows] @ asked.T
    mine = own[None, :] == torch.arange(len(rows))[:, None]
    log_likeness = likeness.log_softmax(-1)
    return loss - 0.5 * log_likeness[mine].mean()


@torch.no_grad()
def calibrate(
    net: TalkNet, base: Float[Tensor, "k e"], dev: Sequence[Sample]
) -> tuple[tuple[float, float], tuple[float, float, float]]:
    """Logistic fits on turns the network has not learned: probability of telling, and of being right.

    Without a telling turn among them, the network's own probabilities stay.
    """
    if not any(one.said.told for one in dev):
        return (1.0, 0.0), (1.0, 1.0, 0.0)
    tells, told, both, right = [], [], [], []
    for one in dev:
        out = run_net(net, [one.pair], base)
        tells.append([out.tells[0].item(), 1.0])
        told.append(float(one.said.told is not None))
        if one.said.told is None:
            continue
        number, first, last, evidence = evidence_of(one.said.text, one.pair, out, 0)
        value = text_of(one.said.text, one.pair, first, last)
        both.append(evidence)
        right.append(float(number in one.kinds and same_value(value, one.said.told.value)))
    slope, offset = logistic(np.array(tells), np.array(told))
    kind, value_, none = logistic(np.array(both), np.array(right))
    return (slope, offset), (kind, value_, none)
