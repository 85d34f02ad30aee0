"""Soft rows that teach the frozen model to answer from text: the same help for text arms that a fit gives latent ones.

A fit teaches the form of an answer along with its content. Without this control a latent arm could win by form alone
(METHODS 5.1). The rows are trained once a model, on made-up people of the training part, and shared by all users.
"""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from imprint.backbone.base import Backbone, ContextTooLong, Message
from imprint.backbone.score import answer_ids
from imprint.evals.items import Person
from imprint.evals.people import make_people
from imprint.fit.loop import FitConfig, Group, checkpoint_key, fit
from imprint.fit.losses import answer_cross_entropy, exact_rows
from imprint.fit.rows import Row, prefill, run_rows
from imprint.fit.runs import Run
from imprint.methods.parts.projector import rms_clamp
from imprint.methods.parts.study_rows import fit_rows
from imprint.methods.parts.transcript import said_in, told
from imprint.study.questions import make_study
from imprint.tensors import Context, SoftPrompt
from imprint.types import ImprintError, Progress, Question, Study

START = " Answer from what the user told you, briefly:"


@dataclass(frozen=True)
class TextReaderConfig:
    """How the shared rows are trained. Table [evals.text_reader]."""

    rows: int = 8
    """Soft tokens, late."""
    people: int = 10
    facts: int = 16
    """Told by each of the people."""
    most: int = 12
    """Turns in the text of a training question, drawn from 1 to this many, the right one among them."""
    rate: float = 2e-2
    fit: FitConfig = FitConfig(epochs=6)


def text_reader(backbone: Backbone, config: TextReaderConfig, folder: Path, progress: Progress) -> SoftPrompt:
    """The trained rows, from `folder` where they were trained before. Interrupted, it goes on from its checkpoint."""
    key = hashlib.sha256(f"{config!r}{backbone.id}".encode()).hexdigest()[:16]
    path, part = folder / f"text-reader-{key}.safetensors", folder / f"text-reader-{key}.part"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run = Run(progress, lambda _: _kept(part), lambda _, data: _keep(part, data))
        written = path.with_suffix(".tmp")
        save_file({"rows": train(backbone, config, run)}, written)
        written.replace(path)
        part.unlink(missing_ok=True)
    return SoftPrompt(load_file(path)["rows"], "late")


def train(backbone: Backbone, config: TextReaderConfig, run: Run) -> Tensor:
    """Fit the rows [k, d] by cross-entropy on answers of study questions, each asked with the turn that tells it."""
    people = make_people(0, config.people, config.facts, "train")
    rows = [row for person in people for row in _rows(backbone, person, config)]
    if not rows:
        raise ImprintError("no training text fits the model's window", "Lower [evals.text_reader] most")
    run.progress.start("prefill", len(rows))
    ready = prefill(backbone, rows, run.progress.advance)
    soft = _start(backbone, config.rows).requires_grad_(True)

    def step(chosen: list[int]) -> tuple[Tensor, Tensor]:
        clamped = rms_clamp(soft, backbone.rho)
        out = run_rows(backbone, [ready[i] for i in chosen], clamped.expand(len(chosen), -1, -1))
        return answer_cross_entropy(out.logits, out.targets), exact_rows(out.logits, out.targets)

    fit([Group({"rows": soft}, config.rate)], len(rows), step, config.fit, run, checkpoint_key(config, backbone.id))
    return rms_clamp(soft.detach(), backbone.rho).contiguous()


def _start(backbone: Backbone, rows: int) -> Tensor:
    ids = (backbone.tokenize(START) * rows)[:rows]
    return backbone.embed(torch.tensor(ids)).detach().clone()


def _rows(backbone: Backbone, person: Person, config: TextReaderConfig) -> list[Row]:
    study = make_study(person.turns)
    asked = fit_rows(study.facts, study, study_rows=1, yes_no_rows=2)
    found = [_row(backbone, question, _text(question, study, config, person.user)) for question in asked]
    return [row for row in found if row is not None]


def _text(question: Question, study: Study, config: TextReaderConfig, user: str) -> Context:
    """The right turn among others of the same person, in the order they were told."""
    draw = random.Random(f"{user} {question.turn} {question.text}")
    own = [turn for turn in study.turns if turn.role == "user"]
    others = [turn for turn in own if turn.id != question.turn]
    kept = {turn.id for turn in draw.sample(others, min(draw.randrange(config.most), len(others)))} | {question.turn}
    return Context(told(said_in([turn for turn in own if turn.id in kept]), "notes"))


def _row(backbone: Backbone, question: Question, context: Context) -> Row | None:
    """None where the text does not fit the model's window."""
    try:
        prompt = backbone.prompt([Message("user", question.text)], context, reserve=64)
    except ContextTooLong:
        return None
    cut = prompt.late_at
    return Row(prompt.ids[:cut], prompt.ids[cut:], answer_ids(backbone, question.answer), question.fact)


def _kept(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _keep(path: Path, data: bytes) -> None:
    part = path.with_suffix(".writing")
    part.write_bytes(data)
    part.replace(path)
