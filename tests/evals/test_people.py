"""Made-up users: every question has one right answer, which the user told, and nobody is anybody else."""

import itertools
import re
from collections import Counter
from functools import cache

import pytest

from imprint.evals.items import Item, Person
from imprint.evals.match import stands_in
from imprint.evals.people import make_people
from imprint.evals.people.forms import article, bare, follow, forms
from imprint.evals.people.kinds import Topic, kinds
from imprint.evals.people.vocabulary import PARTS, Part

TOLD = ("fact", "preference", "changed")
SIZES = [(8, 12), (32, 8), (128, 3), (256, 2)]
"""Facts and users."""


@cache
def crowd(facts: int, users: int, part: Part = "test") -> tuple[Person, ...]:
    return tuple(person for seed in (0, 1, 2) for person in make_people(seed, users, facts, part))


def everyone(part: Part = "test") -> list[tuple[int, Person]]:
    return [(facts, person) for facts, users in SIZES for person in crowd(facts, users, part)]


def told(person: Person) -> list[Item]:
    return [item for item in person.items if item.kind in TOLD]


def value(option: str) -> str:
    return option.removesuffix(".")


def test_the_same_seed_makes_the_same_people() -> None:
    assert make_people(3, 2, 16) == make_people(3, 2, 16)
    assert make_people(3, 2, 16) != make_people(4, 2, 16)


@pytest.mark.parametrize("facts", [0, 257])
def test_too_few_or_too_many_facts_are_refused(facts: int) -> None:
    with pytest.raises(ValueError, match=f"facts is {facts}, expected 1 to 256"):
        make_people(0, 1, facts)


