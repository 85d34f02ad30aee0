"""Options that several commands share, and how a command opens what it needs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imprint.methods import METHODS
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.companion import Companion
    from imprint.config import Config
    from imprint.store.sqlite import SQLiteStore

USER_HELP = "Whose memory: letters, digits and . _ @ + - only."
User = Annotated[str, typer.Option("--user", metavar="NAME", help=USER_HELP)]
Model = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="MODEL",
        help='The frozen model: a folder, a GGUF file, a hub id or "embedded".',
        show_default=False,
    ),
]
MethodName = Annotated[
    str,
    typer.Option("--method", metavar="METHOD", help=f"The method of memory: {', '.join(METHODS)}.", show_default=False),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="A TOML file instead of config.toml in the data folder.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@dataclass(frozen=True)
class Opened:
    """What a command works with."""

    companion: "Companion"
    config: "Config"


def settings(config: Path | None, model: str = "", method: str = "") -> "Config":
    """The config file with the command's own options over it."""
    from imprint.config import load_config
    from imprint.methods import check_method

    found = load_config(config)
    found = replace(found, model=model or found.model, method=method or found.method)
    check_method(found.method)
    return found


@contextmanager
def open_store() -> Iterator["SQLiteStore"]:
    """The store of the data folder."""
    from imprint.config import home_folder
    from imprint.store import SQLiteStore

    with SQLiteStore(home_folder()) as store:
        yield store


@contextmanager
def open_companion(
    config: Path | None, model: str = "", method: str = "", folder: Path | None = None
) -> Iterator[Opened]:
    """Store, model, encoder and method, opened. `folder`: a store elsewhere than in the data folder."""
    from imprint.companion import Companion
    from imprint.config import home_folder

    found = settings(config, model, method)
    with Companion.open(found, home_folder(), folder, notice) as companion:
        yield Opened(companion, found)


def notice(text: str) -> None:
    """One line on stderr, for what takes long or was cut."""
    sys.stderr.write(f"{text}\n")


def emit(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def check(user: str) -> str:
    """The user's name, checked before anything is loaded."""
    from imprint.store import check_user

    return check_user(user)


def check_heard(user: str, instead: str = "") -> str:
    """The user's name; ImprintError unless they told something, known before a model is loaded.

    instead: another way on, for the error.
    """
    user = check(user)
    with open_store() as store:
        if not store.turns(user):
            ways = [f"imprint ingest FILE --user {user}", f"imprint chat --user {user}", instead]
            raise ImprintError(f"nothing was heard from {user} yet", f"First: {', or '.join(filter(None, ways))}")
    return user
