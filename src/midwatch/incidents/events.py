"""What can happen to an incident; its timeline is nothing but these, in order.

Every field is plain (text, numbers, tuples of text, moments), so that an event written today reads
the same in ten years.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import TypeAlias


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """The first alert arrived."""

    title: str
    severity: str
    urgency: str
    group: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class AlertsJoined:
    """More alerts of the same group fire."""

    count: int
    firing: int
    names: tuple[str, ...]
    flapping: bool = False
    """They start and stop so often that they page nobody again."""


@dataclasses.dataclass(frozen=True, slots=True)
class AlertsRecovered:
    """Alerts ended, as their source says; at `firing` 0 the all-clear begins to count."""

    count: int
    firing: int
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Matched:
    """The procedure for it was found, or several that a person chooses from."""

    runbook: str
    procedure: str
    title: str
    why: str
    offered: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class SeveritySet:
    """How bad it is, and who or what says so."""

    severity: str
    urgency: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Paged:
    """A level of the escalation was told."""

    level: int
    round: int
    people: tuple[str, ...]
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class NotPaged:
    """Somebody who could have been told was not, and why."""

    who: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Unreached:
    """No message reached somebody who was told: the next level is due at once."""

    who: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody said "mine": the escalation stops."""

    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class Unacknowledged:
    """It was acknowledged and forgotten, or given back: the escalation begins again."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reminded:
    """Whoever acknowledged it was asked whether it is still theirs."""

    who: str
    times: int


@dataclasses.dataclass(frozen=True, slots=True)
class Assigned:
    """It is somebody's now."""

    by: str
    to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Snoozed:
    """Not before then."""

    by: str
    until: datetime.datetime
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Woken:
    """The snooze is over."""

    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class PersonAdded:
    """Somebody else was called in."""

    by: str
    person: str


@dataclasses.dataclass(frozen=True, slots=True)
class Noted:
    """Somebody wrote something down."""

    by: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class RoleTaken:
    """Somebody has a role: commander, scribe, communication."""

    role: str
    person: str


@dataclasses.dataclass(frozen=True, slots=True)
class TaskAdded:
    """Something to do, from a check list or from a person."""

    number: int
    text: str
    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class TaskDone:
    """It is done."""

    number: int
    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class RunStarted:
    """A run was started for it: `diagnosis`, `remediation`, or by a `person`."""

    run: str
    purpose: str
    procedure: str
    by: str


@dataclasses.dataclass(frozen=True, slots=True)
class RunWaits:
    """A run of it asks a person something; nothing else waits for the answer."""

    run: str
    purpose: str
    asks: str
    """The kind of question: `approve`, `tick` …; empty where it takes a terminal."""
    question: str
    text: str
    """The exact words that wait."""
    command: str
    """What somebody at a terminal types."""
    said: tuple[str, ...] = ()
    """Who has said yes, where one yes is not enough."""


@dataclasses.dataclass(frozen=True, slots=True)
class RunEnded:
    """How it ended, and what it showed, shortened."""

    run: str
    purpose: str
    outcome: str
    shown: str


@dataclasses.dataclass(frozen=True, slots=True)
class RemediationRefused:
    """Policy says that Midwatch does not act by itself here."""

    procedure: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class RemediationFailed:
    """It did not heal: the next level is due at once."""

    run: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """It is over: a verified recovery, or a person."""

    by: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reopened:
    """It was not over."""

    by: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Unread:
    """Something happened that this Midwatch cannot read: a newer one wrote it, or it is damaged."""

    name: str


Event: TypeAlias = (
    Opened
    | Unread
    | AlertsJoined
    | AlertsRecovered
    | Matched
    | SeveritySet
    | Paged
    | NotPaged
    | Unreached
    | Acknowledged
    | Unacknowledged
    | Reminded
    | Assigned
    | Snoozed
    | Woken
    | PersonAdded
    | Noted
    | RoleTaken
    | TaskAdded
    | TaskDone
    | RunStarted
    | RunWaits
    | RunEnded
    | RemediationRefused
    | RemediationFailed
    | Resolved
    | Reopened
)


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """An event in its place on the timeline."""

    seq: int
    at: datetime.datetime
    event: Event
