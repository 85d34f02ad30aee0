"""The result file: what was run, on what, with which outcome; and the checks of one that is read back.

Everything outside "run" is a function of the inputs, so that a resumed run writes what an unbroken one does.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from imprint.backbone.base import Backbone
from imprint.evals.arms import CONTROLS, OURS, Arm
from imprint.evals.items import Item, Loaded, Scores
from imprint.evals.run import Found, Plan, key_of
from imprint.evals.stats import Interval, difference, ratio, resamples

PACKAGES = ("torch", "transformers", "tokenizers", "peft", "safetensors", "bm25s", "numpy")


def assemble(plan: Plan, found: Found, backbone: Backbone) -> dict[str, Any]:
    """The measured part of a result: people, arms with intervals and costs, outcomes, errors."""
    outcomes = _outcomes(plan, found)
    people = [
        {
            "seed": seed,
            "user": person.user,
            "turns": len(person.turns),
            "history_tokens": len(backbone.tokenize("\n".join(t.text for t in person.turns if t.role == "user"))),
            "items": len(person.items),
        }
        for seed, loaded in found.loaded.items()
        for person in loaded.people
        if person.items
    ]
    notes = dict.fromkeys(loaded.note for loaded in found.loaded.values() if loaded.note)
    none = [row for row in outcomes if row["arm"] == "none"]
    return {
        "people": people,
        "kinds": _counted(row["kind"] for row in none),
        "note": " ".join(notes),
        "arms": _arms(plan, found, outcomes),
        "outcomes": outcomes,
        "errors": list(found.errors),
    }


def seconds(plan: Plan, found: Found) -> dict[str, dict[str, float]]:
    """Mean seconds of each arm: what a clock said, so no part of the reproducible half."""
    return {name: _mean_cost(found, name, "seconds") for name in plan.arms}


def code_at_work(root: Path | None = None) -> dict[str, Any]:
    """Revision and versions. To be asked when a run begins: the clone may be worked on meanwhile."""
    revision, modified = _git(root or Path(__file__).parents[3])
    versions = {"python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"revision": revision, "modified": modified, "versions": versions}


def hashes(files: Sequence[Path]) -> dict[str, str]:
    """sha256 of the data files by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(set(files))}


