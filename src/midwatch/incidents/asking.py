"""Runs of incidents that wait for a person: on record from the question to its answer or its end.

An order whose run waits is `asking`; nothing of the incident waits for it.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.db import moments, named, store
from midwatch.incidents import events, orders

QUERIES = named.load(Path(__file__).with_name("asking.sql"))
STATE = "asking"
BEFORE, AFTER = datetime.timedelta(minutes=1), datetime.timedelta(minutes=10)
"""How far from a run's beginning its incident hears of it."""
FAILURES = frozenset({"", "failure", "doubt"})
"""Questions that come of something that went wrong: to wait for their answer heals nothing."""


def is_failure(event: events.RunWaits) -> bool:
    """Whether the run stands because something went wrong, or because it takes a terminal."""
    return event.asks in FAILURES


def asking(order: orders.Order, now: datetime.datetime) -> store.Statement:
    """The run waits for a person since then."""
    return (QUERIES["asking"], {"id": order.id, "now": moments.write(now)})


def unanswered(where: store.Store, limit: datetime.datetime) -> list[orders.Order]:
    """The orders whose runs have waited since before that, of which nobody was told again."""
    rows = where.rows(QUERIES["unanswered"], {"limit": moments.write(limit)})
    return [orders.read(*row) for row in rows]


def left(order: orders.Order) -> store.Statement:
    """Nobody answered in time: what came of it is told; the run waits on."""
    healed = 0 if order.purpose is orders.Purpose.REMEDIATION else None
    return (QUERIES["left"], {"id": order.id, "healed": healed})


def going_on(where: store.Store) -> list[str]:
    """The runs that waited when they were last heard of."""
    return [row[0] for row in where.rows(QUERIES["going on"])]


def in_vain(where: store.Store, *, paused: bool) -> list[str]:
    """The runs that waited, and whose incident is over; all of them where somebody paused that."""
    return [row[0] for row in where.rows(QUERIES["in vain"], {"paused": int(paused)})]


def incident_of(where: store.Store, run: str, began: datetime.datetime) -> str:
    """The incident that a run belongs to; nothing where there is none."""
    rows = where.rows(QUERIES["incident of run"], {"run_id": run})
    rows = rows or where.rows(
        QUERIES["incident of person"],
        {
            "since": moments.write(began - BEFORE),
            "until": moments.write(began + AFTER),
            "like": f'{{"run": "{run}",%',
        },
    )
    return str(rows[0][0]) if rows else ""
