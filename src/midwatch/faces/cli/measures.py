"""`midwatch measures`: how long incidents took, procedure by procedure."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import table

    from midwatch.app import at_terminal, measuring
    from midwatch.faces.cli import terminal
    from midwatch.incidents import postmortem
else:
    table = lazy.module("rich.table")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    measuring = lazy.module("midwatch.app.measuring")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    postmortem = lazy.module("midwatch.incidents.postmortem")


def measures(
    *,
    json_: Annotated[
        bool, typer.Option("--json", help="One procedure a line, in seconds.")
    ] = False,
) -> None:
    """Show how long it took to detect, acknowledge, mitigate and resolve: medians by procedure.

    For example:

        midwatch measures
    """
    found = measuring.measure(at_terminal.asking())
    if json_:
        for line in found:
            fields = {"procedure": line.procedure, **dataclasses.asdict(line.summary)}
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("There was no incident yet.\n")
        return
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("incidents", "detected", "acknowledged", "mitigated", "resolved"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("procedure", overflow="fold")
    for line in found:
        each = line.summary
        grid.add_row(
            str(each.incidents),
            *map(_told, (each.detect, each.acknowledge, each.mitigate, each.resolve)),
            line.procedure or "(none)",
        )
    terminal.output().print(grid)


def _told(seconds: float | None) -> str:
    return "-" if seconds is None else postmortem.duration(seconds)
