"""`imprint ingest`: hear a conversation from a file."""

from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import Json, User, check, emit, open_store

CHUNK = 256
"""Turns made durable at once."""


def ingest(
    file: Annotated[Path, typer.Argument(help="A conversation: see docs/ingest.md for the formats.")],
    user: User,
    fmt: Annotated[str, typer.Option("--format", help="auto, openai, chatgpt, locomo or text.")] = "auto",
    sample: Annotated[str, typer.Option("--sample", help="Which sample of a LoCoMo file.")] = "",
    speaker: Annotated[str, typer.Option("--speaker", help="Which speaker is the user.")] = "",
    as_json: Json = False,
) -> None:
    """Hear every turn of a file. Reading a file twice adds nothing. `imprint sleep` then learns it.

    Example: imprint ingest conversation.txt --speaker Mira --user mira
    """
    check(user)
    from imprint.cli.bars import Bar
    from imprint.data import read_conversation

    heard = new = own = 0
    with open_store() as store, Bar() as bar:
        bar.start("ingest", file.stat().st_size if file.is_file() else 0)
        batch, done = [], 0

        def read(count: int) -> None:
            nonlocal done
            done += count
            bar.advance(done)

        for turn in read_conversation(file, user, fmt, sample, speaker, on_bytes=read):
            batch.append(turn)
            heard, own = heard + 1, own + (turn.role == "user")
            if len(batch) == CHUNK:
                new, batch = new + store.add(user, batch), []
        new += store.add(user, batch)
    if as_json:
        emit({"user": user, "turns": heard, "own": own, "new": new})
    else:
        typer.echo(f"{heard} turns read, {own} of them {user}'s own, {new} new")
        if new:
            typer.echo(f"Next: imprint sleep --user {user}")
