"""Text while it comes: whole characters only, and nothing of a stop string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import decoders

from imprint.backbone.hf import HFBackbone
from imprint.backbone.stream import TextStream


def run(llama: HFBackbone, ids: list[int], stop: tuple[str, ...] = ()) -> tuple[list[str], bool]:
    """Pieces of a byte-level model, one byte a token, and whether a stop string ended them."""
    stream = TextStream(llama.detokenize, stop)
    pieces = []
    for token in ids:
        pieces.append(stream.push(token))
        if stream.stopped:
            return pieces, True
    return [*pieces, stream.flush()], stream.stopped


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd"), max_size=40))
def test_pieces_join_to_the_text(llama: HFBackbone, text: str):
    pieces, stopped = run(llama, llama.tokenize(text))
    assert "".join(pieces) == text
    assert not stopped
    assert not any("\ufffd" in piece for piece in pieces)


def test_decoders_that_drop_the_first_space_keep_the_others():
    words = {1: "\u2581tea", 2: "\u2581and", 3: "s"}
    metaspace = decoders.Metaspace()
    stream = TextStream(lambda ids: metaspace.decode([words[i] for i in ids]), ())
    assert [stream.push(i) for i in (1, 3, 2, 1, 3)] == ["tea", "s", " and", " tea", "s"]


def test_a_character_comes_with_its_last_byte(llama: HFBackbone):
    assert run(llama, llama.tokenize("é€😀x"))[0] == ["", "é", "", "", "€", "", "", "", "😀", "x", ""]


def test_half_a_character_at_the_end_is_left_out(llama: HFBackbone):
    assert "".join(run(llama, llama.tokenize("ab€")[:-1])[0]) == "ab"


def test_bytes_that_are_no_text_do_not_hold_up_what_follows(llama: HFBackbone):
    bad = llama.tokenize("é")[1]
    pieces, _ = run(llama, [bad] * 30 + llama.tokenize("fine €"))
    assert "".join(pieces) == "\ufffd" * 30 + "fine €"
    assert "".join(pieces[:25])


@given(st.text("abc", max_size=30), st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=3))
def test_output_ends_before_the_first_stop_string(llama: HFBackbone, text: str, stop: list[str]):
    pieces, stopped = run(llama, llama.tokenize(text), tuple(stop))
    ends = [text.find(s) + len(s) for s in stop if s in text]
    if ends:
        first = min(ends)
        expected = text[: min(first - len(s) for s in stop if text[:first].endswith(s))]
    else:
        expected = text
    assert "".join(pieces) == expected
    assert stopped == bool(ends)


@pytest.mark.parametrize("stop", ["END", "é€"])
def test_nothing_of_a_stop_string_is_handed_out_before_it_is_certain(llama: HFBackbone, stop: str):
    ids = llama.tokenize("go " + stop[:1] + "!")
    assert "".join(run(llama, ids, (stop,))[0]) == "go " + stop[:1] + "!"
    stream = TextStream(llama.detokenize, (stop,))
    assert "".join(stream.push(i) for i in llama.tokenize("go " + stop[:1])) == "go "
    assert stream.flush() == stop[:1]
