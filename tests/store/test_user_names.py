import unicodedata

import pytest

from imprint.store import SQLiteStore, check_user
from imprint.types import ImprintError


@pytest.mark.parametrize("name", ["a", "Ada.L_9@x+y-z", "Zoë", "张伟", "محمد", "हिन्दी", "...", "x" * 128, "٣"])
def test_letters_digits_and_signs_are_names(name: str) -> None:
    assert check_user(name) == unicodedata.normalize("NFC", name)


def test_two_spellings_of_one_name_are_one_user() -> None:
    assert check_user("Zoe\u0308") == check_user("Zo\u00eb") == "Zo\u00eb"


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "a b", "a/b", "a\\b", "../x", "a\0", "a\n", "\u202eada", "a\u200db", "\U0001f41d",
        "1\ufe0f\u20e3",
        "x" * 129, "x" * 300, "\u03b1\u0313\u0300\u0345" * 150, "\ud800", "a:b", "a%b", "²",
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_the_rule(name: str) -> None:
    with pytest.raises(ImprintError) as told:
        check_user(name)
    assert "Use 1 to 128 letters, digits and . _ @ + -" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("verb", ["turns", "snapshot", "erase", "methods"])
def test_every_verb_checks_the_name(store: SQLiteStore, verb: str) -> None:
    with pytest.raises(ImprintError, match="not a user name"):
        getattr(store, verb)("../ada")
