"""What people do to incidents: an act and the state in, the events that follow or a refusal out."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TypeAlias

from midwatch.incidents import events, model
from midwatch.incidents import state as states

LONGEST_SNOOZE = datetime.timedelta(hours=24)
LONGEST_NOTE = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Acknowledge:
    """Mine."""


@dataclasses.dataclass(frozen=True, slots=True)
class Assign:
    """It is somebody's now."""

    to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Snooze:
    """Not before then."""

    until: datetime.datetime
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class AddPerson:
    """Call somebody in."""

    person: str


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """Write something down."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class TakeRole:
    """Somebody has this role."""

    role: str
    person: str


@dataclasses.dataclass(frozen=True, slots=True)
class AddTask:
    """Something to do."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class FinishTask:
    """It is done."""

    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class SetSeverity:
    """It is worse, or better, than it looked."""

    severity: str
    urgency: model.Urgency


@dataclasses.dataclass(frozen=True, slots=True)
class Choose:
    """Of several procedures offered, this one."""

    runbook: str
    procedure: str
    title: str


@dataclasses.dataclass(frozen=True, slots=True)
class Resolve:
    """It is over, says a person; alerts that still fire must be waved through with `force`."""

    reason: str
    force: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Reopen:
    """It is not over."""

    reason: str


Act: TypeAlias = (
    Acknowledge
    | Assign
    | Snooze
    | AddPerson
    | Note
    | TakeRole
    | AddTask
    | FinishTask
    | SetSeverity
    | Choose
    | Resolve
    | Reopen
)


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be done, and why."""

    why: str


Followed: TypeAlias = tuple[events.Event, ...] | Refused
R = model.Status.RESOLVED


def follow(state: states.State, act: Act, by: str, now: datetime.datetime) -> Followed:
    """The events that an act makes; one that changes nothing makes none."""
    if isinstance(act, Reopen):
        return _reopen(state, act, by)
    if isinstance(act, Note):
        text = act.text.strip()
        if not text or len(text) > LONGEST_NOTE:
            return Refused(f"A note has 1 to {LONGEST_NOTE} characters.")
        return (events.Noted(by, text),)
    if state.status is R:
        return () if isinstance(act, Resolve) else Refused("It is resolved; reopen it first.")
    return _open(state, act, by, now)


def _open(  # noqa: C901  (one case for each act)
    state: states.State, act: Act, by: str, now: datetime.datetime
) -> Followed:
    match act:
        case Acknowledge():
            return () if state.acknowledged_by == by else (events.Acknowledged(by),)
        case Assign(to):
            return (events.Assigned(by, to), events.Acknowledged(to))
        case Snooze():
            return _snooze(act, by, now)
        case AddPerson(person):
            return (events.PersonAdded(by, person),)
        case TakeRole(role, person):
            return (events.RoleTaken(role, person),)
        case AddTask(text):
            return (events.TaskAdded(len(state.tasks) + 1, text, by),)
        case FinishTask(number):
            known = any(number == task[0] for task in state.tasks)
            return (events.TaskDone(number, by),) if known else Refused(f"No task {number} here.")
        case SetSeverity(severity, urgency):
            return (events.SeveritySet(severity, urgency.value, f"{by} says so"),)
        case Choose(runbook, procedure, title):
            return (events.Matched(runbook, procedure, title, f"chosen by {by}"),)
        case Resolve():
            return _resolve(state, act, by)
        case _:
            return Refused("That cannot be done to an open incident.")


def _snooze(act: Snooze, by: str, now: datetime.datetime) -> Followed:
    if not now < act.until <= now + LONGEST_SNOOZE:
        hours = LONGEST_SNOOZE.total_seconds() / 3600
        return Refused(f"A snooze ends in the future, within {hours:g} hours.")
    return (events.Acknowledged(by), events.Snoozed(by, act.until, act.reason))


def _resolve(state: states.State, act: Resolve, by: str) -> Followed:
    if state.firing and not act.force:
        count = "one alert of it fires" if state.firing == 1 else f"{state.firing} alerts fire"
        return Refused(
            f"Not yet: {count} still. Force it if you know better, and say why (--force -m WHY)."
        )
    if state.firing and not act.reason.strip():
        return Refused("Alerts fire still: say why it is over.")
    return (events.Resolved(by, act.reason.strip() or "a person says so"),)


def _reopen(state: states.State, act: Reopen, by: str) -> Followed:
    if state.status is not R:
        return Refused("It is open.")
    return (events.Reopened(by, act.reason.strip() or "it was not over"),)
