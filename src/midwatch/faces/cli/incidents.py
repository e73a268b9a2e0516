"""`midwatch incidents`: what is open, the newest first."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import table, text

    from midwatch.app import at_terminal, watching
    from midwatch.faces.cli import incident_marks, terminal
    from midwatch.incidents import store as incident_store
else:
    table = lazy.module("rich.table")
    text = lazy.module("rich.text")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    watching = lazy.module("midwatch.app.watching")
    incident_marks = lazy.module("midwatch.faces.cli.incident_marks")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def incidents(
    *,
    status: Annotated[
        str,
        typer.Option(help="unresolved, open, acknowledged, resolved or all."),
    ] = "unresolved",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many.")] = 30,
    json_: Annotated[
        bool, typer.Option("--json", help="One incident a line, for programs.")
    ] = False,
) -> None:
    """List incidents: how bad, since when, whose they are, and the procedure for each.

    For example:

        midwatch incidents

        midwatch incidents --status all -n 100 --json
    """
    asking = at_terminal.asking()
    found = watching.listed(asking, status=status, limit=limit, after="")
    if json_:
        for row in found.rows:
            sys.stdout.write(json.dumps(_fields(row), ensure_ascii=False) + "\n")
        return
    if not found.rows:
        sys.stdout.write("Nothing is open.\n" if status == "unresolved" else "None.\n")
        return
    grid = table.Table(box=None, pad_edge=False, header_style="dim", expand=False)
    for name in ("", "incident", "severity", "age", "firing", "whose", "what"):
        grid.add_column(name, no_wrap=name != "what", overflow="fold")
    for row in found.rows:
        mark, style = incident_marks.status(row.status)
        what = text.Text(row.title)
        if row.procedure:
            what.append(f"\n{row.runbook}#{row.procedure}", style="dim")
        grid.add_row(
            text.Text(mark, style=style),
            row.id,
            text.Text(row.severity or "-"),
            incident_marks.ago(row.opened_at, asking.now),
            str(row.firing),
            text.Text(row.acknowledged_by or "nobody"),
            what,
        )
    terminal.output().print(grid)
    if found.following:
        sys.stdout.write(f"More: --limit {limit * 2}\n")


def _fields(row: incident_store.Row) -> dict[str, object]:
    return {
        "id": row.id,
        "title": row.title,
        "severity": row.severity,
        "urgency": row.urgency.value,
        "status": row.status.value,
        "opened_at": row.opened_at.isoformat(),
        "acknowledged_by": row.acknowledged_by,
        "resolved_at": row.resolved_at.isoformat() if row.resolved_at else None,
        "runbook": row.runbook,
        "procedure": row.procedure,
        "firing": row.firing,
        "alerts": row.alerts,
    }
