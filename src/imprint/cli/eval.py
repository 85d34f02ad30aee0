"""`imprint eval`: one benchmark, many arms, one result file."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imprint.cli.inside import inside
from imprint.cli.options import ConfigFile, Json, Model, emit, notice, settings
from imprint.config import read_section
from imprint.evals import BENCHMARKS, INSIDE, open_benchmark
from imprint.evals.arms import ARMS, read_arms
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.config import Config
    from imprint.evals.run import Plan

SEEDS = "Write for example --seeds 0,1,2"


def evaluate(
    benchmark: Annotated[
        str, typer.Argument(metavar="BENCHMARK", help=f"One of: {', '.join((*BENCHMARKS, INSIDE, 'gate'))}.")
    ],
    methods: Annotated[
        str, typer.Option("--methods", metavar="A,B,...", help=f"Arms to compare, or all: {', '.join(ARMS)}.")
    ] = "all",
    model: Model = "",
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="PATH", help="The published files, where the benchmark reads any."),
    ] = None,
    seeds: Annotated[str, typer.Option("--seeds", metavar="0,1,...", help="Seeds, each a run of its own.")] = "0",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Most items a seed; 0: all.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The result file to write.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a stopped run with this --out was.")] = False,
    options: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="An option of the benchmark, see docs/benchmarks.md."),
    ] = None,
    config: ConfigFile = None,
    judge_url: Annotated[
        str, typer.Option("--judge-url", metavar="URL", help="An OpenAI-compatible endpoint that judges replies.")
    ] = "",
    judge_model: Annotated[str, typer.Option("--judge-model", metavar="NAME", help="Which model judges.")] = "",
    general: Annotated[
        Path | None,
        typer.Option("--general", metavar="FILE", help='gate alone: general messages, JSON lines with "text", or .gz.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare methods of memory on one benchmark.

    A stopped run goes on with --resume. Memories are kept below the data folder and used again. "inside" compares
    nothing: it looks into the slots of the users of --data.

    Example: imprint eval recall --methods none,bm25,lpm --set facts=8 --out results/mine.json
    """
    found = settings(config, model)
    if benchmark == "gate":
        return _gate(found, options or [], data, general, seeds, out, as_json)
    table = {**found.evals.get(benchmark, {}), **_typed(options or [])}
    if benchmark == INSIDE:
        _check_unused(
            {"--methods": methods != "all", "--seeds": seeds != "0", "--limit": limit, "--judge-url": judge_url}
        )
        return inside(found, table, data, _new(out, benchmark, resume=False), lambda: _command(data), as_json)
    opened = open_benchmark(benchmark, table)
    arms = read_arms([name for name in methods.split(",") if name], found.arms)
    out = _new(out, benchmark, resume)
    from imprint.evals.judge import Judge
    from imprint.evals.run import Plan
    from imprint.evals.text_reader import TextReaderConfig

    judge = Judge(judge_url, judge_model, os.environ.get("IMPRINT_JUDGE_KEY", "")) if judge_url else None
    reader = read_section(TextReaderConfig, found.evals.get("text_reader", {}), "[evals.text_reader]")
    plan = Plan(opened, arms, _seeds(seeds), data, limit, found.methods, reader, judge, found.reader)
    result = _run(plan, found, out, resume)
    _show(result, out, as_json)


def _show(result: dict[str, Any], out: Path, as_json: bool) -> None:
    if as_json:
        emit({"file": str(out), "arms": {name: arm["scores"] for name, arm in result["arms"].items()}})
    else:
        from imprint.cli.tables import show_result

        show_result(result)
        typer.echo(f"Wrote {out}")


