"""`midwatch drills`: the latest drills, and the results of one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import table

    from midwatch.app import drill_results
    from midwatch.faces.cli import drill_lines, drill_tables, terminal
else:
    table = lazy.module("rich.table")
    drill_results = lazy.module("midwatch.app.drill_results")
    drill_lines = lazy.module("midwatch.faces.cli.drill_lines")
    drill_tables = lazy.module("midwatch.faces.cli.drill_tables")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def drills(
    drill: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One drill, or the end of its id.")
    ] = None,
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Write its pictures there again."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One object a line.")] = False,
) -> None:
    """List the latest drills and how each ended, or show the results of one.

    For example:

        midwatch drills

        midwatch drills k7qm --output pictures
    """
    if drill is not None:
        _one(drill, output, json_=json_)
        return
    found = drill_results.drills(limit)
    if json_:
        for each, tries, healed in found:
            drill_lines.drill(each, tries, healed)
        return
    if not found:
        sys.stdout.write("No drills yet. Begin with `midwatch drill FAULTS.toml --list`.\n")
        return
    grid = table.Table(box=None, pad_edge=False, header_style="dim")
    for name in ("drill", "began (UTC)", "healed", "arms", "target", "outcome"):
        grid.add_column(name, no_wrap=name in {"drill", "began (UTC)"}, overflow="fold")
    for each, tries, healed in found:
        grid.add_row(
            each.drill_id,
            f"{each.started_at:%m-%d %H:%M}",
            f"{healed} of {tries}",
            " ".join(each.arms),
            each.target,
            each.outcome or "not ended",
        )
    terminal.output().print(grid)
    for each, fault in drill_results.left_behind():
        told = f"{each.drill_id} was killed and may have left {fault.id} in. Take it out:"
        sys.stdout.write(f"\n{told}\n  midwatch drill {each.faults} --heal\n")


def _one(name: str, output: Path | None, *, json_: bool) -> None:
    drill_results.check_place(output)
    found = drill_results.results(name)
    written = drill_results.write(found.drill, output) if output is not None else None
    if json_:
        for result in found.results:
            drill_lines.result(found.drill, result)
        return
    screen = terminal.output()
    screen.print(f"Drill {found.drill.drill_id} on {found.drill.target}, seed {found.drill.seed}")
    screen.print(drill_tables.head())
    for result in found.results:
        for line in drill_tables.rows(result, found.drill.planned):
            screen.print(line)
    screen.print()
    for part in drill_tables.arms(found.results, found.drill.seed):
        screen.print(part)
    for label, path in written.shown if written is not None else ():
        screen.print(f"{label:<10}{path}")
