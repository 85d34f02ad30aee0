"""`imprint demo`: the main job, scripted. Hear, sleep, end the process, start a new one, and ask."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from imprint.cli.options import ConfigFile, Json, MethodName, Model, emit, notice, open_companion, settings

SCRIPT = Path(__file__).parents[3] / "examples" / "maya.json"
"""Who talks in the demo, what she says, and what is asked later."""
PASS_WITH, PASS_WITHOUT = 10, 2
"""Least right answers with memory and most without, of twelve told things."""


def demo(
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    script: Annotated[
        Path,
        typer.Option(
            "--script",
            metavar="FILE",
            help="A conversation with questions, in place of examples/maya.json.",
            show_default=False,
        ),
    ] = SCRIPT,
    sample: Annotated[str, typer.Option("--sample", help="Which sample, when the script is a LoCoMo file.")] = "",
    speaker: Annotated[str, typer.Option("--speaker", help="Whose memory, when the script is a LoCoMo file.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Questions asked of a LoCoMo file.")] = 10,
    folder: Annotated[Path | None, typer.Option("--folder", hidden=True)] = None,
    stage: Annotated[str, typer.Option("--stage", hidden=True)] = "",
    as_json: Json = False,
) -> None:
    """Tell the model about someone, let it sleep, start it anew and ask.

    Exit code 1 when too little is remembered.

    Example: imprint demo
    """
    from imprint.cli.script import read_script

    told = read_script(script, sample, speaker, limit)
    if folder is not None:
        with open_companion(config, model, method, folder) as opened:
            emit(_hear(opened.companion, told) if stage == "hear" else _ask(opened.companion, told))
        return
    chosen = settings(config, model, method)
    arguments = ["--model", chosen.model, "--method", chosen.method, "--script", str(script.absolute())]
    arguments += ["--config", str(config)] if config else []
    arguments += ["--sample", sample, "--speaker", speaker, "--limit", str(limit)] if speaker else []
    scratch = Path(tempfile.mkdtemp(prefix="imprint-demo-"))
    try:
        began = time.monotonic()
        notice(f"1. One process hears {len(told.turns)} turns of {told.user} and sleeps")
        heard = _stage("hear", arguments, scratch)
        notice("2. It has ended. A new process loads the memory from disk and is asked")
        asked = _stage("ask", arguments, scratch)
        seconds = time.monotonic() - began
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    result = {**heard, **asked, "total_seconds": round(seconds, 1)}
    if as_json:
        emit(result)
    else:
        from imprint.cli.tables import show_demo

        show_demo(result)
    if not passed(result):
        raise typer.Exit(1)


def passed(result: dict[str, Any]) -> bool:
    """Enough is remembered, little is guessed, and what has nothing to do with the user is answered as if bare."""
    told = result["told"]
    share = told / 12  # the bar is set for twelve told things
    return (
        result["right_with"] >= PASS_WITH * share
        and result["right_without"] <= PASS_WITHOUT * share
        and result["unchanged"] == result["irrelevant"]
    )


def _stage(stage: str, arguments: list[str], scratch: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "imprint.cli.main", "demo", *arguments, "--folder", str(scratch), "--stage", stage]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:  # it has said why
        raise typer.Exit(done.returncode)
    return json.loads(done.stdout.splitlines()[-1])


def _hear(companion: Any, told: Any) -> dict[str, Any]:
    from imprint.cli.bars import Bar

    clock = [time.monotonic()]
    companion.hear(told.user, told.turns)
    clock.append(time.monotonic())
    with Bar() as bar:
        state = companion.sleep(told.user, bar)
    clock.append(time.monotonic())
    words = "\n".join(turn.text for turn in told.turns)
    return {
        "user": told.user,
        "turns": len(told.turns),
        "history_tokens": len(companion.backbone.tokenize(words)),
        "memory_bytes": state.bytes,
        "slots": len(state.memory.meta.get("facts", [])),
        "hear_seconds": round(clock[1] - clock[0], 1),
        "sleep_seconds": round(clock[2] - clock[1], 1),
    }


def _ask(companion: Any, told: Any) -> dict[str, Any]:
    from imprint.backbone.base import Message, Request, Sampling
    from imprint.backbone.decode import reply
    from imprint.cli.script import is_right
    from imprint.cli.turns import spoken

    greedy = Sampling(max_new_tokens=48)
    began = time.monotonic()
    rows = [companion.request(told.user, [spoken(told.user, asked.question)], greedy) for asked in told.questions]
    bare = [Request((Message("user", asked.question),), None, greedy) for asked in told.questions]
    replies = reply(companion.backbone, [*rows, *bare])
    table = []
    for asked, with_memory, without in zip(told.questions, replies, replies[len(rows) :], strict=False):
        row = {"question": asked.question, "kind": asked.kind, "expected": asked.answer}
        row |= {"bare": without.text, "memory": with_memory.text, "soft_tokens": with_memory.soft_tokens}
        row |= {"right_bare": is_right(asked, without.text), "right_memory": is_right(asked, with_memory.text)}
        table.append(row | {"unchanged": with_memory.text == without.text})
    told_rows = [row for row in table if row["expected"]]
    irrelevant = [row for row in table if row["kind"] == "irrelevant"]
    return {
        "told": len(told_rows),
        "right_with": sum(row["right_memory"] for row in told_rows),
        "right_without": sum(row["right_bare"] for row in told_rows),
        "irrelevant": len(irrelevant),
        "unchanged": sum(row["unchanged"] for row in irrelevant),
        "soft_tokens": max(row["soft_tokens"] for row in table),
        "ask_seconds": round(time.monotonic() - began, 1),
        "rows": table,
    }
