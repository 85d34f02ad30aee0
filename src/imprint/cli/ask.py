"""`imprint ask`: one question, one answer."""

from typing import Annotated

import typer

from imprint.cli.options import (
    ConfigFile,
    Json,
    MethodName,
    Model,
    User,
    check,
    check_heard,
    emit,
    notice,
    open_companion,
)


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
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
    from imprint.cli.turns import sampling, spoken

    user = check(user)
    turn = spoken(user, question)
    if not bare:
        check_heard(user, "add --bare to ask the model alone")
    with open_companion(config, model, "none" if bare else method) as opened:
        from imprint.cli.show import waiting

        waits = "" if bare else waiting(opened.companion, user)
        if waits:
            notice(waits)
        answer = opened.companion.reply(user, [turn], sampling(opened.config))
        name = opened.companion.method.name
    if as_json:
        counts = {"prompt_tokens": answer.prompt_tokens, "soft_tokens": answer.soft_tokens}
        emit({"user": user, "method": name, "answer": answer.text, **counts})
    else:
        typer.echo(answer.text)
