"""What every benchmark is: people to load, a score for each item, and how item scores become one number."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from imprint.evals.items import Answers, Item, Loaded, Scores

if TYPE_CHECKING:
    from imprint.evals.judge import Judge


class Benchmark(ABC):
    """A published data set, or a generator, with its scoring rules."""

    name: ClassVar[str]
    options_class: ClassVar[type]
    """Frozen dataclass of what `--set key=value` and the table [evals.NAME] may change."""
    headline: ClassVar[str]
    """The score that tables and paired differences show."""
    licence: ClassVar[str]

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def load(self, data: Path | None, seed: int, limit: int) -> Loaded:
        """The people of one seed; at most `limit` items over all of them (0: every item), evenly over what the
        benchmark distinguishes. ImprintError names file and line or JSON path of bad data."""

    @abstractmethod
    def score(self, item: Item, answers: Answers, bare: Answers) -> Scores:
        """Scores of one item. bare: what the arm `none` made of it."""

    def parts(self, name: str, scores: Scores) -> tuple[float, float]:
        """(a, b) of an item: a table shows sum a / sum b for score `name`, which is the mean unless overridden."""
        return scores[name], 1.0

    def judged(self, item: Item, answers: Answers, judge: "Judge") -> dict[str, float] | None:
        """What a judge model says of a generated reply; None where the benchmark has nothing to ask it."""
        return None
