"""Runs are carried out beside the watch: neither of the two takes the other down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.watch import server

from midwatch.engine.watch import apart

TOML = """
[targets.lab]

[serve]
listen = "127.0.0.1:0"
runbooks = ["ops.md"]
target = "lab"

[sources.am]
kind = "alertmanager"
"""
RUNBOOK = """# Queue

## QueueStuck

### Diagnosis

```bash
echo "waiting: 42"
```
"""


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[server.Server]:
    (tmp_path / "ops.md").write_text(RUNBOOK, encoding="utf-8")
    yield from server.serving(tmp_path, TOML)


def carriers(watch: server.Server) -> list[int]:
    """The processes that carry runs out for this state folder."""
    wanted = f"MIDWATCH_STATE={watch.environment['MIDWATCH_STATE']}".encode()
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().split(b"\0")
            known = (each / "environ").read_bytes().split(b"\0")
        except OSError:  # over meanwhile
            continue
        if b"serve-runs" in words and wanted in known:
            found.append(int(each.name))
    return found


def fire(watch: server.Server, name: str) -> None:
    """An alert of its own incident."""
    alert = {
        "status": "firing",
        "labels": {"alertname": "QueueStuck", "service": name},
        "annotations": {},
        "startsAt": "2026-11-22T03:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": name,
    }
    answer = watch.post("/intake/am", {"version": "4", "status": "firing", "alerts": [alert]})
    assert answer.status_code == 200, answer.text


def diagnosed(watch: server.Server) -> int:
    """How many incidents hold what their diagnosis printed."""
    found = 0
    for each in watch.incidents():
        shown = watch.get(f"/api/v1/incidents/{each['id']}")
        found += "waiting: 42" in str(shown["timeline"])
    return found


def test_a_dead_carrier_is_replaced_and_the_watch_goes_on(watch: server.Server) -> None:
    (first,) = server.until(lambda: carriers(watch), "a carrier")
    os.kill(first, signal.SIGKILL)
    fire(watch, "a")

    assert len(watch.incidents()) <= 1  # it answers
    assert server.until(lambda: diagnosed(watch) == 1, "the diagnosis")
    assert any("ended (signal 9); it is started again" in line for line in watch.said)
    assert [pid for pid in carriers(watch) if pid != first]
    told = httpx.get(watch.url + "/metrics").text
    assert "\nmidwatch_runs_restarts_total 1" in told
    assert "\nmidwatch_runs_up 1" in told


def test_a_signal_to_the_carrier_alone_changes_nothing(watch: server.Server) -> None:
    (first,) = server.until(lambda: carriers(watch), "a carrier")
    fire(watch, "a")
    server.until(lambda: diagnosed(watch) == 1, "the diagnosis")
    os.kill(first, signal.SIGINT)
    os.kill(first, signal.SIGTERM)
    fire(watch, "b")

    assert server.until(lambda: diagnosed(watch) == 2, "the diagnosis")
    assert carriers(watch) == [first]


def test_the_carrier_leaves_with_its_watch(watch: server.Server) -> None:
    server.until(lambda: carriers(watch), "a carrier")
    watch.kill()

    server.until(lambda: not carriers(watch), "the carrier's end")


def test_runs_go_on_under_the_next_watch(watch: server.Server) -> None:
    server.until(lambda: carriers(watch), "a carrier")
    watch.kill()
    watch.start()
    fire(watch, "a")

    assert server.until(lambda: diagnosed(watch) == 1, "the diagnosis")
    assert len(carriers(watch)) == 1


def test_two_carriers_never_work_at_once(watch: server.Server) -> None:
    """The second waits for the first to let go, and leaves when nobody wants it any more."""
    (first,) = server.until(lambda: carriers(watch), "a carrier")
    fire(watch, "a")
    server.until(lambda: diagnosed(watch) == 1, "the diagnosis")
    command = [sys.executable, "-P", "-m", "midwatch", "serve-runs"]
    second = subprocess.Popen(
        command, cwd=watch.folder, env=watch.environment, stdin=subprocess.PIPE
    )
    server.until(lambda: second.pid in carriers(watch), "the second carrier")
    assert second.stdin is not None
    second.stdin.write(b".")
    second.stdin.flush()
    for number in range(5):
        fire(watch, f"b{number}")
    server.until(lambda: diagnosed(watch) == 6, "the diagnoses")

    listed = subprocess.run(
        [sys.executable, "-m", "midwatch", "runs"],
        cwd=watch.folder,
        env=watch.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.count("succeeded") == 6, listed.stdout
    second.stdin.close()
    assert second.wait(timeout=server.SECONDS) == 0
    assert carriers(watch) == [first]


def test_whoever_types_it_is_told_what_starts_it() -> None:
    command = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    given = [sys.executable, "-m", "midwatch", "serve-runs"]
    done = subprocess.run(
        [sys.executable, "-c", command, *given], capture_output=True, text=True, check=False
    )

    assert "starts this by itself" in done.stdout
    assert done.returncode == 2


def test_what_ends_again_and_again_is_started_less_and_less_often() -> None:
    assert [apart.pause(failures) for failures in (0, 1, 2, 5, 9)] == [0.5, 1.0, 2.0, 16.0, 60.0]
