"""`imprint keys`: who may use the server from where."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from imprint.cli.options import Json, emit, notice

if TYPE_CHECKING:
    from imprint.store.keys import Keys

app = typer.Typer(rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="NAME", help="What to call the key: letters, digits and . _ -")]


@app.callback()
def keys() -> None:
    """Keys of the server. Each key has users of its own."""


@contextmanager
def _open() -> Iterator["Keys"]:
    from imprint.config import home_folder
    from imprint.store.keys import Keys

    opened = Keys(home_folder())
    try:
        yield opened
    finally:
        opened.close()


@app.command()
def add(name: Name, as_json: Json = False) -> None:
    """Make a key and print it. It is shown this once.

    From the first key on, the server answers nobody without one.

    Example: imprint keys add laptop
    """
    with _open() as opened:
        key, text = opened.add(name)
    emit({"id": key.id, "name": key.name, "key": text}) if as_json else typer.echo(text)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """The keys, without their secrets.

    The users of a key are kept under +ID.USER, which is also their name on the command line.

    Example: imprint keys list
    """
    with _open() as opened:
        found = opened.list()
    if as_json:
        emit({"keys": [asdict(key) for key in found]})
        return
    for key in found:
        state = f"revoked {key.revoked}" if key.revoked else "valid"
        typer.echo(f"{key.id}  {key.created}  {state}  {key.name}")
    if not found:
        typer.echo("No keys yet: imprint keys add NAME")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The key's name or id.")], as_json: Json = False
) -> None:
    """Make a key invalid, at once. What its users told stays.

    Example: imprint keys revoke laptop
    """
    with _open() as opened:
        key = opened.revoke(name)
        left = any(not each.revoked for each in opened.list())
    emit(asdict(key)) if as_json else typer.echo(f"Revoked {key.name} ({key.id})")
    if not left:
        notice("No valid key is left; the server answers nobody until: imprint keys add NAME")
