"""What is asked of the model equals one prompt at a time, computed by a naive loop."""

import pytest
import torch

from imprint.backbone.base import Message
from imprint.backbone.hf import HFBackbone
from imprint.backbone.tiny import tiny_backbone
from imprint.evals.ask import CHUNK, Asker, Reading, chunks
from imprint.evals.choice import lettered, rotations
from imprint.evals.items import Item
from imprint.tensors import Context, Injection, KVPrefix, SoftPrompt

SYSTEM = "Answer as briefly as you can, please, and say so if you do not know."
OPTIONS = ("Olm.", "A very old boiler.")
ITEMS = tuple(
    Item(
        f"q{n}",
        question,
        "fact",
        answer="Olm",
        new_tokens=5,
        options=OPTIONS,
        right=0,
        lettered=lettered(question, OPTIONS, rotations(2), "One letter."),
        before=(("user", "Hello there."), ("assistant", "Hello.")),
        system=SYSTEM,
        teach="Olm",
    )
    for n, question in enumerate(("What is my cat called?", "Where does she sleep?", "Who is Olm?"))
)


@pytest.fixture(scope="module")
def llama() -> HFBackbone:
    return tiny_backbone("llama")


@pytest.fixture(params=["none", "text", "soft", "kv"])
def injection(request: pytest.FixtureRequest, llama: HFBackbone) -> Injection:
    random = torch.Generator().manual_seed(0)
    l, heads, width = llama.kv_shape
    made: dict[str, Injection] = {
        "none": None,
        "text": Context("What the user told you earlier:\n- My cat is called Olm."),
        "soft": SoftPrompt(torch.randn(3, llama.width, generator=random) * llama.rho, "late"),
        "kv": KVPrefix(torch.randn(l, 2, heads, 4, width, generator=random)),
    }
    return made[request.param]


def naive(backbone: HFBackbone, item: Item, text: str, injection: Injection, answer: list[int]) -> torch.Tensor:
    """log p at each token of the answer, from one forward pass over everything."""
    before = [Message(role, words) for role, words in item.before]
    context = injection if isinstance(injection, Context) else None
    prompt = backbone.prompt([Message("system", item.system), *before, Message("user", text)], context, 40)
    rows = backbone.embed(torch.tensor(prompt.ids))
    if isinstance(injection, SoftPrompt):
        rows = torch.cat([rows[: prompt.late_at], injection.rows, rows[prompt.late_at :]])
    rows = torch.cat([rows, backbone.embed(torch.tensor(answer[:-1], dtype=torch.long))])
    cache, past = None, 0
    if isinstance(injection, KVPrefix):
        cache, past = backbone.new_cache(injection.kv[:, :, None].clone()), injection.kv.shape[3]
    with torch.no_grad():
        logits = backbone.forward(rows[None], torch.ones(1, past + len(rows), dtype=torch.bool), cache)[0]
    return logits[-len(answer) :].log_softmax(-1)


def test_options_are_scored_as_the_reply(llama: HFBackbone, injection: Injection):
    found = Asker(llama, lambda item, text: injection, ITEMS).answers(ITEMS, None)
    for item, answers in zip(ITEMS, found, strict=True):
        for option, likelihood in zip(OPTIONS, answers.options, strict=True):
            ids = llama.tokenize(option)
            steps = naive(llama, item, item.question, injection, ids)
            assert likelihood.tokens == len(ids)
            assert likelihood.total == pytest.approx(float(steps[range(len(ids)), ids].sum()), abs=1e-3)


def test_letters_are_compared_at_the_first_token(llama: HFBackbone, injection: Injection):
    answers = Asker(llama, lambda item, text: injection, ITEMS).answers(ITEMS[1:2], None)[0]
    for shown, found in zip(ITEMS[1].lettered, answers.letters, strict=True):
        (first,) = naive(llama, ITEMS[1], shown.text, injection, llama.tokenize("A"))
        expected = [float(first[llama.tokenize(letter)[0]]) for letter in "AB"]
        assert found == pytest.approx(expected, abs=1e-3)


def test_distance_is_the_divergence_from_the_reading_model(llama: HFBackbone, injection: Injection):
    text = Context("What the user told you earlier:\n- Olm is my cat, and sleeps on the boiler.")
    reading = Reading(llama, lambda item, words: text, ITEMS)
    answers = Asker(llama, lambda item, words: injection, ITEMS).answers(ITEMS[:1], reading)[0]
    ids = [*llama.tokenize("Olm"), min(llama.eos)]
    teacher, student = (naive(llama, ITEMS[0], ITEMS[0].question, given, ids) for given in (text, injection))
    expected = 0.0
    for p, q in zip(teacher.double(), student.double(), strict=True):
        expected += float(sum(p[w].exp() * (p[w] - q[w]) for w in range(len(p))))
    assert answers.measured is not None
    assert answers.measured["tokens"] == len(ids)
    assert answers.measured["kl"] == pytest.approx(expected, abs=1e-3)


def test_the_reading_model_is_no_distance_from_itself(llama: HFBackbone):
    text = Context("What the user told you earlier:\n- Olm is my cat.")
    reading = Reading(llama, lambda item, words: text, ITEMS)
    found = Asker(llama, lambda item, words: text, ITEMS).answers(ITEMS, reading)
    assert all(answers.measured and answers.measured["kl"] == pytest.approx(0, abs=1e-4) for answers in found)


def test_a_memory_is_read_with_what_was_said_since_and_only_once(llama: HFBackbone):
    asked: list[tuple[str, str]] = []

    def inject(item: Item, text: str) -> Injection:
        asked.append((item.id, text))
        return None

    asker = Asker(llama, inject, ITEMS)
    asker.answers(ITEMS, None)
    asker.cost(ITEMS)
    assert len(asked) == len(set(asked))
    assert {text for _, text in asked} >= {item.question for item in ITEMS}


def test_cost_counts_prompt_soft_rows_and_cache(llama: HFBackbone):
    soft = SoftPrompt(torch.zeros(3, llama.width), "late")
    cost = Asker(llama, lambda item, text: soft, ITEMS).cost(ITEMS)
    bare = Asker(llama, lambda item, text: None, ITEMS).cost(ITEMS)
    l, heads, width = llama.kv_shape
    assert (cost.prompt_tokens, cost.soft_tokens) == (bare.prompt_tokens, 3)
    assert cost.kv_bytes == pytest.approx((cost.prompt_tokens + 3) * l * 2 * heads * width * 4)


def test_chunks_keep_kinds_together_and_lose_nothing():
    items = [Item(f"q{n}", "?", "ab"[n % 2]) for n in range(2 * CHUNK + 3)]
    groups = chunks(items)
    assert all(len({item.kind for item in group}) == 1 and len(group) <= CHUNK for group in groups)
    assert sorted(item.id for group in groups for item in group) == sorted(item.id for item in items)


def test_an_item_is_silent_only_if_nothing_is_injected_for_any_of_its_texts(llama: HFBackbone):
    soft = SoftPrompt(torch.zeros(1, llama.width), "late")
    shown = ITEMS[1].lettered[1].text
    asker = Asker(llama, lambda item, text: soft if text == shown else None, ITEMS)
    assert [asker.silent(item) for item in ITEMS] == [True, False, True]
