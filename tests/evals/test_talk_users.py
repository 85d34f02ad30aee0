"""Users composed from the corpus: what holds for each of them, and what a part that is too small is told."""

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from imprint.data.talk import Label, Said, Talk, read_talk
from imprint.evals.match import stands_in
from imprint.evals.people.forms import forms
from imprint.evals.recall_file import NEVER_TOLD, TOLD, read_people
from imprint.evals.talk_users import GROWS, MANY, Telling, Wanted, alike, compose, confusable, replaces
from imprint.study.extractor.abouts import same_about, same_value
from imprint.study.rewrite import second_person
from imprint.types import ImprintError
from tests.cli.runs import imprint, refused

SHIPPED = Path(__file__).parents[2] / "data" / "talk"
USERS, FACTS, CHANGED, NEVER = 20, 14, 2, 6


@pytest.fixture(scope="module")
def talk() -> Talk:
    return read_talk(SHIPPED)


@pytest.fixture(scope="module")
def rows(talk: Talk) -> list[dict[str, Any]]:
    return compose(talk, "test", USERS, FACTS, CHANGED, 0)


@pytest.fixture(scope="module")
def by_text(talk: Talk) -> dict[str, Said]:
    found = {one.text: one for one in talk.part("test")}
    assert len(found) == len(talk.part("test"))
    return found


@pytest.fixture(scope="module")
def said(rows: list[dict[str, Any]], by_text: dict[str, Said]) -> list[list[Said]]:
    """The corpus's turns of each user, in order."""
    return [[by_text[turn["text"]] for turn in row["turns"] if turn["role"] == "user"] for row in rows]


def labels(turns: list[Said]) -> list[Label]:
    return [one.told for one in turns if one.told]


def values(label: Label) -> list[str]:
    return [value for value in (label.value, label.second) if value]


def topics(label: Label) -> set[tuple[str, str]]:
    kinds = ((label.kind, label.about), *label.also)
    return {(kind.replace("dislikes_", "likes_"), about) for kind, about in kinds}


