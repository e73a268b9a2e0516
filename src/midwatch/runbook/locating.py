"""Commands of a piece of text, each with its place in the file."""

from __future__ import annotations

from midwatch.commands import model as shell
from midwatch.runbook import excerpts, model


def commands(
    excerpt: excerpts.Excerpt, found: tuple[shell.Command, ...]
) -> tuple[model.LocatedCommand, ...]:
    """Commands with the place in the file at which each begins."""
    rows = []
    for command in found:
        origin = excerpt.place(command.span.start)
        rows.append(model.LocatedCommand(origin.line, origin.column, command))
    return tuple(rows)
