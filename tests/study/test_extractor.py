"""The reader's network: what it may look at, what it learns, and that its weights come back as they went."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save

from imprint.encode.minilm import MiniLM, find_weights
from imprint.study.bank import load_kinds
from imprint.study.extractor.asking import Asking
from imprint.study.extractor.extractor import Extractor, Kept, open_extractor, sentence_numbers, text_of
from imprint.study.extractor.net import NetConfig, TalkNet, best_span, stack
from imprint.study.learned import LearnedReader
from imprint.study.readers import open_reader
from imprint.types import MAX_TEXT, ImprintError, Turn

KINDS = tuple(load_kinds())
SMALL = NetConfig(rank=2, dropout=0.0)
LINE, TURN = "What do you drink?", "oat milk, since the spring"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(find_weights(), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def extractor(encoder: MiniLM) -> Extractor:
    """Untrained, with heads from noise."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = TalkNet(encoder.copy(), SMALL, len(KINDS))
        with torch.no_grad():
            for one in net.learned().values():
                one.copy_((one + 0.02 * torch.randn(one.shape)).half().float())
        prototypes = torch.nn.functional.normalize(torch.randn(len(KINDS), 384), dim=-1).half().float()
        weight, bias = torch.randn(len(KINDS) + 1, 384).half().float(), torch.zeros(len(KINDS) + 1)
    odds = (5.0, 1.0, -1.0, -2.0)
    kept = Kept(SMALL, KINDS, {"relative": ("brother", "sister")}, (1.0, 0.5), (1.0, 1.0, 3.0), odds, encoder.id, 7)
    return Extractor(encoder, net, kept, prototypes, Asking(weight, bias, odds))


def test_the_frozen_encoder_gets_no_gradient_and_the_rest_does(encoder: MiniLM, extractor: Extractor) -> None:
    net = extractor.net
    out = net(stack([encoder.pair(LINE, TURN)]), extractor.prototypes)
    (out.kind.sum() + out.value_start[0, -2] + out.about_end[0, 0] + out.tells.sum() + out.filler.sum()).backward()
    bare = dict(encoder.copy().named_parameters())
    own = {name.replace(".base_layer", ""): one for name, one in net.encoder.named_parameters() if "lora_" not in name}
    assert own.keys() == bare.keys()
    assert all(one.grad is None and torch.equal(one, bare[name]) for name, one in own.items())
    adapted = [name for name, one in net.learned().items() if "lora_" in name and one.grad is not None]
    assert len(adapted) == 2 * 6 * 6
    net.zero_grad(set_to_none=True)


def test_a_copy_is_adapted_and_the_encoder_itself_stays(encoder: MiniLM, extractor: Extractor) -> None:
    before = encoder.encode([TURN])
    net = TalkNet(encoder.copy(), SMALL, 2)
    with torch.no_grad():
        for one in net.learned().values():
            one.add_(1.0)
    assert torch.equal(encoder.encode([TURN]), before)
    assert not any("lora" in name for name, _ in encoder.copy().named_parameters())


def test_padding_does_not_change_a_row(encoder: MiniLM, extractor: Extractor) -> None:
    pairs = [encoder.pair(LINE, TURN), encoder.pair("", "a much longer turn " * 6)]
    with torch.no_grad():
        alone = extractor.net(stack(pairs[:1]), extractor.prototypes)
        among = extractor.net(stack(pairs), extractor.prototypes)
    size = len(pairs[0].ids)
    for name in ("tells", "polarity", "changes", "kind", "filler", "asked"):
        assert torch.allclose(getattr(alone, name)[0], getattr(among, name)[0], atol=1e-4), name
    for name in ("value_start", "value_end", "about_start", "about_end"):
        assert torch.allclose(getattr(alone, name)[0, :size], getattr(among, name)[0, :size], atol=1e-4), name


def test_a_value_stands_in_the_turn_never_in_the_line_before(encoder: MiniLM) -> None:
    pair = encoder.pair(LINE, TURN)
    own = [place for place in pair.places if place]
    assert TURN[own[0][0] : own[-1][1]] == TURN
    assert len(own) == sum(pair.sides) - 1  # all of the second side but its end token
    assert [place for place, side in zip(pair.places, pair.sides, strict=True) if side == 0 and place] == []


