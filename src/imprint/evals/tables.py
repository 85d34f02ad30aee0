"""Markdown tables of result files: what was scored, what it cost, and how it was made. Nothing is sorted to flatter."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from imprint.evals.inside_tables import rows_of, silhouette_rows
from imprint.evals.read_results import Curve, Load, Result, group, natural

MISSING = "-"
FINE = ("gate",)
"""Benchmarks with a bar at a hundredth."""
WIDEST = 8
"""More kinds than this become rows instead of columns."""


def full_tables(result: Result) -> str:
    """Scores, scores by kind and cost, then what made them."""
    if result.data["benchmark"] == "inside":
        return "\n\n".join([*_inside(result), *_made(result)])
    parts = [_scores(result), _by_kind(result), _cost(result), *_made(result)]
    return "\n\n".join(part for part in parts if part)


def _inside(result: Result) -> Iterable[str]:
    """What was seen inside memories, and how far groups of slots keep apart."""
    yield _table(["of a question about something told", "`lpm`", "a slot chosen blindly", "questions"], rows_of(result))
    yield "Mean silhouette of the slots (1: groups keep apart, 0: they overlap, below 0: nearer to another group):"
    yield _table(["slots compared by", "by user", "by family of fact"], silhouette_rows(result))


def brief_table(result: Result) -> str:
    """The headline and the cost that matters to a user, for a page read in passing."""
    digits, best = _digits(result), _best(result)
    rows = []
    for name, arm in result.arms.items():
        cost = arm["cost"]
        less = _difference(arm.get("against_none", {}).get(result.headline), digits)
        shown = _strong(_interval(result.estimate(name), digits), name in best)
        rows.append([_arm(name, name in best), shown, less, size(cost.get("bytes")), _tokens(cost)])
    head = ["arm", result.headline, "less `none`", "bytes a user", "tokens a question"]
    return "\n\n".join([_table(head, rows), _counts(result) + _busy(result), f"`{result.data['command']}`"])


def grid_tables(results: Sequence[Result]) -> str:
    """What was tried to tune each method: one table a method and benchmark, one row a setting."""
    grids: dict[str, list[tuple[Result, str]]] = {}
    for result in results:
        shared = {key: result.data[key] for key in ("benchmark", "options", "model", "seeds", "limit")}
        for name, arm in result.arms.items():
            if group(name, arm) != "control":
                grids.setdefault(json.dumps([arm["method"], shared], sort_keys=True), []).append((result, name))
    ordered = sorted(grids.values(), key=lambda rows: (rows[0][0].data["arms"][rows[0][1]]["method"], rows[0][0].name))
    return "\n\n".join(_grid(rows) for rows in ordered)


def curve_table(curve: Curve) -> str:
    """What held-out people were measured at, point by point, and how the training was set."""
    rows = [
        [point["stage"], str(point["step"]), _number(point["exact"], 2), _number(point["loss"], 2)]
        for point in curve.data["points"]
    ]
    shown = ", ".join(f"{key} {value}" for key, value in _flat(curve.data["config"]))
    made = f"- Model `{curve.data['model']}`; held-out people, nats a token\n- Settings: {shown}"
    return f"{_table(['stage', 'step', 'exact', 'loss'], rows)}\n\n{made}"


def load_table(load: Load) -> str:
    """A server under load, and the same server with one client alone."""
    rows = [
        [
            str(part["clients"]),
            _number(part["pieces_a_second"], 1),
            f"{part['slowest_client']} / {part['fastest_client']}",
            f"{_number(part['first_piece_s']['median'], 1)} / {_number(part['first_piece_s']['worst'], 1)}",
            str(len(part["errors"])),
        ]
        for part in (load.data["together"], load.data["alone"])
    ]
    head = ["clients", "pieces a second", "pieces of the slowest / fastest", "first piece, s: median / worst", "errors"]
    before, after = (load.data[f"resident_mib_{when}"] for when in ("before", "after"))
    return f"{_table(head, rows)}\n\n- Memory of the server before and after: {before:.0f} and {after:.0f} MiB"


def _grid(tried: Sequence[tuple[Result, str]]) -> str:
    """One method's grid; the best mean in bold."""
    first = tried[0][0]
    settings = [dict(_flat(result.data["arms"][name]["settings"])) for result, name in tried]
    keys = sorted({key for each in settings for key in each if len({each.get(key) for each in settings}) > 1})
    means = [(result.estimate(name) or {}).get("mean") for result, name in tried]
    top = max((mean for mean in means if mean is not None), default=None)
    rows = []
    for (result, name), own, mean in zip(tried, settings, means, strict=True):
        values = [own.get(key, "default") for key in keys]
        shown = _strong(_interval(result.estimate(name), 2), mean is not None and mean == top)
        cost, seconds = result.data["arms"][name]["cost"], result.seconds(name)
        rows.append([_arm(name), *values, shown, size(cost.get("bytes")), duration(seconds.get("sleep"))])
    rows.sort(key=lambda row: [_order(cell) for cell in [*row[1 : 1 + len(keys)], row[0]]])
    head = ["arm", *(f"`{key}`" for key in keys), first.headline, "bytes a user", "sleep, s"]
    sources = {result.name: result for result, _ in tried}.values()
    commands = "\n".join(f"- `{result.data['command']}`{_busy(result)}" for result in sources)
    title = f"**{tried[0][0].data['arms'][tried[0][1]]['method']}** on {_benchmark(first)}, {_counts(first)}"
    return "\n\n".join([title, _table(head, rows), commands])


