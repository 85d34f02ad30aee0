"""A user's turns and memories in one .zip file, to keep or to carry to another machine.

manifest.json                 format, user, what each memory was made from, size and sha256 of the others
turns.jsonl                   one turn a line, in ledger order
memories/METHOD.safetensors   the newest version of each method's memory

The same content gives the same bytes: member times are fixed. Importing unpacks nothing to disk.
"""

import io
import json
import os
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from imprint.store import unzip
from imprint.store.base import Snapshot, Store, StoredMemory
from imprint.store.checks import check_user
from imprint.store.connect import plain_errors, sync_folder
from imprint.store.unzip import FORMAT, MANIFEST, MAX_ARCHIVE, TURNS, Contents, member_of
from imprint.types import ImprintError, Turn

_MEMBER_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip member can have."""
_CHOOSE = "Choose another file"


def export_user(store: Store, user: str, path: Path) -> None:
    """Write a user's archive to a new file that only its owner can read.

    ImprintError: the file exists, the disk is full, or nothing is kept of the user.
    """
    data = pack(store, user)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with plain_errors(path, _CHOOSE):
        if path.exists():
            raise ImprintError(f"{path} exists already", "Choose another name or remove it")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.rename(part, path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)


def pack(store: Store, user: str) -> bytes:
    """A user's archive. ImprintError: nothing is kept of the user, or it changed meanwhile."""
    user = check_user(user)
    snapshot = store.snapshot(user)
    if not snapshot.epoch:
        raise ImprintError(f"nothing is kept of {user}", "See who is: imprint memory show")
    memories = _memories(store, user, snapshot)
    members = {TURNS: b"".join(_line(turn) for turn in snapshot.turns)}
    members |= {member_of(method): memory.blob for method, memory in memories.items()}
    manifest = {
        "format": FORMAT,
        "user": user,
        "memories": {name: {"heard": memory.heard, "slept": memory.slept} for name, memory in memories.items()},
        "members": {name: {"bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in members.items()},
    }
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1).encode()
    return _zip({MANIFEST: text} | members)


def import_user(store: Store, path: Path, user: str | None = None) -> Contents:
    """Read an archive file into the store, under its own user name or another; returns what it held."""
    with plain_errors(path, _CHOOSE), open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_ARCHIVE:
            raise ImprintError(f"{path} cannot be imported: it is larger than {MAX_ARCHIVE >> 20} MiB", _CHOOSE)
        data = file.read(MAX_ARCHIVE)
    return unpack(store, data, user)


def unpack(
    store: Store,
    data: bytes,
    user: str | None = None,
    memories: bool = True,
    check: Callable[[Contents], None] | None = None,
) -> Contents:
    """Put an archive into the store. The user must have no turns yet, or the same ones.

    memories: False takes over the turns only, from whoever is not trusted to bring tensors. check: raises what it has
    against the contents, before anything is written.
    ImprintError: the archive is damaged or hostile, or the user has other turns; nothing is written then.
    Cut off in between, it can be repeated.
    """
    contents = unzip.read(data)
    if check:
        check(contents)
    user = check_user(user or contents.user)
    turns = tuple(replace(turn, user=user) for turn in contents.turns)
    if store.snapshot(user).turns not in ((), turns):
        raise ImprintError(f"{user} has other turns than the archive", "Import it under another name with --user")
    store.add(user, turns)
    now = store.snapshot(user)
    if now.turns != turns:
        raise ImprintError(f"{user} heard something else during the import", "Import it under another name with --user")
    for method, memory in contents.memories.items() if memories else ():
        store.publish(user, method, memory.blob, now.epoch, memory.heard, memory.slept)
    return contents


def _memories(store: Store, user: str, snapshot: Snapshot) -> dict[str, StoredMemory]:
    """The newest memories that fit the snapshot."""
    found = {method: store.memory(user, method) for method in store.methods(user)}
    memories = {method: memory for method, memory in found.items() if memory is not None}
    if any(memory.epoch != snapshot.epoch or memory.heard > len(snapshot.turns) for memory in memories.values()):
        raise ImprintError(f"the memory of {user} changed while it was exported", "Run it again")
    return memories


def _line(turn: Turn) -> bytes:
    kept: dict[str, Any] = asdict(turn)
    del kept["user"]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _zip(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _MEMBER_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # the writer's own system would show in the bytes
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return file.getvalue()
