"""Reads a user's archive from bytes nobody vouches for: bounded, checked, and never unpacked to disk."""

import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any, NoReturn, get_args

from imprint.store import blob
from imprint.store.base import MAX_BLOB
from imprint.store.checks import check_turns, check_user
from imprint.types import ImprintError, Role, Turn

FORMAT = 1
MANIFEST = "manifest.json"
TURNS = "turns.jsonl"
MAX_ARCHIVE = 512 * 1024 * 1024
"""Largest archive, and largest sum of its members when inflated, in bytes."""
MAX_TURNS_BYTES = 256 * 1024 * 1024
MAX_MANIFEST = 1024 * 1024
MAX_MEMBERS = 64
_MEMBER = re.compile(r"memories/([a-z0-9_]{1,64})\.safetensors")
_COLUMNS = {field.name for field in fields(Turn)} - {"user"}
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What zipfile and json are known to raise on malformed input."""


@dataclass(frozen=True)
class ArchivedMemory:
    """A memory as the archive holds it; its blob was read once and is well-formed."""

    blob: bytes
    heard: int
    slept: int


@dataclass(frozen=True)
class Contents:
    """A checked archive."""

    user: str
    turns: tuple[Turn, ...]
    memories: dict[str, ArchivedMemory]
    """By method."""


def member_of(method: str) -> str:
    """Name of the member that holds a method's memory."""
    return f"memories/{method}.safetensors"


def read(data: bytes) -> Contents:
    """Everything in an archive, checked. ImprintError: anything in it is not as an export writes it."""
    if len(data) > MAX_ARCHIVE:
        _refuse(f"it is larger than {MAX_ARCHIVE >> 20} MiB")
    members = _members(data)
    if MANIFEST not in members or TURNS not in members:
        _refuse("it has no manifest or no turns")
    manifest = _manifest(members.pop(MANIFEST))
    sums = {name: {"bytes": len(part), "sha256": sha256(part).hexdigest()} for name, part in members.items()}
    if sums != manifest["members"]:
        _refuse("its members are not those of its manifest")
    turns = _turns(members.pop(TURNS), manifest["user"])
    memories = {}
    for name, content in members.items():
        found = _MEMBER.fullmatch(name)
        assert found is not None
        memories[found[1]] = _memory(found[1], content, manifest["memories"].get(found[1]), len(turns))
    if set(memories) != set(manifest["memories"]):
        _refuse("a memory of its manifest is missing")
    return Contents(manifest["user"], turns, memories)


def _refuse(reason: str) -> NoReturn:
    raise ImprintError(
        f"the archive cannot be imported: {reason}", "Export it again: imprint memory export --user NAME"
    )


def _members(data: bytes) -> dict[str, bytes]:
    """Inflated members by name. Sizes a zip declares are not believed: reading itself is bounded."""
    members: dict[str, bytes] = {}
    left = MAX_ARCHIVE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                _refuse(f"it has more than {MAX_MEMBERS} members")
            for info in archive.infolist():
                name = info.filename
                if name in members:
                    _refuse("two of its members have one name")
                if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    _refuse("it is encrypted or compressed in another way")
                most = min(left, _most(name))
                with archive.open(info) as member:
                    content = member.read(most + 1)
                if len(content) > most:
                    _refuse("a member is too large")
                left -= len(content)
                members[name] = content
    except _UNREADABLE:
        _refuse("it is not a whole zip file")
    return members


def _most(name: str) -> int:
    """Largest size of a member of this name, in bytes."""
    if name == MANIFEST:
        return MAX_MANIFEST
    if name == TURNS:
        return MAX_TURNS_BYTES
    if not _MEMBER.fullmatch(name):
        _refuse("it holds a file that no export writes")
    return MAX_BLOB


def _manifest(content: bytes) -> dict[str, Any]:
    manifest = _json(content, "its manifest")
    if manifest.get("format") != FORMAT:
        _refuse("it has another format, perhaps of a newer imprint")
    if set(manifest) != {"format", "user", "memories", "members"} or not isinstance(manifest["user"], str):
        _refuse("its manifest is not complete")
    if not isinstance(manifest["memories"], dict) or not isinstance(manifest["members"], dict):
        _refuse("its manifest is not complete")
    return manifest | {"user": check_user(manifest["user"])}


def _turns(content: bytes, user: str) -> tuple[Turn, ...]:
    turns = []
    for number, line in enumerate(content.splitlines(), start=1):
        columns = _json(line, f"line {number} of its turns")
        if set(columns) != _COLUMNS or not all(isinstance(value, str) for value in columns.values()):
            _refuse(f"line {number} of its turns is not a turn")
        if columns["role"] not in get_args(Role):
            _refuse(f"line {number} of its turns has a role that is neither user nor assistant")
        turns.append(Turn(user=user, **columns))
    check_turns(user, turns)
    if len({turn.id for turn in turns}) != len(turns):
        _refuse("two of its turns have one id")
    return tuple(turns)


def _memory(method: str, content: bytes, made_from: Any, turns: int) -> ArchivedMemory:
    if not isinstance(made_from, dict) or set(made_from) != {"heard", "slept"}:
        _refuse("its manifest does not say what a memory was made from")
    heard, slept = made_from["heard"], made_from["slept"]
    if type(heard) is not int or type(slept) is not int or not 0 <= slept <= heard <= turns:
        _refuse("a memory was made from turns it does not hold")
    if blob.load(content, None).fingerprint.method != method:
        _refuse("a memory was made by another method than its name says")
    return ArchivedMemory(content, heard, slept)


def _json(content: bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(content.decode())
    except (ValueError, RecursionError):
        _refuse(f"{what} cannot be read")
    if not isinstance(value, dict):
        _refuse(f"{what} is not a JSON object")
    return value
