"""`imprint sleep`: consolidate what was heard."""

import time

import typer

from imprint.cli.options import ConfigFile, Json, MethodName, Model, User, check, emit, open_companion


def sleep(
    user: User, model: Model = "", method: MethodName = "", config: ConfigFile = None, as_json: Json = False
) -> None:
    """Fit the memory to everything heard. Ctrl-C keeps what is done; the next sleep goes on from there.

    Also rebuilds a memory for another model, method or version, from the ledger.
    Example: imprint sleep --user mira
    """
    check(user)
    from imprint.cli.bars import Bar

    with open_companion(config, model, method) as opened:
        began = time.monotonic()
        with Bar() as bar:
            state = opened.companion.sleep(user, bar)
        seconds = time.monotonic() - began
        facts = len(state.memory.meta.get("facts", []))
        size = state.bytes
    if as_json:
        emit({"user": user, "turns": state.heard, "facts": facts, "bytes": size, "seconds": round(seconds, 1)})
    else:
        typer.echo(f"{state.heard} turns, {facts} facts, memory of {size:,} bytes, {seconds:.0f} s")
