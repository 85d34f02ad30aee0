"""What stands below `imprint eval` beside its benchmarks: commands with options of their own."""

from typing import Any

import typer
from typer.core import TyperCommand

from imprint.cli.networks import network

below = typer.Typer(rich_markup_mode=None)
below.command("network")(network)


@below.callback()
def _below() -> None:
    """Makes a group of it, also while it holds one command."""


class Evaluate(TyperCommand):
    """`imprint eval BENCHMARK`, unless the first word is one of the commands below it."""

    @property
    def commands(self) -> dict[str, Any]:
        """By name."""
        group: Any = typer.main.get_command(below)
        return group.commands

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command that is meant."""
        found = self.commands.get(args[0]) if args else None
        if found is None:
            return super().make_context(info_name, args, parent, **extra)
        own = self.context_class(self, info_name=info_name, parent=parent)
        return found.make_context(args[0], args[1:], parent=own, **extra)

    def get_params(self, ctx: Any) -> Any:
        """None for a command below, whose usage would name our argument otherwise."""
        return super().get_params(ctx) if ctx.command is self else []

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        with formatter.section("Instead of a benchmark"):
            formatter.write_dl([(name, each.get_short_help_str(80)) for name, each in self.commands.items()])
