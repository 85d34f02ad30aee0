"""`imprint`: the table of commands, and errors as one line with exit code 2."""

import sys
import traceback
from collections.abc import Sequence

import typer

from imprint.cli import ask, chat, demo, doctor, ingest, memory, sleep, study, train
from imprint.types import ImprintError

app = typer.Typer(
    help="Long-term personal memory for frozen, open-weight LLMs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("chat")(chat.chat)
app.command("ingest")(ingest.ingest)
app.command("sleep")(sleep.sleep)
app.command("ask")(ask.ask)
app.add_typer(memory.app, name="memory")
app.add_typer(study.app, name="study")
app.add_typer(train.app, name="train")
app.command("doctor")(doctor.doctor)


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. `--debug` anywhere shows the traceback of an error."""
    words = [word for word in arguments if word != "--debug"]
    try:
        code = typer.main.get_command(app).main(words, prog_name="imprint", standalone_mode=False)
    except KeyboardInterrupt as error:
        said = str(error) or "Stopped"
        sys.stderr.write(f"\nimprint: {said}\n")
        return 130
    except BrokenPipeError:
        return 141
    except Exception as error:
        if "--debug" in arguments:
            traceback.print_exc()
        line = _one_line(error)
        if line is None:
            raise
        sys.stderr.write(f"imprint: {line}\n")
        return 2
    return code if isinstance(code, int) else 0


def _one_line(error: Exception) -> str | None:
    if isinstance(error, ImprintError):
        return " ".join(str(error).split())
    if isinstance(error, typer.Abort):
        return "Stopped"
    message = getattr(error, "format_message", None)  # typer's own usage errors, which it no longer exports
    if message is not None:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "imprint"
        return f"{' '.join(message().split()).rstrip('.')}. See {where} --help"
    if isinstance(error, MemoryError):
        return "out of memory. Use a smaller model or --limit the work"
    return None


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
