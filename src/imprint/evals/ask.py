"""Puts items to the frozen model: replies, likelihoods of options, letters, and distance from the model that reads.

Common beginnings are run once: a shared context for all of a person's items, a question for all its options.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from imprint.backbone.base import Backbone, ContextTooLong, Message, Prompt, Request, Sampling
from imprint.backbone.decode import reply
from imprint.backbone.head import Head, share
from imprint.backbone.inject import positions, prompt_of
from imprint.backbone.score import Forced, answer_ids, forced, log_likelihoods
from imprint.evals.items import Answers, Item, Lettered, Likelihood
from imprint.tensors import Adapter, Injection, KVPrefix

CHUNK = 10
"""Items asked at a time; also what a resumed run repeats at most."""
Inject = Callable[[Item, str], Injection]
"""What enters the model for an item whose last user turn is this text."""


def chunks(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """The items kind by kind, at most CHUNK at a time: items of a kind often begin alike."""
    kinds = dict.fromkeys(item.kind for item in items)
    groups = [[item for item in items if item.kind == kind] for kind in kinds]
    return [tuple(group[i : i + CHUNK]) for group in groups for i in range(0, len(group), CHUNK)]


@dataclass(frozen=True)
class Cost:
    """What one question takes, means over a person's items."""

    prompt_tokens: float
    soft_tokens: float
    kv_bytes: float


