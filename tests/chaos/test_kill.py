"""A step's start is on disk before it is carried out, its result before the next is chosen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def killed(folder: Path, times: int, seed: int) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.chaos.killing", str(folder), str(times), str(seed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=3000,
    )
    assert ended.returncode == 0, ended.stderr
    counted: dict[str, Any] = json.loads(ended.stdout)
    return counted


def promise(counted: dict[str, Any], times: int) -> None:
    assert counted["kills"] >= times
    assert counted["lost"] == 0
    assert counted["changes repeated"] == 0
    assert counted["out of order"] == 0
    assert counted["broken chains"] == 0
    assert counted.get("unexpected", 0) == 0


def test_a_hundred_kills_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    promise(killed(tmp_path, 100, 20261122), 100)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")
def test_a_thousand_kills_lose_no_step_and_repeat_no_change(tmp_path: Path) -> None:
    counted = killed(tmp_path, 1000, 1)

    promise(counted, 1000)
    assert counted["ready max ms"] <= 1000
