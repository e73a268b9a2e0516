"""Named places at which a test can end Midwatch as `kill -9` would."""

from __future__ import annotations

import os
import signal

VARIABLE = "MIDWATCH_FAILPOINT"
NAMES = (
    "after-plan-commit",
    "before-yes-commit",
    "after-yes-commit",
    "before-start-commit",
    "after-start-commit",
    "after-launch",
    "while-running",
    "before-result-commit",
    "after-result-commit",
    "before-check-commit",
    "after-check-commit",
    "before-finish-commit",
    "after-finish-commit",
    "before-resume-commit",
    "after-resume-commit",
)


def reach(name: str, step: int = -1) -> None:
    """End here when the environment says `NAME`, or `NAME@STEP` for one step only."""
    wanted = os.environ.get(VARIABLE)
    if wanted is not None and wanted in {name, f"{name}@{step}"}:
        os.kill(os.getpid(), signal.SIGKILL)
