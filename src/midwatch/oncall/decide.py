"""Who is on call: a schedule and a moment in, a name and the reason out."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator

from midwatch.oncall import model

STEP = datetime.timedelta(minutes=15)
DAY = datetime.timedelta(days=1)


def who(schedule: model.Schedule, now: datetime.datetime) -> model.OnCall | model.Nobody:
    """Whose turn it is at that moment."""
    for override in schedule.overrides:
        if override.starts <= now < override.ends:
            reason = f" ({override.reason})" if override.reason else ""
            if override.person:
                return model.OnCall(override.person, f"stands in on {schedule.id}{reason}")
            return model.Nobody(f"{schedule.id} is left empty on purpose{reason}")
    local = now.astimezone(zoneinfo.ZoneInfo(schedule.time_zone))
    for number, rotation in enumerate(schedule.rotations, start=1):
        person = _turn(rotation, local)
        if person is not None:
            return model.OnCall(person, f"on {schedule.id}, rotation {number}")
    return model.Nobody(f"no rotation of {schedule.id} covers {local:%a %d %b %H:%M}")


def _turn(rotation: model.Rotation, local: datetime.datetime) -> str | None:
    """Whose turn of the rotation a local moment belongs to, if its window covers it."""
    day = _window_day(rotation, local)
    if day is None or not rotation.people:
        return None
    start = rotation.starts.astimezone(local.tzinfo)
    if local < start:
        return None
    hand_over = start.time()
    begun = local.date() if local.time() >= hand_over else local.date() - DAY
    turns = (begun - start.date()).days // rotation.days
    return rotation.people[turns % len(rotation.people)]


def _window_day(rotation: model.Rotation, local: datetime.datetime) -> datetime.date | None:
    """The day whose window the moment lies in; a night belongs to the evening before it."""
    if rotation.window is None:
        return local.date() if local.weekday() in rotation.weekdays else None
    begins, ends = rotation.window
    minute = local.hour * 60 + local.minute
    if begins < ends:
        inside, day = begins <= minute < ends, local.date()
    else:
        inside = minute >= begins or minute < ends
        day = local.date() if minute >= begins else local.date() - DAY
    return day if inside and day.weekday() in rotation.weekdays else None


def gaps(
    schedule: model.Schedule, starts: datetime.datetime, ends: datetime.datetime
) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
    """The times with nobody on call, to the quarter of an hour."""
    began: datetime.datetime | None = None
    now = starts
    while now < ends:
        empty = isinstance(who(schedule, now), model.Nobody)
        if empty and began is None:
            began = now
        if not empty and began is not None:
            yield began, now
            began = None
        now += STEP
    if began is not None:
        yield began, ends
