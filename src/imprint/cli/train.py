"""`imprint train`: make the shared weights that ship with imprint."""

from pathlib import Path
from typing import Annotated

import typer

from imprint.cli.options import emit

app = typer.Typer(help="Make the shared weights.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def train() -> None:
    """Make the shared weights."""


@app.command()
def bank(out: Annotated[Path | None, typer.Option("--out", help="Where to write; default: the shipped file.")] = None) -> None:
    """Encode the question bank with MiniLM: needed after a change of study/bank/. About half a minute.

    Example: imprint train bank --out bank-minilm.safetensors
    """
    from imprint.config import home_folder
    from imprint.encode import open_encoder
    from imprint.methods.nullkeys import SHIPPED, pack

    path = out or SHIPPED
    data = pack(open_encoder("minilm", home_folder()))
    path.write_bytes(data)
    emit({"file": path.name, "bytes": len(data)})
