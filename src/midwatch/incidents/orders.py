"""Runs that incidents ask for, on disk until they have been started and have ended.

An order is written with the decision that it follows from, so that a crash loses none. A run is
started under the order's key: after a crash the journal tells whether that had happened.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midwatch.db import moments, named, store
from midwatch.incidents import remediation

QUERIES = named.load(Path(__file__).with_name("orders.sql"))
DAY = datetime.timedelta(days=1)
STARTED = "started"
"""The run is on disk, and nobody has heard of its end."""
LAST = 2**62
"""No order has a number like that."""


class Purpose(enum.StrEnum):
    """What a run is for."""

    DIAGNOSIS = "diagnosis"
    """Reads, so that their results are there when the person opens the incident."""
    REMEDIATION = "remediation"
    PERIODIC = "periodic"
    """A regular task that a team lets Midwatch carry out."""
    PROBE = "probe"
    """A look: reads that say whether all is well. It belongs to no incident."""


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """A run that an incident asks for."""

    key: str
    incident: str
    purpose: Purpose
    address: str
    """RUNBOOK#PROCEDURE."""
    target: str
    inputs: Mapping[str, str]
    created_at: datetime.datetime
    id: int = 0
    state: str = "waiting"
    run: str = ""


def ordering(order: Order) -> store.Statement:
    """Ask for a run."""
    values = {
        "key": order.key,
        "incident": order.incident,
        "purpose": order.purpose.value,
        "address": order.address,
        "target": order.target,
        "inputs": json.dumps(dict(order.inputs), ensure_ascii=False),
        "created_at": moments.write(order.created_at),
    }
    return (QUERIES["order"], values)


def waiting(where: store.Store, limit: int) -> list[Order]:
    """The orders that were not started, or of which nobody knows whether they were."""
    return [read(*row) for row in where.rows(QUERIES["waiting"], {"limit": limit})]


def of_run(where: store.Store, run: str) -> Order | None:
    """The order that a run follows."""
    rows = where.rows(QUERIES["of run"], {"run_id": run})
    return read(*rows[0]) if rows else None


def read(*row: Any) -> Order:  # noqa: ANN401  (columns of the query)
    """The order of a row: its columns from `id` to `created_at`, as they stand in orders.sql."""
    return Order(
        id=row[0],
        key=row[1],
        incident=row[2],
        purpose=Purpose(row[3]),
        address=row[4],
        target=row[5],
        inputs=json.loads(row[6]),
        state=row[7],
        run=row[8],
        created_at=moments.read(row[9]),
    )


def started(order: Order, run: str) -> store.Statement:
    """The run is on disk."""
    return (QUERIES["started"], {"id": order.id, "run_id": run})


def ended(
    order: Order, outcome: str, now: datetime.datetime, *, healed: bool | None = None
) -> store.Statement:
    """The run is over, or was not started; whether it healed is told by the alerts."""
    values = {
        "id": order.id,
        "outcome": outcome,
        "now": moments.write(now),
        "healed": None if healed is None else int(healed),
    }
    return (QUERIES["ended"], values)


def going_on(where: store.Store) -> list[str]:
    """The runs that were started and of whose end nothing is known."""
    return [row[0] for row in where.rows(QUERIES["going on"])]


def changing(where: store.Store) -> list[str]:
    """The runs that may change something and go on now."""
    return [row[0] for row in where.rows(QUERIES["changing"])]


def before(where: store.Store, order: Order, now: datetime.datetime) -> list[remediation.Before]:
    """What was carried out by the same procedure within a day, or was asked for before this."""
    asked = order.purpose is Purpose.REMEDIATION and order.id
    values = {
        "address": order.address,
        "since": moments.write(now - DAY),
        "until": order.id if asked else LAST,
    }
    return [
        remediation.Before(moments.read(at), group, None if healed is None else bool(healed))
        for at, group, healed, _ in where.rows(QUERIES["before"], values)
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Unverified:
    """A remediation that ran well; whether the alert agrees is not known yet."""

    id: int
    incident: str
    run: str
    ended_at: datetime.datetime
    firing: int


def unverified(where: store.Store, limit: int) -> list[Unverified]:
    """The remediations that wait for the alert's own verdict."""
    return [
        Unverified(row[0], row[1], row[2], moments.read(row[3]), row[4])
        for row in where.rows(QUERIES["unverified"], {"limit": limit})
    ]


def verified(each: Unverified, *, healed: bool) -> store.Statement:
    """The alert's verdict."""
    return (QUERIES["verified"], {"id": each.id, "healed": int(healed)})
