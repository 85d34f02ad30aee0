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


def show_result(result: dict[str, Any]) -> None:
    """A benchmark's arms: the headline with its interval and its difference to none, the other scores, the cost."""
    headline, arms = result["headline"], result["arms"]
    names = sorted({name for arm in arms.values() for name in arm["scores"]} - {headline})
    console = Console()
    first = Table(title=f"{result['benchmark']}, {len(result['people'])} people, seeds {_listed(result['seeds'])}")
    _columns(first, "arm", f"{headline} [95 %]", "less none")
    second, third = Table(title="Other scores"), Table(title="Cost")
    _columns(second, "arm", *names)
    _columns(third, "arm", "bytes a user", "tokens a question", "sleep, s", "first token, s")
    for name, arm in arms.items():
        cost, spent = arm["cost"], result["run"]["seconds"][name]
        first.add_row(name, _interval(arm["scores"].get(headline)), _interval(arm["against_none"].get(headline)))
        second.add_row(name, *(_mean(arm["scores"].get(score)) for score in names))
        tokens = cost["prompt_tokens"] + cost["soft_tokens"]
        third.add_row(
            name, f"{cost['bytes']:,.0f}", f"{tokens:,.0f}", _seconds(spent["sleep"]), _seconds(spent["first_token"])
        )
    for table in (first, second, third) if names else (first, third):
        console.print(table)
    for line in (result["note"], *result["errors"]):
        if line:
            console.print(line, highlight=False)


def _columns(table: Table, first: str, *numbers: str) -> None:
    table.add_column(first)
    for name in numbers:
        table.add_column(name, justify="right")


def _listed(values: list[int]) -> str:
    return ", ".join(map(str, values))


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _interval(value: dict[str, Any] | None) -> str:
    return "" if value is None else f"{value['mean']:.2f} [{value['low']:.2f}, {value['high']:.2f}]"


def _mean(value: dict[str, Any] | None) -> str:
    return "" if value is None else f"{value['mean']:.2f}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 44 else line[:43] + "…"


def _mark(row: dict[str, Any]) -> str:
    if row["expected"]:
        return "right" if row["right_memory"] else "wrong"
    return "same" if row["unchanged"] else "other"
