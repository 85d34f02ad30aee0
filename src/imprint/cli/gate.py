"""`imprint eval gate` and `imprint train gate`: the read gate, which needs no model but encoder and reader."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imprint.cli.options import Json, emit
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.config import Config
    from imprint.methods.lpm import LPM

DATA, MESSAGES = Path("data/talk"), Path("data/general/oasst.jsonl")
NOTE = (
    "`..._chosen`: at the least threshold that at most 1 % of the general messages pass on dev (other voices, other "
    "messages); the rest: at the gate's own setting. `no_wording`: without the weights of `imprint train gate`, "
    "by the reader's own odds, at the setting that went with them."
)


def evaluate_gate(
    found: "Config", table: Mapping[str, Any], data: Path | None, general: Path | None, seed: int, out: Path
) -> dict[str, Any]:
    """Measure and write the result file."""
    from dataclasses import asdict, replace

    from imprint.cli.bars import Bar
    from imprint.cli.readings import Readings, write_readings
    from imprint.config import read_section
    from imprint.data.talk import read_talk
    from imprint.evals.gate import (
        HEADLINE,
        GateOptions,
        arms_of,
        measure,
        outcomes,
        people,
        read_general,
        roc_of,
        variants,
    )
    from imprint.evals.results import code_at_work

    options = read_section(GateOptions, table, "[evals.gate]")
    data, file = data or DATA, general or MESSAGES
    load, began, code = os.getloadavg()[0], time.time(), code_at_work()
    talk, messages = read_talk(data), read_general(file)
    parts = {part: people(talk, messages, replace(options, part=part), seed) for part in {"dev", options.part}}
    methods = variants(_method(found))
    with Bar() as bar:
        met = {part: measure(methods, persons, bar) for part, persons in sorted(parts.items())}
    dev, main = met["dev"], met[options.part]
    settings = {name: {"reader": one.reader.id, **asdict(one.config.gate)} for name, one in methods.items()}
    arms = {key: arm for name in methods for key, arm in arms_of(name, dev[name], main[name], settings[name]).items()}
    kinds: dict[str, int] = {}
    for one in main["lpm"]:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    extra = {
        "encoder": methods["lpm"].encoder.id,
        "seeds": [seed],
        "people": [{"seed": seed, "user": one.user, "history_tokens": 0.0} for one in parts[options.part]],
        "roc": {name: roc_of(one) for name, one in main.items()},
        "outcomes": outcomes(main),
    }
    readings = Readings("gate", HEADLINE, asdict(options), kinds, arms, NOTE, extra=extra, files=(file,))
    write_readings(out, readings, data, code, (load, began))
    return {name: arm["scores"] for name, arm in arms.items()}


def show_gate(scores: Mapping[str, Any], out: Path) -> None:
    """Each variant's shares."""
    for name, found in scores.items():
        typer.echo(name)
        for score, one in found.items():
            bounds = "" if one["low"] is None else f" [{one['low']:.3f}, {one['high']:.3f}]"
            typer.echo(f"  {score:18} {one['mean']:.3f}{bounds}, {one['n']} messages")
    typer.echo(f"Wrote {out}")


def train_gate(
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = DATA,
    general: Annotated[
        Path, typer.Option("--general", metavar="FILE", help='General messages: JSON lines with "text", or .gz.')
    ] = MESSAGES,
    users: Annotated[int, typer.Option("--users", help="Users composed of the part dev.", min=1)] = 20,
    facts: Annotated[int, typer.Option("--facts", help="Things each of them tells.", min=1)] = 14,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write; without it, the shipped file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fit the weights of the read gate on dev: needed after imprint train extractor. Takes some minutes.

    Example: imprint train gate --users 2 --facts 4 --out gate.json
    """
    from imprint.cli.bars import Bar
    from imprint.config import Config
    from imprint.data.talk import read_talk
    from imprint.evals.gate import GateOptions, people, read_general
    from imprint.evals.gate_fit import fit_opening
    from imprint.study.extractor.opening import SHIPPED

    if out is not None and not out.parent.is_dir():
        raise ImprintError(f"there is no folder {out.parent} for --out", "Make it first")
    options = GateOptions("dev", users, facts, min(2, facts - 1))
    persons = people(read_talk(data), read_general(general), options, 0)
    with Bar() as bar:
        fitted = fit_opening(_method(Config()), persons, bar)
    path = out or SHIPPED
    path.write_bytes(fitted.pack())
    if as_json:
        emit({"file": str(path), "weights": list(fitted.weights)})
    else:
        typer.echo(f"Wrote {path}")


def _method(found: "Config") -> "LPM":
    """lpm on a made-up model: what the slots hold is not read here."""
    from imprint.backbone.tiny import tiny_backbone
    from imprint.config import home_folder, read_section
    from imprint.encode import open_encoder
    from imprint.evals.gate import Remembering
    from imprint.methods.lpm import LPM, LPMConfig
    from imprint.study.readers import open_reader

    encoder = open_encoder(found.encoder, home_folder())
    config = read_section(LPMConfig, found.methods.get("lpm", {}), "[methods.lpm]")
    return LPM(config, tiny_backbone("llama"), Remembering(encoder), open_reader(found.reader, encoder))
