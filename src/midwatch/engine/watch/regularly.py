"""What comes by itself: heartbeats that are missed, windows that begin, procedures that are due."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.alerts import missed_heartbeats, silence_store, windows
from midwatch.base import counted, ids
from midwatch.db import store
from midwatch.engine.watch import arrangements
from midwatch.incidents import events, messages, model, orders, periodic
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents
from midwatch.oncall import directory


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A procedure that somebody has to carry out now, outside any alert."""

    title: str
    address: str
    why: str
    group: str
    """Lets the same task be open only once."""
    whom: str = ""
    target: str = ""
    runs: bool = False


def look(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> None:
    """See what is due, and write it down with what follows."""
    missed_heartbeats.watch(where, given.heartbeats, now)
    for each in windows.begun(where, given.windows, now):
        silence = silence_store.adding(each.silence)
        if each.window.prepare:
            task = _of_window(each.window, each.start, each.window.prepare, "begins")
            open_task(where, given, task, now, silence)
        else:
            where.write(silence)
    for regular in given.periodic:
        _tick(where, given, regular, now)


def closed(
    where: store.Store, given: arrangements.Arrangements, silence: str, now: datetime.datetime
) -> None:
    """A window's silence is over: what comes after the work is due."""
    for window in given.windows:
        start = _start_of(window, silence)
        if window.after and start is not None:
            open_task(where, given, _of_window(window, start, window.after, "is over"), now)


def _start_of(window: windows.Window, silence: str) -> datetime.datetime | None:
    """When the window of that silence began; None where the silence is not the window's."""
    stamp, _, slug = silence.removeprefix("W").partition("-")[2].partition("-")
    day = silence.removeprefix("W").partition("-")[0]
    if slug != windows.slug(window.title) or not (day + stamp).isdecimal():
        return None
    return datetime.datetime.strptime(day + stamp, "%Y%m%d%H%M").replace(tzinfo=datetime.UTC)


def _of_window(window: windows.Window, start: datetime.datetime, address: str, when: str) -> Task:
    return Task(
        title=f"{window.title}: {address.partition('#')[2] or address}",
        address=address,
        why=f"the maintenance window “{window.title}” {when}",
        group=f"window {windows.slug(window.title)} {start:%Y%m%d-%H%M} {when}",
        whom=f"person:{window.by}",
    )


def _tick(
    where: store.Store,
    given: arrangements.Arrangements,
    each: periodic.Periodic,
    now: datetime.datetime,
) -> None:
    last = periodic.last(where, each.name)
    if last is None:  # it was arranged just now: nothing before counts as missed
        where.write(periodic.ticking(each, periodic.Tick(now), "", now))
        return
    tick = periodic.due(each, last, now)
    if tick is None:
        return
    earlier = counted.of(tick.missed, "earlier one was", "earlier ones were")
    missed = f"; {earlier} missed" if tick.missed else ""
    task = Task(
        title=f"Due: {each.name}",
        address=each.address,
        why=f"{each.cron}, due at {tick.due_at:%Y-%m-%d %H:%M} UTC{missed}",
        group=f"periodic {each.name} {tick.due_at:%Y%m%d-%H%M}",
        whom=each.whom,
        target=each.target or given.target,
        runs=each.runs,
    )
    incident = ids.incident_id(now)
    open_task(where, given, task, now, periodic.ticking(each, tick, incident, now), name=incident)


def open_task(
    where: store.Store,
    given: arrangements.Arrangements,
    task: Task,
    now: datetime.datetime,
    *also: store.Statement,
    name: str = "",
) -> bool:
    """Put the task on the list, tell who does it, and start it where policy lets it run."""
    incident = name or ids.incident_id(now)
    record = model.Urgency.RECORD.value
    path, _, procedure = task.address.partition("#")
    found = given.directory.find(task.whom, now) if task.whom else ()
    reached = [each for each in found if isinstance(each, directory.Reached)]
    missing = [each for each in found if isinstance(each, directory.Missing)]
    change = incidents.changed(
        states.State(),
        now,
        [
            events.Opened(task.title, "", record, task.group, task.why),
            events.Matched(path, procedure, procedure, task.why),
            *(events.Assigned("midwatch", each.person.id) for each in reached[:1]),
            *(events.NotPaged(each.whom, each.why) for each in missing),
        ],
    )
    statements = incidents.opening(incident, change, None)
    statements += incidents.sending(_notices(incident, task, reached, now), now)
    if task.runs and task.target:
        statements.append(orders.ordering(_order(incident, task, now)))
    return where.write(*statements, *also)


def _notices(
    incident: str, task: Task, reached: list[directory.Reached], now: datetime.datetime
) -> list[messages.Message]:
    return [
        messages.Message(
            key=f"{incident}/due/{each.person.id}",
            incident=incident,
            person=each.person.id,
            channel=each.person.ways[0].channel,
            address=each.person.ways[0].address,
            kind=messages.Kind.NOTICE,
            body={
                "incident": incident,
                "title": task.title,
                "why": task.why,
                "runbook": task.address.partition("#")[0],
                "procedure": task.address.partition("#")[2],
                "because": each.why,
            },
            due_at=now,
        )
        for each in reached
    ]


def _order(incident: str, task: Task, now: datetime.datetime) -> orders.Order:
    return orders.Order(
        key=f"{incident}/periodic",
        incident=incident,
        purpose=orders.Purpose.PERIODIC,
        address=task.address,
        target=task.target,
        inputs={},
        created_at=now,
    )