def this_run(began: float, ended: float, load: float, spent: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from run to run: date, machine, clock."""
    machine = {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 0,
        "threads": torch.get_num_threads(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "",
    }
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "wall_seconds": round(ended - began, 1),
        "machine": machine,
        "load": [round(load, 2), round(os.getloadavg()[0], 2)],
        "seconds": spent,
    }


def write_result(path: Path, result: Mapping[str, Any]) -> None:
    """Durable before it is there: a kill leaves the old file or the new one."""
    part = path.with_name(f".{path.name}.writing")
    with part.open("w", encoding="utf-8") as file:
        json.dump(_rounded(result), file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _outcomes(plan: Plan, found: Found) -> list[dict[str, Any]]:
    rows = []
    for seed, loaded in found.loaded.items():
        for person in loaded.people:
            for item in person.items:
                bare = found.answers[key_of(seed, person.user, "none", item.id)]
                for arm in plan.arms:
                    answers = found.answers[key_of(seed, person.user, arm, item.id)]
                    scores = plan.benchmark.score(item, answers, bare)
                    rows.append(_outcome(seed, person.user, item, arm, scores, _shown(answers.reply, loaded)))
    return rows


def _outcome(seed: int, user: str, item: Item, arm: str, scores: Scores, reply: str) -> dict[str, Any]:
    row = {"seed": seed, "user": user, "item": item.id, "kind": item.kind, "arm": arm, "scores": scores}
    return {**row, "reply": reply} if reply else row


def _shown(reply: str, loaded: Loaded) -> str:
    """A reply as the result keeps it: it may quote data that is somebody's, so only made-up people's stand there."""
    return "sha256:" + hashlib.sha256(reply.encode()).hexdigest() if reply and loaded.files else reply


def _arms(plan: Plan, found: Found, outcomes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    table = {arm: [row for row in outcomes if row["arm"] == arm] for arm in plan.arms}
    drawn = _Drawn()
    headline = plan.benchmark.headline
    means = {arm: s.mean for arm in plan.arms if (s := _scored(plan, table[arm], headline, drawn)) is not None}
    result = {}
    for name, arm in plan.arms.items():
        rows = table[name]
        names = sorted({score for row in rows for score in row["scores"]})
        best = _best(means, name)
        result[name] = {
            "method": arm.method,
            "settings": _settings(arm),
            "scores": {score: asdict(_known(_scored(plan, rows, score, drawn))) for score in names},
            "kinds": {headline: _by_kind(plan, rows, headline, drawn)},
            "against_none": {} if name == "none" else _against(plan, rows, table["none"], names, drawn),
            "against_best": {
                score: {"arm": best, **found_difference}
                for score, found_difference in _against(plan, rows, table[best], [headline], drawn).items()
            }
            if best
            else {},
            "cost": _mean_cost(found, name, "counted"),
        }
    return result


def _settings(arm: Arm) -> dict[str, Any]:
    marks = {"control": arm.control, "soft": arm.soft, "reader": arm.reader}
    return {**arm.settings, **{key: value for key, value in marks.items() if value}}


def _best(means: Mapping[str, float], name: str) -> str:
    """The best arm that is no control, not ours and not `name` itself."""
    others = {arm: mean for arm, mean in means.items() if arm not in (*CONTROLS, *OURS, name)}
    return max(others, key=lambda arm: others[arm], default="")


class _Drawn:
    """Bootstrap counts, drawn once for each set of items."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Any] = {}

    def counts(self, rows: Sequence[dict[str, Any]]) -> Any:
        groups = tuple(f"{row['seed']}/{row['user']}" for row in rows)
        if groups not in self._known:
            self._known[groups] = resamples(groups)
        return self._known[groups]


def _scored(plan: Plan, rows: Sequence[dict[str, Any]], score: str, drawn: _Drawn) -> Interval | None:
    having = [row for row in rows if score in row["scores"]]
    if not having:
        return None
    return ratio([plan.benchmark.parts(score, row["scores"]) for row in having], drawn.counts(having))


def _known(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


def _by_kind(plan: Plan, rows: Sequence[dict[str, Any]], score: str, drawn: _Drawn) -> dict[str, Any]:
    kinds = dict.fromkeys(row["kind"] for row in rows)
    found = {kind: _scored(plan, [row for row in rows if row["kind"] == kind], score, drawn) for kind in kinds}
    return {kind: asdict(interval) for kind, interval in found.items() if interval is not None}


def _against(
    plan: Plan,
    rows: Sequence[dict[str, Any]],
    others: Sequence[dict[str, Any]],
    names: Sequence[str],
    drawn: _Drawn,
) -> dict[str, Any]:
    """Paired differences on the items where both have the score."""
    result = {}
    for name in names:
        pairs = [(a, b) for a, b in zip(rows, others, strict=True) if name in a["scores"] and name in b["scores"]]
        if pairs:
            a, b = ([plan.benchmark.parts(name, row["scores"]) for row in side] for side in zip(*pairs, strict=True))
            result[name] = asdict(difference(a, b, drawn.counts([pair[0] for pair in pairs])))
    return result


def _mean_cost(found: Found, arm: str, half: str) -> dict[str, float]:
    rows = [cost[half] for key, cost in found.costs.items() if key.rpartition("/")[2] == arm]
    return {name: _mean([row[name] for row in rows]) for name in rows[0]}


def _mean(values: Sequence[float]) -> float:
    """Of the values there are: a clock may have had nothing to measure."""
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float("nan")


def _counted(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _rounded(value: Any) -> Any:
    """Seven digits: enough for every table, and no noise of the last bit in a diff."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.7g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value


def _git(root: Path) -> tuple[str, bool]:
    """Commit and whether tracked files differ from it, results and pages left out; empty outside a clone."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!results", ":!docs")
        return git("rev-parse", "HEAD"), bool(changed)
    except OSError:
        return "", False


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