@pytest.mark.parametrize("part", PARTS)
def test_every_fact_is_asked_for_once_and_one_in_eight_changes(part: Part) -> None:
    for facts, person in everyone(part):
        counts = Counter(item.kind for item in person.items)
        assert sum(counts[kind] for kind in TOLD) == facts
        assert counts["changed"] == max(1, facts // 8)
        assert counts["never_told"] == min(16, max(4, facts // 4))
        assert counts["irrelevant"] == min(8, max(4, facts // 8))
        sorts = Counter(sort_of(item) for item in told(person))
        assert sorts == {"fact": facts - facts // 2, "preference": facts // 2}


def sort_of(item: Item) -> str:
    return next(kind.sort for kind in kinds() if kind.name == item.id.split("/")[0])


def test_one_fact_is_enough() -> None:
    person = make_people(0, 1, 1)[0]
    assert [item.kind for item in told(person)] == ["changed"]


def test_the_evidence_tells_the_answer() -> None:
    for _, person in everyone():
        turns = {turn.id: turn for turn in person.turns}
        for item in told(person):
            (told_in,) = item.evidence
            assert turns[told_in].role == "user"
            assert stands_in((item.answer, *item.accept[:1]), turns[told_in].text), item


def test_a_change_comes_after_the_old_value() -> None:
    for _, person in everyone():
        order = {turn.id: place for place, turn in enumerate(person.turns)}
        for item in person.items:
            if item.kind == "changed":
                place = order[item.evidence[0]]
                earlier = [turn.text for turn in person.turns[:place] if turn.role == "user"]
                assert any(stands_in(item.avoid[:1], text) for text in earlier), item
                assert stands_in(item.avoid, person.turns[place].text), "the change names what it replaces"
                later = [turn.text for turn in person.turns[place + 1 :] if turn.role == "user"]
                assert not any(stands_in(item.avoid[:1], text) and item.answer in text for text in later)


@pytest.mark.parametrize("part", PARTS)
def test_no_answer_stands_in_its_question(part: Part) -> None:
    for _, person in everyone(part):
        for item in told(person):
            assert not stands_in(item.accept, item.question), item


@pytest.mark.parametrize("part", PARTS)
def test_no_two_questions_of_a_person_are_alike(part: Part) -> None:
    for _, person in everyone(part):
        questions = [item.question.lower() for item in person.items]
        assert len(set(questions)) == len(questions)
        assert len({item.id for item in person.items}) == len(person.items)


def test_the_distractor_is_of_the_same_kind_and_wrong() -> None:
    for _, person in everyone():
        answers = {item.answer.casefold() for item in told(person)}
        for item in told(person):
            right, wrong = item.options[item.right], item.options[1 - item.right]
            assert value(right).casefold() == item.answer.casefold()
            assert right[0] == right[0].upper()
            assert right.endswith(".")
            assert not stands_in(item.accept, wrong), item
            assert not stands_in((value(wrong),), item.answer), item
            if item.kind == "changed":
                assert value(wrong).casefold() == item.avoid[0].casefold()
            else:
                assert value(wrong).casefold() not in answers


def test_the_order_of_the_options_is_even() -> None:
    firsts = Counter(item.right for _, person in everyone() for item in told(person))
    assert abs(firsts[0] - firsts[1]) < 0.1 * sum(firsts.values())


def test_no_person_has_one_value_twice() -> None:
    for _, person in everyone():
        answers = [item.answer.casefold() for item in told(person)]
        answers += [item.avoid[0].casefold() for item in told(person) if item.avoid]
        assert len(set(answers)) == len(answers)


def test_never_told_is_of_kinds_nothing_is_told_of() -> None:
    for facts, person in everyone():
        kinds_told = {item.id.split("/")[0] for item in told(person)}
        silent = [item for item in person.items if item.kind == "never_told"]
        near = {name for kind in kinds() for name in kind.near if kind.name in {i.id for i in silent}}
        assert not near & kinds_told
        if facts <= 128:
            assert not kinds_told & {item.id.split("/")[0] for item in silent}
        assert not {item.id for item in silent} & {item.id for item in told(person)}
        assert all(not item.answer and not item.options and not item.evidence for item in silent)


def test_never_told_knows_all_values_that_would_leak() -> None:
    person = make_people(0, 1, 8)[0]
    silent = next(item for item in person.items if item.kind == "never_told")
    values = {re.sub(r"^(a|an|[Tt]he|some) ", "", item.answer) for item in told(person)}
    values |= {re.sub(r"^(a|an|[Tt]he|some) ", "", item.avoid[0]) for item in told(person) if item.avoid}
    assert {text for text in values if not stands_in((text,), silent.question)} <= set(silent.avoid)


def test_irrelevant_questions_name_nothing_that_was_told() -> None:
    for _, person in everyone():
        asked = [item.question for item in person.items if item.kind == "irrelevant"]
        assert not any(stands_in(item.accept, question) for item in told(person) for question in asked)


def test_no_two_people_are_alike() -> None:
    for facts, users in SIZES:
        facts_of = [{(item.id, item.answer) for item in told(person)} for person in crowd(facts, users)]
        for one, other in itertools.combinations(facts_of, 2):
            assert len(one & other) <= facts // 4


def test_training_people_share_no_value_with_test_people() -> None:
    tests, trains = (
        {bare(v.lower()) for kind in kinds() for halves in kind.cases.values() for v in halves[half]} for half in (0, 1)
    )
    assert len(tests) > 1000
    assert not tests & trains
    seen, other = ({item.answer for _, person in everyone(part) for item in told(person)} for part in PARTS)
    assert not seen & other


def test_training_people_share_no_wording_with_test_people() -> None:
    for kind in kinds():
        assert not set(kind.told("test")) & set(kind.told("train"))
        assert not set(kind.changed("test")) & set(kind.changed("train"))
        assert not set(kind.asked("test")) & set(kind.asked("train"))
    questions = [
        {item.question.lower() for _, person in everyone(part) for item in person.items if item.kind != "never_told"}
        for part in PARTS
    ]
    assert not questions[0] & questions[1]


def test_there_are_many_kinds_with_many_wordings() -> None:
    assert sum(kind.sort == "fact" for kind in kinds()) >= 80
    assert len({kind.name for kind in kinds()}) == len(kinds())
    for kind in kinds():
        assert len(set(kind.tell)) == len(kind.tell) >= 6, kind.name
        assert len(set(kind.asked("test"))) >= 3, kind.name
        assert len(kind.change) != 1, kind.name
        assert set(kind.near) <= {other.name for other in kinds()}, kind.name


def test_every_form_tells_what_it_is_about_and_every_change_names_the_old_value() -> None:
    for kind in kinds():
        several = len(kind.cases) > 1 or kind.count > 0
        for form in (*kind.tell, *kind.change, *kind.ask):
            assert bool(re.search(r"\{(x|ax|p)\}", form)) == several, (kind.name, form)
        for form in (*kind.tell, *kind.change):
            assert re.search(r"\{[vVaA]\}", form), (kind.name, form)
        assert all(re.search(r"\{(o|O|ao)\}", form) for form in kind.change), kind.name


def test_every_form_can_be_filled_with_every_value() -> None:
    for kind in kinds():
        for halves, about in {halves: about for about, halves in kind.cases.items()}.items():
            topic = Topic(kind, about or "x", halves[0])
            for found in (*halves[0], *halves[1]):
                for form in (*kind.tell, *kind.change):
                    text = topic.fill(form, found, "old")
                    assert "{" not in text
                    assert "  " not in text
                    assert found.split("|")[0].lower() in text.lower()


def test_no_form_of_a_value_stands_in_another_value_of_its_vocabulary() -> None:
    done: set[tuple[str, ...]] = set()
    for kind in kinds():
        for halves in kind.cases.values():
            every = halves[0] + halves[1]
            if every in done:
                continue
            done.add(every)
            together = "\n".join(form for found in every for form in forms(found))
            for found in every:
                own = "\n".join(forms(found))
                for form in forms(found):
                    words = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", re.IGNORECASE)
                    assert len(words.findall(together)) == len(words.findall(own)), (kind.name, found, form)


def test_people_write_in_their_own_manner() -> None:
    texts = [turn.text for _, person in everyone() for turn in person.turns if turn.role == "user"]
    lower = sum(text == text.lower() for text in texts) / len(texts)
    assert 0.1 < lower < 0.6
    for _, person in everyone():
        roles = [turn.role for turn in person.turns]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert len({turn.id for turn in person.turns}) == len(roles)
        assert all(turn.text.strip() == turn.text and "{" not in turn.text for turn in person.turns)


def test_some_messages_tell_several_things() -> None:
    counts = Counter(item.evidence for _, person in everyone() for item in told(person))
    assert sum(count > 1 for count in counts.values()) > 0.05 * len(counts)


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("3 March", {"March 3", "3rd March", "3rd of March", "March 3rd", "Mar 3"}),
        ("11 May", {"11th of May", "May 11th"}),
        ("22 June", {"22nd June"}),
        ("7:40 pm", {"7:40", "7.40", "19:40", "7:40pm", "7:40 p.m"}),
        ("45 euros", {"45", "€45", "45 euro"}),
        ("1:52", {"1 hour 52", "1 hour and 52 minutes"}),
        ("4", {"four"}),
        ("the border collie", {"border collie", "border collies"}),
        ("comic books", {"comic book"}),
        ("raspberries", {"raspberry"}),
        ("model railway", {"model railways"}),
        ("e-books", {"ebooks", "e books"}),
        ("with oat milk", {"oat milk"}),
        ("A positive|A+", {"A+"}),
        ("black and white", {"black & white"}),
        ("Hartley's", {"Hartley’s"}),
    ],
)
def test_other_ways_to_write_a_value_count(given: str, accepted: set[str]) -> None:
    assert forms(given)[0] == given.split("|")[0]
    assert accepted <= set(forms(given))


def test_a_blood_type_is_not_cut_down_to_its_letter() -> None:
    assert not {"A", "A ", "positive"} & set(forms("A positive|A+"))


def test_articles_go_by_sound() -> None:
    values = ["nurse", "optician", "unicycle", "European", "undertaker", "iPhone"]
    found = ["a nurse", "an optician", "a unicycle", "a European", "an undertaker", "an iPhone"]
    assert [article(each) for each in values] == found


def test_what_follows_a_comma_loses_its_capital_but_names_and_i_keep_it() -> None:
    assert follow("My job is {v}.") == "my job is {v}."
    assert follow("I'm {v}.") == "I'm {v}."
    assert follow("{V} is my vet.") == "{v} is my vet."
