import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from imprint.encode import open_encoder
from imprint.encode.hashing import Hashing
from imprint.types import ImprintError

TEXTS = ["I water the ferns on Sundays.", "", "  ", "Ünïcödé 茶 🙂", "I watered a fern last Sunday."]


def test_rows_have_norm_one_also_for_empty_texts() -> None:
    rows = Hashing(64).encode(TEXTS)
    assert rows.shape == (5, 64)
    assert torch.allclose(rows.norm(dim=1), torch.ones(5), atol=1e-6)


def test_text_has_one_vector_whatever_stands_beside_it() -> None:
    encoder = Hashing()
    together = encoder.encode(TEXTS)
    for i, text in enumerate(TEXTS):
        assert torch.equal(encoder.encode([text])[0], together[i])


def test_shared_words_are_nearer_than_none() -> None:
    rows = Hashing().encode([TEXTS[0], TEXTS[4], "Quarterly budgets bore everybody."])
    assert float(rows[0] @ rows[1]) > 0.4
    assert abs(float(rows[0] @ rows[2])) < 0.2


def test_features_stand_where_their_hash_puts_them() -> None:
    # blake2b by hand: "text" -> place 6, -1; "word e" -> 0, +1; "part <e>" -> 5, -1
    row = Hashing(8).encode(["e"])[0]
    assert row.tolist() == pytest.approx([3**-0.5, 0, 0, 0, 0, -(3**-0.5), -(3**-0.5), 0])


def test_vector_is_the_same_in_another_process() -> None:
    code = "from imprint.encode.hashing import Hashing; print(Hashing(16).encode(['tea']).tolist())"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out) == Hashing(16).encode(["tea"]).tolist()


def test_no_text_gives_no_row() -> None:
    assert Hashing(8).encode([]).shape == (0, 8)


def test_unknown_encoder_names_the_known_ones(home: Path) -> None:
    assert open_encoder("hashing", home).width == 256
    with pytest.raises(ImprintError, match="minilm, hashing"):
        open_encoder("bert", home)
