"""How LoCoMo's published scorer takes two answers apart into words and compares them.

The rules are those of `task_eval/evaluation.py` in snap-research/locomo, but for the stems: these are of Porter's paper
(PyStemmer, "porter"), the published ones of NLTK, which adds rules of its own. Which words count as equal differs for
a few short ones: on and one, at and ate are equal here only; new and news, try and tried there only.
"""

import re
import string
from collections import Counter

import Stemmer

_LITTLE_WORDS = re.compile(r"\b(a|an|the|and)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """Lower case without ASCII punctuation, a, an, the, and; single spaces. "3,000" and "3000" are equal then."""
    return " ".join(_LITTLE_WORDS.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def bag_f1(reply: str, gold: str) -> float:
    """Harmonic mean of precision and recall over the stems of both, each counted as often as it occurs; 0 to 1."""
    # A stemmer may not be shared between threads, and making one costs microseconds.
    stem = Stemmer.Stemmer("porter").stemWords
    found, wanted = stem(normalised(reply).split()), stem(normalised(gold).split())
    common = sum((Counter(found) & Counter(wanted)).values())
    return 2 * common / (len(found) + len(wanted)) if common else 0.0


def list_f1(reply: str, gold: str) -> float:
    """For a gold that lists several answers: both are split at commas, each gold meets the part of the reply that is
    nearest to it, and the golds are averaged. Parts too many in the reply cost nothing, as published."""
    parts = reply.split(",")
    golds = gold.split(",")
    return sum(max(bag_f1(part, each) for part in parts) for each in golds) / len(golds)
