"""`midwatch incident`: everything about one incident, what to do first."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import at_terminal, watching
    from midwatch.faces.cli import incident_screen, terminal
    from midwatch.incidents import timeline
else:
    at_terminal = lazy.module("midwatch.app.at_terminal")
    watching = lazy.module("midwatch.app.watching")
    incident_screen = lazy.module("midwatch.faces.cli.incident_screen")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    timeline = lazy.module("midwatch.incidents.timeline")


def incident(
    name: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id, or the end of it.")],
    *,
    json_: Annotated[
        bool, typer.Option("--json", help="The timeline, one event a line, for programs.")
    ] = False,
) -> None:
    """Show one incident: what fires, what the diagnosis found, what to run, who was told and why.

    For example:

        midwatch incident I1122-0314-k7qm

        midwatch incident k7qm --json
    """
    asking = at_terminal.asking()
    shown = watching.show(asking, name)
    if json_:
        for each in timeline.entries(shown.timeline, shown.messages):
            fields = {"at": each.at.isoformat(), "kind": each.kind, "text": each.text}
            if each.detail:
                fields["detail"] = each.detail
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    incident_screen.show(terminal.output(), shown, asking)
