"""`midwatch explain`: what a command does, and why we say so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from midwatch.app import explaining
    from midwatch.faces.cli import explanation
else:
    explaining = lazy.module("midwatch.app.explaining")
    explanation = lazy.module("midwatch.faces.cli.explanation")


def explain(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="[COMMAND]", help="The command, quoted as one word."),
    ] = None,
    *,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read commands from standard input, one a line.")
    ] = False,
    json_: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, in the order given.")
    ] = False,
) -> None:
    """Say what a command does before it runs: its effect, its traits, and why.

    Examples:

        midwatch explain 'kubectl -n prod rollout restart deployment/web'

        midwatch explain --json --stdin < commands.txt
    """
    if stdin == bool(command):
        raise errors.UserError(
            "explain takes one COMMAND, or --stdin for many, and not both.",
            "Try: midwatch explain 'kubectl delete pod web-0'",
        )
    lines = (
        explaining.lines(sys.stdin.buffer, as_json=json_) if stdin else [" ".join(command or ())]
    )
    for told in explaining.explain_each(lines, Path.cwd()):
        if json_:
            sys.stdout.write(explaining.to_json(told) + "\n")
        else:
            explanation.write(told)
