"""What is seen inside memories whose turns were planted, and edits whose outcome is known."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from PIL import Image

from imprint.backbone.base import Sampling
from imprint.backbone.decode import reply
from imprint.backbone.tiny import tiny_backbone
from imprint.config import home_folder
from imprint.encode.hashing import Hashing
from imprint.evals.inside import Asked, InsideOptions, edit_worked, look_into, partners_of, planted_scores
from imprint.evals.inside_result import assemble_inside
from imprint.evals.inside_tables import rows_of
from imprint.evals.items import Item, Person
from imprint.evals.plots import make_plots, render
from imprint.evals.read_results import Result
from imprint.evals.recall_file import read_people
from imprint.fit.loop import FitConfig
from imprint.fit.runs import Silent
from imprint.methods.lpm import LPM, LPMConfig
from imprint.methods.parts.addressing import facts_of
from imprint.methods.parts.inside import asked, swapped
from imprint.methods.parts.network import NetworkConfig, fresh_network
from imprint.methods.parts.network_file import file_name, pack
from imprint.study.questions import make_study
from imprint.types import Effect, Effects, Fact, ImprintError, Turn
from tests.evals.result_files import result

TOLD = ("Hi, my name is Ottilie.", "My dog is called Biscuit.", "I live in Aarhus.", "I'm allergic to walnuts.")


@pytest.fixture(scope="module")
def lpm() -> LPM:
    """A random model, and a network that was not trained, where a trained one would lie."""
    backbone = tiny_backbone("qwen3", seed=2)
    path = home_folder() / "weights" / file_name(backbone, "late")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pack(fresh_network(NetworkConfig(width=8), backbone), backbone, {}))
    made = LPM(LPMConfig(), backbone, Hashing())
    path.unlink()
    return made


def question(text: str) -> str:
    """A question that the turn answers."""
    study = make_study([Turn("0" * 16, "", "user", text)])
    return next(each.text for each in study.questions if each.kind == "recall")


def people(folder: Path, answers: dict[str, list[str]], told: tuple[str, ...] = TOLD, users: int = 2) -> list[Person]:
    """Users who all tell the same; answers: the accepted ones of each turn that is asked about."""
    asks = [
        {
            "question": question(text),
            "answer": accepted[0],
            "accept": accepted,
            "distractor": "nothing of the kind",
            "kind": "fact",
            "turn": told.index(text),
        }
        for text, accepted in answers.items()
    ]
    turns = [{"role": "user", "text": text} for text in told]
    rows = [{"user": f"user{number}", "turns": turns, "questions": asks} for number in range(users)]
    file = folder / "users.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(read_people(file))


def test_every_planted_turn_is_found_and_blind_choice_is_worse(tmp_path: Path, lpm: LPM) -> None:
    asked_about = people(tmp_path, {text: ["no such answer"] for text in TOLD})
    for user in look_into(lpm, asked_about, InsideOptions(), Silent()):
        assert len(user.asked) == 4
        slots = len(user.facts)
        assert user.contents.shape == (slots, lpm.backbone.width)
        assert user.keys.shape == (slots, lpm.encoder.width)
        for one, scores in zip(user.asked, user.scores, strict=True):
            assert [user.facts[slot].turn for slot in one.planted] == [one.item.evidence[0]] * len(one.planted)
            assert scores["effect"] == scores["attention"] == scores["understood"] == scores["spoke"] == 1.0
            assert scores["chance"] == len(one.planted) / slots < 0.5
            assert (scores["right"], scores["fall_of_others"]) == (0.0, 0.0)
            assert scores["fall"] > 1
            assert "emptied" not in scores


def speak(lpm: LPM, turns: tuple[Turn, ...], text: str, swap: tuple[int, int] | None = None) -> str:
    """What the model answers to the question about a turn, with or without an edit."""
    memory = lpm.write(lpm.empty(), turns)
    if swap:
        memory = swapped(memory, *swap, lpm.slots)
    told = [Turn("", "", "user", question(text))]
    return reply(lpm.backbone, [asked(told, lpm.read(memory, told), Sampling(max_new_tokens=24))])[0].text


def test_edits_of_answers_that_the_model_gives(tmp_path: Path, lpm: LPM) -> None:
    """Accepted is what this model says with the whole memory, and what it says to the other's question after a swap."""
    one, other = TOLD[1], TOLD[2]
    turns = people(tmp_path, {one: ["x"]})[0].turns
    facts = facts_of(lpm.write(lpm.empty(), turns))
    places = {text: next(i for i, f in enumerate(facts) if f.turn == turns[TOLD.index(text)].id) for text in TOLD}
    swap = (max(i for i, f in enumerate(facts) if f.value == "Biscuit"), places[other])
    answers = {
        one: [speak(lpm, turns, one), speak(lpm, turns, other, swap)],
        other: [speak(lpm, turns, other), speak(lpm, turns, one, swap)],
    }
    assert all(text.strip() for texts in answers.values() for text in texts)
    [user] = look_into(lpm, people(tmp_path, answers), InsideOptions(users=1), Silent())
    for scores in user.scores:
        edits = {name: scores[name] for name in ("right", "emptied", "removed", "swapped", "untouched")}
        assert edits == dict.fromkeys(edits, 1.0)


def result_of(lpm: LPM, folder: Path) -> Result:
    asked_about = people(folder, {text: ["no such answer"] for text in TOLD})
    found = list(look_into(lpm, asked_about, InsideOptions(), Silent()))
    return Result("inside", assemble_inside(found, lpm.backbone))


