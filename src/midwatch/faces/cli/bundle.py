"""`midwatch bundle`: a run's evidence in one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from midwatch.base import lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from midwatch.app import bundling
else:
    bundling = lazy.module("midwatch.app.bundling")


def bundle(
    run: run_flags.RunId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, such as run.tar.gz.")],
    *,
    seal: Annotated[
        bool, typer.Option("--seal", help="Print the hash to keep elsewhere, and nothing else.")
    ] = False,
) -> None:
    """Collect a run's transcript, journal, plan, runbook and output into one archive with hashes.

    For example:

        midwatch bundle 1122-0314-k7qm incident.tar.gz

        midwatch bundle k7qm incident.tar.gz --seal >> /mnt/other-machine/seals
    """
    written = bundling.bundle(run, file)
    if not seal:
        tell(written, sys.stdout)
        return
    warn(written)
    sys.stdout.write(f"{written.seal}\n")


def warn(written: bundling.Written) -> None:
    """Say what is not in the bundle, and what should not be."""
    for note in written.notes:
        sys.stderr.write(f"midwatch: {note}\n")


def tell(written: bundling.Written, file: TextIO) -> None:
    """Say what was written, and its hashes."""
    warn(written)
    file.write(
        f"{written.path}: run {written.run_id}, {written.events} events\n"
        f"  journal's head  {written.head or 'none: older than the chain'}\n"
        f"  bundle's seal   {written.seal}\n"
        f"  prove it with   midwatch verify {written.path}\n"
    )
