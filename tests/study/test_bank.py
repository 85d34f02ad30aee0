"""The question bank as shipped, and broken ones."""

from pathlib import Path

import pytest

from imprint.study.bank import SHIPPED, NullWording, filled, general_lines, load_kinds, null_wordings
from imprint.types import ImprintError

TINY = """[name]
about = ""
defaults = []
ask = ["What's my name?"]
answer = "Your name is {value}."

[pet_name]
about = "animal"
defaults = ["dog", "horses"]
ask = ["What's my {about}'s name?"]
answer = "Your {about} is called {value}."
"""


def bank(folder: Path, kinds: str = TINY, general: str = "Tell me a joke.\n\nHow tall is K2?\n") -> Path:
    (folder / "kinds.toml").write_text(kinds, encoding="utf-8")
    (folder / "general.txt").write_text(general, encoding="utf-8")
    return folder


def test_null_wordings_are_every_wording_with_every_default(tmp_path: Path) -> None:
    assert null_wordings(bank(tmp_path)) == (
        NullWording("What's my name?", "name", ""),
        NullWording("What's my dog's name?", "pet_name", "dog"),
        NullWording("What's my horses' name?", "pet_name", "horses"),
        NullWording("Tell me a joke.", "", ""),
        NullWording("How tall is K2?", "", ""),
    )


@pytest.mark.parametrize(
    "kinds",
    [
        "[name]\nabout = 1\n",
        TINY.replace('ask = ["What\'s my name?"]', 'ask = ["What is my {about}?"]'),
        TINY.replace("{value}.", "."),
        TINY.replace('defaults = ["dog", "horses"]', "defaults = []"),
        "[name\n",
    ],
)
def test_a_broken_bank_is_refused(tmp_path: Path, kinds: str) -> None:
    with pytest.raises(ImprintError, match="kinds.toml"):
        load_kinds(bank(tmp_path, kinds))


def test_a_missing_bank_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImprintError, match="missing"):
        load_kinds(tmp_path)
    with pytest.raises(ImprintError, match="missing"):
        general_lines(tmp_path)


def test_the_shipped_bank_holds_the_kinds_and_no_duplicates() -> None:
    kinds = load_kinds()
    assert {"name", "home", "relative", "likes_food", "dislikes_thing", "about"} <= set(kinds)
    assert all(len(kind.ask) >= 14 for kind in kinds.values())
    texts = [wording.text for wording in null_wordings(SHIPPED)]
    assert len(texts) == len(set(texts))


def test_a_null_wording_is_about_the_same_as_a_fact() -> None:
    days = [wording.about for wording in null_wordings() if wording.text == "What do I do on Mondays?"]
    assert days == ["monday"]


def test_days_take_a_capital_in_a_wording() -> None:
    assert filled("What do I do on {about}s?", "monday") == "What do I do on Mondays?"
