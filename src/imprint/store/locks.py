"""Locks across processes, one a file, that the kernel releases when their process dies."""

import fcntl
import hashlib
import os
from contextlib import suppress
from pathlib import Path


def lock_path(home: Path, user: str) -> Path:
    """Where a user's lock lies. Named by a hash, so that no file name tells who has a memory here."""
    return home / "locks" / f"{hashlib.sha256(user.encode()).hexdigest()[:32]}.lock"


def take(path: Path, wait: bool) -> int | None:
    """Descriptor of the locked file, or None when someone else holds it and we do not wait."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The last holder may have unlinked the file after we opened it: then our lock guards nothing.
            if _same_file(path, descriptor):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def release(path: Path, descriptor: int) -> None:
    """Remove the file and let go. Unlinking while the lock is held is what keeps `take` exclusive."""
    with suppress(OSError):
        if _same_file(path, descriptor):
            path.unlink()
    fcntl.flock(descriptor, fcntl.LOCK_UN)  # a forked child may share the descriptor: closing alone would not do
    os.close(descriptor)


def _same_file(path: Path, descriptor: int) -> bool:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)
