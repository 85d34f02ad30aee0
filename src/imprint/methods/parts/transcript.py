"""The memory of methods that keep text: the user's own turns, as bytes in one tensor."""

import json
from collections.abc import Sequence

import torch

from imprint.tensors import Memory
from imprint.types import Turn


def append(memory: Memory, turns: Sequence[Turn]) -> Memory:
    """The memory with the text of the user's own turns added; what the assistant said is not written."""
    said = [*texts(memory), *(turn.text for turn in turns if turn.role == "user")]
    if not said:
        return memory
    data = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Memory(memory.fingerprint, {"text": torch.tensor(list(data), dtype=torch.uint8)}, memory.meta)


def texts(memory: Memory) -> list[str]:
    """What the user said, oldest first."""
    if "text" not in memory.tensors:
        return []
    return json.loads(bytes(memory.tensors["text"].tolist()).decode("utf-8"))


def notes(said: Sequence[str]) -> str:
    """Told turns as they stand in the system message."""
    return "What the user told you earlier:\n" + "\n".join(f"- {text}" for text in said)
