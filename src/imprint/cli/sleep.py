"""`imprint sleep`: consolidate what was heard."""

import time

import typer

from imprint.cli.options import ConfigFile, Json, MethodName, Model, User, check_heard, emit, open_companion


def sleep(
    user: User, model: Model = "", method: MethodName = "", config: ConfigFile = None, as_json: Json = False
) -> None:
    """Fit the memory to everything heard.

    Ctrl-C keeps what is done; the next sleep goes on from there. Sleep also makes a memory anew for another model,
    method or version, from the ledger.

    Example: imprint sleep --user mira
    """
    user = check_heard(user)
    from imprint.cli.bars import Bar

    with open_companion(config, model, method) as opened:
        began = time.monotonic()
        try:
            with Bar() as bar:
                state = opened.companion.sleep(user, bar)
        except KeyboardInterrupt as stopped:
            raise KeyboardInterrupt(f"Stopped. imprint sleep --user {user} goes on where it was") from stopped
        seconds = round(time.monotonic() - began, 1)
        name, notice = opened.companion.method.name, opened.companion.method.notice
    facts = len(state.memory.meta.get("facts", []))
    if as_json:
        counts = {"turns": state.heard, "facts": facts, "bytes": state.bytes, "seconds": seconds}
        emit({"user": user, "method": name, "version": state.version, **counts})
    else:
        typer.echo(f"{state.heard} turns, {facts} facts, memory of {state.bytes:,} bytes, {seconds:.0f} s")
        if notice:
            typer.echo(notice)
