"""`imprint train`: make the shared weights that ship with imprint."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imprint.cli.gate import train_gate
from imprint.cli.options import Json, emit
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.data.talk import Talk
    from imprint.encode.minilm import MiniLM
    from imprint.fit.runs import Run

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
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help="Take wordings from this corpus first.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Encode the question bank: needed after a change of study/bank/. Takes about a minute.

    Example: imprint train bank --out bank-minilm.safetensors
    """
    from imprint.config import home_folder
    from imprint.encode import open_encoder
    from imprint.methods.parts.nullkeys import SHIPPED, pack

    if data is not None:
        if out is not None:
            raise ImprintError("--data changes the bank itself, --out writes elsewhere", "Give one of them")
        from imprint.data.talk import read_talk
        from imprint.study.bank import SHIPPED as FOLDER
        from imprint.study.bank import forget_kinds
        from imprint.train.bank import asked_in

        asked = asked_in(read_talk(data), open_encoder(encoder, home_folder()))
        _keep(FOLDER / "asked.toml", asked.encode())
        forget_kinds()
    _write(out or SHIPPED, pack(open_encoder(encoder, home_folder())), as_json)


@app.command()
def extractor(
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write; without it, the shipped file.")
    ] = None,
    check_data: Annotated[
        bool, typer.Option("--check-data", help="Check the corpus and print its figures; train nothing.")
    ] = False,
    share: Annotated[float, typer.Option("--share", help="Share of the training turns to use.", min=0.01, max=1)] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Of weights, batches and dropout.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Train the reader of natural talk on the corpus. A stopped run goes on where it was.

    Example: imprint train extractor --check-data
    """
    from imprint.data.talk import read_talk

    talk = read_talk(data)
    encoder = _minilm()
    if check_data:
        _check(talk, encoder, as_json)
        return
    from dataclasses import replace

    from imprint.study.extractor.extractor import SHIPPED
    from imprint.train.extractor import ExtractorConfig, train_extractor

    _check_folder(out, "--out")
    config = ExtractorConfig(share=share)
    config = replace(config, fit=replace(config.fit, seed=seed))
    with _resumable() as run:
        trained = train_extractor(encoder, talk, config, run)
        _write(out or SHIPPED, trained.pack(), as_json)


app.command("gate")(train_gate)


@app.command()
def lpm(
    data: Annotated[Path, typer.Option("--data", metavar="FOLDER", help="The corpus.")] = Path("data/talk"),
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The frozen model.")] = "embedded",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to write; without it, where lpm finds it for this model."),
    ] = None,
    curve: Annotated[
        Path | None, typer.Option("--curve", metavar="FILE", help="Write what held-out people were measured at.")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", help="Steps that learn to answer, 16 questions each.", min=1)] = 700,
    restate: Annotated[int, typer.Option("--restate", help="Steps before that, which learn to restate.", min=0)] = 100,
    rows: Annotated[int, typer.Option("--rows", help="Tokens of an answer that a slot can hold.", min=1)] = 10,
    blocks: Annotated[int, typer.Option("--blocks", help="Refinement blocks that read the question.", min=0)] = 1,
    heads: Annotated[int, typer.Option("--heads", help="Attention heads of the blocks.", min=1)] = 8,
    placement: Annotated[str, typer.Option("--placement", help="late or prefix.")] = "late",
    distill: Annotated[
        float, typer.Option("--distill", help="Share of distillation from the model that reads the turn.", min=0, max=1)
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Of weights and batches.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Train the network that reads slots, once for all users of a model. A stopped run goes on where it was.

    Example: imprint train lpm --model embedded --steps 700 --out lpm.safetensors
    """
    from dataclasses import asdict, replace

    from imprint.backbone import open_backbone
    from imprint.config import home_folder, read_section
    from imprint.data.talk import read_talk
    from imprint.methods.parts.network_file import file_name, pack
    from imprint.train.lpm import TrainLPMConfig, train_lpm

    for path, option in ((out, "--out"), (curve, "--curve")):
        _check_folder(path, option)
    shape = {"rows": rows, "blocks": blocks, "heads": heads, "placement": placement}
    given = {"network": shape, "restate": restate, "answer": steps, "distill": distill}
    config = read_section(TrainLPMConfig, given, "the options")
    config = replace(config, fit=replace(config.fit, seed=seed))
    talk = read_talk(data)
    backbone = open_backbone(model, home_folder(), lambda line: typer.echo(line, err=True))
    if out is None:
        out = home_folder() / "weights" / file_name(backbone, config.network.placement)
        out.parent.mkdir(parents=True, exist_ok=True)
    with _resumable() as run:
        trained, points = train_lpm(backbone, talk, config, run)
        told = {"steps": steps, "restate": restate, "distill": distill, "seed": seed, "held_out": points[-1].exact}
        if curve is not None:
            _write_curve(curve, {"config": asdict(config), "model": model, "points": [asdict(one) for one in points]})
        _write(out, pack(trained, backbone, told), as_json)


def _check_folder(path: Path | None, option: str) -> None:
    if path is not None and not path.parent.is_dir():
        raise ImprintError(f"there is no folder {path.parent} for {option}", "Make it first")
    if path is not None and path.is_dir():
        raise ImprintError(f"{path} is a folder, {option} needs a file", "Name a file in it")


def _write_curve(path: Path, shown: dict[str, Any]) -> None:
    path.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _resumable() -> "Iterator[Run]":
    """A run with a bar, whose checkpoints lie in the home folder until it has ended well."""
    from imprint.cli.bars import Bar
    from imprint.config import home_folder
    from imprint.fit.runs import Run

    kept = home_folder() / "runs"
    kept.mkdir(parents=True, exist_ok=True)
    used = set[Path]()

    def load(key: str) -> bytes | None:
        used.add(kept / key)
        return _kept(kept / key)

    with Bar() as bar:
        yield Run(bar, load, lambda key, state: _keep(kept / key, state))
    for path in used:
        path.unlink(missing_ok=True)


def _check(talk: "Talk", encoder: "MiniLM", as_json: bool) -> None:
    """Problems and figures of the corpus; exit code 1 where there is a problem."""
    from imprint.cli.bars import Bar
    from imprint.train.corpus import check_corpus

    with Bar() as bar:
        checked = check_corpus(talk, encoder, bar)
    if as_json:
        emit({"problems": list(checked.problems), "figures": checked.figures})
    else:
        for problem in checked.problems:
            typer.echo(problem)
        for name, figure in checked.figures.items():
            typer.echo(f"{name}: {figure:,.0f}" if figure == int(figure) else f"{name}: {figure:.3f}")
        typer.echo(f"{len(checked.problems)} problems" if checked.problems else "No problem was found")
    if checked.problems:
        raise typer.Exit(1)


def _minilm() -> "MiniLM":
    from imprint.config import home_folder
    from imprint.encode.minilm import MiniLM, find_weights

    return MiniLM(find_weights(), home_folder())


def _kept(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _keep(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)


def _write(path: Path, data: bytes, as_json: bool) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    shown: dict[str, Any] = {"file": str(path), "bytes": len(data)}
    emit(shown) if as_json else typer.echo(f"Wrote {path}, {len(data):,} bytes")
