"""Multiple choice, worked by hand."""

from imprint.evals.choice import choice_scores, lettered, rotations
from imprint.evals.items import Answers, Item, Likelihood

OPTIONS = ("tea", "strong coffee", "milk")


def item(right: int, shown: int = 0) -> Item:
    prompts = lettered("What do I drink?", OPTIONS, rotations(3)[:shown], "One letter.")
    return Item("q", "What do I drink?", "x", options=OPTIONS, right=right, lettered=prompts)


def test_rotations_show_each_option_once_at_each_place():
    assert rotations(3) == ((0, 1, 2), (1, 2, 0), (2, 0, 1))


def test_a_lettered_question_lists_the_options_in_order():
    second = lettered("What do I drink?", OPTIONS, rotations(3), "One letter.")[1]
    assert second.text == "What do I drink?\n\nA. strong coffee\nB. milk\nC. tea\n\nOne letter."
    assert second.letters == ("A", "B", "C")
    assert second.order == (1, 2, 0)


def test_joint_normalised_and_pmi_can_choose_three_options():
    answers = Answers(options=(Likelihood(-2.0, 1), Likelihood(-4.0, 4), Likelihood(-3.0, 1)))
    bare = Answers(options=(Likelihood(-1.0, 1), Likelihood(-4.0, 4), Likelihood(-9.0, 1)))
    assert [choice_scores(item(right), answers, bare)["joint"] for right in range(3)] == [1, 0, 0]
    assert [choice_scores(item(right), answers, bare)["normalised"] for right in range(3)] == [0, 1, 0]
    assert [choice_scores(item(right), answers, bare)["pmi"] for right in range(3)] == [0, 0, 1]
    assert [choice_scores(item(right), answers, bare)["longest"] for right in range(3)] == [0, 1, 0]


def test_letters_are_read_in_the_order_shown():
    answers = Answers(letters=((-1.0, -2.0, -3.0), (-1.0, -2.0, -3.0), (-3.0, -2.0, -1.5)))
    # Shown tea coffee milk, then coffee milk tea, then milk tea coffee:
    # tea -1 -3 -2 = -6, coffee -2 -1 -1.5 = -4.5, milk -3 -2 -3 = -8.
    assert [choice_scores(item(right, 3), answers, Answers())["letter"] for right in range(3)] == [1, 0, 0]
    assert [choice_scores(item(right, 3), answers, Answers())["letter_permuted"] for right in range(3)] == [0, 1, 0]
    assert choice_scores(item(0, 3), answers, Answers())["letter_first"] == 2 / 3


def test_what_was_not_asked_has_no_score():
    assert choice_scores(item(0), Answers(), Answers()) == {}
    assert set(choice_scores(item(0, 1), Answers(letters=((-1.0, -2.0, -3.0),)), Answers())) == {"letter"}
