"""Which study questions a fit learns."""

from dataclasses import replace

import pytest

from imprint.methods.parts.study_rows import fit_rows
from imprint.study.questions import make_study
from imprint.types import Fact
from tests.contracts.samples import TELLING

STUDY = make_study(TELLING)


@pytest.mark.parametrize("recall", [1, 2, 4])
@pytest.mark.parametrize("yes_no", [0, 1, 3])
def test_a_few_of_each_kind_in_the_order_of_the_study(recall: int, yes_no: int) -> None:
    rows = fit_rows(STUDY.facts, STUDY, recall, yes_no)
    for kind in ("yes", "no"):
        of_kind = [q.text for q in STUDY.questions if q.kind == kind]
        assert [row.text for row in rows if row.kind == kind] == of_kind[:yes_no]
        assert {row.answer for row in rows if row.kind == kind} <= {f"{kind.capitalize()}."}
    for number, fact in enumerate(STUDY.facts):
        asked = [q for q in STUDY.questions if q.fact == number]
        wanted = [q for q in asked if q.kind == "recall"][:recall]
        if fact.kind == "statement":
            wanted = [q for q in asked if q.kind not in ("yes", "no")]
        assert wanted
        assert [row for row in rows if row.fact == number and row.kind not in ("yes", "no")] == wanted


def test_rows_are_numbered_as_the_memory_numbers_its_facts() -> None:
    mine: list[Fact] = [*reversed(STUDY.facts)]
    last = len(mine) - 1
    moved = [replace(row, fact=last - row.fact) for row in fit_rows(STUDY.facts, STUDY, 2, 8)]
    assert fit_rows(mine, STUDY, 2, 8) == moved
