"""Which turns bm25 and dense choose, against naive rankings, and how turns stand in the prompt."""

from math import fsum, log

import pytest

from imprint.backbone.tiny import tiny_backbone
from imprint.encode.hashing import Hashing
from imprint.methods.bm25 import BM25, BM25Config
from imprint.methods.dense import Dense, DenseConfig
from imprint.methods.full_context import FullContext, FullContextConfig
from imprint.methods.parts.transcript import EXAMPLES, HEADING, INSTRUCTION, Format, day, transcript
from imprint.tensors import Context
from imprint.types import Turn
from tests.contracts.samples import told, turn
from tests.equations import naive

LINES: tuple[str, ...] = (
    "tea grows uphill",
    "green tea keeps green leaves green",
    "boats sail past boats",
    "uphill roads tire boats",
    "green boats",
    "leaves fall",
    "roads sail uphill past green tea leaves",
)
QUESTION = "green tea uphill"
DATED = [
    Turn("0" * 16, "ottilie", "user", "I moved to Lund.", "2023-05-08T13:56:00+00:00"),
    Turn("1" * 16, "ottilie", "assistant", "How nice!", "2023-05-08T13:57:00+00:00"),
    Turn("2" * 16, "ottilie", "user", "I play the cello."),
]
LISTED = f"{HEADING}\n- 8 May 2023: I moved to Lund.\n- I play the cello."
FORMATS: dict[Format, str] = {
    "notes": LISTED,
    "instruct": f"{LISTED}\n\n{INSTRUCTION}",
    "few_shot": f"{EXAMPLES}\n\n{LISTED}\n\n{INSTRUCTION}",
    "quote": f'{HEADING}\n- 8 May 2023: The user said: "I moved to Lund."\n- The user said: "I play the cello."',
}
BACKBONE, ENCODER = tiny_backbone("llama"), Hashing()
WIDE = tiny_backbone("llama")
WIDE.window = 4096


def chosen(method: BM25 | Dense, question: str) -> list[str]:
    context = method.read(method.write(method.empty(), told(*LINES)), [turn(700, question)])
    assert isinstance(context, Context)
    return [line.removeprefix("- ") for line in context.text.splitlines()[1:]]


@pytest.mark.parametrize("top", [1, 3, 5])
@pytest.mark.parametrize("question", [QUESTION, "boats", "leaves past roads"])
def test_dense_reads_the_turns_with_the_largest_cosine(top: int, question: str) -> None:
    vectors = naive.table(ENCODER.encode([*LINES, question]))
    asked = vectors.pop()
    cosine = [naive.dot(v, asked) / (naive.dot(v, v) * naive.dot(asked, asked)) ** 0.5 for v in vectors]
    best = sorted(range(len(LINES)), key=lambda i: -cosine[i])[:top]
    assert chosen(Dense(DenseConfig(top=top, format="notes"), BACKBONE, ENCODER), question) == [
        LINES[i] for i in sorted(best)
    ]


def bm25_scores(question: str, k1: float, b: float) -> list[float]:
    """METHODS 3, word by word; none of these words is a stop word, and no two share a stem."""
    texts = [line.split() for line in LINES]
    mean = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        parts = []
        for word in question.split():
            holding, f = sum(word in other for other in texts), text.count(word)
            idf = log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            parts.append(idf * f * (k1 + 1) / (f + k1 * (1 - b + b * len(text) / mean)))
        scores.append(fsum(parts))
    return scores


@pytest.mark.parametrize("top", [1, 2, 5])
@pytest.mark.parametrize(("k1", "b"), [(1.5, 0.75), (0.3, 0.0)])
def test_bm25_reads_the_turns_with_the_largest_score(top: int, k1: float, b: float) -> None:
    scores = bm25_scores(QUESTION, k1, b)
    best = [i for i in sorted(range(len(LINES)), key=lambda i: -scores[i])[:top] if scores[i] > 0]
    found = chosen(BM25(BM25Config(top=top, k1=k1, b=b, format="notes"), BACKBONE, ENCODER), QUESTION)
    assert found == [LINES[i] for i in sorted(best)]


def test_bm25_reads_nothing_where_no_word_is_shared() -> None:
    method = BM25(BM25Config(), BACKBONE, ENCODER)
    for said, question in ((LINES, "violins"), (LINES, "the"), (LINES, ""), (("to be", "?"), "green tea")):
        assert method.read(method.write(method.empty(), told(*said)), [turn(700, question)]) is None


@pytest.mark.parametrize("style", FORMATS)
def test_turns_stand_in_the_prompt_as_the_format_says(style: Format) -> None:
    methods = [
        FullContext(FullContextConfig(format=style), WIDE, ENCODER),
        Dense(DenseConfig(format=style), WIDE, ENCODER),
        BM25(BM25Config(format=style), WIDE, ENCODER),
    ]
    for method in methods:
        memory = method.write(method.empty(), DATED)
        assert method.read(memory, [turn(700, "Who moved to Lund and plays the cello?")]) == Context(FORMATS[style])


def test_a_memory_of_text_holds_times_and_no_blank_turn() -> None:
    method = FullContext(FullContextConfig(), BACKBONE, ENCODER)
    kept = transcript(method.write(method.write(method.empty(), DATED[:2]), [*told("", "  \n"), DATED[2]]))
    assert [(said.text, said.time) for said in kept] == [(t.text, t.time) for t in DATED if t.role == "user"]


def test_times_become_dates() -> None:
    assert day("2023-05-08T13:56:00+00:00") == day("2023-05-08") == day("2023-05-08T13:56:00Z") == "8 May 2023"
    assert day("1999-12-31") == "31 December 1999"
    assert day("") == day("last week") == ""


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_full_context_fills_its_share_and_never_more(style: Format, share: float) -> None:
    backbone = tiny_backbone("llama")
    backbone.window = 2400
    said = told(*(f"On day {i} I walked {i * i} steps." for i in range(80)))
    method = FullContext(FullContextConfig(share=share, format=style), backbone, ENCODER)
    context = method.read(method.write(method.empty(), said), [turn(700, "How far did I walk?")])
    budget = int(share * backbone.window)
    if context is None:
        assert style == "few_shot"
        assert len(EXAMPLES) > budget - 150
        return
    assert isinstance(context, Context)
    used = len(backbone.tokenize(context.text))
    assert budget - 60 < used <= budget
    lines = [line for line in context.text.replace(EXAMPLES, "").splitlines() if line.startswith("- ")]
    assert len(lines) < 80
    assert all(said[80 - len(lines) + i].text in line for i, line in enumerate(lines))


def test_a_turn_that_is_too_long_on_its_own_is_passed_over() -> None:
    backbone = tiny_backbone("llama")
    said = told("I live in Lund.", "lund " * 200, "I like tea.")
    for method in (
        FullContext(FullContextConfig(format="notes"), backbone, ENCODER),
        Dense(DenseConfig(format="notes"), backbone, ENCODER),
    ):
        read = method.read(method.write(method.empty(), said), [turn(700, "lund")])
        assert read == Context(f"{HEADING}\n- I live in Lund.\n- I like tea.")
