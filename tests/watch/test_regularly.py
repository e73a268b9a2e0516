"""What comes by itself comes once, and what was missed is told."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.alerts import matching, missed_heartbeats, windows
from midwatch.db import moments
from midwatch.incidents import periodic
from midwatch.incidents import store as incidents

HOUR = datetime.timedelta(hours=1)


def titles(watch: harness.Watch) -> list[str]:
    found = incidents.listed(watch.where, everything=True, limit=100)
    return sorted(row.title for row in found)


def arranged(tmp_path: Path, **more: object) -> harness.Watch:
    return harness.Watch(tmp_path, dataclasses.replace(harness.TWO_LEVELS, **more))  # type: ignore[arg-type]


def beat(watch: harness.Watch, name: str) -> None:
    query = "update heartbeats set at = :at where name = :name"
    watch.where.write((query, {"at": moments.write(watch.time), "name": name}))


def test_a_heartbeat_that_stops_pages_and_one_that_comes_back_ends_it(tmp_path: Path) -> None:
    backup = missed_heartbeats.Heartbeat("backup", HOUR)
    watch = arranged(tmp_path, heartbeats=(backup,))
    watch.advance(minutes=50)
    beat(watch, "backup")
    watch.advance(minutes=55)
    watch.expect()
    watch.advance(minutes=6)
    assert [(got.person, got.kind) for got in watch.got] == [("ana", "page")]
    watch.got.clear()
    beat(watch, "backup")
    watch.advance(minutes=6)
    assert [(got.person, got.kind) for got in watch.got] == [("ana", "update")]
    assert titles(watch) == ["backup has not called for more than 60 minutes"]
    watch.got.clear()


def test_a_window_silences_its_own_alerts_and_nothing_else(tmp_path: Path) -> None:
    window = windows.Window(
        "Database upgrade",
        (matching.parse('service="db"'),),
        HOUR,
        starts=harness.BEGIN + datetime.timedelta(minutes=10),
        by="ana",
    )
    watch = arranged(tmp_path, windows=(window,))
    watch.advance(minutes=11)
    watch.fire(service="db")
    watch.fire(service="web")
    watch.advance(minutes=1)
    watch.expect("11 ana slack page")
    watch.advance(minutes=60)
    assert sorted({(got.person, got.kind) for got in watch.got}) == [
        ("ana", "notice"),
        ("ana", "page"),
        ("bo", "page"),
    ]
    watch.got.clear()


def test_a_window_brings_its_preparation_and_what_follows(tmp_path: Path) -> None:
    window = windows.Window(
        "Database upgrade",
        (matching.parse('service="db"'),),
        HOUR,
        cron="10 3 * * *",
        by="ana",
        prepare="db.md#drain",
        after="db.md#refill",
    )
    watch = arranged(tmp_path, windows=(window,))
    watch.advance(minutes=75)
    assert titles(watch) == ["Database upgrade: drain", "Database upgrade: refill"]
    watch.got.clear()


DAILY = periodic.Periodic("Daily checks", "ops.md#daily", "daily", whom="person:bo")


def test_a_regular_task_is_told_once_at_its_time(tmp_path: Path) -> None:
    watch = arranged(tmp_path, periodic=(DAILY,))
    watch.advance(minutes=1)
    watch.time = harness.BEGIN + 6 * HOUR - harness.MINUTE
    watch.advance(minutes=5)
    watch.expect("360 bo slack notice")
    assert titles(watch) == ["Due: Daily checks"]


def test_missed_ticks_are_told_and_not_caught_up(tmp_path: Path) -> None:
    watch = arranged(tmp_path, periodic=(DAILY,))
    watch.advance()
    watch.time = harness.BEGIN + 80 * HOUR
    watch.advance(minutes=1)
    watch.expect("4800 bo slack notice")
    (row,) = watch.where.rows("select missed from ticks where incident_id <> ''")
    assert row == (3,)


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """When it is due, when it was last told, what time it is; and what is due then."""

    cron: str
    zone: str
    last: str
    now: str
    tick: str | None = None
    missed: int = 0


@pytest.mark.parametrize(
    "case",
    [
        Case("daily", "UTC", "2026-11-23T09:00", "2026-11-23T23:00"),
        Case("daily", "UTC", "2026-11-23T08:59", "2026-11-23T09:00", "2026-11-23T09:00"),
        Case("weekly", "UTC", "2026-11-24T00:00", "2026-12-08T00:00", "2026-12-07T09:00", 1),
        Case("daily", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T08:00", "2026-03-29T07:00"),
        Case("daily", "Europe/Berlin", "2026-03-27T12:00", "2026-03-28T09:00", "2026-03-28T08:00"),
    ],
)
def test_ticks_follow_the_clock_of_the_people(case: Case) -> None:
    found = periodic.due(
        periodic.Periodic("x", "x.md#x", case.cron, case.zone), _utc(case.last), _utc(case.now)
    )

    assert found == (periodic.Tick(_utc(case.tick), case.missed) if case.tick else None)


def test_the_hour_that_comes_twice_has_one_tick() -> None:
    each = periodic.Periodic("x", "x.md#x", "30 2 * * *", "Europe/Berlin")
    found = periodic.due(each, _utc("2026-10-24T12:00"), _utc("2026-10-25T12:00"))

    assert found is not None
    assert found.missed == 0


def _utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
