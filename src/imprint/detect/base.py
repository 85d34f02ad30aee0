"""The seam every detector stands behind."""

from abc import ABC, abstractmethod

from imprint.types import Turn


class Detector(ABC):
    """Judges whether a user's turn says something lasting about them."""

    id: str

    @abstractmethod
    def probability(self, turn: Turn, before: Turn | None) -> float:
        """Probability in [0, 1] that `turn` is worth remembering; `before` is the message it answers, if any."""
