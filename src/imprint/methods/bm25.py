"""The baseline that retrieves: the told turns that best match the question by BM25, as text (METHODS section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import bm25s
import Stemmer

from imprint.backbone.base import Backbone
from imprint.encode.base import Encoder
from imprint.methods.base import Method
from imprint.methods.parts.once import Once
from imprint.methods.parts.transcript import SHARE, Format, append, fitting, transcript
from imprint.study.reader import Reader
from imprint.study.readers import RULES
from imprint.tensors import Context, Injection, Memory
from imprint.types import Turn


@dataclass(frozen=True)
class BM25Config:
    """Table [methods.bm25]."""

    top: int = 5
    """Turns put into the prompt."""
    k1: float = 1.5
    b: float = 0.75
    format: Format = "instruct"
    """How the turns stand in the prompt."""

    def __post_init__(self) -> None:
        if self.top < 1 or self.k1 < 0 or not 0 <= self.b <= 1:
            raise ValueError("top must be at least 1, k1 at least 0, b between 0 and 1")


class BM25(Method):
    """Keeps the user's turns and reads the best few; the index is built in memory and never on disk."""

    name: ClassVar[str] = "bm25"
    version: ClassVar[int] = 2
    config_class: ClassVar[type] = BM25Config
    config: BM25Config

    def __init__(self, config: BM25Config, backbone: Backbone, encoder: Encoder, reader: Reader = RULES) -> None:
        super().__init__(config, backbone, encoder, reader)
        self._stemmer = Stemmer.Stemmer("english")
        self._index = Once(self._indexed)

    def write(self, memory: Memory, turns: Sequence[Turn]) -> Memory:
        """Adds the user's own turns."""
        return append(memory, turns)

    def read(self, memory: Memory, turns: Sequence[Turn]) -> Injection:
        """The turns that share words with the question, in order of telling; None where none does."""
        said = transcript(memory)
        index = self._index(memory)
        if index is None or not turns:
            return None
        asked = self._words([turns[-1].text])
        found, scores = index.retrieve(asked, k=min(self.config.top, len(said)), show_progress=False)
        best = [int(i) for i, score in zip(found[0], scores[0], strict=True) if score > 0]
        text = fitting(self.backbone, said, best, self.config.format, int(SHARE * self.backbone.window))
        return Context(text) if text else None

    def _indexed(self, memory: Memory) -> bm25s.BM25 | None:
        """None where no turn holds a word that counts: bm25s 0.2 divides by their mean number."""
        words = self._words([said.text for said in transcript(memory)])
        if not words.vocab:
            return None
        index = bm25s.BM25(method="lucene", k1=self.config.k1, b=self.config.b)
        index.index(words, show_progress=False)
        return index

    def _words(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)
