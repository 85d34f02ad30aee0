"""The learned reader's weights that ship: they fit encoder and bank, have a card, and read what nobody trained on."""

import pytest
import torch

from imprint.encode.minilm import MiniLM, find_weights
from imprint.study.bank import load_kinds
from imprint.study.extractor.extractor import SHIPPED, Extractor, open_extractor
from imprint.study.extractor.opening import SHIPPED as GATE
from imprint.study.extractor.opening import open_opening
from imprint.study.learned import LearnedReader
from imprint.types import Turn


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    return open_extractor(MiniLM(find_weights(), tmp_path_factory.mktemp("home")))


def test_they_fit_the_bank_and_are_a_few_megabytes(extractor: Extractor) -> None:
    assert set(extractor.kept.kinds) == set(load_kinds())
    assert extractor.kept.turns == 15503
    assert SHIPPED.stat().st_size < 8_000_000


def test_the_gate_that_ships_was_fitted_for_it(extractor: Extractor) -> None:
    assert open_opening(extractor.id) is not None, "Run: imprint train gate"
    assert "imprint train gate" in GATE.with_suffix(".md").read_text(encoding="utf-8")


def test_the_card_names_command_data_and_results() -> None:
    card = SHIPPED.with_suffix(".md").read_text(encoding="utf-8")
    for part in ("imprint train extractor", "data/talk", "results/reading.json", "rules"):
        assert part in card


@pytest.mark.parametrize(
    ("text", "before", "kind", "value"),
    [
        ("we've moved to Leeds, forget about York", "", "home", "Leeds"),
        ("not before ten, i'm useless till coffee", "Shall I put it at 8?", "rhythm", "before ten"),
        ("My dog is called Biscuit.", "", "pet_name", "Biscuit"),
    ],
)
def test_it_reads_natural_talk(extractor: Extractor, text: str, before: str, kind: str, value: str) -> None:
    facts = LearnedReader(extractor).fold((), Turn("1", "mira", "user", text), before)
    assert (kind, value) in [(fact.kind, fact.value) for fact in facts]


@pytest.mark.parametrize("text", ["what's the capital of France?", "write me a haiku about rain", "", "\x00 🙂"])
def test_it_keeps_nothing_of_what_tells_nothing(extractor: Extractor, text: str) -> None:
    assert LearnedReader(extractor).fold((), Turn("1", "mira", "user", text), "") == ()


def test_a_question_asks_for_what_was_told_and_a_task_for_nothing(extractor: Extractor) -> None:
    reader = LearnedReader(extractor)
    said = ("My dog is called Biscuit.", "we've moved to Leeds, forget about York")
    facts = [fact for text in said for fact in reader.fold((), Turn(text, "mira", "user", text), "")]
    told = [reader.foresee(fact, fact.turn, "") for fact in facts if fact.kind in ("pet_name", "home")]
    rows = extractor.encoder.encode(["Where do I live?", "What's the dog's name again?", "Write a haiku about rain."])
    logits, odds = reader.likely(rows, torch.stack([row for row in told if row is not None]))
    assert logits[:2].argmax(1).tolist() == [1, 0]
    assert odds[0] > 0.7
    assert odds[1] > 0.7
    assert odds[2] < 0.1
