"""Load on a server that runs: clients that stream answers all the time, then one client alone.

    imprint serve
    python examples/load.py --clients 32 --seconds 60 --out load.json

Prints tokens a second, how fairly they were shared, seconds to the first token, errors, and with --pid the server's
memory.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

TELL = "I am number {number}. I have a parrot called Rex{number}. Tell me about harbour {turn}, and about its maps."


@dataclass
class Seen:
    """What one client got."""

    tokens: int = 0
    answers: int = 0
    first: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def talk(http: httpx.AsyncClient, number: int, until: float, model: str, seen: Seen) -> None:
    """Stream one answer after the other. Tokens count until the time is over."""
    turn = 0
    while time.monotonic() < until:
        turn += 1
        body = {
            "model": model,
            "user": f"load-{number}",
            "messages": [{"role": "user", "content": TELL.format(number=number, turn=turn)}],
            "max_tokens": 48,
            "temperature": 1.0,
            "stream": True,
        }
        asked, first = time.monotonic(), True
        try:
            async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
                if answer.status_code != 200:
                    seen.errors.append(str(answer.status_code))
                    continue
                async for line in answer.aiter_lines():
                    if not line.startswith("data: {"):
                        continue
                    choice = json.loads(line[6:])["choices"][0]
                    if not choice["delta"].get("content"):
                        continue
                    if first:
                        seen.first.append(time.monotonic() - asked)
                        first = False
                    if time.monotonic() < until:
                        seen.tokens += 1
            seen.answers += 1
        except httpx.HTTPError as error:
            seen.errors.append(type(error).__name__)
            return


async def run(url: str, clients: int, seconds: float) -> list[Seen]:
    """What each of so many clients got in so many seconds."""
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=url, timeout=300, limits=limits) as http:
        model = (await http.get("/v1/models")).json()["data"][0]["id"]
        seen = [Seen() for _ in range(clients)]
        until = time.monotonic() + seconds
        await asyncio.gather(*(talk(http, number, until, model, each) for number, each in enumerate(seen)))
    return seen


def figures(seen: list[Seen], seconds: float) -> dict[str, Any]:
    """Of one run."""
    tokens, first = [each.tokens for each in seen], sorted(t for each in seen for t in each.first)
    return {
        "clients": len(seen),
        "seconds": seconds,
        "answers": sum(each.answers for each in seen),
        "errors": [error for each in seen for error in each.errors],
        "pieces_a_second": round(sum(tokens) / seconds, 2),
        "slowest_client": min(tokens),
        "fastest_client": max(tokens),
        "first_piece_s": {"median": round(statistics.median(first), 2), "worst": round(first[-1], 2)} if first else {},
    }


def resident(pid: int) -> int:
    """Resident memory of a process, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) // 1024


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--url", default="http://127.0.0.1:8000")
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--pid", type=int, help="the server's, to watch its memory")
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    result: dict[str, Any] = {}
    asyncio.run(run(chosen.url, chosen.clients, chosen.seconds / 4))  # every user known, every buffer made
    if chosen.pid:
        result["resident_mib_before"] = resident(chosen.pid)
    result["together"] = figures(asyncio.run(run(chosen.url, chosen.clients, chosen.seconds)), chosen.seconds)
    if chosen.pid:
        result["resident_mib_after"] = resident(chosen.pid)
    result["alone"] = figures(asyncio.run(run(chosen.url, 1, chosen.seconds / 2)), chosen.seconds / 2)
    text = json.dumps(result, indent=1)
    if chosen.out:
        chosen.out.write_text(text + "\n")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
