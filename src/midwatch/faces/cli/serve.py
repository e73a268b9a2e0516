"""`midwatch serve`: the watch, with its runs in a process beside it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import clock, errors, lazy
from midwatch.faces.cli import serve_runs

if TYPE_CHECKING:
    import dataclasses

    from midwatch.app import serve_settings, serving, settings
    from midwatch.engine.watch import apart
    from midwatch.faces.api import server
    from midwatch.faces.cli import serve_log, serve_screen
else:
    dataclasses = lazy.module("dataclasses")
    serve_settings = lazy.module("midwatch.app.serve_settings")
    serving = lazy.module("midwatch.app.serving")
    settings = lazy.module("midwatch.app.settings")
    apart = lazy.module("midwatch.engine.watch.apart")
    server = lazy.module("midwatch.faces.api.server")
    serve_log = lazy.module("midwatch.faces.cli.serve_log")
    serve_screen = lazy.module("midwatch.faces.cli.serve_screen")


def serve(
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help="A midwatch.toml elsewhere."),
    ] = None,
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Instead of `listen` in [serve].")
    ] = "",
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait while another keeps the watch; then take over.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
) -> None:
    """Keep watch: take alerts in, open incidents, page people, keep the record.

    For example:

        midwatch serve

        midwatch serve --config ops/midwatch.toml --listen 127.0.0.1:7070

        midwatch serve --standby
    """
    serve_log.begin(verbose=verbose)
    found = settings.read(config) if config else settings.find((Path.cwd(),))
    found = _listening(found, listen)
    setup = serving.prepare(found, os.environ)
    runs = apart.Apart(serve_runs.command(config, verbose=verbose), clock.SystemClock())
    runs.start()  # it loads while this does; without a beat of the watch it begins nothing
    with contextlib.closing(runs):
        _serve(serving.Serving(setup, runs), standby=standby)
    serve_screen.show_ended(setup)


def _serve(watch: serving.Serving, *, standby: bool) -> None:
    on = server.listen(watch.setup.serve.host, watch.setup.serve.port)
    host, port = on.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    told = server.Told(
        began=lambda: serve_screen.show(watch, address),
        waits=lambda: serve_screen.show_waiting(watch, address),
    )
    server.run(watch, on, told, standby=standby)


def _listening(found: settings.Settings, listen: str) -> settings.Settings:
    """The settings, listening elsewhere where somebody says so."""
    if not listen:
        return found
    try:
        host, port = serve_settings.address(listen, "--listen")
    except ValueError as error:
        raise errors.UserError(f"{error}.") from error
    serve = found.serve or serve_settings.Serve()
    return dataclasses.replace(found, serve=dataclasses.replace(serve, host=host, port=port))
