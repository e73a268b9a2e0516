"""Diagnosis runs at once and only reads; remediation only as policy says, and pages go on."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.app import hosting, library, running, watch_runs
from midwatch.guards import model as guards
from midwatch.incidents import carriers, events, orders, remediation
from midwatch.runs import hosted

RUNBOOK = """# Queue

## QueueStuck

### Diagnosis

```bash
echo waiting: 42
```

### Resolution

```bash
touch healed-by-hand
```

### Rollback

```bash
rm healed-by-hand
```
"""
ADDRESS = "queue.md#queuestuck"
SECONDS = 20


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[harness.Watch]:
    """A watch with a runbook for its alert, and a target where it may read."""
    folder = tmp_path / "ops"
    folder.mkdir()
    (folder / "queue.md").write_text(RUNBOOK, encoding="utf-8")
    (folder / "midwatch.toml").write_text("[targets.lab]\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MIDWATCH_STATE", str(tmp_path / "state"))
    given = dataclasses.replace(
        harness.TWO_LEVELS, library=library.Library(folder, ("*.md",)), target="lab"
    )
    made = harness.Watch(tmp_path, given)
    yield made
    made.where.close()


def carry_out(watch: harness.Watch) -> None:
    """Let the runs go on until nothing is left to do."""

    async def until_done() -> None:
        runs = watch_runs.Runs(watch.url, Path.cwd(), lambda: watch.given)
        serving = asyncio.create_task(runs.serve())
        query = "select count(*) from run_orders where state <> 'ended'"
        for _ in range(SECONDS * 20):
            await asyncio.sleep(0.05)
            if watch.where.rows(query) == [(0,)]:
                break
        runs.close()
        await serving

    asyncio.run(until_done())


def ended(watch: harness.Watch) -> list[tuple[str, str]]:
    """The runs of the incident that ended."""
    return [
        (event.purpose, event.outcome)
        for event in watch.timeline()
        if isinstance(event, events.RunEnded)
    ]


def test_the_reads_of_the_procedure_are_on_the_incident(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")]
    (shown,) = [e.shown for e in team.timeline() if isinstance(e, events.RunEnded)]
    assert shown == "$ echo waiting: 42\nwaiting: 42"
    assert not Path("healed-by-hand").exists()
    team.expect("0 ana slack page")


def test_what_is_not_as_expected_stands_beside_what_was_seen(team: harness.Watch) -> None:
    expecting = RUNBOOK.replace("waiting: 42\n```", "42\n```\n\nExpected output: a number below 5.")
    Path("queue.md").write_text(expecting, encoding="utf-8")
    team.fire()
    team.advance()
    carry_out(team)

    (shown,) = [e.shown for e in team.timeline() if isinstance(e, events.RunEnded)]
    assert shown == "$ echo 42\n42\n(not as expected: expected a number below 5, got 42)"
    team.expect("0 ana slack page")


def test_without_a_rule_nothing_is_remediated(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    carry_out(team)
    team.advance(minutes=1)
    carry_out(team)

    assert not Path("healed-by-hand").exists()
    team.got.clear()


def allow(team: harness.Watch) -> None:
    """The team lets the procedure be carried out by itself."""
    rule = remediation.Rule(ADDRESS, "lab")
    team.given = dataclasses.replace(team.given, remediations=(rule,))


def test_what_is_recorded_before_it_changes_can_be_taken_back(team: harness.Watch) -> None:
    Path("new").write_text("new")
    Path("config").write_text("old")
    text = RUNBOOK.replace("touch healed-by-hand", "cp new config")
    Path("queue.md").write_text(text, encoding="utf-8")
    allow(team)
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team)[-1] == ("remediation", "succeeded")
    assert Path("config").read_text() == "new"
    team.got.clear()


def test_what_cannot_be_taken_back_is_refused_with_its_line(team: harness.Watch) -> None:
    allow(team)
    team.fire()
    team.advance()
    carry_out(team)

    refused = [e.why for e in team.timeline() if isinstance(e, events.RemediationRefused)]
    assert refused == ["no way back is known for: line 14 (touch healed-by-hand)"]
    team.got.clear()


def test_a_remediation_that_does_not_heal_makes_the_next_level_due(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = Path("docker")
    docker.write_text("#!/bin/sh\ntouch healed-by-hand\n", encoding="utf-8")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{Path.cwd()}:{os.environ['PATH']}")
    reversible = RUNBOOK.replace("touch healed-by-hand", "docker start queue")
    Path("queue.md").write_text(reversible, encoding="utf-8")
    allow(team)
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    order = orders.Order(
        f"{team.incident()}/remediation/1",
        team.incident(),
        orders.Purpose.REMEDIATION,
        ADDRESS,
        "lab",
        {},
        team.time,
    )
    team.where.write(orders.ordering(order))
    carry_out(team)
    assert Path("healed-by-hand").exists()
    long_ago = "update run_orders set ended_at = created_at where purpose = 'remediation'"
    team.where.write((long_ago, {}))
    team.advance(minutes=11)

    team.expect("0 ana slack page", "10 bo slack page")


def test_an_order_whose_run_was_written_down_before_a_crash_is_not_started_twice(
    team: harness.Watch,
) -> None:
    team.fire()
    team.advance()
    (order,) = orders.waiting(team.where, 10)
    before_the_crash = hosting.Hosting(hosting.Quiet())
    wish = running.Wish(str(Path.cwd() / order.address), "lab", may=guards.May.READ, asked_by="")
    terms = hosted.Terms(f"midwatch for {order.key}", guards.May.READ, reachable=False)
    run = before_the_crash.enter(wish, terms)
    assert carriers.take(team.where, 10, "") != []

    carry_out(team)

    assert [each.run_id for each in before_the_crash.records.runs(10)] == [run]
    asyncio.run(before_the_crash.close())
    team.got.clear()
