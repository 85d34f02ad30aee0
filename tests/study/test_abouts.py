"""One spelling for what a fact is about, and when two values are the same."""

import pytest

from imprint.study.extractor.abouts import normal_about, same_about, same_value


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my mum's", "mother"),
        ("Mom", "mother"),
        ("our Gran", "grandmother"),
        ("the dogs", "dog"),
        ("Movies", "film"),
        ("running", "running"),
        ("", ""),
    ],
)
def test_normal(said: str, meant: str) -> None:
    assert normal_about(said) == meant


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("sister", "younger sister", True),
        ("mum", "mother", True),
        ("shoe", "shoes", True),
        ("sister", "sister-in-law", False),
        ("cat", "category", False),
        ("", "sister", False),
    ],
)
def test_same_about(left: str, right: str, same: bool) -> None:
    assert same_about(left, right) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("the Red Lion", "red lion", True),
        ("ten", "ten.", True),
        ("a stall", "an  stall", True),
        ("half ten", "ten", False),
        ("C++", "C", False),
        ("", "", True),
    ],
)
def test_same_value(left: str, right: str, same: bool) -> None:
    assert same_value(left, right) is same
