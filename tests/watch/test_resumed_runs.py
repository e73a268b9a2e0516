"""A run of an incident that a person takes up again: its incident hears how that ended."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
from pathlib import Path

import pytest
from tests.smoke import zygote
from tests.watch import harness, test_orders

from midwatch.app import hosting, running, watch_runs
from midwatch.db import place
from midwatch.engine.watch import remediating
from midwatch.guards import model as guards
from midwatch.incidents import carriers, events, orders
from midwatch.runs import hosted

team = test_orders.team


@pytest.fixture
def open_one(team: harness.Watch, monkeypatch: pytest.MonkeyPatch) -> harness.Watch:
    """One incident, in the database where the program looks for it."""
    monkeypatch.setenv("MIDWATCH_STATE", str(Path(team.url.removeprefix("sqlite://")).parent))
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    team.got.clear()
    return team


def midwatch(*words: str) -> subprocess.CompletedProcess[str]:
    return zygote.shared().run(*words, folder=Path.cwd(), environment=dict(os.environ))


def outcomes(watch: harness.Watch) -> list[tuple[str, str]]:
    ended = [each for each in watch.timeline() if isinstance(each, events.RunEnded)]
    return [(each.purpose, each.outcome) for each in ended]


def run_id(watch: harness.Watch) -> str:
    (began,) = [each for each in watch.timeline() if isinstance(each, events.RunStarted)]
    return began.run


def test_a_run_for_an_incident_that_is_taken_up_again_tells_its_end(
    open_one: harness.Watch,
) -> None:
    wanted = ("run", test_orders.ADDRESS, "--target", "lab", "--incident", open_one.incident())
    assert midwatch(*wanted).returncode == 4
    assert outcomes(open_one) == [("person", "waiting")]
    done = midwatch("resume", run_id(open_one), "--yes", "change")
    assert done.returncode == 0, done.stderr
    assert outcomes(open_one) == [("person", "waiting"), ("person", "succeeded")]
    assert "docker start queue" in str(open_one.timeline()[-1])


def ordered(watch: harness.Watch) -> str:
    """A remediation of the watch that waits for a person; the process that began it is gone."""
    order = test_orders.remediate(watch)
    before = hosting.Hosting(hosting.Quiet())
    wish = running.Wish(str(Path.cwd() / order.address), "lab", may=guards.May.READ, asked_by="")
    terms = hosted.Terms(f"midwatch for {order.key}", guards.May.READ, reachable=False)
    run = before.enter(wish, terms)
    asyncio.run(before.close())
    (known,) = carriers.take(watch.where, 10, place.carrier(place.state_folder()))
    remediating.began(watch.where, known, run, order.address, watch.time)
    return run


def test_a_run_of_the_watch_that_a_person_took_up_is_told_by_the_watch(
    open_one: harness.Watch,
) -> None:
    run = ordered(open_one)
    assert midwatch("resume", run, "--yes", "change").returncode == 0
    assert outcomes(open_one) == []

    async def until_told() -> None:
        runs = watch_runs.Runs(open_one.url, Path.cwd(), lambda: open_one.given)
        serving = asyncio.create_task(runs.serve())
        for _ in range(200):
            await asyncio.sleep(0.05)
            if outcomes(open_one):
                break
        runs.close()
        await serving

    asyncio.run(until_told())
    assert outcomes(open_one) == [("remediation", "succeeded")]


def test_a_run_whose_end_was_told_as_in_doubt_is_told_again_by_whoever_took_it_up(
    open_one: harness.Watch,
) -> None:
    run = ordered(open_one)
    ending = events.RunEnded(run, "remediation", "in-doubt", "")
    order = orders.of_run(open_one.where, run)
    assert order is not None
    remediating.ended(open_one.where, open_one.given, order, ending, open_one.time)
    assert midwatch("resume", run, "--yes", "change").returncode == 0
    assert outcomes(open_one) == [("remediation", "in-doubt"), ("remediation", "succeeded")]
    open_one.got.clear()


def test_a_run_of_no_incident_needs_no_watch(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MIDWATCH_STATE", str(tmp_path / "elsewhere"))
    waits = midwatch("run", test_orders.ADDRESS, "--target", "lab")
    assert waits.returncode == 4
    (run,) = [each.name for each in (tmp_path / "elsewhere" / "runs").iterdir()]
    assert midwatch("resume", run, "--yes", "change").returncode == 0
    assert not (tmp_path / "elsewhere" / "watch.db").exists()
    assert team.where.rows("select count(*) from incidents") == [(0,)]