def test_a_long_turn_and_a_long_line_are_cut(encoder: MiniLM, extractor: Extractor) -> None:
    for line in ("before " * 2000, "안녕 하세요 세상 " * 200):
        pair = encoder.pair(line, "word " * 5000)
        assert len(pair.ids) == 256
        assert 20 <= pair.sides.count(0) <= 66
        assert extractor.read("word " * 5000, line).value


@pytest.mark.parametrize("text", ["", "🙂", "…", "x", "ок", "\u200b"])
def test_odd_turns_are_read_without_a_mistake(extractor: Extractor, text: str) -> None:
    read = extractor.read(text, "")
    assert 0 <= read.tells <= 1
    own = [place for place in extractor.encoder.pair("", text).places if place]
    assert bool(read.value) == bool(own)
    if not any(letter.isalnum() for letter in text):
        assert LearnedReader(extractor).fold((), Turn("1", "mira", "user", text), "") == ()


def test_the_weights_come_back_as_they_went(encoder: MiniLM, extractor: Extractor, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(extractor.pack())
    again = open_extractor(encoder, path)
    assert again.id == extractor.id
    assert again.kept == extractor.kept
    one, two = (each.read(TURN, LINE) for each in (extractor, again))
    assert torch.equal(one.foreseen, two.foreseen)
    assert replace(one, foreseen=two.foreseen) == two
    asked = encoder.encode(["What do I drink?"])
    both = [LearnedReader(each).likely(asked, one.foreseen[None]) for each in (extractor, again)]
    assert all(torch.equal(left, right) for left, right in zip(*both, strict=True))
    assert path.stat().st_size < 3_000_000


def test_weights_that_are_not_there_or_of_another_encoder_are_refused(
    encoder: MiniLM, extractor: Extractor, tmp_path: Path
) -> None:
    with pytest.raises(ImprintError, match="are missing"):
        open_extractor(encoder, tmp_path / "none.safetensors")
    kept = replace(extractor.kept, encoder="other")
    strange = Extractor(encoder, extractor.net, kept, extractor.prototypes, extractor.asking)
    (tmp_path / "strange.safetensors").write_bytes(strange.pack())
    with pytest.raises(ImprintError, match="another encoder or bank"):
        open_extractor(encoder, tmp_path / "strange.safetensors")


BREAKS = {
    "a head is missing": lambda tensors: tensors.pop("spans.weight"),
    "prototypes are missing": lambda tensors: tensors.pop("prototypes"),
    "a shape that broadcasts": lambda tensors: tensors.update({"spans.bias": torch.zeros(1)}),
    "not finite": lambda tensors: tensors["bias"].fill_(float("nan")),
    "one too many": lambda tensors: tensors.update(more=torch.zeros(2)),
}
SAYS = {"sure": [1.0], "odds": [1.0, 2.0, 3.0], "fillers": [], "kinds": [["home"]], "turns": "many"}


@pytest.mark.parametrize("wrong", BREAKS)
def test_tensors_that_do_not_fit_are_refused(encoder: MiniLM, extractor: Extractor, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(extractor.pack())
    tensors = load_file(path)
    BREAKS[wrong](tensors)
    path.write_bytes(save(tensors, metadata={"kept": json.dumps(asdict(extractor.kept))}))
    with pytest.raises(ImprintError, match="missing, strange or not finite"):
        open_extractor(encoder, path)


@pytest.mark.parametrize("name", SAYS)
def test_what_a_file_can_not_say_is_refused(encoder: MiniLM, extractor: Extractor, tmp_path: Path, name: str) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(extractor.pack())
    kept = asdict(extractor.kept) | {name: SAYS[name]}
    path.write_bytes(save(load_file(path), metadata={"kept": json.dumps(kept)}))
    with pytest.raises(ImprintError, match="holds no weights of a reader"):
        open_extractor(encoder, path)


def test_a_huge_message_of_marks_is_cut_into_sentences_at_once(encoder: MiniLM, extractor: Extractor) -> None:
    for text, last in (("!" * MAX_TEXT, 0), ("!'" * (MAX_TEXT // 2), 0), ("a! " * (MAX_TEXT // 3), 126)):
        assert max(sentence_numbers(text, encoder.pair("", text))) == last  # a run of marks tried anew takes minutes


def test_no_value_runs_over_two_sentences(encoder: MiniLM) -> None:
    text = "I met Dr. Who. He left!\nGood."
    pair = encoder.pair(TURN, text)
    words = {number: [] for number in range(4)}
    for place, number in zip(pair.places, sentence_numbers(text, pair), strict=True):
        words[number] += [text[slice(*place)]] if place else []
    assert ["".join(found) for found in words.values()] == ["ImetDr.Who.", "Heleft!", "Good.", ""]


@pytest.mark.parametrize("data", [b"", b"nothing", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_broken_file_is_refused(encoder: MiniLM, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "broken.safetensors").write_bytes(data)
    with pytest.raises(ImprintError, match="holds no weights of a reader"):
        open_extractor(encoder, tmp_path / "broken.safetensors")


def test_the_learned_reader_needs_its_encoder() -> None:
    from imprint.encode.hashing import Hashing

    with pytest.raises(ImprintError, match="needs the encoder minilm"):
        open_reader("learned", Hashing())
    with pytest.raises(ImprintError, match="no reader 'magic'"):
        open_reader("magic", Hashing())


def test_auto_is_the_learned_reader_where_its_encoder_is(encoder: MiniLM) -> None:
    assert open_reader("auto", encoder).id == open_reader("learned", encoder).id
    assert open_reader("auto", encoder).id.startswith("extractor/")


def test_an_unsure_reader_keeps_the_turn_and_a_sure_one_the_value(extractor: Extractor) -> None:
    reader = LearnedReader(extractor)
    turn = Turn("1", "mira", "user", "My brother bought a red canoe")
    reader.tells, reader.keep = 0.0, 2.0
    (whole,) = reader.fold((), turn, "")
    assert (whole.kind, whole.value) == ("about", "your brother bought a red canoe")
    reader = LearnedReader(extractor)
    reader.tells, reader.keep = 0.0, 0.0
    (fact,) = reader.fold((), turn, "")
    assert fact.kind in KINDS
    assert fact.value in whole.value
    reader = LearnedReader(extractor)
    reader.tells = 1.1
    assert reader.fold((), turn, "") == ()
    assert reader.fold((fact,), replace(turn, role="assistant"), "") == (fact,)


def test_text_of_no_own_token_is_empty(encoder: MiniLM) -> None:
    pair = encoder.pair(LINE, TURN)
    assert text_of(TURN, pair, 0, 0) == ""
    first = next(i for i, place in enumerate(pair.places) if place)
    milk = next(i for i, place in enumerate(pair.places) if place and TURN[slice(*place)] == "milk")
    assert text_of(TURN, pair, first, milk) == "oat milk"


@given(
    size=st.integers(1, 9),
    longest=st.integers(1, 9),
    seed=st.integers(0, 999),
    parts=st.lists(st.integers(0, 2), max_size=9).map(sorted),
)
@settings(deadline=None, max_examples=60)
def test_the_best_span_is_that_of_a_loop_over_all(size: int, longest: int, seed: int, parts: list[int]) -> None:
    generator = torch.Generator().manual_seed(seed)
    start, end = torch.randn(size, generator=generator), torch.randn(size, generator=generator)
    found = {
        (i, j): (start.softmax(-1)[i] * end.softmax(-1)[j]).item()
        for i in range(size)
        for j in range(i, min(size, i + longest))
        if not parts or [*parts, *[0] * size][i] == [*parts, *[0] * size][j]
    }
    first, last, probability = best_span(start, end, longest, parts[:size])
    assert probability == pytest.approx(max(found.values()), rel=1e-4)
    assert found[first, last] == pytest.approx(probability, rel=1e-4)
