"""Names, models, settings and folders that cannot be used: one line that says what to do, and nothing is kept."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.runs import USER, imprint, ledger, process, refused

LONG = "a" * 5_000_000
NAMES = ("a/b", "../b", "a\0b", "\N{GRINNING FACE}", "x" * 300, "", "..", "a b")
FOR_A_USER = [
    ("ask", "hi"),
    ("chat",),
    ("ingest", "talk.txt"),
    ("sleep",),
    ("study", "show"),
    ("memory", "show"),
    ("memory", "history"),
    ("memory", "why", "hi"),
    ("memory", "forget", "0123456789abcdef"),
    ("memory", "erase", "--yes"),
    ("memory", "export", "user.zip"),
    ("memory", "import", "user.zip"),
]


@pytest.mark.parametrize("command", FOR_A_USER, ids=" ".join)
def test_what_is_no_user_name_is_one_line(home: Path, command: tuple[str, ...]) -> None:
    for name in NAMES:
        refused(imprint(*command, "--user", name), "that is not a user name. Use 1 to 128 letters")
    assert not (home / "imprint.db").exists()


NEW_USERS = [words for words in FOR_A_USER if words[0] not in ("chat", "ingest") and words[1:2] != ("import",)]


@pytest.mark.parametrize("command", NEW_USERS, ids=" ".join)
def test_a_user_who_told_nothing_is_one_line(home: Path, command: tuple[str, ...]) -> None:
    line = refused(imprint(*command, "--user", "noor"), "noor")
    assert "imprint ingest FILE --user noor" in line or "See who is: imprint memory show" in line
    assert not Path("user.zip").exists()


def test_the_bare_model_answers_who_told_nothing(home: Path) -> None:
    done = imprint("ask", "hi", "--user", "noor", "--bare", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["method"] == "none"


@pytest.mark.parametrize(("text", "said"), [(LONG, "5000000 characters"), (" \n", "is empty"), ("a\0", "UTF-8")])
def test_a_message_that_is_none_is_one_line(told: Path, text: str, said: str) -> None:
    refused(imprint("ask", text, "--user", USER), said)
    refused(imprint("memory", "why", text, "--user", USER), said)


def test_a_message_longer_than_the_window_is_one_line(told: Path) -> None:
    refused(imprint("ask", "a" * 5000, "--user", USER), "512")


def test_a_method_that_is_none_is_one_line(told: Path) -> None:
    for command in (["ask", "hi"], ["sleep"], ["memory", "show"], ["memory", "history"]):
        line = refused(imprint(*command, "--user", USER, "--method", "nosuch"), "there is no method 'nosuch'")
        assert "Choose one of: lpm, prompt_tuning, " in line


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("./nosuch", "there is no model folder ./nosuch"),
        ("nosuch.gguf", "there is no file nosuch.gguf"),
        ("nosuch/model", "not in the local cache"),
        ("talk.txt", "talk.txt is not a GGUF file"),
        ("a\0b", "hub id"),
        ("m" * 300, "file name too long"),
    ],
)
def test_a_model_that_is_none_is_one_line(told: Path, model: str, said: str) -> None:
    Path("talk.txt").write_text("Mira: hello\n")
    refused(imprint("ask", "hi", "--user", USER, "--model", model), said)


def test_a_model_folder_with_a_part_missing_is_one_line(told: Path, tiny_folder: Path) -> None:
    for part, said in (
        ("tokenizer*", "has no tokenizer. Put its tokenizer.json there"),
        ("*.safetensors", "has no weights"),
        ("config.json", "has no readable config.json"),
    ):
        shutil.rmtree("model", ignore_errors=True)
        shutil.copytree(tiny_folder, "model")
        for path in Path("model").glob(part):
            path.unlink()
        refused(imprint("ask", "hi", "--user", USER, "--model", "model"), said)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('encoder = "nosuch"', "there is no encoder 'nosuch'. Choose one of: minilm, hashing"),
        ('modle = "embedded"', "config.toml: unknown key 'modle'. Known keys: model, method"),
        ("threads = true", "config.toml: key 'threads' must be a whole number"),
        ("[methods.lpm]\nslots = 3", "[methods.lpm]: unknown key 'slots'"),
        ("model = ", "config.toml is not valid TOML"),
    ],
)
def test_a_setting_that_is_none_is_one_line(told: Path, tiny_folder: Path, toml: str, said: str) -> None:
    (told / "config.toml").write_text(toml)
    refused(imprint("ask", "hi", "--user", USER, "--model", str(tiny_folder)), said)


def test_a_config_file_that_is_missing_is_one_line(told: Path) -> None:
    refused(imprint("ask", "hi", "--user", USER, "--config", "no.toml"), "cannot read no.toml")


WITH_A_STORE = [("ask", "hi"), ("ingest", "talk.txt"), ("sleep",), ("memory", "show"), ("memory", "erase", "--yes")]


@pytest.mark.parametrize("command", WITH_A_STORE, ids=" ".join)
def test_a_damaged_database_is_one_line(told: Path, command: tuple[str, ...]) -> None:
    Path("talk.txt").write_text("Mira: hello\n")
    whole = (told / "imprint.db").read_bytes()
    for damaged in (b"dear diary, " * 1000, whole[: len(whole) // 2], b""):
        (told / "imprint.db").write_bytes(damaged)
        refused(imprint(*command, "--user", USER), "Restore it from a backup")
        assert (told / "imprint.db").read_bytes() == damaged


def test_a_damaged_memory_is_one_line(told: Path) -> None:
    data = (told / "imprint.db").read_bytes()
    at = data.index(b"key_vectors")
    (told / "imprint.db").write_bytes(data[:at] + b"xey_vectors" + data[at + 11 :])
    refused(imprint("ask", "hi", "--user", USER), "damaged")


@pytest.mark.parametrize("command", WITH_A_STORE, ids=" ".join)
def test_a_home_that_cannot_be_used_is_one_line(
    home: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("file").absolute()
    file.write_text("mine")
    Path("talk.txt").write_text("Mira: hello\n")
    for folder, said in ((file, "file exists"), (file / "home", "not a directory")):
        monkeypatch.setenv("IMPRINT_HOME", str(folder))
        refused(imprint(*command, "--user", USER), said, "set IMPRINT_HOME to another folder")
    assert file.read_text() == "mine"


def test_a_home_that_cannot_be_used_is_one_line_of_the_installed_program(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPRINT_HOME", str(home / "config.toml" / "below"))
    refused(process("memory", "show"), "not a directory", "IMPRINT_HOME")


def test_a_memory_of_another_model_says_how_to_make_it_anew(told: Path, other_folder: Path) -> None:
    other = ("--model", str(other_folder), "--user", USER)
    for command in (["ask", "hi"], ["memory", "show"], ["memory", "why", "hi"]):
        refused(imprint(*command, *other), "made with another language model", f"imprint sleep --user {USER}")
    before = ledger(told)
    assert imprint("sleep", *other).code == 0
    assert imprint("ask", "hi", *other).code == 0
    assert ledger(told) == before


def test_a_turn_that_is_none_is_not_forgotten(told: Path) -> None:
    before = ledger(told)
    for none in ("feedfeedfeedfeed", "\udcff", "a\0b", ""):
        refused(imprint("memory", "forget", before[0].id, none, "--user", USER), "memory show")
    assert ledger(told) == before
