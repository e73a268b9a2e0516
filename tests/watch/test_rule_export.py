"""Alerts that a runbook describes become rules that Prometheus takes, linked to their procedure."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from midwatch.alerts import rule_file
from midwatch.runbook import reading

TEXT = b"""# Orders

## Alerts

### Critical

1. **Queue stuck (>5000)**
   - Query: `sum(order_queue) > 5000`
   - Duration: 10 minutes
   - Action: [drain the queue](#drain-the-queue)

2. **Nothing compared**
   - Query: `rate(orders_total[5m])`

3. **Broken**
   - Query: `sum(order_queue > 5`

4. **Only words**
   - Threshold: >5% of orders fail

5. **Gone**
   - Query: `absent(up{job="orders"})`

## Drain the queue

```bash
redis-cli llen orders
```
"""


def outcomes() -> list[rule_file.Outcome]:
    return rule_file.export([reading.read("orders.md", TEXT)], "https://git.example.org/ops/")


def test_a_rule_keeps_query_duration_severity_and_procedure() -> None:
    first = outcomes()[0]

    assert isinstance(first, rule_file.Exported)
    assert first.fields == {
        "alert": "QueueStuck5000",
        "expr": "sum(order_queue) > 5000",
        "for": "10m",
        "labels": {"severity": "critical"},
        "annotations": {
            "summary": "Queue stuck (>5000)",
            "runbook_url": "https://git.example.org/ops/orders.md#drain-the-queue",
        },
    }


def test_what_is_not_said_whole_is_named_and_not_guessed() -> None:
    assert [(each.name, each.why) for each in outcomes() if isinstance(each, rule_file.Left)] == [
        ("Nothing compared", "its query compares with nothing: it would always fire"),
        ("Broken", "its query does not parse: unclosed left parenthesis"),
        ("Only words", "it has no query: only its words say when it fires"),
    ]


@pytest.mark.parametrize(
    ("seconds", "told"), [(3, "3s"), (300, "5m"), (5400, "1h30m"), (86400, "1d"), (0, "0s")]
)
def test_durations_are_prometheus_own(seconds: float, told: str) -> None:
    assert rule_file.duration(seconds) == told


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (prometheus) is missing")
def test_promtool_takes_the_file(tmp_path: Path) -> None:
    runbook = tmp_path / "orders.md"
    runbook.write_bytes(TEXT)
    command = [sys.executable, "-m", "midwatch", "export", "rules", str(runbook), "-o", "r.yml"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    checked = subprocess.run(
        ["promtool", "check", "rules", "r.yml"], cwd=tmp_path, capture_output=True, check=False
    )

    assert (done.returncode, checked.returncode) == (0, 0), done.stderr
    assert b"2 rules found" in checked.stdout
    assert "2 rules written to r.yml, 3 left out." in done.stderr
