"""Non-commercial data carries its licence notice, or is not read."""

from pathlib import Path

from imprint.types import ImprintError


def check_notice(data: Path, source: str) -> None:
    """ImprintError unless a LICENSE file with the terms lies beside the data (in it, for a folder) or one folder up."""
    folder = (data if data.is_dir() else data.parent).absolute()
    if not any(_is_notice(path) for place in (folder, folder.parent) for path in place.glob("LICENSE*")):
        problem = f"{data}: no LICENSE file with its terms (CC BY-NC 4.0) beside it or one folder up"
        raise ImprintError(problem, f"Get the LICENSE of {source} and put it there")


def _is_notice(path: Path) -> bool:
    # The folder above may be a project with a licence of its own.
    return path.is_file() and b"NonCommercial" in path.read_bytes()
