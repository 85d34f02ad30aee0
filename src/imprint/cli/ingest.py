"""`imprint ingest`: hear a conversation from a file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import Json, User, check, emit, open_store
from imprint.types import ImprintError, Turn

CHUNK = 256
"""Turns made durable at once."""


def ingest(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A conversation: see docs/ingest.md for the formats.")],
    user: User,
    fmt: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="auto, openai, chatgpt, locomo or text.")
    ] = "auto",
    sample: Annotated[
        str, typer.Option("--sample", metavar="ID", help="Which sample of a LoCoMo file.", show_default=False)
    ] = "",
    speaker: Annotated[
        str, typer.Option("--speaker", metavar="NAME", help="Which speaker is the user.", show_default=False)
    ] = "",
    as_json: Json = False,
) -> None:
    """Hear every turn of a conversation in a file.

    Reading a file twice adds nothing. `imprint sleep` then makes a memory of it.

    Example: imprint ingest conversation.txt --speaker Mira --user mira
    """
    user = check(user)
    from imprint.cli.bars import Bar
    from imprint.data import read_conversation

    heard = new = own = done = 0
    skipped: Counter[str] = Counter()
    with open_store() as store, Bar() as bar:
        bar.start("ingest", file.stat().st_size if file.is_file() else 0)

        def read(count: int) -> None:
            nonlocal done
            done += count
            bar.advance(done)

        turns = read_conversation(file, user, fmt, sample, speaker, read, lambda reason: skipped.update([reason]))
        for chunk in _chunks(turns):
            heard, own = heard + len(chunk), own + sum(turn.role == "user" for turn in chunk)
            new += store.add(user, chunk)
    if as_json:
        emit({"user": user, "turns": heard, "own": own, "new": new, "skipped": dict(skipped)})
        return
    typer.echo(f"{heard} turns read, {own} of them {user}'s own, {new} new")
    for reason, count in sorted(skipped.items()):
        typer.echo(f"Skipped: {reason}, {count} times")
    if new:
        typer.echo(f"Next: imprint sleep --user {user}")


def _chunks(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    """The turns, some at a time. What was read before an error is handed over first, so that it is kept."""
    chunk: list[Turn] = []
    try:
        for turn in turns:
            chunk.append(turn)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except (ImprintError, KeyboardInterrupt):
        yield chunk
        raise
    yield chunk
