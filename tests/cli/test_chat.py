"""A chat at the keyboard: what is said is heard, the commands inside it work, and errors do not end it."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.cli.runs import COMMAND, USER, Done, environment, imprint, ledger, process, texts


def chat(*lines: str) -> Done:
    return imprint("chat", "--user", USER, typed=lines)


def test_a_message_is_answered_and_both_sides_are_kept(home: Path) -> None:
    done = chat("My dog is called Biscuit.", "/quit", "never read")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Talking as mira. /remember TEXT  /forget ID  /why  /memory  /sleep  /quit\n> ")
    said = ledger(home)
    assert [turn.role for turn in said] == ["user", "assistant"]
    assert said[0].text == "My dog is called Biscuit."
    assert said[0].source == "chat"
    assert f"> {said[1].text}" in done.out.replace("\0", "")


def test_the_end_of_the_input_ends_the_chat(home: Path) -> None:
    done = chat()
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("> \n")
    assert ledger(home) == []


def test_remembering_keeps_a_sentence_without_an_answer(home: Path) -> None:
    done = chat("/remember I live in Ghent.", "/sleep", "/memory")
    (turn,) = ledger(home)
    assert (turn.role, turn.text) == ("user", "I live in Ghent.")
    assert f"> Heard as {turn.id}; /sleep makes it part of the memory\n" in done.out
    assert "> Slept: 1 turns, memory of " in done.out
    assert f"{turn.id}  home: Ghent\n" in done.out
    assert "not consolidated" not in done.out


def test_what_was_said_before_a_sleep_waits(told: Path) -> None:
    done = chat("/memory", "/remember I keep bees.", "/memory")
    first, second = done.out.split("Heard as")
    assert "> mira: lpm, version 1, 5 turns heard, 5 slept on" in first
    assert "1 of 6 turns are not consolidated yet: imprint sleep --user mira" in second


def test_why_explains_the_last_answer(told: Path) -> None:
    done = chat("/why", "What is my dog called?", "/why")
    assert done.err == "imprint: nothing was asked yet. Ask something first\n"
    reason = done.out.split("The memory spoke: ")[1].splitlines()
    assert reason[1].endswith("pet_name (dog): Biscuit")
    assert reason[2] == "       said: My dog is called Biscuit."


def test_why_does_not_count_what_the_question_itself_told(told: Path) -> None:
    done = chat("My cat is called Tabby. What is my cat called?", "/why", "/memory")
    answered, shown = done.out.split("> mira: lpm")
    assert "The memory " in answered
    assert "Tabby" not in answered
    assert "Tabby" in shown


def test_a_turn_is_forgotten(told: Path) -> None:
    gone = ledger(told)[0]
    done = chat("/forget", "/forget feedfeedfeedfeed", f"/forget {gone.id}", "/memory")
    first, second = done.err.splitlines()
    assert first == "imprint: name the turns to forget by their ids. memory show lists them"
    assert "feedfeedfeedfeed" in second
    assert "> Forgot 1 turn and dropped 1 memory version\n" in done.out
    assert "Biscuit" not in done.out
    assert gone.text not in texts(told)


def test_a_forgotten_message_leaves_the_conversation(home: Path) -> None:
    def typed(forgets: bool) -> Iterator[str]:
        yield "I keep bees behind the old harbour wall. " * 8
        if forgets:
            yield "/forget " + " ".join(turn.id for turn in ledger(home))
        yield "I sail. " * 20

    assert "left out" in imprint("chat", "--user", "ines", typed=typed(False)).err
    assert imprint("chat", "--user", USER, typed=typed(True)).err == ""


def test_an_unknown_command_is_no_message(home: Path) -> None:
    done = chat("/sing a song", "/help")
    assert "> There is no command /sing. /remember TEXT" in done.out
    assert "> There is no command /help. " in done.out
    assert ledger(home) == []


def test_errors_are_one_line_each_and_the_chat_goes_on(home: Path) -> None:
    done = chat("a" * 5_000_000, "b" * 5000, "a\0b", "/remember", "/sleep", "I sail.")
    assert done.code == 0
    lines = done.err.splitlines()
    assert [line.startswith("imprint: ") for line in lines] == [True] * 5
    for line, said in zip(lines, ("5000000 characters", "512", "UTF-8", "empty", "nothing was heard"), strict=True):
        assert said in line
    assert texts(home)[0] == "I sail."


def test_a_full_window_is_said(home: Path) -> None:
    long = "I keep bees behind the old harbour wall. " * 4
    done = chat(*[f"{long}{number}" for number in range(4)])
    assert done.code == 0
    notices = done.err.splitlines()
    assert notices
    for line in notices:
        count, rest = line.split(" ", 1)
        assert int(count) > 0
        assert rest == "oldest messages were left out: the model's window is full"
    assert [turn.role for turn in ledger(home)].count("user") == 4


def test_a_chat_of_the_installed_program_refuses_bytes_that_are_no_text(home: Path) -> None:
    done = process("chat", "--user", USER, typed=b"/remember caf\xc3\xa9\n/remember caf\xe9\n")
    assert done.code == 0
    assert done.err == "imprint: the message holds bytes that are not UTF-8 text. Type it anew\n"
    assert texts(home) == ["café"]


def test_ctrl_c_at_the_prompt_ends_the_chat(home: Path) -> None:
    pipe = subprocess.PIPE
    command = [*COMMAND, "chat", "--user", USER]
    child = subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().startswith("Talking as mira.")
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, "imprint: Stopped\n")
