"""Every example of docs/ingest.md does what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from imprint.data import FORMATS, read_conversation
from imprint.types import MAX_TEXT, ImprintError

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ingest.md").read_text(encoding="utf-8")
# A line with only a file's name comes before the block that shows the file.
BLOCKS = re.findall(r"^(?:`(\S+)`:\n\n)?```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILES = {name: body for name, _, body in BLOCKS if name}
COMMANDS = [body for _, kind, body in BLOCKS if kind == "console"]
TURNS = [body for _, kind, body in BLOCKS if kind == "turns"]
(ERRORS,) = (body.splitlines() for _, kind, body in BLOCKS if kind == "errors")
(SCRIPT,) = (body for _, kind, body in BLOCKS if kind == "python")

# What provokes each error of the page, in its order: file name, content (None: no such file).
BROKEN: list[tuple[str, bytes | None]] = [
    ("chat.json", None),
    ("chat.json", FILES["chat.json"][:200].encode()),
    ("chat.json", b'[{"role": "user", "content": "Hi."}, {"role": "user", "content": 5}]'),
    ("chat.jsonl", b'{"role": "user", "content": "Hi."}\n{"role" "user"}\n'),
    ("chat.jsonl", b'{"role": "user", "content": "%s"}\n{"role": "user"}\n' % (b"x" * (MAX_TEXT + 1))),
    ("talk.txt", b"Ilse: caf\xe9\n"),
    ("talk.txt", FILES["talk.txt"].replace("  Note: second floor.\n", "").encode()),
    ("talks.json", FILES["talks.json"].encode()),
    ("export.zip", b"PK\x03\x04"),
]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, body in FILES.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_example_file_has_a_command_and_its_turns():
    assert [shlex.split(command)[2] for command in COMMANDS] == list(FILES)
    assert len(TURNS) == len(FILES) == 5
    kinds = {"console", "turns", "errors", "python"}
    assert all(name or kind in kinds for name, kind, _ in BLOCKS)


@pytest.mark.parametrize(("command", "turns"), list(zip(COMMANDS, TURNS, strict=True)))
def test_a_command_reads_the_turns_below_it(files, command, turns):
    program, verb, name, *rest = shlex.split(command)
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    assert (program, verb) == ("imprint", "ingest")
    user = options.pop("--user")
    sample, speaker = options.pop("--sample", ""), options.pop("--speaker", "")
    assert options == {}
    read = list(read_conversation(files / name, user, sample=sample, speaker=speaker))
    lines = [f"{' '.join(filter(None, (t.role, t.time)))}: {t.text}".replace("\n", "\\n") for t in read]
    assert lines == turns.splitlines()
    assert {turn.user for turn in read} == {user}


@pytest.mark.parametrize(("broken", "line"), list(zip(BROKEN, ERRORS, strict=True)))
def test_an_error_reads_as_the_page_says(files, broken, line):
    name, content = broken
    Path(name).unlink(missing_ok=True)
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises(ImprintError) as caught:
        list(read_conversation(Path(name), "mara"))
    assert str(caught.value) == line


def test_the_script_runs(files, capsys):
    exec(compile(SCRIPT, "ingest.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("user Loud at four, but I like it.")
    assert re.fullmatch(r"[0-9a-f]{16} user I moved to Ghent in March\.", lines[0])


def test_the_table_lists_every_format():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(FORMATS)
