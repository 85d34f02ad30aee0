"""Scores of reading, against turns worked out by hand."""

import pytest

from imprint.data.talk import Label, Said, Talk, Voice
from imprint.evals.families import family_of
from imprint.evals.reading import Outcome, about_right, arm_of, parts_of, reliability, scored, value_right
from imprint.study.bank import load_kinds
from imprint.study.reader import Understood

QUESTIONS = ("When?", "when then", "What time?")
LABEL = Label(
    "relative", "sister", "Maja", 0, 1, False, QUESTIONS, "Write a card.", (("friend", ""),), second="Maja Lind"
)
VOICES = {v: Voice(v, 30, "cook", "british", "slang", "short") for v in ("v1", "v2")}
TELLING = Said("1", "v1", "explicit", "", "Maja Lind is my sister", LABEL)
QUIET = Said("2", "v2", "mood", "", "starving", None)
RIGHT = Understood("relative", "younger sister", "maja", 1, False, 0.9)


def read(said: Said, *read: Understood) -> Outcome:
    return Outcome(said, float(bool(read)), read, 2.0)


@pytest.mark.parametrize(
    ("kind", "about", "right"),
    [
        ("relative", "sister", True),
        ("relative", "younger sister", True),
        ("relative", "brother", False),
        ("friend", "", True),
        ("friend", "anything", True),
        ("partner", "sister", False),
    ],
)
def test_what_about_is_right_by_kind_and_filler(kind: str, about: str, right: bool) -> None:
    assert about_right(LABEL, Understood(kind, about, "x", 1, False, 1.0)) is right


@pytest.mark.parametrize(
    ("value", "right"), [("maja", True), ("the Maja", True), ("Maja Lind.", True), ("Lind", False)]
)
def test_a_value_is_right_by_either_reader(value: str, right: bool) -> None:
    assert value_right(LABEL, Understood("relative", "sister", value, 1, False, 1.0)) is right


def test_a_telling_turn_that_is_not_read_is_wrong_in_all() -> None:
    parts = parts_of(read(TELLING))
    assert parts["tells_f1"] == (0.0, 1.0)
    assert parts["value"] == parts["about"] == parts["both"] == parts["tells_recall"] == (0.0, 1.0)
    assert "changes" not in parts


def test_a_quiet_turn_counts_only_where_something_is_read() -> None:
    assert parts_of(read(QUIET))["false"] == (0.0, 1.0)
    assert parts_of(read(QUIET, RIGHT)) == {
        "tells_f1": (0.0, 1.0),
        "tells_precision": (0.0, 1.0),
        "false": (1.0, 1.0),
    }


def test_f1_is_that_of_the_counts() -> None:
    # Two hits, one miss, one false alarm: precision 2/3, recall 2/3.
    outcomes = [read(TELLING, RIGHT), read(TELLING, RIGHT), read(TELLING), read(QUIET, RIGHT), read(QUIET)]
    found = scored(outcomes)
    assert found["tells_f1"].mean == pytest.approx(2 / 3)
    assert found["tells_precision"].mean == pytest.approx(2 / 3)
    assert found["tells_recall"].mean == pytest.approx(2 / 3)
    assert found["false"].mean == pytest.approx(1 / 2)


def test_both_must_be_right_in_the_same_fact() -> None:
    value = Understood("partner", "wife", "Maja", 1, False, 1.0)
    about = Understood("relative", "sister", "Ines", 1, False, 1.0)
    parts = parts_of(read(TELLING, value, about))
    assert (parts["value"], parts["about"], parts["both"]) == ((1.0, 1.0), (1.0, 1.0), (0.0, 1.0))


def test_reliability_is_the_share_right_in_each_tenth() -> None:
    sure = [
        Understood("relative", "sister", value, 1, False, s) for value, s in (("Maja", 0.92), ("no", 0.98), ("no", 0.1))
    ]
    bins = reliability([read(TELLING, one) for one in sure] + [read(QUIET, RIGHT)])
    assert bins == [[0.1, 0.0, 1.0], [pytest.approx(0.95), 0.5, 2.0]]


def test_every_kind_of_the_bank_has_a_family_and_tastes_are_the_rest() -> None:
    tastes = {kind for kind in load_kinds() if family_of(kind) == "tastes"}
    assert tastes == {k for k in load_kinds() if k.startswith(("likes_", "dislikes_"))} - {
        f"{side}{what}" for side in ("likes_", "dislikes_") for what in ("food", "drink", "activity")
    } | {"favourite", "prefers", "feeling_about"}
    talk = Talk((TELLING,), VOICES, {"dev": (), "test": ("v1",), "unseen": ()})
    arm = arm_of(talk, [read(TELLING, RIGHT)], "rules", {})
    assert arm["kinds"]["value"]["told: family and friends"]["mean"] == 1.0
    assert arm["scores"]["facts"]["mean"] == 1.0


def test_kinds_never_trained_on_stand_apart() -> None:
    talk = Talk((TELLING, QUIET), VOICES, {"dev": (), "test": ("v1", "v2"), "unseen": ("relative",)})
    arm = arm_of(talk, [read(TELLING), read(QUIET)], "rules", {})
    assert arm["kinds"]["value"]["kinds never trained on"]["mean"] == 0.0
    assert "value" not in arm["scores"]
    assert arm["scores"]["milliseconds"]["mean"] == 2.0
