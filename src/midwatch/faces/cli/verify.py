"""`midwatch verify`: proof that nothing in a bundle was changed."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from midwatch.app import bundling
    from midwatch.runs import evidence
else:
    bundling = lazy.module("midwatch.app.bundling")
    evidence = lazy.module("midwatch.runs.evidence")

HASH = re.compile(r"[0-9a-f]{64}")
SHOWN = 10


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="What `midwatch bundle` wrote.")],
    *,
    head: Annotated[
        str | None,
        typer.Option(
            "--head", metavar="HASH", help="The journal's head or the seal, as kept elsewhere."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Prove that nothing in a bundle was changed, dropped, added or put in another order.

    Exit 0 when all of it fits, 1 when something does not, 2 when it is no bundle.

    For example:

        midwatch verify incident.tar.gz

        midwatch verify incident.tar.gz --head "$(cat /mnt/other-machine/seals)"
    """
    if head is not None:
        head = head.strip().lower()
        if not HASH.fullmatch(head):
            raise errors.UserError("--head takes the 64 hexadecimal digits of a sha256.")
    verdict = bundling.verify(bundle, head)
    if json_:
        fields = {"ok": not verdict.findings, **dataclasses.asdict(verdict)}
        sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    else:
        _tell(bundle, verdict, head)
    raise typer.Exit(int(errors.Exit.FAILED if verdict.findings else errors.Exit.OK))


def _tell(path: Path, verdict: evidence.Verdict, head: str | None) -> None:
    write = sys.stdout.write
    if verdict.findings:
        first = verdict.findings[0]
        write(f"{path} was changed. First, {first.where}: {first.why}.\n")
        for finding in verdict.findings[1:SHOWN]:
            write(f"  {finding.where}: {finding.why}\n")
        if len(verdict.findings) > SHOWN:
            write(f"  and {len(verdict.findings) - SHOWN} more\n")
        return
    write(f"{path}: all of it fits. Run {verdict.run_id}, {verdict.events} events.\n")
    for note in verdict.notes:
        write(f"  {note}\n")
    write(f"  journal's head  {verdict.head}\n  bundle's seal   {verdict.seal}\n")
    write(f"  {_reach(verdict, head)}\n")


def _reach(verdict: evidence.Verdict, head: str | None) -> str:
    """What the proof reaches, and what it does not."""
    if head is None:
        return (
            "Not proven: that nobody wrote the whole of it anew. Compare the seal with one kept "
            "elsewhere (--head)."
        )
    if head == verdict.seal:
        return "It is the bundle whose seal was kept: every byte of it."
    return "Its journal is the one whose head was kept: events, plan, runbook and output."
