"""The shapes of OpenAI's answers: completions, chunks, usage."""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imprint.backbone.decode import Reason
from imprint.serve.engine import Started

_FINISH = {"eos": "stop", "stop": "stop", "length": "length"}
DONE = "data: [DONE]\n\n"


@dataclass(frozen=True)
class Head:
    """What all chunks of an answer begin with."""

    id: str
    created: int
    model: str
    imprint: dict[str, Any]
    """Our own figures: what the memory did, how many turns were heard, how many messages were cut."""

    @classmethod
    def new(cls, model: str, memory: str, heard: Sequence[str], dropped: int) -> "Head":
        """Of an answer that begins now."""
        own = {"memory": memory, "heard": list(heard), "dropped_messages": dropped}
        return cls(f"chatcmpl-{secrets.token_hex(12)}", int(time.time()), model, own)

    def _fields(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def completion(
        self, texts: Sequence[str], reasons: Sequence[Reason | None], usage: dict[str, Any]
    ) -> dict[str, Any]:
        """A whole answer."""
        choices = [
            {
                "index": i,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "finish_reason": finish(reason),
                "logprobs": None,
            }
            for i, (text, reason) in enumerate(zip(texts, reasons, strict=True))
        ]
        return self._fields("chat.completion") | {"choices": choices, "usage": usage, "imprint": self.imprint}

    def chunk(self, index: int, delta: dict[str, str], reason: Reason | None = None) -> dict[str, Any]:
        """One piece of a streamed answer."""
        choice = {"index": index, "delta": delta, "finish_reason": finish(reason), "logprobs": None}
        return self._fields("chat.completion.chunk") | {"choices": [choice]}

    def last(self, usage: dict[str, Any]) -> dict[str, Any]:
        """The chunk after the last piece, with the usage."""
        return self._fields("chat.completion.chunk") | {"choices": [], "usage": usage, "imprint": self.imprint}


def finish(reason: Reason | None) -> str | None:
    """OpenAI's word for why an answer ended."""
    return _FINISH[reason] if reason else None


def usage(started: Started, generated: int) -> dict[str, Any]:
    """Tokens of a request; soft ones count as part of the prompt."""
    prompt = started.prompt_tokens + started.soft_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": generated,
        "total_tokens": prompt + generated,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0, "soft_tokens": started.soft_tokens},
    }


def event(value: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"
