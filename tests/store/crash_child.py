"""Works on a store until it is killed. A synced journal says what it begins, and what returned."""

import json
import os
import random
import sys
from pathlib import Path

from imprint.store import SQLiteStore
from tests.store.samples import turn

USER = "ada"
METHODS = ("lpm", "bm25")
KEY = "fit"


def plan(draw: random.Random, told: list[int], fresh: int) -> dict:
    """The next operation. told: numbers of the turns in the ledger; fresh: the first number never used."""
    kind = draw.choice(["add", "add", "publish", "publish", "checkpoint", "forget"]) if len(told) > 3 else "add"
    size = draw.choice([1, 300, 9000, 60_000])
    if kind == "add":
        return {"do": "add", "turns": list(range(fresh, fresh + draw.randrange(1, 9)))}
    if kind == "forget":
        return {"do": "forget", "turns": draw.sample(told, draw.randrange(1, 3))}
    if kind == "checkpoint":
        return {"do": "checkpoint", "fill": fresh % 251, "size": size}
    heard = draw.randrange(len(told) + 1)
    return {
        "do": "publish",
        "method": draw.choice(METHODS),
        "fill": draw.randrange(256),
        "size": size,
        "heard": heard,
        "slept": draw.randrange(heard + 1),
    }


def perform(store: SQLiteStore, step: dict) -> None:
    match step["do"]:
        case "add":
            store.add(USER, [turn(number, USER, f"turn {number} " * 40) for number in step["turns"]])
        case "forget":
            store.forget(USER, [turn(number).id for number in step["turns"]])
        case "checkpoint":
            data = bytes([step["fill"]]) * step["size"]
            store.save_checkpoint(USER, "lpm", KEY, data, store.snapshot(USER).epoch)
        case "publish":
            blob = bytes([step["fill"]]) * step["size"]
            epoch = store.snapshot(USER).epoch
            store.publish(USER, step["method"], blob, epoch, step["heard"], step["slept"])


def main(home: Path, journal: Path, seed: int) -> None:
    draw = random.Random(seed)
    told: list[int] = []
    fresh = 0
    with SQLiteStore(home) as store, open(journal, "a") as log:

        def say(line: dict) -> None:
            log.write(json.dumps(line) + "\n")
            log.flush()
            os.fsync(log.fileno())

        say({"ready": True})
        while True:
            step = plan(draw, told, fresh)
            say({"try": step})
            perform(store, step)
            say({"done": step["do"]})
            if step["do"] == "add":
                told += step["turns"]
                fresh = told[-1] + 1 if told else fresh
            elif step["do"] == "forget":
                told = [number for number in told if number not in step["turns"]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
