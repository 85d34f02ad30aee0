"""sha256 of large files, remembered by path, size and modification time: a start does not read them again."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from imprint.types import ImprintError

CHUNK = 1 << 22


def sha256_file(path: Path, home: Path) -> str:
    """Hex sha256 of a file, remembered in one small note per path under `home/cache/hashes`."""
    path = path.resolve()
    stat = path.stat()
    note = home / "cache" / "hashes" / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    known = read_json(note)
    if known.get("size") == stat.st_size and known.get("mtime_ns") == stat.st_mtime_ns:
        digest = known.get("sha256")
        if isinstance(digest, str) and len(digest) == 64:
            return digest
    digest = digest_file(path)
    write_atomically(note, {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": digest})
    return digest


def digest_file(path: Path) -> str:
    """Hex sha256 of a file's bytes, read now."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ImprintError(f"cannot read {path} ({error.strerror})", "Check the file and its permissions") from error
    return digest.hexdigest()


def read_json(path: Path) -> dict[str, object]:
    """A small JSON object; empty when the file is missing or damaged."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_atomically(path: Path, value: dict[str, object]) -> None:
    """Replace a small JSON file in one step: a reader sees the old or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
