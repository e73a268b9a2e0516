"""`midwatch serve-runs`: started by `midwatch serve`, for the runs of its incidents."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from midwatch.app import carrying, settings
    from midwatch.faces.cli import serve_log
else:
    carrying = lazy.module("midwatch.app.carrying")
    settings = lazy.module("midwatch.app.settings")
    serve_log = lazy.module("midwatch.faces.cli.serve_log")


def serve_runs(
    *,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE")] = None,
    verbose: Annotated[bool, typer.Option("--verbose")] = False,
) -> None:
    """Carry out what incidents ask for, until the watch that started this ends."""
    if sys.stdin.isatty():
        raise errors.UserError("`midwatch serve` starts this by itself.", "Run `midwatch serve`.")
    for number in (signal.SIGINT, signal.SIGTERM):  # a handler, since bash would inherit a deaf ear
        signal.signal(number, _left_to_the_watch)
    serve_log.begin(verbose=verbose)
    found = settings.read(config) if config else settings.find((Path.cwd(),))
    carrying.carry(found, os.environ, sys.stdin.fileno())


def _left_to_the_watch(_number: int, _frame: FrameType | None) -> None:
    """The watch gets the same signal, and closes the pipe."""


def command(config: Path | None, *, verbose: bool) -> list[str]:
    """How `midwatch serve` starts it."""
    given = ["--config", str(config)] if config else []
    more = ["--verbose"] if verbose else []
    program = [sys.executable, "-P", "-m", "midwatch"]  # -P: not the one that lies in this folder
    return [*program, "serve-runs", *given, *more]
