"""Where an incident stands: its timeline, folded."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

from midwatch.incidents import events, model

OURSELVES = "midwatch"
"""What Midwatch notes by itself shows no person at work."""


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """Everything the next decision needs."""

    seq: int = -1
    title: str = ""
    severity: str = ""
    urgency: model.Urgency = model.Urgency.PAGE
    group: str = ""
    status: model.Status = model.Status.OPEN
    opened_at: datetime.datetime | None = None
    firing: int = 0
    alerts: int = 0
    recovered_at: datetime.datetime | None = None
    """Since when nothing fires any more."""
    runbook: str = ""
    procedure: str = ""
    offered: tuple[str, ...] = ()
    round_started: datetime.datetime | None = None
    round: int = 0
    level: int = -1
    """The level of the escalation that was told last; -1 before the first."""
    level_at: datetime.datetime | None = None
    reached: bool = True
    """Whether that level had anybody to tell; where not, the next one is due at once."""
    unreached: bool = False
    """Whether somebody of that level could not be reached by any way."""
    paged: tuple[str, ...] = ()
    """Whom the levels of this round have told so far."""
    acknowledged_at: datetime.datetime | None = None
    acknowledged_by: str = ""
    assigned: str = ""
    active_at: datetime.datetime | None = None
    """When a person last did something about it."""
    reminders: int = 0
    reminded_at: datetime.datetime | None = None
    snoozed_until: datetime.datetime | None = None
    people: tuple[str, ...] = ()
    """Everybody who was told or called in."""
    roles: tuple[tuple[str, str], ...] = ()
    tasks: tuple[tuple[int, str, bool], ...] = ()
    runs: tuple[tuple[str, str, str], ...] = ()
    """Run, purpose, and outcome; the outcome is empty while it goes on."""
    asked: tuple[tuple[str, str], ...] = ()
    """Run and question, of each run that asked something and is not over."""
    resolved_at: datetime.datetime | None = None
    resolved_by: str = ""


def fold(recorded: Iterable[events.Recorded], before: State | None = None) -> State:
    """Where the incident stands after all of that."""
    state = before or State()
    for each in recorded:
        state = after(state, each)
    return state


def after(state: State, recorded: events.Recorded) -> State:
    """Where it stands after one more event."""
    event, at = recorded.event, recorded.at
    state = dataclasses.replace(state, seq=recorded.seq)
    match event:
        case events.Opened() | events.Resolved() | events.Reopened():
            return _life(state, event, at)
        case events.AlertsJoined() | events.AlertsRecovered():
            return _alerts(state, event, at)
        case events.Paged() | events.Unreached() | events.Reminded() | events.Unacknowledged():
            return _escalation(state, event, at)
        case events.Acknowledged() | events.Assigned() | events.Snoozed() | events.Woken():
            return _people(state, event, at)
        case _:
            return _work(state, event, at)


def _life(
    state: State, event: events.Opened | events.Resolved | events.Reopened, at: datetime.datetime
) -> State:
    match event:
        case events.Opened():
            return dataclasses.replace(
                state,
                title=event.title,
                severity=event.severity,
                urgency=_urgency(event.urgency),
                group=event.group,
                opened_at=at,
                round_started=at,
            )
        case events.Resolved():
            return dataclasses.replace(
                state, status=model.Status.RESOLVED, resolved_at=at, resolved_by=event.by
            )
        case events.Reopened():
            return dataclasses.replace(
                _fresh_round(state, at), recovered_at=None, resolved_at=None, resolved_by=""
            )


def _alerts(
    state: State, event: events.AlertsJoined | events.AlertsRecovered, at: datetime.datetime
) -> State:
    if isinstance(event, events.AlertsJoined):
        return dataclasses.replace(
            state, alerts=state.alerts + event.count, firing=event.firing, recovered_at=None
        )
    over = at if event.firing == 0 else None
    return dataclasses.replace(state, firing=event.firing, recovered_at=over)


def _escalation(
    state: State,
    event: events.Paged | events.Unreached | events.Reminded | events.Unacknowledged,
    at: datetime.datetime,
) -> State:
    match event:
        case events.Paged():
            people = tuple(dict.fromkeys((*state.people, *event.people)))
            before = state.paged if event.round == state.round else ()
            return dataclasses.replace(
                state,
                level=event.level,
                round=event.round,
                level_at=at,
                reached=bool(event.people),
                unreached=False,
                people=people,
                paged=tuple(dict.fromkeys((*before, *event.people))),
                round_started=state.round_started if event.round == state.round else at,
            )
        case events.Unreached():
            return dataclasses.replace(state, reached=False, unreached=True)
        case events.Reminded():
            return dataclasses.replace(state, reminders=event.times, reminded_at=at)
        case events.Unacknowledged():
            return _fresh_round(state, at)


def _fresh_round(state: State, at: datetime.datetime) -> State:
    return dataclasses.replace(
        state,
        status=model.Status.OPEN,
        round_started=at,
        round=0,
        level=-1,
        level_at=None,
        unreached=False,
        paged=(),
        acknowledged_at=None,
        acknowledged_by="",
        reminders=0,
        reminded_at=None,
        snoozed_until=None,
    )


def _people(
    state: State,
    event: events.Acknowledged | events.Assigned | events.Snoozed | events.Woken,
    at: datetime.datetime,
) -> State:
    match event:
        case events.Acknowledged():
            return dataclasses.replace(
                state,
                status=model.Status.ACKNOWLEDGED,
                acknowledged_at=at,
                acknowledged_by=event.by,
                active_at=at,
                reminders=0,
                snoozed_until=None,
            )
        case events.Assigned():
            return dataclasses.replace(state, assigned=event.to, active_at=at)
        case events.Snoozed():
            return dataclasses.replace(state, snoozed_until=event.until, active_at=at)
        case events.Woken():
            return _fresh_round(state, at)


def _work(state: State, event: events.Event, at: datetime.datetime) -> State:
    match event:
        case events.Matched():
            return dataclasses.replace(
                state,
                runbook=event.runbook,
                procedure=event.procedure,
                offered=event.offered,
            )
        case events.SeveritySet():
            return _urgent(state, event, at)
        case events.PersonAdded():
            people = tuple(dict.fromkeys((*state.people, event.person)))
            return dataclasses.replace(state, people=people, active_at=at)
        case events.Noted():
            by_us = event.by == OURSELVES
            return state if by_us else dataclasses.replace(state, active_at=at, reminders=0)
        case events.RoleTaken():
            roles = {**dict(state.roles), event.role: event.person}
            return dataclasses.replace(state, roles=tuple(roles.items()), active_at=at)
        case _:
            return _tasks_and_runs(state, event, at)


def _urgent(state: State, event: events.SeveritySet, at: datetime.datetime) -> State:
    """What pages from now on begins with the first level now, not with all that were due since."""
    urgency = _urgency(event.urgency)
    worse = state.urgency is model.Urgency.RECORD and urgency is model.Urgency.PAGE
    began = at if worse and state.level < 0 else state.round_started
    return dataclasses.replace(state, severity=event.severity, urgency=urgency, round_started=began)


def _urgency(word: str) -> model.Urgency:
    """A word that this Midwatch does not know pages, as any other word does."""
    quiet = word == model.Urgency.RECORD.value
    return model.Urgency.RECORD if quiet else model.Urgency.PAGE


def _tasks_and_runs(state: State, event: events.Event, at: datetime.datetime) -> State:
    match event:
        case events.TaskAdded():
            task = (event.number, event.text, False)
            return dataclasses.replace(state, tasks=(*state.tasks, task))
        case events.TaskDone():
            tasks = tuple(
                (number, text, done or number == event.number) for number, text, done in state.tasks
            )
            return dataclasses.replace(state, tasks=tasks, active_at=at)
        case events.RunStarted():
            run = (event.run, event.purpose, "")
            return dataclasses.replace(state, runs=(*state.runs, run))
        case events.RemediationFailed():
            return dataclasses.replace(state, reached=False)
        case events.RunWaits():
            asked = {**dict(state.asked), event.run: event.question}
            return dataclasses.replace(state, asked=tuple(asked.items()))
        case events.RunEnded():
            runs = tuple(
                (run, purpose, event.outcome if run == event.run else outcome)
                for run, purpose, outcome in state.runs
            )
            asked = {run: told for run, told in state.asked if run != event.run}
            return dataclasses.replace(state, runs=runs, asked=tuple(asked.items()))
        case _:
            return state
