"""What the plots of `imprint report` show, picked from result files, and the PNG of each. `figures.py` draws."""

import hashlib
import json
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from imprint.evals.read_results import Curve, Result, group
from imprint.types import ImprintError

KEY = "imprint results sha256"
"""Under this key a PNG's text metadata says what it was drawn from."""
PAIRED = ("full_context", "bm25", "dense")
"""Text arms that are shown with soft rows where that was measured."""
CHOSEN = ("none", *PAIRED, "prompt_tuning", "cartridge", "lora_study", "lpm")
"""The arms that get a line; a dozen lines in one picture can not be told apart."""
NETWORK_CURVE = "network-curve"
"""The picture of curves; the others, in PICKS, are of results."""
PANELS = ("recall", "locomo")
"""Benchmarks whose people have histories of different lengths."""
NO_MODEL = ("reading", "gate")
"""Benchmarks that no language model takes part in."""
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Plot:
    """One picture: its name, and all that is drawn in it."""

    name: str
    """File name without .png."""
    data: Mapping[str, Any]

    @property
    def stamp(self) -> str:
        """sha256 of what is drawn."""
        text = json.dumps([self.name, self.data], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def make_plots(results: Mapping[str, Result], curves: Mapping[str, Curve] | None = None) -> tuple[Plot, ...]:
    """The pictures that these results and curves suffice for."""
    same = _same_model([result for result in results.values() if result.data["benchmark"] not in NO_MODEL])
    reading = [result for result in results.values() if result.data["benchmark"] in NO_MODEL]
    made = [(name, pick([*same, *reading])) for name, pick in PICKS.items()]
    made.append((NETWORK_CURVE, network_curve([*(curves or {}).values()])))
    return tuple(Plot(name, data) for name, data in made if data)


def render(plot: Plot) -> bytes:
    """The picture as PNG; ImprintError without matplotlib."""
    try:
        from imprint.evals import figures
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise ImprintError("plots need matplotlib", "Run: pip install -c constraints.txt matplotlib") from None
    return figures.draw(plot.name, plot.data, {KEY: plot.stamp})


def stamp_of(png: bytes) -> str:
    """What a PNG says it was drawn from; empty where it says nothing."""
    place = len(_PNG) if png.startswith(_PNG) else len(png)
    while place + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        key, _, value = png[place + 8 : place + 8 + length].partition(b"\0")
        if kind == b"tEXt" and key == KEY.encode():
            return value.decode("latin-1")
        place += length + 12
    return ""


def capacity(results: Sequence[Result]) -> dict[str, Any]:
    """The headline of recall against the number of facts told; needs two numbers of facts."""
    files = _recall_by_facts(results)
    points = [(float(facts), result) for facts, result in sorted(files.items())]
    if len(points) < 2:
        return {}
    seeds = {str(facts): len(result.data["seeds"]) for facts, result in sorted(files.items())}
    return {"score": points[0][1].headline, "seeds": seeds, "lines": _lines(points)}


def quality_bytes(results: Sequence[Result]) -> dict[str, Any]:
    """The headline of recall against what is kept of a user, from the file with most seeds, then most facts."""
    chosen = _main_recall(results)
    if chosen is None:
        return {}
    facts, result = chosen
    points = []
    for name in _shown([result], lambda name, arm: group(name, arm) != "control"):
        kept, found = result.data["arms"][name]["cost"].get("bytes"), result.estimate(name)
        if kept and _whole(found):
            points.append({"arm": name, "at": [kept, found["mean"], found["low"], found["high"]]})
    none = result.estimate("none")
    floor = [none["mean"], none["low"], none["high"]] if _whole(none) else None
    return {"score": result.headline, "facts": facts, "points": points, "none": floor} if points else {}


def history(results: Sequence[Result]) -> dict[str, Any]:
    """The headline against the mean length of the histories, one panel a benchmark; needs two lengths."""
    panels, lengths = [], set()
    for benchmark in PANELS:
        files = [result for result in results if result.data["benchmark"] == benchmark and result.data["people"]]
        if benchmark == "recall":
            files = [result for _, result in sorted(_recall_by_facts(results).items())]
        if files:
            points = [(_mean_history(result), result) for result in files]
            lengths |= {length for length, _ in points}
            lines = _lines(sorted(points, key=lambda point: point[0]))
            panels.append({"benchmark": benchmark, "score": files[0].headline, "lines": lines})
    return {"panels": panels} if len(lengths) > 1 else {}


def cost(results: Sequence[Result]) -> dict[str, Any]:
    """Tokens a question and seconds of sleep of each arm, from the same file as `quality_bytes`."""
    chosen = _main_recall(results)
    if chosen is None:
        return {}
    facts, result = chosen
    bars = []
    for name, arm in result.arms.items():
        kind = group(name, arm)
        prompt = arm["cost"].get("prompt_tokens")
        if prompt is not None and (name == "none" or kind != "control"):
            tokens = prompt + (arm["cost"].get("soft_tokens") or 0.0)
            slept = result.seconds(name).get("sleep")
            bars.append({"arm": name, "group": kind, "tokens": tokens, "sleep": slept})
    return {"facts": facts, "busy": result.busy, "bars": bars}


def reliability(results: Sequence[Result]) -> dict[str, Any]:
    """How sure the learned reader was and how often right, from the file that compares it with the rules."""
    for result in results:
        arm = result.data["arms"].get("learned", {})
        if result.data["benchmark"] == "reading" and arm.get("reliability"):
            return {"bins": arm["reliability"]}
    return {}


def learning_curve(results: Sequence[Result]) -> dict[str, Any]:
    """The learned reader's scores against the turns it was trained on; needs two sizes in one file."""
    for result in results:
        sizes = {arm["settings"].get("turns"): arm["scores"] for arm in result.data["arms"].values()}
        if result.data["benchmark"] == "reading" and len(sizes) > 1 and None not in sizes:
            lines = {
                score: [[turns, *(scores[score][key] for key in ("mean", "low", "high"))] for turns, scores in found]
                for found in [sorted(sizes.items())]
                for score in ("tells_f1", "value", "about", "changes")
            }
            return {"lines": lines}
    return {}


def network_curve(curves: Sequence[Curve]) -> dict[str, Any]:
    """What held-out people were measured at while networks were trained: [step, exact, loss], one line a curve.

    Steps count from the start of a training's last stage, so that curves stand one above the other there.
    """
    lines = []
    for curve in curves:
        stages: dict[str, list[Any]] = {}
        for point in curve.data["points"]:
            stages.setdefault(point["stage"], []).append(point)
        at = -sum(points[-1]["step"] for points in [*stages.values()][:-1])
        line, starts = [], []
        for stage, points in stages.items():
            starts.append([stage, at])
            line += [[at + point["step"], point["exact"], point["loss"]] for point in points]
            at += points[-1]["step"]
        if line:
            lines.append({"name": curve.name, "stages": starts, "points": line})
    return {"lines": lines} if lines else {}


def slot_map(results: Sequence[Result]) -> dict[str, Any]:
    """Slots of several users on two principal components, by contents and by what they are found by."""
    for result in _inside(results):
        arm = result.data["arms"]["lpm"]
        if arm["map"] and len(result.data["people"]) > 1:
            return {"panels": arm["map"], "silhouette": {space: arm["silhouette"][space] for space in arm["map"]}}
    return {}


def slot_attention(results: Sequence[Result]) -> dict[str, Any]:
    """One user's questions over their slots: attention, and which slot was planted."""
    return next((dict(result.data["arms"]["lpm"]["attention"]) for result in _inside(results)), {})


def _inside(results: Sequence[Result]) -> list[Result]:
    return [result for result in results if result.data["benchmark"] == "inside"]


def gate_roc(results: Sequence[Result]) -> dict[str, Any]:
    """Told questions against the messages that should not open the gate, and where the chosen threshold lies."""
    for result in results:
        curves = result.data.get("roc", {}).get("lpm")
        if result.data["benchmark"] == "gate" and curves:
            points = {}
            for name, arm in (("chosen", "lpm_chosen"), ("default", "lpm")):
                scores = result.data["arms"][arm]["scores"]
                opened = {against: scores[f"{against}_opened"]["mean"] for against in curves}
                points[name] = [1 - scores["told_blocked"]["mean"], opened]
            before = result.data["roc"].get("lpm_no_wording", {}).get("general", [])
            return {"curves": curves, "before": before, "points": points}
    return {}


PICKS: dict[str, Callable[[Sequence[Result]], dict[str, Any]]] = {
    "capacity": capacity,
    "quality-bytes": quality_bytes,
    "history": history,
    "cost": cost,
    "reliability": reliability,
    "learning-curve": learning_curve,
    "slot-map": slot_map,
    "slot-attention": slot_attention,
    "gate-roc": gate_roc,
}


def _same_model(results: Sequence[Result]) -> list[Result]:
    """The results of the model that most of them are of: numbers of two models make no line."""
    models = Counter(result.data["model"]["spec"] for result in results)
    top = max(sorted(models), key=lambda spec: models[spec], default="")
    return [result for result in results if result.data["model"]["spec"] == top]


def _recall_by_facts(results: Iterable[Result]) -> dict[int, Result]:
    """Generated recall by number of facts; of two alike the one with more seeds, then the shorter name."""
    found: dict[int, Result] = {}
    for result in sorted(results, key=lambda each: (-len(each.data["seeds"]), len(each.name), each.name)):
        facts = result.data["options"].get("facts")
        if result.data["benchmark"] == "recall" and isinstance(facts, int):
            found.setdefault(facts, result)
    return found


def _main_recall(results: Sequence[Result]) -> tuple[int, Result] | None:
    files = _recall_by_facts(results).items()
    return max(files, key=lambda pair: (len(pair[1].data["seeds"]), pair[0]), default=None)


def _lines(points: Sequence[tuple[float, Result]]) -> list[dict[str, Any]]:
    """One line an arm: [x, mean, low, high] where it was measured."""
    lines = []
    for name in _shown([result for _, result in points], lambda name, _: name in CHOSEN or _plain(name) in PAIRED):
        found = [(x, result.estimate(name)) for x, result in points]
        line = [[x, each["mean"], each["low"], each["high"]] for x, each in found if _whole(each)]
        if line:
            lines.append({"arm": name, "points": line})
    return lines


def _shown(results: Sequence[Result], wanted: Callable[[str, Any], bool]) -> list[str]:
    """Arms of any of the results in their order: those wanted, and of a text arm the form with soft rows if any."""
    arms = {name: arm for result in results for name, arm in result.arms.items()}
    kept = {name: arm for name, arm in arms.items() if wanted(name, arm) and f"{name}_soft" not in arms}
    order = [name for result in sorted(results, key=lambda each: -len(each.arms)) for name in result.arms]
    return [name for name in dict.fromkeys(order) if name in kept and _plain(name) != "oracle_text"]


def _whole(found: Mapping[str, Any] | None) -> TypeGuard[Mapping[str, float]]:
    """Whether an estimate has both ends of its interval."""
    return found is not None and None not in (found["mean"], found["low"], found["high"])


def _plain(name: str) -> str:
    return name.removesuffix("_soft")


def _mean_history(result: Result) -> float:
    lengths = [person["history_tokens"] for person in result.data["people"]]
    return sum(lengths) / len(lengths)
