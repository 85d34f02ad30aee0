"""`imprint`: the table of commands, and errors as one line with exit code 2."""

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from imprint import __version__
from imprint.cli import ask, chat, demo, doctor, ingest, keys, memory, report, serve, sleep, study, train
from imprint.cli.eval import evaluate
from imprint.cli.evals import Evaluate
from imprint.types import ImprintError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command("demo")(demo.demo)
app.command("chat")(chat.chat)
app.command("ingest")(ingest.ingest)
app.command("sleep")(sleep.sleep)
app.command("ask")(ask.ask)
app.add_typer(memory.app, name="memory")
app.add_typer(study.app, name="study")
app.add_typer(train.app, name="train")
app.command("eval", cls=Evaluate)(evaluate)
app.command("report")(report.report)
app.command("serve")(serve.serve)
app.add_typer(keys.app, name="keys")
app.command("doctor")(doctor.doctor)

STOPPED = 130
PIPE_CLOSED = 141


def _print_version(asked: bool) -> bool:
    if asked:
        typer.echo(f"imprint {__version__}")
        raise typer.Exit()
    return asked


@app.callback()
def imprint(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error. May stand anywhere.")] = False,
) -> None:
    """Long-term personal memory for frozen, open-weight LLMs."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code: 0 done, 1 a check failed, 2 an error, 130 stopped by Ctrl-C."""
    words, debug = _without_debug(arguments)
    if words in ([], *([group.name] for group in app.registered_groups)):
        words.append("--help")
    command = typer.main.get_command(app)
    try:
        # Not command.main(), which ends a Ctrl-C without a word.
        with command.make_context("imprint", words) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as ended:
        return ended.exit_code
    except KeyboardInterrupt as error:
        said = str(error) or "Stopped"
        sys.stderr.write(("\n" if sys.stderr.isatty() else "") + f"imprint: {said}\n")
        return STOPPED
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:
        if debug:
            traceback.print_exc()
        sys.stderr.write(f"imprint: {_printable(_one_line(error))}\n")
        return 2
    return 0


def _without_debug(arguments: Sequence[str]) -> tuple[list[str], bool]:
    """The arguments without `--debug`, and whether it was there; what follows `--` is left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    words = [word for word in arguments[:end] if word != "--debug"]
    return [*words, *arguments[end:]], len(words) < end


def _one_line(error: Exception) -> str:
    if isinstance(error, ImprintError):
        return str(error)
    message = getattr(error, "format_message", None)  # typer's own usage errors, which it does not export
    if message is not None:
        context = getattr(error, "ctx", None)
        return f"{message().rstrip('.')}. See {context.command_path if context else 'imprint'} --help"
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        reason = (error.strerror or type(error).__name__).lower()
        return f"the system refused to read or write{where}: {reason}. Mend that and run it again"
    if isinstance(error, MemoryError):
        return "out of memory. Use a smaller model or close other programs"
    # The message of an error nobody foresaw may quote what a user said.
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
    return f"a mistake in imprint ({place}). Run it again with --debug and report what it shows"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    if not sys.warnoptions and "--debug" not in sys.argv:
        warnings.simplefilter("ignore")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # said already; Python would say it again on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
