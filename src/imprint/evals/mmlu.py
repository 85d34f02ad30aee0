"""MMLU with a memory active: does it leave general knowledge alone (Hendrycks et al., arXiv 2009.03300)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from imprint.data import turn_id
from imprint.data.files import load_json
from imprint.evals.benchmark import Benchmark
from imprint.evals.choice import choice_scores, rotations
from imprint.evals.items import Answers, Item, Lettered, Loaded, Person, Scores
from imprint.evals.rows import csv_rows, evenly, open_request
from imprint.types import ImprintError, Turn

SUBJECTS = 57
"""How many the published test set has."""
MAX_SHOTS = 5
"""Questions a subject has in dev/."""
SCRIPT = Path(__file__).parents[3] / "examples" / "maya.json"
"""Whose memory is active unless an option names another script."""
_LETTERS = "ABCD"
_HEADER = ["question", "choice0", "choice1", "choice2", "choice3", "answer"]
_ANSWERS = {**{str(i): i for i in range(4)}, **{letter: i for i, letter in enumerate(_LETTERS)}}
_LAYOUT = "Name the folder that has test/SUBJECT_test.csv and dev/SUBJECT_dev.csv"


@dataclass(frozen=True)
class MMLUOptions:
    """Table `[evals.mmlu]`."""

    shots: int = 0
    """Solved questions of the subject before each question, from dev/; 0 to 5."""
    subjects: tuple[str, ...] = ()
    """Names of the files in test/ without "_test.csv"; none: all."""
    rotate: bool = False
    """Whether the letters are asked for in all four rotations of the options."""
    memory: str = ""
    """The conversation whose memory is active: a script as examples/maya.json, which is the default."""

    def __post_init__(self) -> None:
        if not 0 <= self.shots <= MAX_SHOTS:
            raise ValueError(f"shots is {self.shots}, expected 0 to {MAX_SHOTS}")


@dataclass(frozen=True)
class _Row:
    subject: str
    id: str
    question: str
    options: tuple[str, ...]
    right: int

    def shown(self, order: Sequence[int]) -> str:
        """The question and its options as published, up to where the letter stands."""
        listed = [f"{letter}. {self.options[i]}" for letter, i in zip(_LETTERS, order, strict=True)]
        return "\n".join([self.question, *listed, "Answer:"])


class MMLU(Benchmark):
    """One made-up user whose memory has nothing to do with what is asked."""

    name: ClassVar[str] = "mmlu"
    options_class: ClassVar[type] = MMLUOptions
    headline: ClassVar[str] = "letter"
    licence: ClassVar[str] = "MIT"

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """data: the folder with test/ and dev/. At most `limit` questions, evenly over subjects."""
        subjects = self._subjects(data)
        files = list(subjects.values())
        rows = [row for name, path in subjects.items() for row in _rows(path, name)]
        rows = [rows[place] for place in evenly([row.subject for row in rows], limit, f"{self.name}-{seed}")]
        openings = dict.fromkeys(subjects, "")
        if self.options.shots:
            for name, path in subjects.items():
                path = path.parents[1] / "dev" / f"{name}_dev.csv"
                openings[name] = self._solved(path, name)
                files.append(path)
        script = Path(self.options.memory) if self.options.memory else SCRIPT
        user, turns = _told(script)
        person = Person(user, turns, tuple(self._item(row, openings[row.subject]) for row in rows))
        return Loaded((person,), (*files, script), self._note(len(subjects)))

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """`choice_scores` of the letters; and "unchanged": 1 where the letter picked is the bare model's."""
        scores = choice_scores(item, answers, bare)
        if answers.letters and bare.letters:
            picks = [max(range(len(found)), key=found.__getitem__) for found in (answers.letters[0], bare.letters[0])]
            scores["unchanged"] = float(picks[0] == picks[1])
        return scores

    def _subjects(self, data: Path | None) -> dict[str, Path]:
        """The test file of each subject that is asked, by name."""
        if data is None:
            raise ImprintError("mmlu needs its data", f"Use --data. {_LAYOUT}")
        if not (data / "test").is_dir():
            raise ImprintError(f"{data} is not an MMLU folder: it has no folder test", _LAYOUT)
        found = {path.name.removesuffix("_test.csv"): path for path in sorted((data / "test").glob("*_test.csv"))}
        if not found:
            raise ImprintError(f"{data / 'test'} has no file SUBJECT_test.csv", _LAYOUT)
        for name in self.options.subjects:
            if name not in found:
                raise ImprintError(
                    f"{data / 'test'} has no subject {name!r}", "A subject is a file's name before _test"
                )
        return {name: path for name, path in found.items() if name in (self.options.subjects or found)}

    def _solved(self, path: Path, subject: str) -> str:
        """The first questions of a subject's dev file with their letters."""
        rows = _rows(path, subject)
        if len(rows) < self.options.shots:
            raise ImprintError(
                f"{path} has {len(rows)} questions, fewer than the {self.options.shots} shots", "Set shots"
            )
        order = rotations(len(_LETTERS))[0]
        return "".join(f"{row.shown(order)} {_LETTERS[row.right]}\n\n" for row in rows[: self.options.shots])

    def _item(self, row: _Row, solved: str) -> Item:
        orders = rotations(len(_LETTERS)) if self.options.rotate else rotations(len(_LETTERS))[:1]
        # The published code puts two spaces before the subject; everybody after it puts one.
        about = f"The following are multiple choice questions (with answers) about {row.subject.replace('_', ' ')}."
        prompts = [Lettered(f"{about}\n\n{solved}{row.shown(order)}", tuple(_LETTERS), order) for order in orders]
        return Item(
            id=row.id,
            question=row.question,
            kind=row.subject,
            answer=row.options[row.right],
            right=row.right,
            lettered=tuple(prompts),
        )

    def _note(self, subjects: int) -> str:
        note = f"{self.options.shots}-shot; the published prompt is one user turn and the letter the assistant's reply"
        return note if subjects == SUBJECTS else f"{note}; {subjects} of {SUBJECTS} subjects"


