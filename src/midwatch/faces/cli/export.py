"""`midwatch export rules`: the alert conditions of runbooks as a Prometheus rule file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import counted, errors, lazy

if TYPE_CHECKING:
    from midwatch.app import exporting
else:
    exporting = lazy.module("midwatch.app.exporting")


def rules(
    runbooks: Annotated[list[str], typer.Argument(metavar="RUNBOOK…", help="Markdown files.")],
    *,
    url: Annotated[
        str,
        typer.Option(
            "--url", metavar="URL", help="What to put before the runbook's path in runbook_url."
        ),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
) -> None:
    """Write a Prometheus rule file from the alerts that runbooks describe.

    Each rule keeps the document's query, duration and severity, and links to its procedure.
    What the document does not say whole is not guessed: it is named on standard error.

    For example:

        midwatch export rules ops/*.md --url https://git.example.org/ops/ -o rules.yml

        midwatch export rules RUNBOOK.md | promtool check rules
    """
    found = exporting.rules(runbooks, url)
    if output is None:
        sys.stdout.write(found.text)
    else:
        _write(output, found.text)
    for each in found.left:
        sys.stderr.write(f"{each.path}:{each.line}: not exported: {each.name}: {each.why}\n")
    where = f" to {output}" if output else ""
    sys.stderr.write(
        f"{counted.of(found.count, 'rule')} written{where}, {len(found.left)} left out.\n"
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"{path} cannot be written: {reason}.") from error
