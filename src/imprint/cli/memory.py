"""`imprint memory`: look at a memory, take it away, remove it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import ConfigFile, Json, MethodName, Model, User, check, emit, open_companion, open_store
from imprint.types import ImprintError

app = typer.Typer(help="Look at a memory, take it away, remove it.", no_args_is_help=True, rich_markup_mode=None)
TurnIds = Annotated[list[str], typer.Argument(help="Ids of turns, as memory show prints them.")]


@app.command()
def show(user: User, model: Model = "", method: MethodName = "", config: ConfigFile = None, as_json: Json = False) -> None:
    """What is held, each slot with the turn it came from.

    Example: imprint memory show --user mira
    """
    check(user)
    from imprint.cli.show import memory_lines

    with open_companion(config, model, method) as opened:
        if as_json:
            state = opened.companion.recall(user)
            made = asdict(state.memory.fingerprint)
            counts = {"version": state.version, "heard": state.heard, "slept": state.slept, "bytes": state.bytes}
            emit({"user": user, **counts, "fingerprint": made, "facts": state.memory.meta.get("facts", [])})
            return
        for line in memory_lines(opened.companion, user):
            typer.echo(line)


@app.command()
def history(user: User, method: MethodName = "", config: ConfigFile = None, as_json: Json = False) -> None:
    """The kept versions of the memory, newest first.

    Example: imprint memory history --user mira
    """
    check(user)
    from imprint.cli.options import settings

    name = settings(config, method=method).method
    with open_store() as store:
        versions = store.history(user, name)
    if as_json:
        emit({"user": user, "method": name, "versions": [asdict(version) for version in versions]})
        return
    if not versions:
        typer.echo(f"No memory of {user} by {name} yet: imprint sleep --user {user}")
    for v in versions:
        typer.echo(f"{v.version:>4}  {v.created}  {v.heard} turns heard, {v.slept} slept on, {v.bytes:,} bytes  {v.sha256[:12]}")


@app.command()
def why(
    question: Annotated[str, typer.Argument(help="The question to explain.")],
    user: User,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Which slots a question reads and which turns they came from, or why the memory keeps silent.

    Example: imprint memory why "What is my dog called?" --user mira
    """
    check(user)
    from imprint.cli.show import why_lines
    from imprint.cli.turns import spoken

    turn = spoken(user, question)
    with open_companion(config, model, method) as opened:
        if as_json:
            found = opened.companion.why(user, [turn])
            emit({"user": user, "why": asdict(found) if found else None})
            return
        for line in why_lines(opened.companion, user, turn):
            typer.echo(line)


@app.command()
def forget(
    turns: TurnIds, user: User, model: Model = "", method: MethodName = "", config: ConfigFile = None, as_json: Json = False
) -> None:
    """Remove turns and rebuild the memory as if they had never been said.

    Example: imprint memory forget 0123456789abcdef --user mira
    """
    check(user)
    from imprint.cli.bars import Bar

    with open_companion(config, model, method) as opened, Bar() as bar:
        receipt = opened.companion.forget(user, turns, bar)
    if as_json:
        emit(asdict(receipt))
    else:
        typer.echo(f"Forgot {receipt.turns} turns and {receipt.versions} versions made from them")
        _leftover(receipt.leftover)


@app.command()
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove everything of a user, to the last byte.

    Example: imprint memory erase --yes --user mira
    """
    check(user)
    with open_store() as store:
        if user not in store.users():
            raise ImprintError(f"nothing is kept of {user}", "Check the name")
        if not yes:
            typer.confirm(f"Remove every turn and memory of {user}?", abort=True)
        receipt = store.erase(user)
    if as_json:
        emit(asdict(receipt))
    else:
        typer.echo(f"Erased {receipt.turns} turns, {receipt.versions} memory versions, {receipt.checkpoints} checkpoints")
        _leftover(receipt.leftover)


@app.command("export")
def export_(
    user: User,
    file: Annotated[Path, typer.Argument(help="The .zip file to write; it must not exist.")],
    as_json: Json = False,
) -> None:
    """Write a user's turns and memories to one .zip file of JSON and safetensors.

    Example: imprint memory export mira.zip --user mira
    """
    check(user)
    from imprint.store.archive import export_user

    with open_store() as store:
        export_user(store, user, file)
    size = file.stat().st_size
    emit({"user": user, "file": str(file), "bytes": size}) if as_json else typer.echo(f"Wrote {file}, {size:,} bytes")


@app.command("import")
def import_(
    user: User,
    file: Annotated[Path, typer.Argument(help="A .zip file that memory export wrote.")],
    as_json: Json = False,
) -> None:
    """Read what memory export wrote, into a user who has nothing yet.

    Example: imprint memory import mira.zip --user mira
    """
    check(user)
    from imprint.store.archive import import_user

    with open_store() as store:
        found = import_user(store, file, user)
    counts = {"turns": len(found.turns), "memories": len(found.memories)}
    emit({"user": user, **counts}) if as_json else typer.echo(f"{counts['turns']} turns, {counts['memories']} memories")


def _leftover(reason: str) -> None:
    if reason:
        typer.echo(f"Not all bytes are gone yet: {reason}")
