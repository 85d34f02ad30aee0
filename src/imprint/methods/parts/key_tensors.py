"""Keys as a memory stores them: those of the question bank, which all users share, by number, the others as vectors."""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from imprint.encode.base import Encoder
from imprint.methods.parts.addressing import Keys
from imprint.methods.parts.nullkeys import shared_null_keys
from imprint.tensors import Memory

OWN = -1
"""In `key_bank`: the next row of `key_vectors`."""


def key_tensors(keys: Keys, encoder: Encoder) -> dict[str, Tensor]:
    """`key_bank` [w] (row of the bank, or OWN), `key_vectors` [own, e], `key_fact` and `key_use` [w]."""
    bank = shared_null_keys(encoder).rows_of(keys.vectors)
    return {
        "key_bank": bank,
        "key_vectors": keys.vectors[bank == OWN],
        "key_fact": keys.fact.to(torch.int32),
        "key_use": keys.use.to(torch.int32),
    }


def keys_of(memory: Memory, encoder: Encoder) -> Keys:
    """The keys a memory holds; none in an empty one."""
    held = memory.tensors
    if "key_bank" not in held:
        none = torch.zeros(0, dtype=torch.int64)
        return Keys(torch.zeros(0, encoder.width, dtype=torch.float16), none, none)
    bank: Int[Tensor, " w"] = held["key_bank"].long()
    vectors: Float[Tensor, "w e"] = shared_null_keys(encoder).vectors[bank.clamp(min=0)].half()
    vectors[bank == OWN] = held["key_vectors"]
    return Keys(vectors, held["key_fact"].long(), held["key_use"].long())


def kept_keys(held: Mapping[str, Tensor], kept: Sequence[int]) -> dict[str, Tensor]:
    """The key tensors of the facts `kept`, renumbered in that order."""
    place = {old: new for new, old in enumerate(kept)}
    stays = torch.tensor([fact in place for fact in held["key_fact"].tolist()], dtype=torch.bool)
    fact = torch.tensor([place[fact] for fact in held["key_fact"][stays].tolist()], dtype=torch.int32)
    own = stays[held["key_bank"] == OWN]
    return {
        "key_bank": held["key_bank"][stays],
        "key_vectors": held["key_vectors"][own],
        "key_fact": fact,
        "key_use": held["key_use"][stays],
    }
