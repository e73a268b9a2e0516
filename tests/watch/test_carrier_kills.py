"""The process that carries runs out is killed at every edge: each order ends once, and is told."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.watch import harness, server, test_runs_apart

from midwatch.engine.watch import apart
from midwatch.incidents import events, orders

PROGRAM = [sys.executable, "-P", "-m", "midwatch", "serve-runs"]
LONG = os.environ.get("MIDWATCH_LONG") == "1"
PLACES = (
    "after-plan-commit",
    "before-start-commit",
    "after-start-commit",
    "after-launch",
    "before-result-commit",
    "after-result-commit",
    "before-finish-commit",
    "after-finish-commit",
)
SOME = PLACES if LONG else ("after-plan-commit", "after-launch", "after-finish-commit")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[harness.Watch]:
    """The store of a watch whose carrier is started by hand."""
    (tmp_path / "ops.md").write_text(test_runs_apart.RUNBOOK, encoding="utf-8")
    (tmp_path / "midwatch.toml").write_text(test_runs_apart.TOML, encoding="utf-8")
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    made = harness.Watch(state)
    yield made
    made.where.close()


def carrier(folder: Path, **more: str) -> subprocess.Popen[bytes]:
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**known, "MIDWATCH_STATE": str(folder / "state"), **more}
    return subprocess.Popen(PROGRAM, cwd=folder, env=environment, stdin=subprocess.PIPE, bufsize=0)


def beaten(process: subprocess.Popen[bytes]) -> bool:
    """The watch says that it is there; False where nobody hears that any more."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(apart.WAKE)
    return process.poll() is None


def let_go(process: subprocess.Popen[bytes]) -> int:
    """The watch is gone: how the carrier ended."""
    assert process.stdin is not None
    process.stdin.close()
    return process.wait(timeout=server.SECONDS)


def diagnosis(watch: harness.Watch) -> orders.Order:
    name = watch.incident()
    purpose = orders.Purpose.DIAGNOSIS
    return orders.Order(
        f"{name}/diagnosis", name, purpose, "ops.md#queuestuck", "lab", {}, watch.time
    )


@pytest.mark.parametrize("place", SOME)
def test_an_order_survives_the_carrier(team: harness.Watch, tmp_path: Path, place: str) -> None:
    team.fire()
    team.turn()
    team.where.write(orders.ordering(diagnosis(team)))
    first = carrier(tmp_path, MIDWATCH_FAILPOINT=place)
    server.until(lambda: not beaten(first), "the kill")
    assert let_go(first) == -signal.SIGKILL

    second = carrier(tmp_path)
    query = "select count(*) from run_orders where state <> 'ended'"
    server.until(
        lambda: beaten(second) and team.where.rows(query) == [(0,)], "the end of the order"
    )
    assert let_go(second) == 0

    happened = team.timeline()
    assert [each.outcome for each in happened if isinstance(each, events.RunEnded)] == ["succeeded"]
    assert len([each for each in happened if isinstance(each, events.RunStarted)]) == 1
    assert len(list((tmp_path / "state" / "runs").iterdir())) == 1
    team.got.clear()
