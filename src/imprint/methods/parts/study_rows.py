"""The rows of a fit: which study questions every fitted memory learns from."""

from collections.abc import Sequence
from dataclasses import replace

from imprint.types import Fact, Question, Study


def fit_rows(facts: Sequence[Fact], study: Study, study_rows: int, yes_no_rows: int) -> list[Question]:
    """At most `study_rows` recall questions a fact; `yes_no_rows` yes and as many no questions over all facts.

    Yes and no questions have the bare word as answer. `Question.fact` becomes the fact's place in `facts`.
    """
    taken, answers = [0] * len(facts), {"yes": 0, "no": 0}
    place = {fact: i for i, fact in enumerate(facts)}
    rows = []
    for question in study.questions:
        fact = place[study.facts[question.fact]]
        if question.kind in ("yes", "no"):
            answers[question.kind] += 1
            if answers[question.kind] > yes_no_rows:
                continue
            rows.append(replace(question, answer=question.kind.capitalize() + ".", fact=fact))
        elif facts[fact].kind == "statement" or question.kind == "recall" and taken[fact] < study_rows:
            taken[fact] += question.kind == "recall"
            rows.append(replace(question, fact=fact))
    return rows
