"""`imprint ask`: one question, one answer."""

from typing import Annotated

import typer

from imprint.cli.options import ConfigFile, Json, MethodName, Model, User, check, emit, notice, open_companion


def ask(
    question: Annotated[str, typer.Argument(help="What to ask.")],
    user: User,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
    bare: Annotated[bool, typer.Option("--bare", help="Ask the frozen model without the memory.")] = False,
    as_json: Json = False,
) -> None:
    """Ask one question; nothing is written to the memory.

    Example: imprint ask "What is my dog called?" --user mira
    """
    check(user)
    from imprint.cli.turns import sampling, spoken

    turn = spoken(user, question)
    with open_companion(config, model, "none" if bare else method) as opened:
        answer = opened.companion.reply(user, [turn], sampling(opened.config))
    if answer.dropped:
        notice(f"{answer.dropped} oldest messages were left out: the model's window is full")
    if as_json:
        emit({"answer": answer.text, "prompt_tokens": answer.prompt_tokens, "soft_tokens": answer.soft_tokens})
    else:
        typer.echo(answer.text)
