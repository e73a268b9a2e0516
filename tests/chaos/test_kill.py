"""A step's start is on disk before it is carried out, its result before the next is chosen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLER = Path(__file__).with_name("killing.py")


def killed(folder: Path, times: int, seed: int) -> dict[str, int]:
    ended = subprocess.run(
        [sys.executable, str(KILLER), str(folder), str(times), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert ended.returncode == 0, ended.stderr
    counted: dict[str, int] = json.loads(ended.stdout)
    return counted


def promise(counted: dict[str, int], times: int) -> None:
    assert counted["kills"] >= times
    assert counted["lost"] == 0
    assert counted["changes repeated"] == 0
    assert counted["out of order"] == 0
    assert counted.get("unexpected", 0) == 0


def test_fifty_kills_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    promise(killed(tmp_path, 50, 20261122), 50)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")
def test_a_thousand_kills_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    promise(killed(tmp_path, 1000, 1), 1000)
