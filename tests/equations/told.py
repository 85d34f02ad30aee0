"""What the fitted baselines learn in these tests."""

from imprint.methods.parts.study_rows import fit_rows
from imprint.study.questions import make_study
from imprint.types import Question
from tests.contracts.samples import told

TURNS = told("My dog is called Biscuit.", "How tall is a giraffe?", "I live in Aarhus.")
STUDY = make_study(TURNS)


def questions(study_rows: int = 1) -> list[Question]:
    return fit_rows(STUDY.facts, STUDY, study_rows, 8)
