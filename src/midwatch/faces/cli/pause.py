"""`midwatch pause` and `midwatch unpause`: the kill switch of all remediation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import at_terminal, pausing
else:
    at_terminal = lazy.module("midwatch.app.at_terminal")
    pausing = lazy.module("midwatch.app.pausing")


def pause(
    reason: Annotated[list[str], typer.Argument(metavar="WHY…", help="Somebody will ask.")],
) -> None:
    """Let Midwatch carry nothing out by itself. Pages and diagnosis go on.

    For example:

        midwatch pause it restarts the wrong worker
    """
    going_on = pausing.pause(at_terminal.asking(), " ".join(reason))
    sys.stdout.write("Remediation is paused. `midwatch unpause` lets it go on.\n")
    for run in going_on:
        sys.stdout.write(f"{run} goes on with what it has begun: `midwatch stop {run}` ends it.\n")


def unpause() -> None:
    """Let remediation go on, under its policy.

    For example:

        midwatch unpause
    """
    paused = pausing.go_on(at_terminal.asking())
    sys.stdout.write("Remediation goes on.\n" if paused else "It was not paused.\n")
