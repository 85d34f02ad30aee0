"""PersonaMem v1: what a user would like to hear, asked at a point of a long history (arXiv 2504.14225)."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from imprint.data import turn_id
from imprint.data.files import parse_json
from imprint.data.messages import Request, listing
from imprint.evals.benchmark import Benchmark
from imprint.evals.choice import choice_scores, rotations
from imprint.evals.items import Answers, Item, Lettered, Loaded, Person, Scores
from imprint.evals.rows import csv_rows, evenly, open_request, text_lines
from imprint.types import ImprintError, Role, Turn

INSTRUCTION = (
    "Find the most appropriate model response and give your final answer (a), (b), (c), or (d) "
    "after the special token <final_answer>."
)
TYPES = (
    "recall_user_shared_facts",
    "recalling_facts_mentioned_by_the_user",
    "suggest_new_ideas",
    "acknowledge_latest_user_preferences",
    "track_full_preference_evolution",
    "recalling_the_reasons_behind_previous_updates",
    "provide_preference_aligned_recommendations",
    "generalizing_to_new_scenarios",
)
"""The seven names of the 32k version, and one that only the longer versions have."""
OTHER_NAMES = {
    "track_full_preference_updates": "track_full_preference_evolution",
    "revisit_reasons_behind_preference_updates": "recalling_the_reasons_behind_previous_updates",
    "generalize_to_new_scenarios": "generalizing_to_new_scenarios",
}
"""What the longer versions call a type of the 32k version."""
REPLY_TOKENS = 512
"""Longest generated reply; the published code leaves it to the provider."""
_MARKS = "abcd"
_COLUMNS = (
    "question_id",
    "question_type",
    "user_question_or_message",
    "correct_answer",
    "all_options",
    "shared_context_id",
    "end_index_in_shared_context",
)
_ROLES: dict[str, Role] = {"user": "user", "assistant": "assistant", "system": "user"}
_CONTEXT_ID = re.compile(r"[0-9A-Za-z._@+-]{1,100}")
_DOWNLOAD = "The data set is the hub's bowen-upenn/PersonaMem: questions_32k.csv and shared_contexts_32k.jsonl"


@dataclass(frozen=True)
class PersonaMemOptions:
    """Table `[evals.personamem]`."""

    contexts: str = ""
    """The contexts file; empty: beside the questions, "questions" in its name replaced by "shared_contexts"."""
    generate: bool = False
    """Also generate a reply to the published prompt and extract its letter. For models above 1B parameters."""
    system_messages: bool = False
    """Whether the system messages, which describe the persona, are told as turns of the user."""
    types: tuple[str, ...] = ()
    """Question types that are asked; none: all."""
    rotate: bool = False
    """Whether the letters are asked for in all four rotations of the options."""

    def __post_init__(self) -> None:
        for name in self.types:
            if name not in TYPES:
                raise ValueError(f"types has {name!r}, expected some of {', '.join(TYPES)}")


@dataclass(frozen=True)
class _Question:
    line: int
    id: str
    kind: str
    text: str
    options: tuple[str, ...]
    """Without their marks."""
    right: int
    context: str
    end: int


@dataclass(frozen=True)
class _Context:
    line: int
    messages: list[Any]


class PersonaMem(Benchmark):
    """One user for each point of a history at which something is asked: the messages before it are told."""

    name: ClassVar[str] = "personamem"
    options_class: ClassVar[type] = PersonaMemOptions
    headline: ClassVar[str] = "normalised"
    licence: ClassVar[str] = "no licence statement found: evaluation only, your own download"

    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """data: a questions file, or the folder of one. At most `limit` questions, evenly over their types."""
        path, beside = _files(data, self.options.contexts)
        every = [q for q in _questions(open_request(path)) if q.kind in (self.options.types or (q.kind,))]
        if not beside.is_file():
            remedy = f"Name the file with --set contexts=FILE. {_DOWNLOAD}"
            raise ImprintError(f"the contexts of {path} are missing: there is no {beside}", remedy)
        contexts = _contexts(open_request(beside), {q.context for q in every})
        for question in every:
            if question.context not in contexts:
                problem = f"{path}: line {question.line}: its shared_context_id is not in {beside}"
                raise ImprintError(problem, "Take both files from one version of the data set")
        inside = [q for q in every if 0 < q.end <= len(contexts[q.context].messages)]
        if not inside:
            raise ImprintError(f"{path} has no question left to ask", "Choose other types, or get the file again")
        seed_text = f"{self.name}-{seed}"
        chosen = [inside[place] for place in evenly([q.kind for q in inside], limit, seed_text)]
        people = self._people(chosen, contexts, open_request(beside))
        return Loaded(people, (path, beside), self._note(len(every) - len(inside)))

    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """`choice_scores`; and of a generated reply "extracted": 1 where the published code finds the right letter."""
        scores = choice_scores(item, answers, bare)
        if item.new_tokens:
            scores["extracted"] = float(names_only(answers.reply, _MARKS[item.right]))
        return scores

    def _people(
        self, chosen: Sequence[_Question], contexts: Mapping[str, _Context], request: Request
    ) -> tuple[Person, ...]:
        groups: dict[tuple[str, int], list[_Question]] = {}
        for question in chosen:
            groups.setdefault((question.context, question.end), []).append(question)
        told = {
            name: list(_turns(name, contexts[name], self.options.system_messages, request))
            for name in dict.fromkeys(question.context for question in chosen)
        }
        people = []
        for (context, end), questions in groups.items():
            user = f"{context}-{end}"
            turns = tuple(replace(turn, user=user) for place, turn in told[context] if place < end)
            people.append(Person(user, turns, tuple(self._item(question) for question in questions)))
        return tuple(people)

    def _item(self, question: _Question) -> Item:
        orders = rotations(len(_MARKS)) if self.options.rotate else rotations(len(_MARKS))[:1]
        prompts = tuple(_prompt(question, order) for order in orders)
        return Item(
            id=question.id,
            question=question.text,
            kind=question.kind,
            answer=question.options[question.right],
            new_tokens=REPLY_TOKENS if self.options.generate else 0,
            options=question.options,
            right=question.right,
            lettered=prompts,
            ask=prompts[0].text if self.options.generate else "",
        )

    def _note(self, skipped: int) -> str:
        parts = ["the published board scores a generated letter (extracted); joint is the paper's generative mode"]
        if self.options.system_messages:
            parts.append("system messages, which describe the persona, are told as turns of the user")
        else:
            parts.append("system messages, which describe the persona, are left out; the published protocol shows them")
        if skipped:
            parts.append(f"{skipped} questions were left out: their end index is not inside their context")
        return "; ".join(parts)


def extract_letters(reply: str) -> frozenset[str]:
    """The letters a reply names after the last <final_answer>, or anywhere without that tag.

    As published (bowen-upenn/PersonaMem, inference_standalone_openai.py): letters in brackets, and only where there
    are none, letters that stand alone, articles and the d of "I'd" included.
    """
    return _letters(reply.split("<final_answer>")[-1])


def names_only(reply: str, gold: str) -> bool:
    """Whether a reply names `gold` ("a" to "d") and nothing else: after the tag, or else in the whole of it, the
    second chance of the published code."""
    return frozenset(gold) in (extract_letters(reply), _letters(reply))


def _letters(text: str) -> frozenset[str]:
    text = text.lower()
    return frozenset(re.findall(r"\(([a-d])\)", text) or re.findall(r"\b([a-d])\b", text))


def _prompt(question: _Question, order: Sequence[int]) -> Lettered:
    """The published prompt shows the options as the text of a Python list, marks and quotes included."""
    listed = [f"({mark}) {question.options[i]}" for mark, i in zip(_MARKS, order, strict=True)]
    text = f"{question.text}\n\n{INSTRUCTION}\n\n{listed!r}"
    return Lettered(text, tuple(f"({mark})" for mark in _MARKS), tuple(order))


def _files(data: Path | None, contexts: str) -> tuple[Path, Path]:
    """The questions file and its contexts file, which need not exist."""
    if data is None:
        raise ImprintError("personamem needs its data", f"Name it with --data. {_DOWNLOAD}")
    found = [data]
    if data.is_dir():
        found = [path for path in sorted(data.glob("*.csv")) if "questions" in path.stem]
        complete = [path for path in found if contexts or _beside(path).is_file()]
        found = complete or found
    if not found:
        raise ImprintError(f"{data} has no questions_*.csv: it is not a PersonaMem folder", _DOWNLOAD)
    if len(found) > 1:
        names = listing(path.name for path in found)
        raise ImprintError(f"{data} has several questions files: {names}", "Name one of them with --data")
    return found[0], Path(contexts) if contexts else _beside(found[0])


def _beside(path: Path) -> Path:
    """Where the contexts of a questions file lie as published: shared_contexts_32k.jsonl for questions_32k.csv."""
    return path.with_name(path.stem.replace("questions", "shared_contexts", 1) + ".jsonl")


def _questions(request: Request) -> Iterator[_Question]:
    rows = csv_rows(request)
    _, header = next(rows, (1, []))
    if missing := [column for column in _COLUMNS if column not in header]:
        problem = f"not a PersonaMem questions file: column {', '.join(missing)} missing"
        raise request.wrong("line 1", problem, _DOWNLOAD)
    seen: set[str] = set()
    for line, cells in rows:
        if len(cells) != len(header):
            raise request.wrong(f"line {line}", f"expected {len(header)} columns, found {len(cells)}")
        question = _question(line, dict(zip(header, cells, strict=True)), request)
        yield replace(question, id=f"{question.id}-{line}") if question.id in seen else question
        seen.add(question.id)


def _question(line: int, row: Mapping[str, str], request: Request) -> _Question:
    where = f"line {line}"
    options = _options(row["all_options"])
    if options is None:
        raise request.wrong(where, "all_options is not a list of four texts marked (a) to (d)")
    gold = row["correct_answer"].strip().lower().strip("()")
    if len(gold) != 1 or gold not in _MARKS:
        raise request.wrong(where, "correct_answer is none of (a), (b), (c), (d)")
    if not _CONTEXT_ID.fullmatch(row["shared_context_id"]):
        raise request.wrong(where, "shared_context_id is not 1 to 100 letters, digits and . _ @ + -")
    try:
        end = int(row["end_index_in_shared_context"])
    except ValueError:
        raise request.wrong(where, "end_index_in_shared_context is not a whole number") from None
    kind, text = row["question_type"], row["user_question_or_message"]
    if not kind or not text.strip() or not row["question_id"]:
        raise request.wrong(where, "question_id, question_type or user_question_or_message is empty")
    kind = OTHER_NAMES.get(kind, kind)
    return _Question(line, row["question_id"], kind, text, options, _MARKS.index(gold), row["shared_context_id"], end)


def _options(cell: str) -> tuple[str, ...] | None:
    """The four texts without their marks. The quoting is mixed, as Python prints lists: it is no JSON."""
    try:
        found = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if not isinstance(found, list) or len(found) != len(_MARKS):
        return None
    marks = [f"({mark}) " for mark in _MARKS]
    if not all(isinstance(text, str) and text.startswith(mark) for mark, text in zip(marks, found, strict=True)):
        return None
    texts = tuple(text.removeprefix(mark) for mark, text in zip(marks, found, strict=True))
    return texts if all(text.strip() for text in texts) else None


def _contexts(request: Request, wanted: set[str]) -> dict[str, _Context]:
    """Each wanted context by its id. Files of the 1M version are large: the others are not kept."""
    found: dict[str, _Context] = {}
    for line, text in text_lines(request):
        if not text.strip():
            continue
        value = request.need(parse_json(request, text, line), dict, f"line {line}")
        for name, messages in value.items():
            if name in wanted:
                found[name] = _Context(line, request.need(messages, list, f"line {line}: the context"))
    return found


def _turns(source: str, context: _Context, system: bool, request: Request) -> Iterator[tuple[int, Turn]]:
    """Place in the context and turn, of a user still to be named, of each message that is told."""
    told = 0
    for place, message in enumerate(context.messages):
        where = f"line {context.line}: [{place}]"
        message = request.need(message, dict, where)
        role, text = message.get("role"), request.need(message.get("content"), str, f"{where}.content")
        if role not in _ROLES:
            raise request.wrong(f"{where}.role", 'expected "user", "assistant" or "system"')
        label = f"{role.title()}:"
        if role != "system" and text.startswith(label):
            text = text.removeprefix(label).strip()
        if not text.strip() or (role == "system" and not system):
            continue
        text = request.accept(text, f"{where}.content")
        yield place, Turn(turn_id(source, told, _ROLES[role], text, ""), "", _ROLES[role], text, "", source)
        told += 1
