"""Of a probe that is well the latest look stays on record; what was ill or unknown stays whole."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from midwatch.app import running
from midwatch.runs import forgetting, journal


def forget(records: journal.Journal, runs: Sequence[str]) -> None:
    """Forget these runs of looks: the files first, then the rows."""
    for run in runs:
        shutil.rmtree(running.folder_of(run), ignore_errors=True)
        forgetting.forget(records.database, run)
