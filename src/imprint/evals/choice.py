"""Multiple choice: by likelihood of the full options, by letter, and by letter over several orders (METHODS 6)."""

from collections.abc import Sequence

from imprint.evals.items import Answers, Item, Lettered, Scores


def rotations(count: int) -> tuple[tuple[int, ...], ...]:
    """Every cyclic order of `count` options, the given one first: each option stands once at each place."""
    return tuple(tuple((start + i) % count for i in range(count)) for start in range(count))


def lettered(
    question: str, options: Sequence[str], orders: Sequence[Sequence[int]], instruction: str, marks: str = "ABCD"
) -> tuple[Lettered, ...]:
    """The question with its options listed as "A. ...", then the instruction; one prompt an order."""
    prompts = []
    for order in orders:
        listed = "\n".join(f"{mark}. {options[i]}" for mark, i in zip(marks, order, strict=False))
        prompts.append(Lettered(f"{question}\n\n{listed}\n\n{instruction}", tuple(marks[: len(order)]), tuple(order)))
    return tuple(prompts)


def choice_scores(item: Item, answers: Answers, bare: Answers) -> Scores:
    """1 or 0 for each way to choose; a tie goes to the first and a way that was not asked is absent.

    joint: sum_j log p(o_j). normalised: the same per token. pmi: joint less that of the bare model. longest: the
    longest option in characters, which needs no model. letter: the order given. letter_permuted: mean log p of each
    option over all orders asked. letter_first: share of the orders in which the first place was picked (0.25 of
    four options without bias).
    """
    scores: Scores = {}
    if answers.options:
        joint = [option.total for option in answers.options]
        scores["joint"] = _hit(joint, item.right)
        scores["normalised"] = _hit([o.total / max(o.tokens, 1) for o in answers.options], item.right)
        pairs = zip(answers.options, bare.options, strict=True)
        scores["pmi"] = _hit([option.total - without.total for option, without in pairs], item.right)
        scores["longest"] = _hit([float(len(option)) for option in item.options], item.right)
    places = [_best(found) for found in answers.letters]
    if places:
        scores["letter"] = float(item.lettered[0].order[places[0]] == item.right)
    if len(places) > 1:
        total = [0.0] * len(item.lettered[0].order)
        for prompt, found in zip(item.lettered, answers.letters, strict=True):
            for place, value in zip(prompt.order, found, strict=True):
                total[place] += value
        scores["letter_permuted"] = _hit(total, item.right)
        scores["letter_first"] = sum(place == 0 for place in places) / len(places)
    return scores


def _best(values: Sequence[float]) -> int:
    return max(range(len(values)), key=lambda i: values[i])


def _hit(values: Sequence[float], right: int) -> float:
    return float(_best(values) == right)
