"""LoCoMo: one sample, one speaker, sessions by number; questions never enter."""

import copy
from pathlib import Path
from typing import Any

import pytest

from imprint.data import read_conversation
from imprint.types import ImprintError

PUBLISHED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "locomo" / "locomo_dev.json"


def sample(name: str) -> dict[str, Any]:
    def turn(speaker: str, text: str, **extra) -> dict[str, Any]:
        return {"speaker": speaker, "dia_id": "D1:1", "text": text, **extra}

    talk = {
        "speaker_a": "Imre",
        "speaker_b": "Noor",
        "session_10": [turn("Imre", "The kiln arrived.")],
        "session_10_date_time": "12:03 am on 2 January, 2025",
        "session_2": [turn("Noor", "Look at this!", blip_caption="a green canoe"), turn("Imre", "Lovely.")],
        "session_2_date_time": "12:30 pm on 9 November, 2024",
        "session_1": [turn("Imre", "I started pottery."), turn("Noor", "  ")],
        "session_1_date_time": "9:05 am on 14 June, 2024",
        "session_11_date_time": "9:05 am on 3 March, 2025",
        "session_12": None,
    }
    return {"sample_id": name, "conversation": talk, "qa": [{"question": "What arrived?", "answer": 2}]}


def failure(path: Path, **options) -> str:
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(path, "mara", **options))
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("fmt", ["auto", "locomo"])
def test_sessions_come_by_number_with_times_and_captions(write, fmt):
    path = write("talks.json", [sample("talk-1"), sample("talk-2")])
    turns = list(read_conversation(path, "mara", fmt=fmt, sample="talk-2", speaker="imre"))
    assert [(turn.role, turn.text, turn.time) for turn in turns] == [
        ("user", "I started pottery.", "2024-06-14T09:05:00Z"),
        ("assistant", "Look at this! [shares a photo: a green canoe]", "2024-11-09T12:30:00Z"),
        ("user", "Lovely.", "2024-11-09T12:30:00Z"),
        ("user", "The kiln arrived.", "2025-01-02T00:03:00Z"),
    ]
    assert {turn.source for turn in turns} == {"talk-2"}


def test_the_only_sample_needs_no_choice_and_the_other_speaker_swaps_the_roles(write):
    turns = list(read_conversation(write("a.json", [sample("talk-1")]), "mara", speaker="Noor"))
    assert [turn.role for turn in turns] == ["assistant", "user", "assistant", "assistant"]


def test_a_session_without_a_date_has_no_time(write):
    talk = sample("talk-1")
    del talk["conversation"]["session_1_date_time"]
    turns = list(read_conversation(write("a.json", [talk]), "mara", speaker="Noor"))
    assert [turn.time for turn in turns][:2] == ["", "2024-11-09T12:30:00Z"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"speaker": "Imre"}, "holds 2 samples: talk-1, talk-2. Choose one with --sample"),
        (
            {"speaker": "Imre", "sample": "talk-3"},
            "the sample asked for occurs 0 times; samples: talk-1, talk-2. Choose another with --sample",
        ),
        (
            {"sample": "talk-1"},
            "two people talk in it; speakers: Imre, Noor. Say whose memory it is with --speaker",
        ),
        (
            {"sample": "talk-1", "speaker": "Ada"},
            "the speaker asked for is not in it; speakers: Imre, Noor. Say whose memory it is with --speaker",
        ),
    ],
)
def test_a_choice_that_is_missing_or_unknown_lists_what_there_is(write, options, problem):
    assert failure(write("talks.json", [sample("talk-1"), sample("talk-2")]), **options) == problem


def test_a_long_or_odd_list_of_samples_stays_one_short_line(write):
    names = ["line\nbreak \ud800", "x" * 50, *(f"talk-{i}" for i in range(20))]
    path = write("a.json", [sample(name) for name in names])
    shown = ["line?break ?", "x" * 40, *(f"talk-{i}" for i in range(18))]
    problem = f"holds 22 samples: {', '.join(shown)}, and 2 more. Choose one with --sample"
    assert failure(path, speaker="Imre") == problem


TALK = "[0].conversation"
DATE = 'expected a time such as "9:05 am on 14 June, 2024"'


@pytest.mark.parametrize(
    ("way", "value", "problem"),
    [
        (["sample_id"], 3, "[0].sample_id: expected a string"),
        (["conversation"], [], "[0].conversation: expected an object"),
        (["conversation", "speaker_b"], None, "[0].conversation.speaker_b: expected a string"),
        (["conversation", "session_2", 1], "x", f"{TALK}.session_2[1]: expected an object"),
        (["conversation", "session_2", 1, "text"], None, f"{TALK}.session_2[1].text: expected a string"),
        (
            ["conversation", "session_2", 1, "speaker"],
            "Ada",
            f"{TALK}.session_2[1].speaker: expected one of Imre, Noor",
        ),
        (
            ["conversation", "session_2", 0, "blip_caption"],
            1,
            f"{TALK}.session_2[0].blip_caption: expected a string",
        ),
        (["conversation", "session_2_date_time"], "yesterday", f"{TALK}.session_2_date_time: {DATE}"),
        (
            ["conversation", "session_2_date_time"],
            "1:00 pm on 31 June, 2024",
            f"{TALK}.session_2_date_time: {DATE}",
        ),
        (
            ["conversation", "session_2_date_time"],
            "13:00 pm on 3 June, 2024",
            f"{TALK}.session_2_date_time: {DATE}",
        ),
    ],
)
def test_wrong_shapes_name_the_place(write, way, value, problem):
    talk: Any = copy.deepcopy(sample("talk-1"))
    target = talk
    for key in way[:-1]:
        target = target[key]
    target[way[-1]] = value
    assert failure(write("a.json", [talk]), speaker="Imre") == problem


def test_a_speaker_without_a_turn_says_so(write):
    talk = sample("talk-1")
    talk["conversation"]["session_2"].pop(0)
    problem = "no message of that speaker in it. Check that it is the right file"
    assert failure(write("a.json", [talk]), speaker="Noor") == problem


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published file")
def test_the_published_conversation_has_its_published_number_of_turns():
    turns = list(read_conversation(PUBLISHED, "mara", sample="conv-26", speaker="Caroline"))
    assert len(turns) == 419
    assert len({turn.id for turn in turns}) == 419
    assert [turn.time for turn in turns] == sorted(turn.time for turn in turns)
