"""Long-term personal memory for frozen open-weight language models. Importing this loads no torch."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imprint.companion import Companion
    from imprint.types import ImprintError, Turn

__version__ = "0.1.0"
__all__ = ["Companion", "ImprintError", "Turn", "__version__"]

_HOMES = {
    "Companion": "imprint.companion",
    "ImprintError": "imprint.types",
    "Turn": "imprint.types",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'imprint' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
