"""The benchmark of the read gate: thresholds and curves by hand, a small composed user, and files it refuses."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from imprint.backbone.tiny import tiny_backbone
from imprint.data.talk import Label, Said, Talk, Voice
from imprint.encode.hashing import Hashing
from imprint.evals.gate import GateOptions, Remembering, arms_of, measure, outcomes, people, read_general, variants
from imprint.evals.gate_scores import (
    GENERAL,
    IMPLICIT,
    NEVER,
    TOLD,
    Met,
    area,
    by_kind,
    roc,
    scored,
    thinned,
    threshold,
)
from imprint.evals.plots import Plot, make_plots, render
from imprint.evals.read_results import Result, read_result
from imprint.methods.lpm import LPM, LPMConfig
from imprint.study.bank import general_lines
from imprint.study.extractor.opening import NAMES, Opening, open_opening, wording
from imprint.study.readers import RULES
from imprint.types import ImprintError
from tests.cli.runs import imprint, refused
from tests.evals.result_files import result

ROOT = Path(__file__).parents[2]
MESSAGES = ["Why is the sky blue?", "Write a haiku about rain.", "Sort a list in Python.", "Who wrote Faust?"]


class Silent:
    def start(self, what: str, total: int) -> None: ...
    def advance(self, done: int, note: str = "") -> None: ...


def met(kind: str, score: float, opens: bool = False, right: bool = False, user: str = "a", item: str = "x") -> Met:
    return Met(user, kind, item, score, opens, right)


@pytest.mark.parametrize(
    ("scores", "most", "passing"),
    [
        ([0.1, 0.5, 0.9, 0.3], 0.0, 0),
        ([0.1, 0.5, 0.9, 0.3], 0.25, 1),
        ([0.1, 0.5, 0.9, 0.3], 0.49, 1),
        ([0.1, 0.9, 0.9, 0.3], 0.25, 0),
        ([0.1, 0.5], 1.0, 2),
        ([0.2] * 100 + [0.8], 0.01, 1),
    ],
)
def test_the_threshold_is_the_least_that_lets_no_more_than_the_share_pass(
    scores: list[float], most: float, passing: int
) -> None:
    least = threshold(scores, most)
    assert sum(score >= least for score in scores) == passing
    assert sum(score >= np.nextafter(least, -1) for score in scores) > most * len(scores) or most == 1


def test_a_curve_and_its_area_by_hand() -> None:
    points = roc([0.9, 0.4], [0.6, 0.4, 0.1, 0.1])
    assert points == [[0, 0], [0, 0.5], [0.25, 0.5], [0.5, 1], [1, 1]]
    # 0.9 beats four of four; 0.4 beats two, ties one, loses one: (4 + 2.5) of 8.
    assert area(points) == pytest.approx(6.5 / 8)


def test_a_thinned_curve_keeps_both_ends_and_points_of_the_curve() -> None:
    random = np.random.default_rng(0)
    points = roc(list(random.normal(1, 1, 500)), list(random.normal(0, 1, 500)))
    kept = thinned(points, 50)
    assert len(kept) <= 52
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert all(point in points for point in kept)
    assert thinned(points[:5]) == points[:5]


def test_shares_by_hand() -> None:
    rows = [
        met(TOLD, 0.9, right=True),
        met(TOLD, 0.8),
        met(TOLD, 0.2, right=True),
        met(TOLD, 0.1),
        met(IMPLICIT, 0.6, right=True),
        met(NEVER, 0.7),
        met(NEVER, 0.2),
        met(GENERAL, 0.6, item="1"),
        met(GENERAL, 0.4, item="1", user="b"),
        met("quiet mood", 0.9, item="v1"),
        met("quiet task", 0.1, item="v2"),
    ]
    found = {name: one["mean"] for name, one in scored(rows, lambda one: one.score >= 0.5).items()}
    assert found["right"] == 0.25
    assert found["told_blocked"] == found["told_slot"] == found["right_blocked"] == 0.5
    assert found["implicit_slot"] == found["implicit_opened"] == 1.0
    assert found["general_opened"] == found["never_told_opened"] == found["quiet_opened"] == 0.5
    assert found["auc_never_told"] == pytest.approx((2 + 2 + 0.5 + 0) / 8)
    kinds = by_kind(rows, lambda one: one.score >= 0.5)
    assert kinds["opened"]["quiet mood"]["mean"] == 1.0
    assert kinds["right"][IMPLICIT]["mean"] == 1.0


def said(number: int, kind: str, value: str, voice: str = "v1") -> Said:
    text = f"My {kind.removesuffix('_name').replace('_', ' ')} is {value}."
    label = Label(kind, "", value, text.index(value), 1, False, (f"What {kind}?", f"{kind}?", f"my {kind}?"), "Help.")
    return Said(f"{voice}-{number}", voice, "life_fact", "", text, label)


@pytest.fixture
def talk() -> Talk:
    kinds = {"name": "Mira", "age": "forty", "employer": "Rolls", "home": "Ghent", "car": "Saab", "phone": "Nokia"}
    kinds |= {"pet_name": "Biscuit", "religion": "Quaker", "diet": "vegan", "school": "Elm Park", "size": "ten"}
    told = [said(n, kind, value) for n, (kind, value) in enumerate(kinds.items())]
    quiet = [Said(f"v1-q{n}", "v1", "mood", "", text, None) for n, text in enumerate(("starving", "so tired", "yay"))]
    voice = Voice("v1", 30, "cook", "british", "slang", "short")
    return Talk((*told, *quiet), {"v1": voice}, {"dev": ("v1",), "test": (), "unseen": ()})


def test_a_small_user_is_asked_and_every_outcome_is_kept(talk: Talk) -> None:
    options = GateOptions("dev", users=1, facts=3, changed=0)
    (person,) = people(talk, MESSAGES, options, 0)
    kinds = [one.kind for one in person.asked]
    assert (kinds.count(TOLD), kinds.count(IMPLICIT), kinds.count(NEVER)) == (9, 3, 6)
    assert 0 < kinds.count(GENERAL) < len(MESSAGES)
    told = {turn.id: turn.text for turn in person.turns}
    for one in person.asked:
        assert bool(one.turn) is (one.kind in (TOLD, IMPLICIT))
        assert not one.turn or one.turn in told
    backbone = tiny_backbone("llama")
    methods = variants(LPM(LPMConfig(), backbone, Remembering(Hashing()), RULES))
    found = measure(methods, [person], Silent())
    assert [len(each) for each in found.values()] == [len(person.asked)] * 2
    assert found["lpm"] == found["lpm_no_wording"]  # the rules foresee nothing: wording plays no part
    arms = arms_of("lpm", found["lpm"], found["lpm"], {"reader": "rules"})
    assert list(arms) == ["lpm", "lpm_chosen"]
    assert arms["lpm_chosen"]["scores"]["general_opened"]["mean"] == 0.0
    rows = outcomes(found)
    questions = [row for row in rows if "user" in row]
    assert len(questions) == 18
    assert all(len(row["scores"]["lpm"].split()) == 1 for row in rows if "user" not in row)


def test_an_encoder_that_remembers_gives_the_same_vectors() -> None:
    plain, remembering = Hashing(), Remembering(Hashing())
    for texts in ([], ["a b", "c"], ["c", "a b", "c"]):
        assert torch.equal(remembering.encode(texts), plain.encode(texts))
    assert (remembering.id, remembering.width) == (plain.id, plain.width)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ('{"text": "a"}\nnot json\n', "line 2 is no JSON object"),
        ('["text"]\n', "line 1 is no JSON object"),
        ('{"text": " "}\n', "line 1 has a"),
        ('{"text": 3}\n', "line 1 has a"),
        (json.dumps({"text": general_lines()[0]}) + "\n", "line 1 is a line of the question bank"),
        ("", "too few messages"),
        ("\ufffe".encode("utf-16").decode("latin-1"), "line 1"),
    ],
)
def test_a_bad_file_of_messages_is_named_with_its_line(tmp_path: Path, body: str, wrong: str) -> None:
    path = tmp_path / "general.jsonl"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(ImprintError, match=wrong):
        read_general(path)


def test_a_missing_or_broken_file_of_messages_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImprintError, match="there is no file"):
        read_general(tmp_path / "none.jsonl")
    broken = tmp_path / "general.jsonl.gz"
    broken.write_bytes(b"no gzip")
    with pytest.raises(ImprintError, match="can not be read"):
        read_general(broken)
    rows = "".join(json.dumps({"text": text}) + "\n" for text in MESSAGES)
    broken.write_bytes(gzip.compress(rows.encode()))
    assert read_general(broken) == MESSAGES


def test_the_shipped_messages_are_enough_and_none_is_a_null_key() -> None:
    found = read_general(ROOT / "data/general/oasst.jsonl")
    assert len(found) == len(set(found)) >= 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where do I live?", (1, 0)),
        ("What can you do?", (0, 1)),
        ("Do you know where I live?", (1, 0)),
        ("Why is the sky blue?", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_wording_by_hand(text: str, expected: tuple[int, ...]) -> None:
    assert wording(text) == (*map(float, expected), 1.0)


def test_the_gate_is_a_logistic_sum_of_evidence_and_wording(tmp_path: Path) -> None:
    weights = (1.0, 0.5, -0.25, 2.0, 0.1, -0.4, -1.0)
    opening = Opening("reader/1", weights)
    evidence = [[0.5, -1.0, -3.0, -0.1], [0.0, -2.0, -0.5, -1.0]]
    texts = ["Where do I live?", "What can you do?"]
    for row, text, found in zip(evidence, texts, opening.probable(torch.tensor(evidence), texts), strict=True):
        total = sum(weight * one for weight, one in zip(weights, (*row, *wording(text)), strict=True))
        assert found.item() == pytest.approx(1 / (1 + np.exp(-total)), abs=1e-6)
    path = tmp_path / "gate.json"
    path.write_bytes(opening.pack())
    assert open_opening("reader/1", path) == opening
    assert open_opening("reader/2", path) is None
    assert open_opening("reader/1", tmp_path / "none.json") is None
    path.write_text('{"reader": "reader/1", "weights": {}}')
    with pytest.raises(ImprintError, match="no weights of a gate"):
        open_opening("reader/1", path)
    assert len(NAMES) == len(weights)


def test_the_curves_become_a_picture() -> None:
    data: dict[str, Any] = result(8, ["lpm"], benchmark="gate", options={})
    scores = {"told_blocked": 0.1, "general_opened": 0.01, "never_told_opened": 0.2, "quiet_opened": 0.0}
    shares = {name: {"mean": mean, "low": None, "high": None, "n": 9} for name, mean in scores.items()}
    data["arms"] = {name: {**data["arms"]["lpm"], "scores": shares} for name in ("lpm", "lpm_chosen")}
    curve = [[0.0, 0.0], [0.1, 0.8], [1.0, 1.0]]
    data["roc"] = {"lpm": {"general": curve, "quiet": curve, "never_told": curve}}
    (plot,) = make_plots({"gate": Result("gate", data)})
    assert plot.name == "gate-roc"
    assert plot.data["points"]["chosen"][0] == 0.9
    assert render(plot) == render(Plot(plot.name, plot.data))


def test_the_command_measures_a_user_and_refuses_what_it_can_not_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPRINT_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    (home / "config.toml").write_text('encoder = "hashing"\n')
    messages = tmp_path / "general.jsonl"
    messages.write_text("".join(json.dumps({"text": text}) + "\n" for text in MESSAGES))
    line = ["eval", "gate", "--data", str(ROOT / "data/talk"), "--general", str(messages)]
    small = ["--set", "users=1", "--set", "facts=3", "--set", "changed=0", "--out", "gate.json"]
    done = imprint(*line, *small, "--json")
    assert done.code == 0, done.err
    assert set(json.loads(done.out)["arms"]) == {"lpm", "lpm_chosen", "lpm_no_wording", "lpm_no_wording_chosen"}
    found = read_result(Path("gate.json"))
    assert found.data["kinds"][TOLD] == 9
    assert set(found.data["roc"]["lpm"]) == {"general", "never_told", "quiet"}
    assert "general.jsonl" in found.data["data"]
    refused(imprint(*line, *small), "exists already")
    refused(imprint(*line), "no result file")
    refused(imprint(*line, "--out", "b.json", "--seeds", "0,1"), "one seed")
    refused(imprint(*line, "--out", "b.json", "--set", "part=train"), "part")
    refused(imprint(*line, "--out", "b.json", "--set", "users=0"), "users and facts")
    messages.write_text("nothing\n")
    refused(imprint(*line, "--out", "b.json"), "line 1 is no JSON object")
