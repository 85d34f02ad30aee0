"""Makes oasst.jsonl: python data/general/select_messages.py FOLDER, the folder with the files that README.md names."""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BANK = HERE.parents[1] / "src/imprint/study/bank/general.txt"
LEAST, MOST = 2, 150
"""Words of a message."""


def lines(path: Path) -> Iterator[Any]:
    """Each JSON value of a gzipped file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def asked(message: dict[str, Any]) -> Iterator[str]:
    """What people said in a message and the replies below it."""
    if message["role"] == "prompter":
        yield message["text"]
    for reply in message.get("replies", []):
        yield from asked(reply)


def main(folder: Path) -> None:
    """Every message of a person, first prompts before the rest, in one line each; none twice, none of the bank."""
    found = [*lines(folder / "en_100_text.jsonl.gz"), *lines(folder / "prompt_lottery_en_250_text.jsonl.gz")]
    for tree in lines(folder / "en_100_tree.jsonl.gz"):
        found += asked(tree["prompt"])
    bank = set(BANK.read_text(encoding="utf-8").splitlines())
    kept = dict.fromkeys(" ".join(text.split()) for text in found)
    chosen = [text for text in kept if LEAST <= len(text.split()) <= MOST and text not in bank]
    written = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in chosen)
    (HERE / "oasst.jsonl").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
