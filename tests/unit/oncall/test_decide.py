"""Whose night it is: exactly one answer for each moment, whatever the clocks do."""

from __future__ import annotations

import datetime
import itertools
import tomllib
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from midwatch.app import toml_fields, watch_schedules
from midwatch.oncall import decide, model

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "oncall" / "schedules.toml").read_text("utf-8")
)["case"]
PEOPLE = ("ana", "bo", "cleo", "dan")
BEGIN = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def _schedule(text: str) -> model.Schedule:
    table = toml_fields.Table("[schedules]", {"it": tomllib.loads(text)})
    return watch_schedules.read(table, PEOPLE)["it"]


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def _name(turn: model.OnCall | model.Nobody) -> str:
    return turn.person if isinstance(turn, model.OnCall) else "-"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_it_is_who_the_schedule_says(case: dict[str, Any]) -> None:
    schedule = _schedule(case["schedule"])
    found = [
        f"{text.split()[0]} {_name(decide.who(schedule, _moment(text.split()[0])))}"
        for text in case["who"]
    ]
    assert found == case["who"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "gaps" in case], ids=lambda case: case["name"]
)
def test_a_gap_is_found_to_the_minute(case: dict[str, Any]) -> None:
    begins, ends = map(_moment, case["between"])
    found = decide.gaps(_schedule(case["schedule"]), begins, ends)
    assert [f"{one:%Y-%m-%dT%H:%M:%S} {two:%Y-%m-%dT%H:%M:%S}" for one, two in found] == case[
        "gaps"
    ]


def test_it_is_said_why_it_is_somebody_and_why_it_is_nobody() -> None:
    case = next(each for each in CASES if each["name"].startswith("an override may leave"))
    schedule = _schedule(case["schedule"])
    assert decide.who(schedule, _moment("2026-11-25T03:00:00")) == model.OnCall(
        "ana", "on it, rotation 1"
    )
    assert decide.who(schedule, _moment("2026-12-25T03:00:00")) == model.Nobody(
        "it is left empty on purpose (the shop is closed)", planned=True
    )
    assert decide.who(schedule, _moment("2025-12-31T12:00:00")) == model.Nobody(
        "no rotation of it covers Wed 31 Dec 12:00"
    )


def test_a_gap_is_explained_by_the_moment_it_begins_at() -> None:
    case = next(each for each in CASES if each["name"].startswith("an override may leave"))
    schedule = _schedule(case["schedule"])
    begins = _moment("2025-11-30T15:38:00")

    (gap,) = decide.shifts(schedule, begins, begins + datetime.timedelta(days=3))

    assert gap.turn == model.Nobody("no rotation of it covers Sun 30 Nov 15:38")


ZONES = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu")
ZONES_AT_MIDNIGHT = ("America/Havana", "Africa/Cairo", "America/Asuncion", "Asia/Beirut")
MOMENTS = some.datetimes(
    datetime.datetime.fromisoformat("2023-01-01"), datetime.datetime.fromisoformat("2027-12-31")
)


@some.composite
def rotations(draw: some.DrawFn, zone: str) -> model.Rotation:
    """Turns of any length, in any window, on any days."""
    minutes = some.integers(0, 1439)
    begins, ends = draw(minutes), draw(some.integers(1, 1440))
    window = draw(some.sampled_from([None, (begins, ends)]))
    return model.Rotation(
        people=tuple(draw(some.lists(some.sampled_from(PEOPLE), min_size=1, max_size=3))),
        starts=draw(MOMENTS).replace(tzinfo=zoneinfo.ZoneInfo(zone)),
        days=draw(some.integers(1, 15)),
        window=None if window is None or begins == ends else window,
        weekdays=draw(some.frozensets(some.integers(0, 6), min_size=1)),
    )


@some.composite
def schedules(draw: some.DrawFn) -> model.Schedule:
    """Rotations and overrides, in one zone."""
    zone = draw(some.sampled_from(ZONES + ZONES_AT_MIDNIGHT))
    begins = draw(some.lists(MOMENTS, max_size=3))
    overrides = tuple(
        model.Override(
            draw(some.sampled_from(("", *PEOPLE))),
            moment.replace(tzinfo=datetime.UTC),
            moment.replace(tzinfo=datetime.UTC) + draw(some.integers(1, 5000)) * MINUTE,
        )
        for moment in begins
    )
    made = draw(some.lists(rotations(zone), max_size=3))
    return model.Schedule("it", zone, tuple(made), overrides)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedule=schedules(), begin=MOMENTS, steps=some.lists(some.integers(0, 20_000), max_size=30))
def test_the_shifts_say_the_same_as_each_moment_and_leave_no_hole(
    schedule: model.Schedule, begin: datetime.datetime, steps: list[int]
) -> None:
    starts = begin.replace(tzinfo=datetime.UTC)
    ends = starts + datetime.timedelta(days=14)
    shifts = list(decide.shifts(schedule, starts, ends))
    assert (shifts[0].starts, shifts[-1].ends) == (starts, ends)
    for one, two in itertools.pairwise(shifts):
        assert one.ends == two.starts
        assert one.turn != two.turn
    for step in steps:
        moment = starts + min(step, 14 * 1440 - 1) * MINUTE
        (held,) = [each for each in shifts if each.starts <= moment < each.ends]
        assert _name(held.turn) == _name(decide.who(schedule, moment))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schedule=schedules(), begin=MOMENTS)
def test_gaps_are_exactly_the_times_with_nobody(
    schedule: model.Schedule, begin: datetime.datetime
) -> None:
    starts = begin.replace(tzinfo=datetime.UTC)
    ends = starts + datetime.timedelta(days=4)
    found = list(decide.gaps(schedule, starts, ends))
    for number in range(0, 4 * 1440, 97):
        moment = starts + number * MINUTE
        empty = isinstance(decide.who(schedule, moment), model.Nobody)
        assert empty is any(one <= moment < two for one, two in found)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(zone=some.sampled_from(ZONES + ZONES_AT_MIDNIGHT), begin=MOMENTS, hour=some.integers(0, 23))
def test_daily_turns_hand_over_once_a_day_and_go_round(
    zone: str, begin: datetime.datetime, hour: int
) -> None:
    starts = begin.replace(hour=hour, minute=30, second=0, microsecond=0)
    rotation = model.Rotation(PEOPLE, starts.replace(tzinfo=zoneinfo.ZoneInfo(zone)), days=1)
    schedule = model.Schedule("it", zone, (rotation,))
    first = rotation.starts.astimezone(datetime.UTC) + datetime.timedelta(days=1)
    shifts = list(decide.shifts(schedule, first, first + datetime.timedelta(days=120)))
    lengths = {each.ends - each.starts for each in shifts[1:-1]}
    assert all(22.9 <= length.total_seconds() / 3600 <= 25.1 for length in lengths)
    names = [_name(each.turn) for each in shifts]
    at = PEOPLE.index(names[0])
    assert names == [PEOPLE[(at + number) % 4] for number in range(len(names))]
