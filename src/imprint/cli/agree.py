"""`imprint study agree`: a language model beside the shipped readers of turns."""

import os
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from imprint.cli.options import Json, emit
from imprint.types import ImprintError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imprint.cli.readings import Readings
    from imprint.data.talk import Said
    from imprint.evals.reading import Outcome
    from imprint.study.reader import Reader
    from imprint.study.teacher_reader import TeacherReader
    from imprint.types import Progress


def agree(
    endpoint: Annotated[
        str, typer.Option("--endpoint", metavar="URL", help="The OpenAI-compatible endpoint, with its version.")
    ],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Which of its models reads.")],
    key_variable: Annotated[
        str,
        typer.Option("--api-key-env", metavar="VAR", help="Environment variable with its key.", show_default=False),
    ] = "",
    token_budget: Annotated[
        int, typer.Option("--token-budget", metavar="N", min=1, help="Most tokens spent in all.")
    ] = 200_000,
    reply_tokens: Annotated[
        int, typer.Option("--reply-tokens", metavar="N", min=1, help="Most tokens of one reply.")
    ] = 1024,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="What a call may take.")] = 60.0,
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    part: Annotated[Literal["train", "dev", "test"], typer.Option("--part", help="Which voices.")] = "dev",
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Turns read, half of them telling nothing; 0: all.")
    ] = 50,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A JSON file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Compare a language model with the shipped readers on a sample of the corpus.

    How far they agree, how right each one is, what the model cost. The sample goes to the endpoint; no user's turns do.

    Example: imprint study agree --endpoint http://127.0.0.1:11434/v1 --model qwen2.5:7b --limit 50
    """
    from imprint.cli.bars import Bar
    from imprint.cli.readings import write_readings
    from imprint.data.talk import read_talk
    from imprint.evals.agreement import compared, sample
    from imprint.evals.reading import read_all
    from imprint.evals.results import code_at_work
    from imprint.study.endpoint import Endpoint
    from imprint.study.teacher_reader import TeacherReader

    if out is not None and not out.parent.is_dir():
        raise ImprintError(f"there is no folder {out.parent} for --out", "Make it first")
    asked = Endpoint("teacher", endpoint, model, _key(key_variable), timeout)
    said = sample(read_talk(data).part(part), limit)
    if not said:
        raise ImprintError(f"{data} holds no turns of the part {part}", "Choose another --part")
    code, start, shipped = code_at_work(), (os.getloadavg()[0], time.time()), _shipped()
    with closing(TeacherReader(asked, 2, token_budget, reply_tokens)) as teacher, Bar() as bar:
        outcomes = {"teacher": _as_far_as_paid(said, teacher, bar)}
        turns = len(outcomes["teacher"])
        outcomes |= {name: read_all(said[:turns], reader, bar) for name, reader in shipped.items()}
    ids = {name: reader.id for name, reader in {"teacher": teacher, **shipped}.items()}
    counts = {"part": part, "turns": turns, "sample": len(said), "readers": ids, "teacher": _spent(teacher)}
    result = {**compared(outcomes, "teacher"), **counts}
    if out is not None:
        write_readings(out, _result(result), data, code, start)
    if as_json:
        emit(result)
    else:
        _show(result, out)


def _as_far_as_paid(said: "Sequence[Said]", teacher: "TeacherReader", bar: "Progress") -> "list[Outcome]":
    """What the teacher read before its budget was spent; ImprintError where that is nothing."""
    from imprint.evals.reading import read_each
    from imprint.study.teacher_reader import BudgetSpent

    outcomes: list[Outcome] = []
    try:
        outcomes.extend(read_each(said, teacher, bar))
    except BudgetSpent:
        if not outcomes:
            raise
    return outcomes


def _key(variable: str) -> str:
    key = os.environ.get(variable, "") if variable else ""
    if variable and not key:
        raise ImprintError(f"the environment has no {variable}", "Set it to the endpoint's key, or drop --api-key-env")
    return key


def _shipped() -> "dict[str, Reader]":
    """The readers that come with imprint; the learned one where its weights are there."""
    from imprint.config import home_folder
    from imprint.encode.minilm import MiniLM, find_weights
    from imprint.study.extractor.extractor import SHIPPED, open_extractor
    from imprint.study.learned import LearnedReader
    from imprint.study.readers import RULES

    if not SHIPPED.is_file():
        return {"rules": RULES}
    return {"rules": RULES, "learned": LearnedReader(open_extractor(MiniLM(find_weights(), home_folder())))}


def _spent(teacher: "TeacherReader") -> dict[str, int]:
    return {
        "calls": teacher.calls,
        "refused_replies": teacher.calls - teacher.turns + teacher.refused,
        "unread_turns": teacher.refused,
        "tokens": teacher.tokens,
    }


def _result(result: dict[str, Any]) -> "Readings":
    """Each reader's scores against the labels and, of the shipped ones, how far the model agrees with them."""
    from imprint.cli.readings import Readings

    arms = {}
    for name, scores in result["scores"].items():
        agreed = {f"agrees_{score}": one for score, one in result["agreement"].get(name, {}).items()}
        took = {"mean": result["milliseconds"][name], "low": None, "high": None, "n": result["turns"]}
        found = {**scores, **agreed, "milliseconds": took}
        arms[name] = {"method": name, "settings": {"reader": result["readers"][name]}, "scores": found, "cost": {}}
    spent = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in result["teacher"].items())
    part = result["part"]
    return Readings("agreement", "tells_f1", {"part": part}, {part: result["turns"]}, arms, f"The teacher: {spent}")


def _show(result: dict[str, Any], out: Path | None) -> None:
    """Agreement with each shipped reader, each one's scores, what the teacher cost, and where the file is."""
    for name, found in result["agreement"].items():
        typer.echo(f"teacher and {name} agree")
        _rows(found)
    for name, found in result["scores"].items():
        typer.echo(f"{name} against the labels, {result['milliseconds'][name]:.0f} ms a turn")
        _rows(found)
    spent = result["teacher"]
    typer.echo(
        f"The teacher: {spent['calls']} replies, {spent['refused_replies']} of them refused, "
        f"{spent['unread_turns']} of {result['turns']} turns left unread, {spent['tokens']} tokens"
    )
    if result["turns"] < result["sample"]:
        typer.echo(
            f"Its budget was spent after {result['turns']} of {result['sample']} turns: raise --token-budget for all"
        )
    if out is not None:
        typer.echo(f"Wrote {out}")


def _rows(found: dict[str, Any]) -> None:
    for name, one in found.items():
        typer.echo(f"  {name:18} {one['mean']:.2f} [{one['low']:.2f}, {one['high']:.2f}], {one['n']} turns")
