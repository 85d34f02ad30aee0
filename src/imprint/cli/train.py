"""`imprint train`: make the shared weights that ship with imprint."""

import os
from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import Json, emit

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def train() -> None:
    """Make the shared weights."""


@app.command()
def bank(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write; without it, the shipped file.")
    ] = None,
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="NAME", help="Which sentence encoder the vectors are of.")
    ] = "minilm",
    as_json: Json = False,
) -> None:
    """Encode the question bank: needed after a change of study/bank/. Takes about half a minute.

    Example: imprint train bank --out bank-minilm.safetensors
    """
    from imprint.config import home_folder
    from imprint.encode import open_encoder
    from imprint.methods.parts.nullkeys import SHIPPED, pack

    path = out or SHIPPED
    data = pack(open_encoder(encoder, home_folder()))
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    emit({"file": str(path), "bytes": len(data)}) if as_json else typer.echo(f"Wrote {path}, {len(data):,} bytes")
