"""One explained command, for a person."""

from __future__ import annotations

from rich import table, text

from midwatch.commands import explaining
from midwatch.faces.cli import marks, terminal


def write(told: explaining.Explanation) -> None:
    """Print the effect, the reason, and each part of the command with its own."""
    console = terminal.output()
    grid = table.Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(marks.effect(told.effect), text.Text(told.command, style="bold"))
    traits = " ".join(sorted(trait.value for trait in told.traits))
    if traits:
        grid.add_row("", text.Text(traits, style="dim"))
    grid.add_row("", text.Text(told.why))
    if len(told.parts) > 1:
        for part in told.parts:
            grid.add_row(marks.effect(part.effect), text.Text(part.command))
            grid.add_row("", text.Text(part.why, style="dim"))
    console.print(grid)
