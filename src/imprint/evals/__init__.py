"""Benchmarks, arms and the harness that measures them on equal terms. One file a benchmark; imported when opened."""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from imprint.config import read_section
from imprint.types import ImprintError

if TYPE_CHECKING:
    from imprint.evals.benchmark import Benchmark

BENCHMARKS = {
    "recall": "imprint.evals.recall:Recall",
    "fidelity": "imprint.evals.fidelity:Fidelity",
    "locomo": "imprint.evals.locomo:LoCoMo",
    "prefeval": "imprint.evals.prefeval:PrefEval",
    "personamem": "imprint.evals.personamem:PersonaMem",
    "mmlu": "imprint.evals.mmlu:MMLU",
}
INSIDE = "inside"
"""Looks into lpm memories instead of comparing arms (`evals/inside.py`)."""


def open_benchmark(name: str, table: Mapping[str, Any]) -> "Benchmark":
    """The benchmark called `name`, with its options from `table`."""
    if name not in BENCHMARKS:
        raise ImprintError(f"there is no benchmark {name!r}", f"Choose one of: {', '.join(BENCHMARKS)}")
    module, _, attribute = BENCHMARKS[name].partition(":")
    cls = getattr(importlib.import_module(module), attribute)
    return cls(read_section(cls.options_class, table, f"[evals.{name}]"))
