"""What a team says of its alerts: grouping, inhibition, flapping, storms, severities."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.alerts import matching

GROUP_BY = ("alertname", "cluster", "namespace", "service", "job")


@dataclasses.dataclass(frozen=True, slots=True)
class Inhibition:
    """While an alert like `source` fires, alerts like `target` are its consequences."""

    source: tuple[matching.Matcher, ...]
    target: tuple[matching.Matcher, ...]
    equal: tuple[str, ...] = ()
    """Labels that both must agree on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Flapping:
    """More than `times` starts within `within` is noise: told once, then held until quiet."""

    times: int = 5
    within: datetime.timedelta = datetime.timedelta(minutes=30)


@dataclasses.dataclass(frozen=True, slots=True)
class Storm:
    """More than `incidents` new incidents within `within` become one that people can read."""

    incidents: int = 25
    within: datetime.timedelta = datetime.timedelta(minutes=1)
    quiet: datetime.timedelta = datetime.timedelta(minutes=5)
    """A storm is over when nothing new joined for this long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """All of it."""

    group_by: tuple[str, ...] = GROUP_BY
    inhibitions: tuple[Inhibition, ...] = ()
    flapping: Flapping = Flapping()
    storm: Storm = Storm()
    quiet_severities: frozenset[str] = frozenset({"info", "low", "none", "debug", "p4", "p5"})
    """Severities that are recorded and page nobody; any other word pages."""
