"""`imprint memory`: look at a memory, take it away, remove it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import (
    USER_HELP,
    ConfigFile,
    Json,
    MethodName,
    Model,
    User,
    check,
    check_heard,
    emit,
    notice,
    open_companion,
    open_store,
)
from imprint.types import ImprintError

app = typer.Typer(rich_markup_mode=None)
TurnIds = Annotated[list[str], typer.Argument(metavar="TURN", help="Ids of turns, as memory show prints them.")]


@app.callback()
def memory() -> None:
    """Look at a memory, take it away, remove it."""


@app.command()
def show(
    user: Annotated[str | None, typer.Option("--user", metavar="NAME", help=USER_HELP, show_default=False)] = None,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """What is held, each slot with the turn it came from.

    Without --user: the names of all users.

    Example: imprint memory show --user mira
    """
    if user is None:
        _users(as_json)
        return
    user = check_heard(user)
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


def _users(as_json: bool) -> None:
    with open_store() as store:
        users = store.users()
    if as_json:
        emit({"users": users})
        return
    for name in users:
        typer.echo(name)
    if not users:
        notice("Nobody told anything yet: imprint chat --user NAME")


@app.command()
def history(user: User, method: MethodName = "", config: ConfigFile = None, as_json: Json = False) -> None:
    """The kept versions of the memory, newest first.

    Example: imprint memory history --user mira
    """
    from imprint.cli.options import settings

    user = check(user)
    name = settings(config, method=method).method
    check_heard(user)
    with open_store() as store:
        versions = store.history(user, name)
    if as_json:
        emit({"user": user, "method": name, "versions": [asdict(version) for version in versions]})
        return
    if not versions:
        typer.echo(f"No memory of {user} by {name} yet: imprint sleep --user {user}")
    for v in versions:
        heard = f"{v.heard} turns heard, {v.slept} slept on"
        typer.echo(f"{v.version:>4}  {v.created}  {heard}, {v.bytes:,} bytes  {v.sha256[:12]}")


@app.command()
def why(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question to explain.")],
    user: User,
    effect: Annotated[
        bool, typer.Option("--effect", help="Also answer, and show what the reply owes to each slot: takes seconds.")
    ] = False,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Why a question is answered as it is: the slots it reads and the turns they came from.

    With --effect each of these slots is taken out of the memory in turn. Its effect is by how much the
    log-probability of the reply falls without it, in nats: 0 where the reply owes nothing to it.

    Example: imprint memory why "What is my dog called?" --user mira --effect
    """
    from imprint.cli.show import effect_lines, why_lines
    from imprint.cli.turns import sampling, spoken

    user = check(user)
    turn = spoken(user, question)
    check_heard(user)
    with open_companion(config, model, method) as opened:
        companion = opened.companion
        owed = companion.effects(user, [turn], sampling(opened.config)) if effect else None
        if as_json:
            found = companion.why(user, [turn])
            shown = {"effects": asdict(owed) if owed else None} if effect else {}
            emit({"user": user, "why": asdict(found) if found else None, **shown})
            return
        for line in effect_lines(companion, user, turn, owed) if effect else why_lines(companion, user, turn):
            typer.echo(line)


