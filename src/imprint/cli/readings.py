"""Result files about readers of turns, as `imprint eval` writes its own, so that `imprint report` shows them."""

import shlex
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Readings:
    """What was measured, in the words of a result file."""

    benchmark: str
    headline: str
    options: Mapping[str, Any]
    kinds: Mapping[str, int]
    """Turns by what they are."""
    arms: Mapping[str, Any]
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """More keys of the file."""
    files: tuple[Path, ...] = ()
    """Data files besides the corpus."""


def write_readings(out: Path, found: Readings, data: Path, code: Mapping[str, Any], start: tuple[float, float]) -> None:
    """Write the file. data: the corpus; code: `code_at_work`; start: load of the machine, and the time."""
    from imprint.evals.read_results import FORMAT
    from imprint.evals.results import hashes, this_run, write_result

    load, began = start
    result = {
        "format": FORMAT,
        "benchmark": found.benchmark,
        "options": dict(found.options),
        "headline": found.headline,
        "licence": "CC BY 4.0",
        "note": found.note,
        "model": {"spec": "none"},
        "encoder": "minilm",
        "seeds": [0],
        "limit": 0,
        "people": [],
        "kinds": dict(found.kinds),
        "arms": dict(found.arms),
        "errors": [],
        "command": shlex.join(["imprint", *sys.argv[1:]]),
        **code,
        "data": hashes([*data.glob("*.json*"), *found.files]),
        "run": this_run(began, time.time(), load, {}),
        **found.extra,
    }
    write_result(out, result)
