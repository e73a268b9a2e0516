"""The flags of `drill`, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FAULTS.toml] [FAULT...]",
        help="The faults file (faults.toml here, if left out), and which of its faults.",
    ),
]
List = Annotated[bool, typer.Option("--list", "-l", help="Show the faults and break nothing.")]
Arms = Annotated[
    list[str] | None,
    typer.Option(
        "--arm",
        metavar="none|wrong|paste|midwatch",
        help="Who deals with the fault. Repeatable; midwatch if left out.",
    ),
]
Seeds = Annotated[int, typer.Option("--seeds", min=1, help="How often each is rehearsed.")]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="The first seed; the same one repeats a drill.")
]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", min=1, help="Seconds from broken to the end of patience."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FOLDER", help="Where pictures and results go."),
]
Heal = Annotated[
    bool, typer.Option("--heal", help="Only take out what a killed drill left behind.")
]
Json = Annotated[bool, typer.Option("--json", help="One event a line, for programs.")]
