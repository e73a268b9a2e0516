"""Incidents on disk: the timeline is the truth, and one row beside it is for lists and timers."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from midwatch.base import errors
from midwatch.db import moments, named, store
from midwatch.incidents import events, messages, model, record
from midwatch.incidents import state as states

QUERIES = named.load(Path(__file__).with_name("store.sql"))


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One incident in a list."""

    id: str
    title: str
    severity: str
    urgency: model.Urgency
    status: model.Status
    opened_at: datetime.datetime
    acknowledged_at: datetime.datetime | None
    acknowledged_by: str
    resolved_at: datetime.datetime | None
    runbook: str
    procedure: str
    firing: int
    alerts: int


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What a decision adds to an incident, to be written in one transaction."""

    state: states.State
    """After all of it."""
    recorded: tuple[events.Recorded, ...]


def changed(state: states.State, at: datetime.datetime, happened: Sequence[events.Event]) -> Change:
    """The state after these events, and the events in their places."""
    recorded = tuple(
        events.Recorded(state.seq + number, at, event)
        for number, event in enumerate(happened, start=1)
    )
    return Change(states.fold(recorded, state), recorded)


def timeline(where: store.Store, incident: str, since: int = -1) -> list[events.Recorded]:
    """Everything that happened to it, in order; or what did after one of its events."""
    values = {"id": incident, "since": since}
    return [
        events.Recorded(seq, moments.read(at), record.read(kind, payload))
        for seq, at, kind, payload in where.rows(QUERIES["timeline"], values)
    ]


def load(where: store.Store, incident: str) -> states.State:
    """Where it stands; events are only ever added, so what was read before is not read again."""
    name = f"incident/{incident}"
    before: states.State | None = where.memory.recall(name)
    if before is None:
        state = states.fold(timeline(where, incident))
    else:
        state = states.fold(timeline(where, incident, before.seq), before)
    where.memory.keep(name, state)
    return state


def opening(
    incident: str, change: Change, next_at: datetime.datetime | None
) -> list[store.Statement]:
    """Write a new incident; the key on its group lets only one be open."""
    row = _row(incident, change.state, next_at) | {
        "group_key": change.state.group,
        "opened_at": moments.write(change.recorded[0].at),
    }
    return [(QUERIES["open"], row), *_appended(incident, change)]


def writing(
    incident: str, change: Change, next_at: datetime.datetime | None
) -> list[store.Statement]:
    """Add to an incident; of two who do so at once one is told that it lost."""
    row = _row(incident, change.state, next_at)
    return [*_appended(incident, change), (QUERIES["update"], row)]


def _appended(incident: str, change: Change) -> list[store.Statement]:
    rows = [
        {
            "id": incident,
            "seq": each.seq,
            "at": moments.write(each.at),
            "kind": record.kind(each.event),
            "payload": record.write(each.event),
        }
        for each in change.recorded
    ]
    return [(QUERIES["append"], rows)]


def _row(incident: str, state: states.State, next_at: datetime.datetime | None) -> dict[str, Any]:
    return {
        "id": incident,
        "title": state.title,
        "severity": state.severity,
        "urgency": state.urgency.value,
        "status": state.status.value,
        "acknowledged_at": moments.maybe(state.acknowledged_at),
        "acknowledged_by": state.acknowledged_by,
        "resolved_at": moments.maybe(state.resolved_at),
        "runbook": state.runbook,
        "procedure": state.procedure,
        "firing": state.firing,
        "alerts": state.alerts,
        "seq": state.seq,
        "next_at": moments.maybe(next_at),
    }


def sending(wanted: Sequence[messages.Message], now: datetime.datetime) -> list[store.Statement]:
    """Put messages into the outbox, in the transaction of the decision that they follow from."""
    rows = [
        {
            **dataclasses.asdict(each),
            "kind": each.kind.value,
            "body": json.dumps(each.body, ensure_ascii=False),
            "created_at": moments.write(now),
            "due_at": moments.write(each.due_at),
        }
        for each in wanted
    ]
    return [(QUERIES["send"], rows)] if rows else []


def taking_back(incident: str, reason: str) -> store.Statement:
    """Take back the pages that have not gone out yet."""
    return (QUERIES["cancel pages"], {"id": incident, "reason": reason})


def due(where: store.Store, now: datetime.datetime, limit: int) -> list[str]:
    """The incidents whose time has come."""
    values = {"now": moments.write(now), "limit": limit}
    return [row[0] for row in where.rows(QUERIES["due"], values)]


def newest(where: store.Store) -> datetime.datetime | None:
    """When the latest thing happened to any incident."""
    return moments.read_maybe(where.rows(QUERIES["newest"])[0][0])


def looking_again(now: datetime.datetime) -> store.Statement:
    """Look at every open incident now, whatever its timer says."""
    return (QUERIES["look again"], {"now": moments.write(now)})


def of_group(where: store.Store, group: str) -> str | None:
    """The open incident of the group."""
    rows = where.rows(QUERIES["of group"], {"group_key": group})
    return str(rows[0][0]) if rows else None


def opened_since(where: store.Store, since: datetime.datetime) -> int:
    """How many incidents were opened since then."""
    return int(where.rows(QUERIES["opened since"], {"since": moments.write(since)})[0][0])


def find(where: store.Store, text: str) -> str:
    """The incident of that id, or whose id ends so."""
    values = {"id": text, "like": f"%{text}" if text.strip("%_") else "-"}
    rows = [row[0] for row in where.rows(QUERIES["find"], values)]
    if text in rows or len(rows) == 1:
        return text if text in rows else str(rows[0])
    if not rows:
        raise errors.UserError(f"There is no incident {text}.", "`midwatch incidents` lists them.")
    raise errors.UserError(f"“{text}” may be {' or '.join(rows)}.", "Give more of the id.")


def listed(where: store.Store, *, everything: bool, limit: int, offset: int = 0) -> list[Row]:
    """The incidents, the newest first."""
    values = {"all": int(everything), "limit": limit, "offset": offset}
    return [listed_row(*row) for row in where.rows(QUERIES["list"], values)]


def listed_row(*row: Any) -> Row:  # noqa: ANN401  (columns of the query)
    """One line of a list, from the columns of the query."""
    return Row(
        id=row[0],
        title=row[1],
        severity=row[2],
        urgency=model.Urgency(row[3]),
        status=model.Status(row[4]),
        opened_at=moments.read(row[5]),
        acknowledged_at=moments.read_maybe(row[6]),
        acknowledged_by=row[7] or "",
        resolved_at=moments.read_maybe(row[8]),
        runbook=row[9],
        procedure=row[10],
        firing=row[11],
        alerts=row[12],
    )
