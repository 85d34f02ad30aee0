"""Which told thing a question asks for: the kinds it may be of, and the questions that were foreseen for each turn.

Both sides are uncertain: a turn's kind was guessed, a question's is. Their product over the kinds says whether they
meet, and the likeness of the question to those foreseen tells two things of one kind apart.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

ALIKE = 10.0
"""Weight of the likeness of question and foreseen questions beside the log probability that their kinds meet."""
LEAST = 1e-6
"""Added to a probability before its logarithm."""


@dataclass(frozen=True)
class Asking:
    """A linear map from the vector of a question to the kind it asks for, and the odds that something told is meant."""

    weight: Float[Tensor, "k1 e"]
    """One row a kind; the last is for what asks for nothing about the user."""
    bias: Float[Tensor, " k1"]
    odds: tuple[float, float, float, float]
    """Of likeness, log probability that the kinds meet, log probability of the last row, and offset: the logit of the
    probability that the question asks for something told."""

    def kinds(self, questions: Float[Tensor, "b e"]) -> Float[Tensor, "b k1"]:
        """Log probability of each kind, and last of none."""
        return torch.nn.functional.linear(questions, self.weight, self.bias).log_softmax(-1)

    def evidence(
        self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b n"], Float[Tensor, " b"]]:
        """Likeness, log probability that the kinds meet, and log probability that nothing about the user is asked for.

        foreseen: rows of `foreseen_row`.
        """
        width = questions.shape[1]
        kinds = self.kinds(questions)
        meet = kinds[:, :-1].exp() @ foreseen[:, width:].T
        none = (kinds[:, -1].exp() + LEAST).log()
        return questions @ foreseen[:, :width].T, (meet + LEAST).log(), none

    def weighed(
        self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b 4"]]:
        """Logits over the told things, and for the likeliest one: likeness, log probabilities that the kinds meet, that
        nothing about the user is asked for, and that something is."""
        alike, meet, none = self.evidence(questions, foreseen)
        logits = ALIKE * alike + meet
        best = logits.argmax(1, keepdim=True)
        some = torch.log1p(LEAST - none.exp().clamp(max=1.0))
        return logits, torch.stack([alike.gather(1, best)[:, 0], meet.gather(1, best)[:, 0], none, some], 1)

    def likely(
        self, questions: Float[Tensor, "b e"], foreseen: Float[Tensor, "n f"]
    ) -> tuple[Float[Tensor, "b n"], Float[Tensor, " b"]]:
        """Logits over the told things, and the probability that one of them is asked for; n is 1 or more."""
        logits, found = self.weighed(questions, foreseen)
        a, m, n, offset = self.odds
        return logits, (a * found[:, 0] + m * found[:, 1] + n * found[:, 2] + offset).sigmoid()


def foreseen_row(asked: Float[Tensor, " e"], kind: Float[Tensor, " k"]) -> Float[Tensor, " f"]:
    """asked: unit vector of the questions that a turn answers; kind: logits of its kind. f = e + k."""
    return torch.cat([asked, kind.softmax(-1)])