def label_at(row: dict[str, Any], question: dict[str, Any], by_text: dict[str, Said]) -> Label:
    label = by_text[row["turns"][question["turn"]]["text"]].told
    assert label is not None
    return label


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_recall_reads_them_back(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    people = read_people(write(tmp_path / "users.jsonl", rows))
    assert [person.user for person in people] == [f"talk-test-0-{n}" for n in range(USERS)]
    for person, row in zip(people, rows, strict=True):
        assert [turn.text for turn in person.turns] == [turn["text"] for turn in row["turns"]]
        kinds = Counter(item.kind for item in person.items)
        assert kinds["changed"] == CHANGED
        assert kinds[NEVER_TOLD] == NEVER
        assert sum(kinds[kind] for kind in TOLD) == FACTS
        assert all(len(item.evidence) == (item.kind in TOLD) for item in person.items)


def test_each_tells_as_much_as_asked_among_as_much_that_tells_nothing(said: list[list[Said]]) -> None:
    for turns in said:
        assert len(labels(turns)) == FACTS + CHANGED
        assert len(turns) == 2 * (FACTS + CHANGED)
        assert len({one.id for one in turns}) == len(turns)
        assert sum(label.changes for label in labels(turns)) == CHANGED


def test_a_line_of_the_assistant_stands_before_its_turn_and_nowhere_else(
    rows: list[dict[str, Any]], by_text: dict[str, Said]
) -> None:
    for row in rows:
        expected = []
        for turn in row["turns"]:
            if turn["role"] == "user":
                before = by_text[turn["text"]].before
                expected += [before, turn["text"]] if before else [turn["text"]]
        assert [turn["text"] for turn in row["turns"]] == expected


def test_a_change_comes_later_than_what_it_changes(said: list[list[Said]]) -> None:
    for turns in said:
        for place, new in enumerate(turns):
            if new.told is None or not new.told.changes:
                continue
            before = [(n, one.told) for n, one in enumerate(turns) if one.told and one.told.kind == new.told.kind]
            olds = [(n, old) for n, old in before if n != place and same_about(old.about, new.told.about)]
            assert len(olds) == 1, new.id
            ((first, old),) = olds
            assert place - first > 3
            assert not old.changes
            assert not new.told.kind.startswith(MANY)
            assert new.told.kind not in GROWS
            for a in values(old):
                for b in values(new.told):
                    assert not stands_in((a,), b)
                    assert not stands_in((b,), a)


def test_no_two_users_change_the_same(rows: list[dict[str, Any]]) -> None:
    changed = [(q["answer"], q["distractor"]) for row in rows for q in row["questions"] if q["kind"] == "changed"]
    assert len(set(changed)) == len(changed) == USERS * CHANGED


def test_nothing_a_user_tells_can_be_taken_for_another(said: list[list[Said]]) -> None:
    for turns in said:
        for a, b in combinations(labels(turns), 2):
            assert not any(same_value(x, y) for x in values(a) for y in values(b))
            if a.changes != b.changes and a.kind == b.kind and same_about(a.about, b.about):
                continue  # a change and its old turn
            assert not topics(a) & topics(b)
            shared = {kind for kind, _ in topics(a)} & {kind for kind, _ in topics(b)}
            for kind in shared:
                abouts = [about for label in (a, b) for topic, about in topics(label) if topic == kind]
                assert all(abouts)
                assert not same_about(*abouts)


def test_few_turns_serve_two_users_and_most_of_a_user_is_one_voice(said: list[list[Said]]) -> None:
    used = Counter(one.id for turns in said for one in turns)
    assert len(used) >= 600
    singles = [{one.id for one in turns if one.told and not one.told.changes} for turns in said]
    told_by = Counter(turn for turns in singles for turn in turns)
    assert sum(count > 1 for count in told_by.values()) <= 10
    for turns in said:
        voices = Counter(one.voice for one in turns if one.told)
        assert voices.most_common(1)[0][1] >= FACTS - CHANGED


def test_what_was_told_is_asked_in_the_labels_words(rows: list[dict[str, Any]], by_text: dict[str, Said]) -> None:
    for row in rows:
        told = [label for turn in row["turns"] if turn["role"] == "user" for label in labels([by_text[turn["text"]]])]
        asked = [question for question in row["questions"] if question["kind"] in TOLD]
        assert len({question["turn"] for question in asked}) == FACTS
        for question in asked:
            label = label_at(row, question, by_text)
            assert question["question"] in label.questions
            assert question["answer"] == label.value
            said = [form for value in values(label) for form in (value, second_person(value))]
            assert question["accept"] == list(dict.fromkeys(form for one in said for form in (one, *forms(one))))
            wrong = question["distractor"]
            assert not any(stands_in((wrong,), v) or stands_in((v,), wrong) for v in values(label))
            assert wrong.casefold() not in {form.casefold() for form in question["accept"]}
            taste = label.kind.startswith(("likes_", "dislikes_")) or label.kind in ("prefers", "favourite")
            assert question["kind"] == ("changed" if label.changes else "preference" if taste else "fact")
            if label.changes:
                assert wrong in [old.value for old in told if old.kind == label.kind]
            else:
                assert not any(same_value(wrong, value) for other in told for value in values(other))


def test_a_distractor_is_of_the_kind_where_the_part_has_one(
    talk: Talk, rows: list[dict[str, Any]], by_text: dict[str, Said]
) -> None:
    kinds = Counter(label.kind for label in labels(talk.part("test")))
    kinds_of: dict[str, set[str]] = {}
    for label in labels(talk.part("test")):
        kinds_of.setdefault(label.value, set()).add(label.kind)
    asked = [(row, question) for row in rows for question in row["questions"] if question["kind"] in TOLD]
    found = [(label_at(*pair, by_text).kind, kinds_of[pair[1]["distractor"]]) for pair in asked]
    assert all(kind in others for kind, others in found if kinds[kind] > 4)
    assert sum(kind in others for kind, others in found) > 0.95 * len(found)


def test_what_was_never_told_is_of_kinds_the_user_left_out(
    talk: Talk, rows: list[dict[str, Any]], said: list[list[Said]]
) -> None:
    asking: dict[str, list[Label]] = {}
    for label in labels(talk.part("test")):
        for question in label.questions:
            asking.setdefault(question, []).append(label)
    for row, turns in zip(rows, said, strict=True):
        told = {kind for label in labels(turns) for kind, _ in topics(label)}
        asked = [question["question"] for question in row["questions"] if question["kind"] == NEVER_TOLD]
        assert len(set(asked)) == NEVER
        for question in asked:
            kinds = [{kind for kind, _ in topics(label)} for label in asking[question]]
            assert any(not found & told and "about" not in found for found in kinds), question
        firsts = {asking[question][0].kind for question in asked}
        assert len(firsts) == NEVER


def test_the_seed_decides(talk: Talk, rows: list[dict[str, Any]]) -> None:
    assert compose(talk, "test", USERS, FACTS, CHANGED, 0) == rows
    others = compose(talk, "test", USERS, FACTS, CHANGED, 1)
    assert [row["turns"] for row in others] != [row["turns"] for row in rows]


@pytest.mark.parametrize("part", ["dev", "train"])
def test_the_other_parts_give_users_of_their_own(talk: Talk, part: Any, tmp_path: Path) -> None:
    rows = compose(talk, part, 3, FACTS, CHANGED, 0, questions=3)
    assert len(read_people(write(tmp_path / "users.jsonl", rows))) == 3
    texts = {one.text for one in talk.part(part)}
    for row in rows:
        assert {turn["text"] for turn in row["turns"] if turn["role"] == "user"} <= texts
        asked = Counter(question["turn"] for question in row["questions"] if question["kind"] in TOLD)
        assert set(asked.values()) == {3}
        assert len({question["question"] for question in row["questions"]}) == len(row["questions"])


def test_the_smallest_user_still_changes_later(talk: Talk, tmp_path: Path) -> None:
    rows = compose(talk, "dev", 2, 1, 1, 0, never_told=0)
    assert all(len(person.items) == 1 for person in read_people(write(tmp_path / "users.jsonl", rows)))
    assert [sum(turn["role"] == "user" for turn in row["turns"]) for row in rows] == [5, 5]


def test_a_part_that_is_too_small_says_how_many_it_is_good_for(talk: Talk) -> None:
    with pytest.raises(ImprintError, match=r"has turns for (\d+) users .* not for 500") as refusal:
        compose(talk, "dev", 500, FACTS, CHANGED, 0)
    enough = int(str(refusal.value).split(" has turns for ")[1].split()[0])
    assert f"Ask for {enough} users or fewer" in str(refusal.value)
    assert len(compose(talk, "dev", enough, FACTS, CHANGED, 0)) == enough > 2


@pytest.mark.parametrize(
    "asked",
    [{"facts": 300}, {"facts": 120, "changed": 120}, {"never_told": 90}, {"facts": 300, "changed": 0, "never_told": 0}],
)
def test_more_of_each_than_a_part_has_is_refused(talk: Talk, asked: dict[str, int]) -> None:
    wanted = {"facts": FACTS, "changed": CHANGED, "never_told": NEVER} | asked
    with pytest.raises(ImprintError, match="the part dev has turns for 0 users .* Ask for fewer things told"):
        compose(talk, "dev", 2, seed=0, **wanted)


def test_an_empty_part_is_refused() -> None:
    with pytest.raises(ImprintError, match="has turns for 0 users"):
        compose(Talk((), {}, {"dev": (), "test": (), "unseen": ()}), "dev", 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [((0, 1, 0), "1 or more"), ((1, 0, 0), "1 or more"), ((1, 1, -1), "0 or more"), ((1, 2, 3), "more than the 2")],
)
def test_numbers_that_make_no_sense_are_refused(asked: tuple[int, int, int], words: str) -> None:
    with pytest.raises(ImprintError, match=words):
        Wanted("test", *asked, seed=0)


def telling(kind: str, value: str, about: str = "", polarity: int = 1, changes: bool = False) -> Telling:
    label = Label(kind, about, value, 0, polarity, changes, ("One?", "Two?", "Three?"), "Plan it.")
    return Telling.of(Said(f"{kind}-{value}", "v1", "explicit", "", value, label), label)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (telling("home", "Oban"), telling("origin", "near Oban"), True),
        (telling("home", "a barn"), telling("origin", "the Barn"), True),
        (telling("home", "Oban"), telling("home", "Tenby"), False),
        (telling("alcohol", "sober", polarity=-1), telling("alcohol", "none", polarity=-1), True),
        (telling("alcohol", "sober", polarity=-1), telling("alcohol", "a beer"), False),
        (telling("allergy", "nuts", polarity=-1), telling("allergy", "milk", polarity=-1), False),
    ],
)
def test_values_are_alike_where_they_can_not_be_told_apart(left: Telling, right: Telling, same: bool) -> None:
    assert alike(left, right) is alike(right, left) is same


