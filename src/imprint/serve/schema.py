"""What a request may say. An unknown field is an error; one that cannot be obeyed takes its neutral value only."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from imprint.serve.scope import MAX_USER
from imprint.types import MAX_TEXT

Text = Annotated[str, Field(max_length=MAX_TEXT)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Nothing = Annotated[Number, Field(ge=0, le=0)]
Empty = Annotated[list[Any], Field(max_length=0)]
Blank = Annotated[dict[str, Any], Field(max_length=0)]
Mode = Literal["on", "read", "off"]
"""on: read and hear; read: read only; off: the bare model, nothing is heard."""
MODES = ("on", "read", "off")
MAX_STOP = 200


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextPart(_Body):
    """Part of a message. Images, sound and embeddings are refused."""

    type: Literal["text"]
    text: Text


class ChatMessage(_Body):
    """One message."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Text | list[TextPart]
    name: str | None = None
    # What an answer's own message object carries when it is sent back: taken while it says nothing.
    refusal: Literal[""] | None = None
    annotations: Empty | None = None
    audio: Blank | None = None
    function_call: Blank | None = None
    tool_calls: Empty | None = None

    def text(self) -> str:
        """Its text in one piece."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class StreamOptions(_Body):
    """How a stream ends."""

    include_usage: StrictBool | None = None
    include_obfuscation: Literal[False] | None = None


class PlainFormat(_Body):
    """The only format of answers."""

    type: Literal["text"]


class ChatRequest(_Body):
    """The body of POST /v1/chat/completions."""

    model: str = Field(min_length=1, max_length=256)
    messages: list[ChatMessage] = Field(min_length=1)
    n: Annotated[StrictInt, Field(ge=1, le=8)] | None = None
    stop: (
        Annotated[str, Field(max_length=MAX_STOP)]
        | Annotated[list[Annotated[str, Field(min_length=1, max_length=MAX_STOP)]], Field(max_length=4)]
        | None
    ) = None
    seed: Annotated[StrictInt, Field(ge=-(1 << 63), lt=1 << 63)] | None = None
    temperature: Annotated[Number, Field(ge=0, le=2)] | None = None
    top_p: Annotated[Number, Field(ge=0, le=1)] | None = None
    max_completion_tokens: Annotated[StrictInt, Field(ge=1)] | None = None
    max_tokens: Annotated[StrictInt, Field(ge=1)] | None = None
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    user: Annotated[str, Field(min_length=1, max_length=MAX_USER)] | None = None
    """Whose memory, inside the key's scope."""
    safety_identifier: Annotated[str, Field(min_length=1, max_length=MAX_USER)] | None = None
    """The same, where `user` is not given."""
    memory: Mode | None = None
    """What the memory does for this request; "on" where neither this nor X-Imprint-Memory says."""
    # Taken and of no effect, because clients send them unasked.
    metadata: dict[str, Any] | None = None
    store: StrictBool | None = None
    prompt_cache_key: str | None = None
    service_tier: str | None = None
    parallel_tool_calls: StrictBool | None = None
    # Taken at the value that means nothing; refused otherwise, not ignored.
    frequency_penalty: Nothing | None = None
    presence_penalty: Nothing | None = None
    logprobs: Literal[False] | None = None
    top_logprobs: Annotated[StrictInt, Field(ge=0, le=0)] | None = None
    logit_bias: Blank | None = None
    tools: Empty | None = None
    tool_choice: Literal["none"] | None = None
    response_format: PlainFormat | None = None


class NewTurn(_Body):
    """One message to be heard without an answer."""

    role: Literal["user", "assistant"] = "user"
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class NewTurns(_Body):
    """The body of POST /v1/memory/{user}/turns."""

    turns: Annotated[list[NewTurn], Field(min_length=1)]
    conversation: Annotated[str, Field(max_length=200)] = ""
    """The conversation's id; without one it is known by how it opens. Its turns from the first on: what is known is
    not added again."""
