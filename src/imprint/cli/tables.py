"""Results as tables one wants to look at."""

from typing import Any

from rich.console import Console
from rich.table import Table


def show_demo(result: dict[str, Any]) -> None:
    """The demo's answers side by side, then the summary."""
    console = Console()
    table = Table(title=f"What the model knows of {result['user']}")
    for name in ("question", "bare model", "with memory", "expected", ""):
        table.add_column(name)
    for row in result["rows"]:
        table.add_row(row["question"], _short(row["bare"]), _short(row["memory"]), row["expected"] or "-", _mark(row))
    console.print(table)
    summary = Table(show_header=False, box=None)
    told, saved = result["told"], result["history_tokens"] / max(result["soft_tokens"], 1)
    for name, value in (
        ("right with memory", f"{result['right_with']} of {told}"),
        ("right without", f"{result['right_without']} of {told}"),
        ("unrelated questions answered as by the bare model", f"{result['unchanged']} of {result['irrelevant']}"),
        (
            "tokens of history / soft tokens",
            f"{result['history_tokens']} / {result['soft_tokens']} ({saved:.0f} times fewer)",
        ),
        ("memory", f"{result['memory_bytes']:,} bytes, {result['slots']} slots"),
        (
            "seconds to hear, sleep, ask",
            f"{result['hear_seconds']}, {result['sleep_seconds']}, {result['ask_seconds']}",
        ),
        ("seconds in all", f"{result['total_seconds']}"),
    ):
        summary.add_row(name, value)
    console.print(summary)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 44 else line[:43] + "…"


def _mark(row: dict[str, Any]) -> str:
    if row["expected"]:
        return "right" if row["right_memory"] else "wrong"
    return "same" if row["unchanged"] else "other"
