"""The shared soft rows of text arms: trained once a model, on people nobody is measured on."""

from pathlib import Path

import pytest
import torch

from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.evals.text_reader import TextReaderConfig, text_reader, train
from imprint.fit.loop import FitConfig
from imprint.fit.runs import Interrupted, Run, Silent
from imprint.types import ImprintError

CONFIG = TextReaderConfig(rows=2, people=1, facts=4, most=1, fit=FitConfig(epochs=2, least=0, patience=0))


@pytest.fixture(scope="module")
def llama() -> HFBackbone:
    return tiny_backbone("llama")


class Losses(Silent):
    """The loss of each step, out of the progress note; stops the run after `stop` steps."""

    def __init__(self, run: Run, stop: int = 0) -> None:
        self.found: list[float] = []
        self._run, self._stop = run, stop

    def advance(self, done: int, note: str = "") -> None:
        if note.startswith("loss"):
            self.found.append(float(note.split()[1].rstrip(",")))
            if len(self.found) == self._stop:
                self._run.stop.set()


def test_training_lowers_the_loss(llama: HFBackbone):
    run = Run()
    losses = Losses(run)
    run.progress = losses
    more = TextReaderConfig(rows=2, people=1, facts=4, most=1, fit=FitConfig(epochs=12, least=0, patience=0, decay=1.0))
    train(llama, more, run)
    assert sum(losses.found[-3:]) < sum(losses.found[:3])


def test_rows_stand_at_the_scale_of_the_embedding_table(llama: HFBackbone, tmp_path: Path):
    soft = text_reader(llama, CONFIG, tmp_path, Silent())
    assert soft.placement == "late"
    assert soft.rows.shape == (2, llama.width)
    assert soft.rows.square().mean(-1).sqrt().tolist() == pytest.approx([llama.rho] * 2, rel=1e-3)


def test_rows_are_trained_once_and_found_again(llama: HFBackbone, tmp_path: Path):
    first = text_reader(llama, CONFIG, tmp_path, Silent())
    run = Run()
    later = Losses(run)
    assert torch.equal(text_reader(llama, CONFIG, tmp_path, later).rows, first.rows)
    assert later.found == []


def test_a_stopped_training_goes_on_to_the_same_rows(llama: HFBackbone, tmp_path: Path):
    saved: dict[str, bytes] = {}
    run = Run(load=saved.get, save=saved.__setitem__)
    run.progress = Losses(run, stop=2)
    with pytest.raises(Interrupted):
        train(llama, CONFIG, run)
    rest = Run(load=saved.get, save=saved.__setitem__)
    assert torch.equal(train(llama, CONFIG, rest), train(llama, CONFIG, Run()))


def test_a_window_too_small_for_any_text_is_an_error():
    narrow = tiny_backbone("llama")
    narrow.window = 80
    with pytest.raises(ImprintError, match="no training text fits"):
        train(narrow, CONFIG, Run())
