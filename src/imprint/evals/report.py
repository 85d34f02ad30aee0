"""Keeps pages and pictures what `results/` says: tables between markers, plots beside the pages, both checkable."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imprint.evals.plots import NETWORK_CURVE, PICKS, Plot, make_plots, render, stamp_of
from imprint.evals.read_results import Found, read_results
from imprint.evals.tables import brief_table, curve_table, full_tables, grid_tables, load_table
from imprint.types import ImprintError

OPENS = re.compile(r"<!-- results: (?P<name>[^\s:]+)(?P<brief>:brief)? -->")
CLOSES = "<!-- /results -->"
_LIKE = re.compile(r"<!--\s*/?\s*results?\b")
_FENCE = re.compile(r"(`{3,}|~{3,})")


@dataclass(frozen=True)
class Report:
    """What every page and picture should be."""

    results: tuple[str, ...]
    """Names of the result files, curves and loads."""
    pages: Mapping[Path, str]
    """Each page's text with the tables that its markers ask for."""
    plots: Mapping[Path, Plot]
    gone: tuple[Path, ...]
    """Pictures that the results no longer suffice for."""
    shown: frozenset[str]
    """Results and grids that a page shows."""
    tables: int

    def behind(self) -> list[Path]:
        """Pages, then pictures, that are not what they should be."""
        pages = [path for path, text in self.pages.items() if _text(path) != text]
        drawn = [path for path, plot in self.plots.items() if not _drawn(path, plot)]
        return [*pages, *drawn, *self.gone]


def make_report(results: Path, out: Path) -> Report:
    """The report on a folder of results, for the pages in `out` and the README beside it. Nothing is written."""
    found = read_results(results)
    pages, shown = {}, []
    for path in _pages(out):
        before = _text(path)
        pages[path], names = fill(before, found, str(path))
        shown += names
    folder = out / "plots"
    plots = {folder / f"{plot.name}.png": plot for plot in make_plots(found.results, found.curves)}
    ours = (folder / f"{name}.png" for name in (*PICKS, NETWORK_CURVE))
    gone = tuple(path for path in ours if path not in plots and path.exists())
    return Report((*found.results, *found.curves, *found.loads), pages, plots, gone, frozenset(shown), len(shown))


def write_report(report: Report) -> list[Path]:
    """Bring pages and pictures up to date; returns what was written or removed. All is drawn before any is written."""
    behind = report.behind()
    new = {path: render(report.plots[path]) for path in behind if path in report.plots}
    new |= {path: report.pages[path].encode() for path in behind if path in report.pages}
    for path, data in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(data)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    for path in report.gone:
        path.unlink()
    return behind


def fill(text: str, found: Found, page: str) -> tuple[str, list[str]]:
    """A page's text with its tables made anew, and the names its markers ask for. page: what an error calls it.

    Markers stand alone on their lines, outside code blocks.
    """
    names: list[str] = []
    kept: list[str] = []
    opened = 0
    lines = text.splitlines(keepends=True)
    for number, (line, code) in enumerate(zip(lines, _in_code(lines), strict=True), start=1):
        bare = line.strip()
        mark = OPENS.fullmatch(bare)
        if code or not _LIKE.match(bare):
            kept += [] if opened else [line]
        elif bare == CLOSES and opened:
            kept.append(line)
            opened = 0
        elif mark and not opened:
            names.append(mark["name"])
            end = line[len(line.rstrip("\r\n")) :] or "\n"
            kept += [line.rstrip("\r\n") + end, *_block(_table(mark, found, f"{page}:{number}"), end)]
            opened = number
        else:
            raise ImprintError(f"{page}:{number}: {_wrong(bool(opened), bare)}", f"Write {_HOW}")
    if opened:
        raise ImprintError(f"{page}:{opened}: the table is not closed", f"Write {CLOSES} on a line after it")
    return "".join(kept), names


_HOW = f"<!-- results: NAME --> and {CLOSES}, each on a line of its own"


def _wrong(opened: bool, bare: str) -> str:
    if bare == CLOSES:
        return "this closes a table that was not opened"
    return "a marker inside a table that is not closed" if opened else "this is no marker"


def _in_code(lines: Sequence[str]) -> Iterator[bool]:
    """For each line, whether it belongs to a fenced code block."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line.strip())
        yield bool(fence or found)
        if not fence:
            fence = found[1] if found else ""
        elif found and line.strip() == found[1] and found[1].startswith(fence):
            fence = ""


def _block(table: str, end: str) -> Iterator[str]:
    yield end
    yield from (f"{line}{end}" for line in table.split("\n"))
    yield end


def _table(mark: re.Match[str], found: Found, place: str) -> str:
    name, brief = mark["name"], bool(mark["brief"])
    if name in found.results:
        return (brief_table if brief else full_tables)(found.results[name])
    if name in found.grids and not brief:
        return grid_tables(found.grids[name])
    if name in found.curves and not brief:
        return curve_table(found.curves[name])
    if name in found.loads and not brief:
        return load_table(found.loads[name])
    known = ", ".join([*found.results, *found.grids, *found.curves, *found.loads]) or "there are none"
    raise ImprintError(f"{place}: there is no result {name!r}", f"Make it with imprint eval, or name another: {known}")


def _pages(out: Path) -> list[Path]:
    readme = [path for path in (out.parent / "README.md",) if path.is_file()]
    return list(dict.fromkeys([*readme, *sorted(out.rglob("*.md"))]))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ImprintError(f"{path}: byte {error.start}: not UTF-8 text", "Save it as UTF-8 text") from None


def _drawn(path: Path, plot: Plot) -> bool:
    return path.is_file() and stamp_of(path.read_bytes()) == plot.stamp
