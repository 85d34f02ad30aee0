"""Equations over plain Python numbers, one loop an index: what the vectorised code is held against."""

from collections.abc import Callable, Sequence
from math import erf, exp, fsum, log, sqrt

import torch
from torch import Tensor, nn

Vector = list[float]
Matrix = list[Vector]


def table(rows: Tensor | None) -> Matrix:
    """[i][j] of a matrix, as Python numbers."""
    assert rows is not None
    return rows.detach().double().tolist()


def vector(row: Tensor | None, width: int) -> Vector:
    """A bias or scale; zeros where a layer has none."""
    return [0.0] * width if row is None else row.detach().double().tolist()


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    assert len(a) == len(b)
    return fsum(a[j] * b[j] for j in range(len(a)))


def add(a: Matrix, b: Matrix) -> Matrix:
    return [[a[i][j] + b[i][j] for j in range(len(a[i]))] for i in range(len(a))]


def rms(x: Vector) -> float:
    """rms(x) = sqrt(mean_j x_j^2)."""
    return sqrt(fsum(x_j * x_j for x_j in x) / len(x))


def logsumexp(x: Vector) -> float:
    top = max(x)
    return top + log(fsum(exp(x_j - top) for x_j in x))


def softmax(x: Vector) -> Vector:
    whole = logsumexp(x)
    return [exp(x_j - whole) for x_j in x]


def gelu(x: float) -> float:
    """x Phi(x), Phi the normal distribution function."""
    return x * 0.5 * (1 + erf(x / sqrt(2)))


def linear(rows: Matrix, matrix: Tensor, shift: Tensor | None) -> Matrix:
    """y_o = sum_i W_oi x_i + b_o."""
    weight = table(matrix)
    bias = vector(shift, len(weight))
    return [[dot(weight[o], row) + bias[o] for o in range(len(weight))] for row in rows]


def layer_norm(rows: Matrix, layer: nn.LayerNorm) -> Matrix:
    """y_j = (x_j - mean x) / sqrt(var x + eps) * scale_j + shift_j."""
    out = []
    for row in rows:
        d = len(row)
        scale, shift = table(layer.weight[None])[0], vector(layer.bias, d)
        mean = fsum(row) / d
        spread = sqrt(fsum((x - mean) ** 2 for x in row) / d + layer.eps)
        out.append([(row[j] - mean) / spread * scale[j] + shift[j] for j in range(d)])
    return out


def attend(
    layer: nn.MultiheadAttention,
    heads: int,
    queries: Matrix,
    memory: Matrix,
    real: Sequence[bool] | None = None,
) -> Matrix:
    """MHA_h(Q, Z, Z): softmax(q_h . k_h / sqrt(d_h)) v_h head by head, through the output matrix."""
    d = len(queries[0])
    d_h = d // heads
    bias = layer.in_proj_bias
    parts = [layer.in_proj_weight[i * d : (i + 1) * d] for i in range(3)]
    shifts = [None if bias is None else bias[i * d : (i + 1) * d] for i in range(3)]
    seen = [row for i, row in enumerate(memory) if real is None or real[i]]
    q, k, v = (linear(rows, parts[i], shifts[i]) for i, rows in enumerate((queries, seen, seen)))
    joined: Matrix = []
    for i in range(len(q)):
        out: Vector = []
        for h in range(heads):
            at = range(h * d_h, (h + 1) * d_h)
            a = softmax([fsum(q[i][j] * k[n][j] for j in at) / sqrt(d_h) for n in range(len(seen))])
            out += [fsum(a[n] * v[n][j] for n in range(len(seen))) for j in at]
        joined.append(out)
    return linear(joined, layer.out_proj.weight, layer.out_proj.bias)


def adam(value: float, gradient: Callable[[float], float], rate: float, steps: int) -> list[float]:
    """The value before and after each step. Kingma and Ba 2015, algorithm 1, with their default constants."""
    m = v = 0.0
    values = [value]
    for t in range(1, steps + 1):
        g = gradient(value)
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g * g
        value -= rate * (m / (1 - 0.9**t)) / (sqrt(v / (1 - 0.999**t)) + 1e-8)
        values.append(value)
    return values


def shuffled(module: nn.Module, seed: int) -> None:
    """Fill every parameter with noise, so that no unit scale and no zero bias hides a missing term."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for tensor in module.parameters():
            tensor.copy_(torch.randn(tensor.shape, generator=random) * 0.5 + (0.2 if tensor.dim() == 1 else 0.0))
