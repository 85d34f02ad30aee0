"""What a memory holds, why it speaks, and how a part or all of it goes away or moves."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runs import CONVERSATION, USER, imprint, ledger, refused, texts


def told_as_json(*words: str) -> dict[str, Any]:
    done = imprint(*words, "--json")
    assert (done.code, done.err) == (0, ""), done
    assert done.out.count("\n") == 1
    return json.loads(done.out)


def values(shown: dict[str, Any]) -> set[str]:
    return {fact["value"] for fact in shown["facts"]}


def turn_that_says(home: Path, words: str) -> str:
    return next(turn.id for turn in ledger(home) if words in turn.text)


def test_show_names_each_slot_with_its_turn(told: Path) -> None:
    shown = told_as_json("memory", "show", "--user", USER)
    assert (shown["user"], shown["version"], shown["heard"], shown["slept"]) == (USER, 1, 5, 5)
    assert {"Biscuit", "Ghent"} <= values(shown)
    assert shown["fingerprint"]["method"] == "lpm"
    done = imprint("memory", "show", "--user", USER)
    assert done.out.splitlines()[0] == (f"mira: lpm, version 1, 5 turns heard, 5 slept on, {shown['bytes']:,} bytes")
    for fact in shown["facts"]:
        assert f"{fact['turn']}  {fact['kind']}" in done.out
    assert {fact["turn"] for fact in shown["facts"]} <= {turn.id for turn in ledger(told) if turn.role == "user"}


def test_show_without_a_name_lists_who_there_is(told: Path) -> None:
    Path("other.txt").write_text("Ines: I keep bees.\n")
    imprint("ingest", "other.txt", "--user", "ines")
    assert imprint("memory", "show").out == "ines\nmira\n"
    assert told_as_json("memory", "show") == {"users": ["ines", "mira"]}


def test_what_was_not_slept_on_is_said(told: Path) -> None:
    Path("more.txt").write_text("Mira: I have a cat called Tabby.\n")
    assert imprint("ingest", "more.txt", "--user", USER).code == 0
    line = "1 of 6 turns are not consolidated yet: imprint sleep --user mira"
    assert imprint("memory", "show", "--user", USER).out.splitlines()[-1] == line
    asked = imprint("ask", "hi", "--user", USER, "--json")
    assert (asked.code, asked.err) == (0, f"{line}\n")
    assert imprint("ask", "hi", "--user", USER, "--method", "bm25").err == ""
    assert told_as_json("sleep", "--user", USER)["turns"] == 6
    assert imprint("ask", "hi", "--user", USER).err == ""


def test_history_lists_the_versions_newest_first(told: Path) -> None:
    Path("more.txt").write_text("Mira: I have a cat called Tabby.\n")
    imprint("ingest", "more.txt", "--user", USER)
    imprint("sleep", "--user", USER)
    versions = told_as_json("memory", "history", "--user", USER)["versions"]
    assert [(each["version"], each["heard"], each["slept"]) for each in versions] == [(2, 6, 6), (1, 5, 5)]
    rows = imprint("memory", "history", "--user", USER).out.splitlines()
    assert [row.split()[0] for row in rows] == ["2", "1"]
    assert versions[0]["sha256"][:12] in rows[0]


def test_history_of_a_method_that_never_slept_says_so(told: Path) -> None:
    done = imprint("memory", "history", "--user", USER, "--method", "bm25")
    assert done.out == "No memory of mira by bm25 yet: imprint sleep --user mira\n"
    assert told_as_json("memory", "history", "--user", USER, "--method", "bm25")["versions"] == []


def test_why_names_the_turn_an_answer_comes_from(told: Path) -> None:
    found = told_as_json("memory", "why", "What is my dog called?", "--user", USER)["why"]
    assert found["spoke"] is True
    assert found["traces"][0]["fact"]["value"] == "Biscuit"
    assert found["traces"][0]["fact"]["turn"] == turn_that_says(told, "Biscuit")
    lines = imprint("memory", "why", "What is my dog called?", "--user", USER).out.splitlines()
    assert lines[0].startswith("The memory spoke: nearest told ")
    assert lines[2].strip() == "said: My dog is called Biscuit."


def test_why_says_that_the_memory_kept_silent(told: Path) -> None:
    assert told_as_json("memory", "why", "Add three and four.", "--user", USER)["why"]["spoke"] is False
    assert imprint("memory", "why", "Add three and four.", "--user", USER).out.startswith("The memory kept silent: ")
    assert "no slots to trace" in imprint("memory", "why", "hi", "--user", USER, "--method", "none").out


def test_why_shows_what_the_reply_owes_to_each_slot(told: Path) -> None:
    asked = ("memory", "why", "What is my dog called?", "--user", USER, "--effect")
    shown = told_as_json(*asked)
    effects = shown["effects"]
    assert shown["why"]["spoke"] is True
    assert effects["reply"] == told_as_json("ask", "What is my dog called?", "--user", USER)["answer"]
    first = effects["slots"][0]
    assert (first["fact"]["value"], first["fact"]["turn"]) == ("Biscuit", turn_that_says(told, "Biscuit"))
    assert max(abs(each["fall"]) for each in effects["slots"][1:]) < 0.01 < abs(first["fall"])
    lines = imprint(*asked).out.splitlines()
    assert lines[0].startswith("The memory spoke: nearest told ")
    assert lines[1].startswith(f"The reply, log-probability {effects['log_probability']:.2f}: ")
    assert lines[2] == "attention  effect  the slot that is taken out"
    assert lines[3].split()[:3] == [f"{first['weight']:.0%}", f"{first['fall']:.2f}", first["fact"]["turn"]]
    assert lines[4].strip() == "said: My dog is called Biscuit."
    assert lines[-1].split()[0] == f"{effects['shut']:.2f}"
    assert lines[-1].endswith("the gate shut, the bare model")


def test_why_says_where_no_slot_can_have_an_effect(told: Path) -> None:
    shown = told_as_json("memory", "why", "Add three and four.", "--user", USER, "--effect")
    assert (shown["why"]["spoke"], shown["effects"]) == (False, None)
    lines = imprint("memory", "why", "Add three and four.", "--user", USER, "--effect").out.splitlines()
    assert lines[0].startswith("The memory kept silent: ")
    assert lines[1:] == ["So the bare model answers, and no slot has an effect"]
    none = imprint("memory", "why", "hi", "--user", USER, "--effect", "--method", "none").out
    assert none == "The method none has no slots to trace, or the memory is empty\n"
    refused(imprint("memory", "why", "hi", "--user", "nobody", "--effect"), "nothing was heard from nobody yet")


def test_study_shows_what_was_understood_from_which_turn(told: Path) -> None:
    made = told_as_json("study", "show", "--user", USER)
    assert values(made) == values(told_as_json("memory", "show", "--user", USER))
    assert {question["turn"] for question in made["questions"]} <= {turn.id for turn in ledger(told)}
    lines = imprint("study", "show", "--user", USER).out.splitlines()
    assert f"{turn_that_says(told, 'Biscuit')}  pet_name (dog): Biscuit" in lines
    assert any(line.startswith("    ") and line.endswith("?  ->  Biscuit") for line in lines)


def test_a_forgotten_turn_leaves_nothing_behind(told: Path) -> None:
    gone = turn_that_says(told, "Biscuit")
    receipt = told_as_json("memory", "forget", gone, "--user", USER)
    assert receipt == {"user": USER, "turns": 1, "versions": 1, "checkpoints": 0, "leftover": ""}
    assert "Biscuit" not in values(told_as_json("memory", "show", "--user", USER))
    assert not any(b"Biscuit" in path.read_bytes() for path in told.rglob("*") if path.is_file())
    kept = turn_that_says(told, "cartographer")
    done = imprint("memory", "forget", kept, "--user", USER)
    assert done.out == "Forgot 1 turn and dropped 1 memory version\n"


def test_forgetting_gives_the_memory_that_never_heard_it(told: Path) -> None:
    imprint("memory", "forget", turn_that_says(told, "Biscuit"), "--user", USER)
    left = texts(told)
    forgotten = told_as_json("memory", "history", "--user", USER)["versions"][0]["sha256"]
    imprint("memory", "export", "left.zip", "--user", USER)
    imprint("memory", "import", "left.zip", "--user", "copy")
    assert texts(told, "copy") == left
    told_as_json("sleep", "--user", "copy")
    assert told_as_json("memory", "history", "--user", "copy")["versions"][0]["sha256"] == forgotten


def test_erasing_asks_first(told: Path) -> None:
    for typed in ([], ["n"], [""]):
        done = imprint("memory", "erase", "--user", USER, typed=typed)
        assert done.code == (1 if typed else 2)
        assert ("Nothing was removed" if typed else "Add --yes") in done.err
        assert len(ledger(told)) == 5
    assert imprint("memory", "erase", "--user", USER, typed=["y"]).out.endswith(
        "Erased 5 turns, 1 memory versions, 0 checkpoints\n"
    )
    assert ledger(told) == []


def test_erasing_leaves_no_byte(told: Path) -> None:
    receipt = told_as_json("memory", "erase", "--yes", "--user", USER)
    assert receipt == {"user": USER, "turns": 5, "versions": 1, "checkpoints": 0, "leftover": ""}
    assert not any(
        word in path.read_bytes() for path in told.rglob("*") if path.is_file() for word in (b"Biscuit", b"mira")
    )
    refused(imprint("memory", "erase", "--yes", "--user", USER), "nothing is kept of mira")


@pytest.mark.parametrize("new_name", ["mira", "ines"])
def test_an_export_is_read_back_whole(told: Path, new_name: str) -> None:
    exported = told_as_json("memory", "export", "mira.zip", "--user", USER)
    assert exported == {"user": USER, "file": "mira.zip", "bytes": Path("mira.zip").stat().st_size}
    asked = told_as_json("ask", "What is my dog called?", "--user", USER)
    before = texts(told)
    told_as_json("memory", "erase", "--yes", "--user", USER)
    read = told_as_json("memory", "import", "mira.zip", "--user", new_name)
    assert read == {"user": new_name, "turns": 5, "memories": 1}
    assert texts(told, new_name) == before
    assert told_as_json("ask", "What is my dog called?", "--user", new_name) == {**asked, "user": new_name}


def test_the_memory_changes_an_answer_and_bare_does_not(told: Path) -> None:
    with_memory = told_as_json("ask", "What is my dog called?", "--user", USER)
    bare = told_as_json("ask", "What is my dog called?", "--user", USER, "--bare")
    assert with_memory["soft_tokens"] > 0 == bare["soft_tokens"]
    assert with_memory["answer"] != bare["answer"]
    assert imprint("ask", "What is my dog called?", "--user", USER).out == f"{with_memory['answer']}\n"
    assert told_as_json("ask", "Add three and four.", "--user", USER)["soft_tokens"] == 0


@pytest.mark.parametrize("method", ["bm25", "full_context", "none"])
def test_every_method_hears_sleeps_and_answers(home: Path, method: str) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    imprint("ingest", "talk.txt", "--speaker", "Mira", "--user", USER)
    slept = told_as_json("sleep", "--user", USER, "--method", method)
    assert (slept["method"], slept["turns"]) == (method, 5)
    asked = told_as_json("ask", "What is my dog called?", "--user", USER, "--method", method)
    bare = told_as_json("ask", "What is my dog called?", "--user", USER, "--bare")
    assert (asked["prompt_tokens"] > bare["prompt_tokens"]) == (method != "none")


def test_a_correction_replaces_the_value_and_can_be_forgotten(told: Path) -> None:
    wrong = turn_that_says(told, "Biscuit")
    before = values(told_as_json("memory", "show", "--user", USER))
    done = told_as_json("memory", "correct", wrong, "Sir Barks", "--kind", "pet_name", "--user", USER)
    assert (done["was"]["value"], done["now"]["value"], done["now"]["about"]) == ("Biscuit", "Sir Barks", "dog")
    assert values(told_as_json("memory", "show", "--user", USER)) == before - {"Biscuit"} | {"Sir Barks"}
    assert ledger(told)[-1].text == "my dog's name: Sir Barks"
    assert imprint("sleep", "--user", USER).code == 0
    assert "Sir Barks" in values(told_as_json("memory", "show", "--user", USER))
    assert imprint("memory", "forget", done["now"]["turn"], "--user", USER).code == 0
    assert values(told_as_json("memory", "show", "--user", USER)) == before


def test_what_cannot_be_corrected_is_said(told: Path) -> None:
    several, other = turn_that_says(told, "Biscuit"), "0" * 16
    refused(imprint("memory", "correct", several, "Rex", "--user", USER), "told several things", "--kind")
    refused(imprint("memory", "correct", other, "Rex", "--user", USER), f"nothing like that is held from {other}")
    refused(imprint("memory", "correct", several, " ", "--kind", "pet_name", "--user", USER), "empty")
    assert len(ledger(told)) == 5