def _rows(path: Path, subject: str) -> list[_Row]:
    """The questions of one file, with a header and the answers 0 to 3, or as published: no header, A to D."""
    request = open_request(path)
    rows = []
    for line, cells in csv_rows(request):
        if len(cells) != len(_HEADER):
            problem = f"expected {len(_HEADER)} columns, found {len(cells)}"
            raise request.wrong(f"line {line}", problem, "An MMLU row is a question, four choices and the answer")
        if not rows and cells == _HEADER:
            continue
        question, *options, answer = cells
        if answer not in _ANSWERS:
            raise request.wrong(f"line {line}", "the answer is neither 0 to 3 nor A to D")
        if not all(cell.strip() for cell in cells):
            raise request.wrong(f"line {line}", "an empty question or choice")
        rows.append(_Row(subject, f"{subject}-{len(rows)}", question, tuple(options), _ANSWERS[answer]))
    if not rows:
        raise request.wrong("", "no questions in it", "Get the file again")
    return rows


def _told(path: Path) -> tuple[str, tuple[Turn, ...]]:
    """The user of a script and what they and the assistant say. Its questions are not read."""
    if not path.is_file():
        raise ImprintError(f"there is no {path}", "Run from a clone, or name a script with --set memory=FILE")
    request = open_request(path)
    script: Mapping[str, object] = request.need(load_json(request), dict, "")
    user = request.need(script.get("user"), str, "user")
    turns = []
    for place, message in enumerate(request.need(script.get("turns"), list, "turns")):
        message = request.need(message, dict, f"turns[{place}]")
        role, text = message.get("role"), request.need(message.get("text"), str, f"turns[{place}].text")
        if role not in ("user", "assistant"):
            raise request.wrong(f"turns[{place}].role", 'expected "user" or "assistant"')
        turns.append(Turn(turn_id("mmlu", place, role, text, ""), user, role, text, "", "mmlu"))
    return user, tuple(turns)
