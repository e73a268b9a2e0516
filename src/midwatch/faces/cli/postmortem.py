"""`midwatch postmortem`: an incident written up in Markdown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import at_terminal, writing_up
else:
    at_terminal = lazy.module("midwatch.app.at_terminal")
    writing_up = lazy.module("midwatch.app.writing_up")


def postmortem(
    name: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id, or the end of it.")],
) -> None:
    """Write an incident up: times, alerts, timeline, what the runbook's steps did, what follows.

    For example:

        midwatch postmortem k7qm > postmortems/2026-11-22-queue.md
    """
    sys.stdout.write(writing_up.postmortem_of(at_terminal.asking(), name))
