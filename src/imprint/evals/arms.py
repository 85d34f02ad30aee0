"""The arms of a comparison: methods of memory with their settings, controls, and text with a shared soft prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from imprint.config import read_section
from imprint.methods import check_method
from imprint.types import ImprintError

ORACLE = "oracle_text"
"""Reads the very turns that hold the answer: no method of memory, since it has to be told which."""


@dataclass(frozen=True)
class Arm:
    """Table [arms.NAME] of a config file."""

    method: str
    """A method of memory, or `oracle_text`."""
    control: Literal["", "random", "other_user"] = ""
    """random: the fitted tensors replaced by noise of the same rms; other_user: the memory of somebody else."""
    soft: bool = False
    """Beside the text stand soft rows, trained on other people to answer from text (`evals/text_reader.py`)."""
    reader: Literal["", "auto", "learned", "rules"] = ""
    """What reads the turns, where it is not the config file's reader."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What differs from [methods.METHOD]."""

    def __post_init__(self) -> None:
        if self.control and self.soft:
            raise ValueError("a control has no soft rows of its own")

    def table(self, methods: Mapping[str, Mapping[str, Any]], seed: int) -> dict[str, Any]:
        """The method's settings for one seed: those of the config file, then the arm's own, then the seed."""
        given = merged(methods.get(self.method, {}), self.settings)
        return merged(given, {"fit": {"seed": seed}}) if self.method in FITTED else given


FITTED = ("prompt_tuning", "lora", "cartridge", "lpm")
"""Methods whose sleep is a fit, which starts from a seed."""
TEXT = ("full_context", "bm25", "dense", ORACLE)
CONTROLS = ("none", "random", "other_user")
OURS = ("lpm",)

ARMS: dict[str, Arm] = {
    "none": Arm("none"),
    "random": Arm("lpm", control="random"),
    "other_user": Arm("lpm", control="other_user"),
    "full_context": Arm("full_context"),
    "bm25": Arm("bm25", settings={"format": "few_shot"}),
    "dense": Arm("dense"),
    ORACLE: Arm(ORACLE, settings={"format": "few_shot"}),
    **{f"{name}_soft": Arm(name, soft=True, settings={"format": "notes"}) for name in TEXT},
    "prompt_tuning": Arm("prompt_tuning"),
    "lora": Arm("lora", settings={"learn": "turns"}),
    "lora_study": Arm("lora", settings={"learn": "study"}),
    "cartridge": Arm("cartridge"),
    "lpm": Arm("lpm"),
}


def read_arms(names: Sequence[str], tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Arm]:
    """The arms called `names`, in that order; `tables` are the config file's [arms.NAME]. "all": every built-in one."""
    known = dict(ARMS)
    for name, table in tables.items():
        arm = read_section(Arm, table, f"[arms.{name}]")
        if arm.method != ORACLE:
            check_method(arm.method)
        if arm.soft and arm.method not in TEXT:
            raise ImprintError(f"[arms.{name}]: soft is for text arms", f"Methods: {', '.join(TEXT)}")
        known[name] = arm
    wanted = [n for name in names for n in (ARMS if name == "all" else (name,))]
    for name in wanted:
        if name not in known:
            raise ImprintError(f"there is no arm {name!r}", f"Choose from: {', '.join(known)}, or all")
    if not wanted:
        raise ImprintError("no arm was named", f"Choose from: {', '.join(known)}, or all")
    # `none` first: its answers are what several scores compare with.
    return {name: known[name] for name in dict.fromkeys(["none", *wanted])}


def base_arm(arm: Arm) -> Arm:
    """The arm whose memory a control borrows."""
    return replace(arm, control="")


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Two settings tables in one; nested tables are merged, not replaced."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result
