"""`midwatch stop`: end a run, also from another terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from midwatch.app import stopping
else:
    stopping = lazy.module("midwatch.app.stopping")


def stop(
    run: run_flags.RunId,
) -> None:
    """Stop a run and every process of the step it is in.

    What runs is asked to end, and ended after five seconds. The run can be resumed.

    For example:

        midwatch stop 1122-0314-k7qm
    """
    outcome = stopping.stop(run)
    sys.stdout.write(f"Run {run}: {outcome}\n")