@pytest.mark.parametrize(
    ("left", "right", "taken"),
    [
        (telling("likes_food", "cod"), telling("dislikes_food", "liver"), True),
        (telling("likes_food", "cod"), telling("likes_drink", "tea"), False),
        (telling("relative", "Jo", "mum"), telling("relative", "Al", "mother"), True),
        (telling("relative", "Jo", "mum"), telling("relative", "Al", "dad"), False),
        (telling("relative", "Jo", "mum"), telling("relative", "Al"), True),
    ],
)
def test_what_can_be_taken_for_another(left: Telling, right: Telling, taken: bool) -> None:
    assert confusable(left, right) is confusable(right, left) is taken


@pytest.mark.parametrize(
    ("old", "new", "ends"),
    [
        (telling("home", "Oban"), telling("home", "Tenby", changes=True), True),
        (telling("home", "Oban"), telling("home", "Tenby"), False),
        (telling("home", "Oban", changes=True), telling("home", "Tenby", changes=True), False),
        (telling("home", "Oban"), telling("origin", "Tenby", changes=True), False),
        (telling("pet_name", "Rex", "dog"), telling("pet_name", "Tom", "cat", changes=True), False),
        (telling("skill", "welding"), telling("skill", "baking", changes=True), False),
        (telling("age", "sixteen"), telling("age", "forty", changes=True), False),
    ],
)
def test_only_what_can_not_both_be_true_is_changed(old: Telling, new: Telling, ends: bool) -> None:
    assert replaces(new, old) is ends


