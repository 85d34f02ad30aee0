"""`imprint report`: tables and plots from result files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imprint.cli.options import Json, emit

if TYPE_CHECKING:
    from imprint.evals.report import Report


def report(
    results: Annotated[Path, typer.Option("--results", metavar="FOLDER", help="Where the result files are.")] = Path(
        "results"
    ),
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="The pages; README.md beside this folder is one too.")
    ] = Path("docs"),
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 when a page or a plot is behind.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring tables and plots up to date with the result files.

    Tables go into README.md and the pages of docs, plots into docs/plots. A table stands between the lines
    <!-- results: NAME --> and <!-- /results -->. NAME is a result file without .json; NAME:brief asks for few columns;
    a folder in results/, such as tuning, for the grids in it.

    Example: imprint report
    """
    from imprint.evals.report import make_report, write_report

    made = make_report(results, out)
    changed = made.behind() if check else write_report(made)
    unshown = [name for name in made.results if name not in made.shown]
    if as_json:
        emit(
            {
                "results": list(made.results),
                "tables": made.tables,
                "plots": [str(path) for path in made.plots],
                "behind" if check else "changed": [str(path) for path in changed],
                "unshown": unshown,
            }
        )
    else:
        _show(made, results, changed, unshown, check)
    if check and changed:
        raise typer.Exit(1)


def _show(made: "Report", results: Path, changed: list[Path], unshown: list[str], check: bool) -> None:
    if not made.results:
        typer.echo(f"No result files in {results}. Make one: imprint eval recall --methods none,lpm --out FILE")
    for path in changed:
        typer.echo(f"{path} is behind" if check else f"{'Wrote' if path.exists() else 'Removed'} {path}")
    for name in unshown:
        typer.echo(f"No page shows {name}. Put <!-- results: {name} --> and <!-- /results --> on lines of a page")
    counts = f"{len(made.results)} result files, {made.tables} tables, {len(made.plots)} plots"
    typer.echo(f"{counts}; {'run imprint report' if check and changed else 'all up to date'}")
