"""Who is on call: a schedule and a moment in, a name and the reason out.

Times of day are turned into moments before anything is compared, so that a clock that is put back
never hands somebody's turn back to them. A time that a clock leaves out counts as an hour later.
"""

from __future__ import annotations

import datetime
import itertools
import zoneinfo
from collections.abc import Iterator

from midwatch.oncall import model

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
MIDNIGHT = datetime.timedelta()


def who(schedule: model.Schedule, now: datetime.datetime) -> model.OnCall | model.Nobody:
    """Whose turn it is at that moment."""
    now = now.astimezone(datetime.UTC)
    for override in schedule.overrides:
        if override.starts <= now < override.ends:
            reason = f" ({override.reason})" if override.reason else ""
            if override.person:
                return model.OnCall(override.person, f"stands in on {schedule.id}{reason}")
            return model.Nobody(f"{schedule.id} is left empty on purpose{reason}", planned=True)
    zone = zoneinfo.ZoneInfo(schedule.time_zone)
    for number, rotation in enumerate(schedule.rotations, start=1):
        person = _turn(rotation, now, zone)
        if person is not None:
            return model.OnCall(person, f"on {schedule.id}, rotation {number}")
    local = now.astimezone(zone)
    return model.Nobody(f"no rotation of {schedule.id} covers {local:%a %d %b %H:%M}")


def _turn(rotation: model.Rotation, now: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str | None:
    """Whose turn of the rotation a moment belongs to, if its window covers it."""
    if not rotation.people or now < rotation.starts or not _covers(rotation, now, zone):
        return None
    start = rotation.starts.astimezone(zone)
    today = now.astimezone(zone).date()
    begun = today if now >= _moment(today, _on_the_clock(start), zone) else today - DAY
    turns = max((begun - start.date()).days, 0) // rotation.days
    return rotation.people[turns % len(rotation.people)]


def _covers(rotation: model.Rotation, now: datetime.datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether the rotation's hours hold; a night belongs to the evening it began on."""
    today = now.astimezone(zone).date()
    if rotation.window is None:
        return today.weekday() in rotation.weekdays
    return any(
        begins <= now < ends
        for day in (today - DAY, today)
        if day.weekday() in rotation.weekdays
        for begins, ends in [_window(rotation.window, day, zone)]
    )


def _window(
    window: tuple[int, int], day: datetime.date, zone: zoneinfo.ZoneInfo
) -> tuple[datetime.datetime, datetime.datetime]:
    """From when to when the window of a day lasts."""
    begins, ends = window
    last = day if begins < ends else day + DAY
    return _moment(day, begins * MINUTE, zone), _moment(last, ends * MINUTE, zone)


def _moment(
    day: datetime.date, after_midnight: datetime.timedelta, zone: zoneinfo.ZoneInfo
) -> datetime.datetime:
    """The first moment at which a clock in that zone shows this, in UTC."""
    midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=zone)
    return (midnight + after_midnight).astimezone(datetime.UTC)


def _on_the_clock(local: datetime.datetime) -> datetime.timedelta:
    """What the clock shows, as the time after midnight."""
    return datetime.timedelta(
        hours=local.hour,
        minutes=local.minute,
        seconds=local.second,
        microseconds=local.microsecond,
    )


def shifts(
    schedule: model.Schedule, starts: datetime.datetime, ends: datetime.datetime
) -> Iterator[model.Shift]:
    """Who is on call from when to when, without a hole between the answers."""
    held: model.Shift | None = None
    starts, ends = starts.astimezone(datetime.UTC), ends.astimezone(datetime.UTC)
    moments = sorted({starts, ends, *_changes(schedule, starts, ends)})
    for begins, until in itertools.pairwise(moments):
        turn = who(schedule, begins)
        if held is not None and _same(held.turn, turn):
            held = model.Shift(held.starts, until, held.turn)
            continue
        if held is not None:
            yield held
        held = model.Shift(begins, until, turn)
    if held is not None:
        yield held


def _same(turn: model.OnCall | model.Nobody, other: model.OnCall | model.Nobody) -> bool:
    if isinstance(turn, model.Nobody) and isinstance(other, model.Nobody):
        return turn.planned == other.planned
    return turn == other


def _changes(
    schedule: model.Schedule, starts: datetime.datetime, ends: datetime.datetime
) -> Iterator[datetime.datetime]:
    """Every moment between the two at which the answer may become another."""
    for moment in _edges(schedule, starts, ends):
        if starts < moment < ends:
            yield moment


def _edges(
    schedule: model.Schedule, starts: datetime.datetime, ends: datetime.datetime
) -> Iterator[datetime.datetime]:
    zone = zoneinfo.ZoneInfo(schedule.time_zone)
    for override in schedule.overrides:
        yield override.starts.astimezone(datetime.UTC)
        yield override.ends.astimezone(datetime.UTC)
    first = starts.astimezone(zone).date() - DAY
    days = (ends.astimezone(zone).date() - first).days + 2
    for rotation in schedule.rotations:
        yield rotation.starts.astimezone(datetime.UTC)
        hand_over = _on_the_clock(rotation.starts.astimezone(zone))
        for day in (first + number * DAY for number in range(days)):
            yield _moment(day, MIDNIGHT, zone)
            yield _moment(day, hand_over, zone)
            if rotation.window is not None:
                yield from _window(rotation.window, day, zone)


def gaps(
    schedule: model.Schedule, starts: datetime.datetime, ends: datetime.datetime
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """The times with nobody on call; one after the other they are one gap."""
    began: datetime.datetime | None = None
    for shift in shifts(schedule, starts, ends):
        if isinstance(shift.turn, model.Nobody):
            began = began or shift.starts
        elif began is not None:
            yield began, shift.starts
            began = None
    if began is not None:
        yield began, ends
