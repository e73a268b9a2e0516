"""`midwatch transcript`: what happened, for the channel, the ticket, the browser, the player."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from midwatch.app import transcribing
else:
    transcribing = lazy.module("midwatch.app.transcribing")


def transcript(
    run: run_flags.RunId,
    *,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="markdown|html|asciicast", help="As what.")
    ] = "markdown",
) -> None:
    """Print a run's transcript: every step, its exact command, what it printed, who said yes.

    HTML is one file that needs nothing else; an asciicast plays in `asciinema play` and on pages.

    For example:

        midwatch transcript 1122-0314-k7qm > incident.md

        midwatch transcript k7qm --format html > incident.html
    """
    try:
        form = transcribing.Form(format_)
    except ValueError as error:
        known = ", ".join(transcribing.Form)
        raise errors.UserError(f"There is no format “{format_}”.", f"One of: {known}.") from error
    text = transcribing.transcribe(run, form)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