class Asker:
    """One arm's memory of one person, asked."""

    def __init__(self, backbone: Backbone, inject: Inject, items: Sequence[Item]) -> None:
        self._backbone = backbone
        self._inject = _steady(inject)
        # Three items are enough to see what all begin with; a prompt that begins otherwise is run whole.
        few = [items[i] for i in sorted({0, len(items) // 2, len(items) - 1})]
        self._heads: dict[Callable[[Item], str], Head | None] = {
            text: self._head(few, text) for text in (_question, _shown)
        }

    def answers(self, chunk: Sequence[Item], reading: "Reading | None") -> list[Answers]:
        """What the arm makes of these items. reading: the model that reads, where an item is teacher-forced."""
        asked = [item for item in chunk if item.new_tokens]
        replies = dict(zip((item.id for item in asked), self._replies(asked), strict=True))
        return [
            Answers(
                replies.get(item.id, ""),
                tuple(self._options(item)),
                tuple(self._letters(item, lettered) for lettered in item.lettered),
                self._distance(item, reading) if item.teach and reading else None,
            )
            for item in chunk
        ]

    def silent(self, item: Item) -> bool:
        """Whether nothing enters the model for this item: then it is the bare model that answers, to the bit."""
        texts = (item.question, item.ask or item.question, *(shown.text for shown in item.lettered))
        return all(self._inject(item, text) is None for text in texts)

    def cost(self, items: Sequence[Item]) -> Cost:
        """Counted from the prompts, which are not run. An item that does not fit counts as a full window."""
        layers, heads, width = self._backbone.kv_shape
        prompt = soft = 0.0
        for item in items:
            request = self._request(item, _question(item), 1)
            here = positions(self._backbone, request.injection)
            try:
                prompt += len(prompt_of(self._backbone, request).ids) / len(items)
            except ContextTooLong:
                prompt += (self._backbone.window - here) / len(items)
            soft += here / len(items)
        return Cost(prompt, soft, (prompt + soft) * layers * 2 * heads * width * 4)

    def request(self, item: Item) -> Request:
        """The request that a reply to this item is generated from."""
        return self._request(item, item.ask or item.question, max(item.new_tokens, 1))

    def forced(self, item: Item, answer: Sequence[int]) -> Forced:
        """The arm's logits at each token of this answer."""
        request = self._request(item, item.question, len(answer))
        return forced(self._backbone, [request], [answer], self._shared([request], _question))

    def _request(self, item: Item, text: str, new_tokens: int) -> Request:
        said = [Message("system", item.system)] if item.system else []
        messages = (*said, *(Message(role, words) for role, words in item.before), Message("user", text))
        return Request(messages, self._inject(item, text), Sampling(max_new_tokens=new_tokens))

    def _replies(self, items: Sequence[Item]) -> list[str]:
        if not items:
            return []
        requests = [self.request(item) for item in items]
        return [found.text for found in reply(self._backbone, requests, self._shared(requests, _question))]

    @torch.no_grad()
    def _options(self, item: Item) -> Iterator[Likelihood]:
        if not item.options:
            return
        answers = [self._backbone.tokenize(option) for option in item.options]
        request = self._request(item, item.question, max(map(len, answers)))
        requests = [request] * len(answers)
        for total, tokens in log_likelihoods(
            forced(self._backbone, requests, answers, self._shared(requests, _question))
        ):
            yield Likelihood(total, tokens)

    @torch.no_grad()
    def _letters(self, item: Item, shown: Lettered) -> tuple[float, ...]:
        """log p of each letter at the first token where the letters differ."""
        letters = [self._backbone.tokenize(letter) for letter in shown.letters]
        at = next(i for i, column in enumerate(zip(*letters, strict=False)) if len(set(column)) > 1)
        answer = letters[0][: at + 1]
        request = self._request(item, shown.text, len(answer))
        out = forced(self._backbone, [request], [answer], self._shared([request], _shown))
        found = out.logits[0, at].log_softmax(-1)
        return tuple(float(found[letter[at]]) for letter in letters)

    @torch.no_grad()
    def _distance(self, item: Item, reading: "Reading") -> dict[str, float]:
        answer = answer_ids(self._backbone, item.teach)
        expected, exact_reading = reading.expects(item, answer)
        out = self.forced(item, answer)
        student = out.logits[0].log_softmax(-1)
        kl = (expected.exp() * (expected - student)).sum(-1).double()
        exact = bool((out.logits[0].argmax(-1) == out.targets[0]).all())
        return {
            "kl": float(kl.sum()),
            "tokens": float(len(answer)),
            "exact": float(exact),
            "exact_reading": float(exact_reading),
        }

    def _head(self, items: Sequence[Item], text: Callable[[Item], str]) -> Head | None:
        requests = [self._request(item, text(item), 1) for item in items if text(item)]
        try:
            return self._share(requests, None) if len(requests) > 1 else None
        except ContextTooLong:  # said once more, and recorded, when that item is asked
            return None

    def _shared(self, requests: Sequence[Request], text: Callable[[Item], str]) -> Head | None:
        return self._share(requests, self._heads[text])

    def _share(self, requests: Sequence[Request], inside: Head | None) -> Head | None:
        prompts: list[Prompt] = [prompt_of(self._backbone, request) for request in requests]
        return share(self._backbone, prompts, [request.injection for request in requests], inside)


class Reading:
    """The same frozen model reading what the person told: the teacher of `fidelity`, asked once an item."""

    def __init__(self, backbone: Backbone, inject: Inject, items: Sequence[Item]) -> None:
        self._asker = Asker(backbone, inject, items)
        self._found: dict[str, tuple[Float[Tensor, "a v"], bool]] = {}

    def expects(self, item: Item, answer: Sequence[int]) -> tuple[Float[Tensor, "a v"], bool]:
        """Its log-probabilities at each token of the answer, and whether every token is its arg-max."""
        if item.id not in self._found:
            out = self._asker.forced(item, answer)
            exact = bool((out.logits[0].argmax(-1) == out.targets[0]).all())
            self._found[item.id] = (out.logits[0].log_softmax(-1), exact)
        return self._found[item.id]


def _question(item: Item) -> str:
    return item.question


def _shown(item: Item) -> str:
    return item.lettered[0].text if item.lettered else ""


def _steady(inject: Inject) -> Inject:
    """Read once an item and text; equal adapters and KV prefixes are one object, so that prompts can share them."""
    known: dict[tuple[str, str], Injection] = {}
    last: list[Injection] = []

    def steady(item: Item, text: str) -> Injection:
        key = (item.id, text)
        if key not in known:
            found = inject(item, text)
            if isinstance(found, Adapter | KVPrefix):
                if last and _equal(last[0], found):
                    found = last[0]
                last[:] = [found]
            known[key] = found
        return known[key]

    return steady


def _equal(a: Injection, b: Injection) -> bool:
    if isinstance(a, KVPrefix) and isinstance(b, KVPrefix):
        return torch.equal(a.kv, b.kv)
    if isinstance(a, Adapter) and isinstance(b, Adapter):
        same = a.tensors.keys() == b.tensors.keys() and (a.rank, a.alpha, a.targets) == (b.rank, b.alpha, b.targets)
        return same and all(torch.equal(a.tensors[name], b.tensors[name]) for name in a.tensors)
    return False
