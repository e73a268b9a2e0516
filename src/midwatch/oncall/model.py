"""People, how they are reached, and the schedules that say whose night it is."""

from __future__ import annotations

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody, used `after` so long without an acknowledgement."""

    channel: str
    address: str
    after: datetime.timedelta = datetime.timedelta()


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be paged."""

    id: str
    name: str
    ways: tuple[Way, ...] = ()
    time_zone: str = "UTC"
    addresses: tuple[tuple[str, str], ...] = ()
    """Every channel and address written for them, also those they are not told by."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns; where a window is given, only within it, in the schedule's zone."""

    people: tuple[str, ...]
    starts: datetime.datetime
    """When the first one's turn begins; turns change at this local time of day."""
    days: int = 7
    """How many days a turn lasts."""
    window: tuple[int, int] | None = None
    """From and to, in minutes after midnight; a night goes from the larger to the smaller."""
    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0; a window over midnight belongs to the day it began on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Override:
    """Somebody stands in; `person` may be empty: nobody then, on purpose."""

    person: str
    starts: datetime.datetime
    ends: datetime.datetime
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """Whose night it is: overrides first, then the first rotation that covers the moment."""

    id: str
    time_zone: str = "UTC"
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OnCall:
    """Who it is, and why."""

    person: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody is on call, and why."""

    why: str
    planned: bool = False
    """Somebody said so; else it is a gap."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shift:
    """From when to when one answer holds."""

    starts: datetime.datetime
    ends: datetime.datetime
    turn: OnCall | Nobody
