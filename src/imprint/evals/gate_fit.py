"""Fits the weights of the read gate on users of the part dev: what they told, and what asks for none of it."""

from collections.abc import Sequence
from random import Random

import numpy as np
import torch

from imprint.evals.gate import Person
from imprint.evals.gate_scores import GENERAL, IMPLICIT, NEVER, QUIET, TOLD
from imprint.methods.lpm import FORESEEN, LPM
from imprint.study.extractor.opening import Opening, features
from imprint.study.learned import LearnedReader
from imprint.train.logistic import logistic
from imprint.types import ImprintError, Progress

WEIGHT = {TOLD: 4, NEVER: 16, GENERAL: 1, QUIET: 1}
"""How often a message of each kind counts.

A user has many more general messages than questions. What was never told counts four times more than told things, for
its number: an answer made up from another slot is the worst that an open gate can do.
"""


def fit_opening(method: LPM, persons: Sequence[Person], progress: Progress) -> Opening:
    """Logistic weights over evidence and wording. Quiet messages: as many as general ones, drawn from all."""
    reader = method.reader
    if not isinstance(reader, LearnedReader):
        raise ImprintError("only the gate of the learned reader is fitted", 'Set encoder = "minilm"')
    rows, told, weights = [], [], []
    progress.start("gate", len(persons))
    for number, person in enumerate(persons, 1):
        memory = method.write(method.empty(), person.turns)
        quiet = [one for one in person.asked if one.kind.startswith(QUIET)]
        general = sum(one.kind == GENERAL for one in person.asked)
        drawn = set(Random(person.user).sample(range(len(quiet)), min(general, len(quiet))))
        asked = [one for one in person.asked if not one.kind.startswith(QUIET) and one.kind != IMPLICIT]
        asked += [one for place, one in enumerate(quiet) if place in drawn]
        vectors = method.encoder.encode([one.text for one in asked])
        found = features(reader.evidence(vectors, memory.tensors[FORESEEN].float()), [one.text for one in asked])
        rows.append(found)
        told += [float(one.kind == TOLD) for one in asked]
        weights += [WEIGHT[QUIET if one.kind.startswith(QUIET) else one.kind] for one in asked]
        progress.advance(number)
    often = np.array(weights)
    x, y = torch.cat(rows).numpy().astype(np.float64), np.array(told)
    fitted = logistic(np.repeat(x, often, axis=0), np.repeat(y, often))
    return Opening(reader.id, tuple(float(f"{one:.4g}") for one in fitted))
