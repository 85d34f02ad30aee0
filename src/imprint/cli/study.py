"""`imprint study`: look at what was understood."""

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from imprint.cli.agree import agree
from imprint.cli.compose import compose
from imprint.cli.options import ConfigFile, Json, User, check_heard, emit, open_store
from imprint.types import ImprintError

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def study() -> None:
    """What was understood from which turn."""


@app.command()
def show(user: User, config: ConfigFile = None, as_json: Json = False) -> None:
    """Print what was understood from which turn, and the questions made of it.

    Example: imprint study show --user mira
    """
    user = check_heard(user)
    from imprint.cli.options import settings
    from imprint.cli.show import fact_line
    from imprint.config import home_folder
    from imprint.encode import open_encoder
    from imprint.study.questions import make_study
    from imprint.study.readers import RULES, open_reader

    found = settings(config)
    reader = open_reader(found.reader, open_encoder(found.encoder, home_folder())) if found.reader != "rules" else RULES
    with open_store() as store:
        made = make_study(store.turns(user), reader)
    if as_json:
        emit({"user": user, **asdict(made)})
        return
    if not made.facts:
        typer.echo(f"Nothing was understood from {user} yet")
    for number, fact in enumerate(made.facts):
        typer.echo(fact_line(fact))
        for question in made.questions:
            if question.fact == number:
                typer.echo(f"    {question.text}  ->  {question.answer}")


@app.command()
def score(
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    part: Annotated[Literal["train", "dev", "test"], typer.Option("--part", help="Which voices.")] = "dev",
    weights: Annotated[
        list[Path] | None,
        typer.Option("--weights", metavar="FILE", help="Weights of a learned reader; again for more."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A result file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Read the corpus with the rules and with the learned reader, and compare with its labels.

    Example: imprint study score --part dev
    """
    from imprint.cli.bars import Bar
    from imprint.cli.readings import Readings, write_readings
    from imprint.config import home_folder
    from imprint.data.talk import read_talk
    from imprint.encode.minilm import MiniLM, find_weights
    from imprint.evals.reading import HEADLINE, arm_of, read_all, turns_of
    from imprint.evals.results import code_at_work
    from imprint.study.extractor.extractor import SHIPPED, open_extractor
    from imprint.study.learned import LearnedReader
    from imprint.study.readers import RULES

    talk, load, began, code = read_talk(data), os.getloadavg()[0], time.time(), code_at_work()
    encoder = MiniLM(find_weights(), home_folder())
    said, arms = turns_of(talk, part), {}
    if not said:
        raise ImprintError(f"{data} holds no turns of the part {part}", "Choose another --part")
    with Bar() as bar:
        if not weights:
            arms["rules"] = arm_of(talk, read_all(said, RULES, bar), "rules", {})
        for path in weights or [path for path in (SHIPPED,) if path.is_file()]:
            extractor = open_extractor(encoder, path)
            settings = {"turns": extractor.kept.turns, "weights": extractor.id}
            name = "learned" if not weights else f"learned_{extractor.kept.turns}"
            name = f"{name}_{extractor.id[-6:]}" if name in arms else name
            arms[name] = arm_of(talk, read_all(said, LearnedReader(extractor), bar), "learned", settings)
    if "rules" in arms and len(arms) == 1 and not as_json:
        typer.echo("No learned reader is there to compare: imprint train extractor")
    shown = {name: arm["scores"] for name, arm in arms.items()}
    if out is not None:
        found = Readings("reading", HEADLINE, {"part": part}, {part: len(said)}, arms)
        write_readings(out, found, data, code, (load, began))
    if as_json:
        emit({"part": part, "turns": len(said), "arms": shown})
        return
    for name, scores in shown.items():
        typer.echo(name)
        for score, one in scores.items():
            bounds = "" if one["low"] is None else f" [{one['low']:.2f}, {one['high']:.2f}]"
            typer.echo(f"  {score:18} {one['mean']:.2f}{bounds}, {one['n']} turns")
    if out is not None:
        typer.echo(f"Wrote {out}")


app.command()(agree)
app.command()(compose)
