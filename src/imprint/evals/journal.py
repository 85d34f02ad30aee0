"""What a run has finished, one line a chunk of items, so that a killed run goes on where it was."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from imprint.evals.items import Answers, Likelihood
from imprint.types import ImprintError


class Journal:
    """Lines beside the result file, each durable before the next piece of work begins."""

    def __init__(self, path: Path, header: Mapping[str, Any], resume: bool) -> None:
        """Begin, or with `resume` go on. ImprintError: there is one already, or it is of another run."""
        self._path = path
        self.lines: dict[str, Any] = {}
        if path.exists():
            if not resume:
                raise ImprintError(f"{path} is left of a run that was stopped", "Add --resume to go on, or delete it")
            self._read(header)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._append({"header": header})

    def add(self, key: str, value: Any) -> None:
        """Keep `value`, a JSON value, under `key`."""
        self._append({"key": key, "value": value})
        self.lines[key] = value

    def close(self) -> None:
        """The result file is written: the journal goes."""
        self._path.unlink()

    def _append(self, line: Mapping[str, Any]) -> None:
        with self._path.open("ab") as file:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _read(self, header: Mapping[str, Any]) -> None:
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):  # the kill came in the middle of a line
            with self._path.open("r+b") as file:
                file.truncate(whole)
        lines = [json.loads(line) for line in data[:whole].splitlines()]
        if not lines:
            self._append({"header": header})
            return
        if lines[0].get("header") != json.loads(json.dumps(header)):
            changed = [k for k, v in lines[0].get("header", {}).items() if json.loads(json.dumps(header)).get(k) != v]
            raise ImprintError(
                f"{self._path} is of another run: {', '.join(changed) or 'its header'} changed",
                "Give the same options, or delete it and begin anew",
            )
        self.lines = {line["key"]: line["value"] for line in lines[1:]}


def packed(answers: Answers) -> dict[str, Any]:
    """Answers as a JSON value; floats come back to the bit."""
    return asdict(answers)


def unpacked(value: Mapping[str, Any]) -> Answers:
    """The Answers that `packed` made this of."""
    return Answers(
        value["reply"],
        tuple(Likelihood(**option) for option in value["options"]),
        tuple(tuple(letters) for letters in value["letters"]),
        value["measured"],
    )
