"""PersonaMem: history up to the end index, the published prompt, the published letter extraction, clear errors."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from imprint.evals.items import Answers, Likelihood, Loaded
from imprint.evals.personamem import PersonaMem, PersonaMemOptions, extract_letters, names_only
from imprint.types import ImprintError

COLUMNS = (
    "persona_id",
    "question_id",
    "question_type",
    "topic",
    "user_question_or_message",
    "correct_answer",
    "all_options",
    "shared_context_id",
    "end_index_in_shared_context",
    "stereotypical",
)
OPTIONS = [
    "(a) A kayak trip suits you.",
    "(b) You're done with kayaks; try the ceramics studio.",
    '(c) You said "no clay" last week.',
    "(d) Stay in and paint.",
]
BARE = ("A kayak trip suits you.", "You're done with kayaks; try the ceramics studio.", 'You said "no clay" last week.')
BARE += ("Stay in and paint.",)
LAKE = [
    {"role": "system", "content": "Current user persona: Name: Oona Pell"},
    {"role": "user", "content": "User: I paddle my kayak on the lake each Sunday."},
    {"role": "assistant", "content": "Assistant: The lake must be calm then."},
    {"role": "system", "content": "Current user persona: Name: Oona Pell"},
    {"role": "user", "content": "I sold the kayak and took up ceramics."},
    {"role": "assistant", "content": " "},
]
PUBLISHED = """What shall I do on Sunday?

Find the most appropriate model response and give your final answer (a), (b), (c), or (d) after the special token \
<final_answer>.

