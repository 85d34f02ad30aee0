"""Small real fits whose every batch is on record."""

import torch
from torch import Tensor

from imprint.fit.loop import FitConfig, Group, fit
from imprint.fit.runs import Run


class Regression:
    """Least squares over `rows` points; a row counts as exact when its error is below 1."""

    def __init__(self, rows: int = 7, stop_in: int = -1, crash_in: int = -1) -> None:
        random = torch.Generator().manual_seed(0)
        self.x = torch.randn(rows, 3, generator=random)
        self.y = torch.randn(rows, generator=random)
        self.w = torch.zeros(3, requires_grad=True)
        self.bias = torch.zeros((), requires_grad=True)
        self.batches: list[list[int]] = []
        self.stop_in = stop_in
        self.crash_in = crash_in
        self.run = Run()

    def step(self, rows: list[int]) -> tuple[Tensor, Tensor]:
        if len(self.batches) == self.crash_in:
            raise RuntimeError("power cut")
        if len(self.batches) == self.stop_in:
            self.run.stop.set()
        self.batches.append(list(rows))
        error = self.x[rows] @ self.w + self.bias - self.y[rows]
        return (error**2).mean(), error.detach().abs() < 1.0

    def fit(self, config: FitConfig, run: Run | None = None) -> int:
        self.run = run or Run()
        groups = [Group({"w": self.w}, 0.05), Group({"bias": self.bias}, 0.01)]
        return fit(groups, len(self.y), self.step, config, self.run, "regression")

    def bytes(self) -> bytes:
        return self.w.detach().numpy().tobytes() + self.bias.detach().numpy().tobytes()


class Scripted:
    """Rows that are exact at every visit but those in `wrong`, pairs of row and visit."""

    def __init__(self, rows: int, wrong: list[tuple[int, int]]) -> None:
        self.visits = [0] * rows
        self.wrong = wrong
        self.w = torch.zeros(1, requires_grad=True)
        self.batches: list[list[int]] = []
        self.exact: list[list[bool]] = []

    def step(self, rows: list[int]) -> tuple[Tensor, Tensor]:
        right = [(row, self.visits[row]) not in self.wrong for row in rows]
        for row in rows:
            self.visits[row] += 1
        self.batches.append(list(rows))
        self.exact.append(right)
        return self.w.sum(), torch.tensor(right)

    def fit(self, config: FitConfig) -> int:
        return fit([Group({"w": self.w}, 0.1)], len(self.visits), self.step, config, Run(), "scripted")
