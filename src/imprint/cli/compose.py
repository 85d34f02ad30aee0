"""`imprint study compose`: users for a benchmark, out of the corpus."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from imprint.cli.options import Json, emit


def compose(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The JSON lines to write.", show_default=False)],
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    part: Annotated[Literal["train", "dev", "test"], typer.Option("--part", help="Whose turns.")] = "test",
    users: Annotated[int, typer.Option("--users", min=1, help="How many.")] = 20,
    facts: Annotated[int, typer.Option("--facts", min=1, help="Things each of them tells.")] = 14,
    changed: Annotated[int, typer.Option("--changed", min=0, help="Of these, things told anew later.")] = 2,
    questions: Annotated[int, typer.Option("--questions", min=1, max=3, help="Questions about each thing.")] = 1,
    never_told: Annotated[
        int, typer.Option("--never-told", min=0, help="Questions each about what they did not tell.")
    ] = 6,
    seed: Annotated[int, typer.Option("--seed", help="Other users with another seed.")] = 0,
    as_json: Json = False,
) -> None:
    """Compose users from the corpus, for imprint eval recall --data FILE.

    They tell things in turns of the corpus, among turns that tell nothing, and change some of them later.

    Example: imprint study compose --part dev --users 2 --out users.jsonl
    """
    from imprint.data.talk import read_talk
    from imprint.evals import talk_users

    rows = talk_users.compose(read_talk(data), part, users, facts, changed, seed, questions, never_told)
    _write(out, rows)
    turns, asked = (sum(len(row[key]) for row in rows) for key in ("turns", "questions"))
    if as_json:
        emit({"users": len(rows), "turns": turns, "questions": asked, "file": str(out)})
    else:
        typer.echo(f"{len(rows)} users, {turns} turns, {asked} questions: {out}")


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    """All lines or none: a file that is there is replaced when the new one is whole."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)
