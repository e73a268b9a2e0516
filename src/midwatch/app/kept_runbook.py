"""The runbook's text as it was when a run was planned, kept beside the run."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from midwatch.plugs.steps import private
from midwatch.runbook import model as runbooks
from midwatch.runs import model, secrets

NAME = "runbook.md"


def keep(folder: Path, runbook: runbooks.Runbook, masker: secrets.Masker) -> None:
    """Keep the text; secrets are masked.

    A file that changed while it was planned is not kept, and evidence says that it is missing.
    """
    with contextlib.suppress(OSError):
        data = Path(runbook.path).read_bytes()
        if hashlib.sha256(data).hexdigest() == runbook.digest:
            private.write(folder / NAME, masker.whole(data))


def find(folder: Path, plan: model.Plan) -> bytes | None:
    """The text that was kept; of an older run the file itself, where it is still the same."""
    kept = folder / NAME
    if kept.is_file():
        return kept.read_bytes()
    for path in (Path(plan.runbook), Path(plan.folder) / plan.runbook):
        with contextlib.suppress(OSError):
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == plan.runbook_digest:
                return data
    return None