def test_the_command_writes_them(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    out = tmp_path / "users.jsonl"
    out.write_text("what was there before")
    done = imprint("study", "compose", "--data", str(SHIPPED), "--out", str(out))
    assert (done.code, done.err) == (0, "")
    turns, asked = sum(len(row["turns"]) for row in rows), USERS * (FACTS + NEVER)
    assert done.out == f"20 users, {turns} turns, {asked} questions: {out}\n"
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == rows
    assert list(tmp_path.iterdir()) == [out]


def test_the_command_takes_every_option(tmp_path: Path) -> None:
    options = {"part": "dev", "users": 1, "facts": 5, "changed": 1, "questions": 2, "never-told": 3, "seed": 4}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    out = tmp_path / "users.jsonl"
    done = imprint("study", "compose", "--data", str(SHIPPED), "--out", str(out), "--json", *words)
    assert (done.code, done.err) == (0, "")
    (person,) = read_people(out)
    assert json.loads(done.out) == {"users": 1, "turns": len(person.turns), "questions": 13, "file": str(out)}
    assert person.user == "talk-dev-4-0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "--out"),
        ("--out users.jsonl --users 0", "--users"),
        ("--out users.jsonl --questions 4", "--questions"),
        ("--out users.jsonl --part unseen", "--part"),
        ("--out users.jsonl --changed 15", "changed is 15"),
        ("--out users.jsonl --users 9999", "Ask for"),
        ("--out no/such/users.jsonl", "no such file"),
        ("--out users.jsonl --data nowhere", "nowhere holds no corpus"),
    ],
)
def test_a_command_that_can_not_be_done_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    where = () if "--data" in words else ("--data", str(SHIPPED))
    refused(imprint("study", "compose", *where, *words.split()), said)
    assert list(tmp_path.iterdir()) == []
