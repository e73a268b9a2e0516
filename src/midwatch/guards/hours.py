"""A time of day that a line of the policy is about: `22:00-06:00` in one time zone."""

from __future__ import annotations

import datetime
import re

from midwatch.base import shape

WRITTEN = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[-–]\s*([0-9]{1,2}):([0-9]{2})")  # noqa: RUF001
DAY_HOURS, HOUR_MINUTES = 24, 60


@shape.frozen
class Hours:
    """From one minute of the day up to another, which is not in it any more."""

    begin: int
    end: int
    zone: datetime.tzinfo
    text: str

    def holds(self, now: datetime.datetime | None) -> bool:
        """Whether it is that time now; a clock that is not known is an error, not a no."""
        if now is None or now.tzinfo is None:
            raise ValueError("the time is not known")
        local = now.astimezone(self.zone)
        minute = local.hour * HOUR_MINUTES + local.minute
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def read(text: str, zone: datetime.tzinfo) -> Hours:
    """The hours as written; what cannot be one is a ValueError."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"hours = “{text}”: write it as 22:00-06:00")
    begin, end = _minute(found[1], found[2]), _minute(found[3], found[4])
    if begin == end:
        raise ValueError(f"hours = “{text}” is no time at all: write 00:00-24:00 for all day")
    return Hours(begin, end, zone, text.strip())


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * HOUR_MINUTES + int(minute)
    if int(minute) >= HOUR_MINUTES or total > DAY_HOURS * HOUR_MINUTES:
        raise ValueError(f"there is no {hour}:{minute} in a day")
    return total
