"""`imprint eval network`: trained networks that read slots, side by side."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from imprint.cli.options import Json, Model, emit, notice, settings
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.backbone.base import Backbone
    from imprint.data.talk import Talk
    from imprint.evals.network import Outcome
    from imprint.methods.parts.network_file import Shared

UNTRAINED = "untrained"


def network(
    weights: Annotated[
        list[Path],
        typer.Option("--weights", metavar="FILE", help="A network; again for more, which are compared with the first."),
    ],
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    part: Annotated[Literal["dev", "test"], typer.Option("--part", help="Which voices.")] = "dev",
    limit: Annotated[int, typer.Option("--limit", help="Most questions; 0: all.", min=0)] = 192,
    model: Model = "",
    generate: Annotated[bool, typer.Option("--generate", help="Score free replies too, which takes longer.")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A result file to write.")] = None,
    as_json: Json = False,
) -> None:
    """Compare trained networks that read slots.

    They get the same questions: of people whom training did not hear, with answers that training does not give.
    Beside them stands the first one as it was before training.

    Example: imprint eval network --weights lpm.safetensors --weights small.safetensors --out network.json
    """
    _check(weights, out)
    import torch

    from imprint.backbone import open_backbone
    from imprint.cli.bars import Bar
    from imprint.cli.readings import Readings, write_readings
    from imprint.config import home_folder
    from imprint.data.talk import read_talk
    from imprint.evals.network import HEADLINE, ask_all, items_of, people_of, rows_of
    from imprint.evals.results import code_at_work

    start, code, found, talk = (os.getloadavg()[0], time.time()), code_at_work(), settings(None, model), read_talk(data)
    if found.threads:
        torch.set_num_threads(found.threads)
    items = items_of(talk, part, limit)
    backbone = open_backbone(found.model, home_folder(), notice)
    opened = _opened(weights, backbone)
    outcomes: dict[str, Sequence[Outcome]] = {}
    with Bar() as bar:
        for name, one in opened.items():
            bar.start(name, len(items))
            outcomes[name] = ask_all(one.network, backbone, items, generate, bar)
    arms = _arms(talk, backbone, opened, outcomes, {path.stem: path for path in weights})
    if out is not None:
        made = Readings(
            benchmark="network",
            headline=HEADLINE,
            options={"part": part, "generate": generate},
            kinds={part: len(items)},
            arms=arms,
            model=found.model,
            encoder="none",
            limit=limit,
            people=people_of(backbone, items),
            outcomes=[row for name, one in outcomes.items() for row in rows_of(name, one)],
            files=weights,
        )
        write_readings(out, made, data, code, start)
    _show(part, len(items), arms, out, as_json)


def _check(weights: Sequence[Path], out: Path | None) -> None:
    """What can be known before anything is loaded."""
    from imprint.data.files import check_file

    names = [path.stem for path in weights]
    for path in weights:
        check_file(path)
        if path.stem == UNTRAINED or names.count(path.stem) > 1:
            raise ImprintError(f"the name {path.stem!r} can not stand for {path} alone", "Give its file another name")
    if out is not None and not out.parent.is_dir():
        raise ImprintError(f"there is no folder {out.parent} for --out", "Make it first")
    if out is not None and out.exists():
        raise ImprintError(f"{out} exists already", "Name another --out, or delete it")


def _opened(weights: Sequence[Path], backbone: "Backbone") -> "dict[str, Shared]":
    """Each network by its file's name, after one that is as the first was before training."""
    from imprint.methods.parts.network import fresh_network
    from imprint.methods.parts.network_file import Shared, open_network

    trained = {path.stem: open_network(path, backbone) for path in weights}
    first = trained[weights[0].stem]
    seed = first.trained_on.get("seed", 0)
    fresh = fresh_network(first.network.config, backbone, seed if isinstance(seed, int) else 0)
    return {UNTRAINED: Shared(fresh, "", {"control": UNTRAINED}), **trained}


def _arms(
    talk: "Talk",
    backbone: "Backbone",
    opened: "Mapping[str, Shared]",
    outcomes: "Mapping[str, Sequence[Outcome]]",
    files: Mapping[str, Path],
) -> dict[str, Any]:
    from imprint.evals.network import arm_of, settings_of, size_of

    first, arms = next(iter(files)), {}
    for name, one in opened.items():
        beside = (first, outcomes[first]) if name != first else None
        cost: dict[str, float | None] = {**size_of(one.network, backbone)}
        cost["file_bytes"] = float(files[name].stat().st_size) if name in files else None
        made = {"method": "lpm", "settings": settings_of(one.network, one.trained_on), "cost": cost}
        arms[name] = {**made, **arm_of(talk, outcomes[name], beside)}
    return arms


def _show(part: str, questions: int, arms: Mapping[str, Any], out: Path | None, as_json: bool) -> None:
    if as_json:
        shown = {name: {key: arm[key] for key in ("scores", "cost")} for name, arm in arms.items()}
        emit({"part": part, "questions": questions, "arms": shown, **({"file": str(out)} if out else {})})
        return
    typer.echo(f"{questions} questions of the part {part}")
    for name, arm in arms.items():
        scores = [
            f"{score} {one['mean']:.2f} [{one['low']:.2f}, {one['high']:.2f}]" for score, one in arm["scores"].items()
        ]
        typer.echo(f"{name}: {', '.join(scores)}")
    if out is not None:
        typer.echo(f"Wrote {out}")
