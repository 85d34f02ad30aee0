"""Agreement of two readers, against numbers worked out by hand."""

from typing import Any

import numpy as np
import pytest

from imprint.data.talk import Label, Said
from imprint.evals.agreement import agreement_of, compared, kappa, sample
from imprint.evals.reading import Outcome
from imprint.study.reader import Understood
from imprint.types import ImprintError

LABEL = Label("home", "", "Cork", 0, 1, False, ("Where?", "where then", "What town?"), "Book a taxi.")
HOME = Understood("home", "", "Cork", 1, False, 1.0)
SISTER = Understood("relative_home", "younger sister", "Porto", 1, True, 1.0)


def turn(number: int, tells: bool = True) -> Said:
    return Said(f"{number:02}", f"v{number % 3}", "explicit" if tells else "mood", "", "x", LABEL if tells else None)


def read(number: int, *read: Understood, tells: bool = True) -> Outcome:
    return Outcome(turn(number, tells), float(bool(read)), read, 2.0)


def means(left: list[Outcome], right: list[Outcome]) -> dict[str, Any]:
    return {name: one.mean for name, one in agreement_of(left, right).items()}


def test_kappa_is_what_is_left_of_agreement_beyond_chance() -> None:
    # 20 both, 5 only the first, 10 only the second, 15 neither: 0.7 agree, 0.5 would by chance.
    answers = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    found = kappa(answers, np.ones((3, 50)))
    assert found is not None
    assert (found.mean, found.low, found.high, found.n) == pytest.approx((0.4, 0.4, 0.4, 50))


def test_kappa_weighs_turns_as_they_are_drawn() -> None:
    # As they are: 2 of 3 agree, 4/9 by chance. Drawn twice, once and once: 3 of 4 agree, 1/2 by chance.
    found = kappa([(True, True), (False, False), (True, False)], np.array([[2.0, 1.0, 1.0]]))
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((0.4, 0.5, 0.5))


@pytest.mark.parametrize("answer", [True, False])
def test_kappa_is_not_defined_where_only_one_answer_was_given(answer: bool) -> None:
    assert kappa([(answer, answer)] * 4, np.ones((2, 4))) is None
    one = [read(number, *([HOME] if answer else [])) for number in range(4)]
    assert "kappa" not in agreement_of(one, one)


def test_labels_count_where_both_call_the_turn_telling() -> None:
    other = Understood("origin", "", "the cork", -1, True, 1.0)
    left = [read(0, HOME), read(1, HOME), read(2), read(3)]
    right = [read(0, HOME), read(1, other), read(2, HOME), read(3)]
    assert means(left, right) == {
        "tells": 0.75,
        "kappa": pytest.approx(0.5),  # chance: 1/2 * 3/4 + 1/2 * 1/4 = 1/2
        "kind": 0.5,
        "value": 1.0,
        "polarity": 0.5,
        "changes": 0.5,
    }
    assert agreement_of(left, right)["kind"].n == 2


def test_about_counts_where_either_names_one() -> None:
    sister = Understood("relative", "my sister's", "Ines", 1, True, 1.0)
    found = agreement_of(
        [read(0, SISTER), read(1, SISTER), read(2, HOME)], [read(0, sister), read(1, HOME), read(2, HOME)]
    )
    assert (found["about"].mean, found["about"].n) == (0.5, 2)


def test_of_several_things_the_pair_that_agrees_best_counts() -> None:
    found = means([read(0, SISTER)], [read(0, HOME, SISTER)])
    assert {found[name] for name in ("kind", "value", "about", "polarity", "changes")} == {1.0}


def test_the_second_person_of_the_rules_is_no_disagreement() -> None:
    mine, yours = (Understood("hobby", "", value, 1, False, 1.0) for value in ("my allotment", "your allotment"))
    assert means([read(0, mine)], [read(0, yours)])["value"] == 1.0


def test_two_samples_are_not_compared() -> None:
    with pytest.raises(ImprintError, match="same turns"):
        agreement_of([read(0)], [read(1)])


def test_a_sample_is_half_telling_and_its_seed_decides() -> None:
    said = [turn(number, tells=number % 4 == 0) for number in range(40)]
    drawn = sample(said, 10)
    assert sum(one.told is not None for one in drawn) == 5
    assert drawn == sample(said, 10) != sample(said, 10, seed=1)
    assert [one.id for one in drawn] == sorted(one.id for one in drawn)
    assert sum(one.told is None for one in sample(said, 30)) == 20  # all ten that tell
    assert sample(said, 0) == said


def test_every_reader_is_compared_with_one_and_with_the_labels() -> None:
    readers = {
        "teacher": [read(0, HOME), read(1, tells=False)],
        "rules": [read(0), read(1, tells=False)],
    }
    found = compared(readers, "teacher")
    assert list(found["agreement"]) == ["rules"]
    assert found["agreement"]["rules"]["tells"]["mean"] == 0.5
    assert found["scores"]["teacher"]["tells_f1"]["mean"] == found["scores"]["teacher"]["value"]["mean"] == 1.0
    assert found["scores"]["rules"]["value"]["mean"] == 0.0
    assert found["milliseconds"] == {"teacher": 2.0, "rules": 2.0}
