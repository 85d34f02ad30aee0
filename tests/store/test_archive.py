import hashlib
import io
import json
import stat
import warnings
import zipfile
from pathlib import Path

import pytest
import torch

from imprint.store import SQLiteStore, blob, unzip
from imprint.store.archive import export_user, import_user, pack, unpack
from imprint.tensors import Memory
from imprint.types import Fingerprint, ImprintError, Turn
from tests.store.samples import turn, turns


def memory(method: str) -> bytes:
    return blob.dump(Memory(Fingerprint(method, 1, "c", "b", "e"), {"slots": torch.ones(2, 3)}, {"turns": ["x"]}))


TOLD = [
    *turns(3),
    Turn("quote", "ada", "assistant", 'a "line"\nwith \u2028 breaks \u00e9 \U0001f41d', "", "file.json#3"),
]


def told(store: SQLiteStore) -> None:
    """A user with turns and memories by two methods, one of them of a second version."""
    store.add("ada", TOLD)
    epoch = store.snapshot("ada").epoch
    store.publish("ada", "lpm", memory("lpm"), epoch, 2, 0)
    store.publish("ada", "lpm", memory("lpm"), epoch, 4, 3)
    store.publish("ada", "bm25", memory("bm25"), epoch, 1, 0)


@pytest.fixture
def other(tmp_path: Path):
    with SQLiteStore(tmp_path / "other") as opened:
        yield opened


def test_a_user_moves_to_another_home(store: SQLiteStore, other: SQLiteStore, tmp_path: Path) -> None:
    told(store)
    export_user(store, "ada", tmp_path / "ada.zip")
    contents = import_user(other, tmp_path / "ada.zip")
    assert (contents.user, len(contents.turns), sorted(contents.memories)) == ("ada", 4, ["bm25", "lpm"])
    assert other.turns("ada") == TOLD
    assert other.snapshot("ada").slept == 3
    for method, heard, slept in [("lpm", 4, 3), ("bm25", 1, 0)]:
        kept = other.memory("ada", method)
        assert kept is not None
        assert (kept.blob, kept.heard, kept.slept, kept.version) == (memory(method), heard, slept, 1)


def test_the_archive_of_an_import_has_the_same_bytes(store: SQLiteStore, other: SQLiteStore) -> None:
    told(store)
    data = pack(store, "ada")
    unpack(other, data)
    assert pack(other, "ada") == data == pack(store, "ada")


def test_importing_again_changes_nothing(store: SQLiteStore) -> None:
    told(store)
    epoch = store.snapshot("ada").epoch
    unpack(store, pack(store, "ada"))
    assert store.snapshot("ada").epoch == epoch
    assert store.turns("ada") == TOLD
    assert [kept.version for kept in store.history("ada", "lpm")] == [2, 1]


def test_an_archive_can_be_imported_under_another_name(store: SQLiteStore) -> None:
    told(store)
    unpack(store, pack(store, "ada"), "ada-2")
    assert [kept.text for kept in store.turns("ada-2")] == [kept.text for kept in TOLD]
    assert {kept.user for kept in store.turns("ada-2")} == {"ada-2"}


def test_a_user_with_other_turns_is_left_alone(store: SQLiteStore, other: SQLiteStore) -> None:
    told(store)
    other.add("ada", [turn(77)])
    with pytest.raises(ImprintError, match="ada has other turns than the archive. Import it under another name"):
        unpack(other, pack(store, "ada"))
    assert other.turns("ada") == [turn(77)]
    assert other.methods("ada") == []


def test_a_user_whose_turns_were_all_forgotten_can_be_imported(store: SQLiteStore) -> None:
    told(store)
    data = pack(store, "ada")
    store.forget("ada", [kept.id for kept in TOLD])
    unpack(store, data)
    assert store.turns("ada") == TOLD


def test_an_export_is_its_owners_alone_and_overwrites_nothing(store: SQLiteStore, tmp_path: Path) -> None:
    told(store)
    path = tmp_path / "ada.zip"
    export_user(store, "ada", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ImprintError, match="exists already"):
        export_user(store, "ada", path)
    with pytest.raises(ImprintError, match="no such file"):
        export_user(store, "ada", tmp_path / "nowhere" / "ada.zip")
    with pytest.raises(ImprintError, match="nothing is kept of eve"):
        export_user(store, "eve", tmp_path / "eve.zip")
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["ada.zip"]


def test_a_missing_archive_is_an_error_in_one_line(store: SQLiteStore, tmp_path: Path) -> None:
    with pytest.raises(ImprintError, match="no such file"):
        import_user(store, tmp_path / "nothing.zip")


