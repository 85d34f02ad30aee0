"""`imprint study`: look at what was understood."""

from dataclasses import asdict

import typer

from imprint.cli.options import Json, User, check_heard, emit, open_store

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def study() -> None:
    """What was understood from which turn."""


@app.command()
def show(user: User, as_json: Json = False) -> None:
    """Print what was understood from which turn, and the questions made of it.

    Example: imprint study show --user mira
    """
    user = check_heard(user)
    from imprint.cli.show import fact_line
    from imprint.study.questions import make_study

    with open_store() as store:
        made = make_study(store.turns(user))
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
