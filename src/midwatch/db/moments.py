"""Moments as text that sorts by time: UTC, always to the microsecond."""

from __future__ import annotations

import datetime


def write(moment: datetime.datetime) -> str:
    """The moment as it is stored."""
    if moment.tzinfo is not datetime.UTC:
        moment = moment.astimezone(datetime.UTC)
    return f"{moment.isoformat(timespec='microseconds')[:26]}Z"


def maybe(moment: datetime.datetime | None) -> str | None:
    """The moment as it is stored, where there is one."""
    return None if moment is None else write(moment)


def read(text: str) -> datetime.datetime:
    """The moment that was stored."""
    return datetime.datetime.fromisoformat(text)


def read_maybe(text: str | None) -> datetime.datetime | None:
    """The moment that was stored, where there is one."""
    return read(text) if text else None
