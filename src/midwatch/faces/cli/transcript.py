"""`midwatch transcript`: what happened, as Markdown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import running
else:
    running = lazy.module("midwatch.app.running")


def transcript(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run, or the end of its id.")],
) -> None:
    """Print a run's transcript as Markdown: every step, its exact command, what it printed.

    For example:

        midwatch transcript 1122-0314-k7qm > incident.md
    """
    sys.stdout.write(running.transcript(run))
