"""Changed minds: later facts supersede, lists grow, what is over goes."""

import pytest

from tests.study.told import facts_of, told

Key = tuple[str, str]

REPLACED: list[tuple[list[str], Key, str]] = [
    (["I live in Cork", "I live in Limerick these days"], ("home", ""), "Limerick"),
    (["I live in Leeds", "we moved to Whitby last year"], ("home", ""), "Whitby"),
    (["I work at Dunnes", "I left Dunnes, I'm at Tesco now"], ("employer", ""), "Tesco"),
    (["I get up at 6", "I've started getting up at 5:30"], ("wake_time", ""), "5:30"),
    (["my favourite food is sushi", "my favourite food is ramen now"], ("favourite", "food"), "ramen"),
    (["my name is Sam", "actually my name is Samuel"], ("name", ""), "Samuel"),
    (["I'm 29", "I turned 30 yesterday"], ("age", ""), "30"),
    (["I drive a Polo", "I traded my Polo in for a Yaris"], ("vehicle", ""), "Yaris"),
    (["I've got a Ford Focus", "sold the Focus and bought a Skoda"], ("vehicle", ""), "Skoda"),
    (["my phone is an iPhone 12", "I replaced my iPhone with a Pixel 8"], ("phone", ""), "Pixel 8"),
    (["I drink tea", "I switched from tea to coffee"], ("drink_habit", ""), "coffee"),
    (["I love coffee", "I've gone off coffee, it's tea now"], ("likes_drink", ""), "tea"),
    (["I love coffee", "I've gone off coffee, it's tea now"], ("dislikes_drink", ""), "coffee"),
    (["I'm learning Spanish", "I gave up Spanish, I'm learning Italian instead"], ("learning", ""), "Italian"),
    (["I'm vegetarian", "I'm not vegetarian any more"], ("diet", ""), "not vegetarian any more"),
    (["I prefer tea to coffee", "I prefer coffee to tea these days"], ("prefers", "coffee or tea"), "coffee"),
    (["I hate olives", "I used to hate olives but now I love them"], ("likes_food", ""), "olives"),
    (["my exam is on Tuesday", "my exam got moved to Thursday"], ("plan_event_time", "exam"), "Thursday"),
    (["flying to Lisbon in May", "we moved the trip to June"], ("plan_trip_time", ""), "June"),
    (["My sister Ana lives in Madrid", "Ana moved to Paris"], ("relative_home", "sister"), "Paris"),
    (["my wife's name is Jo", "We got divorced.", "I'm married to Kim"], ("partner", "partner"), "Kim"),
]

GONE: list[tuple[list[str], Key]] = [
    (["I love coffee", "I've gone off coffee, it's tea now"], ("likes_food", "")),
    (["I play football on Tuesdays", "I don't play football any more"], ("sport", "")),
    (["I play football on Tuesdays", "I don't play football any more"], ("weekly", "tuesday")),
    (["my girlfriend is called Aoife", "Aoife and I broke up"], ("partner", "girlfriend")),
    (["I have a dog called Max", "Max died in March"], ("pet_kind", "")),
    (["I'm allergic to cats", "turns out I'm not allergic to cats"], ("allergy", "")),
    (["I go to the gym every day", "I quit the gym"], ("habit", "gym")),
    (["I hate olives", "actually I quite like olives now"], ("dislikes_food", "")),
    (["I drive a Polo", "we got rid of the car"], ("vehicle", "")),
    (["I work at Dunnes", "I lost my job"], ("employer", "")),
    (["flying to Lisbon in May", "the trip is off"], ("plan_trip_time", "")),
    (["flying to Lisbon in May", "I'm going to Porto in the end, and to Spain later"], ("plan_trip_time", "")),
]


@pytest.mark.parametrize(("texts", "key", "value"), REPLACED)
def test_the_later_fact_stands(texts: list[str], key: Key, value: str) -> None:
    assert told(*texts[:1])
    assert told(*texts)[key] == value


@pytest.mark.parametrize(("texts", "key"), GONE)
def test_what_is_over_goes(texts: list[str], key: Key) -> None:
    assert key not in told(*texts)


def test_likes_of_one_category_become_one_fact() -> None:
    assert told("I love dosa", "I love ramen")[("likes_food", "")] == "dosa and ramen"


def test_a_long_list_keeps_the_latest_two() -> None:
    found = told(
        "I love old black and white films", "I love slow westerns at night", "I love very long nature documentaries"
    )
    assert found[("likes_film", "")] == "slow westerns and long nature documentaries"


def test_two_relatives_of_one_kind_are_both_kept() -> None:
    assert told("my sister Ines is here", "my sister Marta is a vet")[("relative", "sister")] == "Ines and Marta"


def test_telling_twice_changes_nothing() -> None:
    once, twice = facts_of("I live in Cork"), facts_of("I live in Cork", "I live in Cork")
    assert once == twice


def test_an_ended_habit_leaves_others_alone() -> None:
    found = told("I run every morning", "I play trumpet at weekends", "I stopped smoking")
    assert found[("habit", "running")] == "every morning"
    assert found[("about", "smoking")] == "you stopped smoking"


def test_facts_stand_in_the_order_of_telling() -> None:
    kinds = [fact.kind for fact in facts_of("I'm vegan", "I live in Cork", "I drive a Polo", "I live in Bath")]
    assert kinds == ["diet", "vehicle", "home"]
