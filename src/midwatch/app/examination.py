"""What `midwatch doctor` has in its hands, and what it says of it."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from midwatch.app import serve_settings, settings, watch_settings
from midwatch.base import clock
from midwatch.engine.watch import arrangements

LINES = 5
"""More of one kind are counted, not listed."""


class Health(enum.StrEnum):
    """How something is."""

    FINE = "fine"
    POOR = "poor"
    """It works, and somebody should know."""
    BROKEN = "broken"
    """At night it would fail."""


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    area: str
    thing: str
    health: Health
    told: str


@dataclasses.dataclass(frozen=True, slots=True)
class Patient:
    """Everything that is looked at."""

    found: settings.Settings
    watch: watch_settings.Watch
    serve: serve_settings.Serve
    given: arrangements.Arrangements
    environment: Mapping[str, str]
    ticks: clock.Clock


Examiner: TypeAlias = Callable[[Patient], Iterator[Finding]]


def fine(area: str, thing: str, told: str) -> Finding:
    """It is as it should be."""
    return Finding(area, thing, Health.FINE, told)


def poor(area: str, thing: str, told: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(area, thing, Health.POOR, told)


def broken(area: str, thing: str, told: str) -> Finding:
    """At night it would fail."""
    return Finding(area, thing, Health.BROKEN, told)


def shortened(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first few, and how many more there are."""
    whole = list(findings)
    yield from whole[:LINES]
    if len(whole) > LINES:
        last = whole[-1]
        yield Finding(last.area, "", last.health, f"{len(whole) - LINES} more like these")


def count(things: Mapping[str, object], one: str, many: str = "") -> str:
    """How many things there are, in words."""
    return f"{len(things)} {one if len(things) == 1 else many or one + 's'}"


def number(count: int, one: str) -> str:
    """A number of things, in words."""
    return f"{count} {one if count == 1 else one + 's'}"