['(a) A kayak trip suits you.', "(b) You're done with kayaks; try the ceramics studio.", \
'(c) You said "no clay" last week.', '(d) Stay in and paint.']"""


def row(**changes: Any) -> dict[str, Any]:
    plain = {
        "persona_id": 0,
        "question_id": "q1",
        "question_type": "suggest_new_ideas",
        "topic": "leisure",
        "user_question_or_message": "What shall I do on Sunday?",
        "correct_answer": "(b)",
        "all_options": repr(OPTIONS),
        "shared_context_id": "lake",
        "end_index_in_shared_context": 6,
        "stereotypical": "No",
    }
    return plain | changes


def write(folder: Path, rows: list[dict[str, Any]], contexts: str | bytes | None = None, size: str = "32k") -> Path:
    """The two files of one version; returns the questions file."""
    path = folder / f"questions_{size}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])
    if contexts is None:
        contexts = json.dumps({"other": [{"role": "user", "content": "Hello."}]}) + "\n" + json.dumps({"lake": LAKE})
    content = contexts.encode() if isinstance(contexts, str) else contexts
    (folder / f"shared_contexts_{size}.jsonl").write_bytes(content)
    return path


def load(data: Path | None, limit: int = 0, seed: int = 0, **options: Any) -> Loaded:
    return PersonaMem(PersonaMemOptions(**options)).load(data, seed, limit)


def error(data: Path | None, **options: Any) -> str:
    with pytest.raises(ImprintError) as caught:
        load(data, **options)
    return str(caught.value)


def test_a_person_is_told_what_came_before_the_end_index(tmp_path):
    rows = [row(), row(question_id="q2", end_index_in_shared_context=2), row(question_id="q3")]
    people = load(write(tmp_path, rows)).people
    assert [person.user for person in people] == ["lake-6", "lake-2"]
    assert [[item.id for item in person.items] for person in people] == [["q1", "q3"], ["q2"]]
    assert [(turn.user, turn.role, turn.text) for turn in people[0].turns] == [
        ("lake-6", "user", "I paddle my kayak on the lake each Sunday."),
        ("lake-6", "assistant", "The lake must be calm then."),
        ("lake-6", "user", "I sold the kayak and took up ceramics."),
    ]
    assert [(turn.user, turn.text) for turn in people[1].turns] == [("lake-2", people[0].turns[0].text)]
    assert people[0].turns[0].id == people[1].turns[0].id


def test_system_messages_are_told_only_when_asked_for(tmp_path):
    path = write(tmp_path, [row()])
    dropped, kept = load(path), load(path, system_messages=True)
    assert not any("Oona" in turn.text for turn in dropped.people[0].turns)
    assert [turn.role for turn in kept.people[0].turns] == ["user", "user", "assistant", "user", "user"]
    assert kept.people[0].turns[0].text == "Current user persona: Name: Oona Pell"
    assert "are left out" in dropped.note
    assert "are told" in kept.note


def test_an_item_has_bare_options_and_the_published_prompt(tmp_path):
    item = load(write(tmp_path, [row()])).people[0].items[0]
    assert item.question == "What shall I do on Sunday?"
    assert item.options == BARE
    assert (item.right, item.answer, item.kind) == (1, BARE[1], "suggest_new_ideas")
    assert [prompt.text for prompt in item.lettered] == [PUBLISHED]
    assert item.lettered[0].letters == ("(a)", "(b)", "(c)", "(d)")
    assert (item.new_tokens, item.ask) == (0, "")


def test_a_reply_is_generated_from_the_published_prompt(tmp_path):
    item = load(write(tmp_path, [row()]), generate=True).people[0].items[0]
    assert item.ask == PUBLISHED
    assert item.new_tokens == 512


def test_rotation_shows_each_option_once_at_each_place(tmp_path):
    item = load(write(tmp_path, [row()]), rotate=True).people[0].items[0]
    assert [prompt.order for prompt in item.lettered] == [(0, 1, 2, 3), (1, 2, 3, 0), (2, 3, 0, 1), (3, 0, 1, 2)]
    assert item.lettered[3].text.endswith(
        "['(a) Stay in and paint.', '(b) A kayak trip suits you.', "
        '"(c) You\'re done with kayaks; try the ceramics studio.", \'(d) You said "no clay" last week.\']'
    )


def test_an_end_index_outside_the_context_is_left_out_and_said(tmp_path):
    rows = [row(question_id=f"q{end}", end_index_in_shared_context=end) for end in (-4, 0, 6, 7)]
    loaded = load(write(tmp_path, rows))
    assert [item.id for person in loaded.people for item in person.items] == ["q6"]
    assert "3 questions were left out" in loaded.note


@pytest.mark.parametrize(
    ("found", "official"),
    [
        ("track_full_preference_updates", "track_full_preference_evolution"),
        ("revisit_reasons_behind_preference_updates", "recalling_the_reasons_behind_previous_updates"),
        ("generalize_to_new_scenarios", "generalizing_to_new_scenarios"),
        ("acknowledge_latest_user_preferences", "acknowledge_latest_user_preferences"),
    ],
)
def test_names_of_the_longer_versions_become_the_official_ones(tmp_path, found, official):
    loaded = load(write(tmp_path, [row(question_type=found)], size="1M"), types=(official,))
    assert loaded.people[0].items[0].kind == official


def test_types_choose_and_a_limit_is_even_over_them(tmp_path):
    kinds = ["suggest_new_ideas"] * 5 + ["recall_user_shared_facts"] * 3 + ["generalizing_to_new_scenarios"] * 4
    path = write(tmp_path, [row(question_id=f"q{i}", question_type=kind) for i, kind in enumerate(kinds)])
    (person,) = load(path, limit=6).people
    assert sorted(item.kind for item in person.items) == sorted([*set(kinds), *set(kinds)])
    (person,) = load(path, types=("recall_user_shared_facts",)).people
    assert [item.id for item in person.items] == ["q5", "q6", "q7"]


def test_a_limit_is_seeded(tmp_path):
    path = write(tmp_path, [row(question_id=f"q{i}") for i in range(30)])
    first, again, other = (load(path, limit=5, seed=seed).people for seed in (0, 0, 1))
    assert first == again
    assert [item.id for item in first[0].items] != [item.id for item in other[0].items]


def test_a_question_id_that_comes_twice_gets_its_line(tmp_path):
    (person,) = load(write(tmp_path, [row(), row()])).people
    assert [item.id for item in person.items] == ["q1", "q1-3"]


def test_a_folder_stands_for_the_one_version_that_is_whole(tmp_path):
    write(tmp_path, [row(question_id="short")])
    write(tmp_path, [row(question_id="long")], size="128k")
    assert "several questions files: questions_128k.csv, questions_32k.csv" in error(tmp_path)
    (tmp_path / "shared_contexts_128k.jsonl").rename(tmp_path / "elsewhere.jsonl")
    loaded = load(tmp_path)
    assert loaded.people[0].items[0].id == "short"
    assert [path.name for path in loaded.files] == ["questions_32k.csv", "shared_contexts_32k.jsonl"]
    named = load(tmp_path / "questions_128k.csv", contexts=str(tmp_path / "elsewhere.jsonl"))
    assert named.people[0].items[0].id == "long"


@pytest.mark.parametrize(
    ("reply", "letters"),
    [
        ("<final_answer> (b)", "b"),
        ("First I liked (a). <final_answer>(C)</final_answer>", "c"),
        ("<final_answer> (a) no, wait <final_answer> (d)", "d"),
        ("(a) or (b)", "ab"),
        ("final answer: b", "b"),
        ("B", "b"),
        ("A good one is (c)", "c"),
        ("a good one is c", "ac"),
        ("I'd take c", "cd"),
        ("(e) or (cd)", ""),
        ("<final_answer> none of them", ""),
        ("", ""),
    ],
)
def test_letters_are_extracted_as_published(reply, letters):
    assert extract_letters(reply) == frozenset(letters)


@pytest.mark.parametrize(
    ("reply", "gold", "right"),
    [
        ("<final_answer> (b)", "b", True),
        ("<final_answer> (b)", "a", False),
        ("(a) or (b)", "a", False),
        ("I weigh (a) and (c). <final_answer> (c)", "c", True),
        ("It is (d). <final_answer>", "d", True),
        ("It is (d) or (a). <final_answer>", "d", False),
        ("It is (d). <final_answer> b or c", "d", True),
        ("no idea", "a", False),
    ],
)
def test_a_reply_is_right_when_it_names_the_gold_letter_alone(reply, gold, right):
    assert names_only(reply, gold) is right


def test_scores_of_likelihoods_letters_and_reply(tmp_path):
    benchmark = PersonaMem(PersonaMemOptions(generate=True))
    item = benchmark.load(write(tmp_path, [row()]), 0, 0).people[0].items[0]
    options = tuple(Likelihood(total, tokens) for total, tokens in [(-6.0, 2), (-8.0, 8), (-9.0, 3), (-9.0, 3)])
    bare = Answers(
        options=tuple(Likelihood(total, tokens) for total, tokens in [(-6.0, 2), (-9.0, 8), (-9.0, 3), (-9.0, 3)])
    )
    found = benchmark.score(item, Answers("So: <final_answer> (b)", options, ((-2.0, -1.0, -3.0, -4.0),)), bare)
    assert found == {"joint": 0, "normalised": 1, "pmi": 1, "longest": 1, "letter": 1, "extracted": 1}


def test_a_reply_that_was_not_asked_for_is_not_scored(tmp_path):
    benchmark = PersonaMem(PersonaMemOptions())
    item = benchmark.load(write(tmp_path, [row()]), 0, 0).people[0].items[0]
    assert benchmark.score(item, Answers(letters=((-2.0, -1.0, -3.0, -4.0),)), Answers()) == {"letter": 1}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"all_options": "['(a) x', '(b) y']"}, "all_options is not a list of four texts marked (a) to (d)"),
        ({"all_options": repr(OPTIONS[::-1])}, "all_options is not a list of four texts marked (a) to (d)"),
        ({"all_options": "open('x')"}, "all_options is not a list of four texts marked (a) to (d)"),
        ({"correct_answer": "(e)"}, "correct_answer is none of (a), (b), (c), (d)"),
        ({"end_index_in_shared_context": "six"}, "end_index_in_shared_context is not a whole number"),
        ({"shared_context_id": "../lake"}, "shared_context_id is not 1 to 100 letters, digits and . _ @ + -"),
        ({"shared_context_id": "pond"}, "its shared_context_id is not in"),
        ({"user_question_or_message": " "}, "user_question_or_message is empty"),
    ],
)
def test_a_bad_row_names_file_and_line(tmp_path, changes, problem):
    path = write(tmp_path, [row(user_question_or_message="Two\nlines?"), row(**changes)])
    found = error(path)
    assert f"{path}: line 4: " in found
    assert problem in found


@pytest.mark.parametrize(
    ("contexts", "problem"),
    [
        ('{"lake": [\n', "line 1: the JSON is cut off before its end"),
        ('{"other": []}\n["lake"]\n', "line 2: expected an object"),
        ('{"other": []}\n{"lake": "x"}\n', "line 2: the context: expected a list"),
        (json.dumps({"lake": [*LAKE, {"role": "tool", "content": "x"}]}), "line 1: [6].role: expected"),
        (json.dumps({"lake": [LAKE[0], {"role": "user"}, *LAKE]}), "line 1: [1].content: expected a string"),
        (b'{"other": []}\n{"lake": "\xff"}\n', "line 2: not UTF-8 text"),
    ],
)
def test_a_bad_context_names_file_line_and_path(tmp_path, contexts, problem):
    path = write(tmp_path, [row()], contexts)
    assert f"{tmp_path / 'shared_contexts_32k.jsonl'}: {problem}" in error(path)


def test_rows_with_too_few_columns_name_the_line(tmp_path):
    path = write(tmp_path, [row()])
    path.write_text(path.read_text() + "1,2,3\n")
    assert f"{path}: line 3: expected 10 columns, found 3" in error(path)


def test_missing_columns_and_files_of_other_benchmarks_are_named(tmp_path):
    path = tmp_path / "river_test.csv"
    path.write_text("question,choice0,choice1,choice2,choice3,answer\nWhere?,a,b,c,d,1\n")
    assert f"{path}: line 1: not a PersonaMem questions file: column question_id, question_type" in error(path)
    assert "it is not a PersonaMem folder" in error(tmp_path)


def test_missing_files_say_where_to_get_them(tmp_path):
    path = write(tmp_path, [row()])
    (tmp_path / "shared_contexts_32k.jsonl").unlink()
    assert f"there is no {tmp_path / 'shared_contexts_32k.jsonl'}" in error(path)
    assert "--set contexts=FILE" in error(tmp_path)
    assert "does not exist" in error(tmp_path / "questions_1M.csv")
    assert "Name it with --data" in error(None)


def test_a_choice_of_types_that_leaves_nothing_is_an_error(tmp_path):
    path = write(tmp_path, [row()])
    assert "no question left to ask" in error(path, types=("recall_user_shared_facts",))
    with pytest.raises(ValueError, match="types has 'music'"):
        PersonaMemOptions(types=("music",))
