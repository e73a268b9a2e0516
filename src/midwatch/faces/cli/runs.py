"""`midwatch runs`: the latest runs, newest first."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import table

    from midwatch.app import running
    from midwatch.faces.cli import terminal
else:
    table = lazy.module("rich.table")
    running = lazy.module("midwatch.app.running")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def runs(
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    json_: Annotated[bool, typer.Option("--json", help="One run a line, for programs.")] = False,
) -> None:
    """List the latest runs: when, what, where, and how each ended.

    For example:

        midwatch runs

        midwatch runs -n 100 --json
    """
    found = running.runs(limit)
    if json_:
        for each in found:
            fields = {
                "run_id": each.run_id,
                "started_at": each.started_at.isoformat(),
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
                "outcome": each.outcome,
                "runbook": each.runbook,
                "procedure": each.procedure,
                "target": each.target,
            }
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("No runs yet. Begin with `midwatch run RUNBOOK#PROCEDURE --dry-run`.\n")
        return
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "began (UTC)", "outcome", "target", "procedure"):
        grid.add_column(name, no_wrap=name != "procedure", overflow="fold")
    for each in found:
        grid.add_row(
            each.run_id,
            f"{each.started_at:%m-%d %H:%M}",
            each.outcome,
            each.target,
            f"{each.runbook}#{each.procedure}",
        )
    terminal.output().print(grid)
