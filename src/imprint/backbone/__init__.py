"""The frozen LLM and the only four ways into it. Opening one is the only thing here that loads torch."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imprint.backbone.base import Backbone


def open_backbone(spec: str, home: Path, notice: Callable[[str], None] | None = None) -> "Backbone":
    """The model that `spec` names: "embedded", a folder, a GGUF file or a hub id.

    home: where dequantised weights and hashes are kept. notice: told in one line before first-time work.
    Raises ImprintError when there is no such model or it cannot be used.
    """
    from imprint.backbone.embedded import embedded_gguf
    from imprint.backbone.folder import load_folder
    from imprint.backbone.gguf import dequantised
    from imprint.backbone.hub import hub_folder
    from imprint.types import ImprintError

    try:
        path = Path(spec).expanduser()
    except RuntimeError as error:
        raise ImprintError(f"{spec} names the home of nobody", "Write the whole path") from error
    if spec == "embedded":
        return load_folder(dequantised(embedded_gguf(home), home, notice), home)
    if path.is_dir():
        return load_folder(path, home)
    if path.suffix.lower() == ".gguf":
        if not path.is_file():
            raise ImprintError(f"there is no file {path}", "Check the path")
        return load_folder(dequantised(path, home, notice), home)
    if path.exists():
        raise ImprintError(f"{path} is not a GGUF file", "Give a folder, a GGUF file, a hub id or embedded")
    if not spec or spec[0] in "./~" or spec.count("/") > 1:
        raise ImprintError(f"there is no model folder {spec}", "Give a folder, a GGUF file, a hub id or embedded")
    return load_folder(hub_folder(spec), home)


__all__ = ["open_backbone"]
