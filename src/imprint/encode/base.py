"""What every sentence encoder promises."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor


class Encoder(ABC):
    """Turns an utterance into a vector whose dot product with another's is their likeness.

    The vector of a text depends on the text alone, to the last bit, and never on its neighbours in the list:
    a memory is replayed turn by turn as well as all at once, and must come out byte-equal.
    """

    id: str
    """Which encoder, which weights, which pooling: part of every memory's fingerprint."""
    width: int
    """e, the length of a vector."""

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        """One float32 row of norm 1 for each text, in order, without gradient. An empty text has one, too."""
