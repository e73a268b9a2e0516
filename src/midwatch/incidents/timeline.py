"""The timeline of an incident: what happened and what was sent, in order, in plain sentences."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Sequence
from typing import TypeVar

from midwatch.base import counted
from midwatch.incidents import events, messages, outbox

TOGETHER = datetime.timedelta(minutes=1)
NAMED = 5
Alerts = TypeVar("Alerts", events.AlertsJoined, events.AlertsRecovered)
PERSON = "person"
"""The purpose of a run that somebody began at a terminal."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: datetime.datetime
    kind: str
    """alert, page, person, run, decision, message: for a mark or a colour."""
    text: str
    detail: str = ""
    """What does not fit on a line: the output of a diagnosis, a note."""


def entries(
    recorded: Sequence[events.Recorded], letters: Sequence[outbox.Letter] = ()
) -> list[Entry]:
    """Everything that happened and everything that was sent, the oldest first."""
    found = [entry(each) for each in _together(recorded)]
    found += [_letter(each) for each in letters]
    return sorted(found, key=lambda each: each.at)


def _together(recorded: Sequence[events.Recorded]) -> Iterator[events.Recorded]:
    """What fires, or recovers, within one minute is one line: a storm can be read."""
    last: events.Recorded | None = None
    for each in recorded:
        both = _merged(last, each) if last is not None else None
        if last is not None and both is None:
            yield last
        last = both or each
    if last is not None:
        yield last


def _merged(one: events.Recorded, other: events.Recorded) -> events.Recorded | None:
    """Both as one; None where they do not belong together."""
    first, then = one.event, other.event
    if other.at - one.at > TOGETHER:
        return None
    match first, then:
        case (events.AlertsJoined(), events.AlertsJoined()):
            noise = first.flapping or then.flapping
            both = dataclasses.replace(_sum(first, then), flapping=noise)
        case (events.AlertsRecovered(), events.AlertsRecovered()):
            return dataclasses.replace(one, event=_sum(first, then))
        case _:
            return None
    return dataclasses.replace(one, event=both)


def _sum(first: Alerts, then: Alerts) -> Alerts:
    names = tuple(dict.fromkeys((*first.names, *then.names)))[:NAMED]
    count = first.count + then.count
    return dataclasses.replace(first, count=count, firing=then.firing, names=names)


def entry(recorded: events.Recorded) -> Entry:
    """One event as a line."""
    event, at = recorded.event, recorded.at
    match event:
        case events.Opened() | events.AlertsJoined() | events.AlertsRecovered() | events.Matched():
            return _of_alerts(event, at)
        case events.Paged() | events.NotPaged() | events.Unreached() | events.Reminded():
            return _of_pages(event, at)
        case (
            events.RunStarted()
            | events.RunWaits()
            | events.RunEnded()
            | events.RemediationRefused()
            | events.RemediationFailed()
        ):
            return _of_runs(event, at)
        case (
            events.Acknowledged()
            | events.Unacknowledged()
            | events.Resolved()
            | events.Reopened()
            | events.Snoozed()
            | events.Woken()
        ):
            return _of_life(event, at)
        case _:
            return _of_work(event, at)


def _of_alerts(
    event: events.Opened | events.AlertsJoined | events.AlertsRecovered | events.Matched,
    at: datetime.datetime,
) -> Entry:
    match event:
        case events.Opened():
            severity = f", {event.severity}" if event.severity else ""
            return Entry(at, "alert", f"opened: {event.title}{severity} ({event.why})")
        case events.AlertsJoined():
            what = _alerts(event.count, event.names)
            noise = "; they flap" if event.flapping else ""
            return Entry(at, "alert", f"{what} fired ({event.firing} firing now{noise})")
        case events.AlertsRecovered():
            what = _alerts(event.count, event.names)
            return Entry(at, "alert", f"{what} recovered ({event.firing} firing now)")
        case events.Matched():
            return Entry(at, "decision", _matched(event))


def _matched(event: events.Matched) -> str:
    if event.procedure:
        return f"procedure: {event.runbook}#{event.procedure} ({event.why})"
    if event.offered:
        return f"procedures that may be meant: {', '.join(event.offered)} ({event.why})"
    return f"no procedure: {event.why}"


def _alerts(count: int, names: Sequence[str]) -> str:
    number = "1 alert" if count == 1 else f"{count} alerts"
    more = ", …" if count > len(names) >= NAMED else ""
    return f"{number} ({', '.join(names)}{more})"


