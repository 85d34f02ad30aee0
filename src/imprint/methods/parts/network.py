"""The network that all users of one frozen model share: it turns what stands in a slot into soft tokens.

METHODS 2.3 with the text-initialised residual, P = clamp(T + LN(Q) W_o), over the slots of 5.1. T is the slot between
two trained frames. A slot's rows are entries of a codebook, the frozen model's own embedding table, plus a residual
of m numbers in its leading principal components, zero until a fit moves it. The network is trained once.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from imprint.backbone.base import Backbone
from imprint.methods.parts.projector import ProjectorConfig, Refine, rms_clamp

FRAME = (" The answer is", ". So the answer is")
"""Text whose embeddings start the soft tokens before and after the value rows (METHODS 5.1)."""
BLANK = -1
"""Code of a row that its answer does not need."""


@dataclass(frozen=True)
class NetworkConfig:
    """Table [train.lpm.network]: the shapes of the shared network."""

    rows: int = 10
    """r, rows of a slot: tokens of its answer that it can hold."""
    width: int = 32
    """m, numbers of a row's residual: what a fit trains of a user."""
    inner: int = 256
    """d_p, width of the refinement blocks."""
    heads: int = 8
    """Attention heads of the refinement blocks."""
    blocks: int = 0
    """Refinement blocks, conditioned on the question; 0: the question chooses the slot and nothing else."""
    placement: Literal["late", "prefix"] = "late"
    """Where the soft tokens stand."""

    def __post_init__(self) -> None:
        if min(self.rows, self.width, self.inner, self.heads) < 1 or self.blocks < 0:
            raise ValueError("rows, width, inner and heads must be at least 1, blocks at least 0")
        if self.inner % self.heads:
            raise ValueError(f"inner = {self.inner} is not a multiple of heads = {self.heads}")


class SlotNetwork(nn.Module):
    """One slot a question, codes [b, r] and residuals [b, r, m] -> soft prompt [b, k, d] at the embedding scale rho.

    k = frame rows + r.
    """

    basis: Float[Tensor, "m d"]

    def __init__(self, config: NetworkConfig, backbone: Backbone) -> None:
        super().__init__()
        self.config = config
        self._backbone = (backbone,)  # in a tuple: its parameters are not this module's
        d = backbone.width
        self.register_buffer("basis", torch.zeros(config.width, d))
        self.blank = nn.Parameter(torch.zeros(config.rows, d))
        self.shift = nn.Parameter(torch.zeros(config.rows, d))
        self.before = nn.Parameter(_embedded(backbone, FRAME[0]))
        self.after = nn.Parameter(_embedded(backbone, FRAME[1]))
        self.condition = Condition(config, self.k, d) if config.blocks else None

    @property
    def k(self) -> int:
        """Soft tokens."""
        return len(self.before) + self.config.rows + len(self.after)

    def codes(self, value: str) -> Int[Tensor, " r"]:
        """The slot of an answer: its first r tokens."""
        backbone, rows = self._backbone[0], self.config.rows
        ids = backbone.tokenize(f" {value}")[:rows]
        return torch.tensor(ids + [BLANK] * (rows - len(ids)), dtype=torch.int32)

    def forward(
        self,
        codes: Int[Tensor, "b r"],
        residual: Float[Tensor, "b r m"],
        states: Float[Tensor, "b t d"] | None = None,
        mask: Bool[Tensor, "b t"] | None = None,
    ) -> Float[Tensor, "b k d"]:
        """states, mask: the frozen model's states of the question, False on padding; needed where there are blocks."""
        text, rho = self._text(codes, residual), self._backbone[0].rho
        if self.condition is None or states is None or mask is None:
            return text
        return rms_clamp(text + rho * self.condition(text / rho, states, mask), rho)

    def decoded(self, codes: Int[Tensor, "b r"], residual: Float[Tensor, "b r m"]) -> Float[Tensor, "b r d"]:
        """E[codes] + residual B. What stands at a row that holds nothing means nothing."""
        return self._backbone[0].embed(codes.long().clamp(min=0)).detach() + residual @ self.basis

    def _text(self, codes: Int[Tensor, "b r"], residual: Float[Tensor, "b r m"]) -> Float[Tensor, "b k d"]:
        """T = clamp([before ; E[codes] + residual B + shift ; after])."""
        backbone = self._backbone[0]
        used = (codes != BLANK)[..., None]
        value = torch.where(used, self.decoded(codes, residual), self.blank) + self.shift
        b = len(codes)
        whole = torch.cat([self.before.expand(b, -1, -1), value, self.after.expand(b, -1, -1)], 1)
        return rms_clamp(whole, backbone.rho)


class Condition(nn.Module):
    """What the question changes: Q = LN(q0 + z + MHA(q0 + z, c, c)), refined against the soft rows z; W_o starts at 0.

    z = LN(T W_z), so every query knows the row it is to change.
    """

    def __init__(self, config: NetworkConfig, k: int, d: int) -> None:
        super().__init__()
        inner, heads = config.inner, config.heads
        self.from_input = nn.Linear(d, inner, bias=False)
        self.norm_input = nn.LayerNorm(inner)
        self.from_rows = nn.Linear(d, inner, bias=False)
        self.norm_rows = nn.LayerNorm(inner)
        self.query = nn.Parameter(nn.init.xavier_uniform_(torch.empty(k, inner)))
        self.attend = nn.MultiheadAttention(inner, heads, batch_first=True)
        self.norm_query = nn.LayerNorm(inner)
        sizes = ProjectorConfig(inner=inner, heads=heads)
        self.refine = nn.ModuleList(Refine(sizes) for _ in range(config.blocks))
        self.norm_out = nn.LayerNorm(inner)
        self.out = nn.Linear(inner, d, bias=False)
        nn.init.zeros_(self.out.weight)

    def forward(
        self, rows: Float[Tensor, "b k d"], states: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b k d"]:
        """Added to the rows, in units of rho."""
        c = self.norm_input(self.from_input(states))
        z = self.norm_rows(self.from_rows(rows))
        q0 = self.query + z
        q = self.norm_query(q0 + self.attend(q0, c, c, key_padding_mask=~mask, need_weights=False)[0])
        for block in self.refine:
            q = block(q, z)
        return self.out(self.norm_out(q))


def fresh_network(config: NetworkConfig, backbone: Backbone, seed: int = 0) -> SlotNetwork:
    """A network before training; the residual's basis is the embedding table's leading principal components."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = SlotNetwork(config, backbone)
    table = _sample(backbone)
    parts = torch.linalg.svd(table - table.mean(0), full_matrices=False).Vh[: config.width]
    network.basis[: len(parts)] = parts
    return network


def _sample(backbone: Backbone, most: int = 16_384) -> Float[Tensor, "v d"]:
    """Embeddings of that many tokens of the vocabulary at most."""
    ids = torch.randperm(backbone.vocabulary, generator=torch.Generator().manual_seed(0))[:most]
    return backbone.embed(ids).detach().float()


def _embedded(backbone: Backbone, text: str) -> Float[Tensor, "t d"]:
    return backbone.embed(torch.tensor(backbone.tokenize(text), dtype=torch.int64)).detach().clone()
