"""What the nouns of the watch look like in JSON."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, TypeAlias

from midwatch.alerts import intake, model, silences
from midwatch.app import watching
from midwatch.db import moments
from midwatch.incidents import events, outbox, record
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

Shape: TypeAlias = dict[str, Any]


def row(found: incidents.Row) -> Shape:
    """One line of the list."""
    return {
        "id": found.id,
        "title": found.title,
        "severity": found.severity,
        "urgency": found.urgency.value,
        "status": found.status.value,
        "opened_at": moments.write(found.opened_at),
        "acknowledged_at": moments.maybe(found.acknowledged_at),
        "acknowledged_by": found.acknowledged_by,
        "resolved_at": moments.maybe(found.resolved_at),
        "runbook": found.runbook,
        "procedure": found.procedure,
        "firing": found.firing,
        "alerts": found.alerts,
    }


def incident(found: watching.Shown) -> Shape:
    """Everything about one incident."""
    state, asked = found.state, dict(found.state.asked)
    return {
        **row(found.row),
        "group": state.group,
        "offered": list(state.offered),
        "assigned": state.assigned,
        "snoozed_until": moments.maybe(state.snoozed_until),
        "people": list(state.people),
        "roles": dict(state.roles),
        "tasks": [{"number": each[0], "text": each[1], "done": each[2]} for each in state.tasks],
        "runs": [
            {"run": run, "purpose": purpose, "outcome": outcome, "asks": asked.get(run)}
            for run, purpose, outcome in state.runs
        ],
        "timeline": [event(each) for each in found.timeline],
        "alert_list": [alert(each) for each in found.alerts],
        "messages": [letter(each) for each in found.messages],
    }


def event(found: events.Recorded) -> Shape:
    """One entry of a timeline."""
    return {
        "seq": found.seq,
        "at": moments.write(found.at),
        "kind": record.kind(found.event),
        **{key: _plain(value) for key, value in dataclasses.asdict(found.event).items()},
    }


def _plain(value: object) -> object:
    return moments.write(value) if isinstance(value, datetime.datetime) else value


def alert(found: model.Episode) -> Shape:
    """One alert, and what became of it."""
    return {
        "name": found.alert.name,
        "status": found.alert.status.value,
        "source": found.alert.source,
        "fingerprint": found.alert.fingerprint,
        "started_at": moments.write(found.alert.started_at),
        "received_at": moments.write(found.received_at),
        "ended_at": moments.maybe(found.alert.ended_at),
        "labels": dict(found.alert.labels),
        "annotations": dict(found.alert.annotations),
        "link": found.alert.link,
        "disposition": found.disposition.value,
        "reason": found.reason,
    }


def letter(found: outbox.Letter) -> Shape:
    """One message: its channel and its person; the address is nobody's business."""
    return {
        "id": found.id,
        "incident": found.incident,
        "person": found.person,
        "channel": found.channel,
        "kind": found.kind.value,
        "state": found.state.value,
        "created_at": moments.write(found.created_at),
        "due_at": moments.write(found.due_at),
        "sent_at": moments.maybe(found.sent_at),
        "attempts": found.attempts,
        "receipt": found.receipt,
        "reason": found.reason,
    }


def silence(found: silences.Silence) -> Shape:
    """One silence."""
    return {
        "id": found.id,
        "created_at": moments.write(found.created_at),
        "created_by": found.created_by,
        "reason": found.reason,
        "matchers": [str(each) for each in found.matchers],
        "starts_at": moments.write(found.starts_at),
        "ends_at": moments.write(found.ends_at),
    }


def turn(found: watching.Turn) -> Shape:
    """Whose turn it is on a schedule."""
    person = found.found.person if isinstance(found.found, directory.Reached) else None
    return {
        "schedule": found.schedule,
        "person": person.id if person else None,
        "name": person.name if person else None,
        "why": found.found.why,
    }


def refusal(found: intake.Refusal) -> Shape:
    """One message that was not taken in."""
    return {**dataclasses.asdict(found), "at": moments.write(found.at)}
