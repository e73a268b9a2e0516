"""`midwatch page`: a test page to somebody, and the receipt."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import at_terminal, paging, settings
    from midwatch.faces.cli import beside, letters, terminal
    from midwatch.incidents import messages
else:
    text = lazy.module("rich.text")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    paging = lazy.module("midwatch.app.paging")
    settings = lazy.module("midwatch.app.settings")
    beside = lazy.module("midwatch.faces.cli.beside")
    letters = lazy.module("midwatch.faces.cli.letters")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    messages = lazy.module("midwatch.incidents.messages")


def page(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="As named in [people].")],
    *,
    channel: Annotated[
        str | None, typer.Option("--channel", help="By this one only: slack, sms, email …")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One way a line, for programs.")] = False,
) -> None:
    """Send a test page by every way of a person, at once, and show what each channel said.

    It goes through the outbox as a real page does. Exit 1 where a way did not take it.

    For example:

        midwatch page ana

        midwatch page ana --channel sms
    """
    asking = at_terminal.asking()
    means = paging.means(settings.find((Path.cwd(),)), os.environ)
    tested = paging.page(asking, person, channel, means)
    screen = terminal.output()
    for each in tested:
        if json_:
            fields = {**letters.fields(each.letter), "seconds": round(each.seconds, 3)}
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
            continue
        screen.print(letters.line(each.letter), soft_wrap=True)
        told = letters.told(each.letter)
        beside.show(screen, text.Text("    "), text.Text(f"{told}, after {each.seconds:.1f} s"))
    if any(each.letter.state is not messages.Delivery.SENT for each in tested):
        raise typer.Exit(int(errors.Exit.FAILED))
