"""PrefEval files that are missing, broken or another benchmark's: errors that name file and place."""

from pathlib import Path
from typing import Any

import pytest

from imprint.types import ImprintError
from tests.evals.prefeval_data import bench, build, choice, item, items, mcq, persona, write


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return build(tmp_path / "published" / "benchmark_dataset")


def test_a_folder_that_is_not_there_or_not_prefeval_is_an_error(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ImprintError, match="needs its data.*--data"):
        bench().load(None, 0, 0)
    with pytest.raises(ImprintError, match="does not exist.*PrefEval"):
        items(tmp_path / "nowhere")
    with pytest.raises(ImprintError, match="no PrefEval data: it has no folder mcq_options"):
        items(tmp_path)
    with pytest.raises(ImprintError, match="no PrefEval data"):
        items(data / "filtered_inter_turns.json")
    (tmp_path / "empty" / "mcq_options").mkdir(parents=True)
    (tmp_path / "LICENSE").write_text("NonCommercial", encoding="utf-8")
    with pytest.raises(ImprintError, match="has no topic's file"):
        items(tmp_path / "empty")


def test_the_licence_must_lie_in_the_folder_or_above_it(data: Path) -> None:
    notice = data / "LICENSE"
    notice.rename(data.parent / "LICENSE.txt")
    assert len(items(data)) == 18
    (data.parent / "LICENSE.txt").write_text("Apache License", encoding="utf-8")
    with pytest.raises(ImprintError, match=r"no LICENSE file.*CC BY-NC 4.0.*amazon-science/PrefEval"):
        items(data)


@pytest.mark.parametrize("where", ["explicit_preference", "mcq_options"])
def test_a_topic_with_one_of_its_files_missing_is_an_error(data: Path, where: str) -> None:
    (data / where / "home_pets.json").unlink()
    with pytest.raises(ImprintError, match=rf"{where}/home_pets.json does not exist"):
        items(data)


def test_missing_filler_is_an_error_only_where_it_is_asked_for(data: Path) -> None:
    (data / "filtered_inter_turns.json").unlink()
    assert len(items(data)) == 18
    with pytest.raises(ImprintError, match="filtered_inter_turns.json does not exist"):
        items(data, distractors=1)


def test_a_file_that_is_not_utf8_is_an_error_with_its_place(data: Path) -> None:
    (data / "mcq_options" / "home_pets.json").write_bytes(b'[{"question": "caf\xe9"}]')
    with pytest.raises(ImprintError, match="mcq_options/home_pets.json: byte 18: not UTF-8"):
        items(data)


def test_a_file_of_another_benchmark_is_an_error(data: Path) -> None:
    write(data / "explicit_preference" / "home_pets.json", [{"sample_id": "conv-1", "conversation": {}, "qa": []}])
    write(data / "mcq_options" / "home_pets.json", [mcq("home_pets", 0)])
    with pytest.raises(ImprintError, match=r"explicit_preference/home_pets.json: \[0\]: no PrefEval item.*sample_id"):
        items(data)


def test_questions_that_do_not_match_are_an_error_naming_file_and_item(data: Path) -> None:
    rows = [mcq("home_pets", i) for i in range(7)]
    rows[4]["question"] = "What about a parrot?"
    write(data / "mcq_options" / "home_pets.json", rows)
    with pytest.raises(ImprintError, match=r"mcq_options/home_pets.json: \[4\].question: is another") as caught:
        items(data)
    assert "explicit_preference/home_pets.json" in str(caught.value)
    assert "parrot" not in str(caught.value)


def test_lists_of_different_length_are_an_error(data: Path) -> None:
    write(data / "mcq_options" / "home_pets.json", [mcq("home_pets", i) for i in range(6)])
    with pytest.raises(ImprintError, match=r"mcq_options/home_pets.json: holds 6 items, .* holds 7"):
        items(data)


def broken(row: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    return [{**row, **changes}]


TOPIC = "garden_tools"
BAD: list[tuple[str, str, object, str]] = [
    ("explicit", "explicit_preference", {"a": 1}, r"expected a list"),
    ("explicit", "explicit_preference", ["text"], r"\[0\]: no PrefEval item"),
    ("explicit", "explicit_preference", broken(item(TOPIC, 0), preference=3), r"\[0\].preference: expected a string"),
    ("explicit", "explicit_preference", broken(item(TOPIC, 0), preference=" "), r"\[0\].preference: is empty"),
    ("explicit", "mcq_options", [item(TOPIC, 0)], r"\[0\].classification_task_options: expected a list"),
    (
        "explicit",
        "mcq_options",
        broken(mcq(TOPIC, 0), classification_task_options=["a", "b", "c", "c"]),
        r"\[0\].classification_task_options: expected four different",
    ),
    (
        "explicit",
        "mcq_options",
        broken(mcq(TOPIC, 0), classification_task_options=["a", "b", "c", 4]),
        r"\[0\].classification_task_options\[3\]: expected a string",
    ),
    ("choice", "implicit_preference/choice-based", [item(TOPIC, 0)], r"\[0\].conversation: expected an object"),
    ("choice", "implicit_preference/choice-based", [persona(TOPIC, 0)], r"\[0\].conversation.query: expected a string"),
    (
        "persona",
        "implicit_preference/persona-driven",
        [choice(TOPIC, 0)],
        r"\[0\].conversation: expected turns numbered",
    ),
    (
        "persona",
        "implicit_preference/persona-driven",
        broken(persona(TOPIC, 0), conversation={"0": {"user": "hi"}}),
        r"\[0\].conversation.0.assistant: expected a string",
    ),
]


@pytest.mark.parametrize(("form", "where", "value", "message"), BAD)
def test_bad_items_are_errors_naming_file_and_place(
    data: Path, form: str, where: str, value: object, message: str
) -> None:
    for folder, row in (("explicit_preference", item), ("mcq_options", mcq)):
        write(data / folder / f"{TOPIC}.json", [row(TOPIC, 0)])
    write(data / where / f"{TOPIC}.json", value)
    with pytest.raises(ImprintError, match=rf"{where}/{TOPIC}.json: {message}"):
        items(data, form=form, topics=(TOPIC,))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "expected a list"),
        ([{"messages": []}], r"\[0\].conversation: expected a list"),
        (
            [{"conversation": [{"role": "assistant", "content": "hi"}]}],
            r"\[0\].conversation\[0\].role: expected 'user'",
        ),
        ([{"conversation": [{"role": "user"}]}], r"\[0\].conversation\[0\].content: expected a string"),
    ],
)
def test_bad_filler_is_an_error(data: Path, value: object, message: str) -> None:
    write(data / "filtered_inter_turns.json", value)
    with pytest.raises(ImprintError, match=rf"filtered_inter_turns.json: {message}"):
        items(data, distractors=1)
