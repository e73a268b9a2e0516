"""`midwatch show`: what Midwatch reads in a runbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from midwatch.app import proving, showing
    from midwatch.faces.cli import terminal, tree
else:
    proving = lazy.module("midwatch.app.proving")
    showing = lazy.module("midwatch.app.showing")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    tree = lazy.module("midwatch.faces.cli.tree")


def show(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Runbooks, or folders of them.")
    ],
    *,
    procedure: Annotated[
        str | None, typer.Option("--procedure", "-p", help="Only this one: its id or heading.")
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", "-b", help="One line a procedure, without its steps.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="The compiled model, for programs.")
    ] = False,
) -> None:
    """Show procedures, steps, what each would do, and what the document leaves open.

    Examples:

        midwatch show ops/RUNBOOK.md

        midwatch show ops/RUNBOOK.md -p database-down

        midwatch show --json ops/*.md
    """
    runbooks = showing.load(paths)
    known = proving.known(runbooks)
    if procedure is not None:
        runbooks = showing.only(runbooks, procedure)
    if json_:
        sys.stdout.write(showing.to_json(runbooks, proving.records(known)) + "\n")
        return
    console, told = terminal.output(), proving.sentences(known)
    for runbook in runbooks:
        console.print(tree.overview(runbook) if brief else tree.whole(runbook, told))
