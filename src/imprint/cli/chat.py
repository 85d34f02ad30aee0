"""`imprint chat`: talk, and be remembered."""

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING

import typer

from imprint.cli.options import ConfigFile, MethodName, Model, Opened, User, check, notice, open_companion
from imprint.types import ImprintError, Turn

if TYPE_CHECKING:
    from imprint.backbone.base import Sampling

HELP = "/remember TEXT  /forget ID  /why  /memory  /sleep  /quit"


def chat(user: User, model: Model = "", method: MethodName = "", config: ConfigFile = None) -> None:
    """Talk with the model. What you say is heard; /sleep makes it part of the memory.

    Inside: /remember TEXT, /forget ID, /why, /memory, /sleep, /quit.

    Example: imprint chat --user mira
    """
    user = check(user)
    from imprint.cli.turns import sampling

    if sys.stdin.isatty():
        with contextlib.suppress(ImportError):  # arrow keys and history, where Python has them
            importlib.import_module("readline")
    with open_companion(config, model, method) as opened:
        conversation = Conversation(opened, user, sampling(opened.config))
        typer.echo(f"Talking as {user}. {HELP}")
        while True:
            try:
                line = input("> ").strip()
            except EOFError:
                typer.echo()
                return
            if line == "/quit":
                return
            if line:
                conversation.take(line)


class Conversation:
    """One chat: what was said so far, and the commands inside it."""

    def __init__(self, opened: Opened, user: str, sampling: "Sampling") -> None:
        self.companion = opened.companion
        self.user = user
        self.sampling = sampling
        self.said: list[Turn] = []
        self.reason: list[str] = []
        """Why the last question was answered as it was."""

    def take(self, line: str) -> None:
        """A message, or a command that begins with a slash. Errors are shown and the chat goes on."""
        word, _, rest = line.partition(" ")
        commands = {"/remember": self.remember, "/forget": self.forget}
        plain = {"/why": self.why, "/memory": self.memory, "/sleep": self.sleep}
        try:
            if word in commands:
                commands[word](rest.strip())
            elif word in plain:
                plain[word]()
            elif word.startswith("/"):
                typer.echo(f"There is no command {word}. {HELP}")
            else:
                self.answer(line)
        except ImprintError as error:
            notice(f"imprint: {error}")
        except KeyboardInterrupt as error:
            notice(str(error) or "Stopped")

    def answer(self, text: str) -> None:
        """Reply, then hear both turns: a question asked now is answered from what was told before."""
        from imprint.cli.show import why_lines
        from imprint.cli.turns import spoken

        turn = spoken(self.user, text)
        reason = list(why_lines(self.companion, self.user, turn))
        dropped, pieces = self.companion.stream(self.user, [*self.said, turn], self.sampling)
        if dropped:
            notice(f"{dropped} oldest messages were left out: the model's window is full")
        self.reason, reply = reason, ""
        try:
            for piece in pieces:
                typer.echo(piece.text, nl=False)
                reply += piece.text
        finally:  # also when Ctrl-C cuts the reply short
            typer.echo()
            reply = reply.replace("\0", "")
            turns = [turn, *([spoken(self.user, reply, "assistant")] if reply.strip() else [])]
            self.said += turns
            self.companion.hear(self.user, turns)

    def remember(self, text: str) -> None:
        """Hear a sentence without answering it."""
        from imprint.cli.turns import spoken

        turn = spoken(self.user, text)
        self.companion.hear(self.user, [turn])
        typer.echo(f"Heard as {turn.id}; /sleep makes it part of the memory")

    def forget(self, ids: str) -> None:
        """Forget turns and rebuild the memory."""
        from imprint.cli.bars import Bar
        from imprint.cli.show import receipt_lines
        from imprint.cli.turns import turn_ids

        turns = turn_ids(ids.split())
        try:
            with Bar() as bar:
                receipt = self.companion.forget(self.user, turns, bar)
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt("Stopped. /sleep finishes the memory without what is removed") from stopped
        self.said = [said for said in self.said if said.id not in turns]
        for line in receipt_lines(receipt):
            typer.echo(line)

    def why(self) -> None:
        """Why the last question was answered as it was."""
        if not self.reason:
            raise ImprintError("nothing was asked yet", "Ask something first")
        for line in self.reason:
            typer.echo(line)

    def memory(self) -> None:
        """What the memory holds."""
        from imprint.cli.show import memory_lines

        for line in memory_lines(self.companion, self.user):
            typer.echo(line)

    def sleep(self) -> None:
        """Consolidate now."""
        from imprint.cli.bars import Bar

        try:
            with Bar() as bar:
                state = self.companion.sleep(self.user, bar)
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt("Stopped. /sleep goes on where it was") from stopped
        typer.echo(f"Slept: {state.heard} turns, memory of {state.bytes:,} bytes")