def _order(cell: str) -> tuple[float, list[tuple[int, str]]]:
    """Numbers by value, then words."""
    try:
        return float(cell), []
    except ValueError:
        return math.inf, natural(cell)


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value if isinstance(value, str) else json.dumps(value)


def _scores(result: Result) -> str:
    """The headline with its interval, the other scores, and the paired differences."""
    digits, best, head, first = _digits(result), _best(result), result.headline, _first(result)
    others = sorted({name for arm in result.arms.values() for name in arm["scores"]} - {head})
    rows = []
    for name, arm in result.arms.items():
        rest = [_mean(arm["scores"].get(other), digits) for other in others]
        less_none = _difference(arm.get("against_none", {}).get(head), digits)
        against = arm.get("against_best", {}).get(head)
        less_best = _difference(against, digits) + (f" (`{against['arm']}`)" if against else "")
        less_first = _difference(arm.get("against_first", {}).get(head), digits)
        shown = _strong(_interval(result.estimate(name), digits), name in best)
        rows.append([_arm(name, name in best), shown, *rest, *([less_first] if first else [less_none, less_best])])
    less = [f"less `{first}`"] if first else ["less `none`", "less the best baseline"]
    return _table(["arm", head, *others, *less], rows)


def _first(result: Result) -> str:
    """The arm that the others are compared with, where a file compares variants of one method; else ""."""
    found = (arm.get("against_first", {}).get(result.headline) for arm in result.arms.values())
    return next((each["arm"] for each in found if each), "")


def _by_kind(result: Result) -> str:
    """The headline, and any other score that is there by kind, of each kind of item; empty where there is one kind."""
    names = {score for arm in result.arms.values() for score in arm.get("kinds", {})}
    ordered = sorted(names, key=lambda score: (score != result.headline, score))
    return "\n\n".join(table for table in (_of_kinds(result, score) for score in ordered) if table)


def _of_kinds(result: Result, score: str) -> str:
    digits, arms = _digits(result), result.arms
    found = {name: arm.get("kinds", {}).get(score, {}) for name, arm in arms.items()}
    counts = {kind: estimate["n"] for kinds in found.values() for kind, estimate in kinds.items()}
    kinds = sorted(counts, key=natural)
    if len(kinds) < 2:
        return ""
    titles = [f"{_words(kind)} ({counts[kind]})" for kind in kinds]
    cells = [[_mean(found[name].get(kind), digits) for kind in kinds] for name in arms]
    names = [_arm(name) for name in arms]
    intro = f"`{score}` by kind of item, with the number of items:"
    if len(kinds) <= WIDEST:
        rows = [[name, *row] for name, row in zip(names, cells, strict=True)]
        return f"{intro}\n\n{_table(['arm', *titles], rows)}"
    rows = [[title, *column] for title, column in zip(titles, zip(*cells, strict=True), strict=True)]
    return f"{intro}\n\n{_table(['kind', *names], rows)}"


def _cost(result: Result) -> str:
    """What each arm keeps, reads and waits for; empty where nothing of it was measured."""
    if any("slot_bytes" in arm["cost"] for arm in result.arms.values()):
        return _networks(result)
    if not any(arm["cost"] for arm in result.arms.values()):
        return ""
    rows = []
    for name, arm in result.arms.items():
        cost, seconds = arm["cost"], result.seconds(name)
        stages = [duration(seconds.get(stage)) for stage in ("write", "sleep", "first_token")]
        kept = [size(cost.get("bytes")), size(cost.get("trainable"), "")]
        used = [_tokens(cost), size(cost.get("kv_bytes"))]
        rows.append([_arm(name), *kept, *used, *stages, duration(seconds.get("tokens_per_second"))])
    head = ["arm", "bytes a user", "trained numbers a user", "prompt + soft tokens a question", "KV cache a question"]
    head += ["write, s", "sleep, s", "first token, s", "tokens a second"]
    return f"What it costs:\n\n{_table(head, rows)}"


def _networks(result: Result) -> str:
    """How each network was made, as far as they differ in it, and its size."""
    settings = {name: dict(_flat(arm["settings"])) for name, arm in result.arms.items()}
    trained = [each for each in settings.values() if "control" not in each]
    known = dict.fromkeys(key for each in trained for key in each)
    keys = [key for key in known if len({each.get(key) for each in trained}) > 1]
    rows = []
    for name, arm in result.arms.items():
        cost, made = arm["cost"], [settings[name].get(key, MISSING) for key in keys]
        sizes = [size(cost.get("network"), ""), *(size(cost.get(each)) for each in ("file_bytes", "slot_bytes"))]
        rows.append([_arm(name), *made, *sizes, size(cost.get("slot_floats"), "")])
    head = ["arm", *(f"`{key}`" for key in keys), "trained numbers", "the file", "a slot", "a slot's residual, numbers"]
    return f"How each was made, as far as they differ, and its size:\n\n{_table(head, rows)}"


