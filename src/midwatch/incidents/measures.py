"""How long it took: to detect, to acknowledge, to mitigate; for one incident and for many."""

from __future__ import annotations

import dataclasses
import datetime
import statistics
from collections.abc import Iterable, Sequence

from midwatch.incidents import events

SKEW = datetime.timedelta(minutes=5)


@dataclasses.dataclass(frozen=True, slots=True)
class Measures:
    """Seconds; None where it has not come to that."""

    detect: float | None = None
    """From the first alert's start at its source until the incident was opened."""
    acknowledge: float | None = None
    """From the opening until somebody said "mine"."""
    mitigate: float | None = None
    """From the opening until nothing fired any more, for good."""
    resolve: float | None = None
    """From the opening until it was over."""


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """Medians over several incidents, and how many of them had one."""

    incidents: int
    detect: float | None
    acknowledge: float | None
    mitigate: float | None
    resolve: float | None


def of(
    recorded: Sequence[events.Recorded], started_at: datetime.datetime | None = None
) -> Measures:
    """The times of one incident, from its timeline and its first alert's own start."""
    if not recorded:
        return Measures()
    opened = recorded[0].at
    return Measures(
        detect=_detected(opened, started_at),
        acknowledge=_first(recorded, events.Acknowledged, opened),
        mitigate=_mitigated(recorded, opened),
        resolve=_last(recorded, opened),
    )


def _detected(opened: datetime.datetime, started: datetime.datetime | None) -> float | None:
    """Not known where the source's clock is wrong; a little ahead of ours is at once."""
    if started is None or started > opened + SKEW:
        return None
    return max((opened - started).total_seconds(), 0.0)


def _first(
    recorded: Sequence[events.Recorded], kind: type[events.Event], opened: datetime.datetime
) -> float | None:
    return next(
        ((each.at - opened).total_seconds() for each in recorded if isinstance(each.event, kind)),
        None,
    )


def _mitigated(recorded: Sequence[events.Recorded], opened: datetime.datetime) -> float | None:
    """The last moment at which firing fell to nothing and stayed there."""
    found: datetime.datetime | None = None
    for each in recorded:
        if isinstance(each.event, events.AlertsJoined):
            found = None
        elif isinstance(each.event, events.AlertsRecovered) and each.event.firing == 0:
            found = each.at
    return (found - opened).total_seconds() if found else None


def _last(recorded: Sequence[events.Recorded], opened: datetime.datetime) -> float | None:
    for each in reversed(recorded):
        if isinstance(each.event, events.Reopened):
            return None
        if isinstance(each.event, events.Resolved):
            return (each.at - opened).total_seconds()
    return None


def summary(measured: Iterable[Measures]) -> Summary:
    """The medians."""
    every = list(measured)
    return Summary(
        len(every),
        _median(each.detect for each in every),
        _median(each.acknowledge for each in every),
        _median(each.mitigate for each in every),
        _median(each.resolve for each in every),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
