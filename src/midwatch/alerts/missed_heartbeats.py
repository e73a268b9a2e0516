"""Dead-man's switches: something that should have called, and did not, is an alert."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence

from midwatch.alerts import heartbeats, model
from midwatch.alerts import store as alerts
from midwatch.base import counted
from midwatch.db import moments, store

SOURCE = "heartbeat"
NAME = "HeartbeatMissed"
EXPECT = """
insert into heartbeats (name, at, by_whom) values (:name, :at, '') on conflict (name) do nothing
"""
FIRING = """
select fingerprint, max(started_at) from alerts
where source = 'heartbeat' and status = 'firing' group by fingerprint
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Heartbeat:
    """Something that calls at least so often."""

    name: str
    every: datetime.timedelta
    severity: str = "critical"
    runbook_url: str = ""


def watch(where: store.Store, expected: Sequence[Heartbeat], now: datetime.datetime) -> None:
    """Raise an alert for each that is overdue, and end those that came back."""
    if not expected:
        return
    seen = heartbeats.latest(where)
    unseen = [each for each in expected if each.name not in seen]
    if unseen:  # time runs from when it was arranged
        where.write((EXPECT, [{"name": each.name, "at": moments.write(now)} for each in unseen]))
    firing = {mark: moments.read(at) for mark, at in where.rows(FIRING)}
    told = judge(expected, seen, firing, now)
    if told:
        where.write(alerts.accepting(told, now))


def end_gone(where: store.Store, known: Collection[str], now: datetime.datetime) -> int:
    """End the alerts of heartbeats that nobody expects any more; how many those were."""
    firing = {mark: moments.read(at) for mark, at in where.rows(FIRING) if mark not in known}
    nobodys = datetime.timedelta()
    told = [
        _alert(Heartbeat(name, nobodys), began, model.Status.RESOLVED, now)
        for name, began in firing.items()
    ]
    if told:
        where.write(alerts.accepting(told, now))
    return len(told)


def judge(
    expected: Sequence[Heartbeat],
    seen: Mapping[str, datetime.datetime],
    firing: Mapping[str, datetime.datetime],
    now: datetime.datetime,
) -> list[model.Alert]:
    """The alerts that begin and end now; the same question gives the same alerts again."""
    told = []
    for each in expected:
        last = seen.get(each.name, now)
        if each.name in firing and last >= firing[each.name]:
            told.append(_alert(each, firing[each.name], model.Status.RESOLVED, now))
        elif each.name not in firing and now - last > each.every:
            told.append(_alert(each, last + each.every, model.Status.FIRING, now))
    return told


def _alert(
    each: Heartbeat, began: datetime.datetime, status: model.Status, now: datetime.datetime
) -> model.Alert:
    minutes = each.every.total_seconds() / 60
    annotations = {
        "summary": f"{each.name} has not called for more than {counted.of(minutes, 'minute')}"
    }
    if each.runbook_url:
        annotations["runbook_url"] = each.runbook_url
    return model.Alert(
        source=SOURCE,
        fingerprint=each.name,
        name=NAME,
        status=status,
        started_at=began,
        labels={"alertname": NAME, "service": each.name, "severity": each.severity},
        annotations=annotations,
        ended_at=now if status is model.Status.RESOLVED else None,
    )
