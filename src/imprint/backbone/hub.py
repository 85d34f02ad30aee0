"""A hub id -> the folder of its files in the Hugging Face cache."""

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
)

from imprint.types import ImprintError

WANTED = ["*.safetensors", "*.safetensors.index.json", "*.json", "tokenizer.model", "merges.txt", "*.jinja"]
"""Never .bin, .pt or .py: no pickle, no code."""


def hub_folder(name: str) -> Path:
    """Downloads what the cache lacks; offline, the cache must have it."""
    try:
        return Path(snapshot_download(name, allow_patterns=WANTED))
    except HFValidationError as error:
        raise ImprintError(
            f"{name} is neither a file, a folder nor a hub id", "Give one of them, or embedded"
        ) from error
    except (LocalEntryNotFoundError, OfflineModeIsEnabled, ConnectionError) as error:
        raise ImprintError(
            f"the model {name} is not in the local cache and the hub cannot be reached",
            "Connect to the network, or give a folder, a GGUF file or embedded",
        ) from error
    except HfHubHTTPError as error:
        raise ImprintError(
            f"the hub has no model {name} that you may read", "Check its name and your access"
        ) from error
