"""Asks a language model behind any OpenAI-compatible endpoint: what the teacher and the judge share."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from imprint.types import ImprintError

Messages = Sequence[dict[str, str]]
"""As the API takes them: {"role": ..., "content": ...}."""
_RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked, and how patiently. What is sent goes there and nowhere else."""

    who: str
    """What errors call it: "teacher", "judge"."""
    base_url: str
    """As clients take it, with the version: "http://127.0.0.1:11434/v1"."""
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 60.0
    """Seconds a call may take."""
    attempts: int = 3
    without: str = ""
    """How to do without it, for the remedy: "study without a teacher"."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.base_url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable:
            raise ImprintError(
                f"{self.who} URL {self.base_url!r} is no http address", "give one like http://127.0.0.1:11434/v1"
            )
        if self.attempts < 1 or self.timeout <= 0:
            raise ImprintError(f"attempts and timeout of the {self.who} must be positive", "mend them")

    def client(self) -> httpx.Client:
        """A connection to ask over, closed by `with`."""
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return httpx.Client(timeout=self.timeout, headers=headers)

    def ask(
        self,
        client: httpx.Client,
        messages: Messages,
        temperature: float,
        max_tokens: int,
        wait: Callable[[float], None] = time.sleep,
    ) -> tuple[str, int]:
        """The reply's text and the tokens it cost; tries again, waiting longer each time, where that may help.

        ImprintError: the endpoint cannot be reached, refuses, or never answers with a chat completion.
        """
        url = f"{self.base_url.rstrip('/')}/chat/completions"
        body = {"model": self.model, "messages": messages, "temperature": temperature, "max_tokens": max_tokens}
        trouble = ""
        for attempt in range(self.attempts):
            if attempt:
                wait(2.0 ** (attempt - 1))
            try:
                response = client.post(url, json=body)
            except httpx.TimeoutException:
                trouble = f"did not answer within {self.timeout:g} s"
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                trouble = f"cannot be reached ({type(error).__name__})"
                continue
            if response.status_code in _RETRIED:
                trouble = f"answered with status {response.status_code}"
                continue
            if response.status_code != 200:
                remedy = "check the API key" if response.status_code in (401, 403) else "check URL and model name"
                raise ImprintError(f"{self.who} at {self.base_url} answered with status {response.status_code}", remedy)
            content = _content(response)
            if content is not None:
                return content, _tokens(response, messages, content)
            trouble = "answered with something else than a chat completion"
        remedy = f"see that it runs, or {self.without}" if self.without else "see that it runs"
        raise ImprintError(f"{self.who} at {self.base_url} {trouble}, {self.attempts} times", remedy)


def cost(messages: Messages) -> int:
    """Tokens of a prompt, roughly."""
    return sum(_estimate(message["content"]) for message in messages)


def _content(response: httpx.Response) -> str | None:
    try:
        content = response.json()["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return content if isinstance(content, str) else None


def _tokens(response: httpx.Response, messages: Messages, content: str) -> int:
    usage = response.json().get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    if isinstance(total, int) and total > 0:
        return total
    return _estimate(content) + cost(messages)


def _estimate(text: str) -> int:
    """Tokens of a text, roughly: four characters a token."""
    return len(text) // 4 + 1
