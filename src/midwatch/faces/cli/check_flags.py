"""The flags of `midwatch check`, each with the sentence that `--help` prints for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Paths: TypeAlias = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH...", help="Runbooks, or folders of them; - is standard input."),
]
StdinFilename: TypeAlias = Annotated[
    Path, typer.Option(metavar="PATH", help="The file that - stands for, for links and settings.")
]
Format: TypeAlias = Annotated[
    str, typer.Option("--format", "-f", help="text, json, sarif, github or junit.")
]
FailOn: TypeAlias = Annotated[
    str | None, typer.Option(help="Exit 1 from this severity on: error, warning or info.")
]
Select: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="Only these rules: an id, an area, or `all`.")
]
Ignore: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="Not these rules: an id or an area.")
]
RuleFiles: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Prometheus rule files, to hold against the runbooks."),
]
Baseline: TypeAlias = Annotated[
    Path | None, typer.Option(help="Tell only findings that this file does not hold.")
]
WriteBaseline: TypeAlias = Annotated[
    bool, typer.Option("--write-baseline", help="Write the findings to --baseline.")
]
Fix: TypeAlias = Annotated[
    bool, typer.Option("--fix", help="Print a patch of the safe fixes; change nothing.")
]
Write: TypeAlias = Annotated[
    bool, typer.Option("--write", help="With --fix: change the files after all.")
]
Oracle: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--oracle", help="Ask the programs of this machine (`--help`) what they have; not in CI."
    ),
]
Explain: TypeAlias = Annotated[
    str | None, typer.Option(metavar="RULE", help="Say what a rule finds, and why.")
]
Jobs: TypeAlias = Annotated[int, typer.Option(help="How many processes; 0 asks the machine.")]
