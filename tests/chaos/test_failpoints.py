"""Midwatch dies at each named place, and is taken up again: nothing lost, nothing done twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

KILLER = Path(__file__).with_name("killing.py")
PLACES = {
    "before-start-commit@0",
    "before-start-commit@3",
    "after-start-commit@0",
    "after-start-commit@3",
    "after-launch@0",
    "after-launch@3",
    "while-running@0",
    "while-running@3",
    "before-result-commit@0",
    "before-result-commit@3",
    "after-result-commit@0",
    "after-result-commit@3",
    "before-finish-commit@-1",
    "after-finish-commit@-1",
}
UNHARMED = {
    "killed": True,
    "ended": 0,
    "runs": 1,
    "lost": 0,
    "changes repeated": 0,
    "reads repeated": 0,
    "out of order": 0,
}


def test_a_crash_in_any_window_is_seen_through_without_a_question(tmp_path: Path) -> None:
    """The step outlives Midwatch, so that even a change is never in doubt by our own death."""
    ended = subprocess.run(
        [sys.executable, str(KILLER), str(tmp_path), "failpoints"],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stderr

    assert json.loads(ended.stdout) == dict.fromkeys(PLACES, UNHARMED)
