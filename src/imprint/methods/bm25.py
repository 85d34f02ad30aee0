"""The baseline that retrieves: the told turns that best match the question by BM25, as text (METHODS section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import bm25s
import Stemmer

from imprint.methods.base import Method
from imprint.methods.parts.transcript import append, notes, texts
from imprint.tensors import Context, Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class BM25Config:
    """Table [methods.bm25]."""

    top: int = 5
    """Turns put into the prompt."""
    k1: float = 1.5
    b: float = 0.75

    def __post_init__(self) -> None:
        if self.top < 1 or self.k1 < 0 or not 0 <= self.b <= 1:
            raise ValueError("top must be at least 1, k1 at least 0, b between 0 and 1")


class BM25(Method):
    """Keeps the user's turns and reads the best few; the index is built in memory and never on disk."""

    name: ClassVar[str] = "bm25"
    version: ClassVar[int] = 1
    config_class: ClassVar[type] = BM25Config
    config: BM25Config

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Adds the text of the user's own turns."""
        return append(memory, turns)

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The turns that share words with the question, best first put in order of telling; None where none does."""
        said = texts(memory)
        if not said or not turns:
            return None
        stemmer = Stemmer.Stemmer("english")
        index = bm25s.BM25(method="lucene", k1=self.config.k1, b=self.config.b)
        index.index(bm25s.tokenize(said, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
        asked = bm25s.tokenize([turns[-1].text], stopwords="en", stemmer=stemmer, show_progress=False)
        found, scores = index.retrieve(asked, k=min(self.config.top, len(said)), show_progress=False)
        best = sorted(int(i) for i, score in zip(found[0], scores[0], strict=True) if score > 0)
        return Context(notes([said[i] for i in best])) if best else None
