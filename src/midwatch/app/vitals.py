"""How the watch itself is: what is counted, and what is wrong with it now."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence

from midwatch.alerts import heartbeats, intake, probes
from midwatch.app import serving
from midwatch.base import counted, errors
from midwatch.db import store
from midwatch.incidents import lists, outbox

LATE_SECONDS = 30.0
"""An engine that has done nothing for so long stands still."""
UNTAKEN = datetime.timedelta(seconds=30)
UNSENT = datetime.timedelta(minutes=10)


@dataclasses.dataclass(frozen=True, slots=True)
class Metric:
    """One metric, with a value for each set of labels."""

    name: str
    kind: str
    help: str
    values: Sequence[tuple[Mapping[str, str], float]]


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """What the store says of it."""

    depth: intake.Depth
    incidents: Mapping[str, int]
    messages: Mapping[str, int]
    late: int
    beats: Mapping[str, datetime.datetime]
    looks: Mapping[str, tuple[datetime.datetime, str]]


async def troubles(watch: serving.Serving) -> list[str]:
    """What keeps the watch from its work; nothing where it is well."""
    found = [
        f"{each.name} has done nothing for {each.age():.0f} s"
        for each in (watch.engine, watch.auditor.loop, *watch.senders.values())
        if each.age() > LATE_SECONDS
    ]
    if not watch.runs.is_up:
        found.append("the process that carries runs out is being started")
    found += [trouble.sentence for trouble in watch.auditor.troubles]
    try:
        stored = await watch.desk.ask(lambda where: _stored(where, watch.ticks.now()))
    except errors.MidwatchError as error:
        return [*found, error.message]
    oldest, now = stored.depth.oldest, watch.ticks.now()
    if oldest is not None and now - oldest > UNTAKEN:
        age = (now - oldest).total_seconds()
        waiting = counted.of(stored.depth.waiting, "alert waits", "alerts wait")
        found.append(f"{waiting}, the oldest for {age:.0f} s")
    return found


async def measured(watch: serving.Serving) -> list[Metric]:
    """Everything that is counted."""
    stored = await watch.desk.ask(lambda where: _stored(where, watch.ticks.now()))
    bugs = _counter(
        "midwatch_plain_turns_total",
        "Turns of the engine that went wrong, and were taken again without runbooks.",
        watch.turning.bugs,
    )
    slip = _gauge(
        "midwatch_settings_slip",
        "Whether midwatch.toml has a slip, and what was arranged before counts on.",
        bool(watch.arranged.trouble),
    )
    of_runs = [
        _gauge("midwatch_runs_up", "Whether runs can be carried out.", watch.runs.is_up),
        _counter(
            "midwatch_runs_restarts_total",
            "Times that the process which carries runs out ended by itself.",
            watch.runs.restarts,
        ),
    ]
    return [*_of_intake(watch), *_of_store(stored), *_of_loops(watch), *of_runs, slip, bugs]


def _stored(where: store.Store, now: datetime.datetime) -> Stored:
    return Stored(
        depth=intake.depth(where),
        incidents=lists.counts(where),
        messages=outbox.counts(where),
        late=outbox.late(where, now - UNSENT),
        beats=heartbeats.latest(where),
        looks=probes.latest(where),
    )


def _of_intake(watch: serving.Serving) -> list[Metric]:
    committer = watch.committer
    accepted = [({"source": name}, float(n)) for name, n in watch.intake.accepted.items()]
    refused = [({"source": name}, float(n)) for name, n in watch.intake.refused.items()]
    return [
        Metric("midwatch_alerts_accepted_total", "counter", "Alerts committed.", accepted),
        Metric("midwatch_alerts_refused_total", "counter", "Alerts or messages refused.", refused),
        _counter(
            "midwatch_turned_away_total",
            "Messages of senders without the right token.",
            watch.intake.turned_away,
        ),
        _counter("midwatch_intake_commits_total", "Transactions of intake.", committer.commits),
        _counter(
            "midwatch_intake_failed_commits_total",
            "Transactions that could not be committed.",
            committer.failed,
        ),
        _gauge(
            "midwatch_intake_uncommitted", "Alerts received, not on disk yet.", committer.waiting
        ),
    ]


def _of_store(stored: Stored) -> list[Metric]:
    open_now = [({"status": name}, float(n)) for name, n in stored.incidents.items()]
    letters = [({"state": name}, float(n)) for name, n in stored.messages.items()]
    well = [({"probe": name}, float(said == "good")) for name, (_, said) in stored.looks.items()]
    looked = [({"probe": name}, at.timestamp()) for name, (at, _) in stored.looks.items()]
    beats = [({"name": name}, at.timestamp()) for name, at in stored.beats.items()]
    return [
        _gauge("midwatch_alerts_firing", "Alerts that fire.", stored.depth.firing),
        _gauge("midwatch_alerts_waiting", "Alerts not looked at yet.", stored.depth.waiting),
        Metric("midwatch_incidents", "gauge", "Incidents that are not resolved.", open_now),
        Metric("midwatch_messages", "gauge", "Messages by where they stand.", letters),
        _gauge("midwatch_messages_late", "Messages that should have moved.", stored.late),
        Metric("midwatch_heartbeat_timestamp_seconds", "gauge", "Signs of life.", beats),
        Metric("midwatch_probe_well", "gauge", "Whether the latest look was good.", well),
        Metric("midwatch_probe_timestamp_seconds", "gauge", "The latest look.", looked),
    ]


def _of_loops(watch: serving.Serving) -> list[Metric]:
    loops = (watch.engine, *watch.senders.values())
    return [
        Metric(
            "midwatch_loop_age_seconds",
            "gauge",
            "Since the loop last went well.",
            [({"loop": each.name}, each.age()) for each in loops],
        ),
        Metric(
            "midwatch_loop_seconds",
            "gauge",
            "How long the latest round took.",
            [({"loop": each.name}, each.seconds) for each in loops],
        ),
        Metric(
            "midwatch_loop_failures_total",
            "counter",
            "Rounds that failed.",
            [({"loop": each.name}, float(each.failures)) for each in loops],
        ),
    ]


def _gauge(name: str, told: str, value: float) -> Metric:
    return Metric(name, "gauge", told, [({}, float(value))])


def _counter(name: str, told: str, value: float) -> Metric:
    return Metric(name, "counter", told, [({}, float(value))])
