"""`imprint eval inside`: what slots hold, what replies owe to them, and where they lie."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from imprint.cli.options import emit, notice
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.config import Config


def inside(
    found: "Config", table: Mapping[str, Any], data: Path | None, out: Path, command: Callable[[], str], as_json: bool
) -> None:
    """Look into the memories of the users of `data` and write what was seen. table: [evals.inside] with --set over it.

    command: what was typed.
    """
    import torch

    from imprint.backbone import open_backbone
    from imprint.cli.bars import Bar
    from imprint.config import home_folder, read_section
    from imprint.encode import open_encoder
    from imprint.evals.inside import HEADLINE, InsideOptions, look_into
    from imprint.evals.inside_result import assemble_inside
    from imprint.evals.read_results import FORMAT
    from imprint.evals.recall_file import read_people
    from imprint.evals.results import code_at_work, hashes, this_run, write_result
    from imprint.methods import open_method
    from imprint.methods.lpm import LPM

    options = read_section(InsideOptions, table, "[evals.inside]")
    if data is None:
        raise ImprintError("no users to look into", "Add --data FILE, as imprint study compose writes it")
    people = read_people(data)
    load, began, code = os.getloadavg()[0], time.time(), code_at_work()
    if found.threads:
        torch.set_num_threads(found.threads)
    home = home_folder()
    backbone, encoder = open_backbone(found.model, home, notice), open_encoder(found.encoder, home)
    method = open_method("lpm", found.methods, backbone, encoder, found.reader)
    assert isinstance(method, LPM)
    with Bar() as bar:
        seen = list(look_into(method, people, options, bar))
    if not any(user.asked for user in seen):
        raise ImprintError(f"no question of {data} names the turn that told its answer", 'Add "turn" to questions')
    result = {
        "format": FORMAT,
        "benchmark": "inside",
        "options": asdict(options),
        "headline": HEADLINE,
        "licence": "that of the users' own words",
        "model": {"spec": found.model, "id": backbone.id},
        "encoder": encoder.id,
        "reader": method.reader.id,
        "network": method.network.stamp if method.network else "",
        "seeds": [0],
        "limit": 0,
        "command": command(),
        **code,
        "data": hashes([data]),
        **assemble_inside(seen, backbone),
        "run": this_run(began, time.time(), load, {}),
    }
    write_result(out, result)
    _show(out, result, as_json)


def _show(out: Path, result: Mapping[str, Any], as_json: bool) -> None:
    from imprint.evals.inside_tables import rows_of
    from imprint.evals.read_results import Result

    if as_json:
        emit({"file": str(out), "arms": {name: arm["scores"] for name, arm in result["arms"].items()}})
        return
    for label, own, blind, count in rows_of(Result(out.stem, result)):
        typer.echo(f"{own:>18}  {blind:>5}  {label} ({count})")
    typer.echo(f"Wrote {out}")
