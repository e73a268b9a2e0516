"""A power cut tears what was being written, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARM = ("lost", "changes repeated", "out of order", "broken chains", "not ended")


def cut(folder: Path, times: int, seed: int) -> dict[str, int]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.chaos.power", str(folder), str(times), str(seed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert ended.returncode == 0, ended.stderr
    counted: dict[str, int] = json.loads(ended.stdout)
    return counted


def promise(counted: dict[str, int], times: int) -> None:
    assert counted["cuts"] == times
    assert {name: counted[name] for name in HARM if name in counted} == {}


def test_a_torn_journal_and_torn_files_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    promise(cut(tmp_path, 24, 3), 24)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")
def test_five_hundred_power_cuts_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    promise(cut(tmp_path, 500, 4), 500)