def members(store: SQLiteStore) -> dict[str, bytes]:
    told(store)
    with zipfile.ZipFile(io.BytesIO(pack(store, "ada"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def resigned(content: dict[str, bytes], **manifest: object) -> bytes:
    """An archive whose manifest fits its members, as someone who means harm would make it."""
    told_of = json.loads(content["manifest.json"])
    told_of["members"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in content.items()
        if name != "manifest.json"
    }
    return zipped(content | {"manifest.json": json.dumps(told_of | manifest).encode()})


def refused(store: SQLiteStore, data: bytes, reason: str) -> None:
    with pytest.raises(ImprintError, match=reason) as error:
        unpack(store, data)
    assert "\n" not in str(error.value)
    assert store.users() == []


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "memories/../../evil.safetensors",
        "memories\\evil.safetensors",
        "evil.pkl",
        "memories/A.safetensors",
    ],
)
def test_a_member_no_export_writes_is_refused(store: SQLiteStore, other: SQLiteStore, name: str) -> None:
    refused(other, resigned(members(store) | {name: b"x"}), "a file that no export writes")


def test_damaged_archives_are_refused(store: SQLiteStore, other: SQLiteStore) -> None:
    content = members(store)
    data = zipped(content)
    for broken in (b"", b"PK", data[:-30], data[: len(data) // 2], data[40:], bytes(1000)):
        refused(other, broken, "the archive cannot be imported")
    refused(other, zipped(content | {"turns.jsonl": content["turns.jsonl"] + b"\n"}), "not those of its manifest")
    for name in content:
        refused(other, zipped({kept: content[kept] for kept in content if kept != name}), "cannot be imported")


def test_a_flipped_byte_anywhere_is_refused_or_harmless(store: SQLiteStore, other: SQLiteStore) -> None:
    told(store)
    data = pack(store, "ada")
    right = unzip.read(data)
    for place in range(0, len(data), 3):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        try:
            assert unzip.read(bytes(flipped)) == right, place
        except ImprintError:
            assert other.users() == []


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b'{"id":"x"}', b"\xff", b'{"id":"9","role":"system","text":"","time":"","source":""}',
     b'{"id":"9","role":"user","text":7,"time":"","source":""}', b"[" * 100_000,
     b'{"id":"9","role":"user","text":"","time":"","source":"","user":"bob"}',
     b'{"id":"9","role":"user","text":"\\ud800","time":"","source":""}',
     b'{"id":"9","role":"user","text":"\\u0000","time":"","source":""}'],
    ids=lambda line: line[:30].decode("latin1"),
)  # fmt: skip
def test_a_line_that_is_no_turn_is_refused(store: SQLiteStore, other: SQLiteStore, line: bytes) -> None:
    content = members(store)
    refused(other, resigned(content | {"turns.jsonl": content["turns.jsonl"] + line + b"\n"}), "turn")


def test_a_turn_that_is_there_twice_is_refused(store: SQLiteStore, other: SQLiteStore) -> None:
    content = members(store)
    refused(other, resigned(content | {"turns.jsonl": content["turns.jsonl"] * 2}), "two of its turns have one id")


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({"format": 2}, "another format"),
        ({"user": "../ada"}, "not a user name"),
        ({"user": 7}, "manifest is not complete"),
        ({"more": 7}, "manifest is not complete"),
        ({"memories": []}, "manifest is not complete"),
        ({"memories": {"lpm": {"heard": 4, "slept": 3}}}, "does not say what a memory was made from"),
        (
            {"memories": {"lpm": {"heard": 5, "slept": 3}, "bm25": {"heard": 1, "slept": 0}}},
            "turns it does not hold",
        ),
        (
            {"memories": {"lpm": {"heard": True, "slept": 0}, "bm25": {"heard": 1, "slept": 0}}},
            "turns it does not",
        ),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    store: SQLiteStore, other: SQLiteStore, manifest: dict, reason: str
) -> None:
    refused(other, resigned(members(store), **manifest), reason)


def test_a_memory_that_is_none_is_refused(store: SQLiteStore, other: SQLiteStore) -> None:
    content = members(store)
    name = "memories/lpm.safetensors"
    refused(other, resigned(content | {name: b"\x80\x04]."}), "the memory cannot be used")
    refused(other, resigned(content | {name: memory("plum")}), "made by another method than its name says")


def test_a_zip_bomb_is_refused_by_what_it_inflates_to(store: SQLiteStore, other: SQLiteStore) -> None:
    content = members(store)
    bomb = zipped(content | {"manifest.json": bytes(unzip.MAX_MANIFEST + 1)})
    assert len(bomb) < 20_000
    refused(other, bomb, "a member is too large")
    small = bomb.replace((unzip.MAX_MANIFEST + 1).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert small != bomb  # it now declares ten bytes
    refused(other, small, "the archive cannot be imported")


def test_many_or_doubled_or_strangely_packed_members_are_refused(store: SQLiteStore, other: SQLiteStore) -> None:
    content = members(store)
    many = {f"memories/m{number}.safetensors": b"" for number in range(unzip.MAX_MEMBERS)}
    refused(other, zipped(content | many), "more than 64 members")
    refused(other, zipped(content, zipfile.ZIP_LZMA), "compressed in another way")
    file = io.BytesIO(zipped(content))
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile warns that it writes a doubled name
        archive.writestr("turns.jsonl", b"")
    refused(other, file.getvalue(), "two of its members have one name")
