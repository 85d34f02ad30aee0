"""The judge's verdicts by hand, and its checks over a real HTTP server."""

import json
from collections.abc import Iterator

import pytest

from imprint.evals.judge import Judge, read_yes, verdict
from imprint.types import ImprintError
from tests.study.served import Endpoint, chat

QUESTION = "Where could I eat on Saturday?"
PREFERENCE = "I never eat out where there is loud music."
REPLY = "Try the Blue Lantern, they have a band every night."

# acknowledge, hallucinate, violate, helpful -> the scores that are 1
TABLE = """
0 0 0 0 unhelpful
0 0 0 1 accuracy
0 0 1 0 unhelpful
0 0 1 1 unaware
0 1 0 0 unhelpful
0 1 0 1 accuracy
0 1 1 0 unhelpful
0 1 1 1 unaware
1 0 0 0 unhelpful
1 0 0 1 accuracy
1 0 1 0 inconsistent unhelpful
1 0 1 1 inconsistent
1 1 0 0 unhelpful
1 1 0 1 accuracy
1 1 1 0 hallucination unhelpful
1 1 1 1 hallucination
"""
NAMES = ["unaware", "hallucination", "inconsistent", "unhelpful", "accuracy"]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_a_verdict_follows_the_truth_table(row: str) -> None:
    words = row.split()
    scores = verdict(*(word == "1" for word in words[:4]))
    assert scores == {name: float(name in words[4:]) for name in NAMES}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("yes", True),
        ("No.", False),
        ("**Yes**, it recommends a loud place.", True),
        ("No, and yes would be too generous.", False),
        ("It goes against it: yes.", True),
        ("I find that it does not help, no", False),
        ("<think>no, or is it yes?</think>\nYES", True),
        ("<think>yes, yes, but then I", None),
        ("It is yes in part and no in part.", None),
        ("Nobody knows, yesterday even less.", None),
        ("", None),
    ],
)
def test_a_judges_word_is_read(said: str, answer: bool | None) -> None:
    assert read_yes(said) is answer


def judged(endpoint: Endpoint) -> dict[str, float]:
    """The verdict on REPLY, which the judge did give."""
    scores = Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, REPLY)
    assert scores.pop("unjudged") == 0
    return scores


def test_the_four_checks_are_asked_in_order_at_temperature_0(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("Yes"), chat("No"), chat("Yes"), chat("Yes")]
    scores = Judge(endpoint.url, "m", "secret").check(QUESTION, PREFERENCE, REPLY)
    assert scores == {**verdict(True, False, True, True), "unjudged": 0.0}
    prompts = [asked["messages"][-1]["content"] for asked in endpoint.asked]
    for prompt, word in zip(prompts, ["mention a preference", "ascribe", "go against", "useful"], strict=True):
        assert word in prompt
        assert QUESTION in prompt
        assert REPLY in prompt
    assert [PREFERENCE in prompt for prompt in prompts] == [True, True, True, False]
    assert {(asked["path"], asked["model"], asked["temperature"]) for asked in endpoint.asked} == {
        ("/v1/chat/completions", "m", 0.0)
    }
    assert set(endpoint.keys) == {"Bearer secret"}


def test_each_check_reaches_its_place_in_the_verdict(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("Yes"), chat("Yes"), chat("No"), chat("Yes")]
    assert judged(endpoint) == verdict(True, True, False, True)
    endpoint.replies = [chat("Yes"), chat("No"), chat("No"), chat("No")]
    assert judged(endpoint) == verdict(True, False, False, False)


def test_a_preference_that_is_not_mentioned_cannot_be_misstated(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("No"), chat("Yes"), chat("Yes")]
    assert judged(endpoint) == verdict(False, False, True, True)
    assert len(endpoint.asked) == 3


def test_an_empty_reply_is_unhelpful_and_nothing_is_sent(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("Yes")]
    assert Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, " \n")["unhelpful"] == 1
    assert endpoint.asked == []


@pytest.mark.parametrize("place", range(4))
def test_a_check_answered_with_neither_leaves_the_reply_unjudged(endpoint: Endpoint, place: int) -> None:
    endpoint.replies = [chat("Perhaps." if i == place else "Yes") for i in range(4)]
    assert Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, REPLY) == {"unjudged": 1.0}


def test_a_busy_endpoint_is_tried_again(endpoint: Endpoint) -> None:
    endpoint.replies = [(429, "slow down"), (503, "busy"), chat("No")]
    waits: list[float] = []
    scores = Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, REPLY, wait=waits.append)
    assert waits == [1.0, 2.0]
    assert scores["unhelpful"] == 1


def test_a_refusal_and_an_absent_endpoint_are_errors(endpoint: Endpoint) -> None:
    endpoint.replies = [(401, "no")]
    with pytest.raises(ImprintError, match=r"judge at .* status 401.*API key"):
        Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, REPLY)
    with pytest.raises(ImprintError, match="cannot be reached.*evaluate without a judge"):
        Judge("http://127.0.0.1:9/v1", "m", attempts=1).check(QUESTION, PREFERENCE, REPLY)


def test_a_judge_checks_its_settings_and_hides_its_key() -> None:
    with pytest.raises(ImprintError, match="judge URL .* is no http address"):
        Judge("localhost:8000", "m")
    with pytest.raises(ImprintError, match="of the judge must be positive"):
        Judge("http://x", "m", timeout=0.0)
    assert "secret" not in repr(Judge("http://x", "m", "secret"))


def test_the_same_replies_give_the_same_requests(endpoint: Endpoint) -> None:
    endpoint.replies = [chat("Yes")]
    for _ in range(2):
        Judge(endpoint.url, "m").check(QUESTION, PREFERENCE, REPLY)
    assert json.dumps(endpoint.asked[:4]) == json.dumps(endpoint.asked[4:])
