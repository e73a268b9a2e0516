"""Moments as sources write them, and clocks that differ from ours."""

from __future__ import annotations

import datetime

from midwatch.base import counted, errors

OLDEST = 1980
"""What is older is no moment but a zero: Go writes 0001-01-01, others 1970."""
NONE = (None, "", "0001-01-01T00:00:00Z")
MILLISECONDS = 100_000_000_000
AHEAD = datetime.timedelta(minutes=5)


def read(value: object, where: str) -> datetime.datetime | None:
    """The moment in UTC; None where nothing, or a zero, is written."""
    if value in NONE:
        return None
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError) as error:
        raise errors.UserError(
            f"{where} is no moment: {str(value)[:40]!r}.", "Write it as 2026-11-22T03:14:00Z."
        ) from error
    return found if found.year >= OLDEST else None


def _moment(value: object) -> datetime.datetime:
    if isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004  (told as a UserError by `read`)
    if isinstance(value, int | float):
        seconds = value / 1000 if abs(value) >= MILLISECONDS else value
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004  (told as a UserError by `read`)
    found = datetime.datetime.fromisoformat(value.strip())
    if found.tzinfo is datetime.UTC:
        return found
    if found.tzinfo is None:
        return found.replace(tzinfo=datetime.UTC)
    if found.year < OLDEST:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return found.astimezone(datetime.UTC)


def skew(started: datetime.datetime, now: datetime.datetime) -> str:
    """A sentence where the source's clock is ahead of ours; empty where it is not."""
    if started - now <= AHEAD:
        return ""
    minutes = counted.of(round((started - now).total_seconds() / 60), "minute")
    return f"It starts {minutes} in the future: one of the two clocks is wrong."
