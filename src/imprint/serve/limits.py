"""How often a key may ask: a token bucket each."""

import math
import threading
import time
from dataclasses import dataclass

from imprint.serve.errors import ApiError


@dataclass
class _Bucket:
    left: float
    at: float


class Limiter:
    """`per_minute` requests a minute for each key, as many at once; 0 sets no limit."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._guard = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, key: str) -> None:
        """Count one request. ApiError 429 with the seconds to wait when there were too many."""
        if not self._most:
            return
        now = time.monotonic()
        with self._guard:
            bucket = self._buckets.setdefault(key, _Bucket(float(self._most), now))
            bucket.left = min(float(self._most), bucket.left + (now - bucket.at) * self._most / 60)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return
            wait = math.ceil((1 - bucket.left) * 60 / self._most)
        headers = {
            "retry-after": str(wait),
            "x-ratelimit-limit-requests": str(self._most),
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": f"{wait}s",
        }
        raise ApiError(429, f"too many requests. Ask again in {wait} s", "rate_limit_exceeded", headers=headers)