def test_the_result_has_what_tables_and_pictures_need_and_no_word_of_a_user(tmp_path: Path, lpm: LPM) -> None:
    found = result_of(lpm, tmp_path)
    rows = {label: (own, blind, count) for label, own, blind, count in rows_of(found)}
    assert rows["the reply owes most to a slot of that turn"] == ("1.00 [1.00, 1.00]", "0.25", "8")
    assert not any(label.startswith("edit:") for label in rows)
    arm = found.data["arms"]["lpm"]
    assert arm["silhouette"]["contents"]["user"] <= 0  # both users hold the same
    assert [len(panel["points"]) for panel in arm["map"].values()] == [arm["slots"], arm["slots"]]
    assert arm["attention"]["spoke"] == [True] * 4
    for weights, planted in zip(arm["attention"]["weights"], arm["attention"]["planted"], strict=True):
        assert weights.index(max(weights)) in planted
    written = json.dumps(found.data)
    assert not [word for word in ("Biscuit", "Aarhus", "Ottilie", "walnuts", "dog") if word in written]


def test_the_pictures_are_large_enough_to_read_and_small_to_fetch(tmp_path: Path, lpm: LPM) -> None:
    made = {"inside": Result("inside", {**result(8, ["none"]), **result_of(lpm, tmp_path).data, "benchmark": "inside"})}
    plots = make_plots(made)
    assert [plot.name for plot in plots] == ["slot-map", "slot-attention"]
    for plot in plots:
        png = render(plot)
        assert Image.open(io.BytesIO(png)).size == (1120, 800)
        assert len(png) < 150_000


FACTS = [Fact("home", "", f"value {number}", str(number)) for number in range(4)]


def seen(answer: str, said: str, planted: tuple[int, ...], falls: Sequence[float] | None, first: int = 0) -> Asked:
    """A question with its answer; falls: of each of four slots, None for a memory that kept silent."""
    weights = tuple(0.7 if slot == first else 0.1 for slot in range(4))
    item = Item("0", "Where?", "fact", answer, (answer,), 4)
    slots = [Effect(slot, FACTS[slot], weights[slot], float(fall)) for slot, fall in enumerate(falls or [])]
    return Asked(item, planted, weights, said, None if falls is None else Effects(said, -1.0, 2.0, tuple(slots)))


def test_scores_of_a_question() -> None:
    right = planted_scores(seen("Ghent", "In Ghent.", (0, 2), [0.5, 0.25, 3.0, -0.25]))
    assert right == {
        **dict.fromkeys(("understood", "effect", "attention", "right", "spoke"), 1.0),
        **dict.fromkeys(("effect_where_spoke", "attention_where_spoke"), 1.0),
        **dict.fromkeys(("chance", "chance_where_spoke"), 0.5),
        **{"fall": 3.0, "fall_of_others": 0.25},
    }
    astray = planted_scores(seen("Ghent", "In Ghent.", (2,), [0.5, 0.0, 0.25, 0.0]))
    assert (astray["effect"], astray["attention"], astray["fall"]) == (0.0, 0.0, 0.25)
    nothing = planted_scores(seen("Ghent", "In Lund.", (0,), [0.0, 0.0, 0.0, 0.0]))
    assert (nothing["effect"], nothing["attention"], nothing["right"]) == (0.0, 1.0, 0.0)
    silent = planted_scores(seen("Ghent", "", (0,), None))
    assert silent == {"understood": 1.0, "effect": 0.0, "attention": 1.0, "chance": 0.25, "right": 0.0, "spoke": 0.0}
    missed = planted_scores(seen("Ghent", "In Ghent.", (), [1.0, 0.0, 0.0, 0.0]))
    assert (missed["understood"], missed["effect"], missed["chance"], "spoke" in missed) == (0.0, 0.0, 0.0, False)


def test_a_partner_is_another_slot_with_another_answer_that_is_given() -> None:
    ghent, again = seen("Ghent", "Ghent.", (0,), [1, 0, 0, 0]), seen("old Ghent", "old Ghent", (1,), [0, 1, 0, 0])
    same, lund = seen("Lund", "Lund", (0,), [1, 0, 0, 0]), seen("Lund", "Lund", (2,), [0, 0, 1, 0])
    wrong = seen("Oslo", "Lund", (3,), [0, 0, 0, 1])
    assert partners_of([ghent, again, same, wrong, lund]) == {0: 4, 1: 2, 2: 1, 4: 0}
    assert partners_of([ghent, wrong]) == {}


def test_what_an_edit_should_do() -> None:
    one = seen("Ghent", "In Ghent.", (0,), [1, 0, 0, 0])
    lund = seen("Lund", "Lund", (2,), [0, 0, 1, 0]).item
    assert edit_worked("emptied", one, "In Lund.", None)
    assert edit_worked("removed", one, "", None)
    assert not edit_worked("emptied", one, "Ghent, I think.", None)
    assert edit_worked("swapped", one, "In Lund.", lund)
    assert not edit_worked("swapped", one, "In Ghent.", lund)
    assert edit_worked("untouched", one, "In Ghent.", lund)
    assert not edit_worked("untouched", one, "Ghent.", lund)


def test_options_below_nothing_are_refused() -> None:
    with pytest.raises(ImprintError, match="users and questions must be 0 or more"):
        InsideOptions(users=-1)


def test_a_memory_that_must_be_fitted_first_is_fitted(tmp_path: Path) -> None:
    backbone = tiny_backbone("llama")
    joint = LPM(LPMConfig(fit=FitConfig(epochs=1, least=0)), backbone, Hashing())
    assert joint.network is None
    asked_about = people(tmp_path, {TOLD[1]: ["x"]}, TOLD[:2], users=1)
    [user] = look_into(joint, asked_about, InsideOptions(), Silent())
    assert user.scores[0]["spoke"] == 1.0
    assert torch.isfinite(user.contents).all()
