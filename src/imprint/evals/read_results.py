"""Reads the files in `results/`, refuses what is none, and puts the arms of a comparison in order."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imprint.data.files import check_file, load_json
from imprint.data.messages import Request
from imprint.evals.arms import ARMS, CONTROLS, OURS, TEXT
from imprint.types import ImprintError

FORMAT = 1
GROUPS = ("control", "text", "text with soft rows", "fitted", "ours")
AGAIN = "Make the file again with the command in it"
ESTIMATE = {"mean": float | None, "low": float | None, "high": float | None, "n": int}
ARM = {
    "method": str,
    "settings": dict,
    "scores": {"*": ESTIMATE},
    "kinds?": {"*": {"*": ESTIMATE}},
    "against_none?": {"*": ESTIMATE},
    "against_best?": {"*": ESTIMATE | {"arm": str}},
    "against_first?": {"*": ESTIMATE | {"arm": str}},
    "cost": {"*": float | None},
}
RUN = {
    "date": str,
    "wall_seconds": float,
    "machine": {"cpu": str, "cores": int, "threads": int, "memory_gb": float, "gpu": str},
    "load": [float],
    "seconds": {"*": {"*": float | None}},
}
SHAPE: dict[str, Any] = {
    **dict.fromkeys(("benchmark", "headline", "licence", "note", "command", "encoder", "revision"), str),
    "options": dict,
    "model": {"spec": str},
    "seeds": [int],
    "limit": int,
    "modified": bool,
    "people": [{"seed": int, "user": str, "history_tokens": float}],
    "kinds": {"*": int},
    "arms": {"*": ARM},
    "errors": [str],
    "run": RUN,
}
"""What is read of a result file; more may stand in it. "*": every key. "key?": it may be absent."""
CURVE: dict[str, Any] = {
    "config": dict,
    "model": str,
    "points": [{"stage": str, "step": int, "loss": float, "exact": float}],
}
"""What is read of the curve of a training: what held-out people were measured at."""
_LOADED = {
    "clients": int,
    "seconds": float,
    "errors": [str],
    "pieces_a_second": float,
    "slowest_client": int,
    "fastest_client": int,
    "first_piece_s": {"median": float, "worst": float},
}
LOAD: dict[str, Any] = {
    "together": _LOADED,
    "alone": _LOADED,
    "resident_mib_before": float,
    "resident_mib_after": float,
}
"""What is read of the figures of a server under load."""
WORDS = {str: "text", int: "a whole number", bool: "true or false", dict: "an object", float: "a finite number"}


@dataclass(frozen=True)
class Result:
    """One result file."""

    name: str
    """The file's name without .json: what a marker in a page says."""
    data: Mapping[str, Any]

    @property
    def headline(self) -> str:
        """The benchmark's main score."""
        return self.data["headline"]

    @property
    def arms(self) -> dict[str, Any]:
        """Arms by name in the order of every table: controls, text, text with soft rows, fitted methods, ours last."""
        arms = self.data["arms"]
        return {name: arms[name] for name in sorted(arms, key=lambda name: _place(name, arms[name]))}

    def estimate(self, arm: str) -> dict[str, Any] | None:
        """An arm's headline: mean, low, high, n. None where it has no mean."""
        found = self.data["arms"].get(arm, {"scores": {}})["scores"].get(self.headline)
        return found if found and found["mean"] is not None else None

    def seconds(self, arm: str) -> Mapping[str, float | None]:
        """What an arm took, by stage; empty where nothing was timed."""
        return self.data["run"]["seconds"].get(arm, {})

    @property
    def busy(self) -> bool:
        """Whether other programs ran beside: a 1-minute load above the cores by more than a half, first or last."""
        return any(load > self.data["run"]["machine"]["cores"] + 0.5 for load in self.data["run"]["load"])


@dataclass(frozen=True)
class Curve:
    """The file that `imprint train lpm --curve` writes."""

    name: str
    """The file's name without .json."""
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Load:
    """The file that `examples/load.py --out` writes."""

    name: str
    """The file's name without .json."""
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """The files of one folder, and the result files of its subfolders, which hold grids."""

    results: Mapping[str, Result]
    grids: Mapping[str, tuple[Result, ...]]
    curves: Mapping[str, Curve] = field(default_factory=dict)
    loads: Mapping[str, Load] = field(default_factory=dict)


