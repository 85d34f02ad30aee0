"""Makes the users of `recall`: everything about one follows from the seed, the number of facts and the user's place."""

from random import Random

from imprint.data import turn_id
from imprint.evals.items import Item, Person
from imprint.evals.match import stands_in
from imprint.evals.people.choose import Choice, Draw, Told, choose
from imprint.evals.people.forms import bare, capital, forms
from imprint.evals.people.kinds import Topic
from imprint.evals.people.vocabulary import PARTS, Part, read
from imprint.evals.people.write import Message, Writer
from imprint.types import Role, Turn

MOST_FACTS = 256
"""The vocabularies are large enough for this many."""
NEW_TOKENS = 24
"""Longest reply that is generated."""


def make_people(seed: int, users: int, facts: int, part: Part = "test") -> tuple[Person, ...]:
    """`users` people who each tell `facts` facts and preferences, with their questions.

    part "train" makes users for what is learned from other people: they share no value, no way of telling and no
    wording of a question with those of part "test". facts: 1 to 256, else ValueError.
    """
    if not 1 <= facts <= MOST_FACTS:
        raise ValueError(f"facts is {facts}, expected 1 to {MOST_FACTS}")
    return tuple(_person(seed, number, facts, part) for number in range(users))


def _person(seed: int, number: int, facts: int, part: Part) -> Person:
    user = f"recall-{seed}-{number}" if part == "test" else f"recall-train-{seed}-{number}"
    draw = Draw(Random(f"{user}-{facts}"))
    choice = choose(draw, facts, part)
    messages = Writer(draw.rng, part).conversation(choice.told)
    turns = tuple(_turn(user, place, message) for place, message in enumerate(messages))
    told_in = {topic: turn.id for message, turn in zip(messages, turns, strict=True) for topic in message.topics}
    items = [_told_item(draw, one, told_in[one.topic.id], part) for one in choice.told]
    items += _never_told(draw, choice, min(16, max(4, facts // 4)), part)
    items += _irrelevant(draw, choice, min(8, max(4, facts // 8)), part)
    draw.rng.shuffle(items)
    return Person(user, turns, tuple(items))


def _turn(user: str, place: int, message: Message) -> Turn:
    role: Role = "user" if message.role == "user" else "assistant"
    return Turn(turn_id(user, place, role, message.text, ""), user, role, message.text, "", user)


def _told_item(draw: Draw, one: Told, turn: str, part: Part) -> Item:
    """The distractor of a changed fact is its old value, of others one that this user never told."""
    rng = draw.rng
    kind = "changed" if one.old else one.topic.kind.sort
    wrong = one.old or rng.choice(draw.free(one.topic.values))
    texts = [_reply(one.value), _reply(wrong)]
    right = rng.randrange(2)
    return Item(
        id=one.topic.id,
        question=_question(rng, one.topic, part),
        kind=kind,
        answer=one.value.split("|")[0],
        accept=forms(one.value),
        new_tokens=NEW_TOKENS,
        options=tuple(texts if right == 0 else texts[::-1]),
        right=right,
        evidence=(turn,),
        avoid=forms(one.old) if one.old else (),
    )


def _never_told(draw: Draw, choice: Choice, count: int, part: Part) -> list[Item]:
    """Questions that only something never told would answer; any value that was told is a leak."""
    values = _values(choice)
    found = []
    for topic in choice.untold[:count]:
        question = _question(draw.rng, topic, part)
        # A reply may repeat the question.
        avoid = tuple(value for value in values if value.lower() not in question.lower())
        found.append(Item(topic.id, question, "never_told", new_tokens=NEW_TOKENS, avoid=avoid))
    return found


def _irrelevant(draw: Draw, choice: Choice, count: int, part: Part) -> list[Item]:
    """General questions that name nothing this user told."""
    every = list(enumerate(read("talk.toml")["irrelevant"]))[PARTS.index(part) :: 2]
    values = _values(choice)
    every = [(number, text) for number, text in every if not stands_in(values, text)]
    return [
        Item(f"irrelevant/{number}", text, "irrelevant", new_tokens=NEW_TOKENS)
        for number, text in draw.rng.sample(every, count)
    ]


def _values(choice: Choice) -> tuple[str, ...]:
    """Every value the user told, old ones too, without their articles."""
    told = [value for one in choice.told for value in (one.value, one.old) if value]
    return tuple(dict.fromkeys(bare(name) for value in told for name in value.split("|")))


def _question(rng: Random, topic: Topic, part: Part) -> str:
    """One wording; one in five in lower case, as people type."""
    text = topic.fill(rng.choice(topic.kind.asked(part)))
    return text.lower() if rng.random() < 0.2 else text


def _reply(value: str) -> str:
    """`value` as the assistant's whole reply."""
    return f"{capital(value.split('|')[0])}."
