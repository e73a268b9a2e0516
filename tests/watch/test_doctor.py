"""`midwatch doctor` before a night: what would not start, and what a table names in vain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

RUNBOOK = "# Queue\n\n## Drain\n\n```bash\nls queue\n```\n"
TOML = """
[targets.lab]

[serve]
listen = "LISTEN"
runbooks = ["ops/*.md"]

[people.ana]
email = "ana@example.org"

[channels.email]
smtp = "smtp://127.0.0.1:1"
from = "watch@example.org"

[[remediation]]
procedure = "ops/queue.md#drian"
target = "lab"

[[periodic]]
name = "Weekly look"
procedure = "ops/queue.md#look"
every = "weekly"
notify = "ana"

[[windows]]
title = "Upgrade"
match = ['service="db"']
cron = "0 2 * * 0"
for = "2h"
prepare = "ops/queue.md#drain"
"""


def findings(folder: Path, listen: str) -> dict[tuple[str, str], tuple[str, str]]:
    (folder / "ops").mkdir(exist_ok=True)
    (folder / "ops" / "queue.md").write_text(RUNBOOK, encoding="utf-8")
    (folder / "midwatch.toml").write_text(TOML.replace("LISTEN", listen), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "midwatch", "doctor", "--json"],
        cwd=folder,
        env={**os.environ, "MIDWATCH_STATE": str(folder / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {(row["area"], row["thing"]): (row["health"], row["told"]) for row in rows}


def test_a_procedure_that_a_table_names_in_vain_is_told(tmp_path: Path) -> None:
    found = findings(tmp_path, "127.0.0.1:7070")

    none = "no runbook of [serve] runbooks has it"
    assert found["procedure", "ops/queue.md#drian"] == ("broken", f"[[remediation]]: {none}")
    assert found["procedure", "ops/queue.md#look"] == ("poor", f"[[periodic]] Weekly look: {none}")
    assert ("procedure", "ops/queue.md#drain") not in found
    assert ("serve", "would not start") not in found


def test_a_watch_that_would_not_start_is_told_by_day(tmp_path: Path) -> None:
    health, told = findings(tmp_path, "0.0.0.0:7070")["serve", "would not start"]

    assert health == "broken"
    assert told.startswith("listen is 0.0.0.0: without [tokens] anybody there")
