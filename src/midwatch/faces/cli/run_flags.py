"""The flags of `run` and `resume`, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midwatch.faces.cli import completion

Address = Annotated[
    str,
    typer.Argument(
        metavar="RUNBOOK#PROCEDURE",
        help="The file, and the procedure's id or heading.",
        autocompletion=completion.address,
    ),
]
RunId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The run, or the end of its id.", autocompletion=completion.run
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        help="Where it runs, as midwatch.toml names it.",
        autocompletion=completion.target,
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="An input's value: name=value. Repeatable.",
        autocompletion=completion.value,
    ),
]
Choose = Annotated[
    list[str] | None,
    typer.Option("--choose", help="Of several ways this one, or: this condition holds."),
]
Yes = Annotated[
    str | None,
    typer.Option(
        "--yes",
        metavar="read|change",
        help="What runs without asking. `change` covers reads, changes and what is unknown; "
        "destruction is always asked about.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan and stop.")]
Json = Annotated[bool, typer.Option("--json", help="One event a line; nobody is asked anything.")]
InDoubt = Annotated[
    str | None,
    typer.Option(
        "--in-doubt",
        metavar="done|repeat|skip",
        help="What became of a step that started and left no result.",
    ),
]
From = Annotated[
    int | None,
    typer.Option(
        "--from",
        metavar="STEP",
        min=1,
        help="Go on from this step again, by its number; with --set, with other inputs.",
    ),
]
Failed = Annotated[
    str | None,
    typer.Option(
        "--failed", metavar="retry|skip|undo|abort", help="What to do about the step that failed."
    ),
]
BreakGlass = Annotated[
    str | None,
    typer.Option(
        "--break-glass",
        metavar="REASON",
        help="An emergency: set the team's own policy aside, on record. The defaults still hold.",
    ),
]
Incident = Annotated[
    str | None,
    typer.Option(
        "--incident",
        metavar="INCIDENT",
        help="Work on it: its alert's labels are inputs, and the run stands on its timeline.",
    ),
]
Bundle = Annotated[
    Path | None,
    typer.Option(
        "--bundle", metavar="FILE", help="When it is over or waits, collect its evidence there."
    ),
]