def _made(result: Result) -> list[str]:
    """The lines under a table: how to make it again, and what to hold against it."""
    data, machine = result.data, result.data["run"]["machine"]
    kinds = ", ".join(f"{count} {_words(kind)}" for kind, count in sorted(data["kinds"].items()))
    limit = f", at most {data['limit']} a seed" if data["limit"] else ""
    device = (
        machine["gpu"]
        or f"{machine['cpu']}, {_count(machine['cores'], 'core')}, {_count(machine['threads'], 'thread')}"
    )
    bold = "" if data["benchmark"] == "inside" else "; the highest mean is bold"
    took = f"{duration(data['run']['wall_seconds'])} s on {data['run']['date']}"
    lines = [
        f"Made by `{data['command']}`",
        f"{_benchmark(result)}: {_counts(result)}{limit} ({kinds}); seeds {', '.join(map(str, data['seeds']))}",
        f"Model `{data['model']['spec']}`; brackets hold 95 % bootstrap intervals{bold}",
        f"{device}, {machine['memory_gb']:g} GB; {took}{_busy(result)}",
        f"Licence of the data: {data['licence']}",
    ]
    lines += [data["note"]] if data["note"] else []
    lines += ["Made from code that was not committed"] if data["modified"] else []
    lines += [f"Errors: {len(data['errors'])}; they stand in the result file"] if data["errors"] else []
    return ["\n".join(f"- {' '.join(line.split())}" for line in lines)]


def _benchmark(result: Result) -> str:
    options = ", ".join(f"{key} {_option(value)}" for key, value in sorted(result.data["options"].items()))
    return f"`{result.data['benchmark']}`" + (f" ({options})" if options else "")


def _option(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _counts(result: Result) -> str:
    data = result.data
    people = _count(len(data["people"]), "person", "people")
    return f"{_count(len(data['seeds']), 'seed')}, {people}, {_count(sum(data['kinds'].values()), 'item')}"


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _busy(result: Result) -> str:
    loads = " to ".join(f"{load:.1f}" for load in result.data["run"]["load"])
    return f"; busy machine (load {loads}): seconds are upper bounds" if result.busy else ""


def _best(result: Result) -> set[str]:
    """The arms with the highest mean; empty where all are alike."""
    means = {name: found["mean"] for name in result.arms if (found := result.estimate(name))}
    best = {name for name, mean in means.items() if mean == max(means.values())}
    return best if len(best) < len(means) else set()


def _digits(result: Result) -> int:
    """Two decimals; three where the highest headline is below a tenth, or a bar is a hundredth."""
    if result.data["benchmark"] in FINE:
        return 3
    found = [result.estimate(name) for name in result.arms]
    return 3 if 0 < max(abs(each["mean"]) for each in found if each) < 0.1 else 2


def _interval(found: Mapping[str, Any] | None, digits: int) -> str:
    """0.81 [0.74, 0.88]; the mean alone where there is no interval."""
    if not found or found["low"] is None or found["high"] is None:
        return _mean(found, digits)
    return f"{_mean(found, digits)} [{_number(found['low'], digits)}, {_number(found['high'], digits)}]"


def _difference(found: Mapping[str, Any] | None, digits: int) -> str:
    shown = _interval(found, digits)
    return f"+{shown}" if shown != MISSING and float(shown.split()[0]) > 0 else shown


def _mean(found: Mapping[str, Any] | None, digits: int) -> str:
    return _number(found["mean"], digits) if found and found["mean"] is not None else MISSING


def _number(value: float, digits: int) -> str:
    shown = f"{value:.{digits}f}"
    return shown if float(shown) else shown.removeprefix("-")  # "-0.00" is no number


def size(value: float | None, unit: str = "B") -> str:
    """120 kB, 2.8 MB; without a unit 120 k, 2.8 M. Two digits at least."""
    if value is None:
        return MISSING
    for prefix in ("", "k", "M", "G"):
        if value < 999.5 or prefix == "G":
            break
        value /= 1000
    number = f"{value:.1f}" if value < 9.95 and prefix else f"{value:.0f}"
    return f"{number} {prefix}{unit}".strip()


def duration(value: float | None) -> str:
    """Two significant digits, and whole numbers in full: 0.0042, 1.2, 66, 812."""
    if value is None:
        return MISSING
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}"


def _tokens(cost: Mapping[str, float | None]) -> str:
    prompt, soft = cost.get("prompt_tokens"), cost.get("soft_tokens")
    if prompt is None:
        return MISSING
    return f"{prompt:,.0f} + {soft:,.0f}" if soft else f"{prompt:,.0f}"


def _arm(name: str, best: bool = False) -> str:
    return _strong(f"`{name}`", best)


def _strong(text: str, wanted: bool) -> str:
    return f"**{text}**" if wanted else text


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column to the left, the others to the right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
