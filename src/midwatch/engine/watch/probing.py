"""The watch's own probes: each looks when it is due, and what it sees becomes alerts."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from midwatch.alerts import probes
from midwatch.alerts import store as alerts
from midwatch.base import clock
from midwatch.db import store

LOG = logging.getLogger(__name__)
Look: TypeAlias = Callable[[], probes.Look]


@dataclasses.dataclass(frozen=True, slots=True)
class Watched:
    """A probe, and how it looks."""

    probe: probes.Probe
    look: Look


def look_around(where: store.Store, watched: Sequence[Watched], ticks: clock.Clock) -> int:
    """Let each probe look that is due; how many did."""
    before = probes.looked_at(where)
    looked = 0
    for each in watched:
        if _is_due(each.probe, before.get(each.probe.name), ticks.now()):
            _look(where, each, ticks)
            looked += 1
    return looked


def end_gone(where: store.Store, known: Collection[str], now: datetime.datetime) -> int:
    """End what probes found that are not arranged any more; how many those were."""
    gone = probes.gone(where, known)
    for name in gone:
        LOG.info("probe %s looks no more: what it found is over", name)
        nobodys = probes.Probe(name, datetime.timedelta(), datetime.timedelta())
        verdict = probes.judge(nobodys, probes.standing(where, name), probes.Good(), now)
        statements = probes.forgetting(name)
        if verdict.alerts:
            statements.append(alerts.accepting(verdict.alerts, now))
        where.write(*statements)
    return len(gone)


def _is_due(probe: probes.Probe, last: datetime.datetime | None, now: datetime.datetime) -> bool:
    return last is None or now - last >= probe.every or last > now


def _look(where: store.Store, each: Watched, ticks: clock.Clock) -> None:
    """Look once, and write down what follows."""
    seen = each.look()
    settle(where, each.probe, seen, ticks.now())


def settle(
    where: store.Store,
    probe: probes.Probe,
    seen: probes.Look,
    now: datetime.datetime,
    *also: store.Statement,
) -> None:
    """The alerts are accepted in the transaction that keeps what was seen."""
    verdict = probes.judge(probe, probes.standing(where, probe.name), seen, now)
    statements = probes.writing(probe, verdict, _said(seen), now)
    if verdict.alerts:
        statements.append(alerts.accepting(verdict.alerts, now))
    where.write(*statements, *also)


def _said(seen: probes.Look) -> str:
    match seen:
        case probes.Good():
            return "good"
        case probes.Bad(_, said):
            return f"bad: {said}"
        case probes.Blind(why):
            return f"unknown: {why}"