def read_results(folder: Path) -> Found:
    """Every result file of a folder and its subfolders, and what else lies in it; none where there is no folder."""
    every = [_read(path) for path in _files(folder)]
    results = {one.name: one for one in every if isinstance(one, Result)}
    curves = {one.name: one for one in every if isinstance(one, Curve)}
    below = sorted(path for path in folder.glob("*") if path.is_dir())
    grids = {path.name: tuple(read_result(file) for file in _files(path)) for path in below if _files(path)}
    loads = {one.name: one for one in every if isinstance(one, Load)}
    return Found(results, grids, curves, loads)


def read_result(path: Path) -> Result:
    """One result file; ImprintError names it and the JSON path of what is wrong."""
    found = _read(path)
    if not isinstance(found, Result):
        what = "the curve of a training" if isinstance(found, Curve) else "a server's load"
        raise ImprintError(f"{path} is {what}, no result file", "Move it up into the folder above")
    return found


def _read(path: Path) -> Result | Curve | Load:
    check_file(path)
    request = Request(path, "", "", lambda _: None, lambda _: None)
    data = load_json(request)
    if isinstance(data, dict) and "format" not in data and "points" in data:
        return Curve(path.stem, _shaped(data, CURVE, "", request))
    if isinstance(data, dict) and "format" not in data and "together" in data:
        return Load(path.stem, _shaped(data, LOAD, "", request))
    if not isinstance(data, dict) or "format" not in data:
        raise ImprintError(f"{path} is no result file of imprint eval", "Move it out of the folder of results")
    if data["format"] != FORMAT:
        raise ImprintError(f"{path} has format {str(data['format'])[:20]!r}, this imprint reads {FORMAT}", AGAIN)
    data = _shaped(data, SHAPE, "", request)
    if not any(data["headline"] in arm["scores"] for arm in data["arms"].values()):
        raise request.wrong("arms", "no arm has the headline score", AGAIN)
    return Result(path.stem, data)


def group(name: str, arm: Mapping[str, Any]) -> str:
    """What kind of arm of a result it is: one of GROUPS."""
    if name in CONTROLS or arm["settings"].get("control"):
        return "control"
    if arm["method"] in TEXT:
        return "text with soft rows" if arm["settings"].get("soft") else "text"
    return "ours" if arm["method"] in OURS else "fitted"


def _place(name: str, arm: Mapping[str, Any]) -> tuple[int, int, int, list[tuple[int, str]]]:
    """Where an arm stands: with its group, as listed in ARMS; variants of our own before it, of others after."""
    kind, order = group(name, arm), list(ARMS)
    same = arm["method"], bool(arm["settings"].get("soft")), ""
    alike = [i for i, known in enumerate(ARMS.values()) if (known.method, known.soft, known.control) == same]
    place = order.index(name) if name in ARMS else max(alike, default=len(order))
    variant = 0 if name in ARMS else -1 if kind == "ours" else 1
    return GROUPS.index(kind), place, variant, natural(name)


def natural(name: str) -> list[tuple[int, str]]:
    """Sort key by which recall-8 comes before recall-32."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"), key=lambda path: natural(path.stem))


def _shaped(value: Any, spec: Any, where: str, request: Request) -> Any:
    """The value, with floats where `spec` has float; ImprintError where it has not the shape of `spec`."""
    if isinstance(spec, dict):
        given = _shaped(value, dict, where, request)
        keys = dict.fromkeys(given, "*") if "*" in spec else {key.removesuffix("?"): key for key in spec}
        found = dict(given)
        for name, key in keys.items():
            place = f"{where}.{name}".lstrip(".")
            if name in given:
                found[name] = _shaped(given[name], spec[key], place, request)
            elif not key.endswith("?"):
                raise request.wrong(place, "missing", AGAIN)
        return found
    if isinstance(spec, list):
        if not isinstance(value, list):
            raise request.wrong(where, "expected a list", AGAIN)
        return [_shaped(each, spec[0], f"{where}[{number}]", request) for number, each in enumerate(value)]
    if not _is_a(value, spec):
        raise request.wrong(where, f"expected {WORDS.get(spec, 'a finite number or null')}", AGAIN)
    return float(value) if spec in (float, float | None) and value is not None else value


def _is_a(value: Any, spec: Any) -> bool:
    if spec == float | None:
        return value is None or _is_a(value, float)
    if spec is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, spec) and (spec is bool or not isinstance(value, bool))
