"""The optimiser loop every fitted memory shares: seeded batches, exact resume, early stop when every row is learned."""

import hashlib
import io
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Float
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from imprint.fit.runs import Interrupted, Run, stopped_by_ctrl_c


@dataclass(frozen=True)
class FitConfig:
    """How long and how fast a fit runs. Same config, rows and seed: same bytes (same machine and thread count)."""

    epochs: int = 10
    """Most passes over the rows."""
    batch: int = 16
    """Rows an optimiser step."""
    seed: int = 0
    patience: int = 2
    """Stop once every row was exact (every answer token the arg-max) at this many visits running; 0 = never."""
    decay: float = 0.1
    """Share of the learning rate left at the last step; it falls in a straight line."""
    least: int = 40
    """Fewest steps, where the passes would be over sooner: a handful of rows takes as long to learn as many do."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """What the frozen model's products are computed in; auto: bfloat16 where the CPU has tiles for it (AMX)."""

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch) < 1 or min(self.patience, self.least) < 0:
            raise ValueError("epochs and batch must be at least 1, patience and least at least 0")
        if not 0 < self.decay <= 1:
            raise ValueError(f"decay is {self.decay}, expected more than 0 and at most 1")


@dataclass(frozen=True)
class Group:
    """Parameters that share a learning rate."""

    tensors: Mapping[str, Tensor]
    rate: float


def fit(
    groups: Sequence[Group],
    rows: int,
    step: Callable[[list[int]], tuple[Float[Tensor, ""], Bool[Tensor, " b"]]],
    config: FitConfig,
    run: Run,
    key: str,
) -> int:
    """Minimise the loss of `step(row numbers) -> (loss, exact per row)` by Adam, in place; returns the steps taken.

    rows: how many there are. key: names the checkpoint; a run with the same key goes on where the last one stopped.
    Raises `Interrupted` after saving when `run.stop` is set.
    """
    named = {name: tensor for group in groups for name, tensor in group.tensors.items()}
    optimizer = torch.optim.Adam([{"params": list(g.tensors.values()), "lr": g.rate} for g in groups])
    streak = [0] * rows
    per_epoch = -(-rows // config.batch)
    total = max(config.epochs * per_epoch, config.least)
    at = _resume(run.load(key), named, optimizer, streak)
    run.progress.start("fit", total)
    saved = time.monotonic()
    with stopped_by_ctrl_c(run):
        while at < total and not _learned(streak, config):
            chosen = _batch(at, rows, config)
            for group, given in zip(optimizer.param_groups, groups, strict=True):
                group["lr"] = given.rate * (1 - (1 - config.decay) * at / total)
            with products_in(config.precision):
                loss, exact = step(chosen)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            for number, right in zip(chosen, exact.tolist(), strict=True):
                streak[number] = streak[number] + 1 if right else 0
            at += 1
            run.progress.advance(at, f"loss {loss.item():.2f}, {sum(s > 0 for s in streak)}/{rows} learned")
            if run.stop.is_set() or run.due(saved):
                run.save(key, _checkpoint(at, named, optimizer, streak))
                saved = time.monotonic()
            if run.stop.is_set():
                raise Interrupted
    return at


def products_in(precision: str) -> torch.autocast:
    """Inside, matrix products run in bfloat16 or as they are; parameters, moments and the loss stay float32."""
    fast = precision == "bfloat16" or (precision == "auto" and torch.cpu._is_amx_tile_supported())
    # No cache: it would hand a fit that swaps weights in place (LoRA) the casts of the first step.
    return torch.autocast("cpu", torch.bfloat16, enabled=fast, cache_enabled=False)


def checkpoint_key(*parts: object) -> str:
    """A name for the checkpoint of exactly this fit: a hash of everything that decides its outcome."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _learned(streak: list[int], config: FitConfig) -> bool:
    return config.patience > 0 and min(streak, default=0) >= config.patience


def _batch(at: int, rows: int, config: FitConfig) -> list[int]:
    """Row numbers of step `at`: seeded batches every epoch, so a resumed fit sees those of an unbroken one."""
    per_epoch = -(-rows // config.batch)
    epoch, place = divmod(at, per_epoch)
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(config.seed * 100_003 + epoch)).tolist()
    return order[place * config.batch : (place + 1) * config.batch]


def _checkpoint(at: int, named: dict[str, Tensor], optimizer: torch.optim.Adam, streak: list[int]) -> bytes:
    tensors = {f"value.{name}": tensor.detach().contiguous() for name, tensor in named.items()}
    for name, tensor in named.items():
        for field, moment in optimizer.state[tensor].items():
            tensors[f"adam.{field}.{name}"] = moment.contiguous()
    return save_tensors(tensors, metadata={"at": str(at), "streak": json.dumps(streak)})


def _resume(data: bytes | None, named: dict[str, Tensor], optimizer: torch.optim.Adam, streak: list[int]) -> int:
    if data is None:
        return 0
    size = int.from_bytes(io.BytesIO(data).read(8), "little")
    facts = json.loads(data[8 : 8 + size])["__metadata__"]
    tensors = load_tensors(data)
    with torch.no_grad():
        for name, tensor in named.items():
            tensor.copy_(tensors[f"value.{name}"])
            optimizer.state[tensor] = {
                field: tensors[f"adam.{field}.{name}"] for field in ("step", "exp_avg", "exp_avg_sq")
            }
    streak[:] = json.loads(facts["streak"])
    return int(facts["at"])
