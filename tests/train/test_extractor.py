"""Training the reader: the targets, the loss's pieces, calibration, and that it learns what it is shown."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from imprint.data.talk import Talk, read_talk
from imprint.encode.minilm import MiniLM, find_weights
from imprint.fit.loop import FitConfig
from imprint.fit.runs import Run
from imprint.study.bank import load_kinds
from imprint.study.extractor.abouts import same_value
from imprint.study.extractor.asking import foreseen_row
from imprint.study.extractor.net import NetConfig, TalkNet, stack
from imprint.train.asking import fit_asking
from imprint.train.bank import asked_in
from imprint.train.corpus import check_corpus
from imprint.train.extractor import PIECE, ExtractorConfig, run_net, train_extractor
from imprint.train.logistic import logistic
from imprint.train.samples import fillers, prototypes, samples
from tests.data.small_talk import QUIET, TOLD, corpus

KINDS = tuple(load_kinds())
SISTER = TOLD | {
    "id": "v1-003",
    "form": "explicit",
    "text": "my wee sister Maja builds boats",
    "kind": "relative",
    "about": "sister",
    "value": "Maja",
    "start": 14,
    "polarity": 1,
    "questions": ["What's my sister called?", "who is my sister", "Do you know my sister's name?"],
}


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(find_weights(), tmp_path_factory.mktemp("home"))


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return read_talk(corpus(tmp_path, TOLD, QUIET, SISTER))


def silent(count: int) -> None:
    """Nobody watches."""


def test_targets_point_at_the_words_they_name(encoder: MiniLM, talk: Talk) -> None:
    _, quiet, sister = samples(encoder, talk.said, KINDS, silent)
    words = [sister.said.text[slice(*place)] if place else "" for place in sister.pair.places]
    assert "".join(words[sister.value[0] : sister.value[1] + 1]) == "Maja"
    assert words[sister.about[0] : sister.about[1] + 1] == ["sister"]
    assert sister.filler == "sister"
    assert [KINDS[i] for i in sister.kinds] == ["relative"]
    assert sister.asked is not None
    assert torch.equal(sister.asked, encoder.encode(SISTER["questions"]))
    assert (quiet.kinds, quiet.asked, quiet.filler) == ((), None, "")


def test_prototypes_are_unit_means_of_wordings(encoder: MiniLM, talk: Talk) -> None:
    rows = prototypes(encoder, ("rhythm",), talk.said)
    texts = [*load_kinds()["rhythm"].ask, *TOLD["questions"]]
    mean = encoder.encode(texts).mean(0)
    assert torch.allclose(rows[0], mean / mean.norm(), atol=1e-5)
    assert "sister" in fillers(KINDS, talk.said)["relative"]


def test_a_batch_in_pieces_is_the_batch_in_one(encoder: MiniLM, talk: Talk) -> None:
    made = samples(encoder, talk.said, KINDS, silent)
    batch = [made[i % 3] for i in range(PIECE + 3)]
    base = prototypes(encoder, KINDS, talk.said)
    net = TalkNet(encoder.copy(), NetConfig(rank=2), len(KINDS)).eval()
    with torch.no_grad():
        whole, pieces = net(stack([one.pair for one in batch]), base), run_net(net, [one.pair for one in batch], base)
    for name in ("tells", "kind", "asked", "value_start", "about_end"):
        assert torch.allclose(getattr(whole, name), getattr(pieces, name), atol=1e-3), name


def test_it_learns_what_it_is_shown(encoder: MiniLM, talk: Talk) -> None:
    config = ExtractorConfig(net=NetConfig(rank=4, dropout=0.0), fit=FitConfig(epochs=40, batch=3, patience=0))
    every = Talk(talk.said, talk.voices, {"dev": (), "test": (), "unseen": ()})
    extractor = train_extractor(encoder, every, config, Run())
    read = extractor.read(SISTER["text"], "")
    assert (read.kind, read.about, read.polarity) == ("relative", "sister", 1)
    assert same_value(read.value, "Maja")
    assert extractor.kept.turns == 3
    other = extractor.read(TOLD["text"], "")
    assert (other.kind, other.value, other.polarity) == ("rhythm", "not before ten", -1)


def test_logistic_finds_the_slope_that_made_the_data() -> None:
    generator = np.random.default_rng(0)
    x = np.stack([generator.normal(size=20_000), np.ones(20_000)], 1)
    y = (generator.random(20_000) < 1 / (1 + np.exp(-(1.7 * x[:, 0] - 0.4)))).astype(float)
    slope, offset = logistic(x, y)
    assert slope == pytest.approx(1.7, abs=0.08)
    assert offset == pytest.approx(-0.4, abs=0.06)


def test_the_checker_names_each_fault(encoder: MiniLM, tmp_path: Path) -> None:
    rows = [
        TOLD | {"id": "1", "kind": "magic"},
        TOLD | {"id": "2", "text": "not before ten, i am useless till coffee!", "about": "tea"},
        TOLD | {"id": "3", "text": "not before ten ever", "form": "change"},
        TOLD | {"id": "4", "text": "not before ten for me", "form": "answer"},
        TOLD | {"id": "5", "text": "not before ten pls", "questions": ["when?", "When?", "not before ten?"]},
        QUIET | {"id": "5"},
        QUIET | {"id": "6"},
    ]
    checked = check_corpus(read_talk(corpus(tmp_path, *rows)), encoder, Run().progress)
    said = "\n".join(checked.problems)
    for words in (
        "1: there is no kind 'magic'",
        "2: the kind rhythm takes no about",
        "3: the form is change",
        "4: an answer needs the line before it",
        "5: two of its questions are the same",
        "5: a question or the situation gives the value away",
        "2 turns say 'starving'",
        "the id 5 stands 2 times",
        "1 and 2 say nearly the same",
    ):
        assert words in said, words
    assert checked.figures["turns"] == 7


def test_a_corpus_that_tells_nothing_or_is_empty_is_checked_all_the_same(encoder: MiniLM, tmp_path: Path) -> None:
    quiet = check_corpus(read_talk(corpus(tmp_path, QUIET)), encoder, Run().progress)
    assert (quiet.problems, quiet.figures["telling"], quiet.figures["fewest turns of a form"]) == ((), 0.0, 0.0)
    talk = read_talk(corpus(tmp_path, QUIET))
    empty = check_corpus(Talk((), talk.voices, {**talk.split, "unseen": ("magic",)}), encoder, Run().progress)
    assert empty.problems == ("split.json: there is no kind 'magic'", "there is no turn in the corpus")


def test_a_voice_that_tells_nothing_does_not_stop_the_calibration(encoder: MiniLM, talk: Talk) -> None:
    made = samples(encoder, talk.said, KINDS, silent)
    row = foreseen_row(torch.ones(384) / 384**0.5, torch.zeros(len(KINDS)))
    quiet = replace(made[1], said=replace(made[1].said, voice="v9"))
    assert len(fit_asking(encoder, KINDS, made, [(one, row) for one in (*made, quiet)]).odds) == 4


def test_the_bank_takes_wordings_with_the_about_left_open(encoder: MiniLM, talk: Talk) -> None:
    assert "[" not in asked_in(talk, encoder)  # the one voice is of the part dev
    text = asked_in(Talk(talk.said, talk.voices, {"dev": (), "test": (), "unseen": ()}), encoder)
    assert "[relative]" in text
    assert '"who is my {about}",' in text
    assert "[rhythm]" in text
    assert "Maja" not in text
    odd = talk.said[0]
    assert odd.told is not None
    asked = ('When "exactly"\nam I up?', *odd.told.questions[1:])
    said = (replace(odd, told=replace(odd.told, questions=asked)),)
    text = asked_in(Talk(said, talk.voices, {"dev": (), "test": (), "unseen": ()}), encoder)
    assert asked[0] in tomllib.loads(text)["rhythm"]["ask"]


@pytest.mark.parametrize("share", [0.0, 1.5])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        ExtractorConfig(share=share)
