"""Networks that read slots, compared: the questions, scores worked out by hand, and what a result file gets."""

import pytest
import torch

from imprint.backbone.base import Message
from imprint.backbone.hf import HFBackbone
from imprint.backbone.score import answer_ids
from imprint.backbone.tiny import tiny_backbone
from imprint.data.talk import Label, Said, Talk, Voice
from imprint.evals.network import Item, Outcome, arm_of, ask_all, items_of, people_of, rows_of, settings_of, size_of
from imprint.fit.losses import answer_cross_entropy
from imprint.fit.runs import Silent
from imprint.methods.parts.network import NetworkConfig, SlotNetwork, fresh_network
from imprint.tensors import Placement
from imprint.train.lpm import Asked, answered, unheard
from imprint.types import ImprintError

CONFIG = NetworkConfig(rows=4, width=4, inner=16, heads=2, blocks=1)
VOICES = {
    "a": Voice("a", 30, "cook", "british", "casual", "short"),
    "b": Voice("b", 40, "baker", "second_language", "formal", "long"),
    "t": Voice("t", 50, "nurse", "american", "plain", "short"),
}


def said(number: int, voice: str, value: str, kind: str = "lives_in") -> Said:
    questions = (f"{value}?", f"where {number}", f"home {number}?")
    label = Label(kind, "", value, 0, 1, False, questions, "Write.")
    return Said(f"{voice}-{number}", voice, "explicit", "", f"{value} is home", label)


def talk() -> Talk:
    told = [said(1, "a", "Oslo"), said(2, "a", "Bergen"), said(3, "b", "Lund"), said(4, "b", "my flat")]
    quiet = Said("b-9", "b", "mood", "", "starving", None)
    trained = [said(5, "t", "oslo"), said(6, "t", "Rome"), said(7, "a", "Kiel", "team")]
    return Talk((*told, quiet, *trained), VOICES, {"dev": ("a", "b"), "test": (), "unseen": ("team",)})


def item(value: str, voice: str = "a", question: str = "Where do I live?") -> Item:
    told = said(0, voice, value)
    return Item(told, Asked(question, value, told.text))


@pytest.fixture(scope="module")
def backbone() -> HFBackbone:
    return tiny_backbone("llama")


@pytest.fixture(scope="module", params=["late", "prefix"])
def network(request: pytest.FixtureRequest, backbone: HFBackbone) -> SlotNetwork:
    """It has learned one answer by heart."""
    placement: Placement = request.param
    made = fresh_network(NetworkConfig(4, 4, 16, 2, 1, placement), backbone)
    optimizer = torch.optim.Adam(made.parameters(), lr=0.03)
    for _ in range(150):
        out = answered(made, backbone, [item("oslo").asked])
        optimizer.zero_grad()
        answer_cross_entropy(out.logits, out.targets).backward()
        optimizer.step()
    return made


def test_questions_are_of_held_out_people_with_answers_that_training_does_not_give() -> None:
    found = unheard(talk(), "dev")
    assert [(one.id, asked.value) for one, asked in found] == [
        *[("a-2", "Bergen")] * 3,
        *[("b-3", "Lund")] * 3,
        *[("b-4", "your flat")] * 3,
    ]
    assert [asked.question for _, asked in found[:3]] == ["Bergen?", "where 2", "home 2?"]


def test_a_limit_takes_questions_evenly_over_the_voices() -> None:
    assert len(items_of(talk(), "dev", 0)) == 9
    some = items_of(talk(), "dev", 4)
    assert [one.said.voice for one in some] == ["a", "a", "b", "b"]
    assert set(some) < set(items_of(talk(), "dev", 6))
    with pytest.raises(ImprintError, match="no question of the part test"):
        items_of(talk(), "test", 4)


@torch.no_grad()
def by_hand(network: SlotNetwork, backbone: HFBackbone, asked: Asked) -> tuple[bool, float, int]:
    """One token at a time over the whole prompt, nothing cached: (all arg-max, nats, tokens)."""
    prompt = backbone.prompt([Message("user", asked.question)], None, 64)
    ids = torch.tensor(prompt.ids)
    late = network.config.placement == "late"
    cut = prompt.late_at if late else prompt.prefix_at
    head, tail = backbone.embed(ids[:cut]), backbone.embed(ids[cut:])
    states = backbone.hidden(head[None], torch.ones(1, cut, dtype=torch.bool)) if late else tail[None]
    mask = torch.ones(1, states.shape[1], dtype=torch.bool)
    soft = network(network.codes(asked.value)[None], torch.zeros(1, 4, 4), states, mask)[0]
    answer, nats, exact = answer_ids(backbone, asked.value), 0.0, True
    for place, token in enumerate(answer):
        rows = torch.cat([head, soft, tail, backbone.embed(torch.tensor(answer[:place], dtype=torch.int64))])[None]
        likely = backbone.forward(rows, torch.ones(rows.shape[:2], dtype=torch.bool))[0, -1].log_softmax(-1)
        nats -= likely[token].item()
        exact = exact and int(likely.argmax()) == token
    return exact, nats, len(answer)


