"""`midwatch runs`: the latest runs, newest first."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import table

    from midwatch.app import running, undoing
    from midwatch.faces.cli import terminal
    from midwatch.runs import journal, model, undo_marks
else:
    model = lazy.module("midwatch.runs.model")
    undoing = lazy.module("midwatch.app.undoing")
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
    undone = undoing.marks(each.run_id for each in found)
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
                "undone_by": undone[each.run_id].run_id if each.run_id in undone else None,
            }
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("No runs yet. Begin with `midwatch run RUNBOOK#PROCEDURE --dry-run`.\n")
        return
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "began (UTC)", "outcome", "target", "procedure"):
        grid.add_column(name, no_wrap=name != "procedure", overflow="fold")
    undoes = {mark.run_id: run_id for run_id, mark in undone.items()}
    for each in found:
        back = f" (undo of {undoes[each.run_id][-4:]})" if each.run_id in undoes else ""
        grid.add_row(
            each.run_id,
            f"{each.started_at:%m-%d %H:%M}",
            _outcome(each, undone.get(each.run_id)),
            each.target,
            f"{_from_here(each.runbook)}#{each.procedure}{back}",
        )
    terminal.output().print(grid)


def _from_here(runbook: str) -> str:
    """The runbook as somebody here would name it; what lies elsewhere keeps its whole path."""
    path, here = Path(runbook), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else runbook


def _outcome(run: journal.Summary, undone: undo_marks.Mark | None) -> str:
    """How it ended, and whether it was taken back since."""
    if undone is None:
        return str(run.outcome)
    how = "undone" if undone.outcome is model.Outcome.SUCCEEDED else f"undo {undone.outcome}"
    return f"{run.outcome}, {how}"
