"""Midwatch dies at each named place, and is taken up again: nothing lost, nothing done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.chaos import places

from midwatch.engine import failpoints

ROOT = Path(__file__).parents[2]
SETTLED = {"while-running@0, steps too"}
"""Where a change was cut off in the middle, and only a person can know what became of it."""
HARM = ("lost", "changes repeated", "out of order", "broken chains")


def test_a_crash_in_any_window_is_seen_through(tmp_path: Path) -> None:
    """The step outlives Midwatch, so that even a change is never in doubt by our own death."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.chaos.places", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)

    assert {name.partition("@")[0] for name in found} == {*failpoints.NAMES} - places.ELSEWHERE
    assert {name for name, told in found.items() if not told["killed"] or told["ended"]} == set()
    assert {name for name, told in found.items() if any(told[each] for each in HARM)} == set()
    asked = {name for name, told in found.items() if told.get("in doubt")}
    assert asked >= SETTLED
    assert {name for name in asked if "steps too" not in name} == set()
    repeated = {name for name, told in found.items() if told["reads repeated"]}
    assert {name for name in repeated if "steps too" not in name} == set()


def test_a_run_that_was_only_planned_is_carried_out_whole(tmp_path: Path) -> None:
    text = "# Work\n\n## Mend it\n\n```bash\necho once >>count\n```\n"
    (tmp_path / "RUNBOOK.md").write_text(text)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "MIDWATCH_STATE": str(tmp_path / "state"),
    }

    def midwatch(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()", *arguments],
            cwd=tmp_path,
            env={**environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    dead = midwatch("run", "RUNBOOK.md#mend-it", MIDWATCH_FAILPOINT="after-plan-commit")
    listed = json.loads(midwatch("runs", "--json").stdout)
    ended = midwatch("resume", listed["run_id"], "--yes", "change")

    assert dead.returncode == -9
    assert listed["outcome"] == "interrupted"
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "count").read_text() == "once\n"