@app.command()
def correct(
    turn: Annotated[str, typer.Argument(metavar="TURN", help="Id of the fact's turn, as memory show prints it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What is right, in a few words.")],
    user: User,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="Which fact, where the turn told several.")] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="WORDS", help="Of several of a kind, the one about this.")
    ] = "",
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Replace what was understood from a turn.

    The turn stays; the correction is a turn of its own and can be forgotten.

    Example: imprint memory correct 0123456789abcdef Pepper --kind pet_name --user mira
    """
    user = check_heard(user)
    from imprint.cli.show import fact_line, waiting
    from imprint.cli.turns import spoken
    from imprint.study.reader import correction
    from imprint.types import Fact, Turn

    with open_companion(config, model, method) as opened:
        companion = opened.companion
        facts = [Fact(**fact) for fact in companion.recall(user).memory.meta.get("facts", [])]
        chosen = [fact for fact in facts if fact.turn == turn and kind in ("", fact.kind) and about in ("", fact.about)]
        if len(chosen) != 1:
            found = ", ".join(f"{fact.kind} ({fact.about})" if fact.about else fact.kind for fact in chosen)
            problem = (
                f"turn {turn} told several things: {found}" if chosen else f"nothing like that is held from {turn}"
            )
            raise ImprintError(problem, "Add --kind or --about" if chosen else f"imprint memory show --user {user}")
        text, source = correction(chosen[0], spoken(user, value).text.strip())
        said = spoken(user, text)
        companion.hear(user, [Turn(said.id, user, "user", text, said.time, source)])
        after = next(Fact(**fact) for fact in companion.recall(user).memory.meta["facts"] if fact["turn"] == said.id)
        if as_json:
            emit({"user": user, "was": asdict(chosen[0]), "now": asdict(after)})
            return
        typer.echo(f"Was: {fact_line(chosen[0])}")
        typer.echo(f"Now: {fact_line(after)}")
        if waits := waiting(companion, user):
            typer.echo(waits)


@app.command()
def forget(
    turns: TurnIds,
    user: User,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Remove turns, and rebuild the memory without them.

    It comes out byte-equal to one that never heard them.

    Example: imprint memory forget 0123456789abcdef --user mira
    """
    from imprint.cli.bars import Bar
    from imprint.cli.show import receipt_lines
    from imprint.cli.turns import turn_ids

    user, ids = check_heard(user), turn_ids(turns)
    with open_companion(config, model, method) as opened:
        try:
            with Bar() as bar:
                receipt = opened.companion.forget(user, ids, bar)
        except KeyboardInterrupt as stopped:
            said = f"Stopped. imprint sleep --user {user} finishes the memory without what is removed"
            raise KeyboardInterrupt(said) from stopped
    if as_json:
        emit(asdict(receipt))
        return
    for line in receipt_lines(receipt):
        typer.echo(line)


@app.command()
def erase(
    user: User,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove everything of a user, to the last byte.

    Example: imprint memory erase --yes --user mira
    """
    from imprint.cli.show import leftover_line

    user = check(user)
    with open_store() as store:
        if user not in store.users():
            raise ImprintError(f"nothing is kept of {user}", "See who is: imprint memory show")
        if not yes and not _agreed(f"Remove every turn and memory of {user}? [y/N] "):
            notice("Nothing was removed")
            raise typer.Exit(1)
        receipt = store.erase(user)
    if as_json:
        emit(asdict(receipt))
        return
    counts = f"{receipt.turns} turns, {receipt.versions} memory versions, {receipt.checkpoints} checkpoints"
    typer.echo(f"Erased {counts}")
    if receipt.leftover:
        typer.echo(leftover_line(receipt))


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        raise ImprintError("nobody answered, so nothing was removed", "Add --yes to remove without asking") from None


@app.command("export")
def export_(
    user: User,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The .zip file to write; it must not exist.")],
    as_json: Json = False,
) -> None:
    """Write a user's turns and memories to one .zip file.

    It holds JSON and safetensors, and can be read without imprint.

    Example: imprint memory export mira.zip --user mira
    """
    user = check_heard(user)
    from imprint.store.archive import export_user

    with open_store() as store:
        export_user(store, user, file)
    size = file.stat().st_size
    emit({"user": user, "file": str(file), "bytes": size}) if as_json else typer.echo(f"Wrote {file}, {size:,} bytes")


@app.command("import")
def import_(
    user: User,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .zip file that memory export wrote.")],
    as_json: Json = False,
) -> None:
    """Read what memory export wrote, into a user who has nothing yet.

    Example: imprint memory import mira.zip --user mira
    """
    user = check(user)
    from imprint.store.archive import import_user

    with open_store() as store:
        found = import_user(store, file, user)
    counts = {"turns": len(found.turns), "memories": len(found.memories)}
    if as_json:
        emit({"user": user, **counts})
    else:
        typer.echo(f"Read {counts['turns']} turns and {counts['memories']} memories of {user}")
