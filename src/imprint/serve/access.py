"""The log: one JSON object a line on stderr, with ids and counts, never with a user's text. And mistakes caught."""

import json
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imprint.serve.errors import error_response, of_mistake
from imprint.serve.metrics import Metrics


class Log:
    """Hands lines to `write`, stderr's by default."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self._write = write or sys.stderr.write

    def line(self, event: str, **fields: Any) -> None:
        """One line."""
        time_ = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._write(json.dumps({"time": time_, "event": event, **fields}) + "\n")

    def failed(self, event: str, error: BaseException) -> None:
        """A mistake: its kind and place, not its message, which may quote what a user said."""
        frame = traceback.extract_tb(error.__traceback__)[-1:]
        place = f"{Path(frame[0].filename).name}:{frame[0].lineno}" if frame else ""
        self.line(event, error=type(error).__name__, place=place)


class Access:
    """ASGI middleware: a line and the figures of every request, and a 500 where nobody foresaw the error."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except ClientDisconnect:
            pass  # nobody is there to be answered
        except Exception as error:
            self._log.failed("mistake", error)
            if not status:
                await error_response(of_mistake())(scope, receive, counted)
        finally:
            # The route's template, not the path: a user id may be an address.
            route = getattr(scope.get("route"), "path", "none")
            seconds = time.monotonic() - began
            self._metrics.requests.labels(route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(seconds)
            key = scope.get("state", {}).get("key", "")
            self._log.line(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1e3),
                bytes=size,
                key=key,
            )
