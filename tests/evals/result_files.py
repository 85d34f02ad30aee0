"""Made-up result files in the format of `imprint eval`; the numbers mean nothing."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SOFT = {"full_context_soft": 40, "bm25_soft": 6, "dense_soft": 6}
ARMS: dict[str, tuple[str, float, float, float]] = {
    "none": ("none", 0.0, 0, 0),
    "random": ("lpm", 0.0, 128, 0),
    "other_user": ("lpm", 0.01, 128, 0),
    "full_context": ("full_context", 0.16, 9, 0),
    "bm25": ("bm25", 0.33, 11, 0),
    "dense": ("dense", 0.36, 14, 0),
    "oracle_text": ("oracle_text", 0.44, 9, 0),
    "full_context_soft": ("full_context", 0.29, 9, 0),
    "bm25_soft": ("bm25", 0.52, 11, 0),
    "dense_soft": ("dense", 0.57, 14, 0),
    "oracle_text_soft": ("oracle_text", 0.71, 9, 0),
    "prompt_tuning": ("prompt_tuning", 0.21, 36.9, 70),
    "lora": ("lora", 0.09, 920, 120),
    "lora_study": ("lora", 0.63, 920, 170),
    "cartridge": ("cartridge", 0.41, 737, 190),
    "lpm": ("lpm", 0.81, 128, 66),
}
"""Arm: its method, headline, kilobytes a user and seconds of sleep."""
CONTROLS = ("random", "other_user")


def estimate(mean: float, width: float = 0.07, n: int = 96) -> dict[str, Any]:
    return {"mean": mean, "low": max(mean - width, 0.0), "high": min(mean + width, 1.0), "n": n}


def arm(name: str, fall: float = 1.0, score: str = "exact") -> dict[str, Any]:
    """One arm of a result file; fall: by what its headline is multiplied."""
    method, mean, kept, _ = ARMS[name]
    mean *= fall
    text = name.removesuffix("_soft") in ("full_context", "bm25", "dense", "oracle_text")
    prompt = {"full_context": 1900.0, "bm25": 190.0, "dense": 185.0, "oracle_text": 78.0}.get(method, 31.0)
    made = {
        "method": method,
        "settings": {"soft": True} if name.endswith("_soft") else {"control": name} if name in CONTROLS else {},
        "scores": {score: estimate(mean), "choice": estimate(0.5 + mean / 2), "refused": estimate(0.9, n=24)},
        "kinds": {score: {"changed": estimate(mean * 0.7, n=12), "fact": estimate(mean, n=84)}},
        "against_none": {} if name == "none" else {score: estimate(mean)},
        "against_best": {},
        "cost": {
            "bytes": kept * 1000.0,
            "trainable": 0.0 if text else kept * 250.0,
            "prompt_tokens": prompt,
            "soft_tokens": float(SOFT.get(name, 14 if name == "lpm" else 16 if name == "prompt_tuning" else 0)),
            "kv_bytes": prompt * 46080.0,
        },
    }
    if name not in ("none", "random", "other_user", "dense_soft"):
        made["against_best"] = {score: {"arm": "dense_soft", **estimate(mean - 0.57 * fall), "low": mean - 0.7}}
    return made


def result(facts: int = 32, names: Sequence[str] = tuple(ARMS), **changes: Any) -> dict[str, Any]:
    """A result of recall with so many facts; changes: other values of its top-level keys."""
    fall = (8 / facts) ** 0.25
    seconds = {
        name: {
            "write": 0.0042,
            "sleep": ARMS[name][3] * facts / 32,
            "first_token": 0.21,
            "tokens_per_second": 14.1,
        }
        for name in names
    }
    return {
        "format": 1,
        "benchmark": "recall",
        "options": {"facts": facts},
        "headline": "exact",
        "licence": "generated",
        "note": "",
        "command": f"imprint eval recall --methods all --set facts={facts} --out results/recall-{facts}.json",
        "model": {"spec": "embedded", "id": "a1"},
        "encoder": "minilm",
        "seeds": [0, 1, 2],
        "limit": 0,
        "revision": "",
        "modified": False,
        "versions": {"python": "3.11.2"},
        "data": {},
        "people": [
            {"seed": seed, "user": f"recall-{seed}-0", "turns": 3 * facts, "history_tokens": 60 * facts, "items": 40}
            for seed in (0, 1, 2)
        ],
        "kinds": {"fact": 84, "changed": 12, "never_told": 24},
        "arms": {name: arm(name, fall) for name in names},
        "outcomes": [],
        "errors": [],
        "run": {
            "date": "2026-11-21",
            "wall_seconds": 812.3,
            "machine": {"cpu": "Made-up CPU", "cores": 2, "threads": 2, "memory_gb": 24, "gpu": ""},
            "load": [0.4, 2.1],
            "seconds": seconds,
        },
        **changes,
    }


def curve(restate: int = 100, points: int = 3) -> dict[str, Any]:
    """What `imprint train lpm --curve` writes."""
    first = [{"stage": "restate", "step": restate, "loss": 0.3, "exact": 0.8}] if restate else []
    rest = [{"stage": "answer", "step": 100 * n, "loss": 0.3 / n, "exact": 0.8 + 0.02 * n} for n in range(1, points)]
    return {"config": {"network": {"rows": 10}, "restate": restate}, "model": "embedded", "points": first + rest}


def networks() -> dict[str, Any]:
    """A result of `imprint eval network`."""
    arms = {}
    for name, mean in (("untrained", 0.1), ("large", 0.9), ("small", 0.8)):
        made = {"control": name} if name == "untrained" else {"steps": 700, "rows": 10}
        less = {"against_first": {"exact": {"arm": "large", **estimate(mean - 0.9)}}} if name != "large" else {}
        cost = {"network": 1e6, "slot_bytes": 680.0, "slot_floats": 320.0, "file_bytes": 2e6}
        blocks = {"blocks": 0 if name == "small" else 1}
        scores = {"exact": estimate(mean), "loss": estimate(1 - mean)}
        arms[name] = {"method": "lpm", "settings": made | blocks, "scores": scores, "cost": cost, **less}
    return result(8, [], benchmark="network", options={"part": "dev"}, arms=arms)


def save(folder: Path, name: str, data: Mapping[str, Any]) -> Path:
    """Write a result file as `imprint eval` does."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, sort_keys=True, indent=1) + "\n", encoding="utf-8")
    return path
