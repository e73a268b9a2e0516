"""`midwatch transcript`: what happened, for the channel, the ticket, the browser, the player."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from midwatch.app import following, transcribing
    from midwatch.faces.cli import run_live, run_options, run_summary, terminal
else:
    following = lazy.module("midwatch.app.following")
    run_live = lazy.module("midwatch.faces.cli.run_live")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    run_summary = lazy.module("midwatch.faces.cli.run_summary")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    transcribing = lazy.module("midwatch.app.transcribing")


def transcript(
    run: run_flags.RunId,
    *,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="markdown|html|asciicast", help="As what.")
    ] = "markdown",
    follow: Annotated[
        bool, typer.Option("--follow", "-F", help="Show the run as it goes on, until it is over.")
    ] = False,
) -> None:
    """Print a run's transcript: every step, its exact command, what it printed, who said yes.

    HTML is one file that needs nothing else; an asciicast plays in `asciinema play` and on pages.

    For example:

        midwatch transcript 1122-0314-k7qm > incident.md

        midwatch transcript k7qm --format html > incident.html

        midwatch transcript k7qm --follow
    """
    try:
        form = transcribing.Form(format_)
    except ValueError as error:
        known = ", ".join(transcribing.Form)
        raise errors.UserError(f"There is no format “{format_}”.", f"One of: {known}.") from error
    if follow and form is not transcribing.Form.MARKDOWN:
        raise errors.UserError(
            f"--follow shows a run on the screen, and writes no {form}.", "Leave one of them out."
        )
    if follow:
        _follow(run)
        return
    text = transcribing.transcribe(run, form)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def _follow(run: str) -> None:
    """The run on this terminal; leaving it (Ctrl-C) does nothing to the run."""
    screen, signals = terminal.output(), run_options.Signals()
    watched = run_options.attended() and not screen.is_dumb_terminal
    keys = signals.keyboard if watched else None
    shown = run_live.Screen(screen, signals.interruption, keys, leaving="leave")
    try:
        over = following.follow(run, shown)
    finally:
        shown.rest()
    run_summary.show(screen, over.run_id, over.standing, over.took)
