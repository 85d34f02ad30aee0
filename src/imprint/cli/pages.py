"""The page docs/cli.md, made from the commands' own help: `python -m imprint.cli.pages`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from imprint.cli.main import app

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"
WIDTH = 100
HEAD = """# Command line

Made by `python -m imprint.cli.pages` from what `--help` prints.

`IMPRINT_HOME` names the data folder; without it, that is the platform's place for user data. Its `config.toml` sets
what a command's options leave open. With `--json`, a command prints one JSON object on stdout. Progress and notices go
to stderr.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | a check failed: `doctor` misses something, `demo` forgot too much, `report --check` found old pages; `erase`: no |
| 2 | an error: one line on stderr says what is wrong and what to do; `--debug` shows the traceback |
| 130 | stopped by Ctrl-C; what was acknowledged is kept |
| 141 | the program that reads the output has ended |
"""


def page() -> str:
    """The whole page."""
    command = typer.main.get_command(app)
    return "\n".join([HEAD, *_sections(command, "imprint", None)])


def examples() -> list[str]:
    """The example of each command, as its help gives it."""
    command: Any = typer.main.get_command(app)
    return [_example(leaf) for leaf in _leaves(command)]


def _sections(command: Any, name: str, parent: Any) -> Iterator[str]:
    """A section for a command and each one below it."""
    context = command.context_class(command, info_name=name, parent=parent, terminal_width=WIDTH)
    yield f"{'#' * (2 if parent is None or parent.parent is None else 3)} {context.command_path}\n"
    yield f"```text\n{command.get_help(context).rstrip()}\n```\n"
    for below, each in getattr(command, "commands", {}).items():
        yield from _sections(each, below, context)


def _leaves(command: Any) -> Iterator[Any]:
    below = getattr(command, "commands", {})
    if "Example: " in (command.help or ""):
        yield command
    for each in below.values():
        yield from _leaves(each)


def _example(command: Any) -> str:
    lines = [line for line in command.help.splitlines() if line.startswith("Example: ")]
    return lines[-1].removeprefix("Example: ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
