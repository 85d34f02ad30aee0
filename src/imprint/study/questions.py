"""Facts -> study material: how each fact is asked for, confirmed and denied; one fact independent of the next."""

import hashlib
import random
from collections.abc import Sequence

from imprint.detect.rules import RuleDetector
from imprint.study.bank import filled, load_kinds
from imprint.study.claims import label_of, lowered, question_of, statement_of, told_question_of
from imprint.study.nearmiss import false_question, foreign_topic, known_words
from imprint.study.reader import Reader, read_on
from imprint.study.readers import RULES
from imprint.types import Fact, Question, QuestionKind, Study, Turn

__all__ = ["make_study", "questions_of", "statement_of", "wordings_of"]

_STATEMENT_ROWS = 1
"""Questions made of a statement that no pattern reads."""
_ABOUT = (
    "What did I tell you about {x}?",
    "What do you remember about {x}?",
    "What have I said about {x}?",
    "Tell me what you know about {x}.",
)


def wordings_of(fact: Fact) -> list[str]:
    """All wordings of the bank that ask for this fact: the keys of its slot."""
    kind = load_kinds().get(fact.kind) or load_kinds()["about"]
    return [filled(wording, fact.about) for wording in kind.ask]


def questions_of(fact: Fact, number: int, known: set[str], seed: int, wordings: int) -> list[Question]:
    """The rows of one fact: recall, about, yes and (where a safe one exists) no.

    `number`: the fact's index in the study. `known`: words of everything remembered, which a "no" must avoid.
    """
    key = f"{seed}\0{fact.kind}\0{fact.about}\0{fact.value}\0{fact.polarity}"
    draw = random.Random(hashlib.sha256(key.encode()).digest())
    asked = wordings_of(fact)
    if fact.kind == "statement":
        return [Question(text, fact.value, "about", fact.turn, number) for text in draw.sample(asked, _STATEMENT_ROWS)]
    rows: list[tuple[str, str, QuestionKind]]
    rows = [(text, fact.value, "recall") for text in draw.sample(asked, min(wordings, len(asked)))]
    rows.append((draw.choice(_ABOUT).replace("{x}", label_of(fact)), fact.value, "about"))
    statement = lowered(statement_of(fact))
    rows.append((draw.choice((question_of, told_question_of))(fact), f"Yes, {statement}", "yes"))
    false = false_question(fact, known, key)
    if false:
        rows.append((false, f"No, {statement}", "no"))
    elif topic := foreign_topic(known, key):
        rows.append(
            (f"Did I tell you anything about my {topic}?", f"No, you have not told me about your {topic}.", "no")
        )
    return [Question(text, answer, kind, fact.turn, number) for text, answer, kind in rows]


def make_study(turns: Sequence[Turn], reader: Reader = RULES, seed: int = 0, wordings: int = 6) -> Study:
    """What `reader` understood from the user's own turns, and questions and answers about it (METHODS 4.2, 4.3).

    The same turns, reader, seed and wordings give the same study; turns without a fact change nothing of the others'
    questions.
    """
    facts, _ = read_on(reader, (), turns)
    own = tuple(turn for turn in turns if turn.role == "user")
    judge, read_from = RuleDetector(), {fact.turn for fact in facts}
    remembered = [turn.text for turn in own if turn.id in read_from or judge.probability(turn, None) >= 0.5]
    known = known_words([*remembered, *(f"{fact.about} {fact.value}" for fact in facts)])
    questions = [row for number, fact in enumerate(facts) for row in questions_of(fact, number, known, seed, wordings)]
    return Study(facts, tuple(questions), own)
