"""LPM's projection network as published: slots become soft prompts by cross-attention, conditioned on the input.

arXiv 2606.20911, reconstructed in METHODS 2.3; shapes the paper does not give are our choice and configurable.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


@dataclass(frozen=True)
class ProjectorConfig:
    """Sizes of the published form."""

    slots: int = 32
    """n, memory slots a user (32 on PersonaMem v1 in the paper)."""
    slot_width: int = 256
    """m; the paper's parameter count suggests m = d."""
    inner: int = 256
    """d_p, width of queries and attended slots."""
    prompt: int = 8
    """k, soft tokens given to the frozen model."""
    heads: int = 8
    """Attention heads over the slots (64 in the paper's ablation, with wider inner)."""
    blocks: int = 2
    """Refinement blocks of cross-attention over the slots and a feed-forward layer."""

    def __post_init__(self) -> None:
        if min(self.slots, self.slot_width, self.inner, self.prompt, self.heads, self.blocks) < 1:
            raise ValueError("slots, slot_width, inner, prompt, heads and blocks must be at least 1")
        if self.inner % self.heads:
            raise ValueError(f"inner = {self.inner} is not a multiple of heads = {self.heads}")


class Refine(nn.Module):
    """One block: Q + MHA(LN Q, Z, Z), then Q + FFN(LN Q)."""

    def __init__(self, config: ProjectorConfig) -> None:
        super().__init__()
        inner = config.inner
        self.norm = nn.LayerNorm(inner)
        self.attend = nn.MultiheadAttention(inner, config.heads, batch_first=True)
        self.norm_ffn = nn.LayerNorm(inner)
        self.ffn = nn.Sequential(nn.Linear(inner, 4 * inner), nn.GELU(), nn.Linear(4 * inner, inner))

    def forward(self, q: Float[Tensor, "b k p"], z: Float[Tensor, "b n p"]) -> Float[Tensor, "b k p"]:
        """Queries refined by what they read from the slots."""
        q = q + self.attend(self.norm(q), z, z, need_weights=False)[0]
        return q + self.ffn(self.norm_ffn(q))


class Projector(nn.Module):
    """Slots [n, m] and the input's states [b, t, d] -> soft prompt [b, k, d] at the scale of the embedding table."""

    def __init__(self, config: ProjectorConfig, width: int, rho: float) -> None:
        super().__init__()
        inner = config.inner
        self.rho = rho
        self.from_input = nn.Linear(width, inner, bias=False)
        self.norm_input = nn.LayerNorm(inner)
        self.query = nn.Parameter(nn.init.xavier_uniform_(torch.empty(config.prompt, inner)))
        self.condition = nn.MultiheadAttention(inner, config.heads, batch_first=True)
        self.norm_query = nn.LayerNorm(inner)
        self.from_slots = nn.Linear(config.slot_width, inner, bias=False)
        self.norm_slots = nn.LayerNorm(inner)
        self.refine = nn.ModuleList(Refine(config) for _ in range(config.blocks))
        self.norm_out = nn.LayerNorm(inner)
        self.to_prompt = nn.Linear(inner, width, bias=False)
        self.gamma = nn.Parameter(torch.ones(()))

    def forward(
        self, slots: Float[Tensor, "n m"], states: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b k d"]:
        """P of METHODS 2.3. `mask` is False on padding of `states`. Permuting the slots leaves P unchanged."""
        c = self.norm_input(self.from_input(states))
        q0 = self.query.expand(states.shape[0], -1, -1)
        q = self.norm_query(q0 + self.condition(q0, c, c, key_padding_mask=~mask, need_weights=False)[0])
        z = self.norm_slots(self.from_slots(slots)).expand(states.shape[0], -1, -1)
        for block in self.refine:
            q = block(q, z)
        return self.gamma * rms_clamp(self.to_prompt(self.norm_out(q)), self.rho)


class PublishedReader(nn.Module):
    """One user's slots with the projector, fitted together while no shared projector exists for the backbone."""

    def __init__(self, config: ProjectorConfig, width: int, rho: float, seed: int) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.slots = nn.Parameter(torch.randn(config.slots, config.slot_width))
            self.projector = Projector(config, width, rho)

    def forward(self, states: Float[Tensor, "b t d"], mask: Bool[Tensor, "b t"]) -> Float[Tensor, "b k d"]:
        """The soft prompt for these inputs."""
        return self.projector(self.slots, states, mask)


def rms_clamp(rows: Float[Tensor, "*s d"], rho: float) -> Float[Tensor, "*s d"]:
    """Every row at root mean square rho: P = rho * Phat / rms(Phat) (METHODS 1.8 F2)."""
    return rho * rows * (rows.pow(2).mean(-1, keepdim=True) + 1e-16).rsqrt()  # a zero row keeps a finite gradient
