"""`midwatch knowledge`: what is known of a tool, and whether a team's own files are sound."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from midwatch.app import explaining
else:
    explaining = lazy.module("midwatch.app.explaining")


def check(
    folder: Annotated[
        Path, typer.Argument(help="The folder that holds your TOML files, one a tool.")
    ] = Path(".midwatch/knowledge"),
) -> None:
    """Validate your own knowledge files: their keys, and every example in them.

    Examples:

        midwatch knowledge check

        midwatch knowledge check team/knowledge
    """
    faults = explaining.check_knowledge(folder)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(int(errors.Exit.FAILED))
    sys.stdout.write(f"{folder}: sound\n")


def show(tool: Annotated[str, typer.Argument(help="The tool's name, such as `kubectl`.")]) -> None:
    """Print the knowledge file that decides for a tool."""
    sys.stdout.write(explaining.knowledge_text(tool, Path.cwd()))