def _gate(
    found: "Config",
    options: list[str],
    data: Path | None,
    general: Path | None,
    seeds: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """The benchmark of the read gate: it needs no model, so it has a runner of its own."""
    from imprint.cli.gate import evaluate_gate, show_gate

    path, given = _new(out, "gate", resume=False), _seeds(seeds)
    if len(given) > 1:
        raise ImprintError("gate takes one seed", "Write for example --seeds 0")
    scores = evaluate_gate(found, {**found.evals.get("gate", {}), **_typed(options)}, data, general, given[0], path)
    if as_json:
        emit({"file": str(path), "arms": scores})
    else:
        show_gate(scores, path)


def _new(out: Path | None, benchmark: str, resume: bool) -> Path:
    """The file to write, which must not exist yet."""
    if out is None:
        raise ImprintError("no result file was named", f"Add --out results/{benchmark}.json")
    if out.exists() and not resume:
        raise ImprintError(f"{out} exists already", "Name another --out, or delete it")
    return out


def _check_unused(given: Mapping[str, object]) -> None:
    unused = [name for name, is_given in given.items() if is_given]
    if unused:
        raise ImprintError(f"eval inside looks into lpm memories and knows no {unused[0]}", "See docs/benchmarks.md")


def _run(plan: "Plan", found: "Config", out: Path, resume: bool) -> dict[str, Any]:
    """Measure and write; a result that is complete already is read back."""
    import time
    from dataclasses import asdict

    import torch

    from imprint.backbone import open_backbone
    from imprint.cli.bars import Bar
    from imprint.config import home_folder
    from imprint.encode import open_encoder
    from imprint.evals.journal import Journal
    from imprint.evals.read_results import FORMAT, read_result
    from imprint.evals.results import assemble, code_at_work, hashes, seconds, this_run, write_result
    from imprint.evals.run import Evaluation
    from imprint.study.readers import open_reader

    if out.exists():
        notice(f"{out} is complete already")
        return dict(read_result(out).data)
    if found.threads:
        torch.set_num_threads(found.threads)
    load, began, code = os.getloadavg()[0], time.time(), code_at_work()
    home = home_folder()
    backbone = open_backbone(found.model, home, notice)
    encoder = open_encoder(found.encoder, home)
    header = {
        "format": FORMAT,
        "benchmark": plan.benchmark.name,
        "options": asdict(plan.benchmark.options),
        "headline": plan.benchmark.headline,
        "licence": plan.benchmark.licence,
        "model": {"spec": found.model, "id": backbone.id},
        "encoder": encoder.id,
        "reader": open_reader(found.reader, encoder).id,
        "seeds": list(plan.seeds),
        "limit": plan.limit,
    }
    arms = {name: asdict(arm) for name, arm in plan.arms.items()}
    try:
        journal = Journal(out.with_name(f"{out.name}.part"), {**header, "arms": arms, "methods": plan.tables}, resume)
        with Bar() as bar:
            measured = Evaluation(plan, backbone, encoder, home / "evals", journal, bar).run()
    except KeyboardInterrupt as stopped:
        raise KeyboardInterrupt("Stopped. The same command with --resume goes on where it was") from stopped
    files = [path for loaded in measured.loaded.values() for path in loaded.files]
    result = {
        **header,
        "command": _command(plan.data),
        **code,
        "data": hashes(files),
        **assemble(plan, measured, backbone),
        "run": this_run(began, time.time(), load, seconds(plan, measured)),
    }
    write_result(out, result)
    journal.close()
    return dict(read_result(out).data)


def _command(data: Path | None) -> str:
    """What was typed; of the data's path, which is this machine's own, the last part."""
    from imprint.cli.readings import typed

    return typed([data] if data else [], ["--resume"])


def _typed(words: list[str]) -> dict[str, Any]:
    """KEY=VALUE as TOML reads it; a value that is no TOML is a text."""
    table: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not key or not equals:
            raise ImprintError(f"--set {word} is not KEY=VALUE", "Write for example --set facts=8")
        try:
            table[key] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            table[key] = value
    return table


def _seeds(text: str) -> list[int]:
    try:
        found = [int(word) for word in text.split(",")]
    except ValueError:
        raise ImprintError(f"--seeds {text} is not a list of whole numbers", SEEDS) from None
    if len(set(found)) < len(found) or min(found) < 0:
        raise ImprintError(f"--seeds {text} repeats a seed or has one below 0", SEEDS)
    return found