def _of_pages(
    event: events.Paged | events.NotPaged | events.Unreached | events.Reminded,
    at: datetime.datetime,
) -> Entry:
    match event:
        case events.Paged():
            people = ", ".join(event.people) or "nobody could be"
            return Entry(at, "page", f"{people} paged: {event.why}")
        case events.NotPaged():
            return Entry(at, "page", f"{event.who} not paged: {event.why}")
        case events.Unreached():
            return Entry(at, "page", f"nothing reached {event.who}: {event.why}")
        case events.Reminded():
            return Entry(at, "page", f"{event.who} asked whether it is still theirs")


def _of_runs(
    event: events.RunStarted
    | events.RunWaits
    | events.RunEnded
    | events.RemediationRefused
    | events.RemediationFailed,
    at: datetime.datetime,
) -> Entry:
    match event:
        case events.RunStarted():
            whose = f"run {event.run} by {event.by}"
            what = whose if event.purpose == PERSON else f"{event.purpose} {event.run}"
            return Entry(at, "run", f"{what} began: {event.procedure}")
        case events.RunWaits():
            text = f"{event.purpose} {event.run} waits for an answer: {event.question}"
            return Entry(at, "run", text, f"{event.text.strip()}\n$ {event.command}".lstrip())
        case events.RunEnded():
            what = "run" if event.purpose == PERSON else event.purpose
            text = f"{what} {event.run} ended: {event.outcome}"
            return Entry(at, "run", text, event.shown)
        case events.RemediationRefused():
            return Entry(at, "decision", f"{event.procedure} not carried out: {event.why}")
        case events.RemediationFailed():
            return Entry(at, "run", f"remediation {event.run} did not heal: {event.why}")


def _of_life(
    event: events.Acknowledged
    | events.Unacknowledged
    | events.Resolved
    | events.Reopened
    | events.Snoozed
    | events.Woken,
    at: datetime.datetime,
) -> Entry:
    match event:
        case events.Acknowledged():
            return Entry(at, "person", f"{event.by} acknowledged it")
        case events.Unacknowledged():
            return Entry(at, "decision", f"it is nobody's again: {event.why}")
        case events.Resolved():
            return Entry(at, "person", f"resolved by {event.by}: {event.why}")
        case events.Reopened():
            return Entry(at, "person", f"reopened by {event.by}: {event.why}")
        case events.Snoozed():
            until = f"{event.until:%Y-%m-%d %H:%M} UTC"
            return Entry(at, "person", f"{event.by} snoozed it until {until}: {event.reason}")
        case events.Woken():
            return Entry(at, "decision", f"the snooze ended: {event.why}")


def _of_work(event: events.Event, at: datetime.datetime) -> Entry:
    match event:
        case events.Noted():
            first, _, rest = event.text.partition("\n")
            return Entry(at, "person", f"{event.by}: {first}", rest)
        case events.Assigned():
            return Entry(at, "person", f"{event.by} gave it to {event.to}")
        case events.PersonAdded():
            return Entry(at, "person", f"{event.by} called {event.person} in")
        case events.RoleTaken():
            return Entry(at, "person", f"{event.person} is {event.role}")
        case events.SeveritySet():
            return Entry(at, "person", f"severity {event.severity}: {event.why}")
        case events.TaskAdded():
            return Entry(at, "person", f"task {event.number} of {event.by}: {event.text}")
        case events.TaskDone():
            return Entry(at, "person", f"task {event.number} done by {event.by}")
        case events.Unread():
            text = f"something that this Midwatch cannot read ({event.name})"
            return Entry(at, "decision", text)
        case _:
            return Entry(at, "decision", type(event).__name__)


def _letter(letter: outbox.Letter) -> Entry:
    what = f"{letter.kind.value} to {letter.person} by {letter.channel}"
    match letter.state:
        case messages.Delivery.SENT:
            receipt = f" ({letter.receipt})" if letter.receipt else ""
            return Entry(letter.sent_at or letter.due_at, "message", f"{what}: taken{receipt}")
        case messages.Delivery.CANCELLED:
            return Entry(letter.due_at, "message", f"{what}: not sent, {letter.reason}")
        case messages.Delivery.DEAD:
            tries = counted.of(letter.attempts, "try", "tries")
            text = f"{what}: given up after {tries}, {letter.reason}"
            return Entry(letter.due_at, "message", text)
        case messages.Delivery.SENDING:
            return Entry(letter.due_at, "message", f"{what}: on its way")
        case _:
            why = f", {letter.reason}" if letter.reason else ""
            when = "to be tried again" if letter.attempts else "due"
            return Entry(letter.due_at, "message", f"{what}: {when}{why}")