def test_each_score_is_what_one_token_at_a_time_gives(network: SlotNetwork, backbone: HFBackbone) -> None:
    items = [item("oslo"), item("a town of no name"), item("oslo!", question="And where now?")]
    found = ask_all(network, backbone, items, True, Silent())
    for one in found:
        exact, nats, tokens = by_hand(network, backbone, one.item.asked)
        assert (one.exact, one.tokens) == (exact, tokens)
        assert one.nats == pytest.approx(nats, rel=1e-3, abs=1e-3)
    assert [one.exact for one in found[:2]] == [True, False]
    assert found[0].reply == "oslo"
    assert found[0].parts == {"exact": (1.0, 1.0), "loss": (found[0].nats, 5.0), "greedy": (1.0, 1.0)}
    assert found[1].parts["greedy"] == (0.0, 1.0)


def outcome(value: str, voice: str, exact: bool, nats: float, tokens: int) -> Outcome:
    return Outcome(item(value, voice), exact, nats, tokens)


# Answers of 1, 2, 4 and 5 tokens; the end of each is one more.
OURS = [outcome(*row) for row in (("x", "a", True, 1.0, 2), ("y", "a", False, 2.0, 3), ("z", "b", True, 3.0, 5))]
OURS.append(outcome("w", "b", True, 6.0, 6))
THEIRS = [outcome(*row) for row in (("x", "a", False, 2.0, 2), ("y", "a", False, 4.0, 3), ("z", "b", True, 6.0, 5))]
THEIRS.append(outcome("w", "b", False, 4.0, 6))


def test_an_arm_holds_means_over_questions_and_tokens_by_length_and_voice() -> None:
    arm = arm_of(talk(), OURS, ("first", THEIRS))
    assert {name: one["mean"] for name, one in arm["scores"].items()} == {"exact": 0.75, "loss": 12 / 16}
    assert {name: (one["mean"], one["n"]) for name, one in arm["kinds"]["exact"].items()} == {
        "answer: 1 token": (1.0, 1),
        "answer: 2 tokens": (0.0, 1),
        "answer: 3 to 4 tokens": (1.0, 1),
        "answer: 5 tokens and more": (1.0, 1),
        "register: casual": (0.5, 2),
        "register: formal": (1.0, 2),
        "variety: british": (0.5, 2),
        "variety: second language": (1.0, 2),
    }
    assert list(arm["kinds"]) == ["exact"]
    less = arm["against_first"]
    assert (less["exact"]["arm"], less["exact"]["mean"], less["loss"]["mean"]) == ("first", 0.5, 12 / 16 - 16 / 16)
    assert 0 <= less["exact"]["low"] <= 0.5 <= less["exact"]["high"] <= 1
    assert "against_first" not in arm_of(talk(), OURS, None)


def test_a_difference_to_oneself_is_none_in_every_draw() -> None:
    less = arm_of(talk(), OURS, ("first", OURS))["against_first"]["exact"]
    assert (less["mean"], less["low"], less["high"]) == (0.0, 0.0, 0.0)


def test_sizes_are_those_of_the_tensors(backbone: HFBackbone) -> None:
    network = fresh_network(CONFIG, backbone)
    trained = sum(tensor.numel() for name, tensor in network.state_dict().items() if name != "basis")
    # Codes: 4 of 4 bytes; residual: 4 rows of 4 numbers of 2 bytes.
    assert size_of(network, backbone) == {"network": trained, "slot_bytes": 48.0, "slot_floats": 16.0}
    settings = settings_of(network, {"steps": 7, "held_out": 0.9})
    assert "held_out" not in settings
    assert (settings["steps"], settings["blocks"], settings["placement"]) == (7, 1, "late")


def test_a_file_gets_every_outcome_and_the_voices(backbone: HFBackbone) -> None:
    rows = rows_of("small", OURS)
    assert [row["kind"] for row in rows] == ["1 token", "2 tokens", "3 to 4 tokens", "5 tokens and more"]
    assert rows[0]["scores"] == {"exact": 1.0, "loss": 0.5}
    assert {row["arm"] for row in rows} == {"small"}
    people = people_of(backbone, [item("Oslo"), item("Oslo"), item("Lund", "b")])
    assert people[0] == {"seed": 0, "user": "a", "turns": 1, "history_tokens": len("Oslo is home"), "items": 2}
    assert [one["user"] for one in people] == ["a", "b"]
