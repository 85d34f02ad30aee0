"""What README and docs/serve.md show is true."""

import io
import re
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from imprint.config import read_section
from imprint.serve.settings import ServeConfig
from tests.serve.servers import MODEL, Server

PAGES = ("README.md", "docs/serve.md")


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the example leaves its client to the end of the program
def test_the_example_of_a_client_runs_as_written(root: Path, server: Server, page: str) -> None:
    (code,) = blocks(root / page, "python")
    assert len([line for line in code.splitlines() if line]) <= 5
    for written, here in (("http://127.0.0.1:8000", server.url), ('"embedded"', f'"{MODEL}"')):
        assert written in code
        code = code.replace(written, here)
    out = io.StringIO()
    with redirect_stdout(out):
        exec(code, {})
    assert out.getvalue()
    assert server.state.companion.store.turns("mira")


def test_the_settings_shown_are_the_defaults(root: Path) -> None:
    (shown,) = blocks(root / "docs/serve.md", "toml")
    table = tomllib.loads(shown)["serve"]
    assert read_section(ServeConfig, table, "docs") == ServeConfig()
    assert list(table) == list(ServeConfig.__dataclass_fields__)


def test_every_route_is_on_the_page(root: Path, server: Server) -> None:
    page = (root / "docs/serve.md").read_text(encoding="utf-8")
    with server.http() as http:
        paths = http.get("/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            shown = path.replace("{user}", "USER").replace("/{model}", "").replace("{turn}", "ID")
            assert f"{method.upper()} {shown}" in page or f"`{shown}`" in page, (method, path)
