"""Files that cannot be heard: one line that says where and what to do, and nothing is kept."""

import json
import os
import zipfile
from pathlib import Path

import pytest

from imprint.store.unzip import MAX_ARCHIVE
from imprint.types import MAX_TEXT
from tests.cli.runs import CONVERSATION, USER, imprint, ledger, process, refused, texts

LONG = "a" * 5_000_000
WHOLE = json.dumps([{"role": "user", "content": "I keep bees."}])
BAD: list[tuple[str, bytes | None, tuple[str, ...]]] = [
    ("gone.txt", None, ("gone.txt does not exist. Check the path",)),
    ("none.json", b"", ("none.json is empty",)),
    ("cut.json", WHOLE[:-8].encode(), ("cut.json: the JSON is cut off before its end. Get the file again",)),
    ("photo.json", os.urandom(5000), ("photo.json",)),
    ("photo.txt", b"Mira: hello\n\x00\x01\x02", ("photo.txt: byte 12: a NUL byte",)),
    ("latin.txt", b"Mira: caf\xe9\n", ("latin.txt: byte 9: not UTF-8 text. Save it as UTF-8 text",)),
    ("odd.json", b'{"pages": 3}', ("odd.json: not a conversation file of a known format", "openai")),
    ("number.json", b"7", ("number.json: not a conversation file",)),
    ("shape.json", b'[{"role": "user", "content": 5}]', ("shape.json: [0].content: expected a string",)),
    ("role.json", b'[{"role": "pirate", "content": "Ahoy."}]', ("role.json: [0].role",)),
    ("long.json", WHOLE.replace("bees", LONG).encode(), ("long.json: [0].content", f"longer than {MAX_TEXT}")),
    ("long.txt", f"Mira: {LONG}\n".encode(), ("long.txt: line 1", f"longer than {MAX_TEXT}")),
    ("export.zip", b"PK\x03\x04", ("export.zip is a zip archive. Unpack it",)),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[name for name, _, _ in BAD])
def test_a_bad_file_is_one_line(home: Path, name: str, content: bytes | None, said: tuple[str, ...]) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    refused(imprint("ingest", name, "--user", USER), *said)
    assert ledger(home) == []


def test_a_bad_file_is_one_line_of_the_installed_program(home: Path) -> None:
    Path("shape.json").write_text('[{"role": "user", "content": 5}]')
    refused(process("ingest", "shape.json", "--user", USER), "shape.json: [0].content")


def test_a_folder_is_one_line(home: Path) -> None:
    refused(imprint("ingest", ".", "--user", USER), ". is a directory. Name a file in it")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "yaml"), 'there is no format "yaml"'),
        (("--sample", "talk-1"), "text files have no sample to choose"),
        (("--speaker", "Noor"), "names: Mira, Assistant"),
    ],
)
def test_an_option_that_does_not_fit_the_file_is_one_line(home: Path, options: tuple[str, str], said: str) -> None:
    Path("talk.txt").write_text(CONVERSATION)
    refused(imprint("ingest", "talk.txt", "--user", USER, *options), said)
    assert ledger(home) == []


def test_what_stands_before_the_damaged_line_is_kept(home: Path) -> None:
    good = [json.dumps({"role": "user", "content": text}) for text in ("I keep bees.", "I sail.", "I knit.")]
    Path("chat.jsonl").write_text("\n".join([*good[:2], '{"role": "user"', good[2]]))
    refused(imprint("ingest", "chat.jsonl", "--user", USER), "chat.jsonl: line 3")
    assert texts(home) == ["I keep bees.", "I sail."]
    Path("chat.jsonl").write_text("\n".join(good))
    done = imprint("ingest", "chat.jsonl", "--user", USER, "--json")
    assert json.loads(done.out) == {"user": USER, "turns": 3, "own": 3, "new": 1, "skipped": {}}
    assert texts(home) == ["I keep bees.", "I sail.", "I knit."]


def bad_archive(kind: str, file: Path) -> None:
    if kind == "missing":
        return
    if kind == "empty":
        file.touch()
    elif kind == "not a zip":
        file.write_text("Mira: hello")
    elif kind == "oversized":
        with file.open("wb") as sparse:
            sparse.truncate(MAX_ARCHIVE + 1)
    elif kind == "truncated":
        assert imprint("memory", "export", str(file), "--user", USER).code == 0
        os.truncate(file, file.stat().st_size // 2)
    else:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("word/document.xml", "<document/>")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "no such file or directory"),
        ("empty", "it is not a whole zip file"),
        ("not a zip", "it is not a whole zip file"),
        ("truncated", "it is not a whole zip file"),
        ("foreign", "it holds a file that no export writes"),
        ("oversized", "it is larger than 512 MiB"),
    ],
)
def test_a_bad_archive_is_one_line(told: Path, kind: str, said: str) -> None:
    file = Path("mira.zip").absolute()
    bad_archive(kind, file)
    refused(imprint("memory", "import", str(file), "--user", "ines"), said)
    assert json.loads(imprint("memory", "show", "--json").out) == {"users": [USER]}


def test_an_archive_is_not_mixed_into_other_turns(told: Path) -> None:
    assert imprint("memory", "export", "mira.zip", "--user", USER).code == 0
    Path("other.txt").write_text("Ines: I keep bees.\n")
    assert imprint("ingest", "other.txt", "--user", "ines").code == 0
    refused(imprint("memory", "import", "mira.zip", "--user", "ines"), "ines has other turns", "--user")
    assert texts(told, "ines") == ["I keep bees."]


def test_an_export_does_not_replace_a_file(told: Path) -> None:
    Path("mira.zip").write_text("mine")
    refused(imprint("memory", "export", "mira.zip", "--user", USER), "mira.zip exists already")
    assert Path("mira.zip").read_text() == "mine"
    refused(imprint("memory", "export", "no/folder/mira.zip", "--user", USER), "no such file or directory")
