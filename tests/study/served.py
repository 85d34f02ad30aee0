"""A real HTTP server on a loopback port that answers as a test tells it to."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Endpoint:
    """Replies in turn with what it was given: (status, body), and remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: list[tuple[int, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.delay = 0.0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append({"path": self.path, **json.loads(body)})
                endpoint.keys.append(self.headers.get("Authorization", ""))
                time.sleep(endpoint.delay)
                status, text = endpoint.replies.pop(0) if len(endpoint.replies) > 1 else endpoint.replies[0]
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                # A client that timed out has hung up.
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def chat(content: str, tokens: int = 50) -> tuple[int, str]:
    return 200, json.dumps({"choices": [{"message": {"content": content}}], "usage": {"total_tokens": tokens}})
