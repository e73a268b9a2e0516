"""`midwatch incidents`: what is open, the newest first."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from rich import table, text

    from midwatch.app import at_terminal, watching
    from midwatch.faces.cli import incident_marks, terminal
    from midwatch.incidents import lists
    from midwatch.incidents import store as incident_store
else:
    table = lazy.module("rich.table")
    text = lazy.module("rich.text")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    watching = lazy.module("midwatch.app.watching")
    incident_marks = lazy.module("midwatch.faces.cli.incident_marks")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    lists = lazy.module("midwatch.incidents.lists")

WIDEST = {"severity": 12, "whose": 10}
"""Characters of what somebody else chose the length of, so that the title keeps its place."""
ENDLESS = 10_000


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
    if status not in lists.STATUSES:
        raise errors.UserError(
            f"“{status[:40]}” is no status of incidents.",
            f"There are: {', '.join(lists.STATUSES)}.",
        )
    asking = at_terminal.asking()
    found = watching.listed(asking, status=status, limit=limit, after="")
    if json_:
        for row in found.rows:
            sys.stdout.write(json.dumps(_fields(row), ensure_ascii=False) + "\n")
        return
    if not found.rows:
        sys.stdout.write("Nothing is open.\n" if status == "unresolved" else "None.\n")
        return
    _print(found.rows, asking.now)
    if found.following:
        sys.stdout.write(f"More: --limit {limit * 2}\n")


def _print(rows: Sequence[incident_store.Row], now: datetime.datetime) -> None:
    """A table that fits the terminal; in a pipe each incident is one whole line."""
    screen = terminal.output()
    whole = not screen.is_terminal
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "incident", "severity", "age", "firing", "whose"):
        widest = None if whole else WIDEST.get(name)
        grid.add_column(name, no_wrap=True, overflow="ellipsis", max_width=widest)
    grid.add_column("what", no_wrap=whole, overflow="fold")
    for row in rows:
        mark, style = incident_marks.status(row.status)
        what = text.Text(row.title)
        if row.procedure:
            told = f"  {row.runbook}#{row.procedure}" if whole else f"\n#{row.procedure}"
            what.append(told, style="dim")
        grid.add_row(
            text.Text(mark, style=style),
            row.id,
            text.Text(row.severity or "-"),
            incident_marks.ago(row.opened_at, now),
            str(row.firing),
            text.Text(row.acknowledged_by or "nobody"),
            what,
        )
    if whole:
        screen.width = ENDLESS
    screen.print(grid)


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
