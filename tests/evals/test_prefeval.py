"""PrefEval read from small made-up files in the published schema."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imprint.evals.items import Answers, Likelihood
from imprint.evals.judge import Judge
from imprint.evals.prefeval import PrefEval, PrefEvalOptions, parse_choice
from imprint.types import ImprintError
from tests.evals.prefeval_data import FILLER, TOPICS, bench, build, item, items, mcq, write
from tests.study.served import Endpoint, chat


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return build(tmp_path / "published" / "benchmark_dataset")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


def test_an_explicit_preference_is_one_user_turn(data: Path) -> None:
    people = bench().load(data, 0, 0).people
    assert len(people) == sum(TOPICS.values())
    for person in people:
        (asked,) = person.items
        topic, i = asked.kind, int(asked.id.removeprefix(f"{asked.kind}-"))
        assert [(turn.role, turn.text) for turn in person.turns] == [("user", f"I dislike kind {i} in {topic}.")]
        assert {turn.user for turn in person.turns} == {person.user}
        assert asked.evidence == (person.turns[0].id,)
        assert asked.question == f"What should I buy, round {i} of {topic}?"
        assert asked.preference == person.turns[0].text
        assert asked.before == ()
    assert len({person.user for person in people}) == len(people)


def test_a_choice_is_told_in_four_turns(data: Path) -> None:
    person = bench(form="choice", topics=("home_pets",)).load(data, 0, 1).people[0]
    end = person.items[0].id.replace("home_pets-", "") + " of home_pets"
    assert [(turn.role, turn.text) for turn in person.turns] == [
        ("user", f"query {end}"),
        ("assistant", f"assistant_options {end}"),
        ("user", f"user_selection {end}"),
        ("assistant", f"assistant_acknowledgment {end}"),
    ]
    assert person.items[0].evidence == (person.turns[0].id, person.turns[2].id)


def test_a_personas_turns_are_told_by_number(data: Path) -> None:
    person = bench(form="persona", topics=("home_pets",)).load(data, 0, 1).people[0]
    i = person.items[0].id.removeprefix("home_pets-")
    expected = [text for n in range(12) for text in (f"said {n}, {i}", f"heard {n}, {i}")]
    assert [turn.text for turn in person.turns] == expected
    assert person.items[0].evidence == tuple(turn.id for turn in person.turns[::2])
    assert {turn.role for turn in person.turns[::2]} == {"user"}
    assert {turn.role for turn in person.turns[1::2]} == {"assistant"}


def test_the_right_option_is_the_files_first_at_any_place(data: Path) -> None:
    write_many(data, 200)
    asked = items(data)
    for each in asked:
        i = each.id.removeprefix(f"{each.kind}-")
        assert each.options[each.right] == f"Right {i} {each.kind}"
        assert set(each.options) == {f"Right {i} {each.kind}", f"Wrong {i}", f"Worse {i}", f"Worst {i}"}
    places = Counter(each.right for each in asked)
    assert all(20 <= places[place] <= 80 for place in range(4))


def write_many(data: Path, count: int) -> None:
    for topic in TOPICS:
        for where in ("explicit_preference", "mcq_options"):
            (data / where / f"{topic}.json").unlink()
    write(data / "explicit_preference" / "home_pets.json", [item("home_pets", i) for i in range(count)])
    write(data / "mcq_options" / "home_pets.json", [mcq("home_pets", i) for i in range(count)])


def test_an_items_order_stays_over_seeds_forms_and_limits(data: Path) -> None:
    orders = {each.id: each.options for each in items(data)}
    for others in (items(data, 7), items(data, 1, 4), items(data, 2, form="persona"), items(data, per_user=3)):
        assert all(orders[each.id] == each.options for each in others)


def test_letters_list_the_options_in_their_order(data: Path) -> None:
    (each,) = items(data, limit=1)
    (prompt,) = each.lettered
    listed = "\n".join(f"{mark}. {option}" for mark, option in zip("ABCD", each.options, strict=True))
    assert prompt.text.startswith(f"{each.question}\n\n{listed}\n\n")
    assert (prompt.letters, prompt.order) == (("A", "B", "C", "D"), (0, 1, 2, 3))
    assert items(data, limit=1, letters=False)[0].lettered == ()


def test_rotation_puts_the_right_option_at_each_place_once(data: Path) -> None:
    (each,) = items(data, limit=1, rotate=True)
    assert each.lettered[0].order == (0, 1, 2, 3)
    assert sorted(prompt.order.index(each.right) for prompt in each.lettered) == [0, 1, 2, 3]
    for prompt in each.lettered:
        mark = "ABCD"[prompt.order.index(each.right)]
        assert f"\n{mark}. {each.options[each.right]}\n" in prompt.text


@pytest.mark.parametrize(("pairs", "last"), [(1, "About five metres."), (2, "About two."), (3, "La la.")])
def test_filler_turns_come_in_pairs_in_the_files_order(data: Path, pairs: int, last: str) -> None:
    every = [text for talk in FILLER for text in talk]
    for each in items(data, distractors=pairs):
        assert each.before == tuple((("user", "assistant")[i % 2], every[i]) for i in range(2 * pairs))
        assert each.before[-1] == ("assistant", last)


def test_more_filler_than_there_is_is_an_error(data: Path) -> None:
    with pytest.raises(ImprintError, match=r"filtered_inter_turns.json: holds 3 pairs .* 4 are asked for"):
        items(data, distractors=4)


def test_a_user_tells_preferences_of_different_topics(data: Path) -> None:
    people = bench(per_user=3).load(data, 0, 0).people
    assert [len(person.items) for person in people] == [3] * 5 + [2, 1]
    for person in people:
        assert len({each.kind for each in person.items}) == len(person.items)
        told = {turn.id: turn.text for turn in person.turns}
        assert len(told) == len(person.items)
        assert [told[each.evidence[0]] for each in person.items] == [each.preference for each in person.items]
    assert len({each.id for person in people for each in person.items}) == sum(TOPICS.values())
    assert len({turn.id for person in people for turn in person.turns}) == sum(TOPICS.values())


def test_pairs_of_topics_leave_nobody_short(data: Path) -> None:
    people = bench(per_user=2).load(data, 0, 0).people
    assert [len(person.items) for person in people] == [2] * 9


def test_more_preferences_than_topics_are_an_error(data: Path) -> None:
    with pytest.raises(ImprintError, match="per_user is 4, but there are 3 topics"):
        items(data, per_user=4)


@pytest.mark.parametrize(("limit", "counts"), [(1, [1]), (3, [1, 1, 1]), (7, [2, 2, 3]), (17, [5, 6, 6])])
def test_a_limit_is_spread_over_the_topics(data: Path, limit: int, counts: list[int]) -> None:
    for seed in range(5):
        assert sorted(Counter(each.kind for each in items(data, seed, limit)).values()) == counts


def test_no_limit_and_a_large_one_ask_every_item(data: Path) -> None:
    expected = {f"{topic}-{i}" for topic, count in TOPICS.items() for i in range(count)}
    for limit in (0, 18, 1000):
        asked = [each.id for each in items(data, 3, limit)]
        assert sorted(asked) == sorted(expected)


def test_the_seed_draws_the_items_and_the_same_seed_the_same(data: Path) -> None:
    assert bench(per_user=2).load(data, 5, 6) == bench(per_user=2).load(data, 5, 6)
    groups = {tuple(sorted(i.id for i in bench(per_user=2).load(data, s, 0).people[0].items)) for s in range(8)}
    assert len(groups) > 4
    drawn = {tuple(sorted(each.id for each in items(data, seed, 6))) for seed in range(8)}
    assert len(drawn) > 4


def test_chosen_topics_alone_are_read(data: Path) -> None:
    loaded = bench(topics=("home_pets", "garden_tools"), distractors=1).load(data, 0, 0)
    assert {each.kind for person in loaded.people for each in person.items} == {"home_pets", "garden_tools"}
    names = [path.relative_to(data).as_posix() for path in loaded.files]
    assert sorted(names) == [
        "explicit_preference/garden_tools.json",
        "explicit_preference/home_pets.json",
        "filtered_inter_turns.json",
        "mcq_options/garden_tools.json",
        "mcq_options/home_pets.json",
    ]
    with pytest.raises(ImprintError, match="no topic 'travel_hotel'. Topics: garden_tools, home_pets, office_snacks"):
        items(data, topics=("travel_hotel",))


def test_the_note_says_what_differs_from_the_published_protocol(data: Path) -> None:
    plain = bench().load(data, 0, 1).note
    assert "user's turn alone" in plain
    assert "3 of 20 published topics" in plain
    more = bench(form="choice", per_user=2, distractors=3, generate=True).load(data, 0, 1).note
    assert "user's turn alone" not in more
    assert "2 preferences" in more
    assert "3 pairs" in more
    assert "our own words" in more


def test_a_generated_reply_scores_its_length_alone(data: Path) -> None:
    (each,) = items(data, limit=1, generate=True)
    assert each.new_tokens == 300
    assert (each.ask, items(data, limit=1)[0].new_tokens) == ("", 0)
    assert bench(generate=True).score(each, Answers("Take the blue one"), Answers()) == {"reply_words": 4.0}


def test_a_judge_reads_question_preference_and_reply_and_its_verdict_is_scored(data: Path, endpoint: Endpoint) -> None:
    endpoint.replies = [chat("no"), chat("yes"), chat("yes")]
    free = bench(generate=True)
    (each,) = items(data, limit=1, generate=True)
    found = free.judged(each, Answers("Take the blue one"), Judge(endpoint.url, "m"))
    for text in (each.question, each.preference, "Take the blue one"):
        assert text in endpoint.asked[0]["messages"][1]["content"]
    scores = free.score(each, Answers("Take the blue one", measured=found), Answers())
    assert (scores["reply_words"], scores["unaware"], scores["accuracy"]) == (4.0, 1.0, 0.0)
    assert bench().judged(each, Answers("x"), Judge(endpoint.url, "m")) is None


def test_a_generated_letter_is_read_from_its_tag(data: Path) -> None:
    picks = bench(choose=True)
    (each,) = items(data, limit=1, choose=True)
    listed = "\n".join(f"{mark}. {option}" for mark, option in zip("ABCD", each.options, strict=True))
    assert each.ask.startswith(f"{each.question}\n\n{listed}\n\n")
    assert "<choice>" in each.ask
    assert each.new_tokens == 16
    right, wrong = "ABCD"[each.right], "ABCD"[each.right - 1]
    replies = [f"<choice>{right}</choice>", f"<choice>{wrong}</choice>", right]
    assert [picks.score(each, Answers(reply), Answers()) for reply in replies] == [
        {"extracted": 1.0},
        {"extracted": 0.0},
        {"extracted": 0.0},
    ]


def test_options_and_letters_score_by_hand(data: Path) -> None:
    asked = replace(items(data, limit=1, rotate=True)[0], right=2, options=("a", "bbbb", "cc", "d"))
    options = (Likelihood(-8.0, 8), Likelihood(-9.0, 2), Likelihood(-4.2, 6), Likelihood(-4.0, 1))
    bare = (Likelihood(-8.0, 8), Likelihood(-8.0, 2), Likelihood(-6.0, 6), Likelihood(-5.0, 1))
    # Always the first letter: right in the given order only where option 0 is.
    letters = ((-1.0, -2.0, -2.0, -2.0),) * 4
    scores = bench().score(asked, Answers("", options, letters), Answers("", bare, letters))
    # joint picks d (-4.0), normalised c (-0.7 a token), pmi c (+1.8).
    assert scores == {
        "joint": 0.0,
        "normalised": 1.0,
        "pmi": 1.0,
        "longest": 0.0,
        "letter": 0.0,
        "letter_permuted": 0.0,
        "letter_first": 1.0,
    }


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("<choice>B</choice>", "B"),
        ("<choice> C", "C"),
        ("<Choice>[D]</Choice>", "D"),
        ("I would say\n<choice>\nA\n</choice> because", "A"),
        ("<choice>A</choice><choice>B</choice>", "A"),
        ("<choice>(B) or C</choice>", "B"),
        ("<choice></choice>B", None),
        ("<choice>b</choice>", None),
        ("<choices>B</choices>", None),
        ("<choice>E</choice>", None),
        ("B</choice>", None),
        ("B", None),
        ("", None),
    ],
)
def test_a_generated_choice_is_parsed_as_published(text: str, letter: str | None) -> None:
    assert parse_choice(text) == letter


@pytest.mark.parametrize(
    "options",
    [
        {"distractors": -1},
        {"per_user": 0},
        {"topics": ("a", "a")},
        {"letters": False, "rotate": True},
        {"generate": True, "choose": True},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="distractors|per_user|topics|rotate|choose"):
        PrefEvalOptions(**options)


def test_data_may_not_be_passed_on() -> None:
    assert (PrefEval.name, PrefEval.headline, PrefEval.licence) == ("prefeval", "normalised", "CC BY-NC 4.0")
