"""`imprint serve`: the same over HTTP."""

from typing import Annotated

import typer

from imprint.cli.options import ConfigFile, MethodName, Model, notice, settings


def serve(
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; 127.0.0.1 by default.", show_default=False),
    ] = "",
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", help="8000 by default; 0 takes a free one.", show_default=False),
    ] = None,
    model: Model = "",
    method: MethodName = "",
    config: ConfigFile = None,
) -> None:
    """Serve any OpenAI client, with a memory for each of its users.

    Only this machine is answered until there are keys: imprint keys add NAME.

    Example: imprint serve --port 8000
    """
    from imprint.config import home_folder, read_section
    from imprint.serve.settings import ServeConfig

    found = settings(config, model, method)
    chosen = read_section(ServeConfig, found.serve, "config.toml [serve]")
    given = {"host": host or chosen.host, "port": chosen.port if port is None else port}
    chosen = read_section(ServeConfig, {**found.serve, **given}, "[serve]")
    from imprint.serve.run import serve as run

    run(found, chosen, home_folder(), notice)
