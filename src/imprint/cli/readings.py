"""Result files about what was trained on the corpus, as `imprint eval` writes its own: `imprint report` shows them."""

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
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
    model: str = "none"
    encoder: str = "minilm"
    limit: int = 0
    people: Sequence[Mapping[str, Any]] = ()
    outcomes: Sequence[Mapping[str, Any]] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    """More keys of the file."""
    files: Sequence[Path] = ()
    """What was measured besides the corpus."""


def typed(paths: Sequence[Path], without: Sequence[str] = ()) -> str:
    """The command as it was typed, `without` these words; of the paths, which are one machine's own, the last part."""
    shown = {str(path): path.name for path in paths}
    words = []
    for word in [word for word in sys.argv[1:] if word not in without]:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        words.append(f"{option}{equals}{shown.get(value, value)}")
    return shlex.join(["imprint", *words])


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
        "model": {"spec": found.model},
        "encoder": found.encoder,
        "seeds": [0],
        "limit": found.limit,
        "people": list(found.people),
        "kinds": dict(found.kinds),
        "arms": dict(found.arms),
        "errors": [],
        "command": typed([path for path in (*found.files, data, out) if path.is_absolute()]),
        **code,
        "data": hashes([*data.glob("*.json*"), *found.files]),
        "run": this_run(began, time.time(), load, {}),
        **found.extra,
    }
    if found.outcomes:
        result["outcomes"] = list(found.outcomes)
    write_result(out, result)
